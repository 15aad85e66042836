//! Grids that a person has edited.

use crate::error::DatasetError;
use crate::recipe::bad;
use adm_audio::{Grid, GridMethod};
use std::collections::BTreeMap;
use std::path::Path;

/// Grids read from files, by the recordings that they are for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grids {
    /// The grid of the one recording.
    one: Option<Grid>,
    /// Grids by the name of their recording without its extension.
    named: BTreeMap<String, Grid>,
    hash: u64,
}

impl Grids {
    /// Reads a grid file, or all of a folder: there `SET.json` is the grid of `SET.wav`, of `SET.mp3` and so on.
    ///
    /// # Errors
    /// What cannot be read, is no usable grid, or a folder without any.
    pub fn load(path: &Path) -> Result<Self, DatasetError> {
        let mut hasher = blake3::Hasher::new();
        let mut grids = Self::default();
        if path.is_dir() {
            for (name, file) in files(path)? {
                grids.named.insert(name.clone(), read(&file, &mut hasher)?);
                hasher.update(name.as_bytes());
            }
        } else {
            grids.one = Some(read(path, &mut hasher)?);
        }
        if grids.one.is_none() && grids.named.is_empty() {
            let (expected, hint) = ("a grid file or a folder with some", "adm grid INPUT -o GRID.json");
            return Err(bad("the grid", expected, format!("{}, which has none", path.display()), hint));
        }
        let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
        Ok(Self { hash: u64::from_be_bytes([a, b, c, d, e, f, g, h]), ..grids })
    }

    /// Hash of all that was read, names included.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The grid of a recording, if there is one.
    pub(super) fn of(&self, recording: &Path) -> Option<&Grid> {
        let named = || self.named.get(recording.file_stem()?.to_str()?);
        self.one.as_ref().or_else(named)
    }

    /// A single grid is for a single recording.
    pub(super) fn check(&self, recordings: usize) -> Result<(), DatasetError> {
        if self.one.is_none() || recordings <= 1 {
            return Ok(());
        }
        let hint = "give a folder in which SET.json is the grid of SET.wav";
        Err(bad("the recordings of one grid file", "one", recordings, hint))
    }
}

/// The grid files of a folder by the names of their recordings, in their order.
fn files(folder: &Path) -> Result<BTreeMap<String, std::path::PathBuf>, DatasetError> {
    let mut files = BTreeMap::new();
    for entry in folder.read_dir().map_err(DatasetError::reading(folder))? {
        let path = entry.map_err(DatasetError::reading(folder))?.path();
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_json) {
            files.insert(name.to_owned(), path);
        }
    }
    Ok(files)
}

fn read(path: &Path, hasher: &mut blake3::Hasher) -> Result<Grid, DatasetError> {
    let bytes = adm_core::regular::read(path).map_err(DatasetError::reading(path))?;
    hasher.update(&bytes);
    let grid = Grid::from_json(&bytes).map_err(|source| DatasetError::Audio { path: path.to_owned(), source })?;
    Ok(Grid { method: GridMethod::Edited, ..grid })
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, Seconds};

    #[test]
    fn grids_are_found_by_the_names_of_recordings() {
        let dir = tempfile::tempdir().unwrap();
        let save = |name: &str, bpm: f64| {
            let grid = Grid::fixed(Bpm::new(bpm).unwrap(), Seconds(0.5), Seconds(9.0));
            std::fs::write(dir.path().join(name), grid.to_json()).unwrap();
        };
        save("a.json", 120.0);
        save("b.JSON", 130.0);
        let grids = Grids::load(dir.path()).unwrap();
        let bpm = |path: &str| grids.of(Path::new(path)).map(|grid| (grid.bpm, grid.method));
        assert_eq!(bpm("x/a.wav"), Some((120.0, GridMethod::Edited)));
        assert_eq!((bpm("b.mp3").map(|it| it.0), bpm("c.wav")), (Some(130.0), None));
        grids.check(5).unwrap();
        let one = Grids::load(&dir.path().join("a.json")).unwrap();
        assert_eq!(one.of(Path::new("any.flac")).map(|grid| grid.bpm), Some(120.0));
        assert_ne!(one.hash(), grids.hash());
        let error = one.check(2).unwrap_err();
        assert_eq!(error.to_string(), "the recordings of one grid file must be one, got 2");
        save("a.json", 121.0);
        assert_ne!(Grids::load(dir.path()).unwrap().hash(), grids.hash());
    }

    #[test]
    fn what_is_no_grid_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("g.json");
        assert!(Grids::load(dir.path()).unwrap_err().to_string().ends_with("which has none"));
        assert!(Grids::load(&path).is_err());
        std::fs::write(&path, "{}").unwrap();
        let error = Grids::load(&path).unwrap_err();
        assert!(error.to_string().contains("g.json"), "{error}");
    }
}

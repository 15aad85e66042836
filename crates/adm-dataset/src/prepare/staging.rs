//! The folder beside the output in which a preparation gathers its parts.
//!
//! ```text
//! .NAME.partial/
//!     lock               held while a process is at it
//!     recipe.txt         what the parts were made by
//!     CONTENT.i16        a recording's slices, raw; CONTENT is the hash of the recording's bytes
//!     CONTENT.json       its description, written when its slices are whole and on disk
//!     dataset/           the dataset being put together, renamed into place when it is whole
//! ```
//!
//! A part without its description does not count, so a process may die at any instant. Parts are named by content, so
//! it does not matter if recordings were added, renamed or changed before the preparation is resumed.

use super::part::Part;
use crate::error::DatasetError;
use crate::recipe::Recipe;
use adm_core::persist;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A staging folder that this process has to itself.
#[derive(Debug)]
pub(super) struct Staging {
    dir: PathBuf,
    lock: File,
}

impl Staging {
    /// Where the parts of `output` lie.
    pub(super) fn dir_of(output: &Path) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(output.file_name().unwrap_or(output.as_os_str()));
        name.push(".partial");
        output.with_file_name(name)
    }

    /// Removes what a process left that died right after putting `output` in place.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub(super) fn clear(output: &Path) -> Result<(), DatasetError> {
        let dir = Self::dir_of(output);
        if !dir.exists() { Ok(()) } else { fs::remove_dir_all(&dir).map_err(DatasetError::writing(&dir)) }
    }

    /// Makes the folder, or takes over the one that an interrupted preparation left.
    ///
    /// # Errors
    /// A folder that is there without `resume`, is in use, or was begun with another recipe.
    pub(super) fn open(output: &Path, recipe: &Recipe, resume: bool) -> Result<Self, DatasetError> {
        let dir = Self::dir_of(output);
        if !resume && dir.exists() {
            // Whose owner is still at it is no left-over.
            lock(&dir)?;
            return Err(DatasetError::StagingLeft { path: dir });
        }
        fs::create_dir_all(&dir).map_err(DatasetError::writing(&dir))?;
        let staging = Self { lock: lock(&dir)?, dir };
        staging.agree_on(recipe)?;
        Ok(staging)
    }

    fn agree_on(&self, recipe: &Recipe) -> Result<(), DatasetError> {
        let path = self.dir.join("recipe.txt");
        let now = recipe.lines();
        let Ok(begun) = fs::read_to_string(&path) else {
            return persist::write_bytes(&path, now.join("\n").as_bytes()).map_err(DatasetError::writing(&path));
        };
        let pairs = begun.lines().map(str::to_owned).zip(&now);
        match pairs.into_iter().find(|(begun, now)| begun != *now) {
            Some((begun, now)) => Err(DatasetError::StagingDiffers { path: self.dir.clone(), begun, now: now.clone() }),
            None => Ok(()),
        }
    }

    /// Where the raw slices of the recording with these bytes go.
    pub(super) fn samples_path(&self, content: &str) -> PathBuf {
        self.dir.join(format!("{content}.i16"))
    }

    /// The part of the recording with these bytes, if it is whole.
    pub(super) fn load(&self, content: &str, slice_bytes: u64) -> Option<Part> {
        let part: Part = serde_json::from_slice(&fs::read(self.description_path(content)).ok()?).ok()?;
        let expected = (part.spans.len() as u64).checked_mul(slice_bytes)?;
        let actual = self.samples_path(content).metadata().ok()?.len();
        (actual == expected && !part.spans.is_empty()).then_some(part)
    }

    /// Declares the part of the recording with these bytes whole.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub(super) fn save(&self, content: &str, part: &Part) -> Result<(), DatasetError> {
        let path = self.description_path(content);
        let write = || persist::write_bytes(&path, &serde_json::to_vec(part)?);
        write().map_err(DatasetError::writing(&path))
    }

    /// An empty folder to put the dataset together in.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub(super) fn fresh_dataset_dir(&self) -> Result<PathBuf, DatasetError> {
        let dir = self.dir.join("dataset");
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(DatasetError::writing(&dir))?;
        }
        fs::create_dir(&dir).map_err(DatasetError::writing(&dir))?;
        Ok(dir)
    }

    /// Renames the dataset into place, in place of what is there, and removes the folder.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub(super) fn commit(self, output: &Path) -> Result<(), DatasetError> {
        if output.exists() {
            let replaced = self.dir.join("replaced");
            if replaced.exists() {
                fs::remove_dir_all(&replaced).map_err(DatasetError::writing(&replaced))?;
            }
            fs::rename(output, &replaced).map_err(DatasetError::writing(output))?;
        }
        fs::rename(self.dir.join("dataset"), output).map_err(DatasetError::writing(output))?;
        self.remove()
    }

    /// Removes the folder with all that is in it.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub(super) fn remove(self) -> Result<(), DatasetError> {
        drop(self.lock);
        fs::remove_dir_all(&self.dir).map_err(DatasetError::writing(&self.dir))
    }

    fn description_path(&self, content: &str) -> PathBuf {
        self.dir.join(format!("{content}.json"))
    }
}

fn lock(dir: &Path) -> Result<File, DatasetError> {
    let path = dir.join("lock");
    let held = adm_core::lock::lock(&path).map_err(DatasetError::writing(&path))?;
    held.ok_or_else(|| DatasetError::StagingBusy { path: dir.to_owned() })
}

//! What a network of rows learns from: a file of them, or the frames of a dataset's sound.

use crate::commands::train::moved;
use crate::output::Hinted;
use adm_dataset::{Dataset, Vectors};
use adm_models::mdn::{Frames, MdnConfig, Series, made_up};
use adm_models::provenance::Provenance;
use anyhow::Result;
use std::path::Path;

/// Rows and where they are from.
pub struct Rows {
    pub series: Series,
    /// What they are frames of; none where they come from a file.
    pub frames: Option<Frames>,
    pub provenance: Provenance,
}

impl Rows {
    /// Those of a file or of a dataset.
    pub fn open(path: &Path, config: &MdnConfig) -> Result<Self> {
        let named_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if path.is_file() || (named_csv && !path.is_dir()) {
            let rows = Vectors::read(path)?;
            let series = Series::of_vectors(&rows, config.training.hold_out)?;
            return Ok(Self { series, frames: None, provenance: Provenance::of_rows(path, &rows) });
        }
        let dataset = Dataset::open(path)?;
        let frames = Frames::new(config, dataset.rate(), dataset.channels())?;
        let series = frames.series(&dataset)?;
        Ok(Self { series, frames: Some(frames), provenance: Provenance::of(&dataset) })
    }

    /// Those that a run began with, where they were or at another place.
    pub fn of_run(began: &Provenance, data: Option<&Path>, config: &MdnConfig) -> Result<Self> {
        let path = data.unwrap_or(&began.path);
        if !path.exists() {
            let message = format!("the rows that the run learns from are no longer at {}", path.display());
            anyhow::bail!(Hinted::new(message, "if they have moved, give their place with --data"));
        }
        if path.is_dir() {
            Dataset::open(path).map_err(|error| moved(error, path))?;
        }
        let rows = Self::open(path, config)?;
        began.check_fingerprint(&rows.provenance.fingerprint)?;
        Ok(rows)
    }

    /// Some for nothing but the time that they take.
    pub fn made_up(config: &MdnConfig) -> Result<Self> {
        let provenance =
            Provenance { path: "made-up".into(), fingerprint: String::new(), bpm: None, beats_per_slice: 1, fit: None };
        let (series, frames) = made_up(config)?;
        Ok(Self { series, frames: Some(frames), provenance })
    }
}

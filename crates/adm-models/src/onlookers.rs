//! Who looks at the beats that a family makes while it trains: the judge, and whoever writes previews.

use std::path::Path;

use adm_core::{SampleRate, Seeds};
use adm_train::{Judgement, TrainError};

use crate::{ModelError, Sampler};

/// Compares generated slices with held-out ones.
pub type Judge = Box<dyn FnMut(&[Vec<f32>]) -> Judgement>;

/// Any error of a caller's own.
pub type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Writes the preview of a step: slices, channels, rate, and the path without extension.
pub type WritePreview = Box<dyn Fn(&[Vec<f32>], usize, SampleRate, &Path) -> Result<(), AnyError>>;

/// Slices that the judge sees.
const JUDGED: usize = 256;

/// Beats in a preview.
const PREVIEWED: usize = 8;

/// Those of a training; nobody looks where nothing is said.
#[derive(Default)]
pub struct Onlookers {
    /// Says how far samples are from held-out slices.
    pub judge: Option<Judge>,
    /// Writes previews.
    pub write_preview: Option<WritePreview>,
}

impl Onlookers {
    /// Has a preview written where somebody wants one, on the same noise every time.
    ///
    /// # Errors
    /// Values that are not finite, or whatever writing returns.
    pub(crate) fn preview(
        &self,
        sampler: impl FnOnce() -> Result<Sampler, ModelError>,
        seeds: Seeds,
        (folder, step): (&Path, u64),
    ) -> Result<(), TrainError> {
        let Some(write) = &self.write_preview else { return Ok(()) };
        let sampler = sampler().map_err(failed)?;
        let slices = sampler.random(PREVIEWED, seeds, "preview").map_err(failed)?;
        let path = folder.join(format!("step-{step:06}"));
        write(&slices, sampler.channels(), sampler.rate(), &path).map_err(TrainError::family("writing a preview"))
    }

    /// What the judge says of samples, where there is one. The same noise every time: two judgements then differ by the network
    /// and not by the draw.
    ///
    /// # Errors
    /// Values that are not finite.
    pub(crate) fn judge(
        &mut self,
        sampler: impl FnOnce() -> Result<Sampler, ModelError>,
        seeds: Seeds,
    ) -> Result<Option<Judgement>, TrainError> {
        let Some(judge) = &mut self.judge else { return Ok(None) };
        let slices = sampler().and_then(|sampler| sampler.random(JUDGED, seeds, "judge")).map_err(failed)?;
        Ok(Some(judge(&slices)))
    }
}

fn failed(error: ModelError) -> TrainError {
    TrainError::family("generating samples")(Box::new(error))
}

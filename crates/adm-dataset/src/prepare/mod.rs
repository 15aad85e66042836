//! From recordings to a dataset.
//!
//! ```text
//! inputs ─collect→ files ─hash→ distinct recordings ─cut, several at once→ parts ─assemble→ dataset
//! ```
//!
//! Each recording streams through memory of fixed size into a part of its own in the staging folder (see `staging`);
//! whole parts are put together in the order of the inputs. So the bytes depend neither on the number of jobs nor on
//! how often the work was interrupted and resumed, and a recording that fails harms no other.

mod assemble;
mod bars;
mod gather;
mod grids;
mod inputs;
mod part;
mod recording;
mod settings;
mod staging;
mod tally;
mod watched;

pub use grids::Grids;
pub use inputs::is_audio;
pub use settings::PrepareSettings;

use crate::error::DatasetError;
use crate::manifest::{MANIFEST_FILE, Manifest};
use crate::recipe::Recipe;
use adm_core::Observer;
pub(crate) use assemble::describe;
pub(crate) use gather::{Gathered, Input};
pub(crate) use part::{KeptSpan, Part, Tally};

use assemble::assemble;
use gather::{Inputs, gather};
use staging::Staging;
use std::path::PathBuf;

/// What was prepared.
#[derive(Debug)]
pub struct PrepareReport {
    /// The manifest of the dataset as it was written: what was kept, what was left out and why.
    pub manifest: Manifest,
    /// Inputs that gave no slices, in the order they were found; the rest was prepared without them.
    pub failed: Vec<Failure>,
    /// Recordings that an earlier, interrupted preparation had done.
    pub resumed: usize,
}

/// An input that gave no slices.
#[derive(Debug)]
pub struct Failure {
    /// The input.
    pub path: PathBuf,
    /// Why it gave none.
    pub error: DatasetError,
}

/// Makes a dataset of recordings.
///
/// Stages for the observer: `reading` (in MiB), `slicing` (in seconds of audio), `writing` (in slices). An interrupted
/// preparation leaves its parts beside the output for [`PrepareSettings::resume`].
///
/// # Errors
/// Settings out of range; an output that exists; the parts of an earlier preparation without `resume`, or with other
/// settings; inputs none of which can be used (nothing is left behind then); a disk that is full; `Interrupted`. A
/// recording that fails beside others that do not is no error, see [`PrepareReport::failed`].
pub fn prepare(settings: &PrepareSettings, observer: &dyn Observer) -> Result<PrepareReport, DatasetError> {
    settings.validate()?;
    attempt(settings, observer).map_err(|error| match error {
        DatasetError::Interrupted { .. } => {
            DatasetError::Interrupted { hint: Some("go on with the same command and --resume".to_owned()) }
        }
        error => error,
    })
}

fn attempt(settings: &PrepareSettings, observer: &dyn Observer) -> Result<PrepareReport, DatasetError> {
    let recipe = settings.recipe();
    if settings.output.exists() && !settings.overwrite {
        return finished_before(settings, &recipe, observer);
    }
    if settings.output.exists() && !settings.output.join(MANIFEST_FILE).is_file() {
        return Err(DatasetError::NotOverwritten { path: settings.output.clone() });
    }
    let staging = Staging::open(&settings.output, &recipe, settings.resume)?;
    match fill(settings, &recipe, &staging, observer) {
        Ok(report) => staging.commit(&settings.output).map(|()| report),
        Err(error @ (DatasetError::NothingUsable { .. } | DatasetError::BadSetting { .. })) => {
            staging.remove().and(Err(error))
        }
        Err(error) => Err(error),
    }
}

/// Puts the whole dataset together inside the staging folder.
fn fill(
    settings: &PrepareSettings,
    recipe: &Recipe,
    staging: &Staging,
    observer: &dyn Observer,
) -> Result<PrepareReport, DatasetError> {
    let inputs = Inputs::read(settings, observer)?;
    settings.grids.check(inputs.recordings.len())?;
    let gathered = gather(inputs, settings, recipe, staging, observer)?;
    let manifest = assemble(staging, recipe, &gathered, observer)?;
    Ok(PrepareReport { manifest, failed: gathered.failed, resumed: gathered.resumed })
}

/// A process may die right after it has put the dataset in place. Resumed, it finds its work done.
fn finished_before(
    settings: &PrepareSettings,
    recipe: &Recipe,
    observer: &dyn Observer,
) -> Result<PrepareReport, DatasetError> {
    let exists = || DatasetError::OutputExists { path: settings.output.clone() };
    let manifest = Manifest::load(&settings.output.join(MANIFEST_FILE)).map_err(|_| exists())?;
    if !settings.resume || manifest.recipe().lines() != recipe.lines() {
        return Err(exists());
    }
    let inputs = Inputs::read(settings, observer)?;
    if !inputs.are_those_of(&manifest) {
        return Err(exists());
    }
    Staging::clear(&settings.output)?;
    let failed = manifest.failed.iter().map(|row| Failure {
        path: PathBuf::from(&row.path),
        error: DatasetError::FailedBefore { path: PathBuf::from(&row.path), reason: row.reason.clone() },
    });
    Ok(PrepareReport { failed: failed.collect(), resumed: manifest.recordings.len(), manifest })
}

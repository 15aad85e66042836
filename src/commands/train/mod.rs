//! `adm train`: a dataset to a run.

mod beats;
mod caw;
mod diffusion;
mod gan;
mod list;
mod mdn;
pub mod sequencer;
mod watched;

pub use beats::{Trained, expect};
pub use caw::recording_of;
pub use gan::train;
pub use mdn::Rows;
pub use sequencer::Tokenized;

use super::Outcome;
use crate::cli::{Family, TrainArgs};
use crate::output::{Hinted, Output};
use crate::settings::{Session, train_autoencoder, train_caw, train_diffusion, train_gan, train_mdn, train_sequencer};
use adm_dataset::{Dataset, DatasetError};
use adm_models::autoencoder::{AutoencoderConfig, AutoencoderTrainee};
use adm_train::device::Picked;
use adm_train::{Ended, Summary};
use anyhow::Result;
use list::Listed;
use std::path::Path;
use std::sync::Arc;

/// Trains, or goes on training, and says how far it got.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: TrainArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let Some(family) = args.family.filter(|_| !args.list) else {
        output.printer.print(&Listed::all())?;
        return Ok(Outcome::Done);
    };
    let ended = match family {
        Family::Mdn => {
            let trained = mdn::train(&train_mdn(args, session)?, output)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
        Family::Caw => {
            let trained = caw::train(&train_caw(args, session)?, output)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
        Family::Gan => {
            let trained = train(&train_gan(args, session)?, output)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
        Family::Autoencoder => {
            let settings = train_autoencoder(args, session)?;
            let new = |config: AutoencoderConfig, dataset: &Arc<Dataset>, picked: &Picked| {
                Ok(AutoencoderTrainee::new(config, dataset, &picked.device)?)
            };
            let trained = beats::train(&settings, output, new)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
        Family::Diffusion => {
            let trained = diffusion::train(&train_diffusion(args, session)?, output)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
        Family::Sequencer => {
            let trained = sequencer::train(&train_sequencer(args, session)?, output)?;
            output.printer.print(&trained)?;
            trained.summary.ended
        }
    };
    Ok(if ended == Ended::Interrupted { Outcome::Interrupted } else { Outcome::Done })
}

/// How a training went, for JSON; `best` is what the judge's best word is called there.
fn summary_json(summary: &Summary, best: &'static str) -> serde_json::Value {
    serde_json::json!({
        "interrupted": summary.ended == Ended::Interrupted,
        "ended": summary.ended.to_string(),
        "steps": summary.step,
        "steps_per_second": summary.steps_per_second,
        best: summary.best,
    })
}

/// Where the page of a run is.
fn report_of(run: &Path) -> String {
    run.join("report").join("index.html").display().to_string()
}

/// A run looks for its dataset where it was.
fn moved(error: DatasetError, path: &Path) -> anyhow::Error {
    let message = format!("cannot open the run's dataset {}", path.display());
    anyhow::Error::new(error).context(Hinted::new(message, "if it has moved, give its place with --data"))
}

//! `adm evaluate`.

use super::{Session, Usage};
use crate::cli::EvaluateArgs;
use adm_core::{Seconds, Seeds};
use adm_dataset::recipe::GridChoice;
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// What to judge, and beside what.
#[derive(Debug, Clone)]
pub struct EvaluateSettings {
    pub reference: PathBuf,
    pub candidates: Vec<PathBuf>,
    /// Beats of each set at most.
    pub beats: usize,
    /// Where beats of candidate recordings are; found where none is given.
    pub grid: Option<GridChoice>,
    /// Folder of the page, where one is wanted.
    pub output: Option<PathBuf>,
    pub seeds: Seeds,
    pub device: DeviceChoice,
    pub jobs: usize,
}

/// A day: nothing that is cut into beats begins later.
const FURTHEST: f64 = 86_400.0;

/// What to judge, and beside what.
pub fn evaluate(args: EvaluateArgs, session: &Session) -> Result<EvaluateSettings, Usage> {
    let offset = args.offset.unwrap_or_default();
    if !(-FURTHEST..=FURTHEST).contains(&offset) {
        let message = format!("the offset must be a time in seconds, got {offset}");
        return Err(Usage::new(message, "for example --offset 0.5"));
    }
    Ok(EvaluateSettings {
        reference: args.reference,
        candidates: args.candidates,
        beats: args.beats,
        grid: args.bpm.map(|bpm| GridChoice::Fixed { bpm, offset: Seconds(offset) }),
        output: args.output,
        seeds: session.seeds,
        device: session.device,
        jobs: session.jobs(None),
    })
}

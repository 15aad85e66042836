//! `adm prepare`.

use super::{Session, Usage, grid};
use crate::cli::{FitName, PrepareArgs};
use adm_core::Seconds;
use adm_dataset::{Fit, Grids, PrepareSettings, Slicing, SplitRule};

/// What to prepare, how, and where to.
pub fn prepare(args: PrepareArgs, session: &Session) -> Result<PrepareSettings, Usage> {
    let split_rule = SplitRule { seed: session.seeds.root(), ..SplitRule::default() };
    let (slicing, grids) = slicing(&args)?;
    let settings = PrepareSettings {
        slicing,
        grids,
        rate: args.sample_rate,
        channels: if args.mono { 1 } else { 2 },
        split_rule,
        jobs: session.jobs(args.jobs),
        resume: args.resume,
        ..PrepareSettings::new(args.inputs, args.output)
    };
    settings.validate()?;
    Ok(settings)
}

fn slicing(args: &PrepareArgs) -> Result<(Slicing, Grids), Usage> {
    // The one requires the other, so both are there or none.
    if let (Some(window), Some(hop)) = (args.window, args.hop) {
        return Ok((Slicing::Windows { window: Seconds(window), hop: Seconds(hop) }, Grids::default()));
    }
    let (grid, grids) = grid::choice(&args.beats, &args.given)?;
    let fit = match args.fit {
        FitName::Place => Fit::Place,
        FitName::Resample => Fit::Resample,
        FitName::Stretch => Fit::Stretch,
    };
    Ok((Slicing::Beats { bpm: args.target_bpm, beats_per_slice: args.beats_per_slice, fit, grid }, grids))
}

//! `adm generate` with a network of rows.

use super::caw::of_waves;
use super::generate::{first, sound_format, sound_rate};
use super::inpaint::{of_diffusion, of_region};
use super::{Session, Usage};
use crate::cli::{GenerateArgs, SoundArgs};
use adm_audio::WavFormat;
use adm_core::{SampleRate, Seeds};
use adm_models::mdn::Sampling;
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// What rows to make, and where to.
#[derive(Debug, Clone)]
pub struct RowsSettings {
    pub run: PathBuf,
    pub output: PathBuf,
    pub length: RowsLength,
    /// What suits the run, where nothing is said.
    pub sampling: Option<Sampling>,
    /// Rows to go on from; the run's own where none are given.
    pub primer: Option<PathBuf>,
    pub format: WavFormat,
    pub rate: SampleRate,
    /// The first flag that only sound heeds, where one was given.
    pub of_sound: Option<&'static str>,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// How many rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RowsLength {
    /// As many as are usual.
    Open,
    Rows(usize),
    /// Of sound.
    Seconds(f64),
}

/// What rows to make, and where to.
pub fn rows(args: GenerateArgs, session: &Session) -> Result<RowsSettings, Usage> {
    if let Some(flag) = of_waves(&args) {
        return Err(Usage::new(format!("only a run of the family caw heeds {flag}"), format!("leave out {flag}")));
    }
    if let Some(flag) = of_beats(&args).or(of_diffusion(args.diffusion)).or(of_region(&args)) {
        return Err(Usage::new(
            format!("an mdn makes rows and no beats: it cannot heed {flag}"),
            format!("leave out {flag}"),
        ));
    }
    let run = match <[PathBuf; 1]>::try_from(args.runs) {
        Ok([run]) => run,
        Err(_) => return Err(Usage::new("an mdn plays alone", "give one --run")),
    };
    let length = match (args.rows.rows, args.seconds) {
        (Some(rows), _) => RowsLength::Rows(rows),
        (None, Some(seconds)) => RowsLength::Seconds(seconds),
        (None, None) => RowsLength::Open,
    };
    Ok(RowsSettings {
        run,
        output: args.output,
        length,
        sampling: args.rows.sampling.map(|how| how.parse()).transpose()?,
        primer: args.rows.primer,
        format: sound_format(args.sound),
        rate: sound_rate(args.sound),
        of_sound: of_sound(args.sound),
        seeds: session.seeds,
        device: session.device,
    })
}

/// The first flag that only beats heed.
pub fn of_beats(args: &GenerateArgs) -> Option<&'static str> {
    let order = &args.order;
    first([
        ("--bars", args.bars.is_some()),
        ("--beats", args.beats.is_some()),
        ("--bpm", args.bpm.is_some()),
        ("--truncation", args.truncation.is_some()),
        ("--morph", args.morph.is_some()),
        ("--morph-bars", args.morph_bars.is_some()),
        ("--loop", args.looped),
        ("--stems", args.stems),
        ("--midi", args.midi.is_some()),
        ("--cue", args.cue.is_some()),
    ])
    .or(super::generate::of_sequencer(order))
}

/// The first flag that only sound heeds.
fn of_sound(args: SoundArgs) -> Option<&'static str> {
    first([("--format", args.format.is_some()), ("--sample-rate", args.sample_rate.is_some())])
}

/// The first flag that only rows heed.
pub fn of_rows(args: &GenerateArgs) -> Option<&'static str> {
    let rows = &args.rows;
    first([
        ("--rows", rows.rows.is_some()),
        ("--sampling", rows.sampling.is_some()),
        ("--primer", rows.primer.is_some()),
    ])
}

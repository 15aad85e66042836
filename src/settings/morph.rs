//! `adm morph`.

use super::generate::{music_rate, wav_name};
use super::slice::wav_format;
use super::{Session, Usage};
use crate::cli::MorphArgs;
use adm_audio::WavFormat;
use adm_core::{SampleRate, Seconds, Seeds};
use adm_dataset::recipe::GridChoice;
use adm_models::autoencoder::Way;
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// Slices between two where nobody says how many.
const STEPS: usize = 8;

/// What to go from and to, and how.
#[derive(Debug, Clone)]
pub struct MorphSettings {
    pub run: PathBuf,
    pub first: PathBuf,
    pub second: Option<PathBuf>,
    pub output: PathBuf,
    pub way: Way,
    /// Where the recordings' beats are.
    pub grid: GridChoice,
    pub rate: SampleRate,
    pub format: WavFormat,
    pub seeds: Seeds,
    pub device: DeviceChoice,
    pub jobs: usize,
}

/// What to go from and to, and how.
pub fn morph(args: MorphArgs, session: &Session) -> Result<MorphSettings, Usage> {
    let mut inputs = args.inputs.into_iter();
    let Some(first) = inputs.next() else {
        return Err(Usage::new("there is nothing to go from", "name a recording"));
    };
    let second = inputs.next();
    let way = match (args.share, args.between, &second) {
        (Some(_), _, None) => {
            return Err(Usage::new("--share is of a second recording", "name two recordings, or leave out --share"));
        }
        (Some(share), ..) => Way::Mixed(share),
        (None, Some((from, to)), _) => Way::Between { from, to, count: args.steps.unwrap_or(STEPS) },
        (None, None, Some(_)) => Way::Turning,
        (None, None, None) => Way::Again,
    };
    wav_name("-o", &args.output)?;
    music_rate(args.sample_rate)?;
    let offset = Seconds(args.offset.unwrap_or_default());
    let grid = args.bpm.map_or(GridChoice::FOUND, |bpm| GridChoice::Fixed { bpm, offset });
    Ok(MorphSettings {
        run: args.run,
        first,
        second,
        output: args.output,
        way,
        grid,
        rate: args.sample_rate,
        format: wav_format(args.format),
        seeds: session.seeds,
        device: session.device,
        jobs: session.jobs(None),
    })
}

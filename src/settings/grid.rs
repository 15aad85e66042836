//! `adm grid`, and where beats come from.

use super::Usage;
use crate::cli::{BeatArgs, GivenGridArgs, GridArgs, Shift, Tempo};
use adm_audio::grid::{Adjustment, Level};
use adm_audio::{GridRequest, Search};
use adm_core::Seconds;
use adm_dataset::{GridChoice, Grids};
use std::path::PathBuf;

/// What to lay a grid over, and where to write it.
#[derive(Debug)]
pub struct GridSettings {
    pub input: PathBuf,
    pub output: PathBuf,
    /// Where the recording with clicks goes.
    pub click: Option<PathBuf>,
    pub request: GridRequest,
}

impl GridSettings {
    /// Checks the flags of `adm grid`.
    pub fn resolve(args: GridArgs) -> Result<Self, Usage> {
        let request = request(&args.beats)?;
        if args.click.as_ref() == Some(&args.output) {
            return Err(Usage::new("the grid and the clicks cannot be one file", "for example --click CLICK.wav"));
        }
        Ok(Self { input: args.input, output: args.output, click: args.click, request })
    }
}

/// Where a dataset's beats come from, and the grids that were read for it.
///
/// # Errors
/// Flags that do not go together; a grid file that cannot be used.
pub fn choice(beats: &BeatArgs, given: &GivenGridArgs) -> Result<(GridChoice, Grids), Usage> {
    let least_confidence = given.min_confidence;
    if let Some(path) = &given.grid {
        let grids = Grids::load(path)?;
        return Ok((GridChoice::File { hash: grids.hash(), least_confidence }, grids));
    }
    let choice = match request(beats)? {
        GridRequest::Fixed { bpm, offset } => GridChoice::Fixed { bpm, offset },
        GridRequest::Auto(search) => GridChoice::Auto { search, least_confidence },
    };
    Ok((choice, Grids::default()))
}

/// What `--bpm` and the flags around it mean together.
fn request(args: &BeatArgs) -> Result<GridRequest, Usage> {
    let adjustment = Adjustment {
        half_beat: args.shift == Some(Shift::HalfBeat),
        level: match (args.double, args.half) {
            (true, _) => Level::Double,
            (false, true) => Level::Half,
            (false, false) => Level::Same,
        },
    };
    let search = Search { range: args.bpm_range, adjustment };
    match (args.bpm, args.offset) {
        (_, Some(offset)) if !offset.is_finite() => {
            Err(Usage::new(format!("the offset must be a time in seconds, got {offset}"), "for example --offset 0.5"))
        }
        (Tempo::Auto, Some(_)) => Err(Usage::new(
            "the first beat cannot be given where the tempo is to be found",
            "give the tempo too with --bpm N, or leave out --offset",
        )),
        (Tempo::Auto, None) => Ok(GridRequest::Auto(search)),
        (Tempo::Fixed(_), _) if search != Search::USUAL => Err(Usage::new(
            "a tempo that is given is neither searched for nor changed",
            "leave out --bpm, or --bpm-range, --shift, --double and --half",
        )),
        (Tempo::Fixed(bpm), offset) => Ok(GridRequest::Fixed { bpm, offset: Seconds(offset.unwrap_or(0.0)) }),
    }
}

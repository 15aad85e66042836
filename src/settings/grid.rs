//! `adm grid`, and where beats come from.

use super::Usage;
use crate::cli::{GridArgs, Tempo};
use adm_audio::GridRequest;
use adm_core::Seconds;
use adm_dataset::GridChoice;
use std::path::PathBuf;

/// What to lay a grid over, and where to write it.
#[derive(Debug)]
pub struct GridSettings {
    pub input: PathBuf,
    pub output: PathBuf,
    pub request: GridRequest,
}

impl GridSettings {
    /// Checks the flags of `adm grid`.
    pub fn resolve(args: GridArgs) -> Result<Self, Usage> {
        let request = match Self::choice(args.bpm, args.offset)? {
            GridChoice::Fixed { bpm, offset } => GridRequest::Fixed { bpm, offset },
            _ => GridRequest::Auto,
        };
        Ok(Self { input: args.input, output: args.output, request })
    }

    /// What `--bpm` and `--offset` mean together.
    pub fn choice(tempo: Tempo, offset: Option<f64>) -> Result<GridChoice, Usage> {
        match (tempo, offset) {
            (_, Some(offset)) if !offset.is_finite() => Err(Usage::new(
                format!("the offset must be a time in seconds, got {offset}"),
                "for example --offset 0.5",
            )),
            (Tempo::Auto, Some(_)) => Err(Usage::new(
                "the first beat cannot be given where the tempo is to be found",
                "give the tempo too with --bpm N, or leave out --offset",
            )),
            (Tempo::Auto, None) => Ok(GridChoice::Auto),
            (Tempo::Fixed(bpm), offset) => Ok(GridChoice::Fixed { bpm, offset: Seconds(offset.unwrap_or(0.0)) }),
        }
    }
}

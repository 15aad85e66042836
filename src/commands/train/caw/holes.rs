//! Holes as they were typed to holes in seconds.

use crate::output::Hinted;
use crate::settings::HoleSpec;
use adm_audio::grid::{Search, find};
use adm_audio::{Decoder, Grid, GridRequest};
use adm_core::{Bpm, Observer};
use adm_models::caw::Hole;
use anyhow::{Context, Result};
use std::path::Path;

/// Where holes lie; the beats of the recording are found where some are in beats and no tempo is given.
pub fn resolve(specs: &[HoleSpec], bpm: Option<Bpm>, path: &Path, observer: &dyn Observer) -> Result<Vec<Hole>> {
    let in_beats = specs.iter().any(|spec| matches!(spec, HoleSpec::Beats(..)));
    let beats = match bpm {
        Some(bpm) => Beats::Even(bpm),
        None if in_beats => Beats::Found(beats_of(path, observer)?),
        None => Beats::Found(Vec::new()),
    };
    specs.iter().map(|spec| hole(*spec, &beats)).collect()
}

/// When beats are.
enum Beats {
    Even(Bpm),
    Found(Vec<f64>),
}

fn beats_of(path: &Path, observer: &dyn Observer) -> Result<Vec<f64>> {
    let found = find(&mut Decoder::open(path)?, &GridRequest::Auto(Search::USUAL), observer);
    let hint =
        || Hinted::new("cannot count beats in the recording", "give their tempo with --bpm, or holes in seconds");
    let Grid { beats, .. } = found.with_context(hint)?;
    Ok(beats)
}

fn hole(spec: HoleSpec, beats: &Beats) -> Result<Hole> {
    match spec {
        HoleSpec::Seconds(from, to) => Ok(Hole { from, to }),
        HoleSpec::Beats(from, to) => Ok(Hole { from: beats.seconds(from)?, to: beats.seconds(to)? }),
    }
}

impl Beats {
    /// When a beat is, counted from 0; parts of a beat lie evenly between two.
    fn seconds(&self, beat: f64) -> Result<f64> {
        match self {
            Self::Even(bpm) => Ok(beat * bpm.beat().0),
            Self::Found(beats) => {
                let (whole, part) = (beat as usize, beat.fract());
                let at = |index: usize| beats.get(index).copied();
                let next = if part > 0.0 { at(whole + 1) } else { at(whole) };
                let seconds = at(whole).zip(next).map(|(before, after)| before + part * (after - before));
                let message = || format!("the recording has {} beats, and no beat {beat}", beats.len());
                seconds.ok_or_else(|| Hinted::new(message(), "beats are counted from 0, as in --hole 16b-18b").into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_are_where_they_were_found_or_evenly_apart() {
        let found = Beats::Found(vec![0.5, 1.0, 2.0]);
        assert_eq!(hole(HoleSpec::Beats(0.0, 1.5), &found).unwrap(), Hole { from: 0.5, to: 1.5 });
        assert!(hole(HoleSpec::Beats(0.0, 2.5), &found).is_err() && hole(HoleSpec::Beats(0.0, 2.0), &found).is_ok());
        let even = Beats::Even(Bpm::new(120.0).unwrap());
        assert_eq!(hole(HoleSpec::Beats(3.0, 4.5), &even).unwrap(), Hole { from: 1.5, to: 2.25 });
    }
}

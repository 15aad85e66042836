//! Where sounds come from.
//!
//! ```text
//! file, folder ─decode→ passages ────────────────────┐
//! dataset ─choose runs of neighbouring slices→ slices ┼─▶ RawSound, one for each stimulus
//! run ─Player (the binary's: generating links burn)→ ─┘
//! ```
//!
//! Nothing is changed here: every sound keeps its rate and channels, and slices of a dataset stay apart until
//! [`sound`](crate::sound) has taken them through their round trip and joined them.

mod dataset;
mod file;
mod folder;
mod player;
mod raw;
mod stretches;

pub use player::{NoPlayer, Played, Player};
pub use raw::{RawSound, Slices};

use crate::SurveyError;
use crate::study::{DatasetPlace, FilePlace, FolderPlace, Place, RunPlace, StimulusSpec};
use adm_core::{Observer, SampleRate, Seeds};
use dataset::{Datasets, Request};
use raw::Found;
use std::path::Path;

/// The shortest and longest passage in seconds, the latest start of one, and the most sounds of a group that are looked for, so that
/// nothing overflows whatever is asked for. What a study may ask for lies within, and is said when it is read.
const LENGTHS: [f64; 2] = [0.01, 3_600.0];
const LATEST: f64 = 1e6;
const MOST: usize = 100_000;

/// What loading needs to know beside the stimuli.
#[derive(Debug, Clone, Copy)]
pub struct Loading<'a> {
    /// The folder that paths are relative to: the study's.
    pub base: &'a Path,
    /// Length of every stimulus; all that is loaded is at least as long.
    pub seconds: f64,
    /// Frames a second that runs are asked for.
    pub rate: SampleRate,
    /// Streams `survey passages` choose where datasets are heard; the root is the first seed of runs that name none.
    pub seeds: Seeds,
}

/// Loads all sounds of a study, in the order of its stimuli.
///
/// Stage for the observer: `loading` (in stimuli, groups counting as one).
///
/// # Errors
/// What is missing, too short or unreadable, by the id of its stimulus.
pub fn load(
    stimuli: &[StimulusSpec],
    loading: &Loading<'_>,
    player: &mut dyn Player,
    observer: &dyn Observer,
) -> Result<Vec<RawSound>, SurveyError> {
    observer.begin("loading", Some(stimuli.len() as u64));
    let loading = &Loading { seconds: nearest(loading.seconds, LENGTHS), ..*loading };
    let mut loader = Loader { loading, player, datasets: Datasets::default() };
    let mut sounds = Vec::new();
    for spec in stimuli {
        let found = loader.load(spec)?;
        sounds.extend(named(spec, found));
        observer.advance(1);
    }
    observer.end();
    sounds.iter().try_for_each(|sound| check_length(sound, loading.seconds))?;
    Ok(sounds)
}

struct Loader<'a> {
    loading: &'a Loading<'a>,
    player: &'a mut dyn Player,
    datasets: Datasets,
}

impl Loader<'_> {
    fn load(&mut self, spec: &StimulusSpec) -> Result<Vec<Found>, SurveyError> {
        let (id, seeds) = (spec.id.as_str(), self.loading.seeds);
        let (seconds, count) = (self.loading.seconds, spec.count.unwrap_or(1).clamp(1, MOST));
        match &spec.place {
            Place::File(FilePlace { path, start }) => {
                file::passages(id, &self.loading.base.join(path), start.clamp(0.0, LATEST), seconds, count)
            }
            Place::Folder(FolderPlace { path }) => {
                let paths = folder::recordings(id, &self.loading.base.join(path), spec.count)?;
                let first = paths.iter().map(|path| file::passages(id, path, 0.0, seconds, 1));
                Ok(first.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
            }
            Place::Dataset(DatasetPlace { path, split }) => {
                let path = &self.loading.base.join(path);
                self.datasets.passages(Request { id, item: spec.item.as_deref(), path, split, seconds, count, seeds })
            }
            Place::Run(RunPlace { paths, seed }) => {
                let seed = seed.unwrap_or(seeds.root());
                player::performances(id, paths, seed, count, self.loading, self.player)
            }
        }
    }
}

/// The nearest that lies within a range; its lower end where there is no number.
pub(crate) fn nearest(value: f64, [low, high]: [f64; 2]) -> f64 {
    if value.is_nan() { low } else { value.clamp(low, high) }
}

/// Gives sounds their ids: those of a group are numbered. A group is a folder without a count, or a count other than one.
fn named(spec: &StimulusSpec, found: Vec<Found>) -> Vec<RawSound> {
    let group = spec.count.map_or(matches!(spec.place, Place::Folder(FolderPlace { .. })), |count| count != 1);
    let numbered = |name: &str, index: usize| if group { format!("{name}-{}", index + 1) } else { name.to_owned() };
    let raw = |(index, found): (usize, Found)| RawSound {
        id: numbered(&spec.id, index),
        truth: spec.truth.clone(),
        item: spec.item.as_ref().map(|item| numbered(item, index)),
        source: found.source,
        round_trip: spec.round_trip.clone(),
        samples: found.samples,
        channels: found.channels,
        rate: found.rate,
        slices: found.slices,
    };
    found.into_iter().enumerate().map(raw).collect()
}

/// Refuses a sound that is shorter than stimuli are.
pub(crate) fn check_length(sound: &RawSound, seconds: f64) -> Result<(), SurveyError> {
    let actual = sound.frames() as f64 / sound.rate.as_f64();
    // Half a frame: a length that is no whole number of frames is rounded.
    if actual + 0.5 / sound.rate.as_f64() >= seconds {
        return Ok(());
    }
    let (id, from) = (sound.id.clone(), sound.source.clone());
    Err(SurveyError::TooShort { id, from, actual, needed: seconds })
}

#[cfg(test)]
mod tests;

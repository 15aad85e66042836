//! From curves to beats.

use super::attack;
use super::beats::{self, Beat};
use super::chains;
use super::confidence::{self, Confidence};
use super::curves::{Curve, Curves};
use super::drums::Drums;
use super::level::{LEVELS, OCTAVES, ODD, at_beat_level};
use super::link::links;
use super::path::TempoPath;
use super::phase::Phase;
use super::pieces::{Piece, pieces, time_of};
use super::route::route;
use super::tempogram::Tempogram;

/// How often beats are heard again where the tempi found from them expect them.
const ROUNDS: usize = 2;

/// Below this confidence other multiples of the tempo are tried.
const DOUBTFUL: f64 = 0.7;

/// What the tracker found.
pub(super) struct Tracked {
    /// The tempo, piece by piece; beats are counted so that those at multiples of four begin a bar.
    pub(super) pieces: Vec<Piece>,
    /// The first and one past the last beat.
    pub(super) beats: std::ops::Range<i64>,
    /// Confidence of each block of [`confidence::BLOCK`] beats from the first on.
    pub(super) confidences: Vec<Confidence>,
}

impl Tracked {
    /// The mean of all blocks' confidences.
    fn confidence(&self) -> f64 {
        self.mean(|block| block.sure)
    }

    /// The same where those that are not heard count nothing.
    fn evidence(&self) -> f64 {
        self.mean(|block| if block.heard { block.sure } else { 0.0 })
    }

    fn mean(&self, of: impl Fn(&Confidence) -> f64) -> f64 {
        self.confidences.iter().map(of).sum::<f64>() / self.confidences.len().max(1) as f64
    }
}

/// Finds the beats of a recording of `length` seconds; `None` where nothing repeats. `range`: beats a second.
pub(super) fn track(curves: &Curves, range: (f64, f64), length: f64) -> Option<Tracked> {
    let drums = Drums::new(curves)?;
    let onsets = drums.onsets();
    let path = TempoPath::find(&Tempogram::new(&onsets, range))?;
    let path = at_beat_level(&path, &LEVELS, (&onsets, &drums), range);
    let along = |path: &TempoPath| follow(curves, &drums, &onsets, path, length);
    let first = along(&path);
    if first.as_ref().is_some_and(|tracked| tracked.confidence() >= DOUBTFUL) {
        return first;
    }
    // A tempo of which many beats are not where they should be is another's odd multiple, at whichever octave.
    let odd = ODD.map(|level| at_beat_level(&path.scaled(level), &OCTAVES, (&onsets, &drums), range));
    let others = odd.iter().filter(|path| path.is_within(range)).filter_map(along);
    first.into_iter().chain(others).max_by(|a, b| a.evidence().total_cmp(&b.evidence()))
}

/// The beats along a path.
fn follow(curves: &Curves, drums: &Drums, onsets: &Curve<f32>, path: &TempoPath, length: f64) -> Option<Tracked> {
    let heard = chains::listen(onsets, path);
    let links = links(&chains::chains(&heard), &heard, path, drums);
    let phase = route(&links, path)?;
    let (beats, low) = hear(drums, &phase, path, length);
    let confidences = confidence::blocks(&beats, &low, drums.low(), &phase);
    let pieces = pieces(&struck(&beats, &low, curves), median(&path.frequencies), |time| path.at(time));
    let (first, last) = (beats.first()?.index, beats.last()?.index);
    (!pieces.is_empty()).then_some(Tracked { pieces, beats: first..last + 1, confidences })
}

/// The beats as the low band has them, and the tempo by them.
fn hear(drums: &Drums, phase: &Phase, path: &TempoPath, length: f64) -> (Vec<Beat>, Vec<Piece>) {
    let frequency = median(&path.frequencies);
    let mut beats = beats::heard(drums.low(), phase, length);
    let mut found = pieces(&beats, frequency, |time| path.at(time));
    for _ in 0..ROUNDS {
        beats::again(&mut beats, drums.low(), phase, |beat| time_of(&found, beat.index));
        found = pieces(&beats, frequency, |time| path.at(time));
    }
    (beats, found)
}

/// The beats at the start of their attack, not in the middle of the low band's rise.
fn struck(beats: &[Beat], low: &[Piece], curves: &Curves) -> Vec<Beat> {
    let mut struck = beats.to_vec();
    let first = beats.first().map_or(0, |beat| beat.index);
    let at = |beat: i64| ((beat - first).max(0) as usize).min(beats.len());
    for piece in low {
        attack::align(&mut struck[at(piece.first)..at(piece.end)], &curves.level, |beat| time_of(low, beat.index));
    }
    struck
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(2.0)
}

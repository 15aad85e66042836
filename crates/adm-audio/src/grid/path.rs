//! The way of the tempo through the recording: the path through the tempogram that explains most onsets and changes least,
//! by dynamic programming over all windows at once.

use super::tempogram::{HOP, Tempogram, middle};

/// What a step of one raster tempo to its neighbour costs, in shares of a window that is wholly explained.
const STEP_COST: f32 = 0.015;
/// No change costs more: tracks may follow each other at any tempo.
const JUMP_COST: f32 = 0.6;
/// Windows with less than this share of the loudest tenth's onset energy say as much less.
const FULL_VOICE: f32 = 0.25;

/// A frequency for each window.
pub(super) struct TempoPath {
    /// Beats a second at the middle of each window.
    pub(super) frequencies: Vec<f64>,
}

impl TempoPath {
    /// The best path; `None` where there is nothing to follow.
    pub(super) fn find(tempogram: &Tempogram) -> Option<Self> {
        let voices = voices(&tempogram.energies)?;
        let mut totals = vec![0.0f32; tempogram.frequencies.len()];
        let mut origins: Vec<Vec<u16>> = Vec::with_capacity(tempogram.scores.len());
        for (scores, voice) in tempogram.scores.iter().zip(&voices) {
            origins.push(advance(&mut totals));
            totals.iter_mut().zip(scores).for_each(|(total, score)| *total += voice * score);
        }
        let mut at = (0..totals.len()).max_by(|&a, &b| totals[a].total_cmp(&totals[b]))?;
        let mut frequencies = vec![0.0; origins.len()];
        for (window, origins) in origins.iter().enumerate().rev() {
            frequencies[window] = tempogram.frequencies[at];
            at = usize::from(origins[at]);
        }
        (totals.iter().any(|&total| total > 0.0)).then_some(Self { frequencies })
    }

    /// Beats since the recording's start at the middle of each window.
    pub(super) fn phases(&self) -> Vec<f64> {
        let mut phase = 0.0;
        let steps = self.frequencies.windows(2).map(|pair| {
            phase += HOP * 0.5 * (pair[0] + pair[1]);
            phase
        });
        [0.0].into_iter().chain(steps).collect()
    }

    /// The same path at another octave.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        Self { frequencies: self.frequencies.iter().map(|frequency| factor * frequency).collect() }
    }

    /// Whether all of it is between two frequencies.
    pub(super) fn is_within(&self, (lowest, highest): (f64, f64)) -> bool {
        self.frequencies.iter().all(|frequency| (lowest..=highest).contains(frequency))
    }

    /// Beats a second at a time.
    pub(super) fn at(&self, time: f64) -> f64 {
        self.frequencies[self.place(time.max(0.0)).0]
    }

    /// When, between two times, the path goes over from the frequency of the one to that of the other.
    pub(super) fn change(&self, (from, before): (f64, f64), (to, after): (f64, f64)) -> f64 {
        let nearer = |frequency: f64| (frequency - after).abs() < (frequency - before).abs();
        let window = |time: f64| (time / HOP).max(0.0) as usize;
        (window(from)..=window(to)).find(|&at| self.frequencies.get(at).copied().is_some_and(nearer)).map_or(to, middle)
    }

    /// Where the window before `time` lies, and how far behind it `time` is as a share of [`HOP`].
    pub(super) fn place(&self, time: f64) -> (usize, f64) {
        let window = ((time / HOP).max(0.0) as usize).min(self.frequencies.len().saturating_sub(2));
        (window, (time - middle(window)) / HOP)
    }
}

/// How much each window has to say, 0 to 1; `None` where all are silent.
fn voices(energies: &[f32]) -> Option<Vec<f32>> {
    let mut sorted = energies.to_vec();
    sorted.sort_by(f32::total_cmp);
    let loud = *sorted.get(sorted.len() * 9 / 10)?;
    (loud > 0.0).then(|| energies.iter().map(|energy| (energy / (FULL_VOICE * loud)).min(1.0)).collect())
}

/// Replaces the total of every tempo by the best that leads there and says where from.
///
/// A cost that grows evenly up to a limit: the best neighbour is found in one pass up and one down, the best of all others
/// is the same for everybody.
fn advance(totals: &mut [f32]) -> Vec<u16> {
    let best = (0..totals.len()).max_by(|&a, &b| totals[a].total_cmp(&totals[b])).unwrap_or(0);
    let ceiling = totals.get(best).map_or(0.0, |total| total - JUMP_COST);
    let mut origins: Vec<u16> = (0..totals.len()).map(|at| at as u16).collect();
    let up = (1..totals.len()).map(|at| (at, at - 1));
    let down = (1..totals.len()).rev().map(|at| (at - 1, at));
    for (at, from) in up.chain(down) {
        if totals[from] - STEP_COST > totals[at] {
            totals[at] = totals[from] - STEP_COST;
            origins[at] = origins[from];
        }
    }
    for (total, origin) in totals.iter_mut().zip(&mut origins) {
        if *total < ceiling {
            *total = ceiling;
            *origin = best as u16;
        }
    }
    origins
}

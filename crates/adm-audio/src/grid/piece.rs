//! A stretch of even tempo.

use super::beats::{Beat, heard_on};
use super::least_squares::Sums;
use std::ops::Range;

/// Error of a heard beat in seconds that costs 1.
pub(super) const ERROR: f64 = 0.003;
/// What a piece costs.
pub(super) const PIECE_COST: f64 = 40.0;
/// What a ramp costs more than a constant tempo.
pub(super) const RAMP_COST: f64 = 20.0;
/// Steps of Newton's method; two are enough where two pieces meet nearly.
const STEPS: usize = 8;

/// The beat count as a polynomial of the time, for beats `first..end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) first: i64,
    pub(super) end: i64,
    /// Time that the polynomial counts from.
    origin: f64,
    /// Beats at the origin, beats a second there, and half of how much that grows each second.
    coefficients: [f64; 3],
}

impl Piece {
    /// Beats at a time.
    pub(super) fn phase(&self, time: f64) -> f64 {
        let t = time - self.origin;
        self.coefficients[0] + t * (self.coefficients[1] + t * self.coefficients[2])
    }

    /// Beats a second at a time.
    pub(super) fn frequency(&self, time: f64) -> f64 {
        self.coefficients[1] + 2.0 * (time - self.origin) * self.coefficients[2]
    }

    /// When a beat comes, in the form of the root that stays exact where the ramp is flat.
    pub(super) fn time_of(&self, beat: f64) -> f64 {
        let [start, slope, bend] = self.coefficients;
        let left = beat - start;
        let root = (slope * slope + 4.0 * bend * left).max(0.0).sqrt();
        self.origin + 2.0 * left / (slope + root)
    }

    /// When it begins and ends.
    pub(super) fn span(&self) -> (f64, f64) {
        (self.time_of(self.first as f64), self.time_of(self.end as f64))
    }

    /// The best piece through the heard beats of a range; a ramp only where it pays. `frequency` is what is expected.
    pub(super) fn through(beats: &[Beat], range: Range<i64>, frequency: f64) -> Self {
        let bends = |sums: &Sums| {
            let [straight, bent] = costs(sums, frequency);
            bent < straight
        };
        Self::fitted(beats, range, frequency, bends)
    }

    /// The best constant tempo through the heard beats of a range.
    pub(super) fn steady(beats: &[Beat], range: Range<i64>, frequency: f64) -> Self {
        Self::fitted(beats, range, frequency, |_| false)
    }

    /// A ramp from a count and a tempo at a time to another tempo `length` seconds later.
    pub(super) fn ramp(range: Range<i64>, (origin, count): (f64, f64), [from, to]: [f64; 2], length: f64) -> Self {
        let coefficients = [count, from, 0.5 * (to - from) / length];
        Self { first: range.start, end: range.end, origin, coefficients }
    }

    fn fitted(beats: &[Beat], range: Range<i64>, frequency: f64, bends: impl Fn(&Sums) -> bool) -> Self {
        let heard = || heard_on(beats, range.clone());
        let total: f64 = heard().map(|beat| beat.weight).sum();
        let mut piece = Self { first: range.start, end: range.end, origin: 0.0, coefficients: [0.0, frequency, 0.0] };
        if total <= 0.0 {
            return piece;
        }
        let mean = |value: fn(&Beat) -> f64| heard().map(|beat| beat.weight * value(beat)).sum::<f64>() / total;
        let (origin, index) = (mean(|beat| beat.time), mean(|beat| beat.index as f64));
        let mut sums = Sums::default();
        for beat in heard() {
            let u = beat.time - origin;
            sums.add((u, beat.index as f64 - index - frequency * u), beat.weight);
        }
        let x = sums.coefficients(if bends(&sums) { 3 } else { 2 });
        piece.origin = origin;
        // The means of u and y are 0 here, but that of u² is not: the constant makes up for the bend.
        piece.coefficients = [index - x[2] * sums.spread(), frequency + x[1], x[2]];
        piece
    }

    /// Whether the tempo is constant.
    pub(super) fn is_steady(&self) -> bool {
        self.coefficients[2] == 0.0
    }

    /// What the errors of the heard beats on it cost.
    pub(super) fn error(&self, beats: &[Beat]) -> f64 {
        let error = |beat: &Beat| (beat.index as f64 - self.phase(beat.time)) / (self.frequency(beat.time) * ERROR);
        heard_on(beats, self.first..self.end).map(|beat| beat.weight * error(beat).powi(2)).sum()
    }

    /// The beat at which two pieces agree, looked for from where they are next to each other.
    pub(super) fn meets(&self, after: &Self) -> Option<f64> {
        let mut time = 0.5 * (self.span().1 + after.span().0);
        for _ in 0..STEPS {
            let closing = self.frequency(time) - after.frequency(time);
            if closing.abs() < 1e-4 {
                return None;
            }
            time -= (self.phase(time) - after.phase(time)) / closing;
        }
        let beat = self.phase(time);
        (time.is_finite() && (beat - after.phase(time)).abs() < 1e-3).then_some(beat)
    }
}

/// What the errors of a constant tempo cost and those of a ramp with what it costs itself.
pub(super) fn costs(sums: &Sums, frequency: f64) -> [f64; 2] {
    let scale = (frequency * ERROR).powi(-2);
    [scale * sums.residual(2), scale * sums.residual(3) + RAMP_COST]
}

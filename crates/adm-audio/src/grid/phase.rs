//! One count of beats for the whole recording.

use super::tempogram::HOP;
use std::ops::Range;

/// Beats since some beat of the recording, at any time. Where bars are known, they begin at multiples of four.
pub(super) struct Phase {
    /// Times, ascending, and the beat count at each.
    pub(super) points: Vec<(f64, f64)>,
    /// Beats a second before the first and after the last point.
    pub(super) edges: [f64; 2],
    /// The points between which beats are heard and not only counted on.
    pub(super) heard: Vec<Range<usize>>,
}

impl Phase {
    /// Beats at a time in seconds.
    pub(super) fn at(&self, time: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= time);
        match (after.checked_sub(1).map(|n| self.points[n]), self.points.get(after)) {
            (Some((from, start)), Some(&(to, end))) => start + (time - from) / (to - from) * (end - start),
            (Some((from, start)), None) => start + (time - from) * self.edges[1],
            (None, Some(&(to, end))) => end - (to - time) * self.edges[0],
            (None, None) => 0.0,
        }
    }

    /// When a beat comes, in seconds.
    pub(super) fn time_of(&self, beat: f64) -> f64 {
        let after = self.points.partition_point(|point| point.1 <= beat);
        match (after.checked_sub(1).map(|n| self.points[n]), self.points.get(after)) {
            (Some((from, start)), Some(&(to, end))) => from + (beat - start) / (end - start) * (to - from),
            (Some((from, start)), None) => from + (beat - start) / self.edges[1],
            (None, Some(&(to, end))) => to - (end - beat) / self.edges[0],
            (None, None) => 0.0,
        }
    }

    /// Whether a beat is heard at a time, and not only counted on.
    pub(super) fn is_heard(&self, time: f64) -> bool {
        let within = |stretch: &Range<usize>| {
            let (first, last) = (self.points[stretch.start].0, self.points[stretch.end - 1].0);
            (first - HOP..=last + HOP).contains(&time)
        };
        self.heard.iter().any(within)
    }
}

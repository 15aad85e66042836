//! The beats of a recording: what a grid file holds.

use crate::AudioError;
use adm_core::{Bpm, Seconds};
use serde::{Deserialize, Serialize};

/// A beat estimated this little before the first frame is the first frame.
pub(super) const BEFORE_START: f64 = 0.02;
/// Beats in a bar.
pub(super) const BAR: usize = 4;

/// How a grid came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GridMethod {
    /// Laid out from a given tempo and offset.
    Fixed,
    /// Followed through the whole recording. (Datasets of before may say `constant-tempo`.)
    #[serde(alias = "constant-tempo")]
    Tracked,
    /// Changed or written by hand.
    Edited,
}

/// The beat times of one recording; they hold for it at every sample rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The tempo of most beats in BPM, 20 to 400.
    pub bpm: f64,
    /// How sure the grid is on average, from 0 (a guess) to 1.
    pub confidence: f64,
    /// How the grid came about.
    pub method: GridMethod,
    /// Stretches of even tempo and confidence, in order, without overlap. A recording without any has one tempo and one
    /// confidence.
    pub regions: Vec<TempoRegion>,
    /// When each bar starts, in seconds, strictly ascending; none where bars are not known.
    pub downbeats: Vec<f64>,
    /// When each beat starts, in seconds from the first frame, strictly ascending, none negative. The last beat is as long
    /// as the one before it.
    pub beats: Vec<f64>,
}

/// A stretch of even tempo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TempoRegion {
    /// When its first beat starts, in seconds.
    pub start: f64,
    /// When its last beat ends, in seconds.
    pub end: f64,
    /// Tempo at its start, in BPM.
    pub start_bpm: f64,
    /// Tempo at its end, in BPM; between the two it moves evenly with time.
    pub end_bpm: f64,
    /// How sure the grid is here, 0 to 1. A region without drums is as sure as its neighbours let it be.
    pub confidence: f64,
}

impl TempoRegion {
    /// When its beats start.
    ///
    /// The tempo is `start + slope·t`, so `(start·t + slope·t²/2)/60` beats have passed after `t` seconds; the times are
    /// the roots of that, in the form that stays exact when the slope is 0.
    pub fn beats(&self) -> impl Iterator<Item = f64> + use<> {
        let Self { start, end, start_bpm, end_bpm, .. } = *self;
        let slope = (end_bpm - start_bpm) / (end - start);
        let time = move |beat: u32| {
            let squared = (start_bpm * start_bpm + 120.0 * slope * f64::from(beat)).max(0.0);
            start + 120.0 * f64::from(beat) / (start_bpm + squared.sqrt())
        };
        // The end is rounded like any number in a file; what lies within a tenth of a beat of it is the next region's.
        let last = end - 6.0 / end_bpm;
        (0..).map(time).take_while(move |&time| time < last)
    }

    fn check(&self) -> Result<(), String> {
        let Self { start, end, start_bpm, end_bpm, confidence } = *self;
        if !(start.is_finite() && end.is_finite() && start < end) {
            return Err(format!("a region cannot last from {start} to {end} seconds"));
        }
        for bpm in [start_bpm, end_bpm] {
            Bpm::new(bpm).map_err(|error| error.to_string())?;
        }
        check_confidence("a region's", confidence)
    }
}

fn check_confidence(whose: &str, confidence: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&confidence) {
        return Ok(());
    }
    Err(format!("{whose} confidence must be between 0 and 1, got {confidence}"))
}

impl Grid {
    /// The beats of `bpm` from `offset` on, over a recording of length `length`; the first one begins a bar.
    pub fn fixed(bpm: Bpm, offset: Seconds, length: Seconds) -> Self {
        let beat = bpm.beat().0;
        let missed = (-offset.0 / beat).ceil().max(0.0);
        let through = offset.0 + missed * beat;
        let first = -((through + BEFORE_START.min(beat / 8.0)) / beat).floor();
        let times = (0u32..).map(|k| (through + (first + f64::from(k)) * beat).max(0.0));
        // Beats before the offset are none, however long the time is that a negative offset would leave for them.
        let beats: Vec<f64> = times.take_while(|&time| time < length.0).filter(|&time| time >= offset.0).collect();
        let region = beats.first().zip(beats.last()).map(|(&start, &last)| TempoRegion {
            start,
            end: last + beat,
            start_bpm: bpm.get(),
            end_bpm: bpm.get(),
            confidence: 1.0,
        });
        Self {
            bpm: bpm.get(),
            confidence: 1.0,
            method: GridMethod::Fixed,
            regions: region.into_iter().collect(),
            downbeats: beats.iter().copied().step_by(BAR).collect(),
            beats,
        }
    }

    /// When beat `index` starts, in seconds. One past the last beat it is where the last one ends; beyond that, `None`.
    pub fn start_of(&self, index: usize) -> Option<f64> {
        match (self.beats.get(index), self.beats.last()) {
            (Some(&time), _) => Some(time),
            (None, Some(&last)) if index == self.beats.len() => Some(last + self.last_beat()),
            _ => None,
        }
    }

    /// Length of the last beat in seconds.
    fn last_beat(&self) -> f64 {
        match self.beats.as_slice() {
            [.., before, last] => last - before,
            _ => 60.0 / self.bpm,
        }
    }

    /// How sure the grid is at a time, 0 to 1.
    pub fn confidence_at(&self, time: f64) -> f64 {
        let after = self.regions.partition_point(|region| region.start <= time + 1e-6);
        match (after.checked_sub(1).and_then(|at| self.regions.get(at)), self.regions.first()) {
            (Some(region), _) | (None, Some(region)) => region.confidence,
            (None, None) => self.confidence,
        }
    }

    /// The tempo that most beats have, and the mean confidence, by the regions.
    pub(super) fn summarised(mut self) -> Self {
        let length = |region: &TempoRegion| region.end - region.start;
        let total: f64 = self.regions.iter().map(length).sum();
        let mut tempi: Vec<(f64, f64)> =
            self.regions.iter().map(|region| (0.5 * (region.start_bpm + region.end_bpm), length(region))).collect();
        tempi.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        let middle = tempi.iter().find(|(_, length)| {
            sum += length;
            sum >= 0.5 * total
        });
        self.bpm = middle.map_or(self.bpm, |(bpm, _)| *bpm);
        if total > 0.0 {
            self.confidence = self.regions.iter().map(|region| region.confidence * length(region)).sum::<f64>() / total;
        }
        self
    }

    /// Checks a grid that came from outside.
    ///
    /// # Errors
    /// [`AudioError::BadGrid`] where a time is not finite, negative or not above the one before it, where regions overlap, or
    /// where a tempo or a confidence is outside its range.
    pub fn check(&self) -> Result<(), AudioError> {
        self.fault().map_err(|reason| AudioError::BadGrid { reason })
    }

    fn fault(&self) -> Result<(), String> {
        Bpm::new(self.bpm).map_err(|error| error.to_string())?;
        check_confidence("its", self.confidence)?;
        self.regions.iter().try_for_each(TempoRegion::check)?;
        if let Some(pair) = self.regions.windows(2).find(|pair| pair[0].end > pair[1].start + 1e-3) {
            return Err(format!("the region from {} s begins before the one before it ends", pair[1].start));
        }
        ascending("beat", &self.beats)?;
        ascending("downbeat", &self.downbeats)
    }
}

fn ascending(what: &str, times: &[f64]) -> Result<(), String> {
    if let Some(time) = times.iter().find(|time| !time.is_finite() || **time < 0.0) {
        return Err(format!("a {what} cannot start at {time} seconds"));
    }
    match times.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(format!("{what} times must ascend, but {} follows {}", pair[1], pair[0])),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(bpm: f64, offset: f64, length: f64) -> Vec<f64> {
        Grid::fixed(Bpm::new(bpm).unwrap(), Seconds(offset), Seconds(length)).beats
    }

    #[test]
    fn a_fixed_grid_starts_at_its_offset_and_ends_with_the_recording() {
        assert_eq!(fixed(120.0, 0.0, 2.0), [0.0, 0.5, 1.0, 1.5]);
        assert_eq!(fixed(120.0, 0.7, 2.0), [0.7, 1.2, 1.7]);
        assert_eq!(fixed(120.0, -0.8, 1.0).len(), 2);
        assert!((fixed(120.0, -0.8, 1.0)[0] - 0.2).abs() < 1e-12);
        assert!(fixed(120.0, 3.0, 2.0).is_empty());
        let late = fixed(130.0, 10.25, 7200.0);
        assert!((late[15_000] - (10.25 + 15_000.0 * 60.0 / 130.0)).abs() < 1e-9, "rounding must not add up");
    }

    #[test]
    fn a_region_lays_out_its_beats() {
        let region = TempoRegion { start: 1.0, end: 3.0, start_bpm: 120.0, end_bpm: 120.0, confidence: 1.0 };
        assert_eq!(region.beats().collect::<Vec<_>>(), [1.0, 1.5, 2.0, 2.5]);
        let ramp = TempoRegion { end_bpm: 180.0, end: 61.0, ..region };
        let times: Vec<f64> = ramp.beats().collect();
        assert_eq!(times.len(), 150, "60 s at 150 BPM on average");
        let at = |time: f64| (120.0 * (time - 1.0) + 0.5 * (time - 1.0).powi(2)) / 60.0;
        assert!(times.iter().enumerate().all(|(beat, &time)| (at(time) - beat as f64).abs() < 1e-9));
    }

    #[test]
    fn confidence_is_that_of_the_region() {
        let mut grid = Grid::fixed(Bpm::new(120.0).unwrap(), Seconds(1.0), Seconds(9.0));
        let region =
            |start: f64, end, confidence| TempoRegion { start, end, start_bpm: 120.0, end_bpm: 120.0, confidence };
        grid.regions = vec![region(1.0, 3.0, 0.9), region(3.0, 9.0, 0.2)];
        assert_eq!([0.0, 1.0, 2.9, 3.0, 20.0].map(|time| grid.confidence_at(time)), [0.9, 0.9, 0.9, 0.2, 0.2]);
        let summary = grid.summarised();
        assert_eq!(summary.bpm, 120.0);
        assert!((summary.confidence - (2.0 * 0.9 + 6.0 * 0.2) / 8.0).abs() < 1e-12);
    }

    #[test]
    fn grids_from_outside_are_checked() {
        let region = TempoRegion { start: 0.1, end: 1.0, start_bpm: 128.0, end_bpm: 128.0, confidence: 0.9 };
        let grid = Grid {
            bpm: 128.0,
            confidence: 0.9,
            method: GridMethod::Edited,
            regions: vec![region],
            downbeats: vec![0.1],
            beats: vec![0.1, 0.6],
        };
        assert!(grid.check().is_ok());
        assert_eq!(grid.start_of(2), Some(0.6 + 0.5));
        assert_eq!(grid.start_of(3), None);
        let message = |change: &dyn Fn(&mut Grid)| {
            let mut bad = grid.clone();
            change(&mut bad);
            bad.check().unwrap_err().to_string()
        };
        for (change, expected) in [
            (
                &(|grid: &mut Grid| grid.bpm = 5.0) as &dyn Fn(&mut Grid),
                "the tempo in BPM must be between 20 and 400, got 5",
            ),
            (&|grid| grid.confidence = f64::NAN, "its confidence must be between 0 and 1, got NaN"),
            (&|grid| grid.beats[0] = -0.5, "a beat cannot start at -0.5 seconds"),
            (&|grid| grid.beats[1] = f64::INFINITY, "a beat cannot start at inf seconds"),
            (&|grid| grid.beats[1] = 0.1, "beat times must ascend, but 0.1 follows 0.1"),
            (&|grid| grid.downbeats.push(0.0), "downbeat times must ascend, but 0 follows 0.1"),
            (&|grid| grid.regions[0].end = 0.1, "a region cannot last from 0.1 to 0.1 seconds"),
            (&|grid| grid.regions[0].end_bpm = 1e9, "the tempo in BPM must be between 20 and 400, got 1000000000"),
            (&|grid| grid.regions[0].confidence = 2.0, "a region's confidence must be between 0 and 1, got 2"),
            (&|grid| grid.regions.push(region), "the region from 0.1 s begins before the one before it ends"),
        ] {
            assert_eq!(message(change), format!("the beat grid is not usable: {expected}"));
        }
    }
}

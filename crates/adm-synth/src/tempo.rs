//! The tempo of a set: a plan, the regions it makes, and the exact time of every beat.

use adm_core::{Bpm, Seconds};
use serde::{Deserialize, Serialize};

/// How the tempo moves through a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TempoPlan {
    /// One tempo throughout.
    Constant(Bpm),
    /// One tempo a track; it steps where the next track comes in.
    Stepped(Vec<Bpm>),
    /// One tempo a track; while two tracks play together it glides evenly from the one to the other.
    Gliding(Vec<Bpm>),
    /// An even ramp from the first beat to the last.
    Ramped {
        /// The tempo of the first beat.
        from: Bpm,
        /// The tempo of the last.
        to: Bpm,
    },
}

impl Default for TempoPlan {
    /// 128 BPM throughout.
    fn default() -> Self {
        Self::Constant(Bpm::try_from(128.0).unwrap_or(Bpm::FOUNDING))
    }
}

/// A stretch of beats over which the tempo is constant or moves evenly in time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TempoRegion {
    /// When it starts.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// Its first beat, counted from the set's first.
    pub first_beat: u64,
    /// How many beats it lasts.
    pub beats: u64,
    /// Tempo at its start.
    pub start_bpm: Bpm,
    /// Tempo at its end.
    pub end_bpm: Bpm,
}

impl TempoRegion {
    /// When a beat `into` the region (a fraction is a place within a beat) comes, in seconds since its start.
    ///
    /// The tempo is `start + slope·t`, so `(start·t + slope·t²/2)/60` beats have passed after `t` seconds; this is the
    /// root of that, in the form that stays exact when the slope is 0.
    fn time_of(&self, into: f64) -> f64 {
        let (start, end) = (self.start_bpm.get(), self.end_bpm.get());
        let slope = (end - start) / (self.end.0 - self.start.0).max(f64::MIN_POSITIVE);
        let squared = (start * start + 120.0 * slope * into).max(0.0);
        120.0 * into / (start + squared.sqrt())
    }
}

/// All regions of a set, and with them the time of every beat.
#[derive(Debug, Clone, PartialEq)]
pub struct TempoMap {
    lead_in: f64,
    regions: Vec<TempoRegion>,
}

impl TempoMap {
    /// A map whose first beat comes after `lead_in`.
    pub fn new(lead_in: Seconds) -> Self {
        Self { lead_in: lead_in.0, regions: Vec::new() }
    }

    /// Adds `beats` beats over which the tempo moves evenly in time from `from` to `to`.
    pub fn push(&mut self, beats: u64, from: Bpm, to: Bpm) {
        if beats == 0 {
            return;
        }
        let start = self.end();
        // An even movement lasts as long as its mean tempo would.
        let seconds = beats as f64 * 120.0 / (from.get() + to.get());
        self.regions.push(TempoRegion {
            start,
            end: Seconds(start.0 + seconds),
            first_beat: self.beats(),
            beats,
            start_bpm: from,
            end_bpm: to,
        });
    }

    /// The regions in order.
    pub fn regions(&self) -> &[TempoRegion] {
        &self.regions
    }

    /// How many beats there are.
    pub fn beats(&self) -> u64 {
        self.regions.last().map_or(0, |last| last.first_beat + last.beats)
    }

    /// When the last beat is over.
    pub fn end(&self) -> Seconds {
        self.regions.last().map_or(Seconds(self.lead_in), |last| last.end)
    }

    /// When `beat` comes; fractions lie within a beat, and beats past the last go on at its tempo.
    pub fn time(&self, beat: f64) -> Seconds {
        let after = |region: &&TempoRegion| beat >= region.first_beat as f64;
        let Some(region) = self.regions.iter().rev().find(after).or(self.regions.first()) else {
            return Seconds(self.lead_in);
        };
        let into = beat - region.first_beat as f64;
        let past = (into - region.beats as f64).max(0.0);
        Seconds(region.start.0 + region.time_of(into - past) + past * region.end_bpm.beat().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bpm(value: f64) -> Bpm {
        Bpm::new(value).unwrap()
    }

    #[test]
    fn a_constant_tempo_is_plain_arithmetic() {
        let mut map = TempoMap::new(Seconds(0.25));
        map.push(640, bpm(128.0), bpm(128.0));
        for beat in 0..640 {
            let expected = 0.25 + f64::from(beat) * 60.0 / 128.0;
            assert!((map.time(f64::from(beat)).0 - expected).abs() < 1e-9, "beat {beat}");
        }
    }

    /// Counts beats by adding up the tempo in steps of a tenth of a millisecond.
    #[test]
    fn a_ramp_agrees_with_a_slow_sum() {
        for (from, to) in [(124.0, 136.0), (174.0, 165.0), (60.0, 200.0)] {
            let mut map = TempoMap::new(Seconds(0.0));
            map.push(64, bpm(from), bpm(to));
            let (end, step) = (map.end().0, 1e-4);
            let (mut passed, mut beat) = (0.0, 1.0);
            for tick in 0..(end / step) as u64 {
                let middle = (tick as f64 + 0.5) * step;
                passed += (from + (to - from) * middle / end) / 60.0 * step;
                if passed >= beat {
                    let time = (tick + 1) as f64 * step;
                    assert!((map.time(beat).0 - time).abs() < 2.0 * step, "{from} to {to}, beat {beat}");
                    beat += 1.0;
                }
            }
            assert!(beat >= 64.0);
            assert!((map.time(64.0).0 - end).abs() < 1e-9);
        }
    }

    #[test]
    fn time_goes_on_across_regions_and_past_the_end() {
        let mut map = TempoMap::new(Seconds(1.0));
        map.push(4, bpm(120.0), bpm(120.0));
        map.push(4, bpm(120.0), bpm(60.0));
        map.push(4, bpm(60.0), bpm(60.0));
        assert_eq!((map.time(0.0).0, map.time(4.0).0), (1.0, 3.0));
        assert!((map.time(8.0).0 - 3.0 - 4.0 * 60.0 / 90.0).abs() < 1e-9);
        assert!((map.time(14.0).0 - map.time(12.0).0 - 2.0).abs() < 1e-9);
        let times: Vec<f64> = (0..140).map(|tenth| map.time(f64::from(tenth) / 10.0).0).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

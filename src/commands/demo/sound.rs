//! What can be measured of the demo's music without ears.

use adm_audio::{OpenSettings, open, read_all};
use adm_core::{Bpm, SampleRate};
use adm_eval::checks::{level, onsets, stereo};
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// How far from a beat a low-band onset may lie: a hundredth of a second is heard as together.
const TOLERANCE: f64 = 0.010;

/// Timing, stereo image and level of a piece.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sound {
    onsets: onsets::GridAgreement,
    /// Of left and right; 1 is mono.
    correlation: f64,
    side_to_mid_db: f64,
    levels: level::Levels,
}

impl Sound {
    /// Of a piece of `beats` beats at `bpm`.
    pub fn of(wav: &Path, bpm: f64, beats: u64) -> Result<Self> {
        let rate = SampleRate::CD;
        let samples = read_all(&mut *open(wav, OpenSettings { rate, channels: Some(2) })?)?;
        let bpm = Bpm::new(bpm)?;
        let grid: Vec<f64> = (0..beats).map(|beat| beat as f64 * bpm.beat().0).collect();
        let found = onsets::low_band_onsets(&samples, 2, rate);
        Ok(Self {
            onsets: onsets::grid_agreement(&found, &grid, TOLERANCE),
            correlation: stereo::correlation(&samples),
            side_to_mid_db: stereo::side_to_mid_db(&samples),
            levels: level::levels(&samples, 2),
        })
    }
}

impl fmt::Display for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { onsets, correlation, side_to_mid_db, levels } = self;
        write!(
            f,
            "{:.0} % of beats have a low-band onset within 10 ms (median {:+.1} ms); left-right correlation \
             {correlation:.2}, side {side_to_mid_db:.1} dB to mid; {} clips",
            100.0 * onsets.recall,
            onsets.median_deviation_ms,
            levels.clips
        )
    }
}

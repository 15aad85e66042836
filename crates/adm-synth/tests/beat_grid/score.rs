//! How well beats that were found agree with the true ones.
//!
//! The F-measure is mir_eval's (Raffel and others, "mir_eval: a transparent implementation of common MIR metrics", ISMIR
//! 2014; the measure itself is Dixon's, "Evaluation of the audio beat tracking system BeatRoot", JNMR 36, 2007): beats of
//! the first [`TRIM`] seconds are left out of both lists, each true beat is paired with at most one found beat within the
//! window so that as many as possible are paired, and with precision `P` (paired of those found) and recall `R` (paired of
//! the true ones)
//!
//! ```text
//! F = 2·P·R/(P + R)
//! ```

use adm_audio::{Grid, grid};
use adm_synth::{Annotations, TempoRegion};

/// Beats before this are not judged, in seconds.
const TRIM: f64 = 5.0;
/// The widest window, within which errors are measured, in seconds.
pub const WIDE: f64 = 0.070;
/// The windows of the F-measure, in seconds.
pub const WINDOWS: [f64; 3] = [WIDE, 0.025, 0.010];
/// Beats at each end of a constant region whose tempo is not judged: a change is placed to the bar.
const EDGE: usize = 8;

/// What a grid is worth.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// F-measure of the beats in each of [`WINDOWS`].
    pub beats: [f64; 3],
    /// F-measure of the downbeats in [`WIDE`].
    pub downbeats: f64,
    /// Mean error of the paired beats in seconds; above 0 they come late.
    pub bias: f64,
    /// Median absolute deviation of their errors from their median, in seconds.
    pub deviation: f64,
    /// The largest error of the tempo where it is constant, in BPM; `None` where it is nowhere.
    pub tempo: Option<f64>,
}

impl Score {
    /// Judges a grid.
    pub fn of(found: &Grid, truth: &Annotations) -> Self {
        let errors = errors(&truth.beats, &found.beats);
        let middle = median(errors.clone());
        Self {
            beats: WINDOWS.map(|window| f_measure(&truth.beats, &found.beats, window)),
            downbeats: f_measure(&truth.downbeats, &found.downbeats, WIDE),
            bias: errors.iter().sum::<f64>() / errors.len().max(1) as f64,
            deviation: median(errors.iter().map(|error| (error - middle).abs()).collect()),
            tempo: truth.tempo.iter().filter_map(|region| tempo_error(region, found, truth)).reduce(f64::max),
        }
    }

    /// What stands above the lines of a table.
    pub const HEAD: &str = "   F70    F25    F10  down70  bias ms  MAD ms  tempo BPM  confidence  x real time";

    /// Its figures in a row.
    pub fn line(&self) -> String {
        let Self { beats: [wide, middle, narrow], downbeats, bias, deviation, tempo } = self;
        let tempo = tempo.map_or_else(|| "-".to_owned(), |error| format!("{error:.4}"));
        format!(
            "{wide:6.4} {middle:6.4} {narrow:6.4}  {downbeats:6.4}  {:7.2} {:7.2}  {tempo:>9}",
            1e3 * bias,
            1e3 * deviation
        )
    }
}

/// See the module's documentation; both lists ascend.
pub fn f_measure(truth: &[f64], found: &[f64], window: f64) -> f64 {
    let (truth, found) = (trimmed(truth), trimmed(found));
    let paired = pairs(truth, found, window).len() as f64;
    if paired == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (paired / found.len() as f64, paired / truth.len() as f64);
    2.0 * precision * recall / (precision + recall)
}

fn trimmed(beats: &[f64]) -> &[f64] {
    &beats[beats.partition_point(|&beat| beat < TRIM)..]
}

/// As many pairs as there can be: all windows are equally wide, so the first beat that will do is never a worse choice than
/// a later one.
fn pairs(truth: &[f64], found: &[f64], window: f64) -> Vec<(f64, f64)> {
    let mut next = 0;
    let pair = |&time: &f64| {
        // The bounds are rounded as mir_eval rounds them.
        while found.get(next).is_some_and(|&beat| time > beat + window) {
            next += 1;
        }
        let beat = *found.get(next).filter(|&&beat| time >= beat - window)?;
        next += 1;
        Some((time, beat))
    };
    truth.iter().filter_map(pair).collect()
}

/// By how much the paired beats come late, in seconds.
fn errors(truth: &[f64], found: &[f64]) -> Vec<f64> {
    pairs(trimmed(truth), trimmed(found), WIDE).iter().map(|(time, beat)| beat - time).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The largest error of the tempo at the beats of a region; `None` where it is not constant or too short.
fn tempo_error(region: &TempoRegion, found: &Grid, truth: &Annotations) -> Option<f64> {
    let (first, beats) = (region.first_beat as usize, region.beats as usize);
    if region.start_bpm != region.end_bpm || beats <= 2 * EDGE {
        return None;
    }
    let error = |&time: &f64| (tempo_at(found, time) - region.start_bpm.get()).abs();
    truth.beats[first + EDGE..first + beats - EDGE].iter().map(error).reduce(f64::max)
}

/// The tempo that a grid has at a time, in BPM.
fn tempo_at(found: &Grid, time: f64) -> f64 {
    let after = found.regions.partition_point(|region| region.start <= time);
    let Some(&grid::TempoRegion { start, end, start_bpm, end_bpm, .. }) = found.regions.get(after.saturating_sub(1))
    else {
        return found.bpm;
    };
    start_bpm + (end_bpm - start_bpm) * ((time - start) / (end - start)).clamp(0.0, 1.0)
}

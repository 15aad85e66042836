//! How stimuli are made alike.

use serde::{Deserialize, Serialize};

/// What all stimuli shall have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SoundSpec {
    /// Length of every stimulus. Longer sounds are cut, shorter ones are an error. Ten seconds are usual; four bars at 128 BPM
    /// are 7.5.
    pub seconds: f64,
    /// Frames a second. More than the generator's gives nothing.
    pub sample_rate: u32,
    /// 1 or 2.
    pub channels: usize,
    /// Loudness of every stimulus (EBU R 128). Where a peak would pass `true_peak`, all are made quieter together.
    pub loudness: f64,
    /// Highest true peak.
    pub true_peak: f64,
    /// Highest frequency of every stimulus.
    pub bandwidth: Bandwidth,
    /// Round trip through tensors, so that what was recorded has been through what generated beats come from.
    pub round_trip: Option<RoundTrip>,
    /// Fade in and out of every stimulus, against clicks. 0 keeps a loop's seam.
    pub edge: f64,
    /// Whether samples go round and round until they are stopped.
    pub looped: bool,
}

impl Default for SoundSpec {
    fn default() -> Self {
        Self {
            seconds: 10.0,
            sample_rate: 44_100,
            channels: 2,
            loudness: -23.0,
            true_peak: -1.0,
            bandwidth: Bandwidth::default(),
            round_trip: None,
            edge: 0.01,
            looped: true,
        }
    }
}

/// Highest frequency of every stimulus.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bandwidth {
    /// That of the dullest stimulus: otherwise a spectrum tells who made it.
    #[default]
    Lowest,
    /// Each keeps its own. What differs between truths is reported.
    AsItIs,
    /// `{ hz = 8000 }`.
    Hz(f64),
}

/// A round trip through tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundTrip {
    /// The truths whose sounds take it.
    pub truths: Vec<String>,
    /// The representation's name, with its defaults.
    #[serde(default = "founding")]
    pub representation: String,
    /// Rate of the slices, in Hz; usually the generator's. Where none is said, each sound's own.
    #[serde(default)]
    pub sample_rate: Option<u32>,
    /// Tempo whose beats are the slices. A dataset's slices stay what they are at their own rate.
    #[serde(default = "founding_bpm")]
    pub bpm: f64,
}

fn founding() -> String {
    "stereo-complex".to_owned()
}

fn founding_bpm() -> f64 {
    130.0
}

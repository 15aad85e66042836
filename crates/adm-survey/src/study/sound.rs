//! How stimuli are made alike.

use adm_spectral::RepresentationConfig;
use serde::{Deserialize, Serialize};

/// What all stimuli shall have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SoundSpec {
    /// Length of every stimulus in seconds, 1 to 600; 10 where none is said. Longer sounds are cut, shorter ones are an error; four
    /// bars at 128 BPM are 7.5. More lets people hear more, tires them, and makes the bundle larger in proportion.
    pub seconds: f64,
    /// Frames a second, 8,000 to 96,000; 44,100 where none is said. More than the generator's gives nothing but size.
    pub sample_rate: u32,
    /// 1 or 2; 2 where none is said.
    pub channels: usize,
    /// Loudness of every stimulus in LUFS (EBU R 128), −60 to −5; −23 where none is said. More is louder. Where a peak would pass
    /// `true_peak`, all are made quieter together.
    pub loudness: f64,
    /// Highest true peak in dBTP, −20 to 0; −1 where none is said. Less makes all quieter once a peak would pass it.
    pub true_peak: f64,
    /// Highest frequency of every stimulus.
    pub bandwidth: Bandwidth,
    /// Round trip through tensors, so that what was recorded has been through what generated beats come from.
    pub round_trip: Option<RoundTrip>,
    /// Fade in and out of every stimulus in seconds, against clicks: 0 to a quarter of `seconds`; 0.01 where none is said. More is
    /// softer; 0 keeps a loop's seam.
    pub edge: f64,
    /// Whether samples go round and round until they are stopped; they do where nothing is said.
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
    /// `{ hz = 8000 }`: 500 to half the rate. More leaves more treble, and more of what differs there.
    Hz(f64),
}

/// A round trip through tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundTrip {
    /// The truths whose sounds take it.
    pub truths: Vec<String>,
    /// The representation's name, with its defaults; `stereo-complex` where none is said.
    #[serde(default = "founding")]
    pub representation: String,
    /// Rate of the slices in Hz, 8,000 to 96,000; usually the generator's. Where none is said, each sound's own.
    #[serde(default)]
    pub sample_rate: Option<u32>,
    /// Tempo whose beats are the slices, of stimuli with a `round_trip` of their own too: 40 to 300; 130 where none is said. More makes
    /// slices shorter, and seams more. A dataset's slices stay what they are at their own rate.
    #[serde(default = "founding_bpm")]
    pub bpm: f64,
}

/// The representation of a name, with its defaults.
///
/// # Errors
/// Another name; the message lists all.
pub(crate) fn representation(name: &str) -> Result<RepresentationConfig, serde_json::Error> {
    serde_json::from_value(serde_json::json!({ "name": name }))
}

fn founding() -> String {
    "stereo-complex".to_owned()
}

fn founding_bpm() -> f64 {
    130.0
}

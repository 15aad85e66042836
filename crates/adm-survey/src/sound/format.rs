//! What all stimuli have in common, in frames.

use crate::SurveyError;
use crate::sources::nearest;
use crate::study::SoundSpec;
use adm_core::{SampleRate, Seconds};

/// Shortest and longest stimulus in seconds: loudness is measured in blocks of 0.4 s, and a WAV file holds 4 GiB at most. A study may
/// ask for less, and its ranges are held when it is read; here they are only kept from overflowing.
const LENGTHS: [f64; 2] = [0.5, 600.0];

/// What all stimuli have in common, in frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Format {
    pub rate: SampleRate,
    /// 1 or 2.
    pub channels: usize,
    pub seconds: f64,
    pub frames: usize,
    /// Frames of the fades in and out.
    pub edge: usize,
    /// Whether the end goes on at the beginning: nothing that is done may be heard at the seam then.
    pub wraps: bool,
}

impl Format {
    /// Reads settings. What no study may ask for is taken as the nearest that can be made.
    ///
    /// # Errors
    /// A rate that nothing has.
    pub fn new(settings: &SoundSpec) -> Result<Self, SurveyError> {
        let rate = SampleRate::new(settings.sample_rate).map_err(|error| SurveyError::SoundSetting {
            key: "sound.sample_rate".to_owned(),
            expected: format!("{} to {} Hz", error.low, error.high),
            actual: format!("{} Hz", error.got),
        })?;
        let seconds = nearest(settings.seconds, LENGTHS);
        let edge = nearest(settings.edge, [0.0, seconds / 4.0]);
        let frames = |seconds: f64| Seconds(seconds).frames(rate).0 as usize;
        Ok(Self {
            rate,
            channels: settings.channels.clamp(1, 2),
            seconds,
            frames: frames(seconds),
            edge: frames(edge),
            wraps: settings.looped && edge == 0.0,
        })
    }
}

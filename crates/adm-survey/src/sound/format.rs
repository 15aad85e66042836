//! What all stimuli have in common, in frames.

use crate::SurveyError;
use crate::sources::{LONGEST, SHORTEST, within};
use crate::study::{Bandwidth, SoundSpec};
use adm_core::{SampleRate, Seconds};

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
    /// Reads settings.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn new(settings: &SoundSpec) -> Result<Self, SurveyError> {
        let key = |name: &str| format!("sound.{name}");
        within(key("seconds"), settings.seconds, [SHORTEST, LONGEST], "s")?;
        within(key("sample_rate"), f64::from(settings.sample_rate), [8_000.0, 192_000.0], "Hz")?;
        within(key("channels"), settings.channels as f64, [1.0, 2.0], "")?;
        within(key("loudness"), settings.loudness, [-60.0, 0.0], "LUFS")?;
        within(key("true_peak"), settings.true_peak, [-40.0, 0.0], "dBTP")?;
        within(key("edge"), settings.edge, [0.0, settings.seconds / 4.0], "s")?;
        if let Bandwidth::Hz(hz) = settings.bandwidth {
            within(key("bandwidth.hz"), hz, [500.0, f64::from(settings.sample_rate) / 2.0], "Hz")?;
        }
        let rate = SampleRate::new(settings.sample_rate).map_err(|error| SurveyError::SoundSetting {
            key: key("sample_rate"),
            expected: format!("{} to {} Hz", error.low, error.high),
            actual: format!("{} Hz", error.got),
        })?;
        let frames = |seconds: f64| Seconds(seconds).frames(rate).0 as usize;
        Ok(Self {
            rate,
            channels: settings.channels,
            seconds: settings.seconds,
            frames: frames(settings.seconds),
            edge: frames(settings.edge),
            wraps: settings.looped && settings.edge == 0.0,
        })
    }
}

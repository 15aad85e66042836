//! Numbers that any program reads off a WAV file.

use super::separation::Separation;
use super::{Leak, Severity};
use crate::sound::level::loudness;
use crate::sound::spectrum::Spectrum;
use crate::sound::wav::HEADER;
use crate::study::Bandwidth;
use adm_core::SampleRate;
use std::collections::BTreeMap;

/// What lies below this is quiet, in steps of 16 bits: −80 dBFS.
const QUIET: i16 = 3;
/// Level of the sides below the middle at which a sound is mono, in dB: what dither leaves of one is less.
const MONO: f64 = -50.0;

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Feature {
    /// Bytes.
    Size,
    /// Milliseconds below −80 dBFS at the beginning.
    QuietStart,
    /// The same at the end.
    QuietEnd,
    /// Mean in steps of 16 bits.
    Constant,
    /// LUFS.
    Loudness,
    /// dBFS.
    Peak,
    /// Peak above the root mean square, in dB.
    Crest,
    /// Hz.
    Bandwidth,
    /// dBFS of the quietest band.
    Floor,
    /// dBFS of all above so many Hz.
    Above(u32),
    /// dB of the sides over the middle.
    Width,
    /// dB of the left over the right.
    Balance,
}

impl Feature {
    pub const ALL: [Self; 15] = [
        Self::Size,
        Self::QuietStart,
        Self::QuietEnd,
        Self::Constant,
        Self::Loudness,
        Self::Peak,
        Self::Crest,
        Self::Bandwidth,
        Self::Floor,
        Self::Above(4_000),
        Self::Above(8_000),
        Self::Above(12_000),
        Self::Above(16_000),
        Self::Width,
        Self::Balance,
    ];

    /// Says what was found; `highest` is the highest bandwidth of all stimuli in Hz.
    pub fn leak(self, found: Separation, highest: f64, bandwidth: Bandwidth) -> Leak {
        let (severity, mend) = self.judge(&found, highest, bandwidth);
        Leak { severity, feature: self.to_string(), ranges: found.ranges, p: found.p, mend }
    }

    fn judge(self, found: &Separation, highest: f64, bandwidth: Bandwidth) -> (Severity, String) {
        let [low, high] = &found.ranges;
        let of_bandwidth = match bandwidth {
            Bandwidth::AsItIs => (Severity::Warning, "sound.bandwidth = \"lowest\"".to_owned()),
            _ => (Severity::Error, format!("sound.bandwidth = {{ hz = {:.0} }}", rounded_down(low.1[0].min(highest)))),
        };
        match self {
            Self::Size => (Severity::Error, "sound.seconds, sound.sample_rate or sound.channels".to_owned()),
            Self::QuietStart => (Severity::Warning, "a later file.start, or another recording".to_owned()),
            Self::QuietEnd => (Severity::Warning, "a shorter sound.seconds, or another recording".to_owned()),
            Self::Constant => (Severity::Error, String::new()),
            Self::Loudness => (Severity::Error, "sound.loudness, not as low".to_owned()),
            Self::Bandwidth => of_bandwidth,
            Self::Floor | Self::Above(_) if bandwidth == Bandwidth::AsItIs => of_bandwidth,
            Self::Floor => (Severity::Error, "a lower sound.bandwidth = { hz = … }".to_owned()),
            Self::Above(hz) if f64::from(hz) >= highest => {
                (Severity::Error, "a lower sound.bandwidth = { hz = … }".to_owned())
            }
            Self::Above(hz) => (Severity::Warning, format!("sound.bandwidth = {{ hz = {hz} }}")),
            Self::Width if low.1[1] < MONO && high.1[0] > MONO => (Severity::Error, "sound.channels = 1".to_owned()),
            Self::Width | Self::Balance => (Severity::Note, "sound.channels = 1".to_owned()),
            Self::Peak | Self::Crest => (Severity::Note, String::new()),
        }
    }
}

impl std::fmt::Display for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Size => f.write_str("size in bytes"),
            Self::QuietStart => f.write_str("quiet at the beginning in ms"),
            Self::QuietEnd => f.write_str("quiet at the end in ms"),
            Self::Constant => f.write_str("mean in steps of 16 bits"),
            Self::Loudness => f.write_str("loudness in LUFS"),
            Self::Peak => f.write_str("sample peak in dBFS"),
            Self::Crest => f.write_str("crest in dB"),
            Self::Bandwidth => f.write_str("bandwidth in Hz"),
            Self::Floor => f.write_str("noise floor in dBFS"),
            Self::Above(hz) => write!(f, "level above {hz} Hz in dBFS"),
            Self::Width => f.write_str("stereo width in dB"),
            Self::Balance => f.write_str("left over right in dB"),
        }
    }
}

/// What was measured of one file. What it is too damaged or has too few channels for is not there.
#[derive(Debug, Default)]
pub(super) struct Features(BTreeMap<Feature, f64>);

impl Features {
    /// Of a WAV file as [`prepare`](crate::sound::prepare) writes it.
    pub fn of(wav: &[u8]) -> Self {
        let mut features = Self(BTreeMap::from([(Feature::Size, wav.len() as f64)]));
        if let Some(pcm) = Pcm::of(wav) {
            features.measure_wave(&pcm);
            features.measure_spectrum(&pcm);
            if pcm.channels == 2 {
                features.measure_stereo(&pcm);
            }
        }
        features
    }

    pub fn get(&self, feature: Feature) -> Option<f64> {
        self.0.get(&feature).copied()
    }

    fn measure_wave(&mut self, pcm: &Pcm) {
        let milliseconds = |frames: usize| 1_000.0 * frames as f64 / pcm.rate.as_f64();
        let is_quiet = |frame: &&[i16]| frame.iter().all(|sample| sample.unsigned_abs() <= QUIET.unsigned_abs());
        let frames = || pcm.steps.chunks_exact(pcm.channels);
        let peak = pcm.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let power = pcm.samples.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / pcm.samples.len() as f64;
        let mean = pcm.steps.iter().map(|&step| i64::from(step)).sum::<i64>() as f64 / pcm.steps.len() as f64;
        self.0.insert(Feature::QuietStart, milliseconds(frames().take_while(is_quiet).count()));
        self.0.insert(Feature::QuietEnd, milliseconds(frames().rev().take_while(is_quiet).count()));
        self.0.insert(Feature::Constant, to(0.01, mean));
        self.0.insert(Feature::Peak, decibels(f64::from(peak).powi(2)));
        self.0.insert(Feature::Crest, decibels(f64::from(peak).powi(2)) - decibels(power));
        if let Ok(lufs) = loudness(&pcm.samples, 0.0, pcm.channels, pcm.rate) {
            self.0.insert(Feature::Loudness, to(0.001, lufs));
        }
    }

    fn measure_spectrum(&mut self, pcm: &Pcm) {
        let spectrum = Spectrum::of(&pcm.samples, pcm.channels, pcm.rate);
        let nyquist = pcm.rate.as_f64() / 2.0;
        self.0.insert(Feature::Bandwidth, spectrum.bandwidth());
        self.0.insert(Feature::Floor, to(0.1, spectrum.levels.iter().copied().fold(f64::INFINITY, f64::min)));
        for feature in Feature::ALL {
            if let Feature::Above(hz) = feature
                && f64::from(hz) < nyquist
            {
                self.0.insert(feature, to(0.1, spectrum.between(f64::from(hz), nyquist)));
            }
        }
    }

    fn measure_stereo(&mut self, pcm: &Pcm) {
        let power = |of: fn(f32, f32) -> f32| {
            let frames = pcm.samples.as_chunks::<2>().0.iter();
            frames.map(|&[left, right]| f64::from(of(left, right)).powi(2)).sum::<f64>()
        };
        let sides = decibels(power(|left, right| left - right)) - decibels(power(|left, right| left + right));
        // Of two mono sounds neither is narrower: what differs is dither.
        self.0.insert(Feature::Width, sides.max(MONO - 1.0));
        let balance = decibels(power(|left, _| left)) - decibels(power(|_, right| right));
        self.0.insert(Feature::Balance, to(0.001, balance));
    }
}

/// What a WAV file of 16 bits holds.
struct Pcm {
    rate: SampleRate,
    channels: usize,
    steps: Vec<i16>,
    samples: Vec<f32>,
}

impl Pcm {
    fn of(wav: &[u8]) -> Option<Self> {
        let (header, data) = wav.split_at_checked(HEADER)?;
        let channels = usize::from(u16::from_le_bytes([header[22], header[23]]));
        let rate = u32::from_le_bytes([header[24], header[25], header[26], header[27]]);
        let steps: Vec<i16> = data.as_chunks::<2>().0.iter().map(|&bytes| i16::from_le_bytes(bytes)).collect();
        let samples = steps.iter().map(|&step| f32::from(step) / 32_768.0).collect();
        let usable = matches!(channels, 1 | 2) && !steps.is_empty() && steps.len().is_multiple_of(channels);
        let rate = SampleRate::new(rate).ok()?;
        usable.then_some(Self { rate, channels, steps, samples })
    }
}

fn decibels(power: f64) -> f64 {
    10.0 * power.max(1e-20).log10()
}

/// To the nearest multiple: finer differences are the dither's.
fn to(step: f64, value: f64) -> f64 {
    (value / step).round() * step
}

/// A frequency a little below, in hundreds of Hz.
fn rounded_down(hz: f64) -> f64 {
    (hz * 0.95 / 100.0).floor().max(5.0) * 100.0
}

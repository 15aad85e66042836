//! What any program reads off a WAV file.

use super::features::{ABOVE, BELOW, Feature};
use super::marks::Mark;
use super::{lows, repeats};
use crate::sound::level::loudness;
use crate::sound::spectrum::Spectrum;
use crate::sound::wav::HEADER;
use adm_core::SampleRate;
use std::collections::{BTreeMap, BTreeSet};

/// What lies below this is quiet, in steps of 16 bits: −80 dBFS.
const QUIET: u16 = 3;
/// What dither makes of nothing is no more than this, in steps of 16 bits.
const NOTHING: u16 = 1;
/// Seconds of nothing that are digital silence: fades take less.
const SILENCE: f64 = 0.02;
/// Level of the sides below the middle at which a sound has no width, in dB. Narrow mixes have −25; what lossy codecs and dither make
/// of mono lies below.
const MONO: f64 = -40.0;
/// Widths below are one, in dB: of two mono sounds neither is narrower, and what differs is dither.
const NARROWEST: f64 = -50.0;
/// Levels below the lowest notes that are one, in dB of full scale: what differs is dither.
const LOWEST: f64 = -100.0;
/// What two dithers leave of a repeat at most, in steps of 16 bits squared: 6 dB above what they have.
const EXACT: f64 = 2.0;
/// What is left of a passage that comes again exactly at most, in dB: loops of a quiet mix, which dither alone could make alike, have
/// more.
const REPEATED: f64 = -50.0;
/// Repeats that leave less than this of a sound are one, in dB.
const MOST_EXACT: f64 = -80.0;
/// A mean that is no rounding's, in steps of 16 bits.
const CONSTANT: f64 = 0.5;
/// Bands that the common filter's slope takes.
const SLOPE: f64 = 3.0;

/// What was measured of one file. What it is too damaged or has too few channels for is not there.
#[derive(Debug, Default)]
pub(super) struct Measured {
    numbers: BTreeMap<Feature, f64>,
    marks: BTreeSet<Mark>,
    spectrum: Option<Spectrum>,
}

impl Measured {
    /// Of a WAV file as [`prepare`](crate::sound::prepare) writes it.
    pub fn of(wav: &[u8]) -> Self {
        let mut found = Self::default();
        found.numbers.insert(Feature::Size, wav.len() as f64);
        if let Some(pcm) = Pcm::of(wav) {
            found.measure_wave(&pcm);
            found.measure_silence(&pcm);
            found.measure_spectrum(&pcm);
            found.measure_lows(&pcm);
            found.measure_repeats(&pcm);
            if pcm.channels == 2 {
                found.measure_stereo(&pcm);
            }
        }
        found
    }

    pub fn get(&self, feature: Feature) -> Option<f64> {
        self.numbers.get(&feature).copied()
    }

    pub fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    /// A number, to the nearest multiple of a step: finer differences are the dither's.
    fn insert(&mut self, feature: Feature, step: f64, value: f64) {
        self.numbers.insert(feature, (value / step).round() * step);
    }

    fn mark(&mut self, mark: Mark, is: bool) {
        if is {
            self.marks.insert(mark);
        }
    }

    fn measure_wave(&mut self, pcm: &Pcm) {
        let peak = pcm.samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let power = pcm.samples.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / pcm.samples.len() as f64;
        let mean = pcm.steps.iter().map(|&step| i64::from(step)).sum::<i64>() as f64 / pcm.steps.len() as f64;
        self.insert(Feature::Constant, 0.01, mean);
        self.mark(Mark::Constant, mean.abs() >= CONSTANT);
        self.insert(Feature::Peak, 0.001, decibels(f64::from(peak).powi(2)));
        self.insert(Feature::Crest, 0.001, decibels(f64::from(peak).powi(2)) - decibels(power));
        if let Ok(lufs) = loudness(&pcm.samples, 0.0, pcm.channels, pcm.rate) {
            self.insert(Feature::Loudness, 0.05, lufs);
        }
    }

    fn measure_silence(&mut self, pcm: &Pcm) {
        let frames = || pcm.steps.chunks_exact(pcm.channels);
        let within = |frame: &[i16], most: u16| frame.iter().all(|step| step.unsigned_abs() <= most);
        let milliseconds = |frames: usize| 1_000.0 * frames as f64 / pcm.rate.as_f64();
        let quiet = |frame: &&[i16]| within(frame, QUIET);
        self.insert(Feature::QuietStart, 0.1, milliseconds(frames().take_while(quiet).count()));
        self.insert(Feature::QuietEnd, 0.1, milliseconds(frames().rev().take_while(quiet).count()));
        let (mut run, mut longest) = (0usize, 0);
        for frame in frames() {
            run = if within(frame, NOTHING) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        self.mark(Mark::Silence, longest as f64 >= SILENCE * pcm.rate.as_f64());
    }

    fn measure_spectrum(&mut self, pcm: &Pcm) {
        let spectrum = Spectrum::of(&pcm.samples, pcm.channels, pcm.rate);
        let nyquist = pcm.rate.as_f64() / 2.0;
        self.insert(Feature::Bandwidth, 1.0, spectrum.bandwidth());
        self.insert(Feature::Floor, 0.5, spectrum.levels.iter().copied().fold(f64::INFINITY, f64::min));
        for hz in ABOVE.into_iter().filter(|&hz| f64::from(hz) < nyquist) {
            self.insert(Feature::Above(hz), 0.1, spectrum.between(f64::from(hz), nyquist));
        }
        self.spectrum = Some(spectrum);
    }

    /// How steeply the last third of an octave below the highest frequency of all sounds falls: its upper half against its lower one.
    pub fn measure_slope(&mut self, highest: f64) {
        let Some(spectrum) = self.spectrum.take() else { return };
        let end = highest - SLOPE * spectrum.width;
        let [middle, low] = [end * (-1.0f64 / 6.0).exp2(), end * (-1.0f64 / 3.0).exp2()];
        let density = |from: f64, to: f64| spectrum.between(from, to) - 10.0 * (to - from).log10();
        let slope = density(middle, end) - density(low, middle);
        if slope.is_finite() {
            self.insert(Feature::Slope, 0.1, slope);
        }
    }

    fn measure_lows(&mut self, pcm: &Pcm) {
        let levels = lows::levels(&pcm.samples, pcm.channels, pcm.rate.as_f64(), BELOW.map(f64::from));
        for (hz, level) in BELOW.into_iter().zip(levels) {
            self.insert(Feature::Below(hz), 0.5, level.max(LOWEST));
        }
    }

    fn measure_repeats(&mut self, pcm: &Pcm) {
        if let Some(found) = repeats::best(&pcm.steps, pcm.channels) {
            let left = decibels(found.rest / found.power);
            self.insert(Feature::Repeat, 1.0, left.max(MOST_EXACT));
            self.mark(Mark::Repeat, found.rest <= EXACT && left <= REPEATED);
        }
    }

    fn measure_stereo(&mut self, pcm: &Pcm) {
        let power = |of: fn(f32, f32) -> f32| {
            let frames = pcm.samples.as_chunks::<2>().0.iter();
            frames.map(|&[left, right]| f64::from(of(left, right)).powi(2)).sum::<f64>()
        };
        let sides = decibels(power(|left, right| left - right)) - decibels(power(|left, right| left + right));
        self.insert(Feature::Width, 0.001, sides.max(NARROWEST));
        self.mark(Mark::Mono, sides < MONO);
        self.insert(Feature::Balance, 0.001, decibels(power(|left, _| left)) - decibels(power(|_, right| right)));
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

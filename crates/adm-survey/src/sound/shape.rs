//! One rate, one number of channels, one length; and back through tensors on the way.

use super::format::Format;
use super::join::Cut;
use super::trip::Trip;
use crate::SurveyError;
use crate::sources::{RawSound, Slices};
use adm_audio::source::read_all;
use adm_audio::{AudioError, Memory, Resampler};
use adm_core::SampleRate;

/// Seconds that are kept beyond the end while there is more to do, so that the end is not the resampler's own.
const MARGIN: f64 = 0.1;
/// Frames of what wraps that are laid before its beginning and after its end while it is resampled: longer than the
/// resampler's filter.
const WRAPPED: usize = 4_096;

/// Music at some rate, interleaved.
struct Music {
    samples: Vec<f32>,
    channels: usize,
    rate: SampleRate,
}

/// A sound in the stimuli's format: `format.frames` frames, interleaved.
///
/// # Errors
/// A round trip that is not possible; slices that cannot be joined; rates without a resampler.
pub(super) fn shape(raw: &RawSound, trip: Option<&Trip>, format: &Format) -> Result<Vec<f32>, SurveyError> {
    let broken = |source: AudioError| SurveyError::Sound { id: raw.id.clone(), source };
    let music = Music {
        samples: remixed(&raw.samples, raw.channels, format.channels),
        channels: format.channels,
        rate: raw.rate,
    };
    let (music, trip) = match raw.slices {
        Some(layout) => joined(raw, music, layout, trip, format)?,
        None => (music.cut(format), trip),
    };
    let music = match trip {
        Some(trip) => {
            let rate = trip.rate.unwrap_or(music.rate);
            there_and_back(&raw.id, music.at(rate, format.wraps).map_err(broken)?, trip, format)?
        }
        None => music,
    };
    let mut samples = music.at(format.rate, format.wraps).map_err(broken)?.samples;
    samples.resize(format.frames * format.channels, 0.0);
    Ok(samples)
}

/// Joins the slices of a dataset. They take the trip themselves where it is made at their rate; another is still to be made.
fn joined<'a>(
    raw: &RawSound,
    music: Music,
    layout: Slices,
    trip: Option<&'a Trip>,
    format: &Format,
) -> Result<(Music, Option<&'a Trip>), SurveyError> {
    let Music { samples, channels, rate } = music;
    let mut cut = Cut::whole(&samples, layout, rate, channels);
    cut.slices.truncate(layout.count(frames(format.seconds + MARGIN, rate)));
    let own = trip.filter(|trip| trip.rate.is_none_or(|wanted| wanted == rate));
    own.map_or(Ok(()), |trip| trip.take(&raw.id, &mut cut))?;
    let most = layout.start(cut.slices.len());
    let length = frames(if format.wraps { format.seconds } else { format.seconds + MARGIN }, rate).min(most);
    let samples = cut.join(length, format.wraps).map_err(failed(&raw.id))?;
    Ok((Music { samples, channels, rate }, trip.filter(|_| own.is_none())))
}

/// Cuts music into beats, takes them through tensors and joins them again.
fn there_and_back(id: &str, music: Music, trip: &Trip, format: &Format) -> Result<Music, SurveyError> {
    let Music { samples, channels, rate } = music;
    let layout = Slices { frames: trip.bpm.beat_frames(rate), every: rate.as_f64() * trip.bpm.beat().0, beats: 1 };
    let mut cut = Cut::of_music(&samples, layout, rate, channels, format.wraps);
    trip.take(id, &mut cut)?;
    let samples = cut.join(samples.len() / channels, format.wraps).map_err(failed(id))?;
    Ok(Music { samples, channels, rate })
}

fn failed(id: &str) -> impl Fn(adm_render::RenderError) -> SurveyError + '_ {
    move |source| SurveyError::Join { id: id.to_owned(), source }
}

impl Music {
    /// As much as is needed from here on.
    fn cut(mut self, format: &Format) -> Self {
        let seconds = if format.wraps { format.seconds } else { format.seconds + MARGIN };
        self.samples.truncate(frames(seconds, self.rate) * self.channels);
        self
    }

    /// The same at another rate.
    fn at(self, rate: SampleRate, wraps: bool) -> Result<Self, AudioError> {
        let Self { samples, channels, rate: from } = self;
        if from == rate {
            return Ok(Self { samples, channels, rate });
        }
        let length = samples.len() / channels;
        let unit = (from.hz() / greatest_common_divisor(from.hz(), rate.hz())) as usize;
        let around = if wraps { WRAPPED.next_multiple_of(unit) } else { 0 };
        let source = Memory::new(wrapped(samples, channels, around), channels, from);
        let mut samples = read_all(&mut Resampler::new(source, rate)?)?;
        let scaled = |frames: usize| (frames as f64 * rate.as_f64() / from.as_f64()).round() as usize;
        samples.drain(..(scaled(around) * channels).min(samples.len()));
        samples.truncate(scaled(length) * channels);
        Ok(Self { samples, channels, rate })
    }
}

/// Samples with `around` frames of their end before them and as many of their beginning after them.
fn wrapped(samples: Vec<f32>, channels: usize, around: usize) -> Vec<f32> {
    if around == 0 || samples.is_empty() {
        return samples;
    }
    let frames = samples.len() / channels;
    let shift = frames - around % frames;
    let places = (0..frames + 2 * around).map(|frame| (frame + shift) % frames);
    places.flat_map(|frame| &samples[frame * channels..(frame + 1) * channels]).copied().collect()
}

/// Stereo is averaged to mono, mono doubled to stereo, as in [`adm_audio::Remix`].
fn remixed(samples: &[f32], from: usize, to: usize) -> Vec<f32> {
    match (from, to) {
        (2, 1) => samples.as_chunks::<2>().0.iter().map(|[left, right]| (left + right) * 0.5).collect(),
        (1, 2) => samples.iter().flat_map(|&sample| [sample; 2]).collect(),
        _ => samples.to_vec(),
    }
}

/// Fades interleaved samples in and out over `edge` frames, along half a cosine, and takes away what is left of a constant.
pub(super) fn edged(samples: &mut [f32], channels: usize, edge: usize) {
    let frames = samples.len() / channels;
    let gain = |frame: usize| {
        let from_end = frame.min(frames - 1 - frame);
        let part = (from_end as f64 + 0.5) / edge.max(1) as f64;
        if from_end < edge { 0.5 - 0.5 * (std::f64::consts::PI * part).cos() } else { 1.0 }
    };
    for channel in 0..channels {
        let sum = |of: &dyn Fn(usize) -> f64| (0..frames).map(of).sum::<f64>();
        let faded = sum(&|frame| gain(frame) * f64::from(samples[frame * channels + channel]));
        let constant = faded / sum(&gain).max(f64::MIN_POSITIVE);
        for frame in 0..frames {
            let sample = &mut samples[frame * channels + channel];
            *sample = (gain(frame) * (f64::from(*sample) - constant)) as f32;
        }
    }
}

fn frames(seconds: f64, rate: SampleRate) -> usize {
    adm_core::Seconds(seconds).frames(rate).0 as usize
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

//! Slices of one tempo on the exact grid of another, joined by short crossfades.
//!
//! A slice is as long as its slot: where it is of another tempo it is stretched at its pitch ([`Stretcher`]). The first 100 ms
//! of its beats and off-beats stay what they are, at their places on the new grid; the sound between them is spliced longer or
//! shorter. Nothing but the slice is heard in its slot: no attack of what came after it, and no silence where it is short. A
//! slice that misses its slot by a few frames, as roundings of lengths and rates do, is left as it is.
//!
//! A slice starts with its beat, so nothing of it may be faded or moved from the grid point on: that is where the kick's
//! attack is. The crossfade therefore lies wholly *before* the grid point, over the last milliseconds of the slice that
//! is ending:
//!
//! ```text
//! ending slice   ───────────────╲                fall: cos over the last fade of its slot (or of itself, if shorter)
//! lead-in                     ╱                  rise: sin, the next slice's first frames mirrored before its start
//! next slice                   ▕───────────────  untouched from its first frame
//!                              grid point
//! ```
//!
//! Rise and fall are an equal-power pair: the squares add up to one, which keeps the level of sounds that are not in
//! phase with each other. They set out and arrive at rest: a held bass would let hear their corners as clicks (30 dB and
//! more above 5 kHz in a tenth of the joins of `examples/joins`, 1 dB as it is).
//!
//! A slice has no sound before its start, so its lead-in is made by mirroring its head. That is inaudible for a held chord
//! and would be a backwards pre-echo of a kick; so the lead-in is scaled to be no louder than the tail that it replaces. A
//! held sound gets the full crossfade without a dip or a click, and a beat that comes in out of silence has silence right
//! up to its first frame.
//!
//! A slice of some generators starts with a step: its first sample sticks out of what follows. Such a step is heard as a click;
//! so the last half millisecond of the lead-in is bent to meet it. The slice itself stays what it is.
//!
//! Where it is known what sounded before the next slice ([`Material::before`]), that is its lead-in, as it is, and the two
//! are matched to each other in two bands: see `crossfade/matched.rs`.
//!
//! Where no tempo explains the difference (more than four times), or slices hold no beats, the slice is placed: cropped where
//! the slot is shorter; faded out at its own end where it is longer, and followed by silence up to the lead-in of the next.

mod bands;
mod matched;
mod start;

use crate::error::within;
use crate::{Material, RenderError};
use adm_audio::Stretcher;
use adm_audio::fit::MOST;
use adm_core::SampleRate;
use matched::Matched;
use start::Start;
use std::f64::consts::FRAC_PI_2;

/// Milliseconds before a slice that a join uses, at the crossfade that is the default.
pub const LEAD_IN_MS: u32 = 55;
/// Frames by which a slice may miss its slot and be left as it is: lengths are rounded, at two rates where it was resampled.
/// What is missing lies under the last frames of its fade, of which nothing is heard.
const ROUNDING: usize = 4;

/// How slices are joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossfade {
    /// Length of a crossfade in milliseconds, 0 to 100. Longer joins held sounds more smoothly and takes more of the end
    /// of every beat. It is shortened to half a slot at most.
    pub milliseconds: f64,
}

impl Default for Crossfade {
    /// 8 ms: under a tenth of the shortest beat that is danced to, and long enough for a bass note to change.
    fn default() -> Self {
        Self { milliseconds: 8.0 }
    }
}

/// Lays slices into slots as they come, one after another.
///
/// A slot's length is given with its slice, so the tempo may change from slot to slot; where slots start is the caller's
/// to say ([`Timeline`](crate::Timeline) for a tempo that stays). Memory is one slot, whatever the length. The frames
/// given out add up to exactly those of the slots.
#[derive(Debug)]
pub struct Stitcher {
    rate: SampleRate,
    channels: usize,
    /// Frames of a crossfade where the slot has room for it.
    fade: usize,
    matched: Matched,
    start: Start,
    /// None where slices are placed.
    stretcher: Option<Stretcher>,
    slot: u64,
    held: Held,
    parts: Parts,
    /// The slice in the length of its slot.
    fitted: Vec<f32>,
    mix: Vec<f32>,
}

/// The room for one slice, in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// How much of the slice is heard.
    pub frames: usize,
    /// How long all of it is at the slot's tempo. It is less that is heard where the music ends within the slice.
    pub whole: usize,
}

impl From<usize> for Slot {
    /// A slot for all of a slice.
    fn from(frames: usize) -> Self {
        Self { frames, whole: frames }
    }
}

/// The end of the last slot, held back until its successor is known, shape `[frames, channels]`.
#[derive(Debug, Default)]
struct Held {
    sound: Vec<f32>,
    /// Whether it was faded out already, because its sound ends before its slot does.
    ended: bool,
}

/// What the last call gave out, taken apart: the mix is the sum of `ending` and `lead_in`, and then `body`.
///
/// All are interleaved, shape `[frames, channels]`; the first two are of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// The faded end of the slot before.
    pub ending: Vec<f32>,
    /// What leads to the new slice.
    pub lead_in: Vec<f32>,
    /// The new slice, from its grid point up to its own end, which is held back.
    pub body: Vec<f32>,
}

impl Stitcher {
    /// A stitcher for slices of 1 or 2 channels that hold one beat each.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for other channels or a crossfade outside its range.
    pub fn new(rate: SampleRate, channels: usize, crossfade: Crossfade) -> Result<Self, RenderError> {
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        let setting = ("the crossfade in milliseconds", None);
        let milliseconds = within(setting, 0.0..=100.0, "from 0 to 100", crossfade.milliseconds)?;
        let fade = (rate.as_f64() * milliseconds / 1_000.0).round() as usize;
        Ok(Self {
            rate,
            channels,
            fade,
            matched: Matched::new(rate),
            start: Start::new(rate),
            stretcher: Some(Stretcher::new(rate, channels, 1)),
            slot: 0,
            held: Held::default(),
            parts: Parts::default(),
            fitted: Vec::new(),
            mix: Vec::new(),
        })
    }

    /// The same for slices of `beats` beats; 0 for windows that know of none, which are placed instead of stretched.
    #[must_use]
    pub fn with_beats(self, beats: usize) -> Self {
        Self { stretcher: (beats > 0).then(|| Stretcher::new(self.rate, self.channels, beats)), ..self }
    }

    /// Takes the sound of the next slot and the slot's length in frames (a [`Slot`] where it is not all of a slice), and gives
    /// out what is final: the last join and the slice up to its own crossfade.
    ///
    /// # Errors
    /// [`RenderError::PartialFrame`] or [`RenderError::NotFinite`]; the stitcher stays as it was.
    pub fn push(&mut self, material: &Material, slot: impl Into<Slot>) -> Result<&[f32], RenderError> {
        material.check(self.slot, self.channels)?;
        self.join(material);
        self.lay(&material.slice, slot.into());
        self.slot += 1;
        Ok(self.mixed())
    }

    /// The parts of what the last call gave out.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Gives out the end of the last slot, faded out to silence.
    pub fn finish(&mut self) -> &[f32] {
        self.close(&Material::default())
    }

    /// Gives out the end of the last slot, joined to `first`, which was the first slot's: the end of a loop.
    pub fn close(&mut self, first: &Material) -> &[f32] {
        self.join(first);
        self.held = Held::default();
        self.mixed()
    }

    /// Makes the join of what is held and what comes next.
    fn join(&mut self, next: &Material) {
        let Parts { ending, lead_in, body } = &mut self.parts;
        body.clear();
        ending.clear();
        ending.append(&mut self.held.sound);
        let frames = ending.len() / self.channels;
        let fade = self.fade.min(frames);
        lead(next, frames, self.channels, lead_in);
        let (start, known) = ((frames - fade) * self.channels, ending.len().saturating_sub(next.before.len()));
        if !self.held.ended && known <= start && fade > 0 {
            lead_in[..known].fill(0.0);
            return self.matched.join(&mut ending[known..], &mut lead_in[known..], fade, self.channels);
        }
        if next.before.is_empty() {
            quieten(&mut lead_in[start..], power(&ending[start..]));
        }
        if !self.held.ended {
            fall(ending, fade, self.channels);
        }
        rise(lead_in, fade, self.channels);
        if next.before.is_empty() {
            self.start.meet(&next.slice, ending, lead_in, self.channels);
        }
    }

    /// Lays a slice into its slot, and holds back what the next join needs.
    fn lay(&mut self, slice: &[f32], slot: Slot) {
        let samples = slot.frames * self.channels;
        self.fit(slice, slot.whole);
        let body = &mut self.parts.body;
        body.extend(self.fitted.iter().take(samples));
        self.held.ended = body.len() < samples;
        if self.held.ended {
            fall(body, self.fade.min(slot.frames / 2), self.channels);
            body.resize(samples, 0.0);
        }
        let reach = self.matched.reach(self.fade).min(slot.frames / 2);
        self.held.sound.extend(body.drain(samples - reach * self.channels..));
    }

    /// Brings a slice to a length, if a tempo explains the difference.
    fn fit(&mut self, slice: &[f32], whole: usize) {
        let frames = slice.len() / self.channels;
        let is_near = frames.max(whole) as u64 <= MOST * frames.min(whole) as u64;
        match &mut self.stretcher {
            Some(stretcher) if is_near && frames.abs_diff(whole) > ROUNDING => {
                return stretcher.stretch(slice, whole, &mut self.fitted);
            }
            _ => {}
        }
        self.fitted.clear();
        self.fitted.extend_from_slice(slice);
        if frames.abs_diff(whole) <= ROUNDING {
            let last = slice.len().saturating_sub(self.channels)..slice.len();
            (frames..whole).for_each(|_| self.fitted.extend_from_slice(&slice[last.clone()]));
        }
    }

    fn mixed(&mut self) -> &[f32] {
        let Parts { ending, lead_in, body } = &self.parts;
        self.mix.clear();
        self.mix.extend(ending.iter().zip(lead_in).map(|(ending, lead_in)| ending + lead_in));
        self.mix.extend_from_slice(body);
        &self.mix
    }
}

/// Replaces `lead_in` by the `frames` frames that lead to a slice: those before it, and where there are fewer, what is
/// there mirrored at its first frame. Frames missing even so are silence.
fn lead(next: &Material, frames: usize, channels: usize, lead_in: &mut Vec<f32>) {
    let known = (next.before.len() / channels).min(frames);
    let from = next.before.len() - known * channels;
    let mirrored = next.before[from..].iter().chain(&next.slice).copied().skip(channels);
    lead_in.clear();
    lead_in.extend(mirrored.take((frames - known) * channels));
    lead_in.resize((frames - known) * channels, 0.0);
    // Frames in reverse, channels as they are.
    lead_in.reverse();
    lead_in.chunks_exact_mut(channels).for_each(<[f32]>::reverse);
    lead_in.extend_from_slice(&next.before[from..]);
}

/// Turns a lead-in down that is louder than `most`, a mean square.
fn quieten(lead_in: &mut [f32], most: f64) {
    let level = power(lead_in);
    if level > most {
        let gain = (most / level).sqrt() as f32;
        lead_in.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// Fades the last `fade` frames out, of as many as there are.
fn fall(samples: &mut [f32], fade: usize, channels: usize) {
    let fade = fade.min(samples.len() / channels);
    let start = samples.len() - fade * channels;
    for (frame, sound) in samples[start..].chunks_exact_mut(channels).rev().enumerate() {
        let gain = smooth(frame, fade);
        sound.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// Fades the last `fade` frames in; what is before them becomes silence.
fn rise(samples: &mut [f32], fade: usize, channels: usize) {
    let (silent, rising) = samples.split_at_mut(samples.len() - fade * channels);
    silent.fill(0.0);
    for (frame, sound) in rising.chunks_exact_mut(channels).enumerate() {
        let gain = smooth(frame, fade);
        sound.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// `sin` over a quarter turn that sets out and arrives at rest, taken at the middle of each frame; read backwards, it is the
/// `cos` that completes its power.
fn smooth(frame: usize, of: usize) -> f32 {
    let part = (frame as f64 + 0.5) / of as f64;
    (FRAC_PI_2 * part * part * (3.0 - 2.0 * part)).sin() as f32
}

/// Mean square of samples; 0 for none.
fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests;

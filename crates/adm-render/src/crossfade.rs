//! Slices of one tempo on the exact grid of another, joined by short crossfades.
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
//! Where it is known what sounded before the next slice ([`Material::before`]), that is its lead-in, as it is, and the two
//! are matched to each other in two bands: see `crossfade/matched.rs`.
//!
//! Where the slot is shorter than the slice, the slice is cropped; where it is longer, the sound goes on with what comes
//! after the slice ([`Material::after`]). Where that ends too, it is faded out at its own end and followed by silence up
//! to the lead-in of the next.

mod bands;
mod matched;

use crate::error::within;
use crate::{Material, RenderError};
use adm_core::SampleRate;
use matched::Matched;
use std::f64::consts::FRAC_PI_2;

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
    channels: usize,
    /// Frames of a crossfade where the slot has room for it.
    fade: usize,
    matched: Matched,
    slot: u64,
    held: Held,
    parts: Parts,
    mix: Vec<f32>,
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
    /// A stitcher for slices of 1 or 2 channels.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for other channels or a crossfade outside its range.
    pub fn new(rate: SampleRate, channels: usize, crossfade: Crossfade) -> Result<Self, RenderError> {
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        let setting = ("the crossfade in milliseconds", None);
        let milliseconds = within(setting, 0.0..=100.0, "from 0 to 100", crossfade.milliseconds)?;
        let fade = (rate.as_f64() * milliseconds / 1_000.0).round() as usize;
        let (held, parts, mix) = (Held::default(), Parts::default(), Vec::new());
        Ok(Self { channels, fade, matched: Matched::new(rate), slot: 0, held, parts, mix })
    }

    /// Takes the sound of the next slot and the slot's length in frames, and gives out what is final: the last join and
    /// the slice up to its own crossfade.
    ///
    /// # Errors
    /// [`RenderError::PartialFrame`] or [`RenderError::NotFinite`]; the stitcher stays as it was.
    pub fn push(&mut self, material: &Material, slot_frames: usize) -> Result<&[f32], RenderError> {
        material.check(self.slot, self.channels)?;
        self.join(material);
        self.lay(material, slot_frames);
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
    }

    /// Lays a slot from its grid point on, and holds back what the next join needs.
    fn lay(&mut self, material: &Material, slot_frames: usize) {
        let (slot, body) = (slot_frames * self.channels, &mut self.parts.body);
        body.extend(material.onwards(0..slot));
        self.held.ended = body.len() < slot;
        if self.held.ended {
            fall(body, self.fade.min(slot_frames / 2), self.channels);
            body.resize(slot, 0.0);
        }
        let reach = self.matched.reach(self.fade).min(slot_frames / 2);
        self.held.sound.extend(body.drain(slot - reach * self.channels..));
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

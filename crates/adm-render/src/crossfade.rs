//! Slices of one tempo on the exact grid of another, joined by short crossfades.
//!
//! A slice starts with its beat, so nothing of it may be faded or moved from the grid point on: that is where the kick's
//! attack is. The crossfade therefore lies wholly *before* the grid point, over the last milliseconds of the slice that
//! is ending:
//!
//! ```text
//! ending slice   ───────────────╲                fall = cos over the last fade of its slot (or of itself, if shorter)
//! lead-in                     ╱                  rise = sin, the next slice's first frames mirrored before its start
//! next slice                   ▕───────────────  untouched from its first frame
//!                              grid point
//! ```
//!
//! Rise and fall are an equal-power pair: the squares add up to one, which keeps the level of sounds that are not in
//! phase with each other. A slice has no sound before its start, so its lead-in is made by mirroring its head. That is
//! inaudible for a held chord and would be a backwards pre-echo of a kick; so the lead-in is scaled to be no louder than
//! the tail that it replaces. A held sound gets the full crossfade without a dip or a click, and a beat that comes in out
//! of silence has silence right up to its first frame.
//!
//! Where the slot is shorter than the slice, the slice is cropped; where it is longer, it is faded out at its own end and
//! followed by silence up to the lead-in of the next.

use crate::error::within;
use crate::{RenderError, Timeline};
use std::f64::consts::FRAC_PI_2;

/// How slices are joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossfade {
    /// Length of a crossfade in milliseconds, 0 to 100. Longer joins held sounds more smoothly and takes more of the end
    /// of every beat. It is shortened to half a beat at most.
    pub milliseconds: f64,
}

impl Default for Crossfade {
    /// 8 ms: under a tenth of the shortest beat that is danced to, and long enough for a bass note to change.
    fn default() -> Self {
        Self { milliseconds: 8.0 }
    }
}

/// Lays slices on a timeline as they come.
///
/// Memory is one slot, whatever the length. The frames given out add up to exactly the timeline's.
#[derive(Debug)]
pub struct Stitcher {
    timeline: Timeline,
    channels: usize,
    /// Rising half of the equal-power pair, shape `[fade frames]`; read backwards it is the falling half.
    rise: Vec<f32>,
    slot: u64,
    /// The faded end of the last slice, held back until its successor is known, shape `[fade frames, channels]`.
    tail: Vec<f32>,
    /// Power of that end before it was faded.
    tail_power: f64,
    ready: Vec<f32>,
}

impl Stitcher {
    /// A stitcher for slices of 1 or 2 channels.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for other channels or a crossfade outside its range.
    pub fn new(timeline: Timeline, channels: usize, crossfade: Crossfade) -> Result<Self, RenderError> {
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        let setting = ("the crossfade in milliseconds", None);
        let milliseconds = within(setting, 0.0..=100.0, "from 0 to 100", crossfade.milliseconds)?;
        let shortest_beat = (timeline.bpm().beat().0 * timeline.rate().as_f64()) as usize;
        let fade = (timeline.rate().as_f64() * milliseconds / 1_000.0).round() as usize;
        let rise = equal_power_rise(fade.min(shortest_beat / 2));
        Ok(Self { timeline, channels, rise, slot: 0, tail: Vec::new(), tail_power: 0.0, ready: Vec::new() })
    }

    /// Takes the next slice, shape `[frames, channels]`, of any length, and gives out what is final: the last join and
    /// the slice up to its own crossfade.
    ///
    /// # Errors
    /// [`RenderError::PartialFrame`], [`RenderError::NotFinite`], or [`RenderError::WrongCount`] when the timeline is full.
    pub fn push(&mut self, slice: &[f32]) -> Result<&[f32], RenderError> {
        self.check(slice)?;
        self.ready.clear();
        self.join(slice);
        let slot_samples = self.timeline.slot_frames(self.slot) * self.channels;
        let heard = &slice[..slice.len().min(slot_samples)];
        let tail_start = self.ready.len() + slot_samples - self.fade_samples();
        self.ready.extend_from_slice(heard);
        self.ready.resize(tail_start + self.fade_samples(), 0.0);
        self.tail_power = power(&self.ready[tail_start..]);
        let end = self.ready.len() - (slot_samples - heard.len());
        self.fade_out(end, heard.len());
        self.tail.clear();
        self.tail.extend(self.ready.drain(tail_start..));
        self.slot += 1;
        Ok(&self.ready)
    }

    /// Gives out the faded end of the last slice.
    ///
    /// # Errors
    /// [`RenderError::WrongCount`] while the timeline is not full.
    pub fn finish(self) -> Result<Vec<f32>, RenderError> {
        match self.slot == self.timeline.slots() {
            true => Ok(self.tail),
            false => Err(RenderError::WrongCount { expected: self.timeline.slots(), actual: self.slot }),
        }
    }

    fn check(&self, slice: &[f32]) -> Result<(), RenderError> {
        let slots = self.timeline.slots();
        if self.slot >= slots {
            return Err(RenderError::WrongCount { expected: slots, actual: self.slot + 1 });
        }
        if !slice.len().is_multiple_of(self.channels) {
            return Err(RenderError::PartialFrame { slice: self.slot, actual: slice.len(), channels: self.channels });
        }
        match slice.iter().all(|sample| sample.is_finite()) {
            true => Ok(()),
            false => Err(RenderError::NotFinite { slice: self.slot }),
        }
    }

    /// Gives out the held tail with the lead-in of `next` under it.
    fn join(&mut self, next: &[f32]) {
        let head = next.get(self.channels..).unwrap_or_default();
        let head = &head[..head.len().min(self.tail.len())];
        // Frames missing from a short head count as silence, as they do in the tail.
        let head_power = power(head) * head.len() as f64 / self.tail.len().max(1) as f64;
        let level = if head_power > self.tail_power { (self.tail_power / head_power).sqrt() } else { 1.0 } as f32;
        self.ready.append(&mut self.tail);
        let joined = self.ready.chunks_exact_mut(self.channels).rev();
        for ((frame, mirrored), rise) in joined.zip(head.chunks_exact(self.channels)).zip(self.rise.iter().rev()) {
            for (sample, lead_in) in frame.iter_mut().zip(mirrored) {
                *sample += level * rise * lead_in;
            }
        }
    }

    /// Fades out the frames before sample `end` of what is ready, over at most `available` samples.
    fn fade_out(&mut self, end: usize, available: usize) {
        let length = self.fade_samples().min(available);
        let faded = self.ready[end - length..end].chunks_exact_mut(self.channels).rev();
        for (frame, fall) in faded.zip(&self.rise) {
            frame.iter_mut().for_each(|sample| *sample *= fall);
        }
    }

    fn fade_samples(&self) -> usize {
        self.rise.len() * self.channels
    }
}

/// `sin` over a quarter turn, sampled at the middle of each frame; reversed, it is the `cos` that completes its power.
fn equal_power_rise(frames: usize) -> Vec<f32> {
    (0..frames).map(|frame| (FRAC_PI_2 * (frame as f64 + 0.5) / frames as f64).sin() as f32).collect()
}

/// Mean square of samples; 0 for none.
fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests;

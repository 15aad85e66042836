//! Jumps in a recording: which is heard least, and how it is made.

use super::super::{JUMP, SEARCH};
use adm_core::{SampleRate, Seconds};
use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

/// Frames of one step of the search for a place.
const BLOCK: usize = 32;
/// Frames of which one is made where lengths are looked for: the highs say little about them, and are heard when the length
/// is refined.
pub(super) const THIN: usize = 4;
/// Correlation below which a crossfade is not raised further: it is 3 dB then.
const LEAST_CORRELATION: f64 = -0.5;

/// One jump: at frame `place` of a slice the recording is `by` frames further on than before, over `fade` frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jump {
    pub(super) place: usize,
    pub(super) by: i64,
    pub(super) fade: usize,
}

/// How far a slice is made: `done` frames, and how much further on than the slice the recording is there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct At {
    pub(super) done: usize,
    pub(super) offset: i64,
}

impl At {
    /// The same at a part of the rate.
    pub(super) fn thin(self) -> Self {
        Self { done: self.done.div_ceil(THIN), offset: self.offset / THIN as i64 }
    }

    pub(super) fn after(self, jump: Jump) -> Self {
        Self { done: jump.place + jump.fade, offset: self.offset + jump.by }
    }
}

/// Half a beat, shape `[frames, channels]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sound<'a> {
    pub(super) samples: &'a [f32],
    pub(super) channels: usize,
    /// Frames of the recording that one of these was made of.
    pub(super) thinned: usize,
}

/// Finds the places of jumps, with the memory it works in. Lengths are in frames.
#[derive(Debug)]
pub(super) struct Jumps {
    longest: usize,
    search: i64,
    /// Energy of the difference before each block of a zone.
    energies: Vec<f64>,
}

impl Jumps {
    pub(super) fn new(rate: SampleRate) -> Self {
        let frames = |time: Seconds| time.frames(rate).0 as usize;
        Self { longest: frames(JUMP).max(1), search: frames(SEARCH) as i64, energies: Vec::new() }
    }

    /// The longest jump but for its search, and the shortest crossfade where there is room.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many frames a jump may be longer or shorter than it is due.
    pub(super) fn most(&self) -> i64 {
        self.search
    }

    /// Makes room for zones of so many frames.
    pub(super) fn make_room(&mut self, frames: usize) {
        self.energies.clear();
        self.energies.reserve(2 * frames / BLOCK + 16);
    }

    /// The jump by `by` frames at the place in `zone` where it changes least, after its cost; `None` where the recording
    /// has nothing to make it of.
    ///
    /// The cost is the energy of the difference, and more than that where the two are opposite: twice a quarter turn is
    /// better than half a turn.
    pub(super) fn quietest(
        &mut self,
        sound: Sound<'_>,
        zone: Range<usize>,
        at: At,
        by: i64,
        length: usize,
    ) -> Option<(f64, Jump)> {
        let zone = sound.reachable(zone, at, by, length)?;
        let wanted = (self.longest / sound.thinned).max((-by).max(1) as usize);
        let block = (zone.len() / 8).clamp(1, (BLOCK / sound.thinned).max(16));
        let blocks = zone.len() / block;
        let fade = (wanted / block).min(blocks / 2);
        let [before, after] = [at.offset, at.offset + by].map(|offset| sound.piece(zone.start, offset, blocks * block));
        let place = self.least_different(before, after, block * sound.channels, fade);
        let jump = Jump { place: zone.start + place * block, by, fade: fade * block };
        let different = self.energies[place + fade] - self.energies[place];
        let over = place * block * sound.channels..(place + fade) * block * sound.channels;
        let (before, after) = (&before[over.clone()], &after[over]);
        let level = f64::from(dot(before, before)) + f64::from(dot(after, after));
        // As if every crossfade were as long as it should be, so that a short one is no better.
        let short = wanted as f64 / jump.fade as f64;
        let cost = if jump.fade == 0 { f64::MAX } else { short * short * different * different / (level + 1e-20) };
        Some((cost, jump))
    }

    /// The first block of `fade` over which two sounds differ least, in blocks of `size` samples.
    fn least_different(&mut self, before: &[f32], after: &[f32], size: usize, fade: usize) -> usize {
        let mut sum = 0.0;
        let steps = before.chunks_exact(size).zip(after.chunks_exact(size)).map(|(before, after)| {
            sum += f64::from(difference(before, after));
            sum
        });
        self.energies.clear();
        self.energies.push(0.0);
        self.energies.extend(steps);
        let energy = |n: usize| self.energies[n + fade] - self.energies[n];
        (0..self.energies.len() - fade).min_by(|&a, &b| energy(a).total_cmp(&energy(b))).unwrap_or(0)
    }
}

impl<'a> Sound<'a> {
    pub(super) fn frames(self) -> usize {
        self.samples.len() / self.channels
    }

    /// Replaces `thin` by one frame in place of every [`THIN`], in one channel.
    pub(super) fn thin(self, thin: &mut Vec<f32>) {
        thin.clear();
        thin.extend(self.samples.chunks_exact(THIN * self.channels).map(|frames| frames.iter().sum::<f32>()));
    }

    /// The frames of a zone of a slice for which there are both sides of a jump.
    fn reachable(self, zone: Range<usize>, at: At, by: i64, length: usize) -> Option<Range<usize>> {
        let (before, after) = (at.offset, at.offset + by);
        let first = (at.done as i64).max(-before.min(after));
        let last = (length as i64).min(self.frames() as i64 - before.max(after));
        if first > last {
            return None;
        }
        let (first, last) = (first.max(0) as usize, last.max(0) as usize);
        let start = zone.start.clamp(first, last);
        Some(start..zone.end.clamp(start, last))
    }

    /// What an offset puts on the frames of a slice from `n` on; less where there is not as much.
    fn piece(self, n: usize, offset: i64, frames: usize) -> &'a [f32] {
        let from = (n as i64 + offset).max(0) as usize * self.channels;
        &self.samples[from.min(self.samples.len())..(from + frames * self.channels).min(self.samples.len())]
    }

    /// Copies frames to where an offset puts them; beyond the recording is silence.
    pub(super) fn copy(self, offset: i64, frames: Range<usize>, slice: &mut [f32]) {
        let target = &mut slice[frames.start * self.channels..frames.end * self.channels];
        let there = self.piece(frames.start, offset, frames.len());
        let (copied, missing) = target.split_at_mut(there.len());
        copied.copy_from_slice(there);
        missing.fill(0.0);
    }

    /// Makes a jump. The gains set out and arrive at rest, and keep the power that sounds of this correlation have.
    pub(super) fn crossfade(self, offset: i64, jump: Jump, slice: &mut [f32]) {
        let target = &mut slice[jump.place * self.channels..(jump.place + jump.fade) * self.channels];
        let [before, after] = [offset, offset + jump.by].map(|offset| self.piece(jump.place, offset, jump.fade));
        let likeness = correlation(before, after).max(LEAST_CORRELATION) as f32;
        let frames = before.chunks_exact(self.channels).zip(after.chunks_exact(self.channels));
        for (n, (target, (before, after))) in target.chunks_exact_mut(self.channels).zip(frames).enumerate() {
            let part = (n as f32 + 0.5) / jump.fade as f32;
            let (rise, fall) = (FRAC_PI_2 * part * part * (3.0 - 2.0 * part)).sin_cos();
            let level = (1.0 + 2.0 * likeness * rise * fall).sqrt();
            let sides = target.iter_mut().zip(before).zip(after);
            sides.for_each(|((sample, before), after)| *sample = before * (fall / level) + after * (rise / level));
        }
    }
}

/// From -1 (opposite) over 0 (unlike, or silent) to 1 (the same but for the level).
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let level = (f64::from(dot(a, a)) * f64::from(dot(b, b))).sqrt();
    if level > 0.0 { (f64::from(dot(a, b)) / level).min(1.0) } else { 0.0 }
}

/// The energy of the difference of two sounds.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    sum(a, b, |a, b| (a - b).powi(2))
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum(a, b, |a, b| a * b)
}

/// The sum over pairs of samples, in lanes that a processor adds side by side.
fn sum(a: &[f32], b: &[f32], of: impl Fn(f32, f32) -> f32) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0f32; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        (0..LANES).for_each(|lane| sums[lane] += of(a[lane], b[lane]));
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| of(*a, *b)).sum();
    sums.iter().sum::<f32>() + rest
}

//! Jumps in a recording: which is heard least, and how it is made.

use super::super::{JUMP, SEARCH};
use adm_core::{SampleRate, Seconds};
use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

/// Frames of one step of the search for a place.
const BLOCK: usize = 32;
/// Frames of one step of the search for a length, before it is refined.
const STRIDE: i64 = 4;
/// How much worse the longest search makes a jump: of two that fit as well, the one that moves less is taken.
const WANDER: f64 = 1.0;
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
    pub(super) fn after(self, jump: Jump) -> Self {
        Self { done: jump.place + jump.fade, offset: self.offset + jump.by }
    }
}

/// Finds jumps and makes them, with the memory it works in. Lengths are in frames.
#[derive(Debug)]
pub(super) struct Jumps {
    channels: usize,
    longest: usize,
    search: i64,
    /// Energy of the difference before each block of a zone.
    energies: Vec<f64>,
}

impl Jumps {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        let frames = |time: Seconds| time.frames(rate).0 as usize;
        Self { channels, longest: frames(JUMP).max(1), search: frames(SEARCH) as i64, energies: Vec::new() }
    }

    /// The longest jump but for its search, and the shortest crossfade where there is room.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many frames a jump may be longer or shorter than it is due.
    pub(super) fn most(&self) -> i64 {
        self.search
    }

    /// The jump by `by` frames at the place in `zone` where it changes least, after its cost; `None` where the recording
    /// has nothing to make it of.
    ///
    /// The cost is the energy of the difference, and more than that where the two are opposite: twice a quarter turn is
    /// better than half a turn.
    pub(super) fn quietest(
        &mut self,
        source: &[f32],
        zone: Range<usize>,
        at: At,
        by: i64,
        length: usize,
    ) -> Option<(f64, Jump)> {
        let (channels, wanted) = (self.channels, self.longest.max((-by).max(0) as usize));
        let zone = self.reachable(source, zone, at, by, length)?;
        let block = (zone.len() / 8).clamp(1, BLOCK);
        let blocks = zone.len() / block;
        let fade = (wanted / block).min(blocks / 2);
        let count = blocks * block * channels;
        let (before, after) = (self.sample(zone.start, at.offset), self.sample(zone.start, at.offset + by));
        let (before, after) = (&source[before..before + count], &source[after..after + count]);
        let place = self.least_different(before, after, block, fade);
        let jump = Jump { place: zone.start + place * block, by, fade: fade * block };
        let over = place * block * channels..(place * block + jump.fade) * channels;
        let different = self.energies[place + fade] - self.energies[place];
        let level = f64::from(dot(&before[over.clone()], &before[over.clone()]))
            + f64::from(dot(&after[over.clone()], &after[over]));
        // As if every crossfade were as long as it should be, so that a short one is no better.
        let short = wanted as f64 / jump.fade as f64;
        let cost = if jump.fade == 0 { f64::MAX } else { short * short * different * different / (level + 1e-20) };
        Some((cost, jump))
    }

    /// The first block of `fade` over which two sounds differ least.
    fn least_different(&mut self, before: &[f32], after: &[f32], block: usize, fade: usize) -> usize {
        let size = block * self.channels;
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

    /// The frames of a zone of the slice for which the recording has both sides of a jump.
    fn reachable(&self, source: &[f32], zone: Range<usize>, at: At, by: i64, length: usize) -> Option<Range<usize>> {
        let (before, after) = (at.offset, at.offset + by);
        let first = (at.done as i64).max(-before.min(after));
        let last = (length as i64).min((source.len() / self.channels) as i64 - before.max(after));
        if first > last {
            return None;
        }
        let (first, last) = (first.max(0) as usize, last.max(0) as usize);
        let start = zone.start.clamp(first, last);
        Some(start..zone.end.clamp(start, last))
    }

    /// The sample of the recording that an offset puts on frame `n` of the slice.
    fn sample(&self, n: usize, offset: i64) -> usize {
        (n as i64 + offset).max(0) as usize * self.channels
    }

    /// Copies frames to where an offset puts them; beyond the recording is silence.
    pub(super) fn copy(&self, source: &[f32], offset: i64, frames: Range<usize>, slice: &mut [f32]) {
        let target = &mut slice[frames.start * self.channels..frames.end * self.channels];
        let there = &source[self.sample(frames.start, offset).min(source.len())..];
        let (copied, missing) = target.split_at_mut(there.len().min(target.len()));
        copied.copy_from_slice(&there[..copied.len()]);
        missing.fill(0.0);
    }

    /// Makes a jump. The gains set out and arrive at rest, and keep the power that sounds of this correlation have.
    pub(super) fn crossfade(&self, source: &[f32], offset: i64, jump: Jump, slice: &mut [f32]) {
        let (before, after) = (self.sample(jump.place, offset), self.sample(jump.place, offset + jump.by));
        let target = &mut slice[jump.place * self.channels..(jump.place + jump.fade) * self.channels];
        let (before, after) = (&source[before..before + target.len()], &source[after..after + target.len()]);
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

/// The jump of the least cost, `due` frames long or up to `most` more or fewer.
pub(super) fn search(due: i64, most: i64, cost: &mut dyn FnMut(i64) -> Option<(f64, Jump)>) -> Option<Jump> {
    let mut better = |best: Option<(f64, Jump)>, by: i64| {
        let wander = 1.0 + WANDER * (by - due).abs() as f64 / most.max(1) as f64;
        let found = cost(by).map(|(cost, jump)| (cost * wander, jump));
        match (best, found) {
            (Some(best), Some(found)) => Some(if found.0 < best.0 { found } else { best }),
            (best, found) => best.or(found),
        }
    };
    // From the due length outwards: where all fit alike, as in silence, that is the one.
    let outwards = (STRIDE..=most).step_by(STRIDE as usize);
    let first = better(None, due);
    let coarse = outwards.flat_map(|distance| [due - distance, due + distance]).fold(first, &mut better);
    let by = coarse?.1.by;
    (1 - STRIDE..STRIDE).map(|distance| by + distance).fold(coarse, better).map(|best| best.1)
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
    const LANES: usize = 16;
    let mut sums = [0.0f32; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        (0..LANES).for_each(|lane| sums[lane] += of(a[lane], b[lane]));
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| of(*a, *b)).sum();
    sums.iter().sum::<f32>() + rest
}

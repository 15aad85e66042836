//! Beats made longer or shorter at their pitch.
//!
//! Half a beat is copied, and at a few places it jumps ahead (or back) in the recording with a crossfade. Where, and how
//! far, is what a search finds: the place and the jump for which the sound before and after the jump differ least. This
//! is WSOLA (Verhelst and Roelands, "An overlap-add technique based on waveform similarity", ICASSP 1993) with three
//! changes that music on a grid allows:
//!
//! - Both ends of half a beat are fixed: on beats and off-beats, where kicks and hats start, the slice is the recording,
//!   attack and all. The jumps between them skip together what is too much, so nothing drifts and nothing lags.
//! - Jumps are few: the excess is cut into jumps of at most [`JUMP`], and each may be made anywhere in its share of the
//!   time. Two in a beat, of 4 ms each, bring 126 BPM to 128.
//! - What counts is the energy of the difference, not a correlation: a loud place that fits well is worse than a quiet
//!   one, and an attack, which fits nothing before or after it, is left alone. A crossfade is as long as a jump, so what
//!   it skips or repeats is seen.
//!
//! The last jump of each half beat has the length that is left, whether it fits or not, so a long bass note may change its
//! phase there. Both channels jump at the same frame.

use adm_core::{SampleRate, Seconds};
use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

/// The longest jump but for its search, and the length of a crossfade. Longer ones are fewer and move what lies between
/// two of them further from its place.
const JUMP: Seconds = Seconds(0.015);
/// How far a jump may be from its due length to where the waveform fits: periods of up to twice as long, from 50 Hz on,
/// have a place to fit. All jumps but the last of half a beat may.
const SEARCH: Seconds = Seconds(0.010);
/// What no jump touches at the start of a half beat, half of it at most: the attack and the body of a kick.
const KICK: Seconds = Seconds(0.100);
/// Frames of one step of the search for a place.
const BLOCK: usize = 32;
/// Frames of one step of the search for a length, before it is refined.
const STRIDE: i64 = 4;

/// Frames on either side of a span that a slice may be made of: a jump and what it may miss its due length by, twice.
pub(super) fn context(rate: SampleRate) -> usize {
    (JUMP.frames(rate).0 + 2 * SEARCH.frames(rate).0) as usize + BLOCK
}

/// Stretches spans, with the memory it works in.
pub(super) struct Stretch {
    channels: usize,
    context: usize,
    jump: usize,
    search: usize,
    kick: usize,
    /// Energy of the difference before each block of a zone.
    energies: Vec<f64>,
}

/// One jump: at frame `place` of a slice the recording is `by` frames further on than before, over `fade` frames.
#[derive(Debug, Clone, Copy)]
struct Jump {
    place: usize,
    by: i64,
    fade: usize,
}

impl Stretch {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        let frames = |time: Seconds| time.frames(rate).0 as usize;
        Self {
            channels,
            context: context(rate),
            jump: frames(JUMP).max(1),
            search: frames(SEARCH),
            kick: frames(KICK),
            energies: Vec::new(),
        }
    }

    /// Stretches a span of `span` frames, with [`context`] frames on either side in `around`, to the length of `slice`;
    /// each half of its `beats` by itself.
    pub(super) fn fit(&mut self, around: &[f32], beats: usize, span: usize, slice: &mut [f32]) {
        let channels = self.channels;
        let length = slice.len() / channels;
        let halves = 2 * beats;
        let start = |frames: usize, half: usize| (frames * half + beats) / halves;
        for half in 0..halves {
            let (from, to) = (start(span, half), start(span, half + 1));
            let source = &around[from * channels..(to + 2 * self.context) * channels];
            let target = start(length, half) * channels..start(length, half + 1) * channels;
            self.half(source, to - from, &mut slice[target]);
        }
    }

    fn half(&mut self, source: &[f32], span: usize, slice: &mut [f32]) {
        let length = slice.len() / self.channels;
        let kick = self.kick.min(span / 2).min(length / 2);
        let excess = span as i64 - length as i64;
        let jumps = excess.unsigned_abs().div_ceil(self.jump as u64) as usize;
        // Jumps are due at even distances; those that the kick holds up share the time up to twice its length.
        let even = |n: usize| length * n / jumps;
        let held = (1..jumps).find(|&n| even(n) >= 2 * kick).unwrap_or(jumps);
        let zone = |n: usize| if n < held { kick + (even(held) - kick) * n / held } else { even(n) };
        let (mut done, mut offset) = (0, 0);
        for n in 0..jumps {
            let due = excess * (n as i64 + 1) / jumps as i64 - offset;
            let search = if n + 1 < jumps { self.search as i64 } else { 0 };
            let jump = self.find(source, zone(n)..zone(n + 1), offset, due, search);
            self.copy(source, offset, done..jump.place, slice);
            self.crossfade(source, offset, jump, slice);
            (done, offset) = (jump.place + jump.fade, offset + jump.by);
        }
        self.copy(source, offset, done..length, slice);
    }

    /// The jump within `zone` that is heard least: `due` frames, or up to `search` more or fewer.
    fn find(&mut self, source: &[f32], zone: Range<usize>, offset: i64, due: i64, search: i64) -> Jump {
        let first = self.quietest(source, zone.clone(), offset, due);
        let mut better = |best: (f64, Jump), by: i64| {
            let found = self.quietest(source, zone.clone(), offset, by);
            if found.0 < best.0 { found } else { best }
        };
        // From the due length outwards: where all fit alike, as in silence, that is the one.
        let outwards = (STRIDE..=search).step_by(STRIDE as usize).flat_map(|distance| [due - distance, due + distance]);
        let coarse = outwards.fold(first, &mut better);
        let around = if search > 0 { 1 - STRIDE..STRIDE } else { 0..0 };
        around.map(|distance| coarse.1.by + distance).fold(coarse, better).1
    }

    /// The jump by `by` frames at the place in `zone` where it changes least, after the energy of what it changes.
    fn quietest(&mut self, source: &[f32], zone: Range<usize>, offset: i64, by: i64) -> (f64, Jump) {
        let block = (zone.len() / 8).clamp(1, BLOCK);
        let blocks = zone.len() / block;
        let fade = (self.jump / block).min(blocks / 2);
        let count = blocks * block * self.channels;
        let (before, after) = (self.sample(zone.start, offset), self.sample(zone.start, offset + by));
        let (before, after) = (&source[before..before + count], &source[after..after + count]);
        let steps = before.chunks_exact(block * self.channels).zip(after.chunks_exact(block * self.channels));
        self.energies.clear();
        self.energies.push(0.0);
        let mut sum = 0.0;
        self.energies.extend(steps.map(|(before, after)| {
            sum += f64::from(difference(before, after));
            sum
        }));
        let energy = |n: usize| self.energies[n + fade] - self.energies[n];
        let quietest = (0..=blocks - fade).min_by(|&a, &b| energy(a).total_cmp(&energy(b))).unwrap_or(0);
        (energy(quietest), Jump { place: zone.start + quietest * block, by, fade: fade * block })
    }

    /// Where in a beat's source the frame lies that an offset puts on frame `n` of the slice.
    fn sample(&self, n: usize, offset: i64) -> usize {
        // A zone's jumps stay within the context on either side, so this is never negative.
        (self.context as i64 + n as i64 + offset).max(0) as usize * self.channels
    }

    fn copy(&self, source: &[f32], offset: i64, frames: Range<usize>, slice: &mut [f32]) {
        let from = self.sample(frames.start, offset);
        let target = &mut slice[frames.start * self.channels..frames.end * self.channels];
        target.copy_from_slice(&source[from..from + target.len()]);
    }

    fn crossfade(&self, source: &[f32], offset: i64, jump: Jump, slice: &mut [f32]) {
        let (before, after) = (self.sample(jump.place, offset), self.sample(jump.place, offset + jump.by));
        let target = &mut slice[jump.place * self.channels..(jump.place + jump.fade) * self.channels];
        for (n, sample) in target.iter_mut().enumerate() {
            let gain = (FRAC_PI_2 * ((n / self.channels) as f32 + 0.5) / jump.fade as f32).sin().powi(2);
            *sample = source[before + n] + gain * (source[after + n] - source[before + n]);
        }
    }
}

/// The energy of the difference of two sounds.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0f32; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        (0..LANES).for_each(|lane| sums[lane] += (a[lane] - b[lane]).powi(2));
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| (a - b).powi(2)).sum();
    sums.iter().sum::<f32>() + rest
}

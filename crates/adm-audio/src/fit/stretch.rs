//! Beats made longer or shorter at their pitch.
//!
//! Half a beat is copied, and at a few places it jumps ahead (or back) in its own sound with a crossfade. Where, and how
//! far, is what a search finds: the place and the jump for which the sound before and after the jump differ least. This
//! is WSOLA (Verhelst and Roelands, "An overlap-add technique based on waveform similarity", ICASSP 1993) with changes
//! that music on a grid allows:
//!
//! - Both ends of half a beat are fixed: on beats and off-beats, where kicks and hats start, the slice is the recording,
//!   attack and all. The jumps between them skip together what is too much, so nothing drifts and nothing lags.
//! - Half a beat is made of itself alone: no jump reads what comes after it, so no attack is heard before its time.
//! - Jumps are few: the excess is cut into jumps of at most [`JUMP`](super::JUMP), two at least, and each may be made anywhere in its
//!   share of the time. Four in a beat, of 2 ms each, bring 126 BPM to 128.
//! - What counts is the energy of the difference, not a correlation: a loud place that fits well is worse than a quiet
//!   one, and an attack, which fits nothing before or after it, is left alone. A crossfade is as long as a jump, so what
//!   it skips or repeats is seen.
//! - The last two jumps of half a beat together have the length that is left, whether it fits or not, and are searched for
//!   together: a held note that has to change its phase does so in two steps of a quarter turn at most, not in one of half a
//!   turn. A crossfade keeps the power of what it joins, so such a step is no dip (see `stretch/jumps.rs`).
//!
//! Both channels jump at the same frame.

mod jumps;

use super::{FEWEST, KICK};
use adm_core::SampleRate;
use jumps::{At, Jump, Jumps, Sound, THIN};

/// Brings slices to other lengths at their pitch, with the memory it works in.
///
/// The first 100 ms of each half beat (three fifths of it, where half a beat is that short) are copied bit for bit, to where
/// they belong in the new length. The end of a slice stays its end.
#[derive(Debug)]
pub struct Stretcher {
    channels: usize,
    beats: usize,
    /// Frames that no jump touches at the start of half a beat.
    kick: usize,
    jumps: Jumps,
    /// Half a beat in one channel and at a quarter of the rate, in which lengths are looked for.
    thin: Vec<f32>,
}

impl Stretcher {
    /// A stretcher of slices of `channels` interleaved channels that hold `beats` beats each, equally long; one at least of
    /// either.
    pub fn new(rate: SampleRate, channels: usize, beats: usize) -> Self {
        let (channels, beats) = (channels.max(1), beats.max(1));
        Self { channels, beats, kick: KICK.frames(rate).0 as usize, jumps: Jumps::new(rate), thin: Vec::new() }
    }

    /// Replaces `out` by `slice` in a length of `frames` frames; both have the shape `[frames, channels]`.
    ///
    /// Nothing is allocated once the longest slice has passed and `out` has room for it.
    pub fn stretch(&mut self, slice: &[f32], frames: usize, out: &mut Vec<f32>) {
        out.clear();
        out.resize(frames * self.channels, 0.0);
        self.fit(slice, out);
    }

    /// Stretches a span to the length of `slice`, each half of its beats by itself.
    pub(super) fn fit(&mut self, span: &[f32], slice: &mut [f32]) {
        let (channels, halves) = (self.channels, 2 * self.beats);
        let (from, to) = (span.len() / channels, slice.len() / channels);
        let start = |frames: usize, half: usize| (frames * half + halves / 2) / halves * channels;
        for half in 0..halves {
            let source = &span[start(from, half)..start(from, half + 1)];
            self.half(source, &mut slice[start(to, half)..start(to, half + 1)]);
        }
    }

    fn half(&mut self, source: &[f32], slice: &mut [f32]) {
        let whole = Sound { samples: source, channels: self.channels, thinned: 1 };
        let half = Half::new(whole.frames(), slice.len() / self.channels, self.kick, self.jumps.longest());
        let mut thin = std::mem::take(&mut self.thin);
        whole.thin(&mut thin);
        self.jumps.make_room(half.length);
        let mut at = At::default();
        for n in 0..half.jumps {
            let jump = self.find([whole, Sound { samples: &thin, channels: 1, thinned: THIN }], half, n, at);
            whole.copy(at.offset, at.done..jump.place, slice);
            whole.crossfade(at.offset, jump, slice);
            at = at.after(jump);
        }
        whole.copy(at.offset, at.done..half.length, slice);
        self.thin = thin;
    }

    /// The jump number `n` that is heard least: of the length that is due, or for all but the last one near it.
    fn find(&mut self, [whole, thin]: [Sound<'_>; 2], half: Half, n: usize, at: At) -> Jump {
        let due = half.due(n) - at.offset;
        let (mut best, most) = (self.cost(whole, half, n, at, due), self.jumps.most());
        if n + 1 < half.jumps && most > 0 {
            let near = self.length(thin, half.thin(), n, at.thin());
            for by in (1 - THIN as i64..THIN as i64).map(|more| near + more) {
                let found = self.cost(whole, half, n, at, by);
                best = cheaper(best, found.map(|(cost, jump)| (cost * wander(by - due, most), jump)));
            }
        }
        // Lengths for which no place is left are none that tempi have: the jump is made at once.
        best.map_or(Jump { place: at.done, by: due, fade: 0 }, |found| found.1)
    }

    /// About how long the jump number `n` should be, in frames of the whole sound.
    fn length(&mut self, thin: Sound<'_>, half: Half, n: usize, at: At) -> i64 {
        let (due, most) = (half.due(n) - at.offset, self.jumps.most() / THIN as i64);
        // From the due length outwards: where all fit alike, as in silence, that is the one.
        let lengths = std::iter::once(due).chain((1..=most).flat_map(|distance| [due - distance, due + distance]));
        let best = lengths.fold(None, |best, by| {
            let found = self.cost(thin, half, n, at, by);
            cheaper(best, found.map(|(cost, jump)| (cost * wander(by - due, most), jump)))
        });
        best.map_or(due, |found| found.1.by) * THIN as i64
    }

    /// What the jump number `n` costs if it is so long; the last jump, which has the length that is then left, goes with the
    /// one before it.
    fn cost(&mut self, sound: Sound<'_>, half: Half, n: usize, at: At, by: i64) -> Option<(f64, Jump)> {
        let (cost, jump) = self.jumps.quietest(sound, half.zone(n), at, by, half.length)?;
        if n + 2 != half.jumps {
            return Some((cost, jump));
        }
        let last = at.after(jump);
        let by = half.due(n + 1) - last.offset;
        let rest = self.jumps.quietest(sound, half.zone(n + 1), last, by, half.length)?;
        Some((cost + rest.0, jump))
    }
}

/// How much worse a jump is for its distance from the length that is due: of two that fit as well, the one that moves less is
/// taken.
fn wander(distance: i64, most: i64) -> f64 {
    1.0 + distance.abs() as f64 / most.max(1) as f64
}

fn cheaper(best: Option<(f64, Jump)>, found: Option<(f64, Jump)>) -> Option<(f64, Jump)> {
    match (best, found) {
        (Some(best), Some(found)) => Some(if found.0 < best.0 { found } else { best }),
        (best, found) => best.or(found),
    }
}

/// Half a beat and what becomes of it, in frames.
#[derive(Debug, Clone, Copy)]
struct Half {
    span: usize,
    length: usize,
    kick: usize,
    jumps: usize,
}

impl Half {
    fn new(span: usize, length: usize, kick: usize, jump: usize) -> Self {
        let (excess, kick) = (span.abs_diff(length), kick.min(span * 3 / 5).min(length * 3 / 5));
        // Where much is skipped in little time, jumps are longer rather than crossfades shorter than half of one; no jump
        // back is longer than half of what there is.
        let room = if span > length { (length - kick) / jump } else { usize::MAX };
        let back = if span > length { 0 } else { (2 * excess).div_ceil(span.max(1)) };
        let jumps = excess.div_ceil(jump).min(room).max(back).max(FEWEST);
        Self { span, length, kick, jumps: if excess == 0 || span == 0 { 0 } else { jumps } }
    }

    /// The same at a part of the rate.
    fn thin(self) -> Self {
        Self { span: self.span / THIN, length: self.length / THIN, kick: self.kick / THIN, ..self }
    }

    /// How much further on than the slice the recording should be after jump number `n`.
    fn due(self, n: usize) -> i64 {
        (self.span as i64 - self.length as i64) * (n as i64 + 1) / self.jumps as i64
    }

    /// The frames of the slice that jump number `n` may be made in.
    fn zone(self, n: usize) -> std::ops::Range<usize> {
        self.bound(n)..self.bound(n + 1)
    }

    /// Jumps are due at even distances; those that the kick holds up share the time up to twice its length. Before the last
    /// jump back the recording is behind by it, so it has to be made by as much earlier.
    fn bound(self, n: usize) -> usize {
        let end = self.length - self.length.saturating_sub(self.span) / self.jumps;
        let even = |n: usize| end * n / self.jumps;
        let held = (1..self.jumps).find(|&n| even(n) >= 2 * self.kick).unwrap_or(self.jumps);
        if n < held { self.kick + even(held).saturating_sub(self.kick) * n / held } else { even(n) }
    }
}

#[cfg(test)]
mod tests;

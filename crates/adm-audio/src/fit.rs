//! Beats of any length on slices of one length.
//!
//! A beat is re-placed, never stretched: it starts where the slice starts, and what is too long is cropped, what is too
//! short is padded with silence. Over the few percent by which the tempi of a DJ set differ that keeps every transient
//! as it was, where stretching would smear it.
//!
//! The start of a slice is never faded: the beat's kick is there, and one millisecond is a good part of its attack. The
//! end is faded out over 5 ms where the beat was cropped or padded, so that it does not click.

use adm_core::{SampleRate, Seconds};
use std::f32::consts::FRAC_PI_2;

/// Length of the fade-out where a beat is cropped or padded. Longer is softer and takes more from the beat's end.
pub const FADE: Seconds = Seconds(0.005);
/// A beat that misses the slice's length by no more than this many frames differs by rounding alone. It gets the frames
/// that follow it in the recording, or loses its last one, without a fade.
pub const ROUNDING: u64 = 1;

/// How a stretch of a recording is put on a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Length of the slice in frames.
    pub length: usize,
    /// Length of the fade-out in frames where the end is cropped or padded.
    pub fade: usize,
}

impl Placement {
    /// Slices of `length` frames with a fade-out of [`FADE`] at `rate`.
    pub fn new(length: usize, rate: SampleRate) -> Self {
        Self { length, fade: FADE.frames(rate).0 as usize }
    }

    /// Frames of a beat of `frames` frames that end up on the slice.
    pub fn taken(self, frames: u64) -> usize {
        let length = self.length as u64;
        if frames.abs_diff(length) <= ROUNDING { self.length } else { frames.min(length) as usize }
    }

    /// Puts a beat on `slice`, which is overwritten.
    ///
    /// `source` holds the beat's frames, `[frames, channels]`, of which the first [`taken`](Self::taken) are used;
    /// `frames` is the length of the whole beat, which tells whether it is cropped. `slice` has the shape
    /// `[length, channels]`. Where `source` holds less than is wanted, the rest is padded like any other.
    pub fn place(self, source: &[f32], frames: u64, channels: usize, slice: &mut [f32]) {
        let count = (self.taken(frames) * channels).min(source.len()).min(slice.len());
        let (used, padding) = slice.split_at_mut(count);
        used.copy_from_slice(&source[..count]);
        padding.fill(0.0);
        if self.taken(frames) < self.length || frames > self.length as u64 + ROUNDING || !padding.is_empty() {
            fade_out(used, self.fade, channels);
        }
    }
}

/// Takes the last `fade` frames down to nothing along a quarter of a cosine squared.
fn fade_out(samples: &mut [f32], fade: usize, channels: usize) {
    let fade = fade.min(samples.len() / channels);
    let start = samples.len() - fade * channels;
    for (n, frame) in samples[start..].chunks_exact_mut(channels).enumerate() {
        let gain = (FRAC_PI_2 * (n as f32 + 1.0) / (fade as f32 + 1.0)).cos();
        frame.iter_mut().for_each(|sample| *sample *= gain * gain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACEMENT: Placement = Placement { length: 100, fade: 10 };

    fn placed(frames: usize) -> Vec<f32> {
        let source: Vec<f32> = (0..200).map(|n| 1.0 + n as f32).collect();
        let mut slice = vec![f32::NAN; 100];
        PLACEMENT.place(&source[..frames.max(101)], frames as u64, 1, &mut slice);
        slice
    }

    #[test]
    fn a_beat_as_long_as_the_slice_is_copied() {
        let expected: Vec<f32> = (0..100).map(|n| 1.0 + n as f32).collect();
        for frames in [99, 100, 101] {
            assert_eq!(placed(frames), expected, "{frames} frames differ from 100 by rounding alone");
        }
    }

    #[test]
    fn only_a_cropped_or_padded_end_is_faded() {
        for (frames, kept) in [(150, 100), (60, 60)] {
            let slice = placed(frames);
            for (n, &sample) in slice.iter().enumerate() {
                let whole = 1.0 + n as f32;
                match n {
                    n if n < kept - 10 => assert_eq!(sample, whole, "{frames}: frame {n}"),
                    n if n < kept => assert!(sample > 0.0 && sample < whole, "{frames}: frame {n} is {sample}"),
                    _ => assert_eq!(sample, 0.0, "{frames}: frame {n}"),
                }
            }
            assert!(slice[kept - 1] < 0.05 * kept as f32, "{frames}: the fade ends near silence");
        }
    }

    #[test]
    fn a_beat_shorter_than_its_fade_fades_from_its_start() {
        let mut slice = [9.0; 200];
        PLACEMENT.place(&[1.0; 8], 4, 2, &mut slice);
        assert!(slice[..8].is_sorted_by(|a, b| a >= b) && slice[0] < 1.0 && slice[6] > 0.0, "{:?}", &slice[..8]);
        assert!(slice[8..].iter().all(|&sample| sample == 0.0));
    }
}

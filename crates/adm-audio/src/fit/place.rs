//! Beats re-placed: over the few percent by which the tempi of a DJ set differ, cropping and padding keep every transient
//! as it was.

use super::{BEND, FADE, Placement, ROUNDING, ends};

impl Placement {
    /// Puts a beat on `slice`, which is overwritten, by cropping or padding it.
    ///
    /// `source` holds the beat's frames, `[frames, channels]`, of which the first [`taken`](Self::taken) are used;
    /// `frames` is the length of the whole beat, which tells whether it is cropped. `slice` has the shape
    /// `[length, channels]`. Where `source` holds less than is wanted, the rest is padded like any other.
    pub(super) fn place(self, source: &[f32], frames: u64, channels: usize, slice: &mut [f32]) {
        let count = source.len().min(slice.len());
        let (used, padding) = slice.split_at_mut(count);
        used.copy_from_slice(&source[..count]);
        padding.fill(0.0);
        if frames > self.length as u64 + ROUNDING || !padding.is_empty() {
            ends::bend_start(used, self.frames(BEND), channels);
            ends::fade_out(used, self.frames(FADE), channels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::SampleRate;

    fn placement() -> Placement {
        // A fade of 10 frames, a bend of 1.
        Placement::new(100, SampleRate::new(2_000).unwrap())
    }

    fn placed(frames: usize) -> Vec<f32> {
        let source: Vec<f32> = (0..200).map(|n| 1.0 + n as f32).collect();
        let mut slice = vec![f32::NAN; 100];
        placement().place(&source[..placement().taken(frames as u64)], frames as u64, 1, &mut slice);
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
    fn a_cropped_or_padded_end_is_faded_and_the_start_bent() {
        for (frames, kept) in [(150, 100), (60, 60)] {
            let slice = placed(frames);
            assert_eq!(slice[0], 0.0, "{frames}: the start is bent");
            for (n, &sample) in slice.iter().enumerate().skip(1) {
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
    fn where_the_recording_ends_the_rest_is_silence() {
        let mut slice = [9.0; 200];
        placement().place(&[1.0; 8], 100, 2, &mut slice);
        assert!(slice[2..8].iter().all(|&sample| sample > 0.0 && sample < 1.0), "{:?}", &slice[..8]);
        assert!(slice[8..].iter().all(|&sample| sample == 0.0));
    }
}

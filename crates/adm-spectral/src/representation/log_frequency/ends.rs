//! The gap between a slice's end and its beginning.
//!
//! The transform goes round: after the last padded sample comes the first one. Were the end joined to the beginning as
//! they are, or by zeros, the step between them would be a click in every band. The gap continues the end by its mirror
//! image, which fades out, while the beginning's mirror image fades in, so that the samples run on around the circle.
//! Decoding throws the gap away.

use std::f64::consts::FRAC_PI_2;

/// Fills the samples after the first `slice` ones.
pub fn bridge(padded: &mut [f32], slice: usize) {
    let gap = padded.len() - slice;
    let (sound, rest) = padded.split_at_mut(slice);
    let at = |index: Option<usize>| index.and_then(|index| sound.get(index)).copied().unwrap_or(0.0);
    for (index, sample) in rest.iter_mut().enumerate() {
        let angle = FRAC_PI_2 * (index as f64 + 0.5) / gap as f64;
        let (fade_in, fade_out) = (angle.sin().powi(2) as f32, angle.cos().powi(2) as f32);
        *sample = fade_out * at((slice - 1).checked_sub(index)) + fade_in * at(Some(gap - 1 - index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_runs_on_from_both_ends() {
        for (slice, gap) in [(1_000, 100), (10, 100), (1, 7), (100, 1), (64, 64)] {
            let mut padded: Vec<f32> =
                (0..slice + gap).map(|i| if i < slice { 1.0 + i as f32 } else { f32::NAN }).collect();
            bridge(&mut padded, slice);
            assert!(padded.iter().all(|sample| sample.is_finite()));
            if slice > gap && gap > 1 {
                assert!((padded[slice] - padded[slice - 1]).abs() < 0.01 * slice as f32);
                assert!((padded[slice + gap - 1] - padded[0]).abs() < 0.01 * slice as f32);
            }
        }
    }
}

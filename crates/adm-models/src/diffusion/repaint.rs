//! Which part of a slice is made anew, and how it is joined to the rest.

use std::ops::Range;

use adm_core::SampleRate;
use adm_spectral::Representation;

use crate::ModelError;
use crate::ranges::{count, refused};

/// Seconds over which what is made comes in and goes out, within the region.
const FADE: f64 = 0.005;

/// A region of time to make anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Repaint {
    /// Where it begins and ends, as shares of the slice.
    pub region: Range<f64>,
    /// Times that each stride is taken, 1 to 100 ([`super::Fill::times`]).
    pub times: usize,
}

impl Repaint {
    /// Whether a slice of so many samples has such a region.
    pub(super) fn check(&self, samples: usize, representation: &dyn Representation) -> Result<(), ModelError> {
        let Range { start, end } = self.region;
        if !(start >= 0.0 && start < end && end <= 1.0) {
            let allowed = "from 0 to 1 and longer than nothing".to_owned();
            return Err(refused("the region", allowed, format!("{start} to {end}")));
        }
        if representation.slice_frames() as f64 * (end - start) < 1.0 {
            let allowed = format!("a sample long, a {}th of the slice, or longer", representation.slice_frames());
            return Err(refused("--region", allowed, format!("{:.6}", end - start)));
        }
        count("the times that each stride is taken", self.times, 1, 100)?;
        let expected = representation.slice_frames() * representation.slice_channels();
        if samples == expected { Ok(()) } else { Err(refused("a slice", format!("{expected} samples long"), samples)) }
    }

    /// The frames of a tensor that the region touches.
    pub(super) fn frames(&self, frames: usize) -> Range<usize> {
        let place = |share: f64| share * frames as f64;
        place(self.region.start).floor() as usize..(place(self.region.end).ceil() as usize).min(frames)
    }
}

/// The slice outside the region, and what was made within it, faded in and out where the slice goes on beside it.
pub(super) fn blend(
    slice: &[f32],
    made: &[f32],
    Repaint { region, .. }: &Repaint,
    (channels, rate): (usize, SampleRate),
) -> Vec<f32> {
    let frames = slice.len() / channels.max(1);
    let place = |share: f64| (share * frames as f64).round();
    let [start, end] = [region.start, region.end].map(place);
    let fade = (FADE * rate.as_f64()).min((end - start) / 2.0).max(1.0);
    // Frames into the region, over those of a fade; no fade where the slice ends.
    let share = |frame: usize| {
        let at = frame as f64;
        if at < start || at >= end {
            return 0.0;
        }
        let coming = if start == 0.0 { 1.0 } else { (at - start) / fade };
        let going = if end >= frames as f64 { 1.0 } else { (end - at) / fade };
        coming.min(going).min(1.0)
    };
    let sample = |(at, (&kept, &made)): (usize, (&f32, &f32))| {
        let share = share(at / channels.max(1)) as f32;
        if share == 0.0 { kept } else { kept + (made - kept) * share }
    };
    slice.iter().zip(made).enumerate().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_comes_in_and_goes_out_within_the_region() {
        let rate = SampleRate::new(8_000).unwrap();
        let (slice, made) = (vec![0.0; 2 * 400], vec![1.0; 2 * 400]);
        let blended = |region: Range<f64>| blend(&slice, &made, &Repaint { region, times: 1 }, (2, rate));
        let middle = blended(0.25..0.75);
        // Forty frames of five milliseconds at either end.
        for (frame, share) in
            [(0, 0.0), (99, 0.0), (100, 0.0), (120, 0.5), (140, 1.0), (200, 1.0), (280, 0.5), (300, 0.0)]
        {
            assert_eq!([middle[2 * frame], middle[2 * frame + 1]], [share; 2], "frame {frame}");
        }
        assert_eq!(blended(0.0..1.0), made);
        let beginning = blended(0.0..0.5);
        assert!(beginning[0] == 1.0 && beginning[2 * 180] == 0.5 && beginning[2 * 200] == 0.0);
    }

    #[test]
    fn frames_are_those_that_the_region_touches() {
        let frames = |region: Range<f64>| Repaint { region, times: 1 }.frames(10);
        assert_eq!([frames(0.0..1.0), frames(0.25..0.5), frames(0.31..0.32)], [0..10, 2..5, 3..4]);
    }
}

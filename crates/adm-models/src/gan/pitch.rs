//! Pitch of levels: what a sound a few semitones higher looks like, for changes made to real and generated tensors alike and for
//! copies of the data (document 004, proposal 1).
//!
//! A higher sound has at frequency `f` the level that it had at `f / 2^(s/12)`, which lies between two bands. Times stay. Timbre moves
//! along with the pitch, as if a record were played faster, so a few semitones are as much as a beat bears.

use burn::tensor::{Int, Tensor, TensorData};

/// Most semitones that anything is shifted by: half an octave.
pub(super) const MOST: f32 = 6.0;

/// How a frame of bands is shifted: for each band the one below the level that it gets, and how far it lies towards the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shift {
    from: Vec<(usize, f32)>,
}

impl Shift {
    /// By so many semitones, of bands whose middles lie at these frequencies, lowest first, in any unit. Above the last band and below
    /// the first there is what these have.
    pub fn new(middles: &[f32], semitones: f32) -> Self {
        let factor = 2f32.powf(-semitones / 12.0);
        let last = middles.len().saturating_sub(1);
        let place = |middle: &f32| {
            let wanted = middle * factor;
            let above = middles.partition_point(|&other| other <= wanted).min(last);
            let below = above.saturating_sub(1);
            let apart = middles[above] - middles[below];
            let share = if apart > 0.0 { (wanted - middles[below]) / apart } else { 0.0 };
            (below, share.clamp(0.0, 1.0))
        };
        Self { from: middles.iter().map(place).collect() }
    }

    /// # Shapes
    /// `x` and output: `[batch, channels, bins, frames]`
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let (bins, device) = (self.from.len(), x.device());
        let rows = |next: usize| {
            let rows: Vec<i32> = self.from.iter().map(|&(below, _)| (below + next).min(bins - 1) as i32).collect();
            Tensor::<1, Int>::from_data(TensorData::new(rows, [bins]), &device)
        };
        let shares: Vec<f32> = self.from.iter().map(|&(_, share)| share).collect();
        let shares: Tensor<4> = Tensor::from_data(TensorData::new(shares, [1, 1, bins, 1]), &device);
        let (below, above) = (x.clone().select(2, rows(0)), x.select(2, rows(1)));
        below.clone() + (above - below) * shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    /// Of levels of a few hundred in 32 bits.
    const TOLERANCE: f32 = 1e-3;

    fn shifted(middles: &[f32], semitones: f32, levels: &[f32]) -> Vec<f32> {
        let x = Tensor::<1>::from_data(levels, &Device::flex()).reshape([1, 1, levels.len(), 1]);
        Shift::new(middles, semitones).apply(x).into_data().iter::<f32>().collect()
    }

    #[test]
    fn a_higher_sound_has_at_a_frequency_the_level_that_it_had_below() {
        let linear: Vec<f32> = (0..60).map(|band| band as f32 * 40.0).collect();
        let octaves: Vec<f32> = (0..60).map(|band| 30.0 * 2f32.powf(band as f32 / 12.0)).collect();
        for (middles, semitones) in
            [&linear, &octaves].into_iter().flat_map(|m| [-5.0, -0.3, 0.0, 2.0, 6.0].map(|s| (m, s)))
        {
            // A level that grows with frequency, so that it tells where it comes from.
            let got = shifted(middles, semitones, middles);
            let (first, last) = (middles[0], middles[59]);
            for (middle, got) in middles.iter().zip(got) {
                let wanted = (middle / 2f32.powf(semitones / 12.0)).clamp(first, last);
                assert!((got - wanted).abs() < TOLERANCE * wanted.max(1.0), "{got} against {wanted} at {middle}");
            }
        }
    }

    #[test]
    fn channels_and_moments_are_shifted_each_on_its_own() {
        let middles: Vec<f32> = (0..8).map(|band| 2f32.powi(band)).collect();
        let values: Vec<f32> = (0..2 * 3 * 8 * 2).map(|at| (at as f32 * 0.7).sin()).collect();
        let x = Tensor::<1>::from_data(&values[..], &Device::flex()).reshape([2, 3, 8, 2]);
        let got: Vec<f32> = Shift::new(&middles, 12.0).apply(x).into_data().iter::<f32>().collect();
        for (plane, (got, given)) in got.chunks(16).zip(values.chunks(16)).enumerate() {
            for (at, (got, given)) in got[2..].iter().zip(given).enumerate() {
                assert!((got - given).abs() < TOLERANCE, "an octave is a band of these: plane {plane}, {at}");
            }
        }
    }
}

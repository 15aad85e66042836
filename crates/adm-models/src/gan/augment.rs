//! Changes that leave a beat a beat, made to real and generated tensors alike so that the discriminator cannot learn the
//! few recorded beats by heart (Zhao et al. 2020).

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use adm_spectral::{Coding, Part, Representation, Values};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::ops::Range;

use super::pitch::{self, Shift};
use crate::ModelError;
use crate::frontend::Frontend;

/// How far each change goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentConfig {
    /// Frames that a batch is rolled in time, at most, to either side. More of it blurs where in the beat things happen.
    pub roll: usize,
    /// Share of the network's values' size that is added or taken, at most, 0 to 0.9; of the sound's, where values are levels.
    pub gain: f32,
    /// Whether left and right are swapped half of the time.
    pub swap: bool,
    /// The first bin from which on the phases of a tensor are turned, all by one random angle; 0 turns none. Each magnitude and
    /// the time of everything stay, the waveform changes. It keeps the discriminator from learning few waveforms by heart; turned
    /// lows blur when kicks begin, because a turn of theirs is as long as an attack.
    pub turn_from: usize,
    /// Share of the bins and of the frames that a rectangle covers which is hidden from the discriminator, at most, 0 to 0.9
    /// (Zhao et al. 2020). More of it keeps the discriminator from learning few beats by heart, and shows it less of each.
    pub cutout: f32,
    /// Share of the bins that is hidden in all frames, at most, 0 to 0.9 (Park et al. 2019).
    #[serde(default)]
    pub cutout_bins: f32,
    /// Share of the frames that is hidden in all bins, at most, 0 to 0.9.
    #[serde(default)]
    pub cutout_frames: f32,
    /// Semitones that a batch of levels is shifted by, at most, up or down, 0 to 6. More of it blurs what key and which drum is
    /// heard.
    #[serde(default)]
    pub pitch: f32,
    /// Where above 0, every training beat comes as a copy so many semitones higher and one as many lower, too, 0 to 6 (document 004,
    /// proposal 1): generated beats are then as often of another pitch.
    #[serde(default)]
    pub pitch_copies: f32,
}

impl AugmentConfig {
    pub(super) fn validate(&self) -> Result<(), ModelError> {
        let shares = [
            ("augment.gain", self.gain),
            ("augment.cutout", self.cutout),
            ("augment.cutout_bins", self.cutout_bins),
            ("augment.cutout_frames", self.cutout_frames),
        ];
        let semitones = [("augment.pitch", self.pitch), ("augment.pitch_copies", self.pitch_copies)];
        let ranges = shares.map(|(key, value)| (key, value, 0.9)).into_iter();
        for (key, value, most) in ranges.chain(semitones.map(|(key, value)| (key, value, pitch::MOST))) {
            if !(0.0..=most).contains(&value) {
                return Err(ModelError::Setting { key, allowed: format!("0 to {most}"), got: value.to_string() });
            }
        }
        Ok(())
    }

    /// Versions that every training beat comes in: itself alone, or with a higher and a lower copy.
    pub(super) fn versions(&self) -> usize {
        if self.pitch_copies > 0.0 { 3 } else { 1 }
    }
}

/// What the channels of a tensor are, for whoever changes them.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Pairs of real and imaginary parts.
    Complex {
        /// Whether the second pair is the side.
        mid_side: bool,
    },
    /// Levels, and other planes that stay as they are. Where they are of mid and side, left and right may be swapped and all stay
    /// the same.
    Levels {
        /// What one decibel adds to a channel: 0 for one that holds no levels.
        per_decibel: Vec<f32>,
        /// Where the middles of the bands lie, in bins of the transform; empty where bins are not bands, or where other planes go
        /// with the levels.
        middles: Vec<f32>,
    },
}

impl Content {
    /// That of a frontend's tensors.
    pub fn of(frontend: &Frontend) -> Self {
        match frontend.scaling {
            Some(scaling) => Self::Complex { mid_side: scaling.coding == Coding::MidSide },
            None => {
                let per_decibel = steps(&*frontend.representation);
                let levels = per_decibel.iter().all(|&step| step > 0.0);
                let middles = if levels { frontend.representation.middles() } else { Vec::new() };
                Self::Levels { per_decibel, middles }
            }
        }
    }

    /// The shift of levels by so many semitones, where there are bands of them.
    pub(super) fn shift(&self, semitones: f32) -> Option<Shift> {
        match self {
            Self::Levels { middles, .. } if !middles.is_empty() => Some(Shift::new(middles, semitones)),
            _ => None,
        }
    }
}

fn steps(representation: &dyn Representation) -> Vec<f32> {
    let step = match representation.values() {
        Values::Unit { per_decibel: Some(step) } => step,
        _ => 0.0,
    };
    representation.planes().iter().map(|plane| if plane.part == Part::Level { step } else { 0.0 }).collect()
}

/// The changes of one step.
#[derive(Debug, Clone)]
pub struct Augmentation {
    roll: usize,
    /// Factor of every value of a channel, `[batch, channels]`; negative where a side channel is turned over.
    factors: Option<Vec<f32>>,
    /// What is added to every value of a channel, `[batch, channels]`.
    offsets: Option<Vec<f32>>,
    /// From which bin on phases are turned, and by how much in each tensor, in radians, `[batch]`.
    turned: Option<(usize, Vec<f32>)>,
    /// How the batch is shifted.
    shift: Option<Shift>,
    /// Bins and frames of each tensor that are hidden, some rectangles for each, `[rectangles · batch]`.
    hidden: Option<Vec<[Range<usize>; 2]>>,
}

impl Augmentation {
    /// Draws the changes for a batch of `[batch, channels, bins, frames]`.
    ///
    /// Of mid and side, swapping left and right turns the side pair over; with left and right apart it cannot be done by
    /// factors, so it is left out.
    pub fn draw(config: &AugmentConfig, dims: [usize; 4], content: &Content, seeds: Seeds, step: u64) -> Self {
        let [batch, channels, bins, frames] = dims;
        let mut rng = seeds.stream("augment", step);
        let reach = config.roll.min(frames / 2);
        let roll = (rng.random_range(0..=2 * reach) + frames - reach) % frames;
        let (factors, offsets) = match content {
            Content::Complex { mid_side } => {
                let swaps = config.swap && *mid_side && channels == 4;
                let drawn = config.gain > 0.0 || swaps;
                (drawn.then(|| factors(&mut rng, config.gain, swaps, [batch, channels])), None)
            }
            Content::Levels { per_decibel, .. } => {
                let levels = |gain: f32| per_decibel.iter().map(move |step| step * 20.0 * gain.log10());
                (
                    None,
                    (config.gain > 0.0).then(|| (0..batch).flat_map(|_| levels(gain(&mut rng, config.gain))).collect()),
                )
            }
        };
        let turned = (config.turn_from > 0)
            .then(|| (config.turn_from, (0..batch).map(|_| rng.random::<f32>() * std::f32::consts::TAU).collect()));
        let mut rectangles = Vec::new();
        if config.cutout > 0.0 {
            let both = |_| [span(&mut rng, config.cutout, bins), span(&mut rng, config.cutout, frames)];
            rectangles.extend((0..batch).map(both));
        }
        if config.cutout_bins > 0.0 {
            rectangles.extend((0..batch).map(|_| [span(&mut rng, config.cutout_bins, bins), 0..frames]));
        }
        if config.cutout_frames > 0.0 {
            rectangles.extend((0..batch).map(|_| [0..bins, span(&mut rng, config.cutout_frames, frames)]));
        }
        let hidden = (!rectangles.is_empty()).then_some(rectangles);
        let drawn = (config.pitch > 0.0).then(|| config.pitch * (rng.random::<f32>() * 2.0 - 1.0));
        let shift = drawn.and_then(|semitones| content.shift(semitones));
        Self { roll, factors, offsets, turned, shift, hidden }
    }

    /// Applies them.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, bins, frames]`
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, bins, frames] = x.dims();
        let x = match self.roll {
            0 => x,
            roll => {
                let head = x.clone().slice([0..batch, 0..channels, 0..bins, 0..frames - roll]);
                let tail = x.slice([0..batch, 0..channels, 0..bins, frames - roll..frames]);
                Tensor::cat(vec![tail, head], 3)
            }
        };
        let x = match &self.turned {
            None => x,
            Some((from, angles)) => turn(x, *from, angles),
        };
        let x = match &self.shift {
            None => x,
            Some(shift) => shift.apply(x),
        };
        let by_channel = |values: &Vec<f32>, x: &Tensor<4>| {
            let data = TensorData::new(values.clone(), [batch, channels, 1, 1]);
            Tensor::<4>::from_data(data, &x.device())
        };
        let x = match &self.factors {
            None => x,
            Some(factors) => x.clone() * by_channel(factors, &x),
        };
        let x = match &self.offsets {
            None => x,
            Some(offsets) => x.clone() + by_channel(offsets, &x),
        };
        match &self.hidden {
            None => x,
            Some(hidden) => {
                let data = TensorData::new(shown(hidden, [batch, bins, frames]), [batch, 1, bins, frames]);
                let shown: Tensor<4> = Tensor::from_data(data, &x.device());
                x * shown
            }
        }
    }
}

/// A factor of loudness.
fn gain(rng: &mut StreamRng, reach: f32) -> f32 {
    1.0 + reach * (rng.random::<f32>() * 2.0 - 1.0)
}

/// Those of every channel, the second half of which is turned over half of the time where that swaps left and right.
fn factors(rng: &mut StreamRng, reach: f32, swaps: bool, [batch, channels]: [usize; 2]) -> Vec<f32> {
    let mut of_tensor = |_| {
        let gain = gain(rng, reach);
        let side = if swaps && rng.random::<bool>() { -gain } else { gain };
        (0..channels).map(move |channel| if channel < channels.div_ceil(2) { gain } else { side })
    };
    (0..batch).flat_map(&mut of_tensor).collect()
}

/// A part of a side, no longer than this share of it.
fn span(rng: &mut StreamRng, share: f32, side: usize) -> Range<usize> {
    let length = (rng.random::<f32>() * share * side as f32) as usize;
    let start = rng.random_range(0..=side - length);
    start..start + length
}

/// 0 where a tensor is hidden, 1 elsewhere, `[batch, bins, frames]`.
fn shown(hidden: &[[Range<usize>; 2]], [batch, bins, frames]: [usize; 3]) -> Vec<f32> {
    let mut shown = vec![1.0; batch * bins * frames];
    for (at, [rows, columns]) in hidden.iter().enumerate() {
        let shown = &mut shown[at % batch * bins * frames..][..bins * frames];
        rows.clone().for_each(|row| shown[row * frames..][columns.clone()].fill(0.0));
    }
    shown
}

/// Turns the phases from bin `from` on by each tensor's angle. The first bin holds two real numbers, DC and Nyquist (see
/// `adm_spectral::stft`), which have none to turn.
fn turn(x: Tensor<4>, from: usize, angles: &[f32]) -> Tensor<4> {
    let [batch, channels, bins, frames] = x.dims();
    let by_bin = |function: fn(f32) -> f32| {
        let bin = |bin: usize, angle: f32| function(if bin < from.max(1) { 0.0 } else { angle });
        let values: Vec<f32> = angles.iter().flat_map(|&angle| (0..bins).map(move |index| bin(index, angle))).collect();
        Tensor::<4>::from_data(TensorData::new(values, [batch, 1, bins, 1]), &x.device())
    };
    let (cosines, sines) = (by_bin(f32::cos), by_bin(f32::sin));
    let pairs = x.clone().reshape([batch, channels / 2, 2, bins * frames]);
    let (real, imaginary) = (pairs.clone().narrow(2, 0, 1), pairs.narrow(2, 1, 1));
    let ahead = Tensor::cat(vec![imaginary.neg(), real], 2).reshape([batch, channels, bins, frames]);
    x * cosines + ahead * sines
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn values(x: Tensor<4>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    #[test]
    fn turning_keeps_every_magnitude_and_turns_the_bins_from_the_first_one_on_by_the_angle() {
        let shape = [2, 4, 3, 2];
        let given: Vec<f32> = (0..48).map(|n| (n as f32 * 0.7).sin()).collect();
        let angles = [0.4f32, 2.5];
        for from in [1, 2] {
            let x = Tensor::from_data(TensorData::new(given.clone(), shape), &Device::flex());
            let turned = values(turn(x, from, &angles));
            for (sample, &angle) in angles.iter().enumerate() {
                for (pair, point) in [0, 1].into_iter().flat_map(|pair| (0..6).map(move |point| (pair, point))) {
                    let at = sample * 24 + pair * 12 + point;
                    let (real, imaginary) = (given[at], given[at + 6]);
                    let (sine, cosine) = if point / 2 < from { (0.0, 1.0) } else { angle.sin_cos() };
                    assert!((turned[at] - (real * cosine - imaginary * sine)).abs() < 1e-6);
                    assert!((turned[at + 6] - (real * sine + imaginary * cosine)).abs() < 1e-6);
                }
            }
        }
    }

    const NONE: AugmentConfig = AugmentConfig {
        roll: 0,
        gain: 0.0,
        swap: false,
        turn_from: 0,
        cutout: 0.0,
        cutout_bins: 0.0,
        cutout_frames: 0.0,
        pitch: 0.0,
        pitch_copies: 0.0,
    };

    #[test]
    fn whole_bins_and_whole_frames_are_hidden_and_no_more_than_allowed() {
        let config = AugmentConfig { cutout_bins: 0.5, cutout_frames: 0.4, ..NONE };
        let (dims, content) = ([3, 2, 8, 10], Content::Complex { mid_side: false });
        let mut counts = [Vec::new(), Vec::new()];
        for step in 0..50 {
            let seen = Augmentation::draw(&config, dims, &content, Seeds::new(4), step);
            let seen = values(seen.apply(Tensor::ones(dims, &Device::flex())));
            for plane in seen.chunks(80) {
                let hidden = |row: usize, column: usize| plane[row * 10 + column] == 0.0;
                let rows: Vec<usize> = (0..8).filter(|&row| (0..10).all(|column| hidden(row, column))).collect();
                let columns: Vec<usize> = (0..10).filter(|&column| (0..8).all(|row| hidden(row, column))).collect();
                for (row, column) in (0..8).flat_map(|row| (0..10).map(move |column| (row, column))) {
                    assert_eq!(hidden(row, column), rows.contains(&row) || columns.contains(&column));
                }
                assert!(rows.len() < 4 && columns.len() < 4, "less than the share of each side");
                counts[0].push(rows.len());
                counts[1].push(columns.len());
            }
        }
        assert!(counts.iter().all(|counts| (0..4).all(|count| counts.contains(&count))), "of every size");
    }

    #[test]
    fn a_batch_of_levels_is_shifted_alike_and_tensors_of_anything_else_are_not() {
        let config = AugmentConfig { pitch: 6.0, ..NONE };
        let (dims, mut apart) = ([2, 1, 16, 3], Vec::new());
        let middles: Vec<f32> = (0..16).map(|band| 2f32.powf(band as f32 / 12.0)).collect();
        let levels = Content::Levels { per_decibel: vec![0.01], middles };
        let ramp = || Tensor::arange(0..16, &Device::flex()).float().reshape([1, 1, 16, 1]).expand(dims);
        for step in 0..30 {
            let seen = values(Augmentation::draw(&config, dims, &levels, Seeds::new(4), step).apply(ramp()));
            assert_eq!(seen[..48], seen[48..], "all of a batch");
            apart.push(seen[8 * 3] - 8.0);
            let other = Content::Complex { mid_side: false };
            assert_eq!(
                values(Augmentation::draw(&config, dims, &other, Seeds::new(4), step).apply(ramp())),
                values(ramp())
            );
        }
        let reach = |sign: f32| apart.iter().fold(0.0f32, |most, &apart| most.max(sign * apart));
        assert!(
            (4.0..=6.0).contains(&reach(1.0)) && (4.0..=6.0).contains(&reach(-1.0)),
            "up and down, within the limit"
        );
    }

    #[test]
    fn one_rectangle_of_each_tensor_is_hidden_and_no_larger_than_allowed() {
        let config = AugmentConfig { cutout: 0.5, ..NONE };
        let (dims, mut sizes) = ([3, 2, 8, 6], Vec::new());
        for step in 0..50 {
            let augment = Augmentation::draw(&config, dims, &Content::Complex { mid_side: false }, Seeds::new(4), step);
            let seen = values(augment.apply(Tensor::ones(dims, &Device::flex())));
            for planes in seen.chunks(2 * 48) {
                assert_eq!(planes[..48], planes[48..], "every channel hides the same");
                let hidden = |places: Vec<usize>| places.iter().any(|&at| planes[at] == 0.0);
                let rows = (0..8).filter(|row| hidden((0..6).map(|column| row * 6 + column).collect())).count();
                let columns = (0..6).filter(|column| hidden((0..8).map(|row| row * 6 + column).collect())).count();
                let zeros = planes[..48].iter().filter(|&&value| value == 0.0).count();
                assert_eq!(zeros, rows * columns, "a rectangle");
                assert!(rows < 4 && columns < 3, "less than half of each side");
                sizes.push(zeros);
            }
        }
        assert!(sizes.contains(&0) && sizes.contains(&6), "of every size");
    }
}

//! A made-up dataset: noise in the shape that a configuration is made for, to try a training without any music.
//!
//! What a step costs depends on shapes alone, so noise is as good as music for that; nothing can be learned from it.

use std::sync::Arc;

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_dataset::DatasetError;
use adm_dataset::stream::{Batch, Prefetch};
use adm_spectral::{Representation, Scaling, Scratch, measure_reference};
use adm_train::{Batches, TrainError};

use crate::ModelError;
use crate::frontend::{Frontend, ScalingConfig};
use crate::slice::SliceSettings;

/// The sample rate where a configuration takes any.
const RATE: u32 = 44_100;
/// The tempo of a slice of one beat: `adm prepare`'s own.
const BPM: f64 = 130.0;
/// Slices, which come again and again.
const SLICES: usize = 128;
/// Slices that the scaling's reference is measured on.
const MEASURED: usize = 8;

/// Slices of noise, and what a network of a configuration sees of them.
#[derive(Debug, Clone)]
pub struct MadeUp {
    frontend: Frontend,
    slices: Arc<Vec<Vec<f32>>>,
    batch: usize,
}

impl MadeUp {
    /// Stereo beats at 130 BPM, at the configuration's sample rate, or 44,100 Hz where it takes any.
    ///
    /// # Errors
    /// A representation that cannot hold them.
    pub fn new(settings: SliceSettings<'_>) -> Result<Self, ModelError> {
        let SliceSettings { representation, scaling, sample_rate, seed, batch } = settings;
        let rate = SampleRate::new(if sample_rate == 0 { RATE } else { sample_rate });
        let refused = |error: adm_core::units::OutOfRange| ModelError::Setting {
            key: "sample_rate",
            allowed: "one that recordings have".into(),
            got: error.to_string(),
        };
        let (rate, bpm) = (rate.map_err(refused)?, Bpm::new(BPM).map_err(refused)?);
        let frames = bpm.beat_frames(rate);
        let representation = representation.build(frames, rate, 2)?;
        let slices: Vec<Vec<f32>> = (0..SLICES as u64).map(|at| slice(frames, seed, at)).collect();
        let scaling = scaled(scaling, &*representation, &slices)?;
        Ok(Self { frontend: Frontend { representation, scaling, rate }, slices: slices.into(), batch })
    }

    /// What networks' values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// The slices, interleaved.
    pub fn slices(&self) -> &[Vec<f32>] {
        &self.slices
    }

    /// Their sample rate.
    pub fn rate(&self) -> SampleRate {
        self.frontend.rate
    }

    /// Batches of them, made ahead as those of a dataset are.
    ///
    /// # Errors
    /// A thread that the system does not grant.
    pub fn batches(&self) -> Result<impl Batches<Batch>, TrainError> {
        let own = self.clone();
        let failed = |error: DatasetError| TrainError::family("making a batch")(Box::new(error));
        let mut ahead = Prefetch::new(0, 2, 2, move |step| own.batch(step)).map_err(failed)?;
        Ok(move || ahead.next().and_then(|made| made).map_err(failed))
    }

    fn batch(&self, step: u64) -> Result<Batch, DatasetError> {
        let (shape, batch) = (self.frontend.shape(), self.batch);
        let first = (step % SLICES as u64) as usize * batch;
        let indices: Vec<usize> = (0..batch).map(|at| (first + at) % SLICES).collect();
        let (mut values, mut scratch) = (vec![0.0; batch * shape.size()], Scratch::new());
        for (&index, tensor) in indices.iter().zip(values.chunks_exact_mut(shape.size())) {
            self.frontend.representation.encode(&self.slices[index], tensor, &mut scratch)?;
            self.frontend.scaling.map_or(Ok(()), |scaling| scaling.apply(tensor, shape))?;
        }
        Ok(Batch { values, shape, indices })
    }
}

/// Noise that dies away, as a drum does.
fn slice(frames: usize, seed: u64, at: u64) -> Vec<f32> {
    let mut random = Seeds::new(seed).stream("made-up slices", at);
    let loudness = |frame: usize| 0.5 * (-4.0 * frame as f32 / frames as f32).exp();
    (0..frames * 2).map(|sample| loudness(sample / 2) * random.random_range(-1.0f32..1.0)).collect()
}

fn scaled(
    scaling: ScalingConfig,
    representation: &dyn Representation,
    slices: &[Vec<f32>],
) -> Result<Option<Scaling>, ModelError> {
    scaling.resolve(representation, || {
        let tensors = slices.iter().take(MEASURED).map(|slice| representation.tensor_of(slice));
        let tensors = tensors.collect::<Result<Vec<_>, _>>()?;
        Ok(measure_reference(&tensors, scaling.coding, scaling.quantile)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_spectral::{Coding, Law, RepresentationConfig};

    #[test]
    fn a_batch_is_its_step_alone() {
        let representation: RepresentationConfig =
            toml::from_str("name = \"log-mel\"\nbins = 64\nframes = 32\nn_fft = 512").unwrap();
        let scaling = ScalingConfig { coding: Coding::LeftRight, law: Law::Linear, reference: None, quantile: 1.0 };
        let settings =
            SliceSettings { representation: &representation, scaling, sample_rate: 22_050, seed: 1, batch: 3 };
        let made_up = MadeUp::new(settings).unwrap();
        let mut batches = made_up.batches().unwrap();
        batches.next().unwrap();
        assert_eq!(batches.next().unwrap(), made_up.batch(1).unwrap());
    }
}

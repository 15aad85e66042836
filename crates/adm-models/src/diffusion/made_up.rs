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
use burn::tensor::Device;

use super::{DiffusionConfig, DiffusionTrainee};
use crate::ModelError;
use crate::frontend::Frontend;
use crate::ranges::refused;

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
    config: DiffusionConfig,
    frontend: Frontend,
    slices: Arc<Vec<Vec<f32>>>,
}

impl MadeUp {
    /// Stereo beats at 130 BPM, at the configuration's sample rate, or 44,100 Hz where it takes any.
    ///
    /// # Errors
    /// A representation that cannot hold them, or a setting out of range.
    pub fn new(config: &DiffusionConfig) -> Result<Self, ModelError> {
        config.validate()?;
        let failed =
            |error: adm_core::units::OutOfRange| refused("sample_rate", "one that recordings have".into(), error);
        let rate = SampleRate::new(if config.sample_rate == 0 { RATE } else { config.sample_rate }).map_err(failed)?;
        let frames = Bpm::new(BPM).map_err(failed)?.beat_frames(rate);
        let representation = config.representation.build(frames, rate, 2)?;
        let slices: Vec<Vec<f32>> = (0..SLICES as u64).map(|at| slice(frames, config.seed, at)).collect();
        let scaling = scaling(config, &*representation, &slices)?;
        Ok(Self { config: config.clone(), frontend: Frontend { representation, scaling, rate }, slices: slices.into() })
    }

    /// The slices, interleaved.
    pub fn slices(&self) -> &[Vec<f32>] {
        &self.slices
    }

    /// Their sample rate.
    pub fn rate(&self) -> SampleRate {
        self.frontend.rate
    }

    /// A network with starting weights for them, on `device` (without autodiff).
    ///
    /// # Errors
    /// More levels than the representation's shape has sides for.
    pub fn trainee(&self, device: &Device) -> Result<DiffusionTrainee, ModelError> {
        DiffusionTrainee::of_parts(self.config.clone(), self.frontend.clone(), device)
    }

    /// Batches of them, made ahead as those of a dataset are.
    ///
    /// # Errors
    /// A thread that the system does not grant.
    pub fn batches(&self) -> Result<impl Batches<Batch> + use<>, TrainError> {
        let (own, batch) = (self.clone(), self.config.training.batch);
        let failed = |error: DatasetError| TrainError::family("making a batch")(Box::new(error));
        let mut ahead = Prefetch::new(0, 2, 2, move |step| own.batch(step, batch)).map_err(failed)?;
        Ok(move || ahead.next().and_then(|made| made).map_err(failed))
    }

    fn batch(&self, step: u64, batch: usize) -> Result<Batch, DatasetError> {
        let shape = self.frontend.shape();
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

fn scaling(
    config: &DiffusionConfig,
    representation: &dyn Representation,
    slices: &[Vec<f32>],
) -> Result<Option<Scaling>, ModelError> {
    let given = config.scaling;
    given.resolve(representation, || {
        let tensors = slices.iter().take(MEASURED).map(|slice| representation.tensor_of(slice));
        let tensors = tensors.collect::<Result<Vec<_>, _>>()?;
        Ok(measure_reference(&tensors, given.coding, given.quantile)?)
    })
}

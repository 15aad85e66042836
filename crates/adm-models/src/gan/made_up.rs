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

use super::rows::Rows;
use super::trainee::Known;
use super::{GanConfig, GanTrainee, Labels, POSITIONS, Shares};
use crate::ModelError;
use crate::frontend::Frontend;

/// The sample rate where a configuration takes any.
const RATE: u32 = 44_100;
/// The tempo of a slice of one beat: `adm prepare`'s own.
const BPM: f64 = 130.0;
/// Slices, which come again and again.
const SLICES: usize = 128;
/// Beats with codes, where there are codes: as many as `adm plan` assumes that there are to learn from.
const BEATS: usize = 7_000;
/// Tokens that the slices are said to have where a configuration is conditional.
const TOKENS: usize = 100;
/// Slices that the scaling's reference is measured on.
const MEASURED: usize = 8;

/// Slices of noise, and what a network of a configuration sees of them.
#[derive(Debug, Clone)]
pub struct MadeUp {
    config: GanConfig,
    frontend: Frontend,
    slices: Arc<Vec<Vec<f32>>>,
}

impl MadeUp {
    /// Stereo beats at 130 BPM, at the configuration's sample rate, or 44,100 Hz where it takes any.
    ///
    /// # Errors
    /// A representation that cannot hold them, or a setting out of range.
    pub fn new(config: &GanConfig) -> Result<Self, ModelError> {
        config.validate()?;
        let rate = SampleRate::new(if config.sample_rate == 0 { RATE } else { config.sample_rate });
        let refused = |error: adm_core::units::OutOfRange| ModelError::Setting {
            key: "sample_rate",
            allowed: "one that recordings have".into(),
            got: error.to_string(),
        };
        let (rate, bpm) = (rate.map_err(refused)?, Bpm::new(BPM).map_err(refused)?);
        let frames = bpm.beat_frames(rate);
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

    /// Networks with starting weights for them, on `device` (without autodiff).
    ///
    /// # Errors
    /// Stages that do not divide the representation's shape.
    pub fn trainee(&self, device: &Device) -> Result<GanTrainee, ModelError> {
        let known = Known {
            labels: self.config.condition.map(|_| labels()),
            shares: self.config.condition.map(|_| shares()),
            rows: self.config.codes.map(|_| Rows::first(BEATS).with_versions(self.config.augment.versions())),
        };
        GanTrainee::of_parts(self.config.clone(), self.frontend.clone(), known, device)
    }

    /// Batches of them, made ahead as those of a dataset are.
    ///
    /// # Errors
    /// A thread that the system does not grant.
    pub fn batches(&self) -> Result<impl Batches<Batch>, TrainError> {
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
    config: &GanConfig,
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

fn labels() -> Labels {
    Labels {
        token_of: (0..BEATS).map(|slice| (slice % TOKENS) as u32).collect(),
        position_of: (0..BEATS).map(|slice| (slice % POSITIONS) as u8).collect(),
        tokens: TOKENS,
        book: String::new(),
        dataset: String::new(),
    }
}

fn shares() -> Shares {
    Shares { book: String::new(), counts: vec![[1; POSITIONS]; TOKENS] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::load;
    use adm_train::{StepContext, Trainee};

    const SMALL: [&str; 6] = [
        "representation.bins=64",
        "representation.frames=256",
        "generator.widths=[8, 4]",
        "discriminator.widths=[4, 8]",
        "generator.latent=4",
        "training.batch=3",
    ];

    #[test]
    fn made_up_beats_have_the_shape_of_real_ones_and_can_be_trained_on() {
        for (preset, rate, frames) in
            [("adm", 22_050, 10_177), ("conditional", 22_050, 10_177), ("training-1", 44_100, 20_354)]
        {
            let config = load(preset, &SMALL.map(str::to_owned)).unwrap();
            let made_up = MadeUp::new(&config).unwrap();
            assert_eq!((made_up.rate().hz(), made_up.slices()[0].len()), (rate, 2 * frames), "{preset}");
            let mut batches = made_up.batches().unwrap();
            let batch = batches.next().unwrap();
            assert_eq!((batch.indices.len(), batch.values.len()), (3, 3 * batch.shape.size()));
            assert!(
                batch.values.iter().all(|value| value.is_finite()) && batch.values.iter().any(|&value| value != 0.0)
            );
            let mut trainee = made_up.trainee(&Device::flex()).unwrap();
            let values = trainee.step(StepContext { step: 0, measure: true }, batch).unwrap();
            assert!(values.len() == 4 && values.iter().all(|value| value.is_finite()), "{values:?}");
        }
    }

    #[test]
    fn a_batch_is_its_step_alone() {
        let made_up = MadeUp::new(&load("cpu", &SMALL.map(str::to_owned)).unwrap()).unwrap();
        let mut batches = made_up.batches().unwrap();
        batches.next().unwrap();
        assert_eq!(batches.next().unwrap(), made_up.batch(1, 3).unwrap());
    }
}

//! From a run to slices.

use adm_core::{SampleRate, Seeds};
use adm_spectral::{Scaling, Scratch, Shape};
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rayon::prelude::*;

use super::duel::{AVERAGED, start};
use super::labels::check_label;
use super::resolved::Resolved;
use super::{GanConfig, Generator, Label, Shares, label_tensor, latents};
use crate::ModelError;
use crate::frontend::Frontend;

/// The averaged generator of a run, and what its values mean.
#[derive(Debug)]
pub struct Sampler {
    generator: Generator,
    frontend: Frontend,
    config: GanConfig,
    shares: Option<Shares>,
    device: Device,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

impl Sampler {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, or no usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        let resolved = Resolved::load(&run.config())?;
        let frontend = resolved.frontend()?;
        let mut generator = None;
        let mut load = |folder: &std::path::Path| {
            let arrays = weights::load(&folder.join(AVERAGED))?;
            let start = start(&resolved.gan, frontend.shape(), &resolved.learned(), device)
                .map_err(|error| TrainError::family("building the generator")(Box::new(error)))?;
            generator = Some(weights::apply(start, &arrays)?);
            Ok(())
        };
        let loaded = checkpoint::load(run, Which::Best, &mut load)?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, generator) = loaded.zip(generator).ok_or_else(none)?;
        let (skipped, step) = (loaded.skipped, loaded.checkpoint.step);
        let Resolved { gan: config, labels: shares, .. } = resolved;
        Ok(Self { generator, frontend, config, shares, device: device.clone(), skipped, step })
    }

    /// A sampler of a generator at hand.
    pub(super) fn of(
        generator: Generator,
        frontend: Frontend,
        config: GanConfig,
        shares: Option<Shares>,
        device: Device,
    ) -> Self {
        Self { generator, frontend, config, shares, device, skipped: Vec::new(), step: 0 }
    }

    /// What the generator has to be told beside its noise: labels of this book, with how often it was trained on each. None
    /// where it takes noise alone.
    pub fn condition(&self) -> Option<&Shares> {
        self.shares.as_ref()
    }

    /// Whether another position in the bar makes another beat of the same noise and token.
    pub fn tells_positions(&self) -> bool {
        self.config.condition.is_some_and(super::ConditionConfig::tells_positions)
    }

    /// Length of a noise vector.
    pub fn latent_length(&self) -> usize {
        self.config.generator.latent
    }

    /// Distribution of the noise.
    pub fn noise(&self) -> super::NoiseKind {
        self.config.generator.noise
    }

    /// Sample rate of the slices.
    pub fn rate(&self) -> SampleRate {
        self.frontend.rate
    }

    /// Channels of the slices.
    pub fn channels(&self) -> usize {
        self.frontend.representation.slice_channels()
    }

    /// Frames of a slice.
    pub fn slice_frames(&self) -> usize {
        self.frontend.representation.slice_frames()
    }

    /// Axes of a tensor.
    pub fn shape(&self) -> Shape {
        self.frontend.shape()
    }

    /// How tensors were scaled, where they were.
    pub fn scaling(&self) -> Option<Scaling> {
        self.frontend.scaling
    }

    /// Generates one interleaved slice for each noise vector; the order and size of batches changes nothing.
    ///
    /// # Errors
    /// Noise of another length, values that are not finite, or a generator that has to be told labels, too.
    pub fn slices(&self, noise: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ModelError> {
        if self.shares.is_some() {
            return Err(ModelError::Conditional);
        }
        self.made(noise, None)
    }

    /// Generates one interleaved slice for each noise vector, each a beat of its label; the order and size of batches changes
    /// nothing. One noise vector with two labels gives two beats that have something in common. A token that was never heard at
    /// the position asked for is made as at the one where it was heard most ([`Shares::nearest_heard`]).
    ///
    /// # Errors
    /// A generator that takes no labels, one out of range, more or fewer labels than noise vectors, or those of
    /// [`slices`](Self::slices).
    pub fn slices_of(&self, noise: &[Vec<f32>], labels: &[Label]) -> Result<Vec<Vec<f32>>, ModelError> {
        let shares = self.shares.as_ref().ok_or(ModelError::Unconditional)?;
        if labels.len() != noise.len() {
            let (allowed, got) = (format!("one for each of {} noise vectors", noise.len()), labels.len().to_string());
            return Err(ModelError::Setting { key: "labels", allowed, got });
        }
        labels.iter().try_for_each(|&label| check_label(label, shares.tokens()))?;
        let heard: Vec<Label> = labels.iter().map(|&label| shares.nearest_heard(label)).collect();
        self.made(noise, Some(label_tensor(&heard, &self.device)))
    }

    fn made(&self, noise: &[Vec<f32>], labels: Option<Tensor<2, Int>>) -> Result<Vec<Vec<f32>>, ModelError> {
        let length = self.latent_length();
        if let Some(wrong) = noise.iter().find(|vector| vector.len() != length) {
            let (allowed, got) = (format!("{length} long"), wrong.len().to_string());
            return Err(ModelError::Setting { key: "a noise vector", allowed, got });
        }
        let data = TensorData::new(noise.concat(), [noise.len(), length]);
        self.decode(self.generator.forward(Tensor::from_data(data, &self.device), labels))
    }

    fn decode(&self, tensors: Tensor<4>) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut values: Vec<f32> = tensors.into_data().iter::<f32>().collect();
        let tensors = values.par_chunks_exact_mut(self.shape().size());
        tensors.map_init(Scratch::new, |scratch, tensor| self.frontend.slice(tensor, scratch)).collect()
    }

    /// Slices of `count` independent noise vectors of the stream `name`, with labels as often as the training split has them
    /// where the generator takes some.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn random(&self, count: usize, seeds: Seeds, name: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut slices = Vec::with_capacity(count);
        for batch in self.tensors(count, seeds, name) {
            slices.extend(self.decode(batch)?);
        }
        Ok(slices)
    }

    /// How consistent the tensors of those noise vectors are, in the mean ([`Frontend::consistency_db`]).
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn consistency_db(&self, count: usize, seeds: Seeds, name: &str) -> Result<f64, ModelError> {
        let (mut sum, mut scratch) = (0.0, Scratch::new());
        for batch in self.tensors(count, seeds, name) {
            let mut values: Vec<f32> = batch.into_data().iter::<f32>().collect();
            for tensor in values.chunks_exact_mut(self.shape().size()) {
                sum += self.frontend.consistency_db(tensor, &mut scratch)?;
            }
        }
        Ok(sum / count.max(1) as f64)
    }

    /// Tensors of `count` independent noise vectors, a batch at a time.
    fn tensors(&self, count: usize, seeds: Seeds, name: &str) -> impl Iterator<Item = Tensor<4>> {
        const BATCH: usize = 16;
        (0..count).step_by(BATCH).enumerate().map(move |(index, start)| {
            let shape = [BATCH.min(count - start), self.latent_length()];
            let noise = latents(self.noise(), shape, seeds, name, index as u64, &self.device);
            let labels = self.shares.as_ref().map(|shares| {
                let drawn = shares.draw(shape[0], seeds, &format!("{name} labels"), index as u64);
                label_tensor(&drawn, &self.device)
            });
            self.generator.forward(noise, labels)
        })
    }
}

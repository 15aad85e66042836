//! From a run to slices.

use adm_core::{SampleRate, Seeds};
use adm_spectral::{Scaling, Scratch, Shape};
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Tensor, TensorData};

use super::duel::{AVERAGED, start};
use super::resolved::Resolved;
use super::{GanConfig, Generator, latents};
use crate::ModelError;
use crate::frontend::Frontend;

/// The averaged generator of a run, and what its values mean.
#[derive(Debug)]
pub struct Sampler {
    generator: Generator,
    frontend: Frontend,
    config: GanConfig,
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
            let start = start(&resolved.gan, frontend.shape(), device)
                .map_err(|error| TrainError::family("building the generator")(Box::new(error)))?;
            generator = Some(weights::apply(start, &arrays)?);
            Ok(())
        };
        let loaded = checkpoint::load(run, Which::Best, &mut load)?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, generator) = loaded.zip(generator).ok_or_else(none)?;
        let (skipped, step) = (loaded.skipped, loaded.checkpoint.step);
        Ok(Self { generator, frontend, config: resolved.gan, device: device.clone(), skipped, step })
    }

    /// A sampler of a generator at hand.
    pub(super) fn of(generator: Generator, frontend: Frontend, config: GanConfig, device: Device) -> Self {
        Self { generator, frontend, config, device, skipped: Vec::new(), step: 0 }
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

    /// How tensors were scaled.
    pub fn scaling(&self) -> Scaling {
        self.frontend.scaling
    }

    /// Generates one interleaved slice for each noise vector; the order and size of batches changes nothing.
    ///
    /// # Errors
    /// Noise of another length, or values that are not finite.
    pub fn slices(&self, noise: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let length = self.latent_length();
        if let Some(wrong) = noise.iter().find(|vector| vector.len() != length) {
            let (allowed, got) = (format!("{length} long"), wrong.len().to_string());
            return Err(ModelError::Setting { key: "a noise vector", allowed, got });
        }
        let data = TensorData::new(noise.concat(), [noise.len(), length]);
        self.decode(self.generator.forward(Tensor::from_data(data, &self.device)))
    }

    fn decode(&self, tensors: Tensor<4>) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut values: Vec<f32> = tensors.into_data().iter::<f32>().collect();
        let mut scratch = Scratch::new();
        values.chunks_exact_mut(self.shape().size()).map(|tensor| self.frontend.slice(tensor, &mut scratch)).collect()
    }

    /// Slices of `count` independent noise vectors of the stream `name`.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn random(&self, count: usize, seeds: Seeds, name: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        const BATCH: usize = 16;
        let mut slices = Vec::with_capacity(count);
        for (index, start) in (0..count).step_by(BATCH).enumerate() {
            let shape = [BATCH.min(count - start), self.latent_length()];
            let noise = latents(self.noise(), shape, seeds, name, index as u64, &self.device);
            slices.extend(self.decode(self.generator.forward(noise))?);
        }
        Ok(slices)
    }
}

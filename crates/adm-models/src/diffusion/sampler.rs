//! From a run to slices.

use adm_core::Seeds;
use adm_spectral::Scratch;
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;

use super::noise::normals;
use super::painter::start;
use super::trainee::AVERAGED;
use super::{Painter, Resolved};
use crate::ModelError;
use crate::frontend::Frontend;

/// Slices that are made at once.
const BATCH: usize = 16;

/// The averaged network of a run, and what its values mean.
#[derive(Debug)]
pub struct Sampler {
    painter: Painter,
    frontend: Frontend,
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
        let (config, shape) = (&resolved.diffusion, frontend.shape());
        config.check_shape(shape)?;
        let mut network = None;
        let mut load = |folder: &std::path::Path| {
            let arrays = weights::load(&folder.join(AVERAGED))?;
            network = Some(weights::apply(start(config, shape, None, device), &arrays)?);
            Ok(())
        };
        let loaded = checkpoint::load(run, Which::Best, &mut load)?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, network) = loaded.zip(network).ok_or_else(none)?;
        let painter = Painter::new(network, config, shape, None, device);
        Ok(Self { painter, frontend, skipped: loaded.skipped, step: loaded.checkpoint.step })
    }

    /// A sampler of a network at hand.
    pub(super) fn of(painter: Painter, frontend: Frontend) -> Self {
        Self { painter, frontend, skipped: Vec::new(), step: 0 }
    }

    /// The network and how it is sampled from.
    pub fn painter(&self) -> &Painter {
        &self.painter
    }

    /// What its values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// Length of a noise vector.
    pub fn latent_length(&self) -> usize {
        self.painter.shape().size()
    }

    /// Generates one interleaved slice for each noise vector.
    ///
    /// # Errors
    /// Noise of another length, or values that are not finite.
    pub fn slices(&self, noise: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let length = self.latent_length();
        if let Some(wrong) = noise.iter().find(|vector| vector.len() != length) {
            return Err(crate::ranges::refused("a noise vector", format!("{length} long"), wrong.len()));
        }
        let mut slices = Vec::with_capacity(noise.len());
        for batch in noise.chunks(BATCH) {
            let data = TensorData::new(batch.concat(), [batch.len(), length]);
            let tensors = self.painter.tensors(Tensor::from_data(data, self.painter.device()), None);
            slices.extend(self.decode(tensors)?);
        }
        Ok(slices)
    }

    fn decode(&self, tensors: Tensor<4>) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut values: Vec<f32> = tensors.into_data().iter::<f32>().collect();
        let tensors = values.par_chunks_exact_mut(self.latent_length());
        tensors.map_init(Scratch::new, |scratch, tensor| self.frontend.slice(tensor, scratch)).collect()
    }

    /// Slices of `count` independent noise vectors of the stream `name`.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn random(&self, count: usize, seeds: Seeds, name: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let noise: Vec<Vec<f32>> =
            (0..count as u64).map(|index| normals(seeds, name, index, self.latent_length())).collect();
        self.slices(&noise)
    }
}

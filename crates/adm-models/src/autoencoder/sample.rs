//! From a run to slices: noise to codes to tensors, and slices to codes and back.

use std::path::Path;

use adm_core::Seeds;
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::resolved::Resolved;
use super::{AutoencoderConfig, CodeSpread, Decoder, Network};
use crate::ModelError;
use crate::frontend::Frontend;
use crate::nn::Gaussian;
use crate::noise::NoiseKind;
use crate::ranges::refused;
use crate::sampler::{Loaded, Maker, Sampler};

pub(super) const NAME: &str = "autoencoder";
/// The file of the weights within a checkpoint.
const WEIGHTS: &str = "autoencoder.safetensors";
/// The file of how codes lie.
pub(super) const CODES: &str = "codes.safetensors";

/// The decoder as what makes beats.
#[derive(Debug)]
pub(super) struct AutoencoderMaker {
    pub decoder: Decoder,
    pub spread: CodeSpread,
}

impl Maker for AutoencoderMaker {
    fn latent_length(&self) -> usize {
        self.spread.latent()
    }

    fn noise(&self) -> NoiseKind {
        NoiseKind::Normal
    }

    fn tensors(&self, noise: Tensor<2>, _labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.decoder.forward(self.spread.codes(noise))
    }
}

/// A network with starting weights, for a checkpoint to be put into.
pub(super) fn start(config: &AutoencoderConfig, frontend: &Frontend, device: &Device) -> Result<Network, ModelError> {
    Network::init(config, frontend.shape(), &mut Gaussian::new(Seeds::new(config.seed), NAME, device))
}

/// Network and spread of the best checkpoint.
fn best(
    run: &RunDir,
    resolved: &Resolved,
    frontend: &Frontend,
    device: &Device,
) -> Result<Loaded<(Network, CodeSpread)>, ModelError> {
    Loaded::best(run, |folder: &Path| {
        let fresh = start(&resolved.autoencoder, frontend, device)
            .map_err(|error| TrainError::family("building the network")(Box::new(error)))?;
        let network = weights::apply(fresh, &weights::load(&folder.join(WEIGHTS))?)?;
        let latent = resolved.autoencoder.network.latent;
        Ok((network, CodeSpread::restore(&weights::load(&folder.join(CODES))?, latent)?))
    })
}

/// The sampler of an auto-encoder's run.
///
/// # Errors
/// A damaged configuration, or no usable checkpoint.
pub(crate) fn open(run: &RunDir, device: &Device) -> Result<Sampler, ModelError> {
    let resolved = Resolved::load(&run.config())?;
    let frontend = resolved.frontend()?;
    let loaded = best(run, &resolved, &frontend, device)?;
    let loaded = loaded
        .map(|(Network { decoder, .. }, spread)| Box::new(AutoencoderMaker { decoder, spread }) as Box<dyn Maker>);
    Ok(Sampler::of_loaded(loaded, frontend, None, device.clone()))
}

/// Slices to codes and back.
#[derive(Debug)]
pub struct Coder {
    network: Network,
    /// Values of a code.
    latent: usize,
    frontend: Frontend,
    device: Device,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

/// Slices at once.
const BATCH: usize = 16;

impl Coder {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, or no usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        let resolved = Resolved::load(&run.config())?;
        let frontend = resolved.frontend()?;
        let Loaded { maker: (network, _), skipped, step } = best(run, &resolved, &frontend, device)?;
        let latent = resolved.autoencoder.network.latent;
        Ok(Self { network, latent, frontend, device: device.clone(), skipped, step })
    }

    /// What slices it takes, and what its values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// The code of every slice, interleaved as the run's dataset: the middle of its cloud.
    ///
    /// # Errors
    /// Slices of another length, or values that are not finite.
    pub fn codes(&self, slices: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut codes = Vec::with_capacity(slices.len());
        for slices in slices.chunks(BATCH) {
            let tensors = batch(&self.frontend, self.frontend.tensors(slices)?, &self.device);
            codes.extend(rows(self.network.encoder.forward(tensors).mean));
        }
        Ok(codes)
    }

    /// The slice of every code.
    ///
    /// # Errors
    /// Codes of another length, or values that are not finite.
    pub fn slices(&self, codes: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, ModelError> {
        let (length, mut slices) = (self.latent, Vec::with_capacity(codes.len()));
        if let Some(wrong) = codes.iter().find(|code| code.len() != length) {
            return Err(refused("a code", format!("{length} long"), wrong.len()));
        }
        for codes in codes.chunks(BATCH) {
            let codes = Tensor::from_data(TensorData::new(codes.concat(), [codes.len(), length]), &self.device);
            let tensors = self.network.decoder.forward(codes);
            slices.extend(self.frontend.slices(tensors.into_data().iter::<f32>().collect())?);
        }
        Ok(slices)
    }
}

/// Tensors one after another, as a batch.
pub(super) fn batch(frontend: &Frontend, values: Vec<f32>, device: &Device) -> Tensor<4> {
    let shape = frontend.shape();
    let count = values.len() / shape.size();
    Tensor::from_data(TensorData::new(values, [count, shape.channels, shape.bins, shape.frames]), device)
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, columns] = tensor.dims();
    let values: Vec<f32> = tensor.into_data().iter::<f32>().collect();
    values.chunks_exact(columns).map(<[f32]>::to_vec).collect()
}

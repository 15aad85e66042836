//! The averaged generator as what makes beats.

use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Int, Tensor};

use super::duel::{AVERAGED, start};
use super::resolved::Resolved;
use super::{ConditionConfig, GanConfig, Generator};
use crate::ModelError;
use crate::noise::NoiseKind;
use crate::sampler::{Loaded, Maker, Sampler};

/// The averaged generator, calibrated.
#[derive(Debug)]
pub(super) struct GanMaker {
    pub generator: Generator,
    pub config: GanConfig,
}

impl Maker for GanMaker {
    fn latent_length(&self) -> usize {
        self.config.generator.latent
    }

    fn noise(&self) -> NoiseKind {
        self.config.generator.noise
    }

    fn tells_positions(&self) -> bool {
        self.config.condition.is_some_and(ConditionConfig::tells_positions)
    }

    fn tensors(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.generator.forward(noise, labels)
    }
}

/// The sampler of a GAN's run.
///
/// # Errors
/// A damaged configuration, or no usable checkpoint.
pub(crate) fn open(run: &RunDir, device: &Device) -> Result<Sampler, ModelError> {
    let resolved = Resolved::load(&run.config())?;
    let frontend = resolved.frontend()?;
    let loaded = Loaded::best(run, |folder| {
        let arrays = weights::load(&folder.join(AVERAGED))?;
        let start = start(&resolved.gan, frontend.shape(), &resolved.learned(), device)
            .map_err(|error| TrainError::family("building the generator")(Box::new(error)))?;
        weights::apply(start, &arrays)
    })?;
    let Resolved { gan: config, labels, .. } = resolved;
    let loaded = loaded.map(|generator| Box::new(GanMaker { generator, config }) as Box<dyn Maker>);
    Ok(Sampler::of_loaded(loaded, frontend, labels, device.clone()))
}

//! From a run to what makes beats of noise, or makes a region of one anew.

use adm_train::{RunDir, weights};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::repaint::{Repaint, blend};
use super::trainee::AVERAGED;
use super::{Fill, Painter, Resolved, SamplingWish};
use crate::ModelError;
use crate::frontend::Frontend;
use crate::labels::Shares;
use crate::noise::NoiseKind;
use crate::ranges::refused;
use crate::sampler::{Loaded, Maker, Sampler};

impl Maker for Painter {
    fn latent_length(&self) -> usize {
        self.shape().size()
    }

    fn noise(&self) -> NoiseKind {
        NoiseKind::Normal
    }

    fn tells_positions(&self) -> bool {
        self.told().is_some_and(|told| told.positions)
    }

    fn tensors(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.paint(noise, labels)
    }
}

/// A run's averaged network, what its values mean, and what it is told.
struct Opened {
    loaded: Loaded<Painter>,
    frontend: Frontend,
    shares: Option<Shares>,
}

fn opened(run: &RunDir, device: &Device, wish: SamplingWish) -> Result<Opened, ModelError> {
    let resolved = Resolved::load(&run.config())?;
    let (frontend, told) = (resolved.frontend()?, resolved.told());
    let (config, shape) = (&resolved.diffusion, frontend.shape());
    config.check_shape(shape)?;
    let sampling = config.sampling.with(wish);
    sampling.validate()?;
    let most = config.noise.steps;
    if let Some(steps) = wish.steps.filter(|&steps| steps > most) {
        return Err(refused("--sampling-steps", format!("at most the run's {most} steps of noise"), steps));
    }
    let loaded = Loaded::best(run, |folder| {
        let arrays = weights::load(&folder.join(AVERAGED))?;
        weights::apply(super::painter::start(config, shape, told, device), &arrays)
    })?;
    let loaded = loaded.map(|network| Painter::new(network, config, shape, told, device).with_sampling(sampling));
    Ok(Opened { loaded, frontend, shares: resolved.labels })
}

/// The sampler of a run, sampling as its configuration says where nothing else is wished.
///
/// # Errors
/// A damaged configuration, no usable checkpoint, a wish out of range, or guidance where there is nothing to be told.
pub(crate) fn open(run: &RunDir, device: &Device, wish: SamplingWish) -> Result<Sampler, ModelError> {
    let Opened { loaded, frontend, shares } = opened(run, device, wish)?;
    if wish.guidance.is_some() && shares.is_none() {
        return Err(ModelError::NoGuidance);
    }
    let loaded = loaded.map(|painter| Box::new(painter) as Box<dyn Maker>);
    Ok(Sampler::of_loaded(loaded, frontend, shares, device.clone()))
}

/// What makes a region of a slice anew.
#[derive(Debug)]
pub struct Repainter {
    painter: Painter,
    frontend: Frontend,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

impl Repainter {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, no usable checkpoint, or a wish out of range.
    pub fn open(run: &RunDir, device: &Device, wish: SamplingWish) -> Result<Self, ModelError> {
        let Opened { loaded: Loaded { maker: painter, skipped, step }, frontend, .. } = opened(run, device, wish)?;
        Ok(Self { painter, frontend, skipped, step })
    }

    /// The network and how it is sampled from.
    pub fn painter(&self) -> &Painter {
        &self.painter
    }

    /// What its values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// A slice with a region of time made anew: outside it every sample stays as it is, and what is made goes on from there. A network
    /// that is told tokens is told none.
    ///
    /// # Errors
    /// A slice or noise of another length, a region that is none, or values that are not finite.
    pub fn repainted(&self, slice: &[f32], repaint: &Repaint, noise: &[f32]) -> Result<Vec<f32>, ModelError> {
        let (shape, device) = (self.painter.shape(), self.painter.device());
        if noise.len() != shape.size() {
            return Err(refused("a noise vector", format!("{} long", shape.size()), noise.len()));
        }
        repaint.check(slice.len(), &*self.frontend.representation)?;
        let known = self.frontend.tensors(&[slice.to_vec()])?;
        let known = TensorData::new(known, [1, shape.channels, shape.bins, shape.frames]);
        let given = Fill::region(Tensor::from_data(known, device), repaint.frames(shape.frames), repaint.times);
        let start = Tensor::from_data(TensorData::new(noise.to_vec(), [1, shape.size()]), device);
        let made = self.painter.filled(start, None, &given).into_data().iter::<f32>().collect();
        let made = self.frontend.slices(made)?.concat();
        let channels = self.frontend.representation.slice_channels();
        Ok(blend(slice, &made, repaint, (channels, self.frontend.rate)))
    }
}

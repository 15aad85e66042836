//! From a run that makes beats to slices, whatever family it is of.
//!
//! ```text
//! run ─family→ Maker: noise [batch, latent] (+ labels [batch, 2]) → tensors [batch, channels, bins, frames]
//!                                                                      │ Frontend
//!                                                                    slices, interleaved
//! ```
//!
//! Whoever draws, walks and morphs noise, keeps banks of beats or plays them, knows a [`Sampler`] and no family.

use std::fmt::Debug;
use std::path::Path;

use adm_core::{SampleRate, Seeds};
use adm_spectral::{Scaling, Scratch, Shape};
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError};
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::diffusion::{self, SamplingWish};
use crate::frontend::Frontend;
use crate::labels::{Label, Shares, check_label, label_tensor};
use crate::noise::{NoiseKind, latents};
use crate::{Family, ModelError, autoencoder, gan};

/// What makes tensors of noise: the trained part of a family.
pub trait Maker: Debug + Send + Sync {
    /// Length of a noise vector.
    fn latent_length(&self) -> usize;

    /// Distribution of the noise.
    fn noise(&self) -> NoiseKind;

    /// Whether another position in the bar makes another beat of the same noise and token.
    fn tells_positions(&self) -> bool {
        false
    }

    /// Tensors in the network's range, each of its own noise and label alone.
    ///
    /// # Shapes
    /// `noise`: `[batch, latent]`; `labels`: `[batch, 2]`, token and position, where there is something to be told; output:
    /// `[batch, channels, bins, frames]`
    fn tensors(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4>;
}

/// A maker, and what its values mean.
#[derive(Debug)]
pub struct Sampler {
    maker: Box<dyn Maker>,
    frontend: Frontend,
    shares: Option<Shares>,
    device: Device,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

/// The maker of a checkpoint of a run.
pub(crate) struct Loaded<M> {
    pub maker: M,
    pub skipped: Vec<String>,
    pub step: u64,
}

impl<M> Loaded<M> {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// No usable checkpoint.
    pub fn best(run: &RunDir, mut read: impl FnMut(&Path) -> Result<M, TrainError>) -> Result<Self, ModelError> {
        let mut maker = None;
        let loaded = checkpoint::load(run, Which::Best, &mut |folder: &Path| {
            maker = Some(read(folder)?);
            Ok(())
        })?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, maker) = loaded.zip(maker).ok_or_else(none)?;
        Ok(Self { maker, skipped: loaded.skipped, step: loaded.checkpoint.step })
    }

    /// It with another maker.
    pub fn map<N>(self, of: impl FnOnce(M) -> N) -> Loaded<N> {
        let Self { maker, skipped, step } = self;
        Loaded { maker: of(maker), skipped, step }
    }
}

/// Tensors at once, where nobody says how many.
const BATCH: usize = 16;

impl Sampler {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, a family that makes no beats, or no usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        Self::open_wishing(run, device, SamplingWish::default())
    }

    /// The same for who has a wish of how a diffusion model samples; other families have no use for it.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), and a wish that the run cannot fulfil.
    pub fn open_wishing(run: &RunDir, device: &Device, wish: SamplingWish) -> Result<Self, ModelError> {
        match Family::of_run(run.root())? {
            Family::Gan => gan::open(run, device),
            Family::Autoencoder => autoencoder::open(run, device),
            Family::Diffusion => diffusion::open(run, device, wish),
            other => Err(ModelError::MakesNoBeats { path: run.root().to_owned(), family: other.name() }),
        }
    }

    /// A sampler of a maker at hand, which is told labels where there are `shares`.
    pub(crate) fn of(maker: Box<dyn Maker>, frontend: Frontend, shares: Option<Shares>, device: Device) -> Self {
        Self { maker, frontend, shares, device, skipped: Vec::new(), step: 0 }
    }

    /// A sampler of a run's checkpoint.
    pub(crate) fn of_loaded(
        loaded: Loaded<Box<dyn Maker>>,
        frontend: Frontend,
        shares: Option<Shares>,
        device: Device,
    ) -> Self {
        let Loaded { maker, skipped, step } = loaded;
        Self { skipped, step, ..Self::of(maker, frontend, shares, device) }
    }

    /// What the maker has to be told beside its noise: labels of this book, with how often it was trained on each. None
    /// where it takes noise alone.
    pub fn condition(&self) -> Option<&Shares> {
        self.shares.as_ref()
    }

    /// Whether another position in the bar makes another beat of the same noise and token.
    pub fn tells_positions(&self) -> bool {
        self.maker.tells_positions()
    }

    /// Length of a noise vector.
    pub fn latent_length(&self) -> usize {
        self.maker.latent_length()
    }

    /// Distribution of the noise.
    pub fn noise(&self) -> NoiseKind {
        self.maker.noise()
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
    /// Noise of another length, values that are not finite, or a maker that has to be told labels, too.
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
    /// A maker that takes no labels, one out of range, more or fewer labels than noise vectors, or those of
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
        self.decode(self.maker.tensors(Tensor::from_data(data, &self.device), labels))
    }

    fn decode(&self, tensors: Tensor<4>) -> Result<Vec<Vec<f32>>, ModelError> {
        self.frontend.slices(tensors.into_data().iter::<f32>().collect())
    }

    /// Slices of `count` independent noise vectors of the stream `name`, with labels as often as the training split has them
    /// where the maker takes some.
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
        (0..count).step_by(BATCH).enumerate().map(move |(index, start)| {
            let shape = [BATCH.min(count - start), self.latent_length()];
            let noise = latents(self.noise(), shape, seeds, name, index as u64, &self.device);
            let labels = self.shares.as_ref().map(|shares| {
                let drawn = shares.draw(shape[0], seeds, &format!("{name} labels"), index as u64);
                label_tensor(&drawn, &self.device)
            });
            self.maker.tensors(noise, labels)
        })
    }
}

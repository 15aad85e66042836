//! What stands between a dataset and a network: representation, scaling, order and batches.

use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_dataset::stream::{Batch, BatchMaker, Order, Prefetch};
use adm_dataset::{Dataset, DatasetError, Split};
use adm_spectral::{Coding, Law, ReferenceMeter, Representation, RepresentationConfig, Scaling, Scratch, Shape};
use adm_train::{Batches, TrainError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ModelError;

/// Scaling as a preset gives it: the reference may be left to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingConfig {
    /// What the complex pairs of a stereo tensor are: `left-right` or `mid-side`.
    pub coding: Coding,
    /// How magnitudes grow: `{ name = "linear" }` or `{ name = "power", exponent = 0.5 }`.
    pub law: Law,
    /// The magnitude that becomes 1; measured on the dataset and written into the run's configuration where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<f32>,
    /// The share of magnitudes that the measured reference does not exceed, 0 to 1. A smaller share gives the network
    /// larger values and cuts off more peaks.
    pub quantile: f64,
}

impl ScalingConfig {
    /// The scaling of tensors of this representation, with the reference that `measured` finds where none is given. Levels and
    /// magnitudes of unit range need none.
    ///
    /// # Errors
    /// A representation of raw magnitudes, a reference that is out of range or cannot be found.
    pub fn resolve(
        &self,
        representation: &dyn Representation,
        measured: impl FnOnce() -> Result<f32, ModelError>,
    ) -> Result<Option<Scaling>, ModelError> {
        if !Scaling::is_for(representation)? {
            return Ok(None);
        }
        let reference = self.reference.map_or_else(measured, Ok)?;
        let scaling = Scaling { coding: self.coding, law: self.law, reference };
        scaling.validate()?;
        Ok(Some(scaling))
    }
}

/// What the network's values mean.
#[derive(Debug, Clone)]
pub struct Frontend {
    /// Slice ⇄ tensor.
    pub representation: Arc<dyn Representation>,
    /// Tensor ⇄ the network's range; none where the representation's values are in it as they are.
    pub scaling: Option<Scaling>,
    /// Sample rate of the slices.
    pub rate: SampleRate,
}

/// Slices that the reference is measured on: enough for a stable quantile, few enough to take no time.
const MEASURED: usize = 256;

impl Frontend {
    /// The frontend for a dataset; measures the reference where the configuration leaves it open.
    ///
    /// # Errors
    /// A representation that cannot hold the dataset's slices or whose values are not in the network's range, or an unreadable
    /// slice.
    pub fn for_dataset(
        dataset: &Dataset,
        representation: &RepresentationConfig,
        scaling: ScalingConfig,
    ) -> Result<Self, ModelError> {
        let representation = representation.build(dataset.slice_frames(), dataset.rate(), dataset.channels())?;
        let measured = || measure(dataset, &*representation, scaling);
        let scaling = scaling.resolve(&*representation, measured)?;
        Ok(Self { representation, scaling, rate: dataset.rate() })
    }

    /// Axes of every tensor.
    pub fn shape(&self) -> Shape {
        self.representation.shape()
    }

    /// Turns one generated tensor in the network's range into an interleaved slice.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn slice(&self, tensor: &mut [f32], scratch: &mut Scratch) -> Result<Vec<f32>, ModelError> {
        if let Some(scaling) = &self.scaling {
            scaling.invert(tensor, self.shape())?;
        }
        let mut slice = vec![0.0; self.representation.slice_frames() * self.representation.slice_channels()];
        self.representation.decode_generated(tensor, &mut slice, scratch)?;
        Ok(slice)
    }

    /// The tensors of slices in the network's range, one after another.
    ///
    /// # Errors
    /// Slices of another length, or values that are not finite.
    pub fn tensors(&self, slices: &[Vec<f32>]) -> Result<Vec<f32>, ModelError> {
        let (shape, mut tensors) = (self.shape(), vec![0.0; slices.len() * self.shape().size()]);
        let pairs = tensors.par_chunks_exact_mut(shape.size()).zip(slices);
        pairs.try_for_each_init(Scratch::new, |scratch, (tensor, slice)| {
            self.representation.encode(slice, tensor, scratch)?;
            self.scaling.map_or(Ok(()), |scaling| scaling.apply(tensor, shape))
        })?;
        Ok(tensors)
    }

    /// Those of at most so many of a dataset's slices, evenly spread over `indices`.
    ///
    /// # Errors
    /// An unreadable slice.
    pub fn tensors_of(&self, dataset: &Dataset, indices: &[usize], most: usize) -> Result<Vec<f32>, ModelError> {
        let stride = indices.len().div_ceil(most).max(1);
        let read = |&index: &usize| {
            let mut slice = vec![0.0; dataset.slice_samples()];
            dataset.read_f32(index, &mut slice).map(|()| slice)
        };
        let slices = indices.iter().step_by(stride).map(read).collect::<Result<Vec<_>, _>>()?;
        self.tensors(&slices)
    }

    /// Turns generated tensors, one after another, into interleaved slices.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn slices(&self, mut tensors: Vec<f32>) -> Result<Vec<Vec<f32>>, ModelError> {
        let tensors = tensors.par_chunks_exact_mut(self.shape().size());
        tensors.map_init(Scratch::new, |scratch, tensor| self.slice(tensor, scratch)).collect()
    }

    /// How much of a generated tensor in the network's range no sound has, relative to all of it, in decibels: the transform of
    /// its sound is taken, and what differs is left over. Very low for a tensor that was analysed, about 0 for random numbers.
    ///
    /// # Errors
    /// Values that are not finite.
    pub fn consistency_db(&self, tensor: &mut [f32], scratch: &mut Scratch) -> Result<f64, ModelError> {
        if let Some(scaling) = &self.scaling {
            scaling.invert(tensor, self.shape())?;
        }
        Ok(adm_spectral::consistency_db(&*self.representation, tensor, scratch)?)
    }
}

fn measure(dataset: &Dataset, representation: &dyn Representation, scaling: ScalingConfig) -> Result<f32, ModelError> {
    let indices = dataset.indices(Split::Train);
    let stride = indices.len().div_ceil(MEASURED).max(1);
    let mut meter = ReferenceMeter::new(scaling.coding);
    let mut slice = vec![0.0; dataset.slice_samples()];
    let mut tensor = vec![0.0; representation.shape().size()];
    let mut scratch = Scratch::new();
    for &index in indices.iter().step_by(stride) {
        dataset.read_f32(index, &mut slice)?;
        representation.encode(&slice, &mut tensor, &mut scratch)?;
        meter.add(&tensor, representation.shape())?;
    }
    Ok(meter.quantile(scaling.quantile)?)
}

/// What batches of a training are made of.
#[derive(Debug, Clone)]
pub struct BatchPlan {
    /// Where the slices are.
    pub dataset: Arc<Dataset>,
    /// What becomes of them.
    pub frontend: Frontend,
    /// Slices a batch.
    pub batch: usize,
    /// Where the order comes from.
    pub seeds: Seeds,
}

/// Batches of the training split, made ahead by worker threads.
pub struct TrainingBatches {
    ahead: Prefetch<Result<Batch, DatasetError>>,
}

impl BatchPlan {
    /// Checks that there is a batch to be had.
    ///
    /// # Errors
    /// A training split smaller than a batch.
    pub fn check(&self) -> Result<(), ModelError> {
        self.order().map(|_| ())
    }

    fn order(&self) -> Result<Order, ModelError> {
        let indices = self.dataset.indices(Split::Train);
        let (got, batch) = (indices.len(), self.batch);
        let order = Order::new(indices, self.seeds).filter(|order| order.len() >= batch);
        order.ok_or(ModelError::TooFew { got, batch })
    }

    /// Batches from `first_step` on, each a function of the seed and its step alone.
    ///
    /// # Errors
    /// A training split smaller than a batch, or a dataset that the frontend was not made for.
    pub fn open(self, first_step: u64) -> Result<TrainingBatches, TrainError> {
        let failed = |error: ModelError| TrainError::family("reading the dataset")(Box::new(error));
        let (order, batch) = (self.order().map_err(failed)?, self.batch);
        let maker = BatchMaker::new(self.dataset, self.frontend.representation, self.frontend.scaling);
        let maker = maker.map_err(|error| failed(error.into()))?;
        // One worker keeps up with any network on the CPU; two with a fast GPU. Two batches wait at most.
        let ahead = Prefetch::new(first_step, 2, 2, move |step| maker.make(order.indices_of(step, batch)));
        Ok(TrainingBatches { ahead: ahead.map_err(|error| failed(error.into()))? })
    }
}

impl Batches<Batch> for TrainingBatches {
    fn next(&mut self) -> Result<Batch, TrainError> {
        let made = self.ahead.next().and_then(|made| made);
        made.map_err(|error| TrainError::family("making a batch")(Box::new(error)))
    }
}

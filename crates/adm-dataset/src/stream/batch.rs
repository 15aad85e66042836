//! From slices on disk to what a network sees.

use crate::error::DatasetError;
use crate::store::Dataset;
use adm_spectral::{Representation, Scaling, Scratch, Shape};
use std::sync::{Arc, Mutex, PoisonError};

/// Tensors of several slices.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Values in the network's range, `[batch, channels, bins, frames]`.
    pub values: Vec<f32>,
    /// Axes of each tensor.
    pub shape: Shape,
    /// Which slices they are.
    pub indices: Vec<usize>,
}

/// Makes batches of a dataset's slices; shared by all threads that do.
///
/// One call works on the thread that makes it: batches are made side by side (see [`super::Prefetch`]), not slices.
#[derive(Debug)]
pub struct BatchMaker {
    dataset: Arc<Dataset>,
    representation: Arc<dyn Representation>,
    scaling: Option<Scaling>,
    /// Working memory that no thread uses right now.
    idle: Mutex<Vec<Workspace>>,
}

#[derive(Debug, Default)]
struct Workspace {
    slice: Vec<f32>,
    scratch: Scratch,
}

impl BatchMaker {
    /// Batches of `dataset` in `representation`, brought into the network's range by `scaling` where the representation's values are not
    /// in it already.
    ///
    /// # Errors
    /// A representation that was built for slices of another length or number of channels; a scaling out of range.
    pub fn new(
        dataset: Arc<Dataset>,
        representation: Arc<dyn Representation>,
        scaling: Option<Scaling>,
    ) -> Result<Self, DatasetError> {
        let expected = dataset.slice_samples();
        let actual = representation.slice_frames() * representation.slice_channels();
        if (expected, dataset.channels()) != (actual, representation.slice_channels()) {
            return Err(DatasetError::WrongBuffer { what: "a slice of the representation", expected, actual });
        }
        scaling.as_ref().map_or(Ok(()), Scaling::validate)?;
        Ok(Self { dataset, representation, scaling, idle: Mutex::default() })
    }

    /// Axes of each tensor.
    pub fn shape(&self) -> Shape {
        self.representation.shape()
    }

    /// Where the slices come from.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The batch of these slices, in this order.
    ///
    /// # Errors
    /// An index past the dataset's end.
    pub fn make(&self, indices: Vec<usize>) -> Result<Batch, DatasetError> {
        let shape = self.shape();
        let mut values = vec![0.0; indices.len() * shape.size()];
        let mut workspace = self.idle().pop().unwrap_or_default();
        workspace.slice.resize(self.dataset.slice_samples(), 0.0);
        for (&index, tensor) in indices.iter().zip(values.chunks_exact_mut(shape.size())) {
            self.fill(index, tensor, &mut workspace)?;
        }
        self.idle().push(workspace);
        Ok(Batch { values, shape, indices })
    }

    fn fill(&self, index: usize, tensor: &mut [f32], workspace: &mut Workspace) -> Result<(), DatasetError> {
        self.dataset.read_f32(index, &mut workspace.slice)?;
        self.representation.encode(&workspace.slice, tensor, &mut workspace.scratch)?;
        Ok(self.scaling.map_or(Ok(()), |scaling| scaling.apply(tensor, self.shape()))?)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Workspace>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

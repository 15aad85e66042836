//! From a run to rows that go on for as long as they are asked for.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::Vectors;
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::{Device, Tensor, TensorData};

use super::resolved::Resolved;
use super::trainee::{WEIGHTS, start};
use super::{Density, Network, Sampling, State};
use crate::ModelError;

/// The file in a run of the rows that its own ones go on from.
pub const PRIMER: &str = "primer.csv";

/// Rows of a primer that are heard in one go.
const HEARD_AT_ONCE: usize = 256;

/// A trained network.
#[derive(Debug)]
pub struct Dreamer {
    network: Network,
    resolved: Resolved,
    device: Device,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

impl Dreamer {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, one of another family, or no usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        let resolved = Resolved::load(&run.config())?;
        let mut network = None;
        let mut load = |folder: &Path| {
            let arrays = weights::load(&folder.join(WEIGHTS))?;
            let fresh =
                start(&resolved, device).map_err(|error| TrainError::family("building the network")(error.into()))?;
            network = Some(weights::apply(fresh, &arrays)?);
            Ok(())
        };
        let loaded = checkpoint::load(run, Which::Best, &mut load)?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, network) = loaded.zip(network).ok_or_else(none)?;
        let (skipped, step) = (loaded.skipped, loaded.checkpoint.step);
        Ok(Self { network, resolved, device: device.clone(), skipped, step })
    }

    /// One of a network at hand.
    pub(super) fn of(network: Network, resolved: Resolved, device: Device) -> Self {
        Self { network, resolved, device, skipped: Vec::new(), step: 0 }
    }

    /// What it learned, and from what rows.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }
}

/// Rows that follow one another: each is heard before the next is taken.
///
/// The draw of every row comes from the seed and the row's number.
#[derive(Debug, Clone)]
pub struct Dream {
    dreamer: Arc<Dreamer>,
    sampling: Sampling,
    seeds: Seeds,
    state: Option<State>,
    /// What the next row may be.
    next: Density,
    drawn: u64,
}

impl Dream {
    /// A dream that goes on from these rows.
    ///
    /// # Errors
    /// Rows of another length.
    pub fn primed(
        dreamer: Arc<Dreamer>,
        primer: &Vectors,
        sampling: Sampling,
        seeds: Seeds,
    ) -> Result<Self, ModelError> {
        let rows = &dreamer.resolved.rows;
        if primer.columns() != rows.columns {
            return Err(ModelError::Columns { expected: rows.columns, got: primer.columns() });
        }
        let heard: Vec<f32> = primer.rows().flat_map(|row| rows.standard.apply(row)).collect();
        let (first, rest) = heard.split_at(heard.len().min(HEARD_AT_ONCE * rows.columns));
        let start = dreamer.listen(first, None);
        let (state, next) =
            rest.chunks(HEARD_AT_ONCE * rows.columns).fold(start, |(state, _), rows| dreamer.listen(rows, state));
        Ok(Self { dreamer, sampling, seeds, state, next, drawn: 0 })
    }

    /// So many rows; `None` where a value is no longer finite, or none are asked for.
    pub fn rows(&mut self, count: usize) -> Option<Vectors> {
        let columns = self.columns();
        let values: Vec<f32> = self.take(count).flatten().collect();
        let finite = values.iter().all(|value| value.is_finite());
        Vectors::new(columns, values).filter(|_| finite)
    }

    /// Values in a row.
    pub fn columns(&self) -> usize {
        self.dreamer.resolved.rows.columns
    }
}

impl Iterator for Dream {
    type Item = Vec<f32>;

    /// The next row, as values of what was learned from; there always is one.
    fn next(&mut self) -> Option<Vec<f32>> {
        let row = self.next.row(self.sampling, &mut self.seeds.stream("rows", self.drawn));
        self.drawn += 1;
        let row: Vec<f32> = row.into_iter().map(|value| value as f32).collect();
        (self.state, self.next) = self.dreamer.listen(&row, self.state.take());
        Some(self.dreamer.resolved.rows.standard.invert(&row).collect())
    }
}

impl Dreamer {
    /// Tells the network of rows in its range; what it remembers then, and what it thinks comes next.
    fn listen(&self, rows: &[f32], state: Option<State>) -> (Option<State>, Density) {
        let columns = self.resolved.rows.columns;
        let shape = [1, rows.len() / columns, columns];
        let heard = Tensor::from_data(TensorData::new(rows.to_vec(), shape), &self.device);
        let (outputs, state) = self.network.forward(heard, state);
        let last = outputs.narrow(1, shape[1] - 1, 1).into_data().iter::<f32>().collect::<Vec<_>>();
        (Some(state), Density::of(&last, columns, &self.resolved.mdn.mixture))
    }
}

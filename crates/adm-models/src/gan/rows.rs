//! Which row of a table each slice of a dataset has that is learned from.

use crate::labels::Labels;
use adm_dataset::{Dataset, Split};
use burn::tensor::{Device, Int, Tensor, TensorData};

/// The training slices of a dataset, numbered.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The row of every slice; of those that are not learned from, that of the next that is.
    row_of: Vec<i32>,
    /// The slices that are.
    learned: Vec<usize>,
    /// In how many versions each comes; those of a slice are as many rows apart as there are slices.
    versions: usize,
}

impl Rows {
    /// Those of a dataset.
    pub fn of(dataset: &Dataset) -> Self {
        let learned = dataset.indices(Split::Train);
        let row_of = (0..dataset.len()).map(|slice| learned.partition_point(|&other| other < slice) as i32).collect();
        Self { row_of, learned, versions: 1 }
    }

    /// The first so many slices of something, each its own row.
    pub fn first(count: usize) -> Self {
        Self { row_of: (0..count as i32).collect(), learned: (0..count).collect(), versions: 1 }
    }

    /// With rows for so many versions of each slice.
    pub fn with_versions(self, versions: usize) -> Self {
        Self { versions, ..self }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.learned.len() * self.versions
    }

    /// The tokens of the training slices, in the order of their rows.
    pub fn tokens(&self, labels: &Labels) -> Vec<u32> {
        let tokens: Vec<u32> = self.learned.iter().map(|&slice| labels.of(slice).token).collect();
        tokens.repeat(self.versions)
    }

    /// The rows of some training slices in one of their versions, `[slices]`.
    pub fn tensor(&self, slices: &[usize], version: usize, device: &Device) -> Tensor<1, Int> {
        let first = (version * self.learned.len()) as i32;
        let rows: Vec<i32> = slices.iter().map(|&slice| first + self.row_of[slice]).collect();
        let count = rows.len();
        Tensor::from_data(TensorData::new(rows, [count]), device)
    }
}

//! Sets of slices, read a few at a time.

use adm_core::SampleRate;
use adm_dataset::{Dataset, Slicing};
use anyhow::Result;
use std::ops::Range;
use std::sync::Arc;

/// What all slices that are compared have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub rate: SampleRate,
    pub channels: usize,
    pub frames: usize,
}

impl Form {
    /// That of a dataset's slices.
    pub fn of(dataset: &Dataset) -> Self {
        Self { rate: dataset.rate(), channels: dataset.channels(), frames: dataset.slice_frames() }
    }
}

/// Slices of one form.
#[derive(Clone)]
pub enum Slices {
    /// Some of a dataset's, on its disk.
    Stored { dataset: Arc<Dataset>, indices: Vec<usize> },
    /// Made here.
    Made(Arc<Vec<Vec<f32>>>),
}

impl Slices {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Stored { indices, .. } => indices.len(),
            Self::Made(slices) => slices.len(),
        }
    }

    /// Some of them, interleaved.
    pub fn read(&self, range: Range<usize>) -> Result<Vec<Vec<f32>>> {
        match self {
            Self::Made(slices) => Ok(slices[range].to_vec()),
            Self::Stored { dataset, indices } => indices[range].iter().map(|&index| read(dataset, index)).collect(),
        }
    }

    /// The number of one of them in its dataset, or among those that were made.
    pub fn index(&self, at: usize) -> usize {
        match self {
            Self::Stored { indices, .. } => indices[at],
            Self::Made(_) => at,
        }
    }

    /// How many neighbours resemble each other: recorded beats follow one another, generated ones do not.
    pub fn together(&self) -> usize {
        match self {
            Self::Stored { dataset, .. } => two_bars(dataset.manifest().slicing),
            Self::Made(_) => 1,
        }
    }

    /// At most `most` of them, evenly spread where they are stored, the first of those that were made.
    pub fn at_most(&self, most: usize) -> Self {
        match self {
            Self::Stored { dataset, indices } if indices.len() > most => {
                let run = two_bars(dataset.manifest().slicing);
                Self::Stored { dataset: Arc::clone(dataset), indices: spread(indices, most, run) }
            }
            Self::Made(slices) if slices.len() > most => Self::Made(Arc::new(slices[..most].to_vec())),
            few => few.clone(),
        }
    }
}

fn read(dataset: &Dataset, index: usize) -> Result<Vec<f32>> {
    let mut slice = vec![0.0; dataset.slice_samples()];
    dataset.read_f32(index, &mut slice)?;
    Ok(slice)
}

/// Beats that stay together when some of many are taken: two bars, so that they follow one another within.
const TOGETHER: usize = 8;

/// Slices that hold so many beats; where nothing says how long a beat is, a slice is taken for one.
fn two_bars(slicing: Slicing) -> usize {
    match slicing {
        Slicing::Beats { beats_per_slice, .. } => TOGETHER.div_ceil(beats_per_slice.max(1)),
        Slicing::Windows { .. } => TOGETHER,
    }
}

/// `most` of these, whole runs of so many at even distances.
fn spread(indices: &[usize], most: usize, run: usize) -> Vec<usize> {
    let runs: Vec<&[usize]> = indices.chunks(run).collect();
    let wanted = most.div_ceil(run);
    let taken = (0..wanted).map(|run| runs[run * runs.len() / wanted]);
    taken.flatten().copied().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Bpm;
    use adm_dataset::{Fit, GridChoice};

    #[test]
    fn two_bars_are_as_many_slices_as_hold_eight_beats() {
        let (bpm, fit, grid) = (Bpm::new(128.0).unwrap(), Fit::Place, GridChoice::FOUND);
        for (beats_per_slice, slices) in [(1, 8), (2, 4), (3, 3), (4, 2), (8, 1), (16, 1)] {
            assert_eq!(two_bars(Slicing::Beats { bpm, beats_per_slice, fit, grid }), slices);
        }
    }

    #[test]
    fn neighbours_stay_together_when_some_are_taken() {
        let indices: Vec<usize> = (100..1_100).collect();
        let taken = spread(&indices, 200, 8);
        assert_eq!(taken.len(), 200);
        assert_eq!(taken[..9], [100, 101, 102, 103, 104, 105, 106, 107, 140]);
        assert!(taken.is_sorted() && *taken.last().unwrap() > 1_050, "{taken:?}");
        for most in [1, 7, 8, 9, 999, 1_000] {
            let taken = spread(&indices, most, 8);
            assert!(taken.len() == most && taken.windows(2).all(|pair| pair[0] < pair[1]), "{most}");
        }
    }
}

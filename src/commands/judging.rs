//! The judge: held-out beats of a dataset that generated ones are compared with.

use adm_core::{SampleRate, Seeds};
use adm_dataset::{Dataset, Split};
use adm_eval::{Extractor, Judge, Judgement, noise_like};
use anyhow::Result;

/// Most held-out slices that are compared with: more take longer and hardly change the verdict.
const MOST: usize = 256;

/// Held-out slices, and what is needed to hear others beside them.
pub struct HeldOut {
    judge: Judge,
    extractor: Extractor,
    channels: usize,
    slices: Vec<Vec<f32>>,
}

impl HeldOut {
    /// Those of some splits; none where they are too few to tell anything.
    pub fn of(dataset: &Dataset, splits: &[Split]) -> Result<Option<Self>> {
        let held_out: Vec<usize> = splits.iter().flat_map(|&split| dataset.indices(split)).collect();
        let slices = read(dataset, &held_out)?;
        Self::new(slices, dataset.rate(), dataset.channels())
    }

    /// These slices, interleaved; none where they are too few or too short to tell anything.
    pub fn new(slices: Vec<Vec<f32>>, rate: SampleRate, channels: usize) -> Result<Option<Self>> {
        let extractor = Extractor::new(rate);
        let long_enough = slices.first().is_some_and(|slice| slice.len() / channels >= extractor.least_frames());
        if slices.len() < Judge::LEAST || !long_enough {
            return Ok(None);
        }
        let judge = Judge::new(&extractor.features_of(&slices, channels)?)?;
        Ok(Some(Self { judge, extractor, channels, slices }))
    }

    /// How near slices are to the held-out ones.
    pub fn judge(&self, slices: &[Vec<f32>]) -> Result<Judgement> {
        Ok(self.judge.judge(&self.extractor.features_of(slices, self.channels)?)?)
    }

    /// The judgement of white noise as loud as the held-out slices: how bad it can get.
    pub fn judge_noise(&self, seeds: Seeds) -> Result<Judgement> {
        self.judge(&noise_like(&self.slices, seeds))
    }

    /// The judgement of recorded slices of the training split: how good it can get.
    pub fn judge_recorded(&self, dataset: &Dataset) -> Result<Judgement> {
        self.judge(&read(dataset, &dataset.indices(Split::Train))?)
    }

    /// As the training loop wants it: the distance, and what else tells how a run is doing. Slices that cannot be judged are
    /// infinitely far.
    pub fn into_judge(self) -> adm_models::Judge {
        Box::new(move |slices| self.judge(slices).map_or(f64::INFINITY.into(), logged))
    }
}

/// At most [`MOST`] of these slices, evenly spread.
fn read(dataset: &Dataset, indices: &[usize]) -> Result<Vec<Vec<f32>>> {
    let stride = indices.len().div_ceil(MOST).max(1);
    indices
        .iter()
        .step_by(stride)
        .map(|&index| {
            let mut slice = vec![0.0; dataset.slice_samples()];
            dataset.read_f32(index, &mut slice)?;
            Ok(slice)
        })
        .collect()
}

/// The names under which a run's log has the judge's figures.
fn logged(judgement: Judgement) -> adm_train::Judgement {
    let Judgement { kernel_distance, coverage, density, diversity } = judgement;
    let details = vec![("coverage", coverage), ("density", density), ("diversity", diversity)];
    adm_train::Judgement { distance: kernel_distance, details, enough: None }
}

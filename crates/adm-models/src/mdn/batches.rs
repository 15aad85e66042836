//! Stretches of rows of a step, a function of the seed and the step alone.

use std::sync::Arc;

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use adm_dataset::{Split, Vectors};
use adm_train::{Batches, TrainError};

use super::shift::Shift;
use super::{MdnConfig, Passage, Series, TrainingConfig};
use crate::ModelError;
use crate::nn::normal_pair;

/// Stretches of the training split, in the network's range.
#[derive(Debug, Clone, PartialEq)]
pub struct RowBatch {
    /// Stretches, rows in each, columns.
    pub shape: [usize; 3],
    /// The row before each target, with noise: `[batch, steps, columns]`.
    pub heard: Vec<f32>,
    /// The rows to be foretold, `[batch, steps, columns]`.
    pub targets: Vec<f32>,
    /// 1 where a target counts, 0 beyond the end of a passage: `[batch, steps]`.
    pub weights: Vec<f32>,
}

/// Where a stretch begins: the row that is heard first.
#[derive(Debug, Clone, Copy)]
struct Start {
    passage: usize,
    row: usize,
}

/// Stretches that are judged, at most.
const MOST_JUDGED: usize = 64;

/// All stretches of a series, from which each step draws its own.
#[derive(Debug, Clone)]
pub struct Stretches {
    series: Arc<Series>,
    starts: Arc<Vec<Start>>,
    shape: [usize; 3],
    /// What becomes of a stretch: nothing, or another pitch.
    versions: Arc<Vec<Option<Shift>>>,
    noise: f64,
    seeds: Seeds,
    step: u64,
}

impl Stretches {
    /// Of a series, from step 0 on.
    ///
    /// # Errors
    /// No passage to learn from that goes on after the rows that are only heard.
    pub fn new(series: &Arc<Series>, config: &MdnConfig) -> Result<Self, ModelError> {
        let training = &config.training;
        let starts = starts(series, Split::Train, training);
        if starts.is_empty() {
            let rows = series.of_split(Split::Train).map(Vectors::len).max().unwrap_or(0);
            return Err(ModelError::NothingFollows { rows, needed: training.warm_up + 2 });
        }
        Ok(Self {
            starts: Arc::new(starts),
            series: series.clone(),
            shape: [training.batch, training.warm_up + training.time_steps, series.columns()],
            versions: Arc::new(vec![None]),
            noise: training.noise,
            seeds: Seeds::new(config.seed),
            step: 0,
        })
    }

    /// The same, each at a pitch that is drawn among these.
    pub(super) fn with_versions(self, versions: Vec<Option<Shift>>) -> Self {
        Self { versions: Arc::new(versions), ..self }
    }

    /// Stretches from all over a split, as they are; `None` where it has none.
    pub(super) fn all_over(series: &Series, split: Split, config: &MdnConfig) -> Option<RowBatch> {
        let steps = config.training.warm_up + config.training.time_steps;
        let starts = starts(series, split, &config.training);
        let stride = starts.len().div_ceil(MOST_JUDGED).max(1);
        let chosen: Vec<Start> = starts.into_iter().step_by(stride).collect();
        let mut batch = RowBatch::empty([chosen.len(), steps, series.columns()]);
        chosen.iter().for_each(|&start| batch.append(series, start, None));
        (!chosen.is_empty()).then_some(batch)
    }

    /// The same stretches from `step` on.
    #[must_use]
    pub fn starting_at(&self, step: u64) -> Self {
        Self { step, ..self.clone() }
    }

    fn make(&self, step: u64) -> RowBatch {
        let mut random = self.seeds.stream("stretches", step);
        let mut batch = RowBatch::empty(self.shape);
        for _ in 0..self.shape[0] {
            let start = self.starts[random.random_range(0..self.starts.len())];
            let version = &self.versions[random.random_range(0..self.versions.len())];
            batch.append(&self.series, start, version.as_ref());
        }
        add_noise(&mut batch.heard, self.noise, &mut self.seeds.stream("row noise", step));
        batch
    }
}

/// Where stretches may begin. A passage that is shorter than one still has one, what lies beyond its end does not count; one that ends with
/// what is only heard has none.
fn starts(series: &Series, split: Split, training: &TrainingConfig) -> Vec<Start> {
    let steps = training.warm_up + training.time_steps;
    let of_split = series.passages().iter().enumerate().filter(|(_, passage)| passage.split == split);
    let counting = of_split.filter(|(_, passage)| passage.rows.len() > training.warm_up + 1);
    counting
        .flat_map(|(passage, Passage { rows, .. })| {
            (0..=(rows.len() - 1).saturating_sub(steps)).map(move |row| Start { passage, row })
        })
        .collect()
}

impl RowBatch {
    fn empty(shape: [usize; 3]) -> Self {
        Self { shape, heard: vec![], targets: vec![], weights: vec![] }
    }

    fn append(&mut self, series: &Series, Start { passage, row }: Start, shift: Option<&Shift>) {
        let [_, steps, columns] = self.shape;
        let rows = &series.passages()[passage].rows;
        let there = (rows.len() - 1 - row).min(steps);
        let mut stretch = Vec::with_capacity((there + 1) * columns);
        for row in rows.rows().skip(row).take(there + 1) {
            match shift {
                None => stretch.extend(series.standard().apply(row)),
                Some(shift) => stretch.extend(series.standard().apply(&shift.apply(row))),
            }
        }
        let nothing = || std::iter::repeat_n(0.0, (steps - there) * columns);
        self.heard.extend(stretch[..there * columns].iter().copied().chain(nothing()));
        self.targets.extend(stretch[columns..].iter().copied().chain(nothing()));
        self.weights.extend((0..steps).map(|step| if step < there { 1.0 } else { 0.0 }));
    }
}

fn add_noise(values: &mut [f32], deviation: f64, random: &mut StreamRng) {
    if deviation == 0.0 {
        return;
    }
    for pair in values.chunks_mut(2) {
        let drawn = normal_pair(random.random::<f64>(), random.random::<f64>());
        pair.iter_mut().zip(drawn).for_each(|(value, noise)| *value += (deviation * noise) as f32);
    }
}

impl Batches<RowBatch> for Stretches {
    fn next(&mut self) -> Result<RowBatch, TrainError> {
        let batch = self.make(self.step);
        self.step += 1;
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mdn::load;

    fn stretches(noise: f64) -> Stretches {
        let config = load(
            "lstm",
            &[
                "training.batch=40".into(),
                "training.time_steps=4".into(),
                "training.warm_up=2".into(),
                format!("training.noise={noise}"),
            ],
        )
        .unwrap();
        let passage = |count: usize, from: f32| Passage {
            split: Split::Train,
            rows: Vectors::new(2, (0..2 * count).map(|at| from + at as f32).collect()).unwrap(),
        };
        // One passage is shorter than a stretch, another than what is only heard.
        let series = Series::new(vec![passage(30, 0.0), passage(3, 0.0), passage(4, 1000.0)]).unwrap();
        Stretches::new(&Arc::new(series), &config).unwrap()
    }

    #[test]
    fn a_target_is_the_row_after_the_one_that_is_heard() {
        let stretches = stretches(0.0);
        let mut short = 0;
        for step in 0..20 {
            let batch = stretches.make(step);
            assert_eq!(batch.shape, [40, 6, 2]);
            for (row, weights) in batch.weights.chunks(6).enumerate() {
                let counted = weights.iter().filter(|&&weight| weight == 1.0).count();
                let at = row * 12..row * 12 + 2 * counted;
                let (heard, targets) = (&batch.heard[at.clone()], &batch.targets[at]);
                assert_eq!(heard[2..], targets[..2 * counted - 2]);
                assert!(counted == 6 || counted == 3);
                short += usize::from(counted == 3);
            }
        }
        // 25 starts of which one is the short passage's.
        assert!((10..70).contains(&short), "{short} of 800");
    }

    #[test]
    fn what_is_only_heard_teaches_nothing() {
        let config = load("lstm", &["training.warm_up=4".into()]).unwrap();
        let of = |rows: usize| {
            let rows = Vectors::new(1, (0..rows).map(|at| at as f32).collect()).unwrap();
            Stretches::new(&Arc::new(Series::of_vectors(&rows, 0.0).unwrap()), &config)
        };
        assert!(of(6).is_ok());
        let error = of(5).unwrap_err().to_string();
        assert_eq!(error, "nothing follows on anything: the longest stretch to learn from has 5 rows, and it takes 6");
    }

    #[test]
    fn a_batch_is_its_seed_and_step_alone_and_noise_is_as_large_as_asked() {
        let (plain, noisy) = (stretches(0.0), stretches(0.3));
        assert_eq!(noisy.starting_at(9).next().unwrap(), noisy.make(9));
        assert_ne!(noisy.make(8), noisy.make(9));
        let (plain, noisy) = (plain.make(3), noisy.make(3));
        assert_eq!(plain.targets, noisy.targets);
        let squares: f32 = plain.heard.iter().zip(&noisy.heard).map(|(a, b)| (a - b).powi(2)).sum();
        let deviation = (squares / plain.heard.len() as f32).sqrt();
        // 480 draws: five standard errors.
        assert!((deviation - 0.3).abs() < 0.05, "{deviation}");
    }
}

//! Windows of a step, a function of the seed and the step alone.

use std::collections::BTreeMap;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_train::{Batches, TrainError};

use super::{Corpus, PHRASE};

/// Windows of the training split that start at the same place of a phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowBatch {
    /// Windows and time steps in each.
    pub shape: [usize; 2],
    /// The token before each target, `[batch, steps]`; the vocabulary's size where there is none or it is hidden.
    pub previous: Vec<u32>,
    /// The token to be predicted, `[batch, steps]`.
    pub targets: Vec<u32>,
    /// 1 where a target counts, 0 beyond the end of a passage.
    pub weights: Vec<f32>,
    /// Clock of the first target, below a phrase.
    pub clock: u64,
}

/// A window: where its first target stands in a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    run: usize,
    offset: usize,
}

/// All windows of a corpus, from which each step draws its own.
#[derive(Debug, Clone)]
pub struct Windows {
    /// Stretches of the training split: tokens, and the clock of the first.
    runs: Vec<(Vec<u32>, u64)>,
    starts: Vec<Start>,
    /// The same by their place in a phrase.
    by_phase: BTreeMap<u64, Vec<Start>>,
    vocabulary: u32,
    shape: [usize; 2],
    forget: f64,
    seeds: Seeds,
    step: u64,
}

impl Windows {
    /// Windows of `shape` (batch, time steps), from step 0 on; a share of `forget` of all inputs is hidden.
    pub fn new(corpus: &Corpus, shape: [usize; 2], forget: f64, seeds: Seeds) -> Self {
        let runs: Vec<_> =
            corpus.runs().map(|(p, run)| (p.tokens[run.clone()].to_vec(), p.clock + run.start as u64)).collect();
        let mut starts = Vec::new();
        let mut by_phase = BTreeMap::<u64, Vec<Start>>::new();
        for (index, (tokens, clock)) in runs.iter().enumerate() {
            // A stretch that is shorter than a window still has one; what lies beyond its end does not count.
            for offset in 0..=tokens.len().saturating_sub(shape[1]) {
                let start = Start { run: index, offset };
                starts.push(start);
                by_phase.entry((clock + offset as u64) % PHRASE).or_default().push(start);
            }
        }
        Self { runs, starts, by_phase, vocabulary: corpus.vocabulary() as u32, shape, forget, seeds, step: 0 }
    }

    /// The same windows from `step` on.
    #[must_use]
    pub fn starting_at(&self, step: u64) -> Self {
        Self { step, ..self.clone() }
    }

    fn make(&self, step: u64) -> WindowBatch {
        let mut random = self.seeds.stream("windows", step);
        let first = self.starts[random.random_range(0..self.starts.len())];
        let clock = self.clock(first);
        let alike = &self.by_phase[&clock];
        let others = (1..self.shape[0]).map(|_| alike[random.random_range(0..alike.len())]);
        let chosen: Vec<Start> = std::iter::once(first).chain(others).collect();
        let mut batch = WindowBatch { shape: self.shape, previous: vec![], targets: vec![], weights: vec![], clock };
        for start in chosen {
            self.append(&mut batch, start);
        }
        for previous in &mut batch.previous {
            if random.random::<f64>() < self.forget {
                *previous = self.vocabulary;
            }
        }
        batch
    }

    fn clock(&self, start: Start) -> u64 {
        (self.runs[start.run].1 + start.offset as u64) % PHRASE
    }

    fn append(&self, batch: &mut WindowBatch, Start { run, offset }: Start) {
        let tokens = &self.runs[run].0;
        for at in offset..offset + self.shape[1] {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            batch.previous.push(before.copied().unwrap_or(self.vocabulary));
            batch.targets.push(tokens.get(at).copied().unwrap_or(0));
            batch.weights.push(if at < tokens.len() { 1.0 } else { 0.0 });
        }
    }
}

impl Batches<WindowBatch> for Windows {
    fn next(&mut self) -> Result<WindowBatch, TrainError> {
        let batch = self.make(self.step);
        self.step += 1;
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequencer::Passage;
    use adm_dataset::Split;

    fn corpus() -> Corpus {
        let long = Passage { clock: 3, ..Passage::of(Split::Train, (0..40).map(|k| k % 7).collect()) };
        let short = Passage::of(Split::Train, vec![1, 2, 3]);
        Corpus::new(vec![0; 7], vec![long, short]).unwrap()
    }

    #[test]
    fn a_window_is_a_stretch_and_what_came_before_it() {
        let windows = Windows::new(&corpus(), [16, 5], 0.0, Seeds::new(1));
        for step in 0..50 {
            let batch = windows.make(step);
            for row in 0..16 {
                let at = row * 5..(row + 1) * 5;
                let (previous, targets) = (&batch.previous[at.clone()], &batch.targets[at.clone()]);
                let counted = batch.weights[at].iter().filter(|&&weight| weight == 1.0).count();
                assert_eq!(previous[1..counted], targets[..counted - 1]);
                assert!(counted == 5 || (counted == 3 && targets[..3] == [1, 2, 3] && previous[0] == 7));
                // In the long passage a token tells its place, and so its clock within seven.
                let place = (u64::from(targets[0]) + 3) % 7;
                assert!(counted == 3 || (0..7).any(|turn| (place + 7 * turn) % PHRASE == batch.clock));
            }
        }
    }

    #[test]
    fn a_batch_is_its_seed_and_step_alone() {
        let windows = Windows::new(&corpus(), [4, 8], 0.5, Seeds::new(1));
        let mut later = windows.starting_at(9);
        assert_eq!(later.next().unwrap(), windows.make(9));
        assert_ne!(windows.make(8), windows.make(9));
        let hidden = windows.make(0).previous.iter().filter(|&&token| token == 7).count();
        assert!((8..=24).contains(&hidden), "{hidden} of 32 hidden");
    }
}

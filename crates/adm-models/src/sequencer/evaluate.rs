//! How well a network foretells what was played, and how much it repeats and invents beside that.

use std::collections::HashSet;

use adm_dataset::Split;
use burn::tensor::Device;
use serde::Serialize;

use super::{Corpus, Counting, Network, Passage};

/// How well beats are foretold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scores {
    /// Beats that were foretold.
    pub beats: usize,
    /// Share of them whose token was the likeliest, 0 to 1.
    pub accuracy: f64,
    /// As if it had chosen among so many equally likely tokens, 1 to the vocabulary's size and above; infinite for none.
    pub perplexity: f64,
}

impl Scores {
    pub(super) fn of(beats: usize, hits: usize, nats: f64) -> Self {
        let each = beats.max(1) as f64;
        Self {
            beats,
            accuracy: hits as f64 / each,
            perplexity: if beats == 0 { f64::INFINITY } else { (nats / each).exp() },
        }
    }
}

/// Steps that are taken at once.
const CHUNK: usize = 64;

/// What a network says of some beats of a corpus, each from all that was played before it in its passage, whatever split that
/// is of.
///
/// It holds a row of the vocabulary for each of them: less than a training step does, up to some ten thousand beats.
#[derive(Debug, Clone)]
pub struct Foretold<'a> {
    corpus: &'a Corpus,
    /// The passage and the place of each beat.
    places: Vec<(usize, usize)>,
    /// Logarithms of probabilities, `[beats, vocabulary]`.
    logs: Vec<f32>,
}

impl<'a> Foretold<'a> {
    /// The beats that `counts` says, of passage and place.
    pub fn of(
        network: &Network,
        corpus: &'a Corpus,
        device: &Device,
        counts: impl Fn(&Passage, usize) -> bool,
    ) -> Self {
        let mut foretold = Self::new(corpus, Vec::new(), Vec::new());
        for (index, passage) in corpus.passages().iter().enumerate() {
            let Some(last) = (0..passage.tokens.len()).rev().find(|&at| counts(passage, at)) else { continue };
            let mut state = None;
            for start in (0..=last).step_by(CHUNK) {
                let steps = CHUNK.min(last + 1 - start);
                let before = |at: usize| at.checked_sub(1).map_or(network.vocabulary() as u32, |at| passage.tokens[at]);
                let previous: Vec<u32> = (start..start + steps).map(before).collect();
                let clock = passage.clock + start as u64;
                let (logs, next) = network.forward(&previous, [1, steps], clock, state, device);
                state = Some(next);
                let logs: Vec<f32> = logs.into_data().iter::<f32>().collect();
                let rows = logs.chunks_exact(network.vocabulary()).zip(start..);
                for (row, at) in rows.filter(|&(_, at)| counts(passage, at)) {
                    foretold.places.push((index, at));
                    foretold.logs.extend_from_slice(row);
                }
            }
        }
        foretold
    }

    /// What was said of these places, a row of the vocabulary each.
    pub(super) fn new(corpus: &'a Corpus, places: Vec<(usize, usize)>, logs: Vec<f32>) -> Self {
        Self { corpus, places, logs }
    }

    /// Of every beat: the tokens before it, its own, and the logarithm of the probability of every token.
    pub fn beats(&self) -> impl Iterator<Item = (&[u32], u32, &[f32])> {
        let rows = self.logs.chunks_exact(self.corpus.vocabulary());
        self.places.iter().zip(rows).map(|(&(passage, at), row)| {
            let tokens = &self.corpus.passages()[passage].tokens;
            (&tokens[..at], tokens[at], row)
        })
    }

    /// How well the network foretold them, alone or mixed with what was counted.
    pub fn scores(&self, counting: Option<&Counting>) -> Scores {
        let (mut hits, mut nats) = (0, 0.0);
        let mut mixed = Vec::with_capacity(self.corpus.vocabulary());
        for (before, target, row) in self.beats() {
            mixed.clear();
            mixed.extend_from_slice(row);
            if let Some(counting) = counting {
                counting.mix(&mut mixed, before);
            }
            hits += usize::from(likeliest(&mixed) == target as usize);
            nats -= f64::from(mixed[target as usize]);
        }
        Scores::of(self.places.len(), hits, nats)
    }

    /// Every beat of `split`.
    pub fn of_split(network: &Network, corpus: &'a Corpus, split: Split, device: &Device) -> Self {
        Self::of(network, corpus, device, |passage, at| passage.splits[at] == Some(split))
    }
}

/// Index of the largest value; the first of equals.
pub(super) fn likeliest<T: PartialOrd>(row: &[T]) -> usize {
    (0..row.len()).fold(0, |best, index| if row[index] > row[best] { index } else { best })
}

/// How far back a beat counts as repeated: four bars.
const HEARD: usize = 16;

/// Beats in a row that count as one invention: a bar.
const FIGURE: usize = 4;

/// How much a sequence repeats itself, and how much of it was never played.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Balance {
    /// Share of beats whose token was heard in the four bars before, 0 to 1.
    pub repeated: f64,
    /// Share of bars-long figures that occur nowhere in what was learned from, 0 to 1.
    pub new: f64,
}

impl Balance {
    /// Of one sequence beside the training split of a corpus.
    pub fn of(tokens: &[u32], corpus: &Corpus) -> Self {
        let known: HashSet<&[u32]> =
            corpus.runs().flat_map(|(passage, run)| passage.tokens[run].windows(FIGURE)).collect();
        let share = |hits: usize, all: usize| hits as f64 / all.max(1) as f64;
        let repeated = (1..tokens.len()).filter(|&at| tokens[at.saturating_sub(HEARD)..at].contains(&tokens[at]));
        let new = tokens.windows(FIGURE).filter(|figure| !known.contains(figure));
        Self {
            repeated: share(repeated.count(), tokens.len().saturating_sub(1)),
            new: share(new.count(), tokens.len().saturating_sub(FIGURE - 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_counts_what_was_heard_and_what_was_never_played() {
        let corpus = Corpus::new(vec![0; 4], vec![Passage::of(Split::Train, vec![0, 1, 2, 3, 0, 1])]).unwrap();
        assert_eq!(Balance::of(&[0, 1, 2, 3, 0, 1], &corpus), Balance { repeated: 0.4, new: 0.0 });
        let other = Balance::of(&[3, 2, 1, 0, 1, 2, 3], &corpus);
        assert_eq!(other, Balance { repeated: 0.5, new: 0.75 });
    }
}

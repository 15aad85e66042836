//! How well a network foretells what was played, and how much it repeats and invents beside that.

use std::collections::HashSet;

use adm_dataset::Split;
use burn::tensor::Device;
use serde::Serialize;

use super::{Corpus, Network, Passage};

/// How well a network foretells the beats of a split.
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

/// Foretells every beat of `split` from all that was played before it in its passage, whatever split that is of.
pub fn evaluate(network: &Network, corpus: &Corpus, split: Split, device: &Device) -> Scores {
    foretell(network, corpus, device, |passage, at| passage.splits[at] == Some(split))
}

/// The same for the beats that `counts` says, of passage and place.
pub fn foretell(
    network: &Network,
    corpus: &Corpus,
    device: &Device,
    counts: impl Fn(&Passage, usize) -> bool,
) -> Scores {
    let (mut beats, mut hits, mut nats) = (0, 0, 0.0);
    for passage in corpus.passages() {
        let last = (0..passage.tokens.len()).rev().find(|&at| counts(passage, at));
        let Some(last) = last else { continue };
        let mut state = None;
        for start in (0..=last).step_by(CHUNK) {
            let steps = CHUNK.min(last + 1 - start);
            let before = |at: usize| at.checked_sub(1).map_or(network.vocabulary() as u32, |at| passage.tokens[at]);
            let previous: Vec<u32> = (start..start + steps).map(before).collect();
            let clock = passage.clock + start as u64;
            let (logs, next) = network.forward(&previous, [1, steps], clock, state, device);
            state = Some(next);
            let logs: Vec<f32> = logs.into_data().iter::<f32>().collect();
            for (row, at) in logs.chunks_exact(network.vocabulary()).zip(start..) {
                if !counts(passage, at) {
                    continue;
                }
                let target = passage.tokens[at] as usize;
                beats += 1;
                hits += usize::from(likeliest(row) == target);
                nats -= f64::from(row[target]);
            }
        }
    }
    Scores::of(beats, hits, nats)
}

/// Index of the largest value; the first of equals.
pub(super) fn likeliest(row: &[f32]) -> usize {
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

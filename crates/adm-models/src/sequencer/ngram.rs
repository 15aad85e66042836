//! What counting alone foretells: the yardstick beside every network.
//!
//! The probability of a token after the last n − 1 is mixed with that after the last n − 2, and so on down to none, each by how
//! sure it is (Witten and Bell 1991, method C).

use std::collections::HashMap;

use adm_dataset::Split;

use super::{Corpus, Passage, Scores};

/// Counts of what followed what.
#[derive(Debug, Clone)]
pub struct NGram {
    vocabulary: usize,
    order: usize,
    /// What followed a context, and how often; contexts of every length below the order.
    followed: HashMap<Vec<u32>, HashMap<u32, u32>>,
}

impl NGram {
    /// Counts in the training split of a corpus; `order` tokens at most, the foretold one included (1 to 64).
    pub fn learn(corpus: &Corpus, order: usize) -> Self {
        let mut followed: HashMap<Vec<u32>, HashMap<u32, u32>> = HashMap::new();
        for (passage, run) in corpus.runs() {
            let tokens = &passage.tokens[run];
            for (at, &token) in tokens.iter().enumerate() {
                for length in 0..order.min(at + 1) {
                    let context = tokens[at - length..at].to_vec();
                    *followed.entry(context).or_default().entry(token).or_default() += 1;
                }
            }
        }
        Self { vocabulary: corpus.vocabulary(), order, followed }
    }

    /// The probability of every token after these.
    pub fn probabilities(&self, before: &[u32]) -> Vec<f64> {
        let mut mixed = vec![1.0 / self.vocabulary as f64; self.vocabulary];
        for length in 0..self.order.min(before.len() + 1) {
            let Some(counts) = self.followed.get(&before[before.len() - length..]) else { break };
            let (kinds, all) = (counts.len() as f64, f64::from(counts.values().sum::<u32>()));
            for (token, p) in (0u32..).zip(&mut mixed) {
                let count = f64::from(counts.get(&token).copied().unwrap_or(0));
                *p = (count + kinds * *p) / (all + kinds);
            }
        }
        mixed
    }

    /// How well it foretells the beats that `counts` says, of passage and place.
    pub fn foretell(&self, corpus: &Corpus, counts: impl Fn(&Passage, usize) -> bool) -> Scores {
        let (mut beats, mut hits, mut nats) = (0, 0, 0.0);
        for passage in corpus.passages() {
            for at in (0..passage.tokens.len()).filter(|&at| counts(passage, at)) {
                let p = self.probabilities(&passage.tokens[..at]);
                let target = passage.tokens[at] as usize;
                let best = (0..p.len()).fold(0, |best, index| if p[index] > p[best] { index } else { best });
                beats += 1;
                hits += usize::from(best == target);
                nats -= p[target].ln();
            }
        }
        Scores::of(beats, hits, nats)
    }

    /// The order up to `longest` that foretells `split` best, and its scores: an n-gram chosen with the answer in sight, so
    /// that nobody can say that it was chosen badly.
    pub fn best(corpus: &Corpus, split: Split, longest: usize) -> (usize, Scores) {
        let score = |order: usize| {
            let of_split = |passage: &Passage, at: usize| passage.splits[at] == Some(split);
            (order, Self::learn(corpus, order).foretell(corpus, of_split))
        };
        let all = (1..=longest.max(1)).map(score);
        all.reduce(|best, next| if next.1.accuracy > best.1.accuracy { next } else { best }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_mixed_as_in_the_paper() {
        let corpus = Corpus::new(vec![0; 2], vec![Passage::of(Split::Train, vec![0, 0, 1, 0])]).unwrap();
        let ngram = NGram::learn(&corpus, 2);
        // Three zeros and a one, two kinds: (3 + 2·½)/6. After a zero: a zero and a one, so (1 + 2·⅔)/4.
        assert!((ngram.probabilities(&[])[0] - 4.0 / 6.0).abs() < 1e-12);
        assert!((ngram.probabilities(&[1, 0])[0] - (1.0 + 2.0 * 2.0 / 3.0) / 4.0).abs() < 1e-12);
        for before in [&[][..], &[0], &[1], &[0, 1, 1]] {
            assert!((ngram.probabilities(before).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_period_is_foretold_by_an_order_that_spans_it() {
        let mut passage = Passage::of(Split::Train, (0..60).map(|k| u32::from(k % 3 == 0)).collect());
        passage.splits[40..].fill(Some(Split::Validation));
        let corpus = Corpus::new(vec![0; 2], vec![passage]).unwrap();
        let (order, scores) = NGram::best(&corpus, Split::Validation, 5);
        assert_eq!((order, scores.accuracy, scores.beats), (3, 1.0, 20));
    }
}

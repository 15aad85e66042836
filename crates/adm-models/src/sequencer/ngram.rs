//! What counting alone foretells: the yardstick beside every network, and what is mixed with it (see `counting`).
//!
//! The probability of a token after the last n − 1 is mixed with that after the last n − 2, and so on down to none, each by how
//! sure it is (Witten and Bell 1991, method C).

use std::collections::HashMap;

use adm_dataset::Split;

use super::evaluate::likeliest;
use super::{Corpus, Passage, Scores};

/// Counts of what followed what.
#[derive(Debug, Clone)]
pub struct NGram {
    vocabulary: usize,
    order: usize,
    /// What followed a context, and how often; contexts of every length below the order.
    followed: HashMap<Vec<u32>, Followers>,
}

/// What followed one context.
#[derive(Debug, Clone, Default)]
struct Followers {
    counts: HashMap<u32, u32>,
    all: u32,
}

impl Followers {
    fn count(&mut self, token: u32) {
        *self.counts.entry(token).or_default() += 1;
        self.all += 1;
    }

    /// What a count of one weighs, and what the shorter context does.
    fn weights(&self) -> (f64, f64) {
        let (kinds, all) = (self.counts.len() as f64, f64::from(self.all));
        (1.0 / (all + kinds), kinds / (all + kinds))
    }
}

impl NGram {
    /// Counts in the training split of a corpus; `order` tokens at most, the foretold one included (1 to 64).
    pub fn learn(corpus: &Corpus, order: usize) -> Self {
        Self::count(corpus.runs().map(|(passage, run)| &passage.tokens[run]), corpus.vocabulary(), order)
    }

    /// Counts in runs of tokens that are all below `vocabulary`.
    pub fn count<'a>(runs: impl Iterator<Item = &'a [u32]>, vocabulary: usize, order: usize) -> Self {
        let mut followed: HashMap<Vec<u32>, Followers> = HashMap::new();
        for tokens in runs {
            for (at, &token) in tokens.iter().enumerate() {
                for length in 0..order.min(at + 1) {
                    followed.entry(tokens[at - length..at].to_vec()).or_default().count(token);
                }
            }
        }
        Self { vocabulary, order, followed }
    }

    /// Number of tokens.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// The longest n-gram that is counted, in tokens.
    pub fn order(&self) -> usize {
        self.order
    }

    /// What is known of a context, from no token before to as many as were ever seen together.
    fn known<'a>(&'a self, before: &'a [u32]) -> impl Iterator<Item = &'a Followers> {
        let lengths = 0..self.order.min(before.len() + 1);
        lengths.map_while(|length| self.followed.get(&before[before.len() - length..]))
    }

    /// The probability of every token after these, by n-grams of `order` tokens; at most as many as were counted.
    pub fn probabilities(&self, before: &[u32], order: usize) -> Vec<f64> {
        let before = &before[before.len() - before.len().min(order.saturating_sub(1))..];
        let mut mixed = vec![1.0 / self.vocabulary as f64; self.vocabulary];
        for followers in self.known(before) {
            let (one, shorter) = followers.weights();
            mixed.iter_mut().for_each(|p| *p *= shorter);
            for (&token, &count) in &followers.counts {
                mixed[token as usize] += f64::from(count) * one;
            }
        }
        mixed
    }

    /// The probability of one token after these, for each order from 1 to the longest.
    pub fn probability_by_order(&self, before: &[u32], token: u32) -> Vec<f64> {
        let mut p = 1.0 / self.vocabulary as f64;
        let mut by_order = Vec::with_capacity(self.order);
        for followers in self.known(before) {
            let (one, shorter) = followers.weights();
            p = p * shorter + f64::from(followers.counts.get(&token).copied().unwrap_or(0)) * one;
            by_order.push(p);
        }
        // What was never seen together adds nothing to what is known of less.
        by_order.resize(self.order, p);
        by_order
    }

    /// How well n-grams of `order` tokens foretell the beats that `counts` says, of passage and place.
    pub fn foretell(&self, corpus: &Corpus, order: usize, counts: impl Fn(&Passage, usize) -> bool) -> Scores {
        let (mut beats, mut hits, mut nats) = (0, 0, 0.0);
        for passage in corpus.passages() {
            for at in (0..passage.tokens.len()).filter(|&at| counts(passage, at)) {
                let p = self.probabilities(&passage.tokens[..at], order);
                let target = passage.tokens[at] as usize;
                beats += 1;
                hits += usize::from(likeliest(&p) == target);
                nats -= p[target].ln();
            }
        }
        Scores::of(beats, hits, nats)
    }

    /// The order that foretells `split` best, and its scores: an n-gram chosen with the answer in sight, so that nobody can say
    /// that it was chosen badly.
    pub fn best(&self, corpus: &Corpus, split: Split) -> (usize, Scores) {
        let of_split = |passage: &Passage, at: usize| passage.splits[at] == Some(split);
        let all = (1..=self.order).map(|order| (order, self.foretell(corpus, order, of_split)));
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
        assert!((ngram.probabilities(&[], 2)[0] - 4.0 / 6.0).abs() < 1e-12);
        assert!((ngram.probabilities(&[1, 0], 2)[0] - (1.0 + 2.0 * 2.0 / 3.0) / 4.0).abs() < 1e-12);
        for before in [&[][..], &[0], &[1], &[0, 1, 1]] {
            assert!((ngram.probabilities(before, 2).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn every_shorter_order_is_known_by_the_longest() {
        let tokens: Vec<u32> = (0..200u32).map(|k| k * k % 7 % 5).collect();
        let corpus = Corpus::new(vec![0; 6], vec![Passage::of(Split::Train, tokens)]).unwrap();
        let longest = NGram::learn(&corpus, 6);
        for before in [&[][..], &[1], &[4, 4, 2, 1], &[5, 0], &[0, 1, 4, 2, 2, 4, 1, 0]] {
            for token in 0..6 {
                for (order, p) in (1..).zip(longest.probability_by_order(before, token)) {
                    let alone = NGram::learn(&corpus, order).probabilities(before, order)[token as usize];
                    let cut = longest.probabilities(before, order)[token as usize];
                    let message = format!("{token} after {before:?} by {order}-grams: {p}, {cut}, {alone}");
                    assert!((p - alone).abs() < 1e-12 && (cut - alone).abs() < 1e-12, "{message}");
                }
            }
        }
    }

    #[test]
    fn a_period_is_foretold_by_an_order_that_spans_it() {
        let mut passage = Passage::of(Split::Train, (0..60).map(|k| u32::from(k % 3 == 0)).collect());
        passage.splits[40..].fill(Some(Split::Validation));
        let corpus = Corpus::new(vec![0; 2], vec![passage]).unwrap();
        let (order, scores) = NGram::learn(&corpus, 5).best(&corpus, Split::Validation);
        assert_eq!((order, scores.accuracy, scores.beats), (3, 1.0, 20));
    }
}

//! Counting beside a network: what all think likely, mixed.
//!
//! ```text
//! network ── p(token | all before) ───────────────────┐ × network's share
//! stretches of training ── n-grams ── q ──────────────┼ × counted's        + → what is drawn from, and judged
//! the beats 1, 2, 4, 8 and 16 ago ── the same again ──┘ × that of each
//! ```
//!
//! A network remembers long forms, and needs to see them often; counting foretells a bar after having heard it once; and dance
//! music says again what it said a bar ago, even where that was never heard before. Where few tokens come often nearly all of the
//! shares are the network's, and counts' and echoes' where many come a few times, an hour of music included: linear interpolation (Jelinek and Mercer 1980), the echoes a cache
//! (Kuhn and De Mori 1990) whose lags are those of bars. The shares and the order are those that foretell the validation split
//! best, and what does not earn its keep there has none.

use std::path::Path;
use std::sync::Arc;

use adm_train::TrainError;
use serde::{Deserialize, Serialize};

use super::ngram::NGram;
use super::sample::RECENT;
use super::shares::{ECHOES, Likely, Shares, WAYS};
use super::{Corpus, Foretold};

/// The longest n-gram that may be asked for: what a stream remembers of the beats before, and the one that is foretold.
pub const LONGEST: usize = RECENT + 1;

/// The file of the counts within a checkpoint.
const FILE: &str = "counting.json";

/// What counting adds to a network.
#[derive(Debug, Clone)]
pub struct Counting {
    /// Shared, as it may be large and never changes.
    ngram: Arc<NGram>,
    mixture: Mixture,
}

/// How counting and a network are mixed, and what was counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mixture {
    /// Tokens in an n-gram, the foretold one included.
    order: usize,
    shares: Shares,
    /// The stretches that were learned from.
    runs: Vec<Vec<u32>>,
}

impl Counting {
    /// Counts n-grams of up to `longest` tokens in the training split; none where that is 0.
    pub fn learn(corpus: &Corpus, longest: usize) -> Option<Self> {
        let runs = corpus.runs().map(|(passage, run)| passage.tokens[run].to_vec()).collect();
        let mixture = Mixture { order: longest, shares: Shares::UNKNOWN, runs };
        (longest > 0).then(|| Self { ngram: Arc::new(NGram::learn(corpus, longest)), mixture })
    }

    /// Tokens in the longest n-grams that were counted.
    pub fn longest(&self) -> usize {
        self.ngram.order()
    }

    /// Tokens in the n-grams that are mixed in, the foretold one included.
    pub fn order(&self) -> usize {
        self.mixture.order
    }

    /// Who has which part of the probability.
    pub fn shares(&self) -> Shares {
        self.mixture.shares
    }

    /// Takes the order and the shares that foretell best what a network has foretold, which it must not have learned from.
    /// Nothing changes where there is nothing.
    pub fn fit(&mut self, foretold: &Foretold<'_>) {
        let beats: Vec<_> = foretold
            .beats()
            .map(|(before, target, row)| {
                let network = f64::from(row[target as usize]).exp();
                (before, target, network, self.ngram.probability_by_order(before, target))
            })
            .collect();
        let alone = -beats.iter().map(|(_, _, network, _)| network.ln()).sum::<f64>();
        let of_order = |order: usize| {
            let each = beats
                .iter()
                .map(|(before, target, network, counted)| likely(before, *target, *network, counted[order - 1]));
            let (nats, shares) = Shares::best_mixture(&each.collect::<Vec<_>>());
            (nats, order, shares)
        };
        let network = (alone, self.ngram.order(), Shares::NETWORK);
        let best = (1..=self.ngram.order()).map(of_order).fold(network, |a, b| if b.0 < a.0 { b } else { a });
        if !beats.is_empty() && best.2.check().is_ok() {
            (self.mixture.order, self.mixture.shares) = (best.1, best.2);
        }
    }

    /// Mixes the logarithms of a network's probabilities with what is counted after `before`, and with its echoes.
    pub fn mix(&self, log_probabilities: &mut [f32], before: &[u32]) {
        let counted = self.ngram.probabilities(before, self.order());
        for ((token, log), q) in (0..).zip(log_probabilities).zip(counted) {
            *log = self.shares().mix(&likely(before, token, f64::from(*log).exp(), q)).ln() as f32;
        }
    }

    /// Writes it into a checkpoint's folder.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join(FILE);
        let refused = |error: serde_json::Error| TrainError::io("write", &path)(error.into());
        let text = serde_json::to_vec(&self.mixture).map_err(refused)?;
        adm_core::persist::write_bytes(&path, &text).map_err(TrainError::io("write", &path))
    }

    /// Reads what [`save`](Self::save) wrote, and counts n-grams of up to `longest` tokens anew, so that they can be fitted.
    ///
    /// # Errors
    /// A missing or damaged file, or one of another vocabulary or with longer n-grams than `longest`.
    pub fn load(folder: &Path, vocabulary: usize, longest: usize) -> Result<Self, TrainError> {
        let mixture = Mixture::load(folder, vocabulary, longest)?;
        Ok(Self { ngram: mixture.count(vocabulary, longest), mixture })
    }

    /// The same to play with: it counts no longer n-grams than were found best.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn load_fitted(folder: &Path, vocabulary: usize, longest: usize) -> Result<Self, TrainError> {
        let mixture = Mixture::load(folder, vocabulary, longest)?;
        Ok(Self { ngram: mixture.count(vocabulary, mixture.order), mixture })
    }
}

impl Mixture {
    fn count(&self, vocabulary: usize, order: usize) -> Arc<NGram> {
        Arc::new(NGram::count(self.runs.iter().map(Vec::as_slice), vocabulary, order))
    }

    fn load(folder: &Path, vocabulary: usize, longest: usize) -> Result<Self, TrainError> {
        let path = folder.join(FILE);
        let text = std::fs::read(&path).map_err(TrainError::io("read", &path))?;
        let damaged = |reason: String| TrainError::Damaged { path: path.clone(), reason };
        let mixture: Self = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        mixture.check(vocabulary, longest).map_err(damaged)?;
        Ok(mixture)
    }

    fn check(&self, vocabulary: usize, longest: usize) -> Result<(), String> {
        let Self { order, shares, runs } = self;
        match runs.iter().flatten().find(|&&token| token as usize >= vocabulary) {
            Some(token) => Err(format!("token {token} is outside a vocabulary of {vocabulary}")),
            None if !(1..=longest).contains(order) => {
                Err(format!("an order of {order} is not between 1 and {longest}"))
            }
            None => shares.check(),
        }
    }
}

/// How likely a token is by every way of foretelling. An echo of what was before the first beat is as good as counting.
fn likely(before: &[u32], token: u32, network: f64, counted: f64) -> Likely {
    let mut likely = [network; WAYS];
    likely[1] = counted;
    for (p, ago) in likely[2..].iter_mut().zip(ECHOES) {
        let then = before.len().checked_sub(ago).map(|at| before[at]);
        *p = then.map_or(counted, |then| if then == token { 1.0 } else { 0.0 });
    }
    likely
}

#[cfg(test)]
mod tests;

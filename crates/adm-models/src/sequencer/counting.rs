//! Counting beside a network: what both think likely, mixed.
//!
//! ```text
//! network ── p(token | all before) ──────────┐ × (1 − share)
//!                                            ├─ + → what is drawn from, and judged
//! runs of training tokens ── n-grams ── q ───┘ × share        share and order: whatever foretells held-out beats best
//! ```
//!
//! A network remembers long forms, and needs to see them often; counting foretells a bar after having heard it once. On little
//! music nearly all of the share is counting's, on much of it hardly any: linear interpolation (Jelinek and Mercer 1980), with
//! the share found on the validation split by expectation and maximisation.

use std::path::Path;

use adm_train::TrainError;
use serde::{Deserialize, Serialize};

use super::ngram::NGram;
use super::sample::RECENT;
use super::{Corpus, Foretold};

/// The longest n-gram that may be asked for: what a stream remembers of the beats before, and the one that is foretold.
pub const LONGEST: usize = RECENT + 1;

/// The file of the counts within a checkpoint.
const FILE: &str = "counting.json";

/// The share before there was anything to find it on.
const UNKNOWN: f64 = 0.5;

/// Rounds of expectation and maximisation; each halves what is missing, or nearly, where the answer is clear.
const ROUNDS: usize = 100;

/// What counting adds to a network.
#[derive(Debug, Clone)]
pub struct Counting {
    ngram: NGram,
    mixture: Mixture,
}

/// How counting and a network are mixed, and what was counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mixture {
    /// Tokens in an n-gram, the foretold one included.
    order: usize,
    /// Counting's part of the probability, 0 to 1.
    share: f64,
    /// The stretches that were learned from.
    runs: Vec<Vec<u32>>,
}

impl Counting {
    /// Counts n-grams of up to `longest` tokens in the training split; none where that is 0.
    pub fn learn(corpus: &Corpus, longest: usize) -> Option<Self> {
        let runs = corpus.runs().map(|(passage, run)| passage.tokens[run].to_vec()).collect();
        let mixture = Mixture { order: longest, share: UNKNOWN, runs };
        (longest > 0).then(|| Self { ngram: NGram::learn(corpus, longest), mixture })
    }

    /// Tokens in the n-grams that are mixed in, the foretold one included.
    pub fn order(&self) -> usize {
        self.mixture.order
    }

    /// Counting's part of the probability, 0 to 1.
    pub fn share(&self) -> f64 {
        self.mixture.share
    }

    /// Takes the order and the share that foretell best what a network has foretold, which it must not have learned from.
    /// Nothing changes where there is nothing.
    pub fn fit(&mut self, foretold: &Foretold<'_>) {
        let (network, counted): (Vec<f64>, Vec<Vec<f64>>) = foretold
            .beats()
            .map(|(before, target, row)| {
                (f64::from(row[target as usize]).exp(), self.ngram.probability_by_order(before, target))
            })
            .unzip();
        let of_order = |order: usize| {
            let pairs = || network.iter().zip(&counted).map(|(&p, by_order)| (p, by_order[order - 1]));
            let share = best_share(pairs);
            let nats: f64 = pairs().map(|(p, q)| -mixed(p, q, share).ln()).sum();
            (nats, order, share)
        };
        let best = (1..=self.ngram.order()).map(of_order).min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, order, share)) = best.filter(|_| !network.is_empty()) {
            (self.mixture.order, self.mixture.share) = (order, share);
        }
    }

    /// Mixes the logarithms of a network's probabilities with what is counted after `before`.
    pub fn mix(&self, log_probabilities: &mut [f32], before: &[u32]) {
        let known = before.len().min(self.order() - 1);
        let counted = self.ngram.probabilities(&before[before.len() - known..]);
        for (log, q) in log_probabilities.iter_mut().zip(counted) {
            *log = mixed(f64::from(*log).exp(), q, self.share()).ln() as f32;
        }
    }

    /// Writes it into a checkpoint's folder.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join(FILE);
        let text = serde_json::to_vec(&self.mixture).unwrap_or_default();
        adm_core::persist::write_bytes(&path, &text).map_err(TrainError::io("write", path))
    }

    /// Reads what [`save`](Self::save) wrote, and counts anew.
    ///
    /// # Errors
    /// A missing or damaged file, or one of another vocabulary or with longer n-grams than `longest`.
    pub fn load(folder: &Path, vocabulary: usize, longest: usize) -> Result<Self, TrainError> {
        let path = folder.join(FILE);
        let text = std::fs::read(&path).map_err(TrainError::io("read", &path))?;
        let damaged = |reason: String| TrainError::Damaged { path: path.clone(), reason };
        let mixture: Mixture = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        mixture.check(vocabulary, longest).map_err(damaged)?;
        let ngram = NGram::count(mixture.runs.iter().map(Vec::as_slice), vocabulary, longest);
        Ok(Self { ngram, mixture })
    }
}

impl Mixture {
    fn check(&self, vocabulary: usize, longest: usize) -> Result<(), String> {
        let Self { order, share, runs } = self;
        match runs.iter().flatten().find(|&&token| token as usize >= vocabulary) {
            Some(token) => Err(format!("token {token} is outside a vocabulary of {vocabulary}")),
            None if !(1..=longest).contains(order) => {
                Err(format!("an order of {order} is not between 1 and {longest}"))
            }
            None if !(0.0..=1.0).contains(share) => Err(format!("a share of {share} is not between 0 and 1")),
            None => Ok(()),
        }
    }
}

fn mixed(network: f64, counted: f64, share: f64) -> f64 {
    (1.0 - share) * network + share * counted
}

/// The share of the second of two ways of foretelling that makes what happened likeliest, each pair being how likely it was by
/// either. One success and one failure are added, so that a few beats decide nothing for good.
fn best_share<I: Iterator<Item = (f64, f64)>>(pairs: impl Fn() -> I) -> f64 {
    (0..ROUNDS).fold(UNKNOWN, |share, _| {
        let (mut counting, mut all) = (1.0, 2.0);
        for (p, q) in pairs() {
            counting += share * q / mixed(p, q, share).max(f64::MIN_POSITIVE);
            all += 1.0;
        }
        counting / all
    })
}

#[cfg(test)]
mod tests {
    use adm_dataset::Split;

    use super::super::Passage;
    use super::*;

    fn corpus() -> Corpus {
        let mut passage = Passage::of(Split::Train, (0..60).map(|k| u32::from(k % 3 == 0)).collect());
        passage.splits[40..].fill(Some(Split::Validation));
        Corpus::new(vec![0; 3], vec![passage]).unwrap()
    }

    /// What a network would say that gives the right token the probability `p`, and the two others half of the rest each.
    fn foretold(corpus: &Corpus, p: f32) -> Foretold<'_> {
        let row = |at: usize| {
            let target = corpus.passages()[0].tokens[at];
            (0..3).map(move |token| if token == target { p.ln() } else { ((1.0 - p) / 2.0).ln() })
        };
        Foretold::new(corpus, (40..60).map(|at| (0, at)).collect(), (40..60).flat_map(row).collect())
    }

    #[test]
    fn the_better_one_gets_the_larger_share() {
        let corpus = corpus();
        let share_beside = |p: f32| {
            let mut counting = Counting::learn(&corpus, 4).unwrap();
            counting.fit(&foretold(&corpus, p));
            (counting.order(), counting.share())
        };
        // Trigrams span the period. Twenty sure beats and two that are added leave 1/22, or a little more, to the worse one.
        let (order, share) = share_beside(0.2);
        assert!(order >= 3 && share > 0.9, "{order}-grams beside a bad network: {share}");
        let (_, share) = share_beside(0.9999);
        assert!(share < 0.5, "beside a perfect network: {share}");
    }

    #[test]
    fn the_share_is_the_likeliest_of_all() {
        let pairs = [(0.9, 0.2), (0.1, 0.6), (0.3, 0.3), (0.05, 0.9), (0.5, 0.4)];
        let found = best_share(|| pairs.into_iter());
        // With one success and one failure added, as the method says.
        let score = |share: f64| {
            share.ln() + (1.0 - share).ln() + pairs.iter().map(|&(p, q)| mixed(p, q, share).ln()).sum::<f64>()
        };
        let best = (1..1000).map(|k| f64::from(k) / 1000.0).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap();
        assert!((found - best).abs() < 1e-3, "{found} instead of {best}");
    }

    #[test]
    fn mixed_probabilities_are_those_of_both() {
        let corpus = corpus();
        let mut counting = Counting::learn(&corpus, 3).unwrap();
        counting.mixture = Mixture { order: 2, share: 0.25, ..counting.mixture };
        let network = [0.5f64, 0.3, 0.2];
        let mut logs = network.map(|p| p.ln() as f32);
        counting.mix(&mut logs, &[1, 0]);
        let counted = NGram::learn(&corpus, 2).probabilities(&[1, 0]);
        for ((log, p), q) in logs.iter().zip(network).zip(counted) {
            assert!((f64::from(*log).exp() - (0.75 * p + 0.25 * q)).abs() < 1e-6);
        }
        let scores = foretold(&corpus, 0.5).scores(Some(&counting));
        assert_eq!(scores.beats, 20);
        assert!(scores.accuracy > 0.6 && scores.perplexity < 2.0, "{scores:?}");
    }

    #[test]
    fn nothing_held_out_changes_nothing() {
        let corpus = corpus();
        let mut counting = Counting::learn(&corpus, 5).unwrap();
        counting.fit(&Foretold::new(&corpus, Vec::new(), Vec::new()));
        assert_eq!((counting.order(), counting.share()), (5, UNKNOWN));
        assert!(Counting::learn(&corpus, 0).is_none());
    }

    #[test]
    fn it_comes_back_as_it_was_and_damage_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = corpus();
        let mut counting = Counting::learn(&corpus, 4).unwrap();
        counting.fit(&foretold(&corpus, 0.4));
        counting.save(folder.path()).unwrap();
        let again = Counting::load(folder.path(), 3, 4).unwrap();
        assert_eq!(again.mixture, counting.mixture);
        assert_eq!(again.ngram.probabilities(&[0, 1]), counting.ngram.probabilities(&[0, 1]));
        let refused = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Counting::load(folder.path(), 3, 4).unwrap_err().to_string()
        };
        for (text, reason) in [
            (r#"{"order":2,"share":0.5,"runs":[[0,3]]}"#, "token 3 is outside a vocabulary of 3"),
            (r#"{"order":5,"share":0.5,"runs":[[0]]}"#, "an order of 5 is not between 1 and 4"),
            (r#"{"order":0,"share":0.5,"runs":[[0]]}"#, "an order of 0 is not between 1 and 4"),
            (r#"{"order":2,"share":1.5,"runs":[[0]]}"#, "a share of 1.5 is not between 0 and 1"),
            ("{", "EOF"),
        ] {
            let message = refused(text);
            assert!(message.contains(reason), "{message}");
        }
    }
}

//! Token sequences to learn from, and what is held out of them.

use adm_dataset::Split;

use crate::ModelError;

/// Beats that followed one another in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Their tokens.
    pub tokens: Vec<u32>,
    /// The split of each; none for those between two splits.
    pub splits: Vec<Option<Split>>,
    /// The number of the first beat, counted so that multiples of four begin bars.
    pub clock: u64,
}

impl Passage {
    /// A passage that is all of one split.
    pub fn of(split: Split, tokens: Vec<u32>) -> Self {
        Self { splits: vec![Some(split); tokens.len()], tokens, clock: 0 }
    }

    /// Where neighbouring beats are all of the training split.
    fn training_runs(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let mut start = 0;
        self.splits.chunk_by(|a, b| a == b).filter_map(move |run| {
            let range = start..start + run.len();
            start = range.end;
            (run[0] == Some(Split::Train)).then_some(range)
        })
    }
}

/// All that a sequencer learns from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    class_of: Vec<u32>,
    passages: Vec<Passage>,
}

impl Corpus {
    /// Passages over a vocabulary with these classes; `class_of[token]` is the token's class.
    ///
    /// # Errors
    /// A token outside the vocabulary, no two beats in a row to learn from, or a vocabulary of one: nothing follows from
    /// anything there.
    pub fn new(class_of: Vec<u32>, passages: Vec<Passage>) -> Result<Self, ModelError> {
        let corpus = Self { class_of, passages };
        let vocabulary = corpus.vocabulary();
        if let Some(&token) = corpus.passages.iter().flat_map(|p| &p.tokens).find(|&&t| t as usize >= vocabulary) {
            return Err(ModelError::TokenRange { token, vocabulary });
        }
        let longest = corpus.runs().map(|(_, run)| run.len()).max().unwrap_or(0);
        if longest < 2 || vocabulary < 2 {
            return Err(ModelError::NothingToOrder { beats: longest, tokens: vocabulary });
        }
        Ok(corpus)
    }

    /// Number of tokens.
    pub fn vocabulary(&self) -> usize {
        self.class_of.len()
    }

    /// The class of each token.
    pub fn class_of(&self) -> &[u32] {
        &self.class_of
    }

    /// The passages.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Stretches to train on: passage and range within it.
    pub fn runs(&self) -> impl Iterator<Item = (&Passage, std::ops::Range<usize>)> {
        self.passages.iter().flat_map(|passage| passage.training_runs().map(move |run| (passage, run)))
    }

    /// Number of beats in a split.
    pub fn count(&self, split: Split) -> usize {
        self.passages.iter().flat_map(|passage| &passage.splits).filter(|&&one| one == Some(split)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_training_may_see() {
        let mut passage = Passage::of(Split::Train, vec![0, 1, 0, 1, 0, 1, 1]);
        passage.splits[2] = Some(Split::Validation);
        passage.splits[3] = None;
        let corpus = Corpus::new(vec![0, 0], vec![passage]).unwrap();
        let runs: Vec<_> = corpus.runs().map(|(_, run)| run).collect();
        assert_eq!(runs, [0..2, 4..7]);
        assert_eq!((corpus.count(Split::Train), corpus.count(Split::Validation), corpus.count(Split::Test)), (5, 1, 0));
    }

    #[test]
    fn what_has_no_order_is_refused() {
        let one = |class_of: Vec<u32>, tokens: Vec<u32>| {
            Corpus::new(class_of, vec![Passage::of(Split::Train, tokens)]).unwrap_err().to_string()
        };
        assert_eq!(one(vec![0, 0], vec![0, 2]), "token 2 is outside a vocabulary of 2");
        let refused = "there is no order to learn: the longest stretch has 1 beats of 2 different tokens";
        assert_eq!(one(vec![0, 0], vec![0]), refused);
        assert!(one(vec![0], vec![0, 0, 0]).ends_with("has 3 beats of 1 different tokens"));
    }
}

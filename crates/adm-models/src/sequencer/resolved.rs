//! A run's `config.toml`: the preset as it was resolved, and the tokens that it is about.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::SequencerConfig;
use crate::ModelError;

/// Enough to build the network without the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting.
    pub sequencer: SequencerConfig,
    /// The tokens.
    pub tokens: TokenConfig,
}

/// What tokens a run was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenConfig {
    /// Fingerprint of the token book that they come from.
    pub book: String,
    /// The class of each token; as many as there are tokens.
    pub class_of: Vec<u32>,
}

impl Resolved {
    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A file that is damaged, or that of another family.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        crate::config::of_run(path, Self::check)
    }

    /// Number of tokens, and tokens in the longest n-gram that may be counted; none where the network is left alone.
    pub(super) fn counted(&self) -> Option<[usize; 2]> {
        let longest = self.sequencer.counting.longest;
        (longest > 0).then_some([self.tokens.class_of.len(), longest])
    }

    fn check(&self) -> Result<(), ModelError> {
        self.sequencer.validate()?;
        let (tokens, classes) = (self.tokens.class_of.len(), self.tokens.class_of.iter().max());
        if tokens < 2 || classes.is_some_and(|&last| last as usize >= tokens) {
            let allowed = "a class for each of two tokens or more, each less than their number".to_owned();
            return Err(ModelError::Setting { key: "tokens.class_of", allowed, got: format!("{tokens} tokens") });
        }
        Ok(())
    }
}

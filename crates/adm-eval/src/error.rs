//! What can go wrong with a judgement.

use adm_core::Hint;

/// Every failure of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// Not enough to compare.
    #[error("{what} must hold at least {expected}, got {actual}")]
    TooFew {
        /// What was given.
        what: &'static str,
        /// The least that is needed.
        expected: usize,
        /// What came.
        actual: usize,
    },
    /// Sizes that do not fit together.
    #[error("{what} must be {expected}, got {actual}")]
    WrongShape {
        /// What was given.
        what: &'static str,
        /// What fits.
        expected: usize,
        /// What came.
        actual: usize,
    },
    /// NaN or an infinity among the samples.
    #[error("sample {index} of a beat is not a finite number")]
    NotFinite {
        /// Its position among the interleaved samples.
        index: usize,
    },
    /// A grid that is no list of moments.
    #[error("beat time {index} is not a finite time after the one before it")]
    BadGrid {
        /// Its position in the grid.
        index: usize,
    },
}

impl Hint for EvalError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::TooFew { what: "the candidate", .. } => Some("generate more with --beats N".into()),
            _ => None,
        }
    }
}

//! What can keep a statistic from being computed.

use adm_core::Hint;

/// Every failure of this crate. Nothing here returns NaN instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// Fewer values than the statistic is defined for.
    #[error("{what} must hold at least {expected}, got {actual}")]
    TooFew {
        /// What was given.
        what: &'static str,
        /// The least that is needed.
        expected: u64,
        /// What came.
        actual: u64,
    },
    /// Sizes that do not fit together.
    #[error("{what} must be {expected}, got {actual}")]
    WrongShape {
        /// What was given.
        what: &'static str,
        /// What fits.
        expected: u64,
        /// What came.
        actual: u64,
    },
    /// A parameter outside its range.
    #[error("{what}={value} must be {range}")]
    OutOfRange {
        /// The parameter.
        what: &'static str,
        /// What came.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// NaN or an infinity among the values.
    #[error("value {index} of {what} is not a finite number")]
    NotFinite {
        /// What was given.
        what: &'static str,
        /// Its position.
        index: usize,
    },
    /// All values are equal, so nothing can be compared with their spread.
    #[error("{what} do not vary, so the statistic is undefined")]
    NoVariation {
        /// What was given.
        what: &'static str,
    },
    /// Too many resamples have no spread of their own.
    #[error("too few {what}, or too few that differ, for a studentised interval")]
    Unsteady {
        /// What was drawn.
        what: String,
    },
    /// No number of answers up to the limit reaches the wanted power.
    #[error("no sample of up to {limit} answers reaches a power of {power}")]
    Unreachable {
        /// The wanted power.
        power: f64,
        /// The largest sample that was tried.
        limit: u64,
    },
}

impl Hint for StatsError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NoVariation { .. } => Some("report the counts themselves: every value is the same".into()),
            Self::Unreachable { .. } => Some("ask for a larger effect, a wider margin or less power".into()),
            _ => None,
        }
    }
}

/// What every function of this crate returns.
pub type Result<T> = std::result::Result<T, StatsError>;

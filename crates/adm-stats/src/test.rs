//! What every test of significance returns: enough for a report to print the result and say how it came about.

use std::fmt;

/// Which deviations from the null hypothesis count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sides {
    /// Only larger values than the null hypothesis says.
    Greater,
    /// Only smaller ones.
    Less,
    /// Both.
    Two,
}

impl fmt::Display for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greater => "one-sided (greater)",
            Self::Less => "one-sided (less)",
            Self::Two => "two-sided",
        })
    }
}

/// How a p-value was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// [`crate::binomial::exact`].
    ExactBinomial,
    /// [`crate::contingency::pearson`].
    PearsonChiSquare,
    /// [`crate::contingency::fisher`].
    FisherExact,
    /// [`crate::contingency::monte_carlo`].
    MonteCarlo {
        /// Tables drawn.
        resamples: u32,
    },
    /// [`crate::jackknife::test`].
    JackknifeT,
    /// [`crate::ranks::friedman`].
    Friedman,
    /// [`crate::ranks::wilcoxon`] with all sign patterns counted.
    WilcoxonExact,
    /// [`crate::ranks::wilcoxon`] by the normal approximation.
    WilcoxonNormal,
    /// [`crate::ranks::mann_whitney`] with all orders counted.
    MannWhitneyExact,
    /// [`crate::ranks::mann_whitney`] by the normal approximation.
    MannWhitneyNormal,
    /// [`crate::ranks::kruskal_wallis`].
    KruskalWallis,
}

impl Method {
    /// The usual sign of the statistic.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::ExactBinomial => "hits",
            Self::PearsonChiSquare | Self::MonteCarlo { .. } | Self::Friedman => "χ²",
            Self::FisherExact => "odds ratio",
            Self::JackknifeT => "t",
            Self::WilcoxonExact | Self::WilcoxonNormal => "V",
            Self::MannWhitneyExact | Self::MannWhitneyNormal => "U",
            Self::KruskalWallis => "H",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExactBinomial => "exact binomial test",
            Self::PearsonChiSquare => "Pearson's χ² test",
            Self::FisherExact => "Fisher's exact test",
            Self::MonteCarlo { resamples } => {
                return write!(f, "Monte-Carlo χ² test ({resamples} tables, fixed margins)");
            }
            Self::JackknifeT => "t test with a jackknife over persons",
            Self::Friedman => "Friedman's test, corrected for ties",
            Self::WilcoxonExact => "Wilcoxon's signed-rank test, exact",
            Self::WilcoxonNormal => "Wilcoxon's signed-rank test, normal approximation",
            Self::MannWhitneyExact => "Mann–Whitney test, exact",
            Self::MannWhitneyNormal => "Mann–Whitney test, normal approximation",
            Self::KruskalWallis => "Kruskal–Wallis test, corrected for ties",
        })
    }
}

/// The size of an effect beside its significance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Which measure.
    pub kind: EffectKind,
    /// Its value.
    pub value: f64,
}

/// A measure of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EffectKind {
    /// The proportion of hits less chance, in [−1, 1].
    AboveChance,
    /// Cramér's V, in [0, 1].
    CramersV,
    /// Kendall's coefficient of concordance, in [0, 1].
    KendallsW,
    /// Matched-pairs or two-sample rank-biserial correlation, in [−1, 1].
    RankBiserial,
    /// Rank ε² of Kruskal–Wallis, in [0, 1].
    EpsilonSquared,
}

impl fmt::Display for EffectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AboveChance => "above chance",
            Self::CramersV => "Cramér's V",
            Self::KendallsW => "Kendall's W",
            Self::RankBiserial => "rank-biserial r",
            Self::EpsilonSquared => "ε²",
        })
    }
}

/// What a reader of the result should know.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// Pairs without a difference were left out (Wilcoxon 1945).
    ZerosDropped(u64),
    /// Equal values share their mean rank, and the variance is corrected for that.
    Ties,
    /// Rows or columns without any count were left out.
    EmptyDropped(u64),
    /// The smallest expected count, which rules out the χ² approximation.
    SmallExpected(f64),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZerosDropped(count) => write!(f, "{count} pairs without a difference left out"),
            Self::Ties => f.write_str("ties share their mean rank"),
            Self::EmptyDropped(count) => write!(f, "{count} empty rows or columns left out"),
            Self::SmallExpected(least) => write!(f, "smallest expected count {least:.2}"),
        }
    }
}

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// How the p-value was computed; its `Display` is a name for readers.
    pub method: Method,
    /// Which deviations counted. Tests of more than two groups are always [`Sides::Two`].
    pub sides: Sides,
    /// The statistic, named by [`Method::symbol`]. An odds ratio may be infinite.
    pub statistic: f64,
    /// Degrees of freedom, where the method has them.
    pub freedom: Option<f64>,
    /// The p-value, in [0, 1]. A large one is no proof of the null hypothesis: see [`crate::equivalence`].
    pub p: f64,
    /// Observations that entered.
    pub n: u64,
    /// The size of the effect.
    pub effect: Option<Effect>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

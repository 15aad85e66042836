//! Intervals for answers that hang together because they come from one person or concern one item.

use std::fmt;

use adm_core::Seeds;

use crate::{Interval, Result};

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// Who answered: any number that is the person's own.
    pub person: usize,
    /// What was judged: any number that is the item's own.
    pub item: usize,
    /// The answer: 1 for right and 0 for wrong, or a rating.
    pub value: f64,
}

/// What is drawn with replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Draw {
    /// Whole persons: the interval speaks of other listeners to the same items.
    #[default]
    Persons,
    /// Whole items: of other items before the same listeners.
    Items,
    /// Both at once: of other listeners to other items (Owen 2007, "the pigeonhole bootstrap"); the widest.
    Both,
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Persons => "persons",
            Self::Items => "items",
            Self::Both => "persons and items",
        })
    }
}

/// How the interval is read off the resamples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ends {
    /// From the resamples' t statistics (Efron & Tibshirani 1993, section 12.5; Cameron, Gelbach & Miller 2008 for
    /// clusters): holds its level best with few persons.
    #[default]
    Studentised,
    /// The resamples' quantiles themselves: too narrow with few persons.
    Percentile,
    /// The quantiles mirrored at the estimate: too narrow with few persons.
    Basic,
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Studentised => "studentised",
            Self::Percentile => "percentile",
            Self::Basic => "basic",
        })
    }
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Resamples, 100 or more; more make the ends steadier.
    pub resamples: u32,
    /// The interval's level, in (0, 1).
    pub level: f64,
    /// What is drawn.
    pub draw: Draw,
    /// How the interval is read off.
    pub ends: Ends,
}

impl Default for Plan {
    /// 10,000 resamples of persons, a studentised interval at 95 %.
    fn default() -> Self {
        Self { resamples: 10_000, level: 0.95, draw: Draw::Persons, ends: Ends::Studentised }
    }
}

/// An estimate with its clustered interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The statistic of the answers as they are.
    pub value: f64,
    /// The standard deviation of the resamples' statistics.
    pub standard_error: f64,
    /// The interval at the plan's level.
    pub interval: Interval,
    /// Answers.
    pub n: u64,
    /// Persons.
    pub persons: u64,
    /// Items.
    pub items: u64,
    /// What was drawn.
    pub draw: Draw,
    /// How the interval was read off.
    pub ends: Ends,
    /// Resamples that entered: those whose statistic was undefined did not.
    pub resamples: u32,
}

/// The mean answer with its clustered interval. Draws from the streams "bootstrap", one a resample, so that the result
/// does not depend on the number of threads.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two persons (or items) where they are drawn, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::OutOfRange`] for the plan, [`crate::StatsError::NoVariation`] where the clusters' answers do
/// not vary.
pub fn mean(records: &[Record], plan: &Plan, seeds: Seeds) -> Result<Estimate> {
    todo!()
}

/// Any statistic of weighted answers with its clustered interval.
///
/// # Arguments
/// `statistic` gets a weight for each record, in their order (how often it was drawn), and gives `None` where it is
/// undefined. All weights 1 give the estimate itself. [`Ends::Studentised`] falls back to [`Ends::Percentile`], as the
/// result says: a standard error within each resample is known for the mean alone.
///
/// # Errors
/// As [`mean`]; [`crate::StatsError::NoVariation`] where the statistic is undefined on the answers themselves or on
/// more than half of the resamples.
pub fn statistic<F>(records: &[Record], plan: &Plan, seeds: Seeds, statistic: F) -> Result<Estimate>
where
    F: Fn(&[f64]) -> Option<f64> + Sync,
{
    todo!()
}

/// How much answers of one cluster hang together, and what that costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustering {
    /// The intraclass correlation ICC(1) by one-way analysis of variance (Shrout & Fleiss 1979; Donner 1986 for unequal
    /// sizes), at most 1; 0 for independent answers, and below 0 where answers within a cluster differ more than that.
    pub icc: f64,
    /// The clusters' mean size as it enters the design effect: Σm² / Σm, which is m for equal sizes.
    pub size: f64,
    /// 1 + (size − 1) · ICC, ICC taken as 0 where it is below (Kish 1965).
    pub design_effect: f64,
    /// Answers / design effect: how many independent answers these are worth.
    pub effective_n: f64,
    /// Clusters.
    pub clusters: u64,
    /// Answers.
    pub n: u64,
}

/// The clustering of answers by person.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two persons or where none answered twice, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`] where all answers are equal.
pub fn by_person(records: &[Record]) -> Result<Clustering> {
    todo!()
}

/// The clustering of answers by item.
///
/// # Errors
/// See [`by_person`].
pub fn by_item(records: &[Record]) -> Result<Clustering> {
    todo!()
}

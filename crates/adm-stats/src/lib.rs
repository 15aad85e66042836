//! Statistics of listening tests: exact tests, intervals, agreement, resampling, equivalence and planning.
//!
//! Plain data in, plain data out: no files, no printing. Every function states its source, checks its input and gives
//! a [`StatsError`] where the statistic is undefined; none returns NaN. Results carry what a report prints beside them:
//! the method, degrees of freedom, the number of observations and notes.
//!
//! | question | module |
//! |---|---|
//! | do listeners do better than chance? | [`binomial`], [`proportion`], [`detection`] |
//! | does that depend on who listens? | [`contingency`], [`multiple`] |
//! | how do they rate? | [`mean`], [`ranks`] |
//! | do they agree? | [`agreement`] |
//! | what if answers of a person, or on an item, hang together? | [`bootstrap`], [`proportion::clustered`] |
//! | can they *not* tell? | [`equivalence`] |
//! | how many answers are needed? | [`power`] |
//! | how sure is a statistic without a formula? | [`jackknife`] |
//!
//! [`simulate`] is test support: simulated listeners, by which tests here and in other crates see that verdicts come at the right
//! rates. No report uses it. The parts of [`contingency::independence`] are public so that each can be held against other software;
//! [`bootstrap::Ends::Percentile`] is the plain bootstrap of a mean, kept for figures of other clusters than listeners.
//!
//! Answers of one person are not independent. The binomial test and everything else that counts answers takes them as
//! if they were, and rejects too often when they are not; [`proportion::clustered`] does not. `tests/cohorts.rs` shows both.

pub mod agreement;
pub mod binomial;
pub mod bootstrap;
mod check;
pub mod contingency;
pub mod detection;
mod discrete;
pub mod equivalence;
mod error;
mod interval;
pub mod jackknife;
pub mod mean;
pub mod multiple;
pub mod power;
pub mod proportion;
mod ranking;
pub mod ranks;
pub mod simulate;
mod special;
mod table;
mod test;

pub use error::{Result, StatsError};
pub use interval::Interval;
pub use test::{Effect, EffectKind, Method, Note, Sides, Test};

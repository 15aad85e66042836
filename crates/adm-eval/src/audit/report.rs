//! The audit itself: numbers first, then the verdict.

use super::config::AuditConfig;
use super::exceedance;
use super::fingerprint::Fingerprint;
use super::library::{Library, Match};
use super::verdict::{Reason, Verdict};
use crate::EvalError;
use adm_stats::{mean, proportion};
use serde::{Deserialize, Serialize};

/// Fewest held-out beats: with fewer the threshold says nothing.
pub const LEAST_HELD_OUT: usize = 20;

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// How far from 1 the similarity of a copy may be, by shifts between two times of a fingerprint.
const EXACTNESS: f64 = 5e-4;

/// What the audit found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The answer.
    pub verdict: Verdict,
    /// Why it is not clean; empty where it is.
    pub reasons: Vec<Reason>,
    /// Similarity above which a generated beat is flagged: that of the held-out beat above which only
    /// [`Self::expected_share`] of new beats are expected, and at least [`AuditConfig::least`].
    pub threshold: f64,
    /// The flagged beats by their place among the generated ones, the most similar first, each with the training beat
    /// that it may be a copy of. Where the verdict is clean these are the few that chance allows.
    pub flagged: Vec<(usize, Match)>,
    /// Share of generated beats that are flagged.
    pub share: f64,
    /// Its exact 95 % interval, low and high, as of independent beats (Clopper & Pearson).
    pub share_interval: (f64, f64),
    /// Share that new beats would have flagged: `rank / (held-out beats + 1)`.
    pub expected_share: f64,
    /// Probability of as many flagged beats if the generated ones were new ([`exceedance::p_value`]).
    pub p_value: f64,
    /// Beats that are the same as a training beat.
    pub same: Same,
    /// Which recorded beats the generated ones sit beside.
    pub leaning: Leaning,
    /// Similarities of generated beats to their nearest training beat.
    pub generated: Quantiles,
    /// Similarities of held-out beats to theirs.
    pub held_out: Quantiles,
    /// The nearest training beat of each generated beat, in order.
    pub matches: Vec<Match>,
}

/// Beats at least as similar as [`AuditConfig::same`] to a training beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Same {
    /// Generated beats.
    pub count: usize,
    /// Share of generated beats.
    pub generated: f64,
    /// Share of held-out beats.
    pub held_out: f64,
    /// Probability of so many beats so near if the generated ones were new ([`exceedance::tail_p_value`]). Unlike
    /// [`Audit::p_value`] it weighs how far beyond the held-out beats they are, so that few copies suffice.
    pub p_value: f64,
}

/// Of the generated beats that are about as near to some recorded beat as held-out beats are, how many are nearest to one that
/// was trained on. If the generator knew training and held-out beats equally little, it would be their share of all
/// recorded beats. Distortion that makes a copy less similar to its original makes it less similar to all others too, so this
/// finds copies that no threshold finds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Leaning {
    /// Generated beats that are near enough to say: as near as three quarters of the held-out beats, or as
    /// [`AuditConfig::near`].
    pub near: usize,
    /// Share of them whose nearest recorded beat is a training beat.
    pub share: f64,
    /// What that share would be by chance.
    pub expected: f64,
    /// How many independent beats they are worth: those that share a nearest recorded beat count as one
    /// ([`exceedance::effective`]).
    pub effective: f64,
    /// Probability of such a share among so many independent beats by chance.
    pub p_value: f64,
}

/// How similarities are spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// The least.
    pub lowest: f64,
    /// A quarter lies below.
    pub lower_quartile: f64,
    /// Half lies below.
    pub median: f64,
    /// A quarter lies above.
    pub upper_quartile: f64,
    /// One in twenty lies above.
    pub upper: f64,
    /// The greatest.
    pub highest: f64,
}

/// Compares how near `generated` beats are to the training beats in `library` with how near `held_out` beats are, which
/// no generator can have copied. All fingerprints must be by one fingerprinter, from beats that were prepared alike.
///
/// # Errors
/// [`EvalError::TooFew`] without a training beat or a generated one, or with fewer than [`LEAST_HELD_OUT`] held-out ones.
pub fn audit(
    library: &Library,
    held_out: &[Fingerprint],
    generated: &[Fingerprint],
    config: &AuditConfig,
) -> Result<Audit, EvalError> {
    at_least("the training beats", 1, library.len())?;
    at_least("the held-out beats", LEAST_HELD_OUT, held_out.len())?;
    at_least("the generated beats", 1, generated.len())?;
    let (known, matches) = (library.nearest(held_out), library.nearest(generated));
    let beside = Library::new(held_out.to_vec()).nearest(generated);
    Ok(Audit::of(&known, matches, &beside, library.len(), config))
}

fn at_least(what: &'static str, expected: usize, actual: usize) -> Result<(), EvalError> {
    if actual < expected { Err(EvalError::TooFew { what, expected, actual }) } else { Ok(()) }
}

impl Audit {
    /// From the matches of held-out beats in the training set, of generated beats in it, and of these among held-out ones.
    fn of(known: &[Match], matches: Vec<Match>, beside: &[Match], training: usize, config: &AuditConfig) -> Self {
        let (n, m) = (known.len(), matches.len());
        let mut held_out = similarities(known);
        held_out.sort_by(|a, b| b.total_cmp(a));
        let rank = ((config.expected_share * (n + 1) as f64) as usize).clamp(1, n);
        let threshold = held_out[rank - 1].max(config.least);
        let flagged = flagged(&matches, threshold);
        let quantiles = Quantiles::of(&held_out);
        let expected_share = rank as f64 / (n + 1) as f64;
        let mut audit = Self {
            verdict: Verdict::Clean,
            reasons: Vec::new(),
            threshold,
            share: flagged.len() as f64 / m as f64,
            share_interval: interval(flagged.len(), m),
            expected_share,
            p_value: exceedance::p_value(flagged.len(), m, rank, n),
            same: Same::of(&matches, known, config.same, threshold, expected_share * m as f64),
            leaning: Leaning::of(&matches, beside, training, n, quantiles.lower_quartile.min(config.near)),
            generated: Quantiles::of(&similarities(&matches)),
            held_out: quantiles,
            flagged,
            matches,
        };
        audit.reasons = audit.reasons_for_doubt(config);
        audit.verdict = audit.judge(config);
        audit
    }

    fn reasons_for_doubt(&self, config: &AuditConfig) -> Vec<Reason> {
        let same = &self.same;
        let repetitive = same.held_out >= config.repeats;
        let reasons = [
            (self.p_value < config.alpha, Reason::Nearer),
            (!repetitive && same.p_value < config.alpha, Reason::Same),
            (self.leaning.p_value < config.alpha && self.leaning.excess() >= config.leaning, Reason::Leaning),
            (repetitive && self.resembles_loops(config), Reason::Repeats),
        ];
        reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
    }

    /// Whether some beats are the same as training beats, or half of them near: in a set of repeats both may be copies.
    fn resembles_loops(&self, config: &AuditConfig) -> bool {
        self.same.generated > config.expected_share || 2 * self.leaning.near >= self.matches.len()
    }

    fn judge(&self, config: &AuditConfig) -> Verdict {
        let nearer = self.reasons.contains(&Reason::Nearer);
        match self.reasons.as_slice() {
            [] => Verdict::Clean,
            [Reason::Repeats] => Verdict::CannotTell,
            _ if nearer && self.share - self.expected_share >= config.fail_share => Verdict::Copies,
            _ => Verdict::Suspicious,
        }
    }
}

impl Same {
    /// `chance` is how many generated beats are expected above the threshold.
    fn of(matches: &[Match], known: &[Match], same: f64, threshold: f64, chance: f64) -> Self {
        let near = |list: &[Match]| -> Vec<f64> {
            let same = list.iter().filter(|found| found.similarity >= same);
            same.map(|found| (1.0 - found.similarity).max(EXACTNESS)).collect()
        };
        let (distances, count) = (near(matches), near(matches).len());
        let spread = (1.0 - threshold).max(EXACTNESS);
        Self {
            count,
            generated: count as f64 / matches.len() as f64,
            held_out: near(known).len() as f64 / known.len() as f64,
            p_value: exceedance::tail_p_value(distances, chance / spread),
        }
    }
}

impl Leaning {
    /// How far the share lies above the expected one, over how far it could: 1 where every beat leans to training, about 0
    /// for new beats.
    pub fn excess(&self) -> f64 {
        (self.share - self.expected) / (1.0 - self.expected)
    }

    fn of(matches: &[Match], beside: &[Match], training: usize, held_out: usize, near: f64) -> Self {
        let pairs =
            || matches.iter().zip(beside).filter(|(known, other)| known.similarity.max(other.similarity) >= near);
        let count = pairs().count();
        let toward = pairs().filter(|(known, other)| known.similarity > other.similarity).count();
        let by_known = exceedance::effective(pairs().map(|(known, _)| known.index));
        let by_other = exceedance::effective(pairs().map(|(_, other)| other.index));
        let (share, expected) = (toward as f64 / count.max(1) as f64, training as f64 / (training + held_out) as f64);
        let effective = by_known.min(by_other);
        Self { near: count, share, expected, effective, p_value: share_p_value(share, expected, effective) }
    }
}

/// One-sided binomial test of a share among an effective number of observations, both rounded against an alarm.
fn share_p_value(share: f64, expected: f64, effective: f64) -> f64 {
    let n = effective.floor() as u64;
    let hits = (share * n as f64 + 1e-9).floor() as u64;
    let test = adm_stats::binomial::exact(hits, n, expected, adm_stats::Sides::Greater);
    test.map_or(1.0, |test| test.p)
}

impl Quantiles {
    fn of(values: &[f64]) -> Self {
        // A list that is neither empty nor holds NaN has quantiles.
        let at = |q| mean::quantile(values, q).unwrap_or(0.0);
        let [lowest, lower_quartile, median] = [0.0, 0.25, 0.5].map(at);
        let [upper_quartile, upper, highest] = [0.75, 0.95, 1.0].map(at);
        Self { lowest, lower_quartile, median, upper_quartile, upper, highest }
    }
}

fn similarities(matches: &[Match]) -> Vec<f64> {
    matches.iter().map(|found| found.similarity).collect()
}

fn flagged(matches: &[Match], threshold: f64) -> Vec<(usize, Match)> {
    let above = matches.iter().copied().enumerate().filter(|(_, found)| found.similarity > threshold);
    let mut flagged: Vec<(usize, Match)> = above.collect();
    flagged.sort_by(|(_, a), (_, b)| b.similarity.total_cmp(&a.similarity));
    flagged
}

/// The exact interval of a share; without observations, everything.
fn interval(hits: usize, n: usize) -> (f64, f64) {
    proportion::clopper_pearson(hits as u64, n as u64, LEVEL)
        .map_or((0.0, 1.0), |interval| (interval.low, interval.high))
}

//! What would tell truths apart without listening.
//!
//! ```text
//! WAV files ─measure─┬─ numbers ─Mann and Whitney, Holm─▶ this number is higher where the truth is that   ─┐
//!                    └─ marks ───count of each truth────▶ some of this truth have it, none of that one has ┴▶ leaks, by severity
//! ```
//!
//! - A number leaks where its ranks are not shared out as chance would: exceptions do not hide it. All orders are counted where
//!   that can be done ([`mann_whitney`](adm_stats::ranks::mann_whitney)). Holm's correction over all numbers and pairs of truths
//!   keeps the probability of any false alarm below [`ALPHA`]; so with fewer than eight sounds of each truth no number can be
//!   found, and that is said.
//! - Marks are what music does not have by chance: no width at all, a constant, digital silence, a passage that comes again
//!   exactly. Of them a single sound is enough.
//!
//! What leaks because sounds were made or processed differently is a warning or an error. That a program can tell music from other
//! music, by its peaks or by its width, is a note: nothing that keeps it music mends it.

mod features;
mod leak;
mod lows;
mod marks;
mod measure;
mod rank;
mod repeats;

pub use leak::{Found, Leak, Severity, notes};

use crate::study::Bandwidth;
use adm_stats::multiple::holm;
use features::{Context, Feature};
use measure::Measured;
use rank::Ranked;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Probability of a false alarm that is put up with.
pub const ALPHA: f64 = 0.01;

/// A stimulus to be audited. Copies of one sound should come once, anchors not at all: they are meant to differ.
#[derive(Debug, Clone, Copy)]
pub struct Audited<'a> {
    /// What it is.
    pub truth: &'a str,
    /// Its WAV file.
    pub wav: &'a [u8],
}

/// What was measured of the sounds of one truth.
type Group<'a> = (&'a str, Vec<&'a Measured>);

/// Finds what would tell truths apart without listening, the worst first. `bandwidth` is the study's: where each sound keeps its
/// own, a leak of it is only a warning.
pub fn audit(stimuli: &[Audited<'_>], bandwidth: Bandwidth) -> Vec<Leak> {
    let mut measured: Vec<Measured> = stimuli.par_iter().map(|stimulus| Measured::of(stimulus.wav)).collect();
    let highest = measured.iter().filter_map(|found| found.get(Feature::Bandwidth)).fold(0.0, f64::max);
    measured.iter_mut().for_each(|found| found.measure_slope(highest));
    let mut by_truth: BTreeMap<&str, Vec<&Measured>> = BTreeMap::new();
    for (stimulus, found) in stimuli.iter().zip(&measured) {
        by_truth.entry(stimulus.truth).or_default().push(found);
    }
    let groups: Vec<Group<'_>> = by_truth.into_iter().collect();
    let pairs: Vec<[&Group<'_>; 2]> =
        groups.iter().enumerate().flat_map(|(at, one)| groups[at + 1..].iter().map(move |two| [one, two])).collect();
    let mut leaks: Vec<Leak> = pairs.iter().flat_map(|pair| marks::leaks(*pair)).collect();
    let context = Context { bandwidth, highest };
    leaks.extend(apart(&pairs).into_iter().map(|(feature, ranked)| feature.leak(ranked, context)));
    leaks.extend(too_few(&pairs));
    leaks.sort_by_key(|leak| std::cmp::Reverse(leak.severity));
    leaks
}

/// The numbers by which pairs of truths are apart.
fn apart(pairs: &[[&Group<'_>; 2]]) -> Vec<(Feature, Ranked)> {
    let tests = pairs.iter().flat_map(|pair| Feature::ALL.into_iter().map(|feature| (feature, ranked(feature, *pair))));
    let tests: Vec<(Feature, Ranked)> = tests.collect();
    // Probabilities are within 0 and 1, so Holm's correction has nothing to refuse.
    let corrected = holm(&tests.iter().map(|(_, ranked)| ranked.p).collect::<Vec<_>>()).unwrap_or_default();
    tests.into_iter().zip(corrected).filter(|(_, p)| *p <= ALPHA).map(|(test, _)| test).collect()
}

fn ranked(feature: Feature, pair: [&Group<'_>; 2]) -> Ranked {
    let [one, two] = pair.map(|(truth, all)| {
        ((*truth).to_owned(), all.iter().filter_map(|found| found.get(feature)).collect::<Vec<f64>>())
    });
    Ranked::of(one, two, feature == Feature::Size)
}

/// Pairs of truths with so few sounds that no number could be found to tell them apart.
fn too_few<'a>(pairs: &'a [[&Group<'_>; 2]]) -> impl Iterator<Item = Leak> + 'a {
    let tests = (pairs.len() * Feature::ALL.len()) as f64;
    let least = move |a: usize, b: usize| rank::least(a, b) * tests;
    let needed = (1..).find(|&each| least(each, each) <= ALPHA).unwrap_or(usize::MAX);
    let few = pairs.iter().filter(move |[one, two]| least(one.1.len(), two.1.len()) > ALPHA);
    few.map(move |pair| Leak {
        severity: Severity::Note,
        found: Found::TooFew { truths: pair.map(|(truth, all)| ((*truth).to_owned(), all.len())), needed },
        mend: None,
    })
}

#[cfg(test)]
mod tests;

//! What would tell truths apart without listening.
//!
//! Numbers that any program reads off a file are held against the truths. A number leaks where a threshold parts two truths
//! without exception, and where chance would hardly do that: of `a` and `b` sounds in any order, 2 in `(a + b choose a)` orders are
//! parted. Holm's correction over all numbers and pairs of truths keeps the probability of any false alarm below
//! [`ALPHA`]; so with fewer than about eight sounds of each truth nothing but the files' form can be found, and nothing is. A
//! number that parts truths with exceptions is not found either: most of those are music.

mod features;
mod separation;

use crate::study::Bandwidth;
use features::{Feature, Features};
use rayon::prelude::*;
use separation::{Separation, significant};
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

/// Something that tells truths apart without listening.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// How bad it is.
    pub severity: Severity,
    /// What was measured, with its unit.
    pub feature: String,
    /// The truths that it tells apart, and the range of each, the lower one first.
    pub ranges: [(String, [f64; 2]); 2],
    /// The probability of a separation like it where truth has nothing to do with it; 0 where nothing may differ at all.
    pub p: f64,
    /// What of the study mends it; empty where nothing does.
    pub mend: String,
}

impl std::fmt::Display for Leak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [(low, [from, to]), (high, [above, most])] = &self.ranges;
        write!(f, "{} tells \"{low}\" ({from:.1} to {to:.1}) from \"{high}\" ({above:.1} to {most:.1})", self.feature)
    }
}

/// How bad a leak is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Music differs in it; a listener may hear it too.
    Note,
    /// It should be looked at.
    Warning,
    /// The test is not blind.
    Error,
}

/// Finds what would tell truths apart without listening, the worst first. `bandwidth` is the study's: where each sound keeps its
/// own, a leak of it is only a warning.
pub fn audit(stimuli: &[Audited<'_>], bandwidth: Bandwidth) -> Vec<Leak> {
    let measured: Vec<Features> = stimuli.par_iter().map(|stimulus| Features::of(stimulus.wav)).collect();
    let mut by_truth: BTreeMap<&str, Vec<&Features>> = BTreeMap::new();
    for (stimulus, features) in stimuli.iter().zip(&measured) {
        by_truth.entry(stimulus.truth).or_default().push(features);
    }
    let truths: Vec<(&str, Vec<&Features>)> = by_truth.into_iter().collect();
    let highest = measured.iter().filter_map(|features| features.get(Feature::Bandwidth)).fold(0.0, f64::max);
    let pairs = truths.iter().enumerate().flat_map(|(at, one)| truths[at + 1..].iter().map(move |two| (one, two)));
    let tests: Vec<(Feature, Separation)> = pairs
        .flat_map(|(one, two)| Feature::ALL.into_iter().map(move |feature| (feature, separation(feature, one, two))))
        .collect();
    let is_leak = significant(&tests.iter().map(|(_, test)| test.p).collect::<Vec<_>>(), ALPHA);
    let found = tests.into_iter().zip(is_leak).filter(|(_, is_leak)| *is_leak);
    let mut leaks: Vec<Leak> = found.map(|((feature, found), _)| feature.leak(found, highest, bandwidth)).collect();
    leaks.sort_by_key(|leak| std::cmp::Reverse(leak.severity));
    leaks
}

fn separation(feature: Feature, one: &(&str, Vec<&Features>), two: &(&str, Vec<&Features>)) -> Separation {
    let values = |(truth, all): &(&str, Vec<&Features>)| {
        ((*truth).to_owned(), all.iter().filter_map(|features| features.get(feature)).collect::<Vec<f64>>())
    };
    Separation::of(values(one), values(two), feature == Feature::Size)
}

#[cfg(test)]
mod tests;

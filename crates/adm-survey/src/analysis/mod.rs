//! From scored responses to findings.
//!
//! ```text
//! Scored ─screening→ everybody, and those who pass ─view→ answers that count ─┬─ share ─ case ─▶ verdict   better than guessing?
//!                                                                            ├─ detection, leaning       by what ear, with what bias?
//!                                                                            ├─ points, scales, choices  how much of what?
//!                                                                            ├─ tables, background       which sounds, which people?
//!                                                                            └─ agreement, effort        how reliably, how carefully?
//! ```
//!
//! [`Findings`] is plain data. Every number in it says what it is of, by which method, and at which level; what cannot be computed says
//! why. Repeated trials and attention items are used for what they are for and enter nothing else.
//!
//! Answers of one person are not independent. Where somebody answered more than once, the verdict follows an interval that resamples whole
//! persons; tests that count answers are printed beside it and say what they assume. Where answers name what samples are, kinds count alike.

mod agreement;
mod background;
mod case;
mod choices;
mod compare;
mod detection;
mod effort;
mod leaning;
mod leave_one_out;
mod numbers;
mod points;
mod scales;
mod screening;
mod share;
mod tables;
mod verdict;
mod view;

pub use agreement::{Agreement, Repeated};
pub use background::{Background, Classes, Crossed, TraitFound};
pub use choices::{Choices, OptionShare, Text, Words};
pub use compare::{Comparison, Pair};
pub use detection::{Confusion, Detection};
pub use effort::Effort;
pub use leaning::Leaning;
pub use numbers::{Described, Known, Span, Tested};
pub use points::{Distribution, Points, Reached};
pub use scales::Scale;
pub use share::{Clusters, Equivalence, Share};
pub use tables::{Group, Grouped, PersonRow};
pub use verdict::{Finding, NO_EVIDENCE, Verdict, in_points, not_shown, percent};
pub use view::Asked;

use crate::key::Key;
use crate::manifest::Manifest;
use crate::scoring::Scored;
use crate::study::Analysis;
use adm_core::Seeds;
use serde::Serialize;
use view::View;

/// All that a study's answers say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// `adm-survey-report`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The study's title.
    pub title: String,
    /// How answers are analysed, as it was fixed when the study was packed.
    pub plan: Analysis,
    /// The seed of all that is drawn here, in decimal.
    pub seed: String,
    /// Every person, and why some are left out of the screened analysis.
    pub persons: Vec<PersonRow>,
    /// What everybody's answers say.
    pub everybody: Results,
    /// What is left without those who are screened out; nothing where nobody is.
    pub screened: Option<Results>,
}

/// What the answers of some people say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Results {
    /// People.
    pub people: u64,
    /// Their answers in trials that count.
    pub answers: u64,
    /// Questions that they preferred not to answer, of trials and about themselves, each once: repeats and attention items are none.
    pub declined: u64,
    /// The share of right answers to each scored question.
    pub shares: Vec<Share>,
    /// Sensitivities.
    pub detections: Vec<Detection>,
    /// What was called what.
    pub confusions: Vec<Confusion>,
    /// What people lean to.
    pub leanings: Vec<Leaning>,
    /// Distributions of points, where the study gives them.
    pub points: Option<Points>,
    /// Ratings.
    pub scales: Vec<Scale>,
    /// Counted answers.
    pub choices: Vec<Choices>,
    /// What was written.
    pub words: Vec<Words>,
    /// Right answers by sample, trial and truth.
    pub grouped: Vec<Grouped>,
    /// What people said of themselves, and scores by that.
    pub background: Known<Background>,
    /// Agreement.
    pub agreement: Vec<Agreement>,
    /// Times and plays.
    pub effort: Vec<Effort>,
}

/// Runs every analysis that the study's questions call for, over everybody and without those who are screened out.
///
/// Nothing here fails: what cannot be computed is there with the reason. The same seeds give the same findings, on any number of threads.
pub fn analyse(scored: &Scored, key: &Key, manifest: &Manifest, seeds: Seeds) -> Findings {
    let left_out = screening::left_out(scored, &key.study.analysis.screening);
    let (all, passed): (Vec<_>, Vec<_>) = left_out.iter().map(|reasons| (true, reasons.is_empty())).unzip();
    let view = |people| View { scored, key, manifest, seeds, people };
    Findings {
        format: "adm-survey-report".to_owned(),
        version: 1,
        title: key.study.title.clone(),
        plan: key.study.analysis.clone(),
        seed: seeds.root().to_string(),
        persons: tables::persons(view(&all), &left_out),
        everybody: results(view(&all)),
        screened: (passed != all).then(|| results(view(&passed))),
    }
}

fn results(view: View<'_>) -> Results {
    Results {
        people: view.people.iter().filter(|is| **is).count() as u64,
        answers: view.responses().count() as u64,
        declined: declined(view),
        shares: share::shares(view),
        detections: detection::detections(view),
        confusions: detection::confusions(view),
        leanings: leaning::leanings(view),
        points: points::points(view),
        scales: scales::scales(view),
        choices: choices::choices(view),
        words: choices::words(view),
        grouped: tables::grouped(view),
        background: background::background(view),
        agreement: agreement::agreements(view),
        effort: effort::efforts(view),
    }
}

fn declined(view: View<'_>) -> u64 {
    let is_first = |response: &&crate::scoring::Response| !response.repeated && !response.attention;
    let in_trials = view.everything().filter(is_first).filter(|response| response.declined).count();
    let people = view.scored.people.iter().zip(view.people).filter(|(_, is)| **is);
    (in_trials + people.map(|(person, _)| person.declined).sum::<usize>()) as u64
}

#[cfg(test)]
use crate as survey;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

//! The share of right answers, against guessing.

use super::case::Case;
use super::numbers::{Known, Span, Tested};
use super::verdict::Verdict;
use super::view::{Asked, View};
use adm_stats::bootstrap::{self, Draw};
use adm_stats::{Sides, StatsError, binomial, equivalence, proportion};
use serde::Serialize;
use std::collections::BTreeSet;

/// The share of right answers to one thing that was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// What was asked.
    pub asked: Asked,
    /// Answers that are right or wrong.
    pub n: u64,
    /// Right ones.
    pub right: u64,
    /// Answers that name no truth, such as "not sure"; they are left out of all else.
    pub undecided: u64,
    /// People who answered.
    pub persons: u64,
    /// Samples, or trials, that were judged.
    pub items: u64,
    /// Whether somebody answered more than once; then the verdict follows what resamples persons.
    pub clustered: bool,
    /// The share of right answers if everybody guesses.
    pub chance: Known<f64>,
    /// Right ones of all.
    pub share: Known<f64>,
    /// The mean of the shares for each truth. Leaning to one answer moves it by nothing, and [`Self::share`] only where there were as many
    /// samples of each truth. Intervals that resample, and the verdict, are of this one.
    pub balanced: Known<f64>,
    /// The exact test of more than chance, which takes all answers as independent.
    pub greater: Known<Tested>,
    /// The exact test of a difference from chance, which takes all answers as independent.
    pub two_sided: Known<Tested>,
    /// Wilson's interval, which takes all answers as independent.
    pub wilson: Known<Span>,
    /// Clopper and Pearson's interval, which takes all answers as independent.
    pub clopper_pearson: Known<Span>,
    /// The interval that goes with the verdict: [`Self::by_person`], or [`Self::clopper_pearson`] where answers are counted.
    pub deciding: Known<Span>,
    /// The interval for other people and the same samples.
    pub by_person: Known<Span>,
    /// The interval for the same people and other samples of their kinds.
    pub by_item: Known<Span>,
    /// The interval for other people and other samples.
    pub by_both: Known<Span>,
    /// How answers of a person hang together.
    pub person_clusters: Known<Clusters>,
    /// How answers about a sample hang together, among samples of its kind.
    pub item_clusters: Known<Clusters>,
    /// The test of equivalence, where the study has a margin.
    pub equivalence: Option<Known<Equivalence>>,
    /// What was found.
    pub verdict: Verdict,
}

/// How much answers hang together, and what that costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clusters {
    /// The intraclass correlation ICC(1).
    pub icc: f64,
    /// By how much it inflates the variance.
    pub design_effect: f64,
    /// How many independent answers these are worth.
    pub effective_n: f64,
}

/// A test of equivalence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Equivalence {
    /// How far from chance still counts as none.
    pub margin: f64,
    /// The interval that must lie within the margin: of the level 1 − 2 alpha.
    pub interval: Span,
    /// The same for other samples of their kinds too.
    pub by_both: Known<Span>,
    /// The larger p-value of both one-sided tests, where the method has one.
    pub p: Option<f64>,
    /// What the tests say.
    pub says: String,
    #[serde(skip)]
    pub(super) shown: equivalence::Verdict,
    #[serde(skip)]
    pub(super) chance: f64,
}

impl Equivalence {
    /// Whether what was shown holds for other samples, and not only for these taken together, of which single ones may be told apart.
    pub(super) fn holds_for_others(&self) -> bool {
        let within = |span: &Span| span.low > self.chance - self.margin && span.high < self.chance + self.margin;
        self.by_both.get().is_some_and(within)
    }
}

/// The shares of everything that is right or wrong.
pub(super) fn shares(view: View<'_>) -> Vec<Share> {
    view.asked().into_iter().filter(|asked| view.is_scored(asked)).map(|asked| share(view, asked)).collect()
}

fn share(view: View<'_>, asked: Asked) -> Share {
    let case = Case::new(view, &asked, view.judged(&asked));
    let given = view.answers(&asked).iter().filter(|answer| answer.right.is_some()).count();
    let (n, right, level) = (case.answers.len() as u64, case.right(), view.level());
    let exact = |sides| match &case.chance {
        Known::Is(chance) => binomial::exact(right, n, *chance, sides).into(),
        Known::Not { missing } => Known::not(missing.clone()),
    };
    let interval = |kind: proportion::Kind| {
        Known::from(proportion::interval(kind, right, n, level)).map(|range| Span::new(range, kind.to_string()))
    };
    let (by_person, by_both) = (case.by_person(), case.resampled(Draw::Both, level));
    let clopper_pearson = interval(proportion::Kind::ClopperPearson);
    let equivalence = view.key.study.analysis.margin.map(|margin| case.equivalence(margin));
    Share {
        n,
        right,
        undecided: given as u64 - n,
        persons: case.persons,
        items: distinct(case.records.iter().map(|record| record.item)),
        clustered: case.clustered,
        chance: case.chance.clone(),
        share: case.share(),
        balanced: case.balanced(),
        greater: exact(Sides::Greater),
        two_sided: exact(Sides::Two),
        wilson: interval(proportion::Kind::Wilson),
        deciding: if case.resamples() && case.persons > 1 { by_person.clone() } else { clopper_pearson.clone() },
        clopper_pearson,
        by_item: case.resampled(Draw::Items, level),
        person_clusters: clusters(bootstrap::by_person(&case.records)),
        item_clusters: clusters(bootstrap::by_item(&case.records, &case.kinds)),
        verdict: case.verdict(equivalence.as_ref().and_then(Known::get), &by_person, &by_both),
        by_person,
        by_both,
        equivalence,
        asked,
    }
}

fn clusters(result: Result<bootstrap::Clustering, StatsError>) -> Known<Clusters> {
    Known::from(result).map(|found| Clusters {
        icc: found.icc,
        design_effect: found.design_effect,
        effective_n: found.effective_n,
    })
}

/// Shares of nothing are not known.
pub(super) fn ratio(part: u64, whole: u64) -> Known<f64> {
    match whole {
        0 => Known::not("there are no answers"),
        _ => Known::Is(part as f64 / whole as f64),
    }
}

pub(super) fn distinct(values: impl Iterator<Item = usize>) -> u64 {
    values.collect::<BTreeSet<_>>().len() as u64
}

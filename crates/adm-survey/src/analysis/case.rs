//! Answers that are right or wrong, and what can be said of them.

use super::numbers::{Known, Span, count, person_means};
use super::share::{Equivalence, distinct};
use super::verdict::{Finding, NOISE, Verdict};
use super::view::{Asked, View, is_clustered};
use crate::scoring::Response;
use crate::study::Scoring;
use adm_stats::bootstrap::{self, Draw, Plan, Record};
use adm_stats::equivalence::{self, Margin};
use adm_stats::{Sides, binomial};
use std::collections::BTreeMap;

/// Answers that are right or wrong, ready to be tested.
pub(super) struct Case<'a> {
    view: View<'a>,
    pub answers: Vec<&'a Response>,
    pub clustered: bool,
    pub chance: Known<f64>,
    /// 1 for right answers, 0 for wrong ones.
    pub plain: Vec<Record>,
    /// The same, weighted so that all truths count alike.
    pub records: Vec<Record>,
    /// Whether the weights differ from 1.
    weighted: bool,
    /// Why leaning cannot be told from hearing, where it cannot.
    leaning: Option<String>,
}

impl<'a> Case<'a> {
    pub fn new(view: View<'a>, asked: &Asked, answers: Vec<&'a Response>) -> Self {
        let by_truth = matches!(view.scoring(asked), Some(Scoring::Truth(_)));
        let truth = |answer: &Response| view.truth(answer).filter(|_| by_truth).unwrap_or_default();
        let mut counts = BTreeMap::<&str, usize>::new();
        answers.iter().for_each(|answer| *counts.entry(truth(answer)).or_default() += 1);
        let alike = answers.len() as f64 / counts.len().max(1) as f64;
        let record = |answer: &Response, weight: f64| Record {
            person: answer.person,
            item: view.item(answer),
            value: if answer.right == Some(true) { weight } else { 0.0 },
        };
        let weight = |answer: &Response| counts.get(truth(answer)).map_or(1.0, |count| alike / *count as f64);
        let chance = common_chance(&answers);
        let is_fair = chance.get().is_none_or(|chance| (chance * counts.len() as f64 - 1.0).abs() < NOISE);
        let leaning = (by_truth && !answers.is_empty() && !is_fair).then(|| {
            "not all kinds that can be named were among the samples that were judged, so that leaning to one answer cannot be told from hearing"
                .to_owned()
        });
        Self {
            clustered: is_clustered(answers.iter().copied()),
            chance,
            plain: answers.iter().map(|answer| record(answer, 1.0)).collect(),
            records: answers.iter().map(|answer| record(answer, weight(answer))).collect(),
            weighted: counts.values().any(|count| *count as f64 != alike),
            leaning,
            view,
            answers,
        }
    }

    pub fn right(&self) -> u64 {
        count(&self.answers, |answer| answer.right == Some(true))
    }

    pub fn balanced(&self) -> Known<f64> {
        match self.records.len() {
            0 => Known::not("there are no answers"),
            n => Known::Is(self.records.iter().map(|record| record.value).sum::<f64>() / n as f64),
        }
    }

    fn plan(&self, draw: Draw) -> Plan {
        let resamples = u32::try_from(self.view.key.study.analysis.resamples).unwrap_or(u32::MAX);
        Plan { resamples, level: self.view.level(), draw, ..Plan::default() }
    }

    pub fn resampled(&self, draw: Draw) -> Known<Span> {
        Known::from(bootstrap::mean(&self.records, &self.plan(draw), self.view.seeds)).map(|found| {
            let method = format!("{} bootstrap of {}, {} resamples", found.ends, found.draw, found.resamples);
            Span::new(found.interval, method)
        })
    }

    /// Whether persons are resampled for the verdict.
    fn resamples(&self) -> bool {
        self.clustered || self.weighted
    }

    pub fn equivalence(&self, margin: f64) -> Known<Equivalence> {
        let chance = match &self.chance {
            Known::Is(chance) => *chance,
            Known::Not { missing } => return Known::not(missing.clone()),
        };
        let around = Margin { centre: chance, half_width: margin, alpha: self.view.key.study.analysis.alpha };
        let found = match self.resamples() {
            true => equivalence::clustered(&self.records, around, &self.plan(Draw::Persons), self.view.seeds),
            false => equivalence::proportion(self.right(), self.answers.len() as u64, around),
        };
        Known::from(found).map(|found| Equivalence {
            margin,
            interval: Span::new(found.interval, found.basis.to_string()),
            p: found.p_equivalence,
            says: found.verdict.to_string(),
            shown: found.verdict,
        })
    }

    /// What was found, given the interval that resamples persons and the one that resamples samples too.
    pub fn verdict(
        &self,
        equivalence: Option<&Equivalence>,
        by_person: &Known<Span>,
        by_both: &Known<Span>,
    ) -> Verdict {
        let chance = match (&self.chance, &self.leaning) {
            (_, Some(why)) => return Verdict::untested(why.clone()),
            (Known::Not { missing }, _) => return Verdict::untested(missing.clone()),
            (Known::Is(chance), _) => *chance,
        };
        let (finding, basis) = match self.resamples() {
            true => self.clustered_finding(chance, by_person),
            false => self.exact_finding(chance),
        };
        let finding = equivalence.map_or(finding, |found| finding.with_margin(found.shown));
        let margin = self.view.key.study.analysis.margin;
        self.cautioned(Verdict::new(finding, basis, chance, margin), chance, by_both)
    }

    fn exact_finding(&self, chance: f64) -> (Finding, String) {
        let (right, n) = (self.right(), self.answers.len() as u64);
        match binomial::exact(right, n, chance, Sides::Two) {
            Ok(test) => {
                let finding =
                    Finding::of_test(test.p, self.view.key.study.analysis.alpha, right as f64 / n as f64, chance);
                (finding, format!("{}, {}; p = {:.4}", test.method, test.sides, test.p))
            }
            Err(error) => (Finding::Untested, error.to_string()),
        }
    }

    fn clustered_finding(&self, chance: f64, by_person: &Known<Span>) -> (Finding, String) {
        match by_person {
            Known::Is(span) => (Finding::of_interval(span.low, span.high, chance), span.method.clone()),
            Known::Not { .. } => self.sign_test(chance),
        }
    }

    /// Where persons do not differ from each other, or there is only one, resampling them tells nothing. Then it is counted how many
    /// lie above chance and how many below: one vote each.
    fn sign_test(&self, chance: f64) -> (Finding, String) {
        let own = person_means(&self.records.iter().map(|record| (record.person, record.value)).collect::<Vec<_>>());
        let (above, below) =
            (count(&own, |(_, share)| *share > chance + NOISE), count(&own, |(_, share)| *share < chance - NOISE));
        let basis = format!("sign test over people: {above} above guessing, {below} below");
        match binomial::exact(above, above + below, 0.5, Sides::Two) {
            Ok(test) => (
                Finding::of_test(
                    test.p,
                    self.view.key.study.analysis.alpha,
                    above as f64 / (above + below) as f64,
                    0.5,
                ),
                format!("{basis}; p = {:.4}", test.p),
            ),
            Err(_) => (Finding::NotShown, basis),
        }
    }

    fn cautioned(&self, verdict: Verdict, chance: f64, by_both: &Known<Span>) -> Verdict {
        let persons = distinct(self.records.iter().map(|record| record.person));
        let verdict = match persons {
            1 => verdict.caution("One person's answers say nothing of other people."),
            2..10 if self.clustered => verdict.caution("With fewer than ten people, intervals are rough."),
            _ => verdict,
        };
        let verdict = match self.weighted {
            true => verdict.caution(
                "There were not as many samples of each kind. The verdict weights kinds alike, so that leaning to one answer does not count as hearing; the exact test does not.",
            ),
            false => verdict,
        };
        match (verdict.finding, by_both) {
            (Finding::Above | Finding::Below, Known::Is(both)) if both.contains(chance) => verdict.caution(
                "This holds for these samples. With others of their kind it may not: the interval that resamples samples too includes guessing.",
            ),
            _ => verdict,
        }
    }
}

/// What guessing gives, where it is one number.
fn common_chance(answers: &[&Response]) -> Known<f64> {
    let Some(first) = answers.first() else { return Known::not("there are no answers") };
    match first.chance {
        None => Known::not("guessing has no probability of its own here: any number of samples could be named"),
        Some(chance) if answers.iter().all(|answer| answer.chance == Some(chance)) => Known::Is(chance),
        Some(_) => Known::not("guessing is not as likely to be right in every trial"),
    }
}

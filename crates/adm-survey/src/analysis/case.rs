//! Answers that are right or wrong, and what can be said of them.

use super::numbers::{Known, Span, count};
use super::share::{Equivalence, distinct};
use super::verdict::{Finding, NOISE, Subject, Verdict};
use super::view::{Asked, View, is_clustered, kinds_of};
use crate::scoring::Response;
use crate::study::Scoring;
use adm_stats::bootstrap::{self, Draw, Plan, Record};
use adm_stats::equivalence::{self, Margin};
use adm_stats::proportion::{self, Basis};
use adm_stats::{Sides, binomial};

/// Shares that differ by less look alike in every table.
const VISIBLE: f64 = 0.0005;

/// Answers that are right or wrong, ready to be tested.
pub(super) struct Case<'a> {
    view: View<'a>,
    pub answers: Vec<&'a Response>,
    pub clustered: bool,
    pub persons: u64,
    pub chance: Known<f64>,
    /// 1 for right answers, 0 for wrong ones.
    pub records: Vec<Record>,
    /// What each answer's sample is, as a number; all the same where answers do not name what samples are.
    pub kinds: Vec<usize>,
    /// Whether there are not as many answers about each kind.
    uneven: bool,
    /// Why leaning cannot be told from hearing, where it cannot.
    leaning: Option<String>,
}

impl<'a> Case<'a> {
    pub fn new(view: View<'a>, asked: &Asked, answers: Vec<&'a Response>) -> Self {
        let by_truth = matches!(view.scoring(asked), Some(Scoring::Truth(_)));
        let truth = |answer: &Response| view.truth(answer).filter(|_| by_truth).unwrap_or_default();
        let (kinds, counts) = kinds_of(answers.iter().map(|answer| truth(answer)));
        let record = |answer: &&Response| Record {
            person: answer.person,
            item: view.item(answer),
            value: if answer.right == Some(true) { 1.0 } else { 0.0 },
        };
        let chance = common_chance(&answers);
        let is_fair = chance.get().is_none_or(|chance| (chance * counts.len() as f64 - 1.0).abs() < NOISE);
        let leaning = (by_truth && !answers.is_empty() && !is_fair).then(|| {
            "not all kinds that can be named were among the samples that were judged, so that leaning to one answer cannot be told from hearing"
                .to_owned()
        });
        Self {
            clustered: is_clustered(answers.iter().copied()),
            persons: distinct(answers.iter().map(|answer| answer.person)),
            chance,
            records: answers.iter().map(record).collect(),
            kinds,
            uneven: counts.iter().any(|count| *count != counts[0]),
            leaning,
            view,
            answers,
        }
    }

    pub fn right(&self) -> u64 {
        count(&self.answers, |answer| answer.right == Some(true))
    }

    pub fn share(&self) -> Known<f64> {
        super::share::ratio(self.right(), self.answers.len() as u64)
    }

    /// The mean of the kinds' shares.
    pub fn balanced(&self) -> Known<f64> {
        let kinds = self.kinds.iter().max().map_or(0, |most| most + 1);
        let mut totals = vec![(0.0, 0.0); kinds];
        for (record, kind) in self.records.iter().zip(&self.kinds) {
            totals[*kind] = (totals[*kind].0 + record.value, totals[*kind].1 + 1.0);
        }
        match kinds {
            0 => Known::not("there are no answers"),
            _ => Known::Is(totals.iter().map(|(right, all)| right / all).sum::<f64>() / kinds as f64),
        }
    }

    fn plan(&self, draw: Draw, level: f64) -> Plan {
        Plan { level, draw, ..self.view.plan() }
    }

    /// The interval for other people and the same samples; nothing where there are too few people to tell.
    pub fn by_person(&self) -> Known<Span> {
        match proportion::clustered(
            &self.records,
            &self.kinds,
            &self.plan(Draw::Persons, self.view.level()),
            self.view.seeds,
        ) {
            Ok(found) if found.basis == Basis::EffectiveSample && self.persons < self.persons_needed() => {
                Known::not("too few people, who answer too much alike")
            }
            found => Known::from(found).map(|found| Span::of_share(found.interval, found.basis.to_string())),
        }
    }

    /// The fewest people who could show something if all of them were right, or all wrong.
    fn persons_needed(&self) -> u64 {
        let (Known::Is(chance), Known::Is(balanced)) = (&self.chance, self.balanced()) else { return 0 };
        let side = if balanced < *chance { 1.0 - chance } else { *chance };
        proportion::persons_needed(side, self.view.level()).unwrap_or(0)
    }

    /// An interval that draws samples, each among those of its kind.
    pub fn resampled(&self, draw: Draw, level: f64) -> Known<Span> {
        let found = bootstrap::balanced(&self.records, &self.kinds, &self.plan(draw, level), self.view.seeds);
        Known::from(found).map(|found| {
            let method = format!("{} bootstrap of {}, {} resamples", found.ends, found.draw, found.resamples);
            Span::of_share(found.interval, method)
        })
    }

    /// Whether persons are resampled for the verdict.
    pub fn resamples(&self) -> bool {
        self.clustered || self.uneven
    }

    pub fn equivalence(&self, margin: f64) -> Known<Equivalence> {
        let chance = match &self.chance {
            Known::Is(chance) => *chance,
            Known::Not { missing } => return Known::not(missing.clone()),
        };
        let alpha = self.view.key.study.analysis.alpha;
        let around = Margin { centre: chance, half_width: margin, alpha };
        let plan = self.plan(Draw::Persons, 1.0 - 2.0 * alpha);
        let found = match self.resamples() {
            true => equivalence::clustered(&self.records, &self.kinds, around, &plan, self.view.seeds),
            false => equivalence::proportion(self.right(), self.answers.len() as u64, around),
        };
        Known::from(found).map(|found| Equivalence {
            margin,
            interval: Span::of_share(found.interval, found.basis.to_string()),
            by_both: self.resampled(Draw::Both, 1.0 - 2.0 * alpha),
            p: found.p_equivalence,
            says: found.verdict.to_string(),
            shown: found.verdict,
            chance,
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
        let (finding, basis) = match (self.resamples(), by_person) {
            _ if self.persons == 1 => match self.uneven {
                true => return self.one_listener_leaning(),
                false => self.exact_finding(chance),
            },
            (true, Known::Is(span)) => (Finding::of_interval(span.low, span.high, chance), span.method.clone()),
            (true, Known::Not { .. }) => return self.too_few(),
            (false, _) => self.exact_finding(chance),
        };
        let finding = equivalence.map_or(finding, |found| finding.with_margin(found.shown, found.holds_for_others()));
        let margin = self.view.key.study.analysis.margin;
        let subject = if self.persons == 1 { Subject::One } else { Subject::People };
        self.cautioned(Verdict::new(finding, basis, chance, margin, subject), chance, equivalence, by_both)
    }

    fn one_listener_leaning(&self) -> Verdict {
        Verdict::untested(
            "one listener gave not as many answers about each kind, so that leaning to one answer cannot be told from hearing",
        )
    }

    fn too_few(&self) -> Verdict {
        Verdict::untested(format!(
            "{} people who answer much alike are too few to speak for others; it takes {} at least",
            self.persons,
            self.persons_needed()
        ))
    }

    fn exact_finding(&self, chance: f64) -> (Finding, String) {
        let (right, n) = (self.right(), self.answers.len() as u64);
        match binomial::exact(right, n, chance, Sides::Two) {
            Ok(test) => {
                let finding =
                    Finding::of_test(test.p, self.view.key.study.analysis.alpha, right as f64 / n as f64, chance);
                let whose = if self.persons == 1 { " of one listener's answers" } else { "" };
                (finding, format!("{}{whose}, {}; p = {:.4}", test.method, test.sides, test.p))
            }
            Err(error) => (Finding::Untested, error.to_string()),
        }
    }

    fn cautioned(
        &self,
        verdict: Verdict,
        chance: f64,
        equivalence: Option<&Equivalence>,
        by_both: &Known<Span>,
    ) -> Verdict {
        let verdict = match self.persons {
            1 => verdict.caution("One person's answers say nothing of other people."),
            2..10 if self.clustered => verdict.caution("With fewer than ten people, intervals are rough."),
            _ => verdict,
        };
        let apart = match (self.share(), self.balanced()) {
            (Known::Is(share), Known::Is(balanced)) => (share - balanced).abs(),
            _ => 0.0,
        };
        let verdict = match apart >= VISIBLE {
            true => verdict.caution(
                "There were not as many answers about each kind. The verdict weights kinds alike, so that leaning to one answer does not count as hearing; the exact test does not.",
            ),
            false => verdict,
        };
        let leaves = equivalence.is_some_and(|found| !found.holds_for_others());
        match (verdict.finding, by_both) {
            (Finding::WithinMargin, _) if leaves => verdict.caution(
                "That it is small holds for these samples together: single ones may be told apart, and with others of their kind it was not shown.",
            ),
            (Finding::Above | Finding::Below | Finding::WithinMargin, Known::Is(both)) if both.contains(chance) => verdict.caution(
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

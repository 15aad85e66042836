//! A thousand simulated studies each, from scored answers to the verdict that a report prints: verdicts come at the right rates.
//!
//! Rates of a thousand studies vary by chance. Every bound allows for that by [`DEVIATIONS`] standard deviations of a binomial count: a
//! right implementation misses one of these bounds once in some 30,000 changes of the seed.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the fixture serves other tests too; helpers of tests fail as tests do"
)]

use adm_core::Seeds;
use adm_stats::Sides;
use adm_stats::power::{Design, equivalence_size, power_at};
use adm_stats::simulate::Cohort;
use adm_survey as survey;
use adm_survey::analysis::{Finding, Share, analyse};
use fixture::Lab;
use rayon::prelude::*;

#[path = "../src/analysis/fixture.rs"]
mod fixture;

const STUDIES: u64 = 1_000;
const ALPHA: f64 = 0.05;
/// Standard deviations of a rate over [`STUDIES`] that a bound allows.
const DEVIATIONS: f64 = 4.0;
/// What a studentised bootstrap of tens of people loses in power against the exact test of independent answers: its ends are those of a t,
/// not of a normal distribution, and few resamples make them rough.
const BOOTSTRAP_LOSS: f64 = 0.04;

/// One study's verdict, and whether the exact test alone would have rejected.
struct Outcome {
    finding: Finding,
    naive: bool,
}

fn studies(cohort: Cohort, margin: Option<f64>, seed: u64) -> Vec<Outcome> {
    let margin = margin.map_or(String::new(), |margin| format!(", margin = {margin}"));
    let study = format!(
        "analysis = {{ resamples = 240 {margin} }}
        questions = [{{ id = 'which', text = 'Which is AI?', kind = 'samples', pick = 'one', scoring = {{ target = {{ truth = 'ai' }} }} }}]
        blocks = [{{ id = 'b', questions = ['which'] }}]"
    );
    (0..STUDIES).into_par_iter().map(|index| outcome(&study, cohort, Seeds::new(seed), index)).collect()
}

fn outcome(study: &str, cohort: Cohort, seeds: Seeds, index: u64) -> Outcome {
    let mut lab = Lab::new(study);
    let trials: Vec<_> = (0..cohort.items).map(|item| trial(&mut lab, item)).collect();
    for _ in 0..cohort.persons {
        lab.person(&[]);
    }
    for record in cohort.study(seeds, index).unwrap() {
        let is_right = record.value == 1.0;
        let response = lab.choice(record.person, trials[record.item], "which", "1", is_right);
        response.meaning = if is_right { "ai" } else { "human" }.to_owned();
    }
    let findings = analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(index));
    let share: &Share = &findings.everybody.shares[0];
    Outcome { finding: share.verdict.finding, naive: share.two_sided.get().unwrap().p <= ALPHA }
}

fn trial(lab: &mut Lab, item: usize) -> usize {
    let samples = [lab.stimulus(&format!("a{item}"), "ai"), lab.stimulus(&format!("h{item}"), "human")];
    lab.trial(&format!("t{item}"), "b", &samples)
}

fn cohort(persons: usize, items: usize, truth: f64, person_sd: f64) -> Cohort {
    Cohort { persons, items, truth, person_sd, item_sd: 0.0 }
}

fn rate(outcomes: &[Outcome], is: impl Fn(&Outcome) -> bool) -> f64 {
    outcomes.iter().filter(|outcome| is(outcome)).count() as f64 / outcomes.len() as f64
}

/// How far a rate over a thousand studies may be off.
fn error(rate: f64) -> f64 {
    DEVIATIONS * (rate * (1.0 - rate) / STUDIES as f64).sqrt()
}

fn is_difference(outcome: &Outcome) -> bool {
    matches!(outcome.finding, Finding::Above | Finding::Below | Finding::WithinMargin)
}

fn is_equivalent(outcome: &Outcome) -> bool {
    matches!(outcome.finding, Finding::Equivalent | Finding::EquivalentTogether | Finding::WithinMargin)
}

#[test]
fn chance_is_rarely_taken_for_an_effect() {
    for (seed, cohort) in [(1, cohort(137, 1, 0.5, 0.0)), (2, cohort(40, 10, 0.5, 0.0))] {
        let outcomes = studies(cohort, None, seed);
        let rate = rate(&outcomes, is_difference);
        println!("chance, {} people × {}: a difference in {rate:.3}", cohort.persons, cohort.items);
        assert!(rate <= ALPHA + error(ALPHA), "{rate}");
        assert!(
            !outcomes
                .iter()
                .any(|outcome| matches!(outcome.finding, Finding::Equivalent | Finding::EquivalentTogether)),
            "without a margin"
        );
    }
}

#[test]
fn a_real_effect_is_found_at_the_planned_rate() {
    let (persons, items, truth) = (40, 10, 0.58);
    let design = Design { sides: Sides::Two, ..Design::default() };
    let planned = power_at((persons * items) as u64, truth, &design).unwrap();
    let outcomes = studies(cohort(persons, items, truth, 0.0), None, 3);
    let found = rate(&outcomes, |outcome| outcome.finding == Finding::Above);
    println!("a real effect: found in {found:.3}, planned {planned:.3}");
    let bounds = planned - BOOTSTRAP_LOSS - error(planned)..=planned + error(planned);
    assert!(bounds.contains(&found), "{found} is not in {bounds:?}");
    assert_eq!(rate(&outcomes, |outcome| outcome.finding == Finding::Below), 0.0);
}

#[test]
fn answers_that_hang_together_are_no_effect() {
    let outcomes = studies(cohort(40, 20, 0.5, 1.0), None, 4);
    let (verdict, naive) = (rate(&outcomes, is_difference), rate(&outcomes, |outcome| outcome.naive));
    println!("clustered chance: a difference in {verdict:.3}; by the exact test alone in {naive:.3}");
    assert!(verdict <= ALPHA + error(ALPHA), "{verdict}");
    assert!(naive > 3.0 * ALPHA, "{naive}: the exact test should be fooled, else this shows nothing");
}

#[test]
fn equivalence_is_rarely_shown_at_the_margin_itself() {
    for (seed, cohort) in [(5, cohort(214, 1, 0.6, 0.0)), (6, cohort(40, 10, 0.6, 0.5))] {
        let outcomes = studies(cohort, Some(0.1), seed);
        let rate = rate(&outcomes, is_equivalent);
        println!("at the margin, {} people × {}: equivalent in {rate:.3}", cohort.persons, cohort.items);
        assert!(rate <= ALPHA + error(ALPHA), "{rate}");
    }
}

#[test]
fn equivalence_is_shown_at_chance_with_as_many_answers_as_planned() {
    let size = equivalence_size(0.5, 0.1, &Design::default()).unwrap();
    let once = studies(cohort(size.n as usize, 1, 0.5, 0.0), Some(0.1), 7);
    let shown = rate(&once, is_equivalent);
    println!("at chance, {} people × 1: equivalent in {shown:.3}, planned {:.3}", size.n, size.power);
    assert!((shown - size.power).abs() <= error(size.power), "{shown}");
    let often = studies(cohort(40, 10, 0.5, 0.0), Some(0.1), 8);
    let shown = rate(&often, is_equivalent);
    println!("at chance, 40 people × 10: equivalent in {shown:.3}");
    assert!(shown >= 0.8 - error(0.8), "{shown}");
}

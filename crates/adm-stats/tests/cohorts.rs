//! A thousand simulated studies of each kind: verdicts must come at the rates that the methods promise.
//!
//! A rate of 1,000 studies has a standard deviation of √(p(1−p)/1000), .7 % at .05 and 1.3 % at .8. Rates may be 4 of those
//! off, which chance alone would do once in 16,000 times; and the seeds are fixed.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::Seeds;
use adm_stats::{
    Sides, binomial,
    bootstrap::{self, Draw, Ends, Plan, Record},
    equivalence::{self, Margin, Verdict},
    power::{self, Design},
    simulate::Cohort,
};
use rayon::prelude::*;

const STUDIES: u64 = 1_000;
const ALPHA: f64 = 0.05;
const MARGIN: Margin = Margin { centre: 0.5, half_width: 0.1, alpha: ALPHA };

/// Few resamples a study: their noise averages out over the studies.
fn plan(draw: Draw, ends: Ends) -> Plan {
    Plan { resamples: 399, level: 1.0 - ALPHA, draw, ends }
}

/// Four standard deviations of a rate.
fn noise(rate: f64) -> f64 {
    4.0 * (rate * (1.0 - rate) / STUDIES as f64).sqrt()
}

/// The share of studies of `cohort` in which `verdict` holds.
fn rate(cohort: &Cohort, verdict: impl Fn(&[Record], Seeds) -> bool + Sync) -> f64 {
    let held = |study: &u64| {
        let records = cohort.study(Seeds::new(5), *study).unwrap();
        verdict(&records, Seeds::new(*study))
    };
    (0..STUDIES).into_par_iter().filter(held).count() as f64 / STUDIES as f64
}

fn hits(records: &[Record]) -> u64 {
    records.iter().map(|record| record.value as u64).sum()
}

fn binomial_rejects(records: &[Record], sides: Sides) -> bool {
    binomial::exact(hits(records), records.len() as u64, 0.5, sides).unwrap().p <= ALPHA
}

fn bootstrap_rejects(records: &[Record], plan: &Plan, seeds: Seeds) -> bool {
    !bootstrap::mean(records, plan, seeds).unwrap().interval.contains(0.5)
}

/// Persons of 20 answers each, about the preset with 53 of them.
fn cohort(persons: usize, truth: f64, person_sd: f64, item_sd: f64) -> Cohort {
    Cohort { persons, items: 20, truth, person_sd, item_sd }
}

/// Independent answers: as many persons, one answer each.
fn independent(n: u64, truth: f64) -> Cohort {
    Cohort { persons: n as usize, items: 1, truth, person_sd: 0.0, item_sd: 0.0 }
}

#[test]
fn pure_chance_is_called_a_difference_at_most_at_alpha() {
    for sides in [Sides::Greater, Sides::Two] {
        let found = rate(&cohort(53, 0.5, 0.0, 0.0), |records, _| binomial_rejects(records, sides));
        let exact = power::power_at(1060, 0.5, &Design { sides, ..Design::default() }).unwrap();
        println!("chance, {sides}: {found:.3}, exactly {exact:.3}");
        assert!(exact <= ALPHA && (found - exact).abs() <= noise(exact), "{found}");
    }
}

#[test]
fn a_real_effect_is_found_as_often_as_planned() {
    for truth in [0.6, 0.65] {
        let size = power::sample_size(truth, &Design::default()).unwrap();
        let found = rate(&independent(size.n, truth), |records, _| binomial_rejects(records, Sides::Greater));
        println!("truth {truth}, n {}: {found:.3}, planned {:.3}", size.n, size.power);
        assert!((found - size.power).abs() <= noise(size.power), "{found} against {}", size.power);
    }
}

/// Listeners differ, but are at chance on average: counting answers as if they were independent finds differences that
/// are not there; drawing whole persons does not.
#[test]
fn clustered_persons_at_chance_need_the_clustered_interval() {
    for persons in [10, 20, 30, 53] {
        let cohort = cohort(persons, 0.5, 0.9, 0.0);
        let naive = rate(&cohort, |records, _| binomial_rejects(records, Sides::Two));
        let [studentised, percentile] = [Ends::Studentised, Ends::Percentile]
            .map(|ends| rate(&cohort, |records, seeds| bootstrap_rejects(records, &plan(Draw::Persons, ends), seeds)));
        let icc = cohort.icc().unwrap();
        println!(
            "{persons} persons, ICC {icc:.3}: naive {naive:.3}, studentised {studentised:.3}, percentile {percentile:.3}"
        );
        assert!(naive > 0.2, "{naive}");
        assert!((studentised - ALPHA).abs() <= noise(ALPHA), "{studentised}");
    }
}

/// Items differ as well: then drawing persons alone speaks of these very items, and both must be drawn to speak of others.
#[test]
fn varying_items_need_both_drawn() {
    let cohort = cohort(53, 0.5, 0.9, 0.6);
    let draws = [Draw::Persons, Draw::Both];
    let [persons, both] = draws
        .map(|draw| rate(&cohort, |records, seeds| bootstrap_rejects(records, &plan(draw, Ends::Studentised), seeds)));
    println!("items vary: persons drawn {persons:.3}, both {both:.3}");
    assert!(persons > ALPHA + noise(ALPHA), "{persons}");
    assert!(both <= ALPHA + noise(ALPHA), "{both}");

    // Three items are too few to speak for others, whatever is drawn.
    let few = Cohort { persons: 137, items: 3, ..cohort };
    let few = rate(&few, |records, seeds| bootstrap_rejects(records, &plan(Draw::Both, Ends::Studentised), seeds));
    println!("three items, both drawn: {few:.3}");
    assert!(few > ALPHA + noise(ALPHA), "{few}");
}

#[test]
fn a_clustered_effect_is_found_as_often_as_planned() {
    let design = Design { sides: Sides::Two, ..Design::default() };
    let size = power::sample_size(0.6, &design).unwrap();
    let icc = cohort(1, 0.6, 0.9, 0.0).icc().unwrap();
    let sample = power::with_clusters(size.n, 20, icc).unwrap();
    let cohort = cohort(sample.persons as usize, 0.6, 0.9, 0.0);
    let plan = plan(Draw::Persons, Ends::Studentised);
    let found = rate(&cohort, |records, seeds| bootstrap_rejects(records, &plan, seeds));
    println!("clustered effect, {} persons: {found:.3}, planned {:.3}", sample.persons, size.power);
    // The plan's design effect is for normal means; whole persons and a bootstrapped t cost or gain a few per cent.
    assert!((found - size.power).abs() <= noise(size.power) + 0.03, "{found}");
}

#[test]
fn equivalence_is_found_as_planned_and_at_the_margin_at_most_at_alpha() {
    let size = power::equivalence_size(0.5, MARGIN.half_width, &Design::default()).unwrap();
    let equivalent = |records: &[Record], _| {
        let verdict = equivalence::proportion(hits(records), records.len() as u64, MARGIN).unwrap().verdict;
        matches!(verdict, Verdict::Equivalent | Verdict::DifferentWithinMargin)
    };
    let chance = rate(&independent(size.n, 0.5), equivalent);
    let edges = [0.4, 0.6].map(|truth| rate(&independent(size.n, truth), equivalent));
    println!("equivalence, n {}: chance {chance:.3}, planned {:.3}, margin {edges:.3?}", size.n, size.power);
    assert!((chance - size.power).abs() <= noise(size.power), "{chance}");
    edges.iter().for_each(|edge| assert!(*edge <= ALPHA + noise(ALPHA), "{edge}"));
}

#[test]
fn clustered_equivalence_is_found_as_planned_and_at_the_margin_at_most_at_alpha() {
    let size = power::equivalence_size(0.5, MARGIN.half_width, &Design::default()).unwrap();
    let sample = power::with_clusters(size.n, 20, cohort(1, 0.5, 0.9, 0.0).icc().unwrap()).unwrap();
    let at = |truth| cohort(sample.persons as usize, truth, 0.9, 0.0);
    let plan = plan(Draw::Persons, Ends::Studentised);
    let equivalent = |records: &[Record], seeds: Seeds| {
        let verdict = equivalence::clustered(records, &vec![0; records.len()], MARGIN, &plan, seeds).unwrap().verdict;
        matches!(verdict, Verdict::Equivalent | Verdict::DifferentWithinMargin)
    };
    let (chance, edge) = (rate(&at(0.5), equivalent), rate(&at(0.6), equivalent));
    println!("clustered equivalence, {} persons: chance {chance:.3}, margin {edge:.3}", sample.persons);
    assert!(chance >= 0.8 - noise(0.8), "{chance}");
    assert!(edge <= ALPHA + noise(ALPHA), "{edge}");
}

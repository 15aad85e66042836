//! Results do not depend on how many threads compute them, and what ten thousand resamples cost.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::{hint::black_box, time::Instant};

use adm_core::Seeds;
use adm_stats::{
    bootstrap::{self, Draw, Ends, Estimate, Plan, Record},
    contingency,
    simulate::Cohort,
};

fn study(item_sd: f64) -> Vec<Record> {
    Cohort { persons: 53, items: 20, truth: 0.55, person_sd: 0.6, item_sd }.study(Seeds::new(2), 0).unwrap()
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn weighted_mean(records: &[Record], weights: &[f64]) -> Option<f64> {
    let total: f64 = weights.iter().sum();
    let sum: f64 = records.iter().zip(weights).map(|(record, weight)| record.value * weight).sum();
    (total > 0.0).then_some(sum / total)
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let records = study(0.5);
    let table = [[9u64, 2, 4], [1, 8, 3], [2, 2, 5]];
    let all = |threads| {
        with_threads(threads, || {
            let plans =
                [Draw::Persons, Draw::Items, Draw::Both].map(|draw| Plan { resamples: 500, draw, ..Plan::default() });
            let means = plans.map(|plan| bootstrap::mean(&records, &plan, Seeds::new(1)).unwrap());
            let any = plans.map(|plan| {
                bootstrap::statistic(&records, &plan, Seeds::new(1), |weights| weighted_mean(&records, weights))
                    .unwrap()
            });
            (means, any, contingency::monte_carlo(&table, 500, Seeds::new(1)).unwrap())
        })
    };
    assert_eq!(all(1), all(5));
}

#[test]
fn a_statistic_of_weights_agrees_with_the_mean() {
    let records = study(0.5);
    for draw in [Draw::Persons, Draw::Items, Draw::Both] {
        for ends in [Ends::Percentile, Ends::Basic] {
            let plan = Plan { resamples: 400, draw, ends, ..Plan::default() };
            let mean = bootstrap::mean(&records, &plan, Seeds::new(1)).unwrap();
            let same = bootstrap::statistic(&records, &plan, Seeds::new(1), |weights| weighted_mean(&records, weights));
            agree(&mean, &same.unwrap());
        }
    }
}

#[track_caller]
fn agree(one: &Estimate, other: &Estimate) {
    let figures =
        |estimate: &Estimate| [estimate.value, estimate.standard_error, estimate.interval.low, estimate.interval.high];
    figures(one).iter().zip(figures(other)).for_each(|(one, other)| assert!((one - other).abs() < 1e-12));
}

/// Prints what 10,000 resamples cost beside one pass over the answers; never fails.
#[test]
fn what_resampling_costs() {
    let records = study(0.0);
    let start = Instant::now();
    for _ in 0..10_000 {
        black_box(black_box(&records).iter().map(|record| record.value).sum::<f64>());
    }
    let pass = start.elapsed().as_secs_f64() / 10_000.0;
    for draw in [Draw::Persons, Draw::Items, Draw::Both] {
        let start = Instant::now();
        black_box(bootstrap::mean(&records, &Plan { draw, ..Plan::default() }, Seeds::new(1)).unwrap());
        let took = start.elapsed().as_secs_f64();
        println!(
            "10,000 resamples of {draw}: {:.1} ms, {:.0} plain passes over {} answers",
            1e3 * took,
            took / pass,
            records.len()
        );
    }
}

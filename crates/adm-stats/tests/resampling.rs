//! The clustered bootstrap against a slow one that copies every drawn answer, on skewed answers of clusters of unequal
//! size.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::{Seeds, seeds::RngExt};
use adm_stats::{
    bootstrap::{self, Draw, Ends, Plan, Record},
    mean::quantile,
};

const RESAMPLES: u32 = 300;
const PERSONS: usize = 12;

/// Person p answers 2 to 5 times, with values that grow as p squared.
fn records() -> Vec<Record> {
    let answers = |person: usize| (0..2 + person % 4).map(move |item| (person, item));
    let value = |person: usize, item: usize| (person * person) as f64 / 10.0 + (person * 7 + item * 5) as f64 % 3.0;
    let record = |(person, item)| Record { person, item, value: value(person, item) };
    (0..PERSONS).flat_map(answers).map(record).collect()
}

/// The mean of drawn persons' answers and its cluster-robust standard error, from copies of their answers.
fn copied(drawn: &[Vec<f64>]) -> (f64, f64) {
    let count = drawn.concat().len() as f64;
    let mean = drawn.concat().iter().sum::<f64>() / count;
    let own = |answers: &Vec<f64>| answers.iter().map(|value| value - mean).sum::<f64>().powi(2);
    let clusters = drawn.len() as f64;
    (mean, (drawn.iter().map(own).sum::<f64>() * clusters / (clusters - 1.0)).sqrt() / count)
}

fn slow_interval(ends: Ends) -> (f64, f64) {
    let records = records();
    let of = |person| records.iter().filter(|record| record.person == person).map(|record| record.value).collect();
    let persons: Vec<Vec<f64>> = (0..PERSONS).map(of).collect();
    let (mean, error) = copied(&persons);
    let one = |resample| {
        let mut rng = Seeds::new(4).stream("bootstrap", resample);
        let drawn: Vec<Vec<f64>> = (0..PERSONS).map(|_| persons[rng.random_range(0..PERSONS)].clone()).collect();
        let (drawn_mean, drawn_error) = copied(&drawn);
        if ends == Ends::Studentised { (drawn_mean - mean) / drawn_error } else { drawn_mean }
    };
    let values: Vec<f64> = (0..u64::from(RESAMPLES)).map(one).collect();
    let (low, high) = (quantile(&values, 0.05).unwrap(), quantile(&values, 0.95).unwrap());
    match ends {
        Ends::Studentised => (mean - high * error, mean - low * error),
        Ends::Percentile => (low, high),
        Ends::Basic => (2.0 * mean - high, 2.0 * mean - low),
    }
}

#[test]
fn a_slow_bootstrap_gives_the_same_intervals() {
    for ends in [Ends::Studentised, Ends::Percentile, Ends::Basic] {
        let plan = Plan { resamples: RESAMPLES, level: 0.9, draw: Draw::Persons, ends };
        let found = bootstrap::mean(&records(), &plan, Seeds::new(4)).unwrap().interval;
        let (low, high) = slow_interval(ends);
        assert!(
            (found.low - low).abs() < 1e-9 && (found.high - high).abs() < 1e-9,
            "{ends}: {found} for {low}, {high}"
        );
    }
}

/// Swapping persons and items in the records swaps what drawing them means.
#[test]
fn items_are_drawn_as_persons_are() {
    let swapped: Vec<Record> =
        records().iter().map(|record| Record { person: record.item, item: record.person, ..*record }).collect();
    let by =
        |records: &[Record], draw| bootstrap::mean(records, &Plan { draw, ..Plan::default() }, Seeds::new(4)).unwrap();
    assert_eq!(by(&records(), Draw::Persons).interval, by(&swapped, Draw::Items).interval);
    assert_ne!(by(&records(), Draw::Persons).interval, by(&records(), Draw::Both).interval);
}

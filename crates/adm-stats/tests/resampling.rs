//! The clustered bootstrap against a slow one that copies every drawn answer, on skewed answers of clusters of unequal
//! size.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::{Seeds, seeds::RngExt};
use adm_stats::{
    Interval, StatsError,
    bootstrap::{self, Draw, Ends, Plan, Record},
    mean::quantile,
    proportion,
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
    }
}

#[test]
fn a_slow_bootstrap_gives_the_same_intervals() {
    for ends in [Ends::Studentised, Ends::Percentile] {
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
    let (one, other) = (by(&records(), Draw::Persons).interval, by(&swapped, Draw::Items).interval);
    assert!((one.low - other.low).abs() < 1e-9 && (one.high - other.high).abs() < 1e-9, "{one} {other}");
    assert_ne!(by(&records(), Draw::Persons).interval, by(&records(), Draw::Both).interval);
}

/// Kinds of unequal numbers, by copies again: person p answers about one kind (p % 3) + 1 times and about the other twice.
#[test]
fn kinds_count_alike_in_every_resample() {
    const PERSONS: usize = 9;
    let values = |person: usize, kind: usize| -> Vec<f64> {
        let count = if kind == 0 { person % 3 + 1 } else { 2 };
        (0..count).map(|item| f64::from(u8::from((person * 5 + item * 3 + kind) % 4 < 2))).collect()
    };
    let (mut records, mut kinds) = (Vec::new(), Vec::new());
    for person in 0..PERSONS {
        for kind in 0..2 {
            for (item, value) in values(person, kind).into_iter().enumerate() {
                records.push(Record { person, item, value });
                kinds.push(kind);
            }
        }
    }
    let of = |drawn: &[usize]| -> (f64, f64) {
        let all = |kind| drawn.iter().flat_map(|person| values(*person, kind)).collect::<Vec<f64>>();
        let means = [0, 1].map(|kind| (all(kind).iter().sum::<f64>() / all(kind).len() as f64, all(kind).len() as f64));
        let own = |person: &usize| {
            let away =
                [0, 1].map(|kind| values(*person, kind).iter().map(|v| v - means[kind].0).sum::<f64>() / means[kind].1);
            ((away[0] + away[1]) / 2.0).powi(2)
        };
        let squares: f64 = drawn.iter().map(own).sum();
        ((means[0].0 + means[1].0) / 2.0, (squares * PERSONS as f64 / (PERSONS as f64 - 1.0)).sqrt())
    };
    let everybody: Vec<usize> = (0..PERSONS).collect();
    let (mean, error) = of(&everybody);
    let one = |resample| {
        let mut rng = Seeds::new(4).stream("bootstrap", resample);
        let drawn: Vec<usize> = (0..PERSONS).map(|_| rng.random_range(0..PERSONS)).collect();
        let (drawn_mean, drawn_error) = of(&drawn);
        (drawn_mean - mean) / drawn_error
    };
    let t: Vec<f64> = (0..u64::from(RESAMPLES)).map(one).collect();
    let plan = Plan { resamples: RESAMPLES, level: 0.9, ..Plan::default() };
    let found = bootstrap::balanced(&records, &kinds, &plan, Seeds::new(4)).unwrap();
    let (low, high) = (mean - quantile(&t, 0.95).unwrap() * error, mean - quantile(&t, 0.05).unwrap() * error);
    assert!((found.value - mean).abs() < 1e-12);
    assert!(
        (found.interval.low - low).abs() < 1e-9 && (found.interval.high - high).abs() < 1e-9,
        "{found:?} {low} {high}"
    );
}

/// Items of two kinds, all alike within their kind: nothing is known to vary between items, however far kinds are apart.
#[test]
fn differences_between_kinds_are_none_between_items() {
    let record = |person: usize, item: usize| Record {
        person,
        item,
        value: f64::from(u8::from((person + item / 4) % 5 > 1 + item / 4)),
    };
    let records: Vec<Record> = (0..20).flat_map(|person| (0..8).map(move |item| record(person, item))).collect();
    let kinds: Vec<usize> = records.iter().map(|record| record.item / 4).collect();
    let plan = Plan { draw: Draw::Items, resamples: 200, ..Plan::default() };
    assert!(bootstrap::mean(&records, &plan, Seeds::new(1)).is_ok());
    assert!(matches!(bootstrap::balanced(&records, &kinds, &plan, Seeds::new(1)), Err(StatsError::NoVariation { .. })));
    let icc = |kinds: &[usize]| bootstrap::by_item(&records, kinds).unwrap().icc;
    assert!(icc(&vec![0; records.len()]) > icc(&kinds) && icc(&kinds) < 0.0);
}

/// Of 20 answers a person, up to two persons missed one: the studentised bootstrap has no end there (it had one in the millions
/// while its variance was taken as a difference of large sums), the interval has two, near the share.
#[test]
fn nearly_all_right_has_an_interval() {
    let plan = Plan { resamples: 1_000, ..Plan::default() };
    for (persons, misses) in (7..60).flat_map(|persons| (0..=2).map(move |misses| (persons, misses))) {
        let value = |person: usize, item: usize| f64::from(u8::from(item > 0 || person >= misses));
        let records: Vec<Record> = (0..persons)
            .flat_map(|person| (0..20).map(move |item| Record { person, item, value: value(person, item) }))
            .collect();
        assert!(bootstrap::mean(&records, &plan, Seeds::new(1)).is_err(), "{persons}, {misses}");
        let found = proportion::clustered(&records, &vec![0; records.len()], &plan, Seeds::new(1)).unwrap();
        assert_eq!(found.basis, proportion::Basis::EffectiveSample);
        let Interval { low, high, .. } = found.interval;
        assert!(low > 0.5 && low < found.value && found.value <= high && high <= 1.0, "{persons}, {misses}: {found:?}");
    }
}

/// All right: each person counts as one answer, so that six people are needed where half are right by guessing.
#[test]
fn few_people_who_are_all_right_show_nothing() {
    assert_eq!(proportion::persons_needed(0.5, 0.95).unwrap(), 6);
    assert_eq!(proportion::persons_needed(0.25, 0.95).unwrap(), 3);
    for persons in 2..12 {
        let records: Vec<Record> = (0..persons * 10)
            .map(|answer| Record { person: answer % persons, item: answer / persons, value: 1.0 })
            .collect();
        let found = proportion::clustered(&records, &vec![0; records.len()], &Plan::default(), Seeds::new(1)).unwrap();
        assert_eq!(found.interval.low > 0.5, persons >= 6, "{persons}: {found:?}");
        assert_eq!(found.interval, proportion::clopper_pearson(persons as u64, persons as u64, 0.95).unwrap());
    }
}

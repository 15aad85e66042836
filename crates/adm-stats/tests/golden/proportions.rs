//! Hits and misses: tests, intervals, signal detection.

use adm_stats::{Sides, binomial, detection, proportion};
use serde::Deserialize;

use crate::file::{near, section, within};

#[derive(Debug, Deserialize)]
struct Binomial {
    n: u64,
    hits: u64,
    chance: f64,
    greater: f64,
    less: f64,
    two: f64,
    two_r: f64,
}

#[test]
fn binomial_tests_agree_with_scipy_and_r() {
    for case in section::<Vec<Binomial>>("binomial") {
        let p = |sides| binomial::exact(case.hits, case.n, case.chance, sides).unwrap().p;
        near(p(Sides::Greater), case.greater, &case);
        near(p(Sides::Less), case.less, &case);
        near(p(Sides::Two), case.two, &case);
        near(p(Sides::Two), case.two_r, &case);
    }
}

#[derive(Debug, Deserialize)]
struct Intervals {
    n: u64,
    hits: u64,
    level: f64,
    wilson: [f64; 2],
    clopper_pearson: [f64; 2],
    wald: [f64; 2],
}

#[test]
fn intervals_agree_with_statsmodels() {
    for case in section::<Vec<Intervals>>("intervals") {
        let kinds = [
            (proportion::Kind::Wilson, case.wilson),
            (proportion::Kind::ClopperPearson, case.clopper_pearson),
            (proportion::Kind::Wald, case.wald),
        ];
        for (kind, [low, high]) in kinds {
            let found = proportion::interval(kind, case.hits, case.n, case.level).unwrap();
            // The ends near 0 and 1 are differences, in statsmodels too.
            within(found.low, low, 1e-12 + 1e-9 * low, &(kind, &case));
            within(found.high, high, 1e-12, &(kind, &case));
        }
    }
}

#[derive(Debug, Deserialize)]
struct YesNo {
    hits: u64,
    misses: u64,
    false_alarms: u64,
    correct_rejections: u64,
    d_prime: f64,
    criterion: f64,
    standard_error: f64,
}

#[derive(Debug, Deserialize)]
struct Choice {
    correct: u64,
    n: u64,
    two_alternative: f64,
    abx: f64,
}

#[derive(Debug, Deserialize)]
struct Detection {
    yes_no: Vec<YesNo>,
    choice: Vec<Choice>,
}

#[test]
fn detection_agrees_with_the_formulas_in_scipy() {
    let golden: Detection = section("detection");
    for case in golden.yes_no {
        let YesNo { hits, misses, false_alarms, correct_rejections, .. } = case;
        let found = detection::yes_no(detection::Counts { hits, misses, false_alarms, correct_rejections }).unwrap();
        within(found.d_prime, case.d_prime, 1e-12, &case);
        within(found.criterion, case.criterion, 1e-12, &case);
        near(found.standard_error, case.standard_error, &case);
    }
    for case in golden.choice {
        within(detection::two_alternative(case.correct, case.n).unwrap().d_prime, case.two_alternative, 1e-12, &case);
        within(detection::abx(case.correct, case.n).unwrap().d_prime, case.abx, 1e-9, &case);
    }
}

//! Agreement and clustering.

use adm_stats::{
    agreement::{self, Scale},
    bootstrap::{self, Record},
};
use serde::Deserialize;

use crate::file::{section, within};

#[derive(Debug, Deserialize)]
struct Fleiss {
    counts: Vec<Vec<u64>>,
    kappa: f64,
}

#[derive(Debug, Deserialize)]
struct Alpha {
    ratings: Vec<Vec<Option<f64>>>,
    nominal: f64,
    ordinal: f64,
    interval: f64,
}

#[derive(Debug, Deserialize)]
struct Cohen {
    pairs: Vec<(u64, u64)>,
    kappa: f64,
}

#[derive(Debug, Deserialize)]
struct Agreement {
    fleiss: Vec<Fleiss>,
    krippendorff: Vec<Alpha>,
    cohen: Vec<Cohen>,
}

#[test]
fn agreement_agrees_with_statsmodels_and_krippendorff() {
    let golden: Agreement = section("agreement");
    for case in golden.fleiss {
        within(agreement::fleiss(&case.counts).unwrap().kappa, case.kappa, 1e-12, &case);
    }
    for case in golden.krippendorff {
        let alpha = |scale| agreement::krippendorff(&case.ratings, scale).unwrap().alpha;
        within(alpha(Scale::Nominal), case.nominal, 1e-10, &case);
        within(alpha(Scale::Ordinal), case.ordinal, 1e-10, &case);
        within(alpha(Scale::Interval), case.interval, 1e-10, &case);
    }
    for case in golden.cohen {
        within(agreement::cohen(&case.pairs).unwrap().kappa, case.kappa, 1e-12, &case);
    }
}

#[derive(Debug, Deserialize)]
struct Clustering {
    person: Vec<usize>,
    value: Vec<f64>,
    icc: f64,
}

#[test]
fn intraclass_correlation_agrees_with_r() {
    for case in section::<Vec<Clustering>>("clustering") {
        let record = |(person, value): (&usize, &f64)| Record { person: *person + 7, item: 0, value: *value };
        let records: Vec<Record> = case.person.iter().zip(&case.value).map(record).collect();
        within(bootstrap::by_person(&records).unwrap().icc, case.icc, 1e-10, &case);
    }
}

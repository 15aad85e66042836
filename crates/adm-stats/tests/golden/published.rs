//! Golden vectors and the planning table of the project's domain report, and a textbook's worked examples.

use adm_stats::{
    Sides,
    agreement::{self, Scale},
    binomial,
    detection::{self, Counts},
    power::{self, Design},
    proportion,
};

use crate::file::within;

#[test]
fn fifteen_of_twenty() {
    within(binomial::exact(15, 20, 0.5, Sides::Greater).unwrap().p, 0.02069, 5e-6, &"p");
    let wilson = proportion::wilson(15, 20, 0.95).unwrap();
    assert_eq!(format!("{wilson}"), "[0.5313, 0.8881]");
    let exact = proportion::clopper_pearson(15, 20, 0.95).unwrap();
    assert_eq!(format!("{exact}"), "[0.5090, 0.9134]");
}

#[test]
fn fourteen_hits_and_eight_false_alarms() {
    let counts = Counts { hits: 14, misses: 6, false_alarms: 8, correct_rejections: 12 };
    let found = detection::yes_no(counts).unwrap();
    within(found.d_prime, 0.7382, 5e-5, &"d′");
    within(found.criterion, -0.1281, 5e-5, &"c");
}

/// The report gives the number from which the power stays for the test, and the fewest for equivalence.
#[test]
fn the_planning_table() {
    for (truth, n) in [(0.55, 654), (0.6, 169), (0.65, 76), (0.7, 42)] {
        assert_eq!(power::sample_size(truth, &Design::default()).unwrap().n, n);
    }
    for (margin, fewest) in [(0.05, 861), (0.1, 214), (0.15, 96)] {
        assert_eq!(power::equivalence_size(0.5, margin, &Design::default()).unwrap().fewest, fewest);
    }
    for (n, hits) in [(20, 15), (53, 33), (137, 79), (1060, 558)] {
        assert_eq!(binomial::hits_needed(n, 0.5, 0.05, Sides::Greater).unwrap(), Some(hits));
    }
    for (icc, effective) in [(0.05, 544.0), (0.1, 366.0), (0.2, 221.0)] {
        assert_eq!(power::effective_n(1060, 20, icc).unwrap().round(), effective);
    }
}

/// Krippendorff's own example of four observers and twelve units (2011, "Computing Krippendorff's alpha-reliability").
#[test]
fn krippendorffs_example() {
    let rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
    let ratings = rows.map(|row| row.chars().map(|rating| rating.to_digit(10).map(f64::from)).collect::<Vec<_>>());
    for (scale, alpha) in [(Scale::Nominal, 0.743), (Scale::Ordinal, 0.815), (Scale::Interval, 0.849)] {
        within(agreement::krippendorff(&ratings, scale).unwrap().alpha, alpha, 5e-4, &scale);
    }
}

/// Fleiss' own example of ten subjects and fourteen raters, as usually retold (κ = .210).
#[test]
fn fleiss_example() {
    let counts = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ];
    within(agreement::fleiss(&counts).unwrap().kappa, 0.210, 5e-4, &"κ");
}

//! Means and ranks.

use adm_stats::{Method, Test, mean, ranks};
use serde::Deserialize;

use crate::file::{SIDES, near, section, within};

#[derive(Debug, Deserialize)]
struct Means {
    x: Vec<f64>,
    mean: f64,
    sd: f64,
    quartiles: [f64; 5],
    interval_90: [f64; 2],
    interval_9999: [f64; 2],
}

#[test]
fn means_agree_with_scipy() {
    for case in section::<Vec<Means>>("means") {
        let summary = mean::summary(&case.x).unwrap();
        within(summary.mean, case.mean, 1e-12, &case);
        near(summary.sd.unwrap(), case.sd, &case);
        let found = [summary.min, summary.lower_quartile, summary.median, summary.upper_quartile, summary.max];
        found.iter().zip(case.quartiles).for_each(|(found, expected)| within(*found, expected, 1e-12, &case));
        for (level, [low, high]) in [(0.9, case.interval_90), (0.9999, case.interval_9999)] {
            let found = mean::t_interval(&case.x, level).unwrap();
            near(found.low, low, &case);
            near(found.high, high, &case);
        }
    }
}

#[derive(Debug, Deserialize)]
struct Pairs {
    d: Vec<f64>,
    v: f64,
    greater: f64,
    less: f64,
    two: f64,
}

#[test]
fn signed_ranks_agree_with_r() {
    for case in section::<Vec<Pairs>>("paired_ranks") {
        let found = SIDES.map(|(_, sides)| ranks::wilcoxon(&case.d, sides).unwrap());
        agree(&found, case.v, [case.greater, case.less, case.two], &case);
    }
}

#[derive(Debug, Deserialize)]
struct Groups {
    x: Vec<f64>,
    y: Vec<f64>,
    u: f64,
    greater: f64,
    less: f64,
    two: f64,
}

#[test]
fn mann_whitney_agrees_with_r() {
    for case in section::<Vec<Groups>>("grouped_ranks") {
        let found = SIDES.map(|(_, sides)| ranks::mann_whitney(&case.x, &case.y, sides).unwrap());
        agree(&found, case.u, [case.greater, case.less, case.two], &case);
    }
}

fn agree(found: &[Test; 3], statistic: f64, p: [f64; 3], case: &dyn std::fmt::Debug) {
    for (found, p) in found.iter().zip(p) {
        within(found.statistic, statistic, 1e-9, case);
        // R leaves p-values of the continuity correction above 1 as they are clipped.
        near(found.p, p, &(found.method, case));
    }
}

#[derive(Debug, Deserialize)]
struct ManyGroups {
    groups: Vec<Vec<f64>>,
    h: f64,
    p: f64,
}

#[test]
fn kruskal_wallis_agrees_with_scipy() {
    for case in section::<Vec<ManyGroups>>("many_groups") {
        let found = ranks::kruskal_wallis(&case.groups).unwrap();
        near(found.statistic, case.h, &case);
        near(found.p, case.p, &case);
    }
}

#[derive(Debug, Deserialize)]
struct Friedman {
    rows: Vec<Vec<f64>>,
    r: [f64; 3],
}

#[test]
fn friedman_agrees_with_r() {
    for case in section::<Vec<Friedman>>("friedman") {
        let found = ranks::friedman(&case.rows).unwrap();
        assert_eq!(found.method, Method::Friedman);
        near(found.statistic, case.r[0], &case);
        near(found.freedom.unwrap(), case.r[1], &case);
        near(found.p, case.r[2], &case);
    }
}

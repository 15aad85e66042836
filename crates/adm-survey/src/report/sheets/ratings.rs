//! Tables of ratings.

use super::super::sheet::{Cell, Sheet, level};
use super::{both, name};
use crate::analysis::{Described, Findings, Scale};

/// Ratings in all and by condition.
pub fn conditions(findings: &Findings) -> Sheet {
    ratings(findings, "ratings", "Ratings", |scale| std::iter::once(&scale.all).chain(&scale.conditions).collect())
}

/// Ratings by sample.
pub fn items(findings: &Findings) -> Sheet {
    ratings(findings, "ratings-items", "Ratings by sample", |scale| scale.items.iter().collect())
}

fn ratings(findings: &Findings, file: &'static str, what: &str, of: impl Fn(&Scale) -> Vec<&Described>) -> Sheet {
    let caption = format!("{what}, with t intervals at {} over people's means", level(findings.plan.alpha));
    let columns = ["who", "question", "of", "ratings", "people", "mean", "interval…", "SD", "median", "quartiles…"];
    let mut sheet = Sheet::new(file, caption, &columns);
    for (who, results) in both(findings) {
        for scale in &results.scales {
            for described in of(scale) {
                let quartiles = described.quartiles.get();
                sheet.push([
                    who.clone(),
                    name(&scale.asked),
                    Cell::text(described.name.clone()),
                    described.n.into(),
                    described.persons.into(),
                    Cell::number(&described.mean),
                    Cell::span(&described.interval),
                    Cell::number(&described.sd),
                    quartiles.map_or(Cell::Empty, |quartiles| Cell::Number(quartiles[1])),
                    quartiles.map_or(Cell::Empty, |quartiles| Cell::Span(quartiles[0], quartiles[2])),
                ]);
            }
        }
    }
    sheet
}

/// Friedman's tests.
pub fn friedman(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "people", "χ²", "degrees of freedom", "p", "Kendall's W", "not tested because"];
    let mut sheet = Sheet::new("friedman", "Do any conditions differ? Friedman's test within people", &columns);
    for (who, results) in both(findings) {
        for scale in &results.scales {
            let Some(all) = scale.comparison.as_ref().and_then(|comparison| comparison.all.as_ref()) else { continue };
            let test = all.get();
            sheet.push([
                who.clone(),
                name(&scale.asked),
                test.map_or(Cell::Empty, |test| test.n.into()),
                test.map_or(Cell::Empty, |test| Cell::Number(test.statistic)),
                test.and_then(|test| test.freedom).map_or(Cell::Empty, Cell::Number),
                Cell::p(test.map(|test| test.p)),
                test.and_then(|test| test.effect.as_ref()).map_or(Cell::Empty, |(_, value)| Cell::Number(*value)),
                all.why().map_or(Cell::Empty, Cell::from),
            ]);
        }
    }
    sheet
}

/// Pairs of conditions.
pub fn comparisons(findings: &Findings) -> Sheet {
    let columns =
        ["who", "question", "first", "second", "people", "difference", "p", "p, Holm", "rank-biserial r", "method"];
    let mut sheet = Sheet::new("comparisons", "Which conditions differ? Wilcoxon's tests within people", &columns);
    for (who, results) in both(findings) {
        for scale in &results.scales {
            for pair in scale.comparison.iter().flat_map(|comparison| &comparison.pairs) {
                let test = pair.test.get();
                sheet.push([
                    who.clone(),
                    name(&scale.asked),
                    Cell::text(pair.first.clone()),
                    Cell::text(pair.second.clone()),
                    pair.persons.into(),
                    Cell::number(&pair.difference),
                    Cell::p(test.map(|test| test.p)),
                    Cell::p(pair.holm),
                    test.and_then(|test| test.effect.as_ref()).map_or(Cell::Empty, |(_, value)| Cell::Number(*value)),
                    match (test, pair.test.why()) {
                        (Some(test), _) => Cell::text(test.method.clone()),
                        (None, why) => Cell::text(format!("not tested: {}", why.unwrap_or_default())),
                    },
                ]);
            }
        }
    }
    sheet
}

//! Tables of what was counted: points, choices, words.

use super::super::sheet::{Cell, Sheet, level};
use super::{both, name};
use crate::analysis::{Distribution, Findings, Points};

/// What was called what.
pub fn confusion(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "what it is", "what it was called", "answers"];
    let mut sheet = Sheet::new("confusion", "What samples are, and what they were called", &columns);
    for (who, results) in both(findings) {
        for found in &results.confusions {
            for (truth, counts) in found.truths.iter().zip(&found.counts) {
                for (answer, count) in found.answers.iter().zip(counts) {
                    let words = [Cell::text(truth.clone()), Cell::text(answer.clone())];
                    let [truth, answer] = words;
                    sheet.push([who.clone(), name(&found.asked), truth, answer, (*count).into()]);
                }
            }
        }
    }
    sheet
}

/// Distributions of points.
pub fn points(findings: &Findings) -> Sheet {
    let caption =
        format!("Points: how often each number was reached, with Wald's interval at {}", level(findings.plan.alpha));
    let mut sheet = Sheet::new("points", caption, &["who", "of", "points", "N", "percent", "interval…"]);
    for (who, results) in both(findings) {
        for distribution in results.points.iter().flat_map(distributions) {
            for row in &distribution.rows {
                sheet.push([
                    who.clone(),
                    Cell::text(distribution.name.clone()),
                    Cell::text(row.points.to_string()),
                    row.n.into(),
                    Cell::Share(row.share),
                    Cell::shares(&row.interval),
                ]);
            }
        }
    }
    sheet
}

fn distributions(points: &Points) -> impl Iterator<Item = &Distribution> {
    points.questions.iter().chain([&points.total])
}

/// Means of points.
pub fn points_summary(findings: &Findings) -> Sheet {
    let caption = format!("Points: means with t intervals at {}", level(findings.plan.alpha));
    let mut sheet = Sheet::new("points-means", caption, &["who", "of", "N", "mean", "SD", "interval…"]);
    for (who, results) in both(findings) {
        for distribution in results.points.iter().flat_map(distributions) {
            let described = &distribution.described;
            sheet.push([
                who.clone(),
                Cell::text(distribution.name.clone()),
                described.n.into(),
                Cell::number(&described.mean),
                Cell::number(&described.sd),
                Cell::span(&described.interval),
            ]);
        }
    }
    sheet
}

/// Choices: a row each option of each kind.
pub fn choices(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "of", "answer", "N", "share", "people drawn…", "p of the table", "method"];
    let mut sheet = Sheet::new("choices", "Answers that were counted", &columns);
    for (who, results) in both(findings) {
        for found in &results.choices {
            for (row, counts) in found.rows.iter().zip(&found.counts) {
                for ((option, count), share) in found.options.iter().zip(counts).zip(&found.shares) {
                    let is_only = found.rows.len() == 1;
                    sheet.push([
                        who.clone(),
                        name(&found.asked),
                        Cell::text(row.clone()),
                        Cell::text(option.clone()),
                        (*count).into(),
                        if is_only { Cell::share(&share.share) } else { of_row(*count, counts) },
                        if is_only { Cell::shares(&share.interval) } else { Cell::Empty },
                        Cell::p(found.independence.get().map(|test| test.p)),
                        found.independence.get().map_or(Cell::Empty, |test| Cell::text(test.method.clone())),
                    ]);
                }
            }
        }
    }
    sheet
}

/// A count's share of its row.
fn of_row(count: u64, row: &[u64]) -> Cell {
    match row.iter().sum::<u64>() {
        0 => Cell::Empty,
        sum => Cell::Share(count as f64 / sum as f64),
    }
}

/// Choices compared within people.
pub fn within(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "answer", "more often for", "than for", "people", "by", "p", "p, Holm", "method"];
    let caption = "Answers compared within people; Holm's correction over all answers to a question";
    let mut sheet = Sheet::new("choices-within", caption, &columns);
    for (who, results) in both(findings) {
        for found in &results.choices {
            for (option, comparison) in &found.within {
                for pair in &comparison.pairs {
                    // By how much more often, so never less than nothing.
                    let is_less = pair.difference.get().is_some_and(|difference| *difference < 0.0);
                    let (more, less) = if is_less { (&pair.second, &pair.first) } else { (&pair.first, &pair.second) };
                    sheet.push([
                        who.clone(),
                        name(&found.asked),
                        Cell::text(option.clone()),
                        Cell::text(more.clone()),
                        Cell::text(less.clone()),
                        pair.persons.into(),
                        Cell::share(&pair.difference.clone().map(f64::abs)),
                        Cell::p(pair.test.get().map(|test| test.p)),
                        Cell::p(pair.holm),
                        pair.test.get().map_or(Cell::Empty, |test| Cell::text(test.method.clone())),
                    ]);
                }
            }
        }
    }
    sheet
}

/// What was written in trials, once for everybody.
pub fn words(findings: &Findings) -> Sheet {
    let mut sheet = Sheet::new("words", "What was written", &["question", "of", "kind", "text", "person"]);
    for found in &findings.everybody.words {
        for text in &found.texts {
            sheet.push([
                name(&found.asked),
                Cell::text(text.item.clone()),
                Cell::text(text.truth.clone()),
                Cell::text(text.text.clone()),
                Cell::text(text.person.clone()),
            ]);
        }
    }
    sheet
}

//! Findings as tables.

mod counts;
mod people;
mod quality;
mod ratings;
mod shares;

use super::sheet::{Cell, Sheet};
use crate::analysis::{Asked, Findings, Results};

pub(super) use counts::{choices, confusion, points, points_summary, within, words};
pub(super) use people::{
    background, listed, listed_by_reason, persons, said, scored, screened_out, texts, traits, traits_classes,
    traits_counts, traits_ranks,
};
pub(super) use quality::{agreement, effort};
pub(super) use ratings::{comparisons, conditions, friedman, items as rated_items};
pub(super) use shares::{clusters, detection, intervals, items, leaning, right, tests, trials, truths};

/// Every table that a page is made of and a CSV file is written of, with a row at least.
pub(super) fn all(findings: &Findings) -> Vec<Sheet> {
    let sheets = [
        right,
        intervals,
        tests,
        clusters,
        detection,
        confusion,
        leaning,
        items,
        trials,
        truths,
        points,
        points_summary,
        conditions,
        rated_items,
        friedman,
        comparisons,
        choices,
        within,
        words,
        traits,
        traits_ranks,
        traits_classes,
        traits_counts,
        texts,
        agreement,
        effort,
        persons,
        screened_out,
    ];
    sheets.iter().map(|sheet| sheet(findings)).filter(|sheet: &Sheet| !sheet.rows.is_empty()).collect()
}

/// Both analyses, by the word that tables have for them.
fn both(findings: &Findings) -> impl Iterator<Item = (Cell, &Results)> {
    let screened = findings.screened.as_ref().map(|results| (Cell::from("screened"), results));
    [(Cell::from("everybody"), &findings.everybody)].into_iter().chain(screened)
}

fn name(asked: &Asked) -> Cell {
    // Kept on one line where a table is narrow.
    Cell::Text(asked.name().replace(" · ", "\u{a0}·\u{a0}"))
}

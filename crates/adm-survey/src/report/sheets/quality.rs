//! Tables of how reliable and how careful answers are.

use super::super::sheet::{Cell, Sheet};
use super::{both, name};
use crate::analysis::{Findings, Known};

/// Agreement.
pub fn agreement(findings: &Findings) -> Sheet {
    let columns = [
        "who",
        "question",
        "people",
        "samples",
        "Fleiss' κ",
        "α, nominal",
        "α, ordinal",
        "α, interval",
        "repeated answers",
        "same again",
        "Cohen's κ",
        "mean distance",
    ];
    let mut sheet =
        Sheet::new("agreement", "Agreement with each other, and with oneself on trials that came twice", &columns);
    for (who, results) in both(findings) {
        for found in &results.agreement {
            let alpha = |scale: &str| {
                let known = found.krippendorff.iter().find(|(name, _)| name == scale);
                known.map_or(Cell::Empty, |(_, value)| Cell::number(value))
            };
            let repeated = found.repeated.get();
            sheet.push([
                who.clone(),
                name(&found.asked),
                found.raters.into(),
                found.items.into(),
                Cell::number(&found.fleiss),
                alpha("nominal"),
                alpha("ordinal"),
                alpha("interval"),
                repeated.map_or(Cell::Empty, |repeated| repeated.n.into()),
                repeated.map_or(Cell::Empty, |repeated| Cell::Share(repeated.equal)),
                repeated.map_or(Cell::Empty, |repeated| Cell::number(&repeated.kappa)),
                repeated.and_then(|repeated| repeated.distance).map_or(Cell::Empty, Cell::Number),
            ]);
        }
    }
    sheet
}

/// Times and plays.
pub fn effort(findings: &Findings) -> Sheet {
    let columns = [
        "who",
        "question",
        "answers",
        "seconds, median",
        "seconds, quartiles…",
        "plays, median",
        "plays, quartiles…",
        "heard %, median",
    ];
    let mut sheet = Sheet::new("effort", "How long people took, and how often they listened", &columns);
    for (who, results) in both(findings) {
        for found in results.effort.iter().filter(|found| found.n > 0) {
            let middle = |known: &Known<[f64; 3]>| known.get().map_or(Cell::Empty, |three| Cell::Number(three[1]));
            let around =
                |known: &Known<[f64; 3]>| known.get().map_or(Cell::Empty, |three| Cell::Span(three[0], three[2]));
            sheet.push([
                who.clone(),
                name(&found.asked),
                found.n.into(),
                middle(&found.seconds),
                around(&found.seconds),
                middle(&found.plays),
                around(&found.plays),
                middle(&found.heard),
            ]);
        }
    }
    sheet
}

//! Which responses the page can give.

use super::asked::{Asked, AskedKind};
use super::record::Row;
use crate::manifest::{QuestionKind, whole};

/// Says what is impossible about the answer to a question.
pub(super) fn check(asked: &Asked<'_>, row: &Row) -> Result<(), String> {
    if row.heard > 100 {
        return Err(format!("{} % of it heard", row.heard));
    }
    if row.declined {
        return match (asked.may_decline, row.response.is_empty()) {
            (false, _) => Err("declined, which it does not offer".to_owned()),
            (true, false) => Err(format!("declined, and yet answered {:?}", row.response)),
            (true, true) => Ok(()),
        };
    }
    match (row.response.trim().is_empty(), asked.required) {
        (true, true) => Err("no response, which it needs".to_owned()),
        (true, false) if row.response.is_empty() => Ok(()),
        _ => response(asked, &row.response),
    }
}

fn response(asked: &Asked<'_>, response: &str) -> Result<(), String> {
    let (possible, expected) = match asked.kind {
        AskedKind::Abx => (["a", "b"].contains(&response), "a or b".to_owned()),
        AskedKind::Mushra => (whole(response).is_some_and(|score| (0..=100).contains(&score)), range(0, 100)),
        AskedKind::Question(kind) => (kind.admits(response, asked.samples), expected(kind, asked.samples)),
    };
    if possible { Ok(()) } else { Err(format!("the response {response:?}, expected {expected}")) }
}

fn expected(kind: &QuestionKind, samples: usize) -> String {
    match kind {
        QuestionKind::Choice { options } | QuestionKind::Many { options } => {
            format!("{:?}", options.iter().map(|option| &option.value).collect::<Vec<_>>())
        }
        QuestionKind::Scale { low, high, .. } => range(*low, *high),
        QuestionKind::Text { most } => format!("at most {most} characters"),
        QuestionKind::Samples { pick } => format!("{pick:?} of {samples} samples").to_lowercase(),
    }
}

fn range(low: i64, high: i64) -> String {
    format!("a whole number from {low} to {high}")
}

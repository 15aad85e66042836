//! Which responses the page can give.

use super::asked::{Asked, AskedKind};
use super::record::Row;
use crate::bundle::{Choice, Pick, QuestionKind};

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
        AskedKind::Mushra => (whole(response, 0, 100), "a whole number from 0 to 100".to_owned()),
        AskedKind::Question(QuestionKind::Choice { options }) => (has(options, response), values(options)),
        AskedKind::Question(QuestionKind::Many { options }) => {
            (distinct(response, |value| has(options, value)), values(options))
        }
        AskedKind::Question(QuestionKind::Scale { low, high, .. }) => {
            (whole(response, *low, *high), format!("a whole number from {low} to {high}"))
        }
        AskedKind::Question(QuestionKind::Text { most }) => {
            (response.chars().count() <= *most, format!("at most {most} characters"))
        }
        AskedKind::Question(QuestionKind::Samples { pick }) => {
            (places(response, *pick, asked.samples), format!("{pick:?} of {} samples", asked.samples).to_lowercase())
        }
    };
    if possible { Ok(()) } else { Err(format!("the response {response:?}, expected {expected}")) }
}

fn has(options: &[Choice], value: &str) -> bool {
    options.iter().any(|option| option.value == value)
}

fn values(options: &[Choice]) -> String {
    format!("{:?}", options.iter().map(|option| &option.value).collect::<Vec<_>>())
}

/// Whether a text is a whole number of a range, as a program writes it.
fn whole(text: &str, low: i64, high: i64) -> bool {
    text.parse::<i64>().is_ok_and(|number| (low..=high).contains(&number) && number.to_string() == text)
}

/// Whether a list has only what it may, and everything once.
fn distinct(list: &str, may: impl Fn(&str) -> bool) -> bool {
    let mut values: Vec<&str> = list.split('|').collect();
    let count = values.len();
    values.sort_unstable();
    values.dedup();
    values.len() == count && values.into_iter().all(may)
}

fn places(response: &str, pick: Pick, samples: usize) -> bool {
    let place = |text: &str| whole(text, 1, i64::try_from(samples).unwrap_or(i64::MAX));
    match pick {
        Pick::One => place(response),
        Pick::Any => response == "none" || distinct(response, place),
    }
}

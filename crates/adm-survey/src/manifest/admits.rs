//! Which responses a question can have.

use super::{Choice, Pick, QuestionKind};

impl QuestionKind {
    /// Whether `response` is one that the page can give, with `samples` samples on the page.
    pub fn admits(&self, response: &str, samples: usize) -> bool {
        match self {
            Self::Choice { options } => is_option(options, response),
            Self::Many { options } => response.is_empty() || distinct(response, |value| position(options, value)),
            Self::Scale { low, high, .. } => whole(response).is_some_and(|number| (*low..=*high).contains(&number)),
            Self::Text { most } => response.chars().count() <= *most,
            Self::Samples { pick: Pick::One } => place(response, samples).is_some(),
            Self::Samples { pick: Pick::Any } => {
                response == "none" || distinct(response, |value| place(value, samples))
            }
        }
    }

    /// Whether several values stand in the order in which the page writes them.
    pub fn is_in_order(&self, response: &str) -> bool {
        let positions: Vec<Option<usize>> = match self {
            Self::Many { options } => response.split('|').map(|value| position(options, value)).collect(),
            Self::Samples { .. } => response.split('|').map(|value| place(value, usize::MAX)).collect(),
            _ => Vec::new(),
        };
        positions.is_sorted()
    }
}

fn is_option(options: &[Choice], value: &str) -> bool {
    position(options, value).is_some()
}

fn position(options: &[Choice], value: &str) -> Option<usize> {
    options.iter().position(|option| option.value == value)
}

/// Whether all pieces between `|` are known, and none comes twice.
fn distinct(response: &str, position: impl Fn(&str) -> Option<usize>) -> bool {
    let positions: Option<Vec<usize>> = response.split('|').map(position).collect();
    positions.is_some_and(|mut positions| {
        positions.sort_unstable();
        positions.is_sorted_by(|a, b| a < b)
    })
}

/// A whole number as the page writes it: no plus, no zeros before it.
pub(crate) fn whole(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

fn place(text: &str, samples: usize) -> Option<usize> {
    whole(text).and_then(|place| usize::try_from(place).ok()).filter(|place| (1..=samples).contains(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<Choice> {
        ["ai", "human", "both"].map(|word| Choice { value: word.into(), label: word.into() }).to_vec()
    }

    #[test]
    fn only_what_the_page_gives_is_admitted() {
        let scale = QuestionKind::Scale {
            low: -2,
            high: 10,
            low_label: String::new(),
            high_label: String::new(),
            slider: false,
        };
        let many = QuestionKind::Many { options: options() };
        let choice = QuestionKind::Choice { options: options() };
        let one = QuestionKind::Samples { pick: Pick::One };
        let any = QuestionKind::Samples { pick: Pick::Any };
        for (kind, yes, no) in [
            (&choice, vec!["ai", "both"], vec!["", "AI", "ai|human"]),
            (&many, vec!["", "ai", "both|ai"], vec!["ai|ai", "ai|", "x"]),
            (&scale, vec!["-2", "0", "10"], vec!["-3", "11", "01", "+1", "1.0", "", "-0"]),
            (&QuestionKind::Text { most: 3 }, vec!["", "äöü"], vec!["four"]),
            (&one, vec!["1", "3"], vec!["0", "4", "1|2", "none", ""]),
            (&any, vec!["1", "3|1", "none"], vec!["3|3", "4", "", "none|1"]),
        ] {
            yes.iter().for_each(|response| assert!(kind.admits(response, 3), "{kind:?} {response:?}"));
            no.iter().for_each(|response| assert!(!kind.admits(response, 3), "{kind:?} {response:?}"));
        }
    }
}

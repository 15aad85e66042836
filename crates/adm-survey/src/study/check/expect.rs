//! Whether an answer that shows attention can be given. Whoever answers otherwise is screened out, so a slip of the pen would screen
//! out everybody.

use crate::manifest::{Pick, QuestionKind};

/// Refuses an answer that no page with `samples` samples gives. It is held against what the page gives letter by letter, so several
/// options are in their order, and several places likewise.
pub(super) fn check(kind: &QuestionKind, expected: &str, samples: usize) -> Result<(), String> {
    let place = |piece: &str| match kind {
        QuestionKind::Many { options } => options.iter().position(|option| option.value == piece),
        QuestionKind::Samples { .. } => piece.parse().ok(),
        _ => None,
    };
    let ordered = expected.split('|').filter_map(place).is_sorted();
    match !expected.is_empty() && kind.admits(expected, samples) {
        true if ordered => Ok(()),
        true => Err(format!("\"{expected}\" is not in the order of the options, as answers are; it is no answer")),
        false => Err(format!("\"{expected}\" is no answer")),
    }
}

/// Refuses what names none of a trial's samples, each given by its id and its truth: they are at other places on every sheet.
pub(super) fn check_named(pick: Pick, expected: &str, samples: &[(&str, &str)]) -> Result<(), String> {
    let words: Vec<&str> = expected.split('|').collect();
    let (ids, truths): (Vec<&str>, Vec<&str>) = samples.iter().copied().unzip();
    let fits = match pick {
        Pick::Any if expected == "none" => true,
        Pick::One if words.len() > 1 => false,
        _ => !words.contains(&"none") && (are_among(&words, &ids) || are_among(&words, &truths)),
    };
    let (ids, truths) = (ids.join(", "), truths.join(", "));
    match fits {
        true => Ok(()),
        false => Err(format!("\"{expected}\" names no samples of ids {ids}, or truths {truths}: it is no answer")),
    }
}

/// Whether all words are known, none more often than it is there.
fn are_among(words: &[&str], known: &[&str]) -> bool {
    let mut left = known.to_vec();
    words.iter().all(|word| {
        let found = left.iter().position(|other| other == word);
        found.map(|at| left.swap_remove(at)).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Choice;

    #[test]
    fn only_what_a_page_gives_can_be_expected() {
        let options = ["a", "b", "c"].map(|word| Choice { value: word.into(), label: word.into() }).to_vec();
        let (low_label, high_label) = (String::new(), String::new());
        for (kind, yes, no) in [
            (QuestionKind::Choice { options: options.clone() }, vec!["a"], vec!["", "d", "a|b"]),
            (QuestionKind::Many { options }, vec!["a", "a|c"], vec!["", "c|a", "a|a", "d"]),
            (QuestionKind::Scale { low: 0, high: 5, low_label, high_label, slider: false }, vec!["5"], vec!["6", "05"]),
            (QuestionKind::Text { most: 3 }, vec!["cat"], vec!["", "cats"]),
            (QuestionKind::Samples { pick: Pick::One }, vec!["2"], vec!["3", "none"]),
            (QuestionKind::Samples { pick: Pick::Any }, vec!["none", "1|2"], vec!["2|1", "3"]),
        ] {
            yes.iter().for_each(|expected| assert_eq!(check(&kind, expected, 2), Ok(()), "{kind:?} {expected}"));
            no.iter().for_each(|expected| assert!(check(&kind, expected, 2).is_err(), "{kind:?} {expected}"));
        }
    }

    #[test]
    fn samples_are_expected_by_id_or_by_truth() {
        let samples = [("x", "ai"), ("y", "ai"), ("z", "human")];
        for (pick, yes, no) in [
            (Pick::One, vec!["x", "ai", "human"], vec!["", "none", "1", "ai|ai", "x|y", "w"]),
            (
                Pick::Any,
                vec!["none", "z|x", "ai|ai", "human|ai"],
                vec!["", "none|x", "x|x", "ai|ai|ai", "x|human", "3"],
            ),
        ] {
            yes.iter().for_each(|expected| assert_eq!(check_named(pick, expected, &samples), Ok(()), "{expected}"));
            no.iter().for_each(|expected| assert!(check_named(pick, expected, &samples).is_err(), "{expected}"));
        }
    }
}

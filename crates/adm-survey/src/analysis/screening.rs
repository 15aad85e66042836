//! Who is left out of the screened analysis, and why.

use crate::scoring::{Person, Scored};
use crate::study::Screening;

use super::verdict::percent;

/// For each person, why they are left out; empty for those who stay.
pub(super) fn left_out(scored: &Scored, rules: &Screening) -> Vec<Vec<String>> {
    scored.people.iter().map(|person| reasons(person, rules)).collect()
}

fn reasons(person: &Person, rules: &Screening) -> Vec<String> {
    let (attention, repeats) = (share(person.attention), share(person.repeats));
    let attention = attention.filter(|share| *share < rules.attention).map(|share| {
        format!("{} of attention items answered as asked, least {}", percent(share), percent(rules.attention))
    });
    let repeats = repeats.filter(|share| *share < rules.repeats).map(|share| {
        format!("{} of repeated answers as the first time, least {}", percent(share), percent(rules.repeats))
    });
    // Two rules of BS.1534-3, each by itself: somebody may miss the reference in some trials and the anchor in others.
    let missed = |what: &str, counts| {
        share(counts).filter(|share| *share > rules.missed).map(|share| {
            format!(
                "{what} {} in {} of trials, most {} (BS.1534-3)",
                rules.reference_score,
                percent(share),
                percent(rules.missed)
            )
        })
    };
    let reference = missed("hidden reference below", person.missed_reference);
    let anchor = missed("mid anchor above", person.missed_anchor);
    [attention, repeats, reference, anchor].into_iter().flatten().collect()
}

/// What of how many; nothing where there were none.
fn share((part, whole): (usize, usize)) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(attention: (usize, usize), repeats: (usize, usize), missed: (usize, usize)) -> Person {
        Person {
            id: String::new(),
            background: Default::default(),
            attention,
            repeats,
            missed_reference: missed,
            missed_anchor: (0, 0),
            declined: 0,
            seconds: 0.0,
        }
    }

    /// One trial in ten misses the reference and another the anchor: neither rule is broken, though a fifth of trials misses one of both.
    #[test]
    fn reference_and_anchor_are_two_rules() {
        let of = |missed_reference, missed_anchor| {
            reasons(
                &Person { missed_reference, missed_anchor, ..person((0, 0), (0, 0), (0, 0)) },
                &Screening::default(),
            )
        };
        assert!(of((1, 10), (1, 10)).is_empty());
        assert_eq!(of((0, 10), (2, 10)), ["mid anchor above 90 in 20 % of trials, most 15 % (BS.1534-3)"]);
        assert_eq!(of((2, 10), (2, 10)).len(), 2);
    }

    #[test]
    fn each_rule_leaves_out_by_itself_and_only_beyond_its_bound() {
        let rules = Screening { attention: 0.5, repeats: 0.75, reference_score: 90.0, missed: 0.15 };
        let count = |attention, repeats, missed| reasons(&person(attention, repeats, missed), &rules).len();
        assert_eq!(count((0, 0), (0, 0), (0, 0)), 0, "what was not asked is no reason");
        assert_eq!(count((1, 2), (3, 4), (15, 100)), 0, "bounds themselves pass");
        assert_eq!(count((0, 2), (3, 4), (0, 0)), 1);
        assert_eq!(count((2, 2), (2, 4), (0, 0)), 1);
        assert_eq!(count((2, 2), (4, 4), (16, 100)), 1);
        assert_eq!(count((0, 1), (0, 1), (1, 1)), 3);
    }

    #[test]
    fn reasons_name_what_was_and_what_should_be() {
        let reasons = reasons(&person((1, 2), (0, 0), (2, 10)), &Screening::default());
        assert_eq!(reasons[0], "50 % of attention items answered as asked, least 100 %");
        assert_eq!(reasons[1], "hidden reference below 90 in 20 % of trials, most 15 % (BS.1534-3)");
    }
}

//! What is said of a test, in words.
//!
//! Two rules are kept here, and tested word by word: that no difference was shown is never said as if there were none, and nothing is
//! called indistinguishable but by an interval within a margin that was fixed before.

use adm_stats::equivalence::Verdict as Shown;
use serde::Serialize;

/// What was found about a share of right answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// People are right more often than by guessing.
    Above,
    /// People are wrong more often than by guessing, as who hears a difference and takes it for the opposite.
    Below,
    /// A difference was shown, and that it is smaller than the margin.
    WithinMargin,
    /// It was shown that the share lies within the margin around chance, for other people and other samples.
    Equivalent,
    /// The same for these samples taken together; with others, or for single ones, it was not shown.
    EquivalentTogether,
    /// Neither was shown.
    NotShown,
    /// There was nothing to test, or no way to.
    Untested,
}

/// Differences of shares that are rounding alone.
pub(super) const NOISE: f64 = 1e-9;

impl Finding {
    /// What an interval says of chance.
    pub fn of_interval(low: f64, high: f64, chance: f64) -> Self {
        match (low > chance + NOISE, high < chance - NOISE) {
            (true, _) => Self::Above,
            (_, true) => Self::Below,
            _ => Self::NotShown,
        }
    }

    /// What a p-value says of a share.
    pub fn of_test(p: f64, alpha: f64, share: f64, chance: f64) -> Self {
        match (p <= alpha, share > chance) {
            (false, _) => Self::NotShown,
            (true, true) => Self::Above,
            (true, false) => Self::Below,
        }
    }

    /// The same where equivalence was tested too, for these samples and for others.
    #[must_use]
    pub fn with_margin(self, shown: Shown, for_others: bool) -> Self {
        match (self, shown) {
            (Self::Untested, _) => Self::Untested,
            (Self::Above | Self::Below, Shown::DifferentWithinMargin | Shown::Equivalent) => Self::WithinMargin,
            (Self::NotShown, Shown::Equivalent | Shown::DifferentWithinMargin) => match for_others {
                true => Self::Equivalent,
                false => Self::EquivalentTogether,
            },
            (finding, _) => finding,
        }
    }
}

/// What was found, on what it rests, and what should be kept in mind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// What was found.
    pub finding: Finding,
    /// The method that decided.
    pub basis: String,
    /// The finding in a sentence.
    pub words: String,
    /// What should be kept in mind.
    pub cautions: Vec<String>,
}

impl Verdict {
    /// Puts a finding into words.
    pub(super) fn new(
        finding: Finding,
        basis: impl Into<String>,
        chance: f64,
        margin: Option<f64>,
        subject: Subject,
    ) -> Self {
        Self { finding, basis: basis.into(), words: words(finding, chance, margin, subject), cautions: Vec::new() }
    }

    /// Nothing was tested, and why.
    pub fn untested(why: impl Into<String>) -> Self {
        let words = format!("Not tested against guessing: {}.", why.into());
        Self { finding: Finding::Untested, basis: "none".to_owned(), words, cautions: Vec::new() }
    }

    /// The same with something to keep in mind.
    #[must_use]
    pub fn caution(mut self, words: impl Into<String>) -> Self {
        self.cautions.push(words.into());
        self
    }
}

/// Of whom a finding speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// People, of whom some answered.
    People,
    /// The only one who answered.
    One,
}

/// Said of every test that did not reject, wherever it is printed.
pub const NO_EVIDENCE: &str = "this is not evidence that there is no difference";

/// Nothing was shown, and what it was that was not.
pub fn not_shown(what: &str) -> String {
    format!("It was not shown that {what}; {NO_EVIDENCE}.")
}

fn words(finding: Finding, chance: f64, margin: Option<f64>, subject: Subject) -> String {
    let (were, hear, not_shown_words) = match subject {
        Subject::People => ("People were", "some may hear", not_shown("people do better or worse than guessing")),
        Subject::One => {
            ("This listener was", "they may hear", not_shown("this listener does better or worse than guessing"))
        }
    };
    let chance = percent(chance);
    let around = margin.map(|margin| format!("within {} points of the {chance} of guessing", in_points(margin)));
    match (finding, around) {
        (Finding::Above, None) => format!("{were} right more often than the {chance} of guessing."),
        (Finding::Above, Some(around)) => format!(
            "{were} right more often than the {chance} of guessing, and it was not shown that they stay {around}."
        ),
        (Finding::Below, _) => format!(
            "{were} right less often than the {chance} of guessing: {hear} a difference and take it for the opposite."
        ),
        (Finding::WithinMargin, Some(around)) => {
            format!("A difference was shown, and that it is small: the share of right answers lies {around}.")
        }
        (Finding::Equivalent, Some(around)) => format!(
            "Indistinguishable by the margin that was fixed beforehand: the share of right answers was shown to lie {around}, with other samples of their kind too."
        ),
        (Finding::EquivalentTogether, Some(around)) => format!(
            "For these samples taken together, the share of right answers was shown to lie {around}. Single ones may still be told apart, and with others of their kind it was not shown."
        ),
        (Finding::NotShown, Some(around)) => {
            format!("{not_shown_words} Nor was it shown that the share of right answers lies {around}.")
        }
        (Finding::NotShown | Finding::WithinMargin | Finding::Equivalent | Finding::EquivalentTogether, None) => {
            not_shown_words
        }
        (Finding::Untested, _) => "Not tested against guessing.".to_owned(),
    }
}

/// A share as a percentage, whole where it is: `50 %`, `33.3 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", in_points(share))
}

/// A difference of shares in points of a percent.
pub fn in_points(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Finding; 7] = [
        Finding::Above,
        Finding::Below,
        Finding::WithinMargin,
        Finding::Equivalent,
        Finding::EquivalentTogether,
        Finding::NotShown,
        Finding::Untested,
    ];
    /// Words that claim that there is nothing to hear.
    const CLAIMS: [&str; 7] =
        ["indistinguishable", "equivalent", "equal", "identical", "the same", "cannot tell", "no better than"];

    #[test]
    fn without_a_margin_nothing_is_called_indistinguishable() {
        for finding in ALL {
            let words = Verdict::new(finding, "a test", 0.5, None, Subject::People).words.to_lowercase();
            for claim in CLAIMS {
                assert!(!words.contains(claim), "{finding:?}: {words}");
            }
        }
    }

    #[test]
    fn with_a_margin_only_equivalence_is() {
        for finding in ALL {
            let words = Verdict::new(finding, "a test", 0.5, Some(0.1), Subject::One).words.to_lowercase();
            let claimed = CLAIMS.iter().any(|claim| words.contains(claim));
            assert_eq!(claimed, finding == Finding::Equivalent, "{finding:?}: {words}");
        }
    }

    #[test]
    fn what_was_not_shown_is_not_evidence() {
        for margin in [None, Some(0.1)] {
            let words = Verdict::new(Finding::NotShown, "a test", 0.5, margin, Subject::People).words;
            assert!(words.contains(NO_EVIDENCE) && words.contains("better or worse than guessing"), "{words}");
        }
    }

    #[test]
    fn findings_follow_intervals_and_margins() {
        use Finding::*;
        for (low, high, expected) in
            [(0.51, 0.6, Above), (0.4, 0.49, Below), (0.49, 0.51, NotShown), (0.5, 0.6, NotShown)]
        {
            assert_eq!(Finding::of_interval(low, high, 0.5), expected);
        }
        assert_eq!(Finding::of_test(0.04, 0.05, 0.6, 0.5), Above);
        assert_eq!(Finding::of_test(0.04, 0.05, 0.4, 0.5), Below);
        assert_eq!(Finding::of_test(0.06, 0.05, 0.6, 0.5), NotShown);
        for (finding, shown, for_others, expected) in [
            (NotShown, Shown::Equivalent, true, Equivalent),
            (NotShown, Shown::Equivalent, false, EquivalentTogether),
            (NotShown, Shown::Inconclusive, true, NotShown),
            (Above, Shown::DifferentWithinMargin, false, WithinMargin),
            (Above, Shown::Different, true, Above),
            (Below, Shown::Inconclusive, true, Below),
            (Untested, Shown::Equivalent, true, Untested),
        ] {
            assert_eq!(finding.with_margin(shown, for_others), expected, "{finding:?} {shown:?}");
        }
    }

    #[test]
    fn shares_are_printed_as_short_as_they_are() {
        assert_eq!([0.5, 1.0 / 3.0, 0.125, 1.0, 0.0].map(percent), ["50 %", "33.3 %", "12.5 %", "100 %", "0 %"]);
    }
}

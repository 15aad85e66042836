//! Orders from which the answers could be read.

use super::plan::{PlannedTrial, Sound};
use crate::SurveyError;
use crate::study::BlockSpec;
use std::collections::BTreeSet;

/// Fewest trials whose order can be a pattern rather than chance.
const FEWEST: usize = 3;

/// Refuses a given order in which a place always has the same truth, or truths come one after the other, or take turns.
pub(super) fn check(block: &BlockSpec, trials: &[PlannedTrial], sounds: &[Sound<'_>]) -> Result<(), SurveyError> {
    let judged: Vec<&PlannedTrial> = trials.iter().filter(|trial| trial.expect.is_empty()).collect();
    if judged.len() < FEWEST {
        return Ok(());
    }
    let places = judged.iter().map(|trial| trial.samples.len()).min().unwrap_or(0);
    for place in 0..places {
        let truths: Vec<&str> = judged.iter().map(|trial| sounds[trial.samples[place].sound].truth).collect();
        // Alone in its trial, a sound of a single truth hides nothing that its neighbours could tell.
        let others =
            judged.iter().any(|trial| trial.samples.iter().any(|sample| sounds[sample.sound].truth != truths[0]));
        if let Some(pattern) = pattern(&truths).filter(|_| others) {
            let problem = format!("with order = \"as-given\", place {} {pattern}", place + 1);
            return Err(SurveyError::study(format!("blocks.{}", block.id), problem)
                .or("leave order out, so that it is balanced at random"));
        }
    }
    Ok(())
}

/// What the truths at one place follow, in words.
fn pattern(truths: &[&str]) -> Option<String> {
    let changes = truths.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let kinds = truths.iter().collect::<BTreeSet<_>>().len();
    let repeats = |period: &usize| truths.iter().zip(&truths[*period..]).all(|(one, other)| one == other);
    let period = (1..=truths.len() / 2).find(repeats);
    let [first, .., last] = truths else { return None };
    if changes == 0 {
        Some(format!("is \"{first}\" in every trial"))
    } else if truths.len() <= FEWEST {
        None
    } else if changes == 1 {
        Some(format!("is \"{first}\" at first and \"{last}\" from then on"))
    } else if changes == kinds - 1 {
        Some("has all of one kind, then all of the next".to_owned())
    } else {
        period.map(|period| format!("comes round every {period} trials"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_told_from_chance() {
        let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        assert_eq!(pattern(&words("a a a")).unwrap(), "is \"a\" in every trial");
        assert_eq!(pattern(&words("a a b b")).unwrap(), "is \"a\" at first and \"b\" from then on");
        assert_eq!(pattern(&words("a b a b")).unwrap(), "comes round every 2 trials");
        assert_eq!(pattern(&words("a a b a a b")).unwrap(), "comes round every 3 trials");
        assert_eq!(pattern(&words("a a b b c c")).unwrap(), "has all of one kind, then all of the next");
        for free in ["a b b", "a b b a", "a a b a", "a b c a", "a b b a b a a b"] {
            assert_eq!(pattern(&words(free)), None, "{free}");
        }
    }
}

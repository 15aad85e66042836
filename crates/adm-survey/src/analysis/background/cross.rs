//! Scores against what people said of themselves.

use super::Scores;
use crate::analysis::numbers::{Known, Tested};
use crate::analysis::verdict::percent;
use crate::analysis::view::View;
use adm_stats::{Sides, contingency, mean, ranks};
use serde::Serialize;

/// Scores against answers, by ranks and by classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossed {
    /// Mann and Whitney's test of two groups, Kruskal and Wallis's of more.
    pub ranks: Known<Tested>,
    /// Its p-value with Holm's correction over all traits.
    pub ranks_holm: Option<f64>,
    /// How scores were made into two classes, and the table.
    pub classes: Classes,
    /// Independence of answer and class: χ², Fisher's or Monte Carlo, as counts allow. Each person counts once.
    pub independence: Known<Tested>,
    /// Its p-value with Holm's correction over all traits.
    pub independence_holm: Option<f64>,
    /// Cramér's V of the table, 0 for no dependence to 1.
    pub cramers_v: Known<f64>,
    /// The same with Bergsma's correction for small tables.
    pub cramers_v_corrected: Known<f64>,
}

/// A table of people by answer and class of score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes {
    /// The names of the two classes, as columns.
    pub names: [String; 2],
    /// Answers, as rows.
    pub answers: Vec<String>,
    /// People: a row an answer, a column a class.
    pub counts: Vec<[u64; 2]>,
}

/// Groups of people, each with their scores.
pub(super) fn cross(view: View<'_>, groups: &[(String, Vec<(usize, f64)>)], scores: &Scores) -> Crossed {
    let groups: Vec<_> = groups.iter().filter(|(_, own)| !own.is_empty()).collect();
    let values: Vec<Vec<f64>> = groups.iter().map(|(_, own)| own.iter().map(|(_, score)| *score).collect()).collect();
    let (names, bound) = bound(scores);
    let class = |own: &Vec<f64>| {
        let above = own.iter().filter(|score| **score > bound).count() as u64;
        [own.len() as u64 - above, above]
    };
    let counts: Vec<[u64; 2]> = values.iter().map(class).collect();
    let independence = Known::from(contingency::independence(&counts, view.seeds));
    Crossed {
        ranks: by_ranks(&values),
        ranks_holm: None,
        classes: Classes { names, answers: groups.iter().map(|(name, _)| name.clone()).collect(), counts },
        cramers_v: independence.clone().map(|found| found.cramers_v),
        cramers_v_corrected: independence.clone().map(|found| found.cramers_v_corrected),
        independence: independence.map(|found| Tested::from(found.test)),
        independence_holm: None,
    }
}

fn by_ranks(groups: &[Vec<f64>]) -> Known<Tested> {
    match groups {
        [] | [_] => Known::not("all gave the same answer"),
        [first, second] => ranks::mann_whitney(first, second, Sides::Two).into(),
        more => ranks::kruskal_wallis(more).into(),
    }
}

/// Two classes: up to this score, and above. Wrong and right where there is one answer each; guessing where it is one number, which is
/// fixed before answers are seen; the median elsewhere.
fn bound(scores: &Scores) -> ([String; 2], f64) {
    let values: Vec<f64> = scores.of.values().copied().collect();
    let is_single = scores.chance.is_some() && values.iter().all(|score| *score == 0.0 || *score == 1.0);
    let median = || mean::quantile(&values, 0.5).unwrap_or(0.0);
    match scores.chance {
        Some(_) if is_single => (["wrong".to_owned(), "right".to_owned()], 0.5),
        Some(chance) => {
            let chance_words = percent(chance);
            ([format!("right in {chance_words} or less"), format!("right in more than {chance_words}")], chance)
        }
        None => {
            let median = median();
            ([format!("{median:.2} or less"), format!("more than {median:.2}")], median)
        }
    }
}

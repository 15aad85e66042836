//! Comparisons within people: each is their own control.

use super::numbers::{Known, Tested, person_means};
use adm_stats::{Sides, multiple, ranks};
use serde::Serialize;
use std::collections::BTreeMap;

/// What each condition was given, as pairs of a person and a value.
pub(super) type Conditions = BTreeMap<String, Vec<(usize, f64)>>;

/// Conditions compared within people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Friedman's test over the means of people who rated all conditions; where there are more than two.
    pub all: Option<Known<Tested>>,
    /// Every pair of conditions.
    pub pairs: Vec<Pair>,
}

/// Two conditions compared within people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// People who rated both.
    pub persons: u64,
    /// The mean over people of the first less the second.
    pub difference: Known<f64>,
    /// Wilcoxon's signed-rank test of people's differences.
    pub test: Known<Tested>,
    /// Its p-value with Holm's correction over all pairs of this comparison.
    pub holm: Option<f64>,
}

/// Compares all conditions; nothing where there are fewer than two.
pub(super) fn compare(conditions: &Conditions) -> Option<Comparison> {
    let means: BTreeMap<&String, BTreeMap<usize, f64>> =
        conditions.iter().map(|(name, values)| (name, person_means(values).into_iter().collect())).collect();
    if means.len() < 2 {
        return None;
    }
    let names: Vec<_> = means.keys().copied().collect();
    let mut pairs = Vec::new();
    for (index, first) in names.iter().enumerate() {
        for second in names.iter().skip(index + 1) {
            pairs.push(pair(first, &means[*first], second, &means[*second]));
        }
    }
    correct(&mut pairs);
    Some(Comparison { all: (names.len() > 2).then(|| friedman(&means)), pairs })
}

fn friedman(means: &BTreeMap<&String, BTreeMap<usize, f64>>) -> Known<Tested> {
    let persons = means.values().next().into_iter().flat_map(BTreeMap::keys);
    let row = |person: &usize| means.values().map(|own| own.get(person).copied()).collect::<Option<Vec<f64>>>();
    let rows: Vec<Vec<f64>> = persons.filter_map(row).collect();
    ranks::friedman(&rows).into()
}

fn pair(first: &str, one: &BTreeMap<usize, f64>, second: &str, other: &BTreeMap<usize, f64>) -> Pair {
    let differences: Vec<f64> = one.iter().filter_map(|(person, value)| Some(value - other.get(person)?)).collect();
    let n = differences.len();
    Pair {
        first: first.to_owned(),
        second: second.to_owned(),
        persons: n as u64,
        difference: match n {
            0 => Known::not("nobody rated both"),
            _ => Known::Is(differences.iter().sum::<f64>() / n as f64),
        },
        test: ranks::wilcoxon(&differences, Sides::Two).into(),
        holm: None,
    }
}

/// Holm's correction over the tests that could be made.
fn correct(pairs: &mut [Pair]) {
    let p: Vec<f64> = pairs.iter().filter_map(|pair| Some(pair.test.get()?.p)).collect();
    let Ok(corrected) = multiple::holm(&p) else { return };
    let tested = pairs.iter_mut().filter(|pair| pair.test.get().is_some());
    tested.zip(corrected).for_each(|(pair, p)| pair.holm = Some(p));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(values: &[(&str, &[f64])]) -> Conditions {
        let own = |values: &[f64]| values.iter().copied().enumerate().collect();
        values.iter().map(|(name, values)| ((*name).to_owned(), own(values))).collect()
    }

    #[test]
    fn two_conditions_are_compared_by_wilcoxon_alone() {
        // Differences 1, 2, 3, 4, 5: all positive, so V = 15 and p = 2 / 2^5.
        let found = compare(&conditions(&[("a", &[2., 4., 6., 8., 10.]), ("b", &[1., 2., 3., 4., 5.])])).unwrap();
        assert!(found.all.is_none());
        let test = found.pairs[0].test.get().unwrap();
        assert_eq!((test.statistic, test.p), (15.0, 0.0625));
        assert_eq!(found.pairs[0].difference.get(), Some(&3.0));
        assert_eq!(found.pairs[0].holm, Some(0.0625));
    }

    #[test]
    fn three_conditions_are_compared_by_friedman_and_holm() {
        // Everybody has the same order: W is 1 and χ² is persons × (conditions − 1).
        let found = compare(&conditions(&[
            ("a", &[1., 2., 3., 4., 5.]),
            ("b", &[2., 4., 6., 8., 10.]),
            ("c", &[3., 7., 11., 15., 19.]),
        ]))
        .unwrap();
        let all = found.all.unwrap();
        assert!((all.get().unwrap().statistic - 10.0).abs() < 1e-9);
        assert!((all.get().unwrap().effect.as_ref().unwrap().1 - 1.0).abs() < 1e-9);
        assert_eq!(found.pairs.len(), 3);
        // Three p-values of 1/16 each: Holm gives 3/16 for all.
        assert!(found.pairs.iter().all(|pair| (pair.holm.unwrap() - 0.1875).abs() < 1e-12));
    }

    #[test]
    fn people_who_rated_one_alone_enter_no_pair() {
        let mut both = conditions(&[("a", &[1.0, 2.0]), ("b", &[3.0])]);
        assert_eq!(compare(&both).unwrap().pairs[0].persons, 1);
        both.remove("b");
        assert_eq!(compare(&both), None);
    }
}

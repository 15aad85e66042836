//! Comparisons within people: each is their own control.

use super::numbers::{Known, Tested, holm, person_means};
use adm_stats::{Sides, ranks};
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
    /// Its p-value with Holm's correction: over all pairs of conditions, and of a choice over all of its options too.
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
    holm(pairs.iter_mut().map(|pair| (&pair.test, &mut pair.holm)));
    Some(Comparison { all: (names.len() > 2).then(|| friedman(&means)), pairs })
}

fn friedman(means: &BTreeMap<&String, BTreeMap<usize, f64>>) -> Known<Tested> {
    let persons = means.values().next().into_iter().flat_map(BTreeMap::keys);
    let row = |person: &usize| means.values().map(|own| own.get(person).copied()).collect::<Option<Vec<f64>>>();
    let rows: Vec<Vec<f64>> = persons.filter_map(row).collect();
    ranks::friedman(&rows).into()
}

/// A difference of means without its last digits: those of means that are equal, or equally far apart, hold rounding alone, and ranks would
/// take that for an order. Means of up to a thousand ratings differ by more.
fn steady(difference: f64) -> f64 {
    const PLACES: f64 = 1e9;
    (difference * PLACES).round() / PLACES
}

fn pair(first: &str, one: &BTreeMap<usize, f64>, second: &str, other: &BTreeMap<usize, f64>) -> Pair {
    let difference = |(person, value): (&usize, &f64)| Some(steady(value - other.get(person)?));
    let differences: Vec<f64> = one.iter().filter_map(difference).collect();
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

    /// 10/3 − 7/3, 4/3 − 1/3 and 8/3 − 5/3 are 1, and 1/3 − 1/3 with a rating more is 0: not so in floating point.
    #[test]
    fn rounding_is_no_difference() {
        let thirds = |person: usize, ratings: [f64; 3]| ratings.map(|rating| (person, rating));
        let of = |ratings: [[f64; 3]; 5]| -> Vec<(usize, f64)> {
            ratings.into_iter().enumerate().flat_map(|(person, own)| thirds(person, own)).collect()
        };
        let one = of([[3., 3., 4.], [1., 1., 2.], [2., 3., 3.], [6., 6., 7.], [0., 0., 1.]]);
        let mut other = of([[2., 2., 3.], [0., 0., 1.], [1., 2., 2.], [5., 5., 6.], [0., 0., 1.]]);
        // Three answers more of 1/3 in all, whose mean is the same.
        other.extend(thirds(4, [0.0, 0.1 + 0.2, 0.7]));
        let found = compare(&Conditions::from([("a".to_owned(), one), ("b".to_owned(), other)])).unwrap();
        let test = found.pairs[0].test.get().unwrap();
        assert_eq!(test.n, 4, "one of five pairs has no difference");
        // Four equal differences: ranks 2.5 each, V = 10.
        assert!(test.notes.iter().any(|note| note.contains("ties")), "{test:?}");
        assert_eq!(test.statistic, 10.0);
    }

    #[test]
    fn people_who_rated_one_alone_enter_no_pair() {
        let mut both = conditions(&[("a", &[1.0, 2.0]), ("b", &[3.0])]);
        assert_eq!(compare(&both).unwrap().pairs[0].persons, 1);
        both.remove("b");
        assert_eq!(compare(&both), None);
    }
}

//! Statistics of counts without each person in turn.

use adm_stats::{StatsError, jackknife};
use std::collections::BTreeMap;

use super::numbers::{Known, Tested};

/// Counts of what answers are; a statistic says which place counts what.
pub(super) type Tally = [u64; 8];

/// Each person's counts, and everybody's.
pub(super) struct Tallies {
    pub all: Tally,
    people: Vec<Tally>,
}

impl Tallies {
    /// From each answer's person and place.
    pub fn new(answers: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut people = BTreeMap::<usize, Tally>::new();
        let mut all = Tally::default();
        for (person, place) in answers {
            people.entry(person).or_default()[place] += 1;
            all[place] += 1;
        }
        Self { all, people: people.into_values().collect() }
    }

    /// The statistic without each person; nothing where it is undefined without one.
    fn without(&self, of: impl Fn(&Tally) -> Option<f64>) -> Option<Vec<f64>> {
        let rest = |own: &Tally| std::array::from_fn(|place| self.all[place] - own[place]);
        self.people.iter().map(|own| of(&rest(own))).collect()
    }

    /// The standard error of a statistic over persons.
    pub fn standard_error(&self, of: impl Fn(&Tally) -> Option<f64>) -> Option<f64> {
        jackknife::standard_error(&self.without(of)?).ok()
    }

    /// The test of a statistic against `expected` over persons.
    pub fn test(&self, expected: f64, of: impl Fn(&Tally) -> Option<f64>) -> Known<Tested> {
        let undefined = || StatsError::NoVariation { what: "answers of all but one person" };
        let test = of(&self.all).ok_or_else(undefined).and_then(|estimate| {
            let without = self.without(&of).ok_or_else(undefined)?;
            jackknife::test(estimate, &without, expected)
        });
        test.into()
    }
}

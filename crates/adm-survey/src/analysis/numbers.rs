//! Numbers as `report.json` has them: each with its method, and a reason where there is none.

use adm_stats::{Interval, StatsError, Test};
use serde::Serialize;

/// A number, or why there is none. Nothing is NaN, and nothing is left out without a word.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Known<T> {
    /// It is this.
    Is(T),
    /// It is not known.
    Not {
        /// Why, in words.
        missing: String,
    },
}

impl<T> Known<T> {
    /// Not known, and why.
    pub fn not(why: impl Into<String>) -> Self {
        Self::Not { missing: why.into() }
    }

    /// What it is, where it is known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Not { .. } => None,
        }
    }

    /// Why it is not known; nothing where it is.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Is(_) => None,
            Self::Not { missing } => Some(missing),
        }
    }

    /// Something else that follows from it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Is(value) => Known::Is(change(value)),
            Self::Not { missing } => Known::Not { missing },
        }
    }
}

impl<T> From<Result<T, StatsError>> for Known<T> {
    fn from(result: Result<T, StatsError>) -> Self {
        match result {
            Ok(value) => Self::Is(value),
            Err(error) => Self::not(error.to_string()),
        }
    }
}

/// A confidence interval with the level that it holds and how it was computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Span {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Its level, 0 to 1.
    pub level: f64,
    /// The method's name.
    pub method: String,
}

impl Span {
    /// An interval by a method.
    pub fn new(interval: Interval, method: impl Into<String>) -> Self {
        Self { low: interval.low, high: interval.high, level: interval.level, method: method.into() }
    }

    /// That of a share, which lies within 0 and 1.
    pub fn of_share(interval: Interval, method: impl Into<String>) -> Self {
        let within = |end: f64| end.clamp(0.0, 1.0);
        Self { low: within(interval.low), high: within(interval.high), ..Self::new(interval, method) }
    }

    /// Whether a value lies inside, the ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tested {
    /// The method's name.
    pub method: String,
    /// Which deviations counted, in words.
    pub sides: String,
    /// What the statistic is called.
    pub symbol: String,
    /// The statistic; `null` in JSON where it is infinite.
    pub statistic: f64,
    /// Degrees of freedom, where the method has them.
    pub freedom: Option<f64>,
    /// The p-value. A large one is no proof that there is no difference.
    pub p: f64,
    /// Observations that entered.
    pub n: u64,
    /// What the size of the effect is called, and how large it is.
    pub effect: Option<(String, f64)>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

impl From<Test> for Tested {
    fn from(test: Test) -> Self {
        Self {
            method: test.method.to_string(),
            sides: test.sides.to_string(),
            symbol: test.method.symbol().to_owned(),
            statistic: test.statistic,
            freedom: test.freedom,
            p: test.p,
            n: test.n,
            effect: test.effect.map(|effect| (effect.kind.to_string(), effect.value)),
            notes: test.notes.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<Result<Test, StatsError>> for Known<Tested> {
    fn from(result: Result<Test, StatsError>) -> Self {
        Known::<Test>::from(result).map(Tested::from)
    }
}

/// Ratings, times or scores in a few numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Described {
    /// Of what.
    pub name: String,
    /// Answers.
    pub n: u64,
    /// People who gave them.
    pub persons: u64,
    /// Their mean, all answers alike.
    pub mean: Known<f64>,
    /// Their standard deviation over n − 1.
    pub sd: Known<f64>,
    /// The lower quartile, the median and the upper quartile.
    pub quartiles: Known<[f64; 3]>,
    /// Student's interval over people's own means, so that nobody counts twice; the usual one where each answered once. It lies
    /// around the mean of these means.
    pub interval: Known<Span>,
}

impl Described {
    /// Describes values, each with the person that it comes from.
    pub fn new(name: impl Into<String>, values: &[(usize, f64)], level: f64) -> Self {
        let all: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let own = person_means(values);
        let summary = Known::from(adm_stats::mean::summary(&all));
        let means: Vec<f64> = own.iter().map(|(_, mean)| *mean).collect();
        let method = match own.len() == all.len() {
            true => "Student's t",
            false => "Student's t over people's means",
        };
        Self {
            name: name.into(),
            n: all.len() as u64,
            persons: own.len() as u64,
            mean: summary.clone().map(|summary| summary.mean),
            sd: match summary.get().map(|summary| summary.sd) {
                Some(Some(sd)) => Known::Is(sd),
                Some(None) => Known::not("a single answer has no spread"),
                None => Known::not("there are no answers"),
            },
            quartiles: summary.map(|summary| [summary.lower_quartile, summary.median, summary.upper_quartile]),
            interval: Known::from(adm_stats::mean::t_interval(&means, level)).map(|range| Span::new(range, method)),
        }
    }
}

/// Each person's mean, in order of persons.
pub(crate) fn person_means(values: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut sums = std::collections::BTreeMap::<usize, (f64, f64)>::new();
    for (person, value) in values {
        let entry = sums.entry(*person).or_default();
        *entry = (entry.0 + value, entry.1 + 1.0);
    }
    sums.into_iter().map(|(person, (sum, n))| (person, sum / n)).collect()
}

/// Holm's correction over all tests that could be made: each with the place of its corrected p-value.
pub(crate) fn holm<'a>(tests: impl Iterator<Item = (&'a Known<Tested>, &'a mut Option<f64>)>) {
    let (p, places): (Vec<f64>, Vec<_>) = tests.filter_map(|(test, place)| Some((test.get()?.p, place))).unzip();
    if let Ok(corrected) = adm_stats::multiple::holm(&p) {
        places.into_iter().zip(corrected).for_each(|(place, p)| *place = Some(p));
    }
}

/// A count as the statistics take it.
pub(crate) fn count<T>(items: impl IntoIterator<Item = T>, is: impl FnMut(&T) -> bool) -> u64 {
    items.into_iter().filter(is).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_counts_twice_in_an_interval() {
        // Three people, one of whom answered three times: their own means are 2, 4 and 6.
        let values = [(0, 1.0), (0, 2.0), (0, 3.0), (1, 4.0), (2, 6.0)];
        assert_eq!(person_means(&values), [(0, 2.0), (1, 4.0), (2, 6.0)]);
        let described = Described::new("x", &values, 0.95);
        assert_eq!((described.n, described.persons), (5, 3));
        assert!((described.mean.get().unwrap() - 3.2).abs() < 1e-12);
        // t(0.975, 2) = 4.302653, SD 2, n 3: 4 ± 4.968275.
        let interval = described.interval.get().unwrap();
        assert!((interval.low + 0.968_275).abs() < 1e-5 && (interval.high - 8.968_275).abs() < 1e-5, "{interval:?}");
        assert_eq!(interval.method, "Student's t over people's means");
    }

    #[test]
    fn what_is_not_known_says_why() {
        let none = Described::new("x", &[], 0.95);
        assert!(none.mean.why().is_some() && none.sd.why().is_some() && none.interval.why().is_some());
        let one = Described::new("x", &[(0, 3.0)], 0.95);
        assert_eq!(one.mean.get(), Some(&3.0));
        assert_eq!(one.sd.why(), Some("a single answer has no spread"));
        assert!(serde_json::to_string(&one).unwrap().contains("\"missing\""));
    }
}

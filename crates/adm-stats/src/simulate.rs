//! Test support: simulated listeners, to check that verdicts come at the right rates.

use adm_core::{
    Seeds,
    seeds::{RngExt, StreamRng},
};

use crate::{
    Result, StatsError,
    bootstrap::Record,
    check,
    special::{bisect, normal_density, normal_quantile},
};

/// A study's listeners and items. A person's chance of a hit on an item is logistic(μ + ability + ease), both normal
/// with mean 0 (the Rasch model with random effects); μ makes the population's mean the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cohort {
    /// Persons, at least 1.
    pub persons: usize,
    /// Items, each judged once by every person, at least 1.
    pub items: usize,
    /// The mean probability of a hit, in (0, 1).
    pub truth: f64,
    /// The standard deviation of abilities in logits, ≥ 0; more makes a person's answers hang together more.
    pub person_sd: f64,
    /// The standard deviation of the items' ease in logits, ≥ 0.
    pub item_sd: f64,
}

impl Cohort {
    /// The answers of study `index`, persons within it in order; from the stream "cohort".
    ///
    /// # Errors
    /// [`crate::StatsError::OutOfRange`].
    pub fn study(&self, seeds: Seeds, index: u64) -> Result<Vec<Record>> {
        let level = self.level()?;
        let mut rng = seeds.stream("cohort", index);
        let ability: Vec<f64> = (0..self.persons).map(|_| self.person_sd * normal(&mut rng)).collect();
        let ease: Vec<f64> = (0..self.items).map(|_| self.item_sd * normal(&mut rng)).collect();
        let pairs = (0..self.persons).flat_map(|person| (0..self.items).map(move |item| (person, item)));
        let answer = |(person, item): (usize, usize)| {
            let hit = rng.random::<f64>() < logistic(level + ability[person] + ease[item]);
            Record { person, item, value: f64::from(u8::from(hit)) }
        };
        Ok(pairs.map(answer).collect())
    }

    /// The intraclass correlation of a person's answers that `person_sd` makes at this truth.
    ///
    /// # Errors
    /// [`crate::StatsError::OutOfRange`].
    pub fn icc(&self) -> Result<f64> {
        let level = self.level()?;
        // The variance of persons' own probabilities, each averaged over items, in that of one answer.
        let own = |ability: f64| average(self.item_sd, |ease| logistic(level + ability + ease));
        let spread = average(self.person_sd, |ability| (own(ability) - self.truth).powi(2));
        Ok(spread / (self.truth * (1.0 - self.truth)))
    }

    /// μ: the logit at which the population's mean is the truth; by symmetry 0 for a half.
    fn level(&self) -> Result<f64> {
        check::open_unit("truth", self.truth)?;
        check::at_least("persons", 1, self.persons as u64)?;
        check::at_least("items", 1, self.items as u64)?;
        for (what, sd) in [("person_sd", self.person_sd), ("item_sd", self.item_sd)] {
            if !(0.0..=MOST_SPREAD).contains(&sd) {
                return Err(StatsError::OutOfRange { what, value: sd, range: "in 0..=10" });
            }
        }
        if self.truth == 0.5 {
            return Ok(0.0);
        }
        let sd = self.person_sd.hypot(self.item_sd);
        Ok(bisect(-LOGITS, LOGITS, |level| average(sd, |away| logistic(level + away)) - self.truth))
    }
}

/// Beyond this, everybody is always right or always wrong.
const MOST_SPREAD: f64 = 10.0;

/// Where the search for μ ends.
const LOGITS: f64 = 200.0;

fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

fn normal(rng: &mut StreamRng) -> f64 {
    normal_quantile(rng.random())
}

/// The mean of `function` over a normal distribution around 0, by the trapezoidal rule over ± 8 SD, which converges
/// faster than any power of the step for smooth functions.
fn average(sd: f64, function: impl Fn(f64) -> f64) -> f64 {
    if sd == 0.0 {
        return function(0.0);
    }
    let points = (-80..=80).map(|step| f64::from(step) * 0.1);
    let (sum, weights) = points.fold((0.0, 0.0), |(sum, weights), z| {
        let weight = normal_density(z);
        (sum + weight * function(sd * z), weights + weight)
    });
    sum / weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::by_person;

    /// 4,000 persons of 20 answers: the mean's standard error is .003, that of the correlation about .004.
    #[test]
    fn cohorts_have_the_mean_and_the_correlation_they_say() {
        for truth in [0.5, 0.7] {
            let cohort = Cohort { persons: 4_000, items: 20, truth, person_sd: 0.9, item_sd: 0.0 };
            let records = cohort.study(Seeds::new(1), 0).unwrap();
            let mean = records.iter().map(|record| record.value).sum::<f64>() / records.len() as f64;
            assert!((mean - truth).abs() < 0.012, "{mean}");
            let (found, said) = (by_person(&records).unwrap().icc, cohort.icc().unwrap());
            assert!((found - said).abs() < 0.016, "{found} against {said}");
        }
    }
}

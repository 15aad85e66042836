//! What leaving out one person after the other says of a statistic: for those that have no formula of their own.

use crate::{Method, Result, Sides, StatsError, Test, check, mean::moments, special::t_upper};

/// The standard error of a statistic from its values without each of the persons: √((G − 1) / G · Σ (θᵢ − θ̄)²) for G
/// persons (Efron & Tibshirani 1993, section 11.2). It holds however a person's answers hang together.
///
/// # Errors
/// [`StatsError::TooFew`] below two persons, [`StatsError::NotFinite`].
pub fn standard_error(without_one: &[f64]) -> Result<f64> {
    check::at_least("persons", 2, without_one.len() as u64)?;
    let (_, variance) = moments(without_one)?;
    let persons = without_one.len() as f64;
    // The variance is over G − 1.
    Ok(((persons - 1.0).powi(2) / persons * variance).sqrt())
}

/// Tests an estimate, with its values without each of the persons, against `expected`: t with persons − 1 degrees of freedom.
///
/// # Errors
/// As [`standard_error`]; [`StatsError::NoVariation`] where nobody makes a difference.
pub fn test(estimate: f64, without_one: &[f64], expected: f64) -> Result<Test> {
    check::finite("the estimate", &[estimate, expected])?;
    let error = standard_error(without_one)?;
    let largest = without_one.iter().fold(estimate.abs(), |largest, value| largest.max(value.abs()));
    if error <= 1e-12 * largest {
        return Err(StatsError::NoVariation { what: "values without one person" });
    }
    let (t, freedom) = ((estimate - expected) / error, without_one.len() as f64 - 1.0);
    Ok(Test {
        method: Method::JackknifeT,
        sides: Sides::Two,
        statistic: t,
        freedom: Some(freedom),
        p: 2.0 * t_upper(t.abs(), freedom),
        n: without_one.len() as u64,
        effect: None,
        notes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a mean the jackknife's is the usual standard error: values 1 to 5 have SD √2.5, so √.5; and t of one sample.
    #[test]
    fn of_a_mean_it_is_the_usual_one() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0];
        let without: Vec<f64> = values.iter().map(|value| (15.0 - value) / 4.0).collect();
        assert!((standard_error(&without).unwrap() - 0.5f64.sqrt()).abs() < 1e-12);
        let found = test(3.0, &without, 1.0).unwrap();
        // R: t.test(1:5, mu = 1) gives t = 2.828427, df = 4, p = 0.04742065.
        assert!((found.statistic - 8.0f64.sqrt()).abs() < 1e-12 && (found.p - 0.047_420_65).abs() < 1e-8, "{found:?}");
    }

    #[test]
    fn nobody_makes_a_difference() {
        assert!(matches!(test(1.0, &[1.0; 5], 0.0), Err(StatsError::NoVariation { .. })));
        assert!(standard_error(&[1.0]).is_err() && standard_error(&[f64::NAN; 3]).is_err());
    }
}

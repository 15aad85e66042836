//! Tails and quantiles of the distributions that tests refer to.
//!
//! statrs gives `gamma_ur`, `ln_gamma` and `erfc_inv` to 1e-13 or better on all swept inputs. Three of its functions are
//! written anew here because they are not good enough for p-values (statrs 0.19.1 against scipy 1.17 and, for the beta distribution, mpmath):
//! - `erfc` is off by up to 1e-10, so the normal tail comes from `gamma_ur`;
//! - `beta_reg` stops its continued fraction after 140 steps (relative error .002 at a = b = 500,000, 1e-9 in tails)
//!   and computes one of both tails as 1 − the other;
//! - `inv_beta_reg`, built on it, is off by .5 % at (½, 500,000).

use std::f64::consts::{PI, SQRT_2, TAU};

use statrs::function::{
    erf::erfc_inv,
    gamma::{gamma_ur, ln_gamma},
};

/// P(Z > z) of the standard normal distribution.
pub(crate) fn normal_upper(z: f64) -> f64 {
    let tail = chi_square_upper(z * z, 1.0) / 2.0;
    if z >= 0.0 { tail } else { 1.0 - tail }
}

/// P(Z ≤ z).
pub(crate) fn normal_lower(z: f64) -> f64 {
    normal_upper(-z)
}

/// The density of the standard normal distribution.
pub(crate) fn normal_density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / TAU.sqrt()
}

/// The z with P(Z ≤ z) = p, for p in [0, 1]; infinite at the ends.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// P(χ² > x) with `freedom` degrees of freedom.
pub(crate) fn chi_square_upper(x: f64, freedom: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        gamma_ur(freedom / 2.0, x / 2.0)
    }
}

/// P(T > t) of Student's distribution.
pub(crate) fn t_upper(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() {
        return if t > 0.0 { 0.0 } else { 1.0 };
    }
    let sum = freedom + t * t;
    let tail = beta_tails(freedom / 2.0, 0.5, freedom / sum, t * t / sum).0 / 2.0;
    if t >= 0.0 { tail } else { 1.0 - tail }
}

/// The t with P(T > t) = `tail`, for `tail` in (0, .5].
pub(crate) fn t_quantile(tail: f64, freedom: f64) -> f64 {
    // y = t²/(freedom + t²) is Beta(½, freedom/2), x = 1 − y the other way round; solved for the smaller, which has more
    // digits.
    let half = freedom / 2.0;
    let y = bisect(0.0, 0.5, |y| 2.0 * tail - beta_tails(0.5, half, y, 1.0 - y).1);
    if y < 0.499 {
        return (freedom * y / (1.0 - y)).sqrt();
    }
    let x = bisect(0.0, 1.0, |x| beta_tails(half, 0.5, x, 1.0 - x).0 - 2.0 * tail);
    (freedom * (1.0 - x) / x).sqrt()
}

/// The x at which the Beta(a, b) distribution has `p` below it.
pub(crate) fn beta_lower_quantile(p: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_tails(a, b, x, 1.0 - x).0 - p)
}

/// Both tails (below, above) of the Beta(a, b) distribution at x, where y = 1 − x is given apart so that neither loses
/// digits. The smaller tail is computed, never as a difference.
pub(crate) fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        (0.0, 1.0)
    } else if y <= 0.0 {
        (1.0, 0.0)
    } else if x < (a + 1.0) / (a + b + 2.0) {
        let below = beta_front(a, b, x, y) / beta_fraction(a, b, x, y);
        (below, 1.0 - below)
    } else {
        let above = beta_front(b, a, y, x) / beta_fraction(b, a, y, x);
        (1.0 - above, above)
    }
}

/// x^a y^b / B(a, b) by Loader's saddle point (2000, "Fast and accurate computation of binomial probabilities"), which
/// keeps its digits where differences of log-gammas lose them.
fn beta_front(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
    exponent.exp() * (a * b / (n * 2.0 * PI)).sqrt()
}

/// ln Γ(z + 1) less Stirling's formula.
fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return ln_gamma(z + 1.0) - (z + 0.5) * z.ln() + z - TAU.ln() / 2.0;
    }
    let square = 1.0 / (z * z);
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0];
    terms.iter().rev().fold(0.0, |sum, term| sum * square + term) / z
}

/// x ln(x / mean) + mean − x, as a series where both are near each other.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = (x - mean) / (x + mean);
    let mut sum = (x - mean) * v;
    let mut power = 2.0 * x * v;
    for step in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * step + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// The continued fraction of the incomplete beta function (DiDonato & Morris 1992, eq. 9) by Lentz's method. It needs x and
/// y, and loses no digits where one is near 1. It takes about √max(a, b) steps; the limit serves 10¹¹.
fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let denominator = |m: f64| {
        let even = m * (b - m) * x / (a + 2.0 * m - 1.0);
        m + even + (a + m) * (a * y - b * x + 1.0 + m * (2.0 - x)) / (a + 2.0 * m + 1.0)
    };
    // At m = 0 the first part is 0 even where a = 1 makes it 0 / 0.
    let mut fraction = a * (a * y - b * x + 1.0) / (a + 1.0);
    let (mut c, mut d) = (fraction, 0.0);
    for step in 1..1_000_000 {
        let m = f64::from(step);
        let odd = a + 2.0 * m - 1.0;
        let numerator = (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
        d = 1.0 / (denominator(m) + numerator * d);
        c = denominator(m) + numerator / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// The root of a rising function between `low` and `high`, to the last bit.
pub(crate) fn bisect(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against scipy (tails of the beta distribution: mpmath) over the swept inputs of `tests/golden/make.py`, and how far off the worst may be, relatively.
    fn sweep(name: &str, allowed: f64, of: impl Fn(&[f64]) -> Vec<f64>) {
        let file = include_str!("../tests/golden/statistics.json");
        let all: serde_json::Value = serde_json::from_str(file).unwrap();
        let rows: Vec<Vec<f64>> = serde_json::from_value(all["special_functions"][name].clone()).unwrap();
        for row in rows {
            let found = of(&row);
            for (found, expected) in found.iter().zip(&row[row.len() - found.len()..]) {
                assert!((found - expected).abs() <= allowed * expected.abs(), "{name}{row:?}: {found:e}");
            }
        }
    }

    #[test]
    fn tails_and_quantiles_agree_with_scipy() {
        sweep("normal_upper", 1e-12, |row| vec![normal_upper(row[0])]);
        sweep("chi_square_upper", 1e-11, |row| vec![chi_square_upper(row[0], row[1])]);
        sweep("t_upper", 1e-11, |row| vec![t_upper(row[0], row[1])]);
        sweep("t_quantile", 1e-11, |row| vec![t_quantile(row[0], row[1])]);
        sweep("beta_tails", 1e-11, |row| <[f64; 2]>::from(beta_tails(row[0], row[1], row[2], row[3])).to_vec());
    }

    #[test]
    fn quantiles_invert_tails() {
        for p in [1e-12, 0.025, 0.5, 0.9] {
            assert!((normal_lower(normal_quantile(p)) / p - 1.0).abs() < 1e-12);
            let x = beta_lower_quantile(p, 3.0, 700.0);
            assert!((beta_tails(3.0, 700.0, x, 1.0 - x).0 / p - 1.0).abs() < 1e-10);
        }
    }
}

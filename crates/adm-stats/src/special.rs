//! Tails and quantiles of the distributions that tests refer to.
//!
//! statrs gives `gamma_ur`, `ln_gamma` and `erfc_inv` to 1e-13 or better on all swept inputs. Three of its functions are
//! written anew here because they are not good enough for p-values (statrs 0.19.1 against scipy 1.17):
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
    // t²/(freedom + t²) is Beta(½, freedom/2); solved for that, which is small where precision matters.
    let share = bisect(0.0, 1.0, |y| 2.0 * tail - beta_tails(0.5, freedom / 2.0, y, 1.0 - y).1);
    (freedom * share / (1.0 - share)).sqrt()
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
        let below = beta_front(a, b, x, y) * beta_fraction(a, b, x) / a;
        (below, 1.0 - below)
    } else {
        let above = beta_front(b, a, y, x) * beta_fraction(b, a, y) / b;
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

/// The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes, section 6.4). It takes
/// about √max(a, b) steps; the limit serves 10¹¹.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for step in 1..1_000_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = h;
        for factor in [even, odd] {
            d = 1.0 / away(1.0 + factor * d);
            c = away(1.0 + factor / c);
            h *= c * d;
        }
        if (h - before).abs() <= f64::EPSILON * h.abs() {
            break;
        }
    }
    h
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

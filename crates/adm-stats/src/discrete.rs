//! Distributions of counts with one mode: binomial and hypergeometric.

/// Outcomes that are less probable than the mode by this factor are left out: far below what any p-value shows.
const NEGLIGIBLE: f64 = 1e-300;

/// How much more probable an outcome may look and still count as equally so, as in R and scipy.
const TOLERANCE: f64 = 1.0 + 1e-7;

/// The probabilities of counts `first..first + mass.len()`, rising to the mode and falling after it.
pub(crate) struct Discrete {
    first: u64,
    mass: Vec<f64>,
    /// P(X ≤ first + i), added up from the low end.
    below: Vec<f64>,
    /// P(X ≥ first + i), added up from the high end.
    above: Vec<f64>,
}

impl Discrete {
    /// Hits among `n` answers of probability `p`, in [0, 1].
    pub(crate) fn binomial(n: u64, p: f64) -> Self {
        Self::binomial_down_to(n, p, NEGLIGIBLE)
    }

    /// [`Self::binomial`] without outcomes below `negligible` times the mode's probability: a shorter table.
    pub(crate) fn binomial_down_to(n: u64, p: f64, negligible: f64) -> Self {
        let mode = (((n as f64 + 1.0) * p) as u64).min(n);
        let odds = p / (1.0 - p);
        let up = |k: u64| if k >= n { 0.0 } else { (n - k) as f64 / (k as f64 + 1.0) * odds };
        Self::around(mode, negligible, up)
    }

    /// The first cell of a 2 × 2 table whose first row, first column and whole are `row`, `column` and `total`.
    pub(crate) fn hypergeometric(row: u64, column: u64, total: u64) -> Self {
        let least = (row + column).saturating_sub(total);
        let mode = ((row as f64 + 1.0) * (column as f64 + 1.0) / (total as f64 + 2.0)) as u64;
        let up = |k: u64| {
            // No step leads past the ends; below the least count the sum in `rest` would not be one of counts.
            if k >= row.min(column) || k < least {
                return 0.0;
            }
            let rest = (total + k + 1 - row - column) as f64;
            (row - k) as f64 * (column - k) as f64 / ((k as f64 + 1.0) * rest)
        };
        Self::around(mode.clamp(least, row.min(column)), NEGLIGIBLE, up)
    }

    /// From the mode outwards, where `up(k)` is P(k + 1) / P(k), 0 where there is no such step. Only ratios enter and
    /// the sum is scaled to 1, so no log-gamma costs digits.
    fn around(mode: u64, negligible: f64, up: impl Fn(u64) -> f64) -> Self {
        let mut mass = falling(mode, negligible, |k| k.checked_sub(1), |k| 1.0 / up(k));
        let first = mode - mass.len() as u64;
        mass.reverse();
        mass.push(1.0);
        mass.extend(falling(mode, negligible, |k| Some(k + 1), |k| up(k - 1)));
        Self::scaled(first, mass)
    }

    fn scaled(first: u64, mut mass: Vec<f64>) -> Self {
        let sum: f64 = mass.iter().sum();
        mass.iter_mut().for_each(|value| *value /= sum);
        let below = running(mass.iter());
        let mut above = running(mass.iter().rev());
        above.reverse();
        Self { first, mass, below, above }
    }

    /// P(X ≤ k).
    pub(crate) fn at_most(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            None => 0.0,
            Some(place) => {
                usize::try_from(place).ok().and_then(|place| self.below.get(place)).map_or(1.0, |p| p.min(1.0))
            }
        }
    }

    /// P(X ≥ k).
    pub(crate) fn at_least(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            None => 1.0,
            Some(place) => {
                usize::try_from(place).ok().and_then(|place| self.above.get(place)).map_or(0.0, |p| p.min(1.0))
            }
        }
    }

    /// The probability of all outcomes that are no more probable than `k`.
    pub(crate) fn as_rare_as(&self, k: u64) -> f64 {
        let inside = k.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        let Some(mass) = inside.and_then(|place| self.mass.get(place)) else { return 0.0 };
        let bound = mass * TOLERANCE;
        let mode = self.mode();
        let rising = self.mass[..mode].partition_point(|value| *value <= bound);
        let falling = mode + self.mass[mode..].partition_point(|value| *value > bound);
        let low = rising.checked_sub(1).map_or(0.0, |last| self.below[last]);
        (low + self.above.get(falling).copied().unwrap_or(0.0)).min(1.0)
    }

    /// The largest count in the lower tail whose `p` is at most `alpha`; `p` must rise towards the mode.
    pub(crate) fn last_below(&self, alpha: f64, p: impl Fn(u64) -> f64) -> Option<u64> {
        let mode = self.first + self.mode() as u64;
        (first_where(0, mode + 1, |k| p(k) > alpha)).checked_sub(1)
    }

    /// The smallest count in the upper tail, up to `n`, whose `p` is at most `alpha`; `p` must fall from the mode on.
    pub(crate) fn first_above(&self, n: u64, alpha: f64, p: impl Fn(u64) -> f64) -> Option<u64> {
        let mode = self.first + self.mode() as u64;
        Some(first_where(mode, n + 1, |k| p(k) <= alpha)).filter(|k| *k <= n)
    }

    fn mode(&self) -> usize {
        let peak = self.mass.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        peak.map_or(0, |(place, _)| place)
    }
}

/// Probabilities relative to the mode's, one step after the other away from it, until they are negligible.
fn falling(mode: u64, negligible: f64, next: impl Fn(u64) -> Option<u64>, ratio: impl Fn(u64) -> f64) -> Vec<f64> {
    let mut values = Vec::new();
    let (mut k, mut weight) = (mode, 1.0);
    while let Some(stepped) = next(k) {
        weight *= ratio(stepped);
        // Also ends on the infinite ratio below the least count.
        if !(negligible..=1e300).contains(&weight) {
            break;
        }
        values.push(weight);
        k = stepped;
    }
    values
}

fn running<'a>(values: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    values
        .scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
        .collect()
}

/// The first number in `low..high` of which `test` holds, `high` where there is none; `test` must not hold before it.
fn first_where(mut low: u64, mut high: u64, test: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if test(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

//! Who has which part of a probability, and the parts that make what happened likeliest.

use serde::{Deserialize, Serialize};

/// Parts of the probability, each 0 to 1, 1 together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// The network's.
    pub network: f64,
    /// That of n-grams in what was learned from.
    pub learned: f64,
    /// That of n-grams in what was played lately.
    pub lately: f64,
}

/// Rounds of expectation and maximisation. After a hundred, shares that are clear stand to three places.
const ROUNDS: usize = 200;

/// How far from 1 shares may be together: far more than decimal digits lose.
const ROUNDING: f64 = 1e-6;

impl Shares {
    /// Before there was anything to find them on: a half for the network, and a half for what counting is sure of.
    pub(super) const UNKNOWN: Self = Self { network: 0.5, learned: 0.25, lately: 0.25 };

    /// Network's, learned's and lately's probabilities of one token, mixed.
    pub(super) fn mix(self, [network, learned, lately]: [f64; 3]) -> f64 {
        self.network * network + self.learned * learned + self.lately * lately
    }

    /// What is wrong with them.
    pub(super) fn check(self) -> Result<(), String> {
        let all = [self.network, self.learned, self.lately];
        match all.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            Some(share) => Err(format!("a share of {share} is not between 0 and 1")),
            None if (all.iter().sum::<f64>() - 1.0).abs() > ROUNDING => Err(format!("shares of {all:?} are not 1")),
            None => Ok(()),
        }
    }
}

/// The shares of three ways of foretelling that make what happened likeliest, each triple being how likely it was by each of
/// them. One success of each is added, so that a few beats decide nothing for good.
pub(super) fn best_shares(each: &[[f64; 3]]) -> Shares {
    let all = each.len() as f64 + 3.0;
    (0..ROUNDS).fold(Shares::UNKNOWN, |shares, _| {
        let mut won = [1.0; 3];
        for &[network, learned, lately] in each {
            let whole = shares.mix([network, learned, lately]).max(f64::MIN_POSITIVE);
            won[0] += shares.network * network / whole;
            won[1] += shares.learned * learned / whole;
            won[2] += shares.lately * lately / whole;
        }
        let [network, learned, lately] = won.map(|won| won / all);
        Shares { network, learned, lately }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_the_likeliest_of_all() {
        let each = [[0.9, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.3], [0.05, 0.9, 0.2], [0.1, 0.1, 0.8]];
        let found = best_shares(&each);
        // With a success of each added, as the method says.
        let score = |shares: Shares| {
            let added: f64 = [shares.network, shares.learned, shares.lately].iter().map(|share| share.ln()).sum();
            added + each.iter().map(|&likely| shares.mix(likely).ln()).sum::<f64>()
        };
        let grid = (1..200).flat_map(|a| (1..200 - a).map(move |b| [a, b].map(|k| f64::from(k) / 200.0)));
        let best = grid.map(|[network, learned]| score(Shares { network, learned, lately: 1.0 - network - learned }));
        let best = best.fold(f64::NEG_INFINITY, f64::max);
        // No point of the grid is better, and the nearest one is hardly worse.
        assert!(score(found) >= best && score(found) < best + 1e-3, "{found:?}: {} against {best}", score(found));
    }

    #[test]
    fn shares_that_are_none_are_refused() {
        let refused = |network: f64, learned: f64| Shares { network, learned, lately: 0.25 }.check().unwrap_err();
        assert_eq!(refused(1.5, 0.25), "a share of 1.5 is not between 0 and 1");
        assert_eq!(refused(f64::NAN, 0.25), "a share of NaN is not between 0 and 1");
        assert_eq!(refused(0.5, 0.5), "shares of [0.5, 0.5, 0.25] are not 1");
        Shares::UNKNOWN.check().unwrap();
    }
}

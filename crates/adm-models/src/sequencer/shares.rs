//! Who has which part of a probability, and the parts that make what happened likeliest.

use serde::{Deserialize, Serialize};

/// How many beats ago an echo was played: a beat, half a bar, one, two and four bars.
pub const ECHOES: [usize; 5] = [1, 2, 4, 8, 16];

/// Ways of foretelling: a network, n-grams, echoes.
pub(super) const WAYS: usize = 2 + ECHOES.len();

/// How many ways of foretelling may be mixed with a network: n-grams, or n-grams and echoes; and how many numbers are found for
/// each, the order of the n-grams and the shares.
const MIXTURES: [(usize, f64); 2] = [(2, 2.0), (WAYS, 2.0 + ECHOES.len() as f64)];

/// Shares are kept with so many decimal digits, which every reader of a file gives back as they were.
const KEPT: f64 = 1e9;

/// How likely a token is by each way of foretelling, in the order of [`Shares::all`].
pub(super) type Likely = [f64; WAYS];

/// Parts of the probability, each 0 to 1, 1 together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// The network's.
    pub network: f64,
    /// That of n-grams in what was learned from.
    pub counted: f64,
    /// Those of the tokens that were played so many beats ago, see [`ECHOES`].
    pub echoed: [f64; ECHOES.len()],
}

/// Rounds of expectation and maximisation. After a hundred, shares that are clear stand to three places.
const ROUNDS: usize = 200;

/// What each way of foretelling is given before anything happened, in beats that it foretold: a few beats then decide nothing
/// for good.
const GIVEN: f64 = 0.5;

/// How far from 1 shares may be together: far more than decimal digits lose.
const ROUNDING: f64 = 1e-6;

impl Shares {
    /// Before there was anything to find them on: a half for the network.
    pub(super) const UNKNOWN: Self = Self { network: 0.5, counted: 0.25, echoed: [0.05; ECHOES.len()] };

    /// The network alone.
    pub(super) const NETWORK: Self = Self { network: 1.0, counted: 0.0, echoed: [0.0; ECHOES.len()] };

    /// Of all echoes together.
    pub fn all_echoes(self) -> f64 {
        self.echoed.iter().sum()
    }

    fn all(self) -> Likely {
        let mut all = [self.network; WAYS];
        all[1] = self.counted;
        all[2..].copy_from_slice(&self.echoed);
        all
    }

    fn of(all: Likely) -> Self {
        let mut echoed = [0.0; ECHOES.len()];
        echoed.copy_from_slice(&all[2..]);
        Self { network: all[0], counted: all[1], echoed }
    }

    /// How likely one token is by all ways together.
    pub(super) fn mix(self, likely: &Likely) -> f64 {
        self.all().iter().zip(likely).map(|(share, likely)| share * likely).sum()
    }

    /// The shares of a mixture that foretell best, of each beat how likely it was by each way of foretelling; and how unlikely
    /// all of it is then, in nats, with one for each number that was found.
    ///
    /// Each must make the beats likelier by a nat at least: what is found on a few beats fits them by chance, and a network that
    /// knows better when a fill comes must not be drowned by echoes that foretell as well (Akaike 1974).
    pub(super) fn best_mixture(each: &[Likely]) -> (f64, Self) {
        let [counted, echoed] = MIXTURES.map(|(ways, found)| {
            let shares = Self::likeliest(each, ways);
            (found - each.iter().map(|likely| shares.mix(likely).ln()).sum::<f64>(), shares)
        });
        if echoed.0 < counted.0 { echoed } else { counted }
    }

    /// The shares of the first few ways that make what happened likeliest (expectation and maximisation).
    fn likeliest(each: &[Likely], ways: usize) -> Self {
        let beats = each.len() as f64 + GIVEN * ways as f64;
        let mut even = [0.0; WAYS];
        even[..ways].fill(1.0 / ways as f64);
        let round = |shares: Self, _| {
            let mut won = [0.0; WAYS];
            won[..ways].fill(GIVEN);
            for likely in each {
                let whole = shares.mix(likely).max(f64::MIN_POSITIVE);
                won.iter_mut().zip(shares.all()).zip(likely).for_each(|((won, share), p)| *won += share * p / whole);
            }
            Self::of(won.map(|won| won / beats))
        };
        let found = (0..ROUNDS).fold(Self::of(even), round);
        Self::of(found.all().map(|share| (share * KEPT).round() / KEPT))
    }

    /// What is wrong with them.
    pub(super) fn check(self) -> Result<(), String> {
        let (all, sum) = (self.all(), self.all().iter().sum::<f64>());
        match all.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            Some(share) => Err(format!("a share of {share} is not between 0 and 1")),
            None if (sum - 1.0).abs() > ROUNDING => Err(format!("the shares are {sum:.3} together instead of 1")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_the_likeliest_of_all() {
        let three = [[0.9, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.3], [0.05, 0.9, 0.2], [0.1, 0.1, 0.8]];
        let each = three.map(|[network, counted, echo]| [network, counted, echo, 0.0, 0.0, 0.0, 0.0]);
        let found = Shares::likeliest(&each, WAYS);
        let score = |shares: Shares| {
            let given: f64 = shares.all().iter().map(|share| GIVEN * share.ln()).sum();
            given + each.iter().map(|likely| shares.mix(likely).ln()).sum::<f64>()
        };
        // The echoes that never come keep what they were given; the rest is searched.
        let rest = 1.0 - found.echoed[1..].iter().sum::<f64>();
        let grid = (1..200).flat_map(|a| (1..200 - a).map(move |b| [a, b].map(|k| f64::from(k) / 200.0)));
        let best = grid.map(|[a, b]| {
            let mut echoed = found.echoed;
            echoed[0] = rest * (1.0 - a - b);
            score(Shares { network: rest * a, counted: rest * b, echoed })
        });
        let best = best.fold(f64::NEG_INFINITY, f64::max);
        // No point of the grid is better, and the nearest one is hardly worse.
        assert!(score(found) >= best && score(found) < best + 1e-3, "{found:?}: {} against {best}", score(found));
        found.check().unwrap();
    }

    #[test]
    fn echoes_that_foretell_no_better_have_no_share() {
        let beats = |network: f64, counted: f64, echo: f64| vec![[network, counted, echo, 0.0, 0.0, 0.0, 0.0]; 40];
        let (_, counted) = Shares::best_mixture(&beats(0.5, 0.95, 1.0));
        assert!(counted.counted > 0.9 && counted.all_echoes() == 0.0, "{counted:?}");
        let (nats, echoed) = Shares::best_mixture(&beats(0.5, 0.5, 1.0));
        assert!(echoed.echoed[0] > 0.9, "{echoed:?}");
        // Seven numbers, and forty beats that are nearly sure.
        assert!(nats > 7.0 && nats < 10.0, "{nats}");
    }

    #[test]
    fn shares_that_are_none_are_refused() {
        let refused = |network: f64| Shares { network, ..Shares::UNKNOWN }.check().unwrap_err();
        assert_eq!(refused(1.5), "a share of 1.5 is not between 0 and 1");
        assert_eq!(refused(f64::NAN), "a share of NaN is not between 0 and 1");
        assert_eq!(refused(0.75), "the shares are 1.250 together instead of 1");
        Shares::UNKNOWN.check().unwrap();
    }
}

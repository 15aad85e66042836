//! Sample sizes, against a search through every number of answers up to 1,400.

use adm_stats::{
    Sides,
    power::{self, Design},
};
use serde::Deserialize;

use crate::file::{SIDES, section, within};

#[derive(Debug, Deserialize)]
struct Found {
    fewest: u64,
    n: u64,
    power: f64,
}

#[derive(Debug, Deserialize)]
struct Detecting {
    truth: f64,
    chance: f64,
    alpha: f64,
    sides: String,
    #[serde(flatten)]
    found: Found,
}

#[derive(Debug, Deserialize)]
struct Within {
    margin: f64,
    #[serde(flatten)]
    found: Found,
}

#[derive(Debug, Deserialize)]
struct Power {
    sizes: Vec<Detecting>,
    equivalence: Vec<Within>,
}

#[test]
fn sample_sizes_agree_with_a_search_through_all() {
    let golden: Power = section("power");
    for case in golden.sizes {
        let sides = SIDES.iter().find(|(name, _)| *name == case.sides).unwrap().1;
        let design = Design { chance: case.chance, alpha: case.alpha, sides, power: 0.8 };
        agree(power::sample_size(case.truth, &design).unwrap(), &case.found);
    }
    for case in golden.equivalence {
        let design = Design { sides: Sides::Two, ..Design::default() };
        agree(power::equivalence_size(0.5, case.margin, &design).unwrap(), &case.found);
    }
}

#[track_caller]
fn agree(found: power::Size, expected: &Found) {
    assert_eq!((found.fewest, found.n), (expected.fewest, expected.n));
    within(found.power, expected.power, 1e-9, &expected);
}

/// Near the largest samples the search looks at a window only: its answer must fail one answer before and hold around.
#[test]
fn large_samples_keep_their_power() {
    for (truth, chance) in [(0.51, 0.5), (0.503, 0.5), (0.013, 0.01)] {
        let design = Design { chance, ..Design::default() };
        let size = power::sample_size(truth, &design).unwrap();
        assert!(power::power_at(size.n - 1, truth, &design).unwrap() < 0.8);
        assert!(power::power_at(size.fewest, truth, &design).unwrap() >= 0.8);
        for more in (1..40).map(|step| size.n + size.n * step / 40) {
            assert!(power::power_at(more, truth, &design).unwrap() >= 0.8, "{truth}: {more}");
        }
    }
}

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

//! How often 95 % intervals of clustered shares miss the truth, from guessing to nearly all right: the figures that the docs of
//! `adm_stats::proportion::clustered` quote.
//!
//! ```sh
//! cargo run --release -p adm-stats --example ceiling
//! ```
#![allow(clippy::print_stdout, reason = "figures are what it is for")]

use adm_core::{Seeds, seeds::RngExt};
use adm_stats::{
    bootstrap::{Plan, Record},
    proportion::{self, Basis},
};
use rayon::prelude::*;
use std::error::Error;

const STUDIES: u64 = 1_000;
const ANSWERS: usize = 20;
const SHARES: [f64; 6] = [0.5, 0.7, 0.9, 0.95, 0.99, 0.999];
const PERSONS: [usize; 6] = [3, 4, 6, 10, 20, 60];

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    println!(
        "20 answers a person; missed: truth below / above the interval, and the share of studies without a bootstrap"
    );
    for icc in [0.0, 0.05, 0.2] {
        for persons in PERSONS {
            print!("ICC {icc:<4} {persons:>3} persons ");
            for share in SHARES {
                let found = (0..STUDIES).into_par_iter().map(|study| missed(share, persons, icc, study));
                let found = found.collect::<Result<Vec<[bool; 3]>, _>>()?;
                let rate = |which: usize| found.iter().filter(|one| one[which]).count() as f64 / STUDIES as f64;
                print!("| {share}: {:.3} {:.3} ({:.2}) ", rate(0), rate(1), rate(2));
            }
            println!();
        }
    }
    Ok(())
}

/// Whether the truth lies below, or above, the interval of one simulated study, and whether the bootstrap had no end.
fn missed(share: f64, persons: usize, icc: f64, study: u64) -> Result<[bool; 3], adm_stats::StatsError> {
    let mut rng = Seeds::new(1).stream("ceiling", study);
    let mut records = Vec::new();
    for person in 0..persons {
        // Pólya's urn: the beta-binomial distribution without a beta variate.
        let (mut right, mut wrong) = match icc {
            0.0 => (f64::INFINITY, 0.0),
            _ => (share * (1.0 / icc - 1.0), (1.0 - share) * (1.0 / icc - 1.0)),
        };
        for item in 0..ANSWERS {
            let chance = if icc == 0.0 { share } else { right / (right + wrong) };
            let is_right = rng.random::<f64>() < chance;
            *(if is_right { &mut right } else { &mut wrong }) += 1.0;
            records.push(Record { person, item, value: f64::from(u8::from(is_right)) });
        }
    }
    let kinds = vec![0; records.len()];
    let plan = Plan { resamples: 500, ..Plan::default() };
    let found = proportion::clustered(&records, &kinds, &plan, Seeds::new(study))?;
    Ok([share < found.interval.low, share > found.interval.high, found.basis == Basis::EffectiveSample])
}

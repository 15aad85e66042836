//! What ten thousand resamples of a study's answers cost, beside plain passes over the answers.
//!
//! ```sh
//! cargo run --release -p adm-stats --example resampling
//! ```
#![allow(clippy::print_stdout, reason = "figures are what it is for")]

use adm_core::Seeds;
use adm_stats::{
    StatsError,
    bootstrap::{self, Draw, Plan},
    simulate::Cohort,
};
use std::{hint::black_box, time::Instant};

fn main() -> Result<(), StatsError> {
    let cohort = Cohort { persons: 53, items: 20, truth: 0.55, person_sd: 0.6, item_sd: 0.0 };
    let records = cohort.study(Seeds::new(2), 0)?;
    let kinds: Vec<usize> = records.iter().map(|record| record.item % 2).collect();
    let start = Instant::now();
    for _ in 0..10_000 {
        black_box(black_box(&records).iter().map(|record| record.value).sum::<f64>());
    }
    let pass = start.elapsed().as_secs_f64() / 10_000.0;
    println!("10,000 resamples of {} answers of {} persons to {} items:", records.len(), cohort.persons, cohort.items);
    for draw in [Draw::Persons, Draw::Items, Draw::Both] {
        let start = Instant::now();
        black_box(bootstrap::balanced(&records, &kinds, &Plan { draw, ..Plan::default() }, Seeds::new(1))?);
        let took = start.elapsed().as_secs_f64();
        println!("{draw}: {:.1} ms, {:.0} plain passes", 1e3 * took, took / pass);
    }
    Ok(())
}

//! How often a network's own rows come to rest (document 004, section 5.2): `steady RUN ROWS COUNT`.
//!
//! Goes on from COUNT places all over the training split of what the run learned from, for ROWS rows each, in every way that rows
//! can be taken, and prints the share whose last quarter changes by less than a twentieth of what recorded rows do, and how much all of
//! them change beside recorded ones.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for people")]

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::{Dataset, Split, Vectors};
use adm_models::mdn::{Dream, Dreamer, Sampling, Series, change, is_steady};
use adm_models::provenance::Provenance;
use adm_train::RunDir;
use burn::tensor::Device;

/// Rows that are heard first.
const HEARD: usize = 128;

fn series(run: &RunDir, dreamer: &Dreamer) -> Series {
    let path = Provenance::load(&run.dataset()).unwrap().path;
    match dreamer.resolved().frames().unwrap() {
        None => Series::of_vectors(&Vectors::read(&path).unwrap(), dreamer.resolved().mdn.training.hold_out).unwrap(),
        Some(frames) => frames.series(&Dataset::open(&path).unwrap()).unwrap(),
    }
}

/// Stretches of the training split, evenly apart.
fn primers(series: &Series, count: usize) -> Vec<Vectors> {
    let starts: Vec<(&Vectors, usize)> = series
        .of_split(Split::Train)
        .flat_map(|rows| (0..(rows.len() + 1).saturating_sub(HEARD)).map(move |first| (rows, first)))
        .collect();
    let chosen = (0..count).map(|number| starts[number * starts.len() / count]);
    let primer = |(rows, first): (&Vectors, usize)| {
        let columns = rows.columns();
        Vectors::new(columns, rows.values()[first * columns..(first + HEARD) * columns].to_vec()).unwrap()
    };
    chosen.map(primer).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [run, rows, count] = &arguments[..] else { panic!("steady RUN ROWS COUNT") };
    let (rows, count): (usize, usize) = (rows.parse().unwrap(), count.parse().unwrap());
    let run = RunDir::open(Path::new(run)).unwrap();
    let dreamer = Arc::new(Dreamer::open(&run, &Device::flex()).unwrap());
    let config = &dreamer.resolved().rows;
    let primers = primers(&series(&run, &dreamer), count);
    println!("| taken | at rest | change |\n|---|---|---|");
    for sampling in
        [Sampling::Greedy, Sampling::Exact, Sampling::Tempered(0.9), Sampling::Tempered(1.0), Sampling::Drawn]
    {
        let own: Vec<Option<Vectors>> = primers
            .iter()
            .enumerate()
            .map(|(number, primer)| {
                let seeds = Seeds::new(number as u64);
                Dream::primed(dreamer.clone(), primer, sampling, seeds).unwrap().rows(rows)
            })
            .collect();
        let finite: Vec<&Vectors> = own.iter().flatten().collect();
        let steady = finite.iter().filter(|rows| is_steady(rows, &config.standard, config.change)).count();
        let moved: f64 = finite.iter().map(|rows| change(rows, &config.standard)).sum::<f64>() / config.change;
        let share = 100.0 * steady as f64 / count as f64;
        println!("| {sampling} | {share:.0} % | {:.2} |", moved / finite.len().max(1) as f64);
    }
}

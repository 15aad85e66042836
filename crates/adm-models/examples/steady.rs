//! How often a network's own rows come to rest (document 004, section 5.2): `steady RUN ROWS COUNT`.
//!
//! Goes on from COUNT places all over the training split of what the run learned from, for ROWS rows each, in every way that rows
//! can be taken, and prints the share whose last quarter changes by less than a twentieth of what recorded rows do, and how much their last
//! quarters change beside recorded rows: row by row, and in means of sixteen rows, in which drawn noise is averaged away.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for people")]

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::{Dataset, Split, Vectors};
use adm_models::mdn::{Dream, Dreamer, Sampling, Series, Standard, averaged, change, is_steady};
use adm_models::provenance::Provenance;
use adm_train::RunDir;
use burn::tensor::Device;

/// Rows that are heard first.
const HEARD: usize = 128;

/// Rows of a mean: an eighth of a second of frames at 8,000 Hz.
const SPAN: usize = 16;

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

/// How much rows change in means of so many.
fn slow_change(rows: &Vectors, standard: &Standard) -> f64 {
    averaged(rows, SPAN).map_or(0.0, |rows| change(&rows, standard))
}

/// The last quarter of some rows.
fn last_quarter(rows: &Vectors) -> Vectors {
    let columns = rows.columns();
    Vectors::new(columns, rows.values()[3 * rows.len() / 4 * columns..].to_vec()).unwrap()
}

/// How much what was recorded changes in means, over passages long enough to have some.
fn recorded(series: &Series) -> f64 {
    let long = series.of_split(Split::Train).filter(|rows| rows.len() >= 2 * SPAN);
    let changes: Vec<f64> = long.map(|rows| slow_change(rows, series.standard())).collect();
    changes.iter().sum::<f64>() / changes.len() as f64
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [run, rows, count] = &arguments[..] else { panic!("steady RUN ROWS COUNT") };
    let (rows, count): (usize, usize) = (rows.parse().unwrap(), count.parse().unwrap());
    let run = RunDir::open(Path::new(run)).unwrap();
    let dreamer = Arc::new(Dreamer::open(&run, &Device::flex()).unwrap());
    let config = &dreamer.resolved().rows;
    let series = series(&run, &dreamer);
    let (primers, recorded) = (primers(&series, count), recorded(&series));
    println!("| taken | at rest | change | change of means |\n|---|---|---|---|");
    for sampling in
        [Sampling::Greedy, Sampling::Exact, Sampling::Tempered(0.9), Sampling::Tempered(1.0), Sampling::Drawn]
    {
        let dream = |(number, primer): (usize, &Vectors)| {
            Dream::primed(dreamer.clone(), primer, sampling, Seeds::new(number as u64)).unwrap().rows(rows)
        };
        let own: Vec<Vectors> = primers.iter().enumerate().filter_map(dream).collect();
        let steady = own.iter().filter(|rows| is_steady(rows, &config.standard, config.change)).count();
        let mean = |of: &dyn Fn(&Vectors) -> f64| {
            own.iter().map(|rows| of(&last_quarter(rows))).sum::<f64>() / own.len().max(1) as f64
        };
        let moved = mean(&|rows| change(rows, &config.standard)) / config.change;
        let slowly = mean(&|rows| slow_change(rows, &config.standard)) / recorded;
        let share = 100.0 * steady as f64 / count as f64;
        println!("| {sampling} | {share:.0} % | {moved:.2} | {slowly:.2} |");
    }
}

//! Rows of measures to hold votes over, for tests.

use crate::measures::{Detail, Measure, Table, VALUES};
use adm_core::Seeds;
use adm_core::seeds::RngExt;

/// Rows around a few centres, near enough for some to be the same and far enough for some not to be.
pub fn table(seed: u64, rows: usize) -> Table {
    let mut random = Seeds::new(seed).stream("rows", 0);
    let centres: Vec<Vec<f32>> = (0..7).map(|_| (0..VALUES).map(|_| random.random::<f32>()).collect()).collect();
    let mut table = Table::default();
    for _ in 0..rows {
        let centre = &centres[random.random_range(0..centres.len())];
        let spread = random.random_range(0.0..0.5f32);
        let mut row: Vec<f32> =
            centre.iter().map(|value| value * (1.0 - spread) + spread * random.random::<f32>()).collect();
        for measure in [Measure::Flatness, Measure::Level] {
            row[measure.values(Detail::Fine)].iter_mut().for_each(|value| *value *= -40.0);
        }
        table.push(&row);
    }
    table
}

/// Does work on a pool of so many threads.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

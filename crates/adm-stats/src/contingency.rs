//! Cross-tabulations: does one answer depend on another?
//!
//! A table is a slice of rows of counts, all of one length.

use adm_core::{
    Seeds,
    seeds::{RngExt, StreamRng},
};
use rayon::prelude::*;

use crate::{
    Effect, EffectKind, Method, Note, Result, Sides, StatsError, Test, discrete::Discrete, special::chi_square_upper,
    table::Table,
};

/// The largest table that [`monte_carlo`] draws, in counts: a label is kept for each.
pub const MAX_DRAWN: u64 = 10_000_000;

/// Tables that [`independence`] draws where it draws any.
pub const RESAMPLES: u32 = 10_000;

/// A test of independence with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Independence {
    /// The test; its effect is Cramér's V.
    pub test: Test,
    /// Cramér's V, in [0, 1]; overestimates in small tables.
    pub cramers_v: f64,
    /// Cramér's V with Bergsma's correction (2013), in [0, 1].
    pub cramers_v_corrected: f64,
    /// The smallest expected count, in answers.
    pub smallest_expected: f64,
}

/// Tests independence by the method that the counts allow: Pearson's χ² where Cochran's rule holds (1954: no expected
/// count below 1 and at most a fifth below 5), else Fisher's exact test for 2 × 2, else Monte Carlo with fixed margins.
/// A 2 × 2 table must have all expected counts ≥ 5 for χ². Empty rows and columns are left out, and a note says so.
///
/// # Errors
/// [`crate::StatsError::NoVariation`] where fewer than two rows or columns hold a count; see [`pearson`].
pub fn independence<R: AsRef<[u64]>>(table: &[R], seeds: Seeds) -> Result<Independence> {
    let (table, dropped) = Table::without_empty(table)?;
    let smallest = table.all_expected().fold(f64::INFINITY, f64::min);
    let mut test = match table.two_by_two() {
        _ if chi_square_holds(&table, smallest) => pearson_of(&table),
        Some(cells) => fisher(cells, Sides::Two)?,
        None => monte_carlo_of(&table, RESAMPLES, seeds)?,
    };
    if test.method != Method::PearsonChiSquare {
        test.notes.push(Note::SmallExpected(smallest));
    }
    if dropped > 0 {
        test.notes.push(Note::EmptyDropped(dropped));
    }
    Ok(Independence {
        test,
        cramers_v: association(&table),
        cramers_v_corrected: corrected_association(&table),
        smallest_expected: smallest,
    })
}

/// Pearson's χ² test without continuity correction.
///
/// # Errors
/// [`crate::StatsError::WrongShape`] for rows of unequal length, [`crate::StatsError::TooFew`] below 2 × 2,
/// [`crate::StatsError::NoVariation`] for an empty row or column.
pub fn pearson<R: AsRef<[u64]>>(table: &[R]) -> Result<Test> {
    Ok(pearson_of(&Table::new(table)?))
}

/// Fisher's exact test of a 2 × 2 table. Two-sided: all tables with these margins that are no more probable, as R's
/// `fisher.test`. The statistic is the sample's odds ratio ad / bc, infinite where bc is 0.
///
/// # Errors
/// [`crate::StatsError::NoVariation`] for an empty row or column.
pub fn fisher(table: [[u64; 2]; 2], sides: Sides) -> Result<Test> {
    let checked = Table::new(&table)?;
    let [[a, b], [c, d]] = table;
    let null = Discrete::hypergeometric(checked.row_sums[0], checked.column_sums[0], checked.total);
    let p = match sides {
        Sides::Greater => null.at_least(a),
        Sides::Less => null.at_most(a),
        Sides::Two => null.as_rare_as(a),
    };
    let ratio = (a as f64 * d as f64) / (b as f64 * c as f64);
    Ok(Test { freedom: None, sides, ..outcome(&checked, Method::FisherExact, ratio, p) })
}

/// The χ² test with its p-value from `resamples` tables drawn with both margins fixed: (b + 1) / (B + 1), where b tables
/// of B have as large a χ² (Hope 1968; as R's `chisq.test(simulate.p.value = TRUE)`). Draws from the streams
/// "contingency", one a table.
///
/// # Errors
/// See [`pearson`]; [`crate::StatsError::OutOfRange`] without resamples.
pub fn monte_carlo<R: AsRef<[u64]>>(table: &[R], resamples: u32, seeds: Seeds) -> Result<Test> {
    monte_carlo_of(&Table::new(table)?, resamples, seeds)
}

/// Cochran's rule (1954, "Some methods for strengthening the common χ² tests"), stricter for 2 × 2.
fn chi_square_holds(table: &Table, smallest: f64) -> bool {
    let cells: Vec<f64> = table.all_expected().collect();
    let small = cells.iter().filter(|expected| **expected < 5.0).count();
    small == 0 || cells.len() > 4 && smallest >= 1.0 && small * 5 <= cells.len()
}

fn outcome(table: &Table, method: Method, statistic: f64, p: f64) -> Test {
    let effect = Some(Effect { kind: EffectKind::CramersV, value: association(table) });
    let freedom = Some(table.freedom());
    Test { method, sides: Sides::Two, statistic, freedom, p, n: table.total, effect, notes: Vec::new() }
}

fn pearson_of(table: &Table) -> Test {
    let statistic = table.chi_square();
    outcome(table, Method::PearsonChiSquare, statistic, chi_square_upper(statistic, table.freedom()))
}

fn monte_carlo_of(table: &Table, resamples: u32, seeds: Seeds) -> Result<Test> {
    if resamples == 0 {
        return Err(StatsError::OutOfRange { what: "resamples", value: 0.0, range: "at least 1" });
    }
    if table.total > MAX_DRAWN {
        let value = table.total as f64;
        return Err(StatsError::OutOfRange {
            what: "the table's total",
            value,
            range: "at most 10,000,000 to be drawn",
        });
    }
    let statistic = table.chi_square();
    // Tables that equal the observed one in another order of adding up count as equal.
    let bound = statistic * (1.0 - 1e-9);
    let urn = Urn::new(table);
    let draw = |labels: &mut Vec<u32>, index| urn.draw(labels, &mut seeds.stream("contingency", index));
    let as_large =
        (0..u64::from(resamples)).into_par_iter().map_init(Vec::new, draw).filter(|chi| *chi >= bound).count();
    let p = (as_large + 1) as f64 / (f64::from(resamples) + 1.0);
    Ok(Test { freedom: None, ..outcome(table, Method::MonteCarlo { resamples }, statistic, p) })
}

/// Draws tables with the margins of one: its column labels, dealt to its rows in random order.
struct Urn<'a> {
    table: &'a Table,
    labels: Vec<u32>,
}

impl<'a> Urn<'a> {
    fn new(table: &'a Table) -> Self {
        let labels = (0u32..).zip(&table.column_sums).flat_map(|(column, sum)| (0..*sum).map(move |_| column));
        Self { table, labels: labels.collect() }
    }

    /// The χ² of a drawn table. `labels` is only there to be used again.
    fn draw(&self, labels: &mut Vec<u32>, rng: &mut StreamRng) -> f64 {
        labels.clone_from(&self.labels);
        let mut counts = vec![0u64; self.table.column_sums.len()];
        let (mut place, mut chi_square) = (0, 0.0);
        for (row, sum) in self.table.row_sums.iter().enumerate() {
            counts.fill(0);
            for _ in 0..*sum {
                labels.swap(place, rng.random_range(place..self.labels.len()));
                counts[labels[place] as usize] += 1;
                place += 1;
            }
            let expected = |column| self.table.expected(row, column);
            let cells = counts.iter().enumerate();
            chi_square +=
                cells.map(|(column, count)| (*count as f64 - expected(column)).powi(2) / expected(column)).sum::<f64>();
        }
        chi_square
    }
}

/// Cramér's V: √(χ² / (n (min(r, c) − 1))).
fn association(table: &Table) -> f64 {
    let least = table.row_sums.len().min(table.column_sums.len()) as f64;
    (table.chi_square() / (table.total as f64 * (least - 1.0))).sqrt().min(1.0)
}

/// Cramér's V with Bergsma's bias correction (2013, J. Korean Stat. Soc. 42).
fn corrected_association(table: &Table) -> f64 {
    let before = table.total as f64 - 1.0;
    let [rows, columns] = [&table.row_sums, &table.column_sums].map(|sums| sums.len() as f64);
    let surplus = (table.chi_square() / table.total as f64 - table.freedom() / before).max(0.0);
    let shrunk = |count: f64| count - (count - 1.0).powi(2) / before;
    let least = shrunk(rows).min(shrunk(columns)) - 1.0;
    if least > 0.0 { (surplus / least).sqrt().min(1.0) } else { 0.0 }
}

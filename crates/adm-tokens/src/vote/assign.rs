//! The vote over a whole sequence, on all threads.
//!
//! A slice must be compared with exemplars that are born only shortly before it. So the sequence is taken in blocks: a
//! block's slices are compared with the exemplars from before the block side by side, and with those that are born inside
//! it one after another. Every pair that the plain loop would compare is compared, so the result is the same.

use super::jury::{Ballot, Jury};
use super::settings::Unknown;
use crate::error::TokenError;
use crate::measures::Table;
use adm_core::Observer;
use rayon::prelude::*;

/// Slices that are compared side by side. More keep more threads busy and make the part longer that is not.
const BLOCK: usize = 256;

/// An exemplar that slices are compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Only slices of the same group are compared with it.
    pub group: u32,
    pub row: &'a [f32],
}

/// What the vote decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// The exemplar of each slice: one of those known before, or after them in order of birth.
    pub numbers: Vec<u32>,
    /// The slices that exemplars were born of, in order.
    pub born: Vec<usize>,
}

/// Exemplars by group, each with its number.
struct Exemplars<'a> {
    groups: Vec<Vec<(u32, &'a [f32])>>,
    count: u32,
}

impl<'a> Exemplars<'a> {
    fn new(known: &[Known<'a>]) -> Self {
        let mut exemplars = Self { groups: Vec::new(), count: 0 };
        for known in known {
            exemplars.add(known.group, known.row);
        }
        exemplars
    }

    fn add(&mut self, group: u32, row: &'a [f32]) -> u32 {
        let (number, group) = (self.count, group as usize);
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, Vec::new);
        }
        self.groups[group].push((number, row));
        self.count += 1;
        number
    }

    fn group(&self, group: u32) -> &[(u32, &'a [f32])] {
        self.groups.get(group as usize).map_or(&[], Vec::as_slice)
    }
}

/// The best of `candidates` for a row, if any passes; they are in ascending order, so the earliest wins a tie.
pub(crate) fn best<'a>(
    jury: &Jury,
    row: &[f32],
    candidates: impl IntoIterator<Item = (u32, &'a [f32])>,
    before: Option<(u32, Ballot)>,
) -> Option<(u32, Ballot)> {
    candidates.into_iter().fold(before, |best, (number, exemplar)| match (best, jury.ballot(row, exemplar)) {
        (Some(best), Some(ballot)) if !ballot.better_than(&best.1) => Some(best),
        (_, Some(ballot)) => Some((number, ballot)),
        (best, None) => best,
    })
}

/// The candidate at the smallest mean distance, the earliest of equals, and that distance.
pub(crate) fn nearest<'a>(
    jury: &Jury,
    row: &[f32],
    candidates: impl IntoIterator<Item = (u32, &'a [f32])>,
) -> Option<(u32, f32)> {
    candidates.into_iter().fold(None, |best: Option<(u32, f32)>, (number, exemplar)| {
        let limit = best.map_or(f32::INFINITY, |(_, distance)| distance);
        jury.distance_below(row, exemplar, limit).map(|distance| (number, distance)).or(best)
    })
}

/// Holds the vote: slice `n`, with the measures in row `n`, is compared with exemplars of the group `groups[n]`.
///
/// Where unknown slices take the nearest exemplar, and their group has none, they are born all the same.
///
/// # Errors
/// `Interrupted`.
pub(crate) fn assign<'a>(
    jury: &Jury,
    table: &'a Table,
    groups: &[u32],
    known: &[Known<'a>],
    unknown: Unknown,
    observer: &dyn Observer,
) -> Result<Assigned, TokenError> {
    let mut exemplars = Exemplars::new(known);
    let mut assigned = Assigned { numbers: Vec::with_capacity(groups.len()), born: Vec::new() };
    for first in (0..groups.len()).step_by(BLOCK) {
        if observer.stop_requested() {
            return Err(TokenError::Interrupted);
        }
        let block = first..groups.len().min(first + BLOCK);
        let before = exemplars.count;
        let old: Vec<_> = block
            .clone()
            .into_par_iter()
            .map(|slice| best(jury, table.row(slice), exemplars.group(groups[slice]).iter().copied(), None))
            .collect();
        for (slice, old) in block.zip(old) {
            let (row, group) = (table.row(slice), exemplars.group(groups[slice]));
            let inside = &group[group.partition_point(|(number, _)| *number < before)..];
            let found = best(jury, row, inside.iter().copied(), old).map(|(number, _)| number);
            let any = || nearest(jury, row, group.iter().copied()).map(|(number, _)| number);
            let closed = || if unknown == Unknown::Nearest { any() } else { None };
            let number = found.or_else(closed).unwrap_or_else(|| {
                assigned.born.push(slice);
                exemplars.add(groups[slice], row)
            });
            assigned.numbers.push(number);
            observer.advance(1);
        }
    }
    Ok(assigned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::rows::{on_threads, table};
    use crate::vote::{Levels, Thresholds};
    use adm_core::Silent;

    /// The founding loop as it is told: every slice against every exemplar before it.
    fn plain(jury: &Jury, table: &Table, groups: &[u32]) -> Assigned {
        let mut assigned = Assigned { numbers: Vec::new(), born: Vec::new() };
        for slice in 0..groups.len() {
            let mut best: Option<(usize, Ballot)> = None;
            for (number, &exemplar) in assigned.born.iter().enumerate() {
                if groups[exemplar] != groups[slice] {
                    continue;
                }
                let Some(ballot) = jury.ballot(table.row(slice), table.row(exemplar)) else { continue };
                let wins = best.is_none_or(|(_, best)| {
                    ballot.votes > best.votes || (ballot.votes == best.votes && ballot.mean < best.mean)
                });
                if wins {
                    best = Some((number, ballot));
                }
            }
            let number = best.map_or(assigned.born.len(), |(number, _)| number);
            if number == assigned.born.len() {
                assigned.born.push(slice);
            }
            assigned.numbers.push(number as u32);
        }
        assigned
    }

    #[test]
    fn it_equals_the_plain_loop_over_swept_sizes_thresholds_and_threads() {
        let mut tokens = Vec::new();
        for (rows, threshold) in [(1, 0.3), (255, 0.1), (257, 0.3), (600, 0.5), (1_100, 0.2)] {
            let table = table(rows as u64, rows);
            let groups: Vec<u32> = (0..rows as u32).map(|slice| slice * 7 % 3).collect();
            for levels in [Levels::One, Levels::Two] {
                let jury = Jury::on_tokens(levels, &Thresholds::uniform(threshold));
                let expected = plain(&jury, &table, &groups);
                for threads in [1, 2, 5] {
                    let fast = || assign(&jury, &table, &groups, &[], Unknown::Born, &Silent).unwrap();
                    assert_eq!(on_threads(threads, fast), expected, "{rows} rows, {levels:?}, {threads} threads");
                }
                tokens.push(expected.born.len());
            }
        }
        assert!(tokens.iter().any(|&born| born > 300) && tokens[2..].iter().any(|&born| born < 100), "{tokens:?}");
    }

    #[test]
    fn known_exemplars_keep_their_numbers_and_unknown_slices_come_after_or_take_the_nearest() {
        let (old, new) = (table(1, 40), table(2, 60));
        let jury = Jury::on_tokens(Levels::Two, &Thresholds::uniform(0.1));
        let known: Vec<Known<'_>> = (0..40).map(|row| Known { group: 0, row: old.row(row) }).collect();
        let itself = assign(&jury, &old, &[0; 40], &known, Unknown::Born, &Silent).unwrap();
        assert!(itself.born.is_empty());
        let open = assign(&jury, &new, &[0; 60], &known, Unknown::Born, &Silent).unwrap();
        let births: Vec<u32> = open.born.iter().map(|&slice| open.numbers[slice]).collect();
        assert_eq!(births, (40..40 + open.born.len() as u32).collect::<Vec<_>>());
        let closed = assign(&jury, &new, &[0; 60], &known, Unknown::Nearest, &Silent).unwrap();
        assert!(!open.born.is_empty() && closed.born.is_empty());
        let slice = open.born[0];
        let distance = |number: usize| jury.distance(new.row(slice), old.row(number));
        assert!((0..40).all(|number| distance(number) >= distance(closed.numbers[slice] as usize)));
    }
}

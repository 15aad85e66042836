//! The last word of a vote: every slice is held against the exemplars, too, that were born after it.
//!
//! The founding loop compares a slice with what came before it, so two slices that are the same to the bit may get two tokens,
//! where an exemplar that is nearer is born between them; and a recogniser of the finished book says otherwise than the
//! transcript. Here each takes the best of all exemplars of its group. One pass is enough: exemplars stay as they are. None is
//! born, since what passed once passes still, and none ends without a slice, since nothing is nearer to an exemplar than its own.

use super::assign::{Assigned, Known, best};
use super::jury::Jury;
use crate::error::TokenError;
use crate::measures::Table;
use adm_core::Observer;
use rayon::prelude::*;

/// Slices that a thread settles between two looks at whether to stop.
const AT_ONCE: usize = 64;

/// Gives every slice the best of all exemplars of its group; one that passes none keeps what it has.
///
/// `assigned` is what [`super::assign`] made of the same rows, groups and known exemplars.
///
/// # Errors
/// `Interrupted`.
pub(super) fn settle(
    jury: &Jury,
    table: &Table,
    groups: &[u32],
    known: &[Known<'_>],
    assigned: &mut Assigned,
    observer: &dyn Observer,
) -> Result<(), TokenError> {
    let Assigned { numbers, born } = assigned;
    let later = Later::new(groups, born, known.len());
    let row_of = |number: u32| match known.get(number as usize) {
        Some(known) => known.row,
        None => table.row(born[number as usize - known.len()]),
    };
    numbers.par_chunks_mut(AT_ONCE).enumerate().try_for_each(|(part, numbers)| {
        if observer.stop_requested() {
            return Err(TokenError::Interrupted);
        }
        for (slice, number) in (part * AT_ONCE..).zip(numbers.iter_mut()) {
            let candidates = later.than(slice, groups[slice]);
            if candidates.is_empty() {
                continue;
            }
            let row = table.row(slice);
            let before = jury.ballot(row, row_of(*number)).map(|ballot| (*number, ballot));
            let candidates = candidates.iter().map(|&(_, number)| (number, row_of(number)));
            *number = best(jury, row, candidates, before).map_or(*number, |(number, _)| number);
        }
        observer.advance(numbers.len() as u64);
        Ok(())
    })
}

/// The exemplars that were born, by group: the slices they were born of, in order, and their numbers.
struct Later(Vec<Vec<(usize, u32)>>);

impl Later {
    fn new(groups: &[u32], born: &[usize], known: usize) -> Self {
        let count = born.iter().map(|&slice| groups[slice] as usize + 1).max().unwrap_or(0);
        let mut by_group = vec![Vec::new(); count];
        for (&slice, number) in born.iter().zip(known as u32..) {
            by_group[groups[slice] as usize].push((slice, number));
        }
        Self(by_group)
    }

    /// Those of a group that were born after a slice.
    fn than(&self, slice: usize, group: u32) -> &[(usize, u32)] {
        let group = self.0.get(group as usize).map_or(&[][..], Vec::as_slice);
        &group[group.partition_point(|&(born, _)| born <= slice)..]
    }
}

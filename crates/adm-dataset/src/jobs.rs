//! Several things at once, in order.

use crate::error::DatasetError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Applies `work` to every item on up to `jobs` threads and returns the results in the items' order.
///
/// # Errors
/// The first item's in order that failed; items that were not begun by then are left undone.
pub(crate) fn map<T: Sync, R: Send>(
    jobs: usize,
    items: &[T],
    work: impl Fn(&T) -> Result<R, DatasetError> + Sync,
) -> Result<Vec<R>, DatasetError> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = work(item);
            stop.fetch_or(result.is_err(), Ordering::Relaxed);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    thread::scope(|scope| {
        // This thread is one of them, so one job needs no thread at all.
        for _ in 1..jobs.min(items.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        for jobs in [0, 1, 2, 9, 200] {
            let squares = map(jobs, &items, |item| {
                thread::sleep(std::time::Duration::from_micros(item * 37 % 200));
                Ok(item * item)
            });
            assert_eq!(squares.unwrap(), items.iter().map(|item| item * item).collect::<Vec<_>>(), "{jobs} jobs");
        }
    }

    #[test]
    fn a_failure_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..1_000).collect();
        let outcome = map(2, &items, |&index| {
            begun.fetch_add(1, Ordering::Relaxed);
            if index == 5 { Err(DatasetError::NoSuchSlice { index, len: 5 }) } else { Ok(index) }
        });
        assert_eq!(outcome.unwrap_err().to_string(), "slice 5 was asked for, but the dataset has 5");
        assert!(begun.load(Ordering::Relaxed) < 1_000);
    }
}

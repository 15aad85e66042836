//! Threads that make what a consumer will want next.

use crate::error::DatasetError;
use crate::panics;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Makes items ahead of their consumer on worker threads and hands them over in order.
///
/// An item is a function of its step alone, so what comes out does not depend on the number of workers. At most
/// `ahead` items beyond the next one exist at a time, whether made or in the making. Dropping it stops the workers
/// after the items they are at.
pub struct Prefetch<T> {
    shared: Arc<Shared<T>>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    /// An item is ready.
    made: Condvar,
    /// The consumer took an item, or everything should stop.
    taken: Condvar,
}

struct State<T> {
    /// What the consumer gets next.
    next_out: u64,
    /// What the next free worker makes.
    next_in: u64,
    ready: BTreeMap<u64, Result<T, DatasetError>>,
    stopped: bool,
}

impl<T: Send + 'static> Prefetch<T> {
    /// Starts `workers` threads (at least one) that call `make` for `first_step`, the one after it, and so on.
    ///
    /// A larger `ahead` (at least one) smooths out slow items and holds more of them in memory.
    ///
    /// # Errors
    /// A thread that the system does not grant.
    pub fn new<F>(first_step: u64, workers: usize, ahead: usize, make: F) -> Result<Self, DatasetError>
    where
        F: Fn(u64) -> T + Send + Sync + 'static,
    {
        let state = State { next_out: first_step, next_in: first_step, ready: BTreeMap::new(), stopped: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), made: Condvar::new(), taken: Condvar::new() });
        let make = Arc::new(make);
        let mut prefetch = Self { shared, workers: Vec::new() };
        for worker in 0..workers.max(1) {
            let (shared, make) = (Arc::clone(&prefetch.shared), Arc::clone(&make));
            let named = thread::Builder::new().name(format!("prefetch-{worker}"));
            let spawned = named.spawn(move || shared.work(ahead.max(1) as u64, &*make));
            prefetch.workers.push(spawned.map_err(|source| DatasetError::Threads { source })?);
        }
        Ok(prefetch)
    }
}

impl<T> Prefetch<T> {
    /// Waits for the next step's item.
    ///
    /// # Errors
    /// [`DatasetError::Worker`] if `make` panicked for this step; the steps after it are still made.
    #[expect(clippy::should_implement_trait, reason = "it never ends, so an iterator's Option would be noise")]
    pub fn next(&mut self) -> Result<T, DatasetError> {
        let mut state = self.shared.lock();
        loop {
            let step = state.next_out;
            if let Some(item) = state.ready.remove(&step) {
                state.next_out = step.wrapping_add(1);
                drop(state);
                self.shared.taken.notify_all();
                return item;
            }
            state = self.shared.made.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Drop for Prefetch<T> {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.taken.notify_all();
        for worker in self.workers.drain(..) {
            // A worker catches its panics, so there is nothing to learn from joining it.
            let _ = worker.join();
        }
    }
}

impl<T> Shared<T> {
    /// The lock is never held while `make` runs, so a poisoned state is still sound.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, ahead: u64, make: &dyn Fn(u64) -> T) {
        while let Some(step) = self.claim(ahead) {
            let item = panics::catch(|| make(step)).map_err(|reason| DatasetError::Worker { step, reason });
            self.lock().ready.insert(step, item);
            self.made.notify_all();
        }
    }

    /// Waits until an item may be made and takes its step; `None` when everything should stop.
    fn claim(&self, ahead: u64) -> Option<u64> {
        let mut state = self.lock();
        while !state.stopped && state.next_in.wrapping_sub(state.next_out) > ahead {
            state = self.taken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let step = state.next_in;
        state.next_in = step.wrapping_add(1);
        (!state.stopped).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
    use std::time::Duration;

    #[test]
    fn items_come_in_order_whatever_the_number_of_workers() {
        for workers in [0, 1, 2, 7] {
            for ahead in [0, 1, 5] {
                let mut prefetch = Prefetch::new(40, workers, ahead, |step| {
                    // Later steps are often faster than earlier ones.
                    thread::sleep(Duration::from_micros(step * 7919 % 300));
                    step * step
                })
                .unwrap();
                for step in 40..100 {
                    assert_eq!(prefetch.next().unwrap(), step * step, "{workers} workers, {ahead} ahead");
                }
            }
        }
    }

    /// Counts how many of its kind exist.
    struct Counted(Arc<AtomicI64>);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn no_more_than_asked_for_exist_at_a_time_and_none_after_the_end() {
        let (alive, most) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let (counting, peak) = (Arc::clone(&alive), Arc::clone(&most));
        let mut prefetch = Prefetch::new(0, 3, 4, move |_| {
            peak.fetch_max(counting.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Counted(Arc::clone(&counting))
        })
        .unwrap();
        for _ in 0..50 {
            drop(prefetch.next().unwrap());
        }
        thread::sleep(Duration::from_millis(20));
        drop(prefetch);
        assert_eq!(alive.load(Ordering::SeqCst), 0);
        // Four ahead, the one to come, and the one the consumer holds.
        assert!((2..=6).contains(&most.load(Ordering::SeqCst)), "{most:?}");
    }

    #[test]
    fn a_panic_reaches_the_consumer_and_stops_nothing_else() {
        let made = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&made);
        let mut prefetch = Prefetch::new(0, 2, 2, move |step| {
            counter.fetch_add(1, Ordering::SeqCst);
            assert!(step != 3, "slice {step} is cursed");
            step
        })
        .unwrap();
        let outcomes: Vec<String> =
            (0..6).map(|_| prefetch.next().map_or_else(|error| error.to_string(), |step| step.to_string())).collect();
        let cursed = "a worker failed while it made the batch of step 3: slice 3 is cursed";
        assert_eq!(outcomes, ["0", "1", "2", cursed, "4", "5"]);
        drop(prefetch);
        assert!(made.load(Ordering::SeqCst) <= 9, "workers went on after the end");
    }
}

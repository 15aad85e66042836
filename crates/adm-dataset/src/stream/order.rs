//! Which slices each step sees.

use adm_core::Seeds;
use adm_core::seeds::shuffle;
use std::sync::{Arc, Mutex, PoisonError};

/// Epochs whose permutations are kept: threads a few steps apart may stand on both sides of an epoch's end.
const KEPT: usize = 2;

/// A seeded endless order of slices: each epoch is a fresh permutation of all of them.
///
/// It has no position of its own. Step `s` with batches of `b` takes the places `s·b .. (s+1)·b` of the endless
/// concatenation of epochs, so a batch may straddle two epochs and no slice is ever left out.
#[derive(Debug)]
pub struct Order {
    indices: Vec<usize>,
    seeds: Seeds,
    recent: Mutex<Vec<(u64, Arc<[usize]>)>>,
}

impl Order {
    /// The order of `indices`, such as a split's; `None` if there are none.
    pub fn new(indices: Vec<usize>, seeds: Seeds) -> Option<Self> {
        (!indices.is_empty()).then(|| Self { indices, seeds, recent: Mutex::new(Vec::with_capacity(KEPT)) })
    }

    /// Number of slices in an epoch.
    #[expect(clippy::len_without_is_empty, reason = "an order without slices does not exist")]
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// The epoch in which step `step` starts.
    pub fn epoch_of(&self, step: u64, batch_size: usize) -> u64 {
        step.saturating_mul(batch_size as u64) / self.len() as u64
    }

    /// The slice indices of one step, `batch_size` of them.
    pub fn indices_of(&self, step: u64, batch_size: usize) -> Vec<usize> {
        let len = self.len() as u64;
        let first = step.saturating_mul(batch_size as u64);
        let mut places = (0..batch_size as u64).map(|offset| first.saturating_add(offset)).peekable();
        let mut batch = Vec::with_capacity(batch_size);
        while let Some(&place) = places.peek() {
            let epoch = place / len;
            let permutation = self.permutation(epoch);
            while let Some(place) = places.next_if(|place| place / len == epoch) {
                batch.push(permutation[(place % len) as usize]);
            }
        }
        batch
    }

    fn permutation(&self, epoch: u64) -> Arc<[usize]> {
        // A permutation is whole before it is kept, so what a panicking thread leaves behind is sound.
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, permutation)) = recent.iter().find(|(kept, _)| *kept == epoch) {
            return Arc::clone(permutation);
        }
        let mut permutation = self.indices.clone();
        shuffle(&mut permutation, &mut self.seeds.stream("shuffle", epoch));
        let permutation: Arc<[usize]> = permutation.into();
        if recent.len() == KEPT {
            recent.remove(0);
        }
        recent.push((epoch, Arc::clone(&permutation)));
        permutation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(len: usize, seed: u64) -> Order {
        Order::new((100..100 + len).collect(), Seeds::new(seed)).unwrap()
    }

    #[test]
    fn every_epoch_holds_every_slice_once() {
        for (len, batch_size) in [(1, 1), (1, 5), (7, 3), (10, 10), (10, 64), (97, 16)] {
            let order = order(len, 1);
            let steps = (3 * len).div_ceil(batch_size) as u64 + 1;
            let endless: Vec<usize> = (0..steps).flat_map(|step| order.indices_of(step, batch_size)).collect();
            for (epoch, places) in endless.chunks_exact(len).enumerate() {
                let mut sorted = places.to_vec();
                sorted.sort_unstable();
                assert_eq!(sorted, (100..100 + len).collect::<Vec<_>>(), "{len} slices, epoch {epoch}");
            }
        }
    }

    #[test]
    fn a_step_is_the_same_whatever_was_asked_before() {
        let forwards = order(97, 3);
        let expected: Vec<_> = (0..40).map(|step| forwards.indices_of(step, 16)).collect();
        let fresh = order(97, 3);
        for step in (0..40).rev() {
            assert_eq!(fresh.indices_of(step, 16), expected[step as usize]);
        }
        assert_ne!(order(97, 4).indices_of(0, 16), expected[0]);
        assert_eq!((forwards.epoch_of(0, 16), forwards.epoch_of(6, 16), forwards.epoch_of(7, 16)), (0, 0, 1));
    }

    #[test]
    fn epochs_differ() {
        let order = order(50, 1);
        assert_ne!(order.indices_of(0, 50), order.indices_of(1, 50));
        assert!(Order::new(Vec::new(), Seeds::new(1)).is_none());
    }
}

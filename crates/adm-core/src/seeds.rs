//! Named streams of random numbers.
//!
//! Every random number of the project comes from `(seed, name, index)`: the user's `--seed`, a name that says what the
//! numbers are for, and a position such as the training step. Streams are independent, so asking one of them for more
//! numbers never changes another, and a run resumed at step `n` draws exactly what an undisturbed run would: there is
//! no generator state to save.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
pub use rand::{Rng, RngExt};

/// A generator of one stream.
pub type StreamRng = ChaCha8Rng;

/// The root of all streams of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds(u64);

impl Seeds {
    /// The streams of `--seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed that was given.
    pub fn root(self) -> u64 {
        self.0
    }

    /// The stream `name` at position `index` (a step, an epoch, a beat; 0 where there is only one).
    pub fn stream(self, name: &str, index: u64) -> StreamRng {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&self.0.to_le_bytes());
        key[8..16].copy_from_slice(&fnv1a(name).to_le_bytes());
        key[16..24].copy_from_slice(&index.to_le_bytes());
        ChaCha8Rng::from_seed(key)
    }
}

/// Puts `values` in an order drawn at random (Fisher and Yates), written out so that a library's update never changes what was drawn.
pub fn shuffle<T>(values: &mut [T], random: &mut StreamRng) {
    for last in (1..values.len()).rev() {
        values.swap(last, random.random_range(0..=last));
    }
}

/// FNV-1a, 64 bits: names are few and fixed, so a tiny stable hash is enough to tell their streams apart.
fn fnv1a(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(seed: u64, name: &str, index: u64) -> Vec<u32> {
        let mut rng = Seeds::new(seed).stream(name, index);
        (0..4).map(|_| rng.next_u32()).collect()
    }

    #[test]
    fn a_stream_is_its_seed_name_and_index() {
        assert_eq!(draw(1, "noise", 2), draw(1, "noise", 2));
        for other in [draw(2, "noise", 2), draw(1, "shuffle", 2), draw(1, "noise", 3)] {
            assert_ne!(draw(1, "noise", 2), other);
        }
    }

    #[test]
    fn every_order_is_as_likely_as_any_other() {
        let mut random = Seeds::new(1).stream("test", 0);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6_000 {
            let mut values = [1, 2, 3];
            shuffle(&mut values, &mut random);
            *counts.entry(values).or_insert(0) += 1;
        }
        // A thousand of each, give or take five standard deviations.
        assert!(counts.len() == 6 && counts.values().all(|count| (855..1_145).contains(count)), "{counts:?}");
    }
}

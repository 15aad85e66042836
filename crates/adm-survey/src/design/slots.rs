//! Which sample is at which place on the page.

use adm_core::seeds::{RngExt, StreamRng, shuffle};

/// The places of one trial's samples, sheet after sheet: over as many of its sheets as it has samples, each is at each place once.
pub(super) struct Places {
    base: Vec<usize>,
    turned: usize,
}

impl Places {
    pub(super) fn new(samples: usize) -> Self {
        Self { base: (0..samples).collect(), turned: 0 }
    }

    /// Whether the next order is still to be drawn, and so may be wished for.
    pub(super) fn is_free(&self) -> bool {
        self.turned == 0
    }

    /// Whether the next order has the second of two samples first, where it is settled.
    pub(super) fn is_flipped(&self) -> bool {
        self.base[self.turned % self.base.len()] == 1
    }

    /// The next order; `flipped` is the wish for two samples.
    pub(super) fn next(&mut self, flipped: Option<bool>, random: &mut StreamRng) -> Vec<usize> {
        if self.turned == 0 {
            shuffle(&mut self.base, random);
            if let (2, Some(flipped)) = (self.base.len(), flipped) {
                self.base = if flipped { vec![1, 0] } else { vec![0, 1] };
            }
        }
        let mut order = self.base.clone();
        order.rotate_left(self.turned);
        self.turned = (self.turned + 1) % self.base.len().max(1);
        order
    }
}

/// Which candidate is X, sheet after sheet: over four sheets each is with each order of A and B once.
pub(super) struct Unknown {
    value: usize,
    used: usize,
}

impl Unknown {
    pub(super) fn new() -> Self {
        Self { value: 0, used: 0 }
    }

    /// The next one. The order of A and B turns with every sheet, so X must keep still for two.
    pub(super) fn next(&mut self, random: &mut StreamRng) -> usize {
        match self.used {
            0 => self.value = random.random_range(0..2),
            2 => self.value = 1 - self.value,
            _ => {}
        }
        self.used = (self.used + 1) % 4;
        self.value
    }
}

/// Wishes for the trials of one sheet whose order is free, such that half of all its pairs are turned around; where the
/// number is odd, one more or one less.
pub(super) fn wishes(free: usize, flipped: usize, fixed: usize, random: &mut StreamRng) -> Vec<bool> {
    let all = free + fixed;
    let half = (all + usize::from(all % 2 == 1 && random.random_range(0..2) == 1)) / 2;
    let wanted = half.saturating_sub(flipped).min(free);
    let mut wishes: Vec<bool> = (0..free).map(|number| number < wanted).collect();
    shuffle(&mut wishes, random);
    wishes
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use std::collections::BTreeSet;

    #[test]
    fn every_sample_is_at_every_place_once_a_turn() {
        let mut random = Seeds::new(3).stream("test", 0);
        for samples in 1..=6 {
            let mut places = Places::new(samples);
            for _ in 0..3 {
                let turn: Vec<_> = (0..samples).map(|_| places.next(None, &mut random)).collect();
                for place in 0..samples {
                    assert_eq!(turn.iter().map(|order| order[place]).collect::<BTreeSet<_>>().len(), samples);
                }
            }
        }
    }

    #[test]
    fn x_is_each_candidate_with_each_order_once_in_four() {
        let mut random = Seeds::new(3).stream("test", 0);
        let (mut places, mut unknown) = (Places::new(2), Unknown::new());
        for _ in 0..20 {
            let met: BTreeSet<_> =
                (0..4).map(|_| (places.next(None, &mut random), unknown.next(&mut random))).collect();
            assert_eq!(met.len(), 4);
        }
    }

    #[test]
    fn wishes_make_half_of_a_sheet_flipped() {
        let mut random = Seeds::new(3).stream("test", 0);
        for (free, flipped, fixed) in [(10, 0, 0), (4, 3, 6), (4, 1, 4), (1, 4, 4), (3, 0, 0)] {
            let count = wishes(free, flipped, fixed, &mut random).iter().filter(|wish| **wish).count() + flipped;
            let all: usize = free + fixed;
            assert!(count >= all / 2 && count <= all.div_ceil(2).max(flipped), "{free} {flipped} {fixed}: {count}");
        }
    }
}

//! The order in which PGHI goes from point to point: louder ones first.
//!
//! A heap would keep a strict order for a price that grows with its size. Points whose magnitudes differ by less than
//! 0.36 dB may as well come in any order, so they share a bucket: a list, linked through the points themselves. Putting
//! a point in and taking the loudest one out then takes the same short time however many there are.

/// Buckets for each unit of the logarithm.
pub(super) const BUCKETS_PER_NEPER: f32 = 24.0;

/// Enough of them for the logarithms above the tolerance.
const BUCKETS: usize = 352;

/// A point that is still to be reached.
pub(super) const WAITING: u32 = u32::MAX;

/// A point that is settled and followed by none.
pub(super) const END: u32 = u32::MAX - 1;

/// A queue of points, louder ones first: a list for each range of logarithms, linked through the points.
#[derive(Debug)]
pub(super) struct Buckets {
    heads: [u32; BUCKETS],
    /// No bucket above this one holds anything.
    top: usize,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { heads: [END; BUCKETS], top: 0 }
    }
}

impl Buckets {
    fn of(log: f32) -> usize {
        (log as usize).min(BUCKETS - 1)
    }

    #[inline(always)]
    pub fn push(&mut self, log: f32, point: usize, links: &mut [u32]) {
        let bucket = Self::of(log);
        links[point] = self.heads[bucket];
        self.heads[bucket] = point as u32;
        self.top = self.top.max(bucket);
    }

    #[inline(always)]
    pub fn pop(&mut self, links: &[u32]) -> Option<u32> {
        while self.heads[self.top] == END {
            self.top = self.top.checked_sub(1)?;
        }
        let point = self.heads[self.top];
        self.heads[self.top] = links[point as usize];
        Some(point)
    }

    /// All points above the floor in `order`, those of the loudest bucket first.
    pub fn sort(&mut self, logs: &[f32], floor: f32, order: &mut Vec<u32>) {
        let mut ends = [0usize; BUCKETS];
        let audible = || logs.iter().map(|log| log - floor).enumerate().filter(|(_, log)| *log > 0.0);
        for (_, log) in audible() {
            ends[Self::of(log)] += 1;
        }
        let mut before = 0;
        for end in ends.iter_mut().rev() {
            before += std::mem::replace(end, before);
        }
        order.clear();
        order.resize(before, 0);
        for (point, log) in audible() {
            let at = &mut ends[Self::of(log)];
            order[*at] = point as u32;
            *at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logarithms in no order, some below the floor.
    fn logs() -> Vec<f32> {
        (0..500).map(|point| ((point * 7_919) % 400) as f32 - 49.5).collect()
    }

    #[test]
    fn louder_buckets_come_out_first_and_all_points_once() {
        let (logs, mut links, mut buckets) = (logs(), vec![WAITING; 500], Buckets::default());
        let audible: Vec<usize> = (0..500).filter(|point| logs[*point] > 0.0).collect();
        audible.iter().for_each(|&point| buckets.push(logs[point], point, &mut links));
        let out: Vec<u32> = std::iter::from_fn(|| buckets.pop(&links)).collect();
        assert!(out.windows(2).all(|pair| logs[pair[0] as usize].floor() >= logs[pair[1] as usize].floor()));
        let mut sorted: Vec<usize> = out.iter().map(|point| *point as usize).collect();
        sorted.sort_unstable();
        assert_eq!(sorted, audible);
        assert_eq!(buckets.pop(&links), None);
    }

    #[test]
    fn sorting_takes_what_is_above_the_floor() {
        let (logs, mut order) = (logs(), vec![7; 3]);
        Buckets::default().sort(&logs, 100.0, &mut order);
        assert!(order.iter().all(|point| logs[*point as usize] > 100.0));
        assert!(order.windows(2).all(|pair| logs[pair[0] as usize].floor() >= logs[pair[1] as usize].floor()));
        assert_eq!(order.len(), logs.iter().filter(|log| **log > 100.0).count());
    }
}

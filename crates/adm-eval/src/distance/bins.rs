//! Number of statistically different bins (Richardson & Weiss, "On GANs and GMMs", NeurIPS 2018, section 2).
//!
//! The reference is split into bins of similar beats. Of each bin a two-proportion test asks whether the candidate has as
//! large a share of its beats in it as the reference; the figure is the share of bins in which the answer is no. A kind of
//! beat that the candidate lacks or repeats is a bin that differs. The test sees more the more beats there are, and takes
//! them as independent; the reference's bins were made to fit it, which makes other beats differ a little too often.

use super::kmeans::Centres;
use super::pairs::Points;
use adm_core::seeds::StreamRng;

/// Most bins: the usual choice for sets of a few thousand (for SC09, DiffWave, ICLR 2021).
const MOST: usize = 50;

/// Beats of the smaller set a bin, on average. With five, a bin without candidates is only just a difference; the test's
/// normal approximation wants as many.
const BEATS_A_BIN: usize = 10;

/// Sums of shares are no exact numbers.
const ROUNDING: f64 = 1e-9;

/// Two-sided quantile of the normal distribution for a significance of 0.05.
const SIGNIFICANT: f64 = 1.959_964;

/// Bins for this many beats on the smaller side.
fn suitable(beats: usize) -> usize {
    (beats / BEATS_A_BIN).clamp(2, MOST)
}

/// The bin of every beat of either side.
pub(super) struct Binned {
    reference: Vec<usize>,
    candidate: Vec<usize>,
    bins: usize,
    /// Beats on either side that the tests reckon with.
    sizes: [f64; 2],
}

impl Binned {
    /// Splits a reference into bins that suit it beside `count` candidates.
    pub fn of(reference: &Points, candidate: &Points, count: usize, random: &mut StreamRng) -> Self {
        let size = reference.rows().len();
        let centres = Centres::of(reference, suitable(count.min(size)), random);
        let (reference, candidate) = (centres.assign(reference), centres.assign(candidate));
        Self { reference, candidate, bins: centres.count(), sizes: [size as f64, count as f64] }
    }

    /// Share of the bins in which the shares of these members differ, 0 to 1. The tests are always those of whole sets: half
    /// of the beats stand for all, as tests of half the beats would find too little and hardly vary.
    pub fn different(&self, reference: &[usize], candidate: &[usize]) -> f64 {
        let shares = |sides: &[usize], members: &[usize]| shares(sides, members, self.bins);
        different(&shares(&self.reference, reference), &shares(&self.candidate, candidate), self.sizes)
    }
}

/// Share of the members that lies in each of `bins` bins.
fn shares(sides: &[usize], members: &[usize], bins: usize) -> Vec<f64> {
    let mut shares = vec![0.0; bins];
    members.iter().for_each(|&member| shares[sides[member]] += 1.0 / members.len() as f64);
    shares
}

/// Share of the bins in which two sets of these sizes differ.
fn different(reference: &[f64], candidate: &[f64], sizes: [f64; 2]) -> f64 {
    let different = reference.iter().zip(candidate).filter(|&(&a, &b)| differ([a, b], sizes)).count();
    different as f64 / reference.len().max(1) as f64
}

/// The two-proportion test with a pooled variance: whether the shares of sets of these sizes are different.
fn differ([a, b]: [f64; 2], [all, others]: [f64; 2]) -> bool {
    let pooled = (a * all + b * others) / (all + others);
    let error = (pooled * (1.0 - pooled).max(0.0) * (1.0 / all + 1.0 / others)).sqrt();
    // Not dividing keeps a bin that holds nobody or everybody from being a difference.
    (a - b).abs() > SIGNIFICANT * error + ROUNDING
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `a` in 100 and `b` in 100, and so on, by hand.
    #[test]
    fn the_test_agrees_with_worked_examples() {
        // 30 of 100 and 45 of 100: z = 0.15/√(0.375·0.625·0.02) = 2.19; 40 of 100: z = 1.48.
        assert!(differ([0.30, 0.45], [100.0; 2]) && !differ([0.30, 0.40], [100.0; 2]));
        // 10 of 1,000 and 0 of 300: z = 1.74; 0 of 500: z = 2.24.
        assert!(!differ([0.01, 0.0], [1_000.0, 300.0]) && differ([0.01, 0.0], [1_000.0, 500.0]));
        assert!(!differ([0.0; 2], [10.0; 2]) && !differ([1.0; 2], [10.0; 2]));
    }

    #[test]
    fn the_figure_is_the_share_of_bins_that_differ() {
        let (even, sizes) = ([0.25; 4], [400.0; 2]);
        assert_eq!(different(&even, &even, sizes), 0.0);
        assert_eq!(different(&even, &[1.0, 0.0, 0.0, 0.0], sizes), 1.0);
        assert_eq!(different(&even, &[0.25, 0.25, 0.5, 0.0], sizes), 0.5);
        assert_eq!(shares(&[1, 0, 1, 2], &[0, 2, 3, 0], 3), [0.0, 0.75, 0.25]);
        assert_eq!([6, 100, 588, 4_000].map(suitable), [2, 10, 50, 50]);
    }
}

//! Bands of neighbouring bins, each a weighted sum of magnitudes, and their inverse.
//!
//! As a matrix `F` `[bands, bins]` is nearly empty: a band overlaps no other bands than its two neighbours. So `F·Fᵀ` has
//! three diagonals, and the pseudo-inverse `Fᵀ·(F·Fᵀ)⁻¹` of a frame takes one pass down and one up (Thomas's algorithm)
//! instead of a dense matrix. What it gives below zero is no magnitude. The best magnitudes that are none below zero come
//! of a few multiplicative steps from there, `x ← x · Fᵀy / FᵀFx`, which never leave the positive numbers and never
//! increase the error (Lee and Seung, 2001, "Algorithms for non-negative matrix factorization").

use crate::scratch::sized;

/// What keeps a band without any weight from dividing by zero, as a share of the largest weight squared.
const RIDGE: f64 = 1e-9;

/// Multiplicative steps after the pseudo-inverse.
const STEPS: usize = 16;

/// One band.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its first bin.
    pub first: usize,
    /// Weights of the bins from there on; none for a band that holds no bin.
    pub weights: Vec<f32>,
}

/// Working memory of one frame.
#[derive(Debug, Default)]
pub struct BankScratch {
    solved: Vec<f32>,
    wanted: Vec<f32>,
    bands: Vec<f32>,
    got: Vec<f32>,
}

/// Bands over bins.
#[derive(Debug, Clone)]
pub struct Filterbank {
    bands: Vec<Band>,
    bins: usize,
    /// Of each row of the factored `F·Fᵀ`: what of the row before is taken off, one over the pivot, and the entry beside it.
    factors: Vec<[f32; 3]>,
    /// Whether bands overlap, so that the pseudo-inverse may fall below zero.
    overlaps: bool,
}

impl Filterbank {
    /// A bank over `bins` bins.
    pub fn new(bands: Vec<Band>, bins: usize) -> Self {
        let products = |a: &Band, b: &Band| -> f64 { (0..bins).map(|bin| a.at(bin) * b.at(bin)).sum() };
        let diagonal: Vec<f64> = bands.iter().map(|band| band.square()).collect();
        let beside: Vec<f64> = bands.windows(2).map(|pair| products(&pair[0], &pair[1])).chain([0.0]).collect();
        let ridge = RIDGE * diagonal.iter().fold(f64::MIN_POSITIVE, |most, value| most.max(*value));
        let overlaps = beside.iter().any(|value| *value > 0.0);
        Self { factors: factors(&diagonal, &beside, ridge), bands, bins, overlaps }
    }

    /// Bands whose edges are these bins, each the mean of its bins.
    pub fn of_edges(edges: &[usize]) -> Self {
        let mean = |edge: &[usize]| Band {
            first: edge[0],
            weights: vec![1.0 / (edge[1] - edge[0]) as f32; edge[1] - edge[0]],
        };
        Self::new(edges.windows(2).map(mean).collect(), edges[edges.len() - 1])
    }

    /// Its bands, lowest first.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// Where each band's weights have their centre of gravity, in bins; a band without any is where the one before is.
    pub fn middles(&self) -> Vec<f32> {
        let mut last = 0.0;
        let middle = |band: &Band| {
            let sum: f32 = band.weights.iter().sum();
            let moment: f32 = (0..).zip(&band.weights).map(|(at, weight)| at as f32 * weight).sum();
            last = if sum > 0.0 { band.first as f32 + moment / sum } else { last };
            last
        };
        self.bands.iter().map(middle).collect()
    }

    /// Bins that it looks at.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// The bands of a frame.
    ///
    /// # Shapes
    /// `magnitudes`: `[bins]` at least. Gives `[bands]`.
    pub fn apply<'a>(&'a self, magnitudes: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.bands.iter().map(|band| band.sum(magnitudes))
    }

    /// The magnitudes of a frame whose bands come nearest to `wanted` and that are not below zero.
    ///
    /// # Shapes
    /// `wanted`: `[bands]`, none below zero. `magnitudes`: `[bins]`.
    pub fn invert(&self, wanted: &[f32], magnitudes: &mut [f32], scratch: &mut BankScratch) {
        let solved = sized(&mut scratch.solved, self.bands.len());
        self.solve(wanted, solved);
        self.spread(solved, magnitudes);
        if self.overlaps {
            self.refine(wanted, magnitudes, scratch);
        }
    }

    /// Steps from the pseudo-inverse to the best magnitudes that are none below zero.
    fn refine(&self, wanted: &[f32], magnitudes: &mut [f32], scratch: &mut BankScratch) {
        let goal = sized(&mut scratch.wanted, self.bins);
        let bands = sized(&mut scratch.bands, self.bands.len());
        let got = sized(&mut scratch.got, self.bins);
        self.spread(wanted, goal);
        let most = goal.iter().fold(0.0f32, |most, value| most.max(*value));
        // A zero would stay one for ever.
        let least = 1e-6 * magnitudes.iter().fold(0.0f32, |most, value| most.max(*value));
        magnitudes.iter_mut().for_each(|value| *value = value.max(least));
        for _ in 0..STEPS {
            bands.iter_mut().zip(self.apply(magnitudes)).for_each(|(to, from)| *to = from);
            self.spread(bands, got);
            for ((value, goal), got) in magnitudes.iter_mut().zip(goal.iter()).zip(got.iter()) {
                *value = if *got > 1e-12 * most { *value * (goal / got) } else { 0.0 };
            }
        }
    }

    /// `(F·Fᵀ)⁻¹` times a frame's bands.
    fn solve(&self, wanted: &[f32], solved: &mut [f32]) {
        let mut before = 0.0;
        for ((to, &value), [off, ..]) in solved.iter_mut().zip(wanted).zip(&self.factors) {
            *to = value - off * before;
            before = *to;
        }
        let mut after = 0.0;
        for (value, [_, pivot, beside]) in solved.iter_mut().zip(&self.factors).rev() {
            *value = (*value - beside * after) * pivot;
            after = *value;
        }
    }

    /// `Fᵀ` times bands, nothing below zero.
    fn spread(&self, bands: &[f32], magnitudes: &mut [f32]) {
        magnitudes.fill(0.0);
        for (band, &value) in self.bands.iter().zip(bands) {
            for (to, weight) in magnitudes[band.first.min(self.bins)..].iter_mut().zip(&band.weights) {
                *to += weight * value;
            }
        }
        magnitudes.iter_mut().for_each(|value| *value = value.max(0.0));
    }
}

impl Band {
    fn at(&self, bin: usize) -> f64 {
        bin.checked_sub(self.first).and_then(|index| self.weights.get(index)).map_or(0.0, |weight| f64::from(*weight))
    }

    fn square(&self) -> f64 {
        self.weights.iter().map(|weight| f64::from(*weight).powi(2)).sum()
    }

    fn sum(&self, magnitudes: &[f32]) -> f32 {
        magnitudes.iter().skip(self.first).zip(&self.weights).map(|(magnitude, weight)| magnitude * weight).sum()
    }
}

/// The factors of a matrix with three diagonals, `ridge` added to the middle one.
fn factors(diagonal: &[f64], beside: &[f64], ridge: f64) -> Vec<[f32; 3]> {
    let (mut pivot, mut left) = (1.0, 0.0);
    let mut factors = Vec::with_capacity(diagonal.len());
    for (&middle, &right) in diagonal.iter().zip(beside) {
        let off = left / pivot;
        pivot = middle + ridge - off * left;
        left = right;
        factors.push([off as f32, (1.0 / pivot) as f32, right as f32]);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    /// Triangles over their neighbours' middles, the last of them without any bin.
    fn triangles() -> Filterbank {
        let band = |index: usize| Band { first: 3 * index, weights: vec![0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25] };
        let none = Band { first: 40, weights: Vec::new() };
        Filterbank::new((0..8).map(band).chain([none]).collect(), 32)
    }

    #[test]
    fn a_band_s_middle_is_its_centre_of_gravity() {
        let middles = triangles().middles();
        assert_eq!(middles[..8], [3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0]);
        assert_eq!(middles[8], 24.0, "of a band without bins: the one before");
        let means = Filterbank::of_edges(&[0, 1, 2, 5, 9, 32]).middles();
        assert!(
            means.iter().zip([0.0, 1.0, 3.0, 6.5, 20.0]).all(|(got, wanted)| (got - wanted).abs() < 1e-5),
            "{means:?}"
        );
    }

    #[test]
    fn bands_of_positive_magnitudes_come_back() {
        for bank in [triangles(), Filterbank::of_edges(&[0, 1, 2, 5, 9, 32])] {
            let mut rng = Seeds::new(6).stream("magnitudes", 0);
            let magnitudes: Vec<f32> = (0..bank.bins()).map(|_| rng.random_range(0.1..1.0)).collect();
            let wanted: Vec<f32> = bank.apply(&magnitudes).collect();
            let mut back = vec![f32::NAN; bank.bins()];
            bank.invert(&wanted, &mut back, &mut BankScratch::default());
            assert!(back.iter().all(|value| value.is_finite() && *value >= 0.0));
            for (wanted, got) in wanted.iter().zip(bank.apply(&back)) {
                assert!((wanted - got).abs() <= 0.01 * wanted.abs(), "{wanted} became {got}");
            }
        }
    }

    #[test]
    fn nothing_stays_nothing() {
        let (bank, mut back) = (triangles(), vec![f32::NAN; 32]);
        bank.invert(&[0.0; 9], &mut back, &mut BankScratch::default());
        assert!(back.iter().all(|value| *value == 0.0), "{back:?}");
    }

    #[test]
    fn a_lone_loud_band_comes_back_nearer_than_by_cutting_below_zero() {
        let bank = triangles();
        let wanted = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let (mut solved, mut cut, mut best) = ([0.0; 9], [f32::NAN; 32], [f32::NAN; 32]);
        bank.solve(&wanted, &mut solved);
        bank.spread(&solved, &mut cut);
        bank.invert(&wanted, &mut best, &mut BankScratch::default());
        assert!(best.iter().all(|value| value.is_finite() && *value >= 0.0), "{best:?}");
        let error = |magnitudes: &[f32]| -> f32 {
            bank.apply(magnitudes).zip(wanted).map(|(got, wanted)| (got - wanted).powi(2)).sum()
        };
        assert!(error(&best) < 0.9 * error(&cut), "{} and {}", error(&best), error(&cut));
    }
}

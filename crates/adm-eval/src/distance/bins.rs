//! Statistically different bins (Richardson & Weiss, "On GANs and GMMs", NeurIPS 2018, section 2): the reference is cut into kinds
//! of beats by k-means, and the share of kinds is counted of which the candidate has clearly more or fewer (two-proportion test
//! at 5 %). It knows what is left out and what is overdone. Of two draws of one kind of beats it is about 0.05.

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};

/// Kinds that a large reference is cut into, as in the paper's smaller experiments.
const MOST: usize = 50;

/// Beats that a kind has on average at least.
const LEAST_BEATS: usize = 10;

/// Rounds of k-means after which kinds hardly move any more.
const ROUNDS: usize = 30;

/// Normal deviate of a two-sided test at 5 %.
const DEVIATE: f64 = 1.96;

/// Kinds of beats of a reference.
pub struct Bins {
    centres: Vec<Vec<f64>>,
}

impl Bins {
    /// Learns the kinds of a reference.
    pub fn learn(reference: &[Vec<f64>], seeds: Seeds) -> Self {
        let wanted = (reference.len() / LEAST_BEATS).clamp(1, MOST);
        let mut bins = Self { centres: scattered(reference, wanted, &mut seeds.stream("kinds of beats", 0)) };
        for _ in 0..ROUNDS {
            let kinds = bins.kinds(reference);
            if !bins.move_to(reference, &kinds) {
                break;
            }
        }
        bins
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.centres.len()
    }

    /// The kind of each beat.
    pub fn kinds(&self, beats: &[Vec<f64>]) -> Vec<usize> {
        beats.iter().map(|beat| nearest(&self.centres, beat).0).collect()
    }

    /// Moves each centre to the mean of its kind; whether any moved.
    fn move_to(&mut self, beats: &[Vec<f64>], kinds: &[usize]) -> bool {
        let mut moved = false;
        for (kind, centre) in self.centres.iter_mut().enumerate() {
            let members: Vec<&Vec<f64>> =
                beats.iter().zip(kinds).filter(|(_, of)| **of == kind).map(|(beat, _)| beat).collect();
            let count = members.len() as f64;
            for (at, value) in centre.iter_mut().enumerate().filter(|_| count > 0.0) {
                let mean = members.iter().map(|beat| beat[at]).sum::<f64>() / count;
                moved |= mean != *value;
                *value = mean;
            }
        }
        moved
    }
}

/// The nearest of some centres and its squared distance.
fn nearest(centres: &[Vec<f64>], beat: &[f64]) -> (usize, f64) {
    let squared = |centre: &Vec<f64>| centre.iter().zip(beat).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    centres.iter().map(squared).enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b)).unwrap_or((0, 0.0))
}

/// Beats far from each other to begin with (k-means++, Arthur & Vassilvitskii 2007).
fn scattered(beats: &[Vec<f64>], wanted: usize, rng: &mut StreamRng) -> Vec<Vec<f64>> {
    let Some(first) = beats.get(rng.random_range(0..beats.len().max(1))) else { return Vec::new() };
    let mut centres = vec![first.clone()];
    let mut squared: Vec<f64> = beats.iter().map(|beat| nearest(&centres, beat).1).collect();
    while centres.len() < wanted {
        let mut left = rng.random::<f64>() * squared.iter().sum::<f64>();
        let chosen = squared.iter().position(|&far| {
            left -= far;
            left < 0.0
        });
        let Some(chosen) = chosen else { break };
        let centre = [beats[chosen].clone()];
        squared.iter_mut().zip(beats).for_each(|(far, beat)| *far = far.min(nearest(&centre, beat).1));
        centres.extend(centre);
    }
    centres
}

/// The share of kinds of which one set has clearly more or fewer than the other, by the kinds of their beats.
pub fn different(kinds: usize, reference: &[usize], candidate: &[usize]) -> f64 {
    let count = |of: &[usize]| {
        let mut counts = vec![0.0f64; kinds];
        of.iter().for_each(|&kind| counts[kind] += 1.0);
        counts
    };
    let (n, m) = (reference.len().max(1) as f64, candidate.len().max(1) as f64);
    let differ = |(a, b): (&f64, &f64)| {
        let pooled = (a + b) / (n + m);
        let deviation = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
        (a / n - b / m).abs() > DEVIATE * deviation
    };
    let (ours, theirs) = (count(reference), count(candidate));
    ours.iter().zip(&theirs).filter(|&pair| differ(pair)).count() as f64 / kinds.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty heaps of forty beats.
    fn heaps() -> Vec<Vec<f64>> {
        let mut rng = Seeds::new(5).stream("heaps", 0);
        (0..800)
            .map(|n| (0..3).map(|k| f64::from((n % 20 * (k + 2)) % 23) * 10.0 + rng.random::<f64>()).collect())
            .collect()
    }

    #[test]
    fn what_is_left_out_and_what_is_overdone_is_counted() {
        let beats = heaps();
        let bins = Bins::learn(&beats, Seeds::new(1));
        let kinds = bins.kinds(&beats);
        assert_eq!(different(bins.len(), &kinds, &kinds), 0.0);
        let without: Vec<usize> = kinds.iter().copied().filter(|&kind| kind >= bins.len() / 2).collect();
        let share = different(bins.len(), &kinds, &without);
        assert!(share > 0.6, "half is left out, the other half is twice as often: {share}");
        let one = vec![kinds[0]; 800];
        assert!(different(bins.len(), &kinds, &one) > 0.6);
    }

    #[test]
    fn two_draws_of_one_kind_differ_in_one_of_twenty() {
        let mut rng = Seeds::new(9).stream("draws", 0);
        let draw = |rng: &mut StreamRng| (0..1_000).map(|_| rng.random_range(0..40)).collect::<Vec<usize>>();
        let shares: Vec<f64> = (0..60).map(|_| different(40, &draw(&mut rng), &draw(&mut rng))).collect();
        let mean = shares.iter().sum::<f64>() / 60.0;
        assert!((0.035..0.065).contains(&mean), "{mean}");
    }

    #[test]
    fn every_heap_has_bins_of_its_own() {
        let beats = heaps();
        let bins = Bins::learn(&beats, Seeds::new(1));
        assert_eq!(bins.len(), MOST);
        let kinds = bins.kinds(&beats);
        let alone = (0..bins.len()).all(|kind| {
            let heaps: std::collections::BTreeSet<usize> =
                kinds.iter().enumerate().filter(|(_, of)| **of == kind).map(|(n, _)| n % 20).collect();
            heaps.len() <= 1
        });
        assert!(alone);
    }
}

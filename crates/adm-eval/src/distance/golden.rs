//! The figures against numpy and scipy: `tests/golden/make_golden.py` makes the values.

use super::frechet::{Halved, distance, unlimited};
use super::moments::Moments;
use super::points::Wide;
use super::{Distances, Measure, MeasureConfig};
use crate::Features;
use crate::features::FEATURES;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

/// Kernels are kept as `f32`, and distances are summed in it.
const KAD_TOLERANCE: f64 = 1e-2;

/// Relative error of a Fréchet distance; scipy's square root of a singular matrix is itself no better.
const FAD_TOLERANCE: f64 = 1e-4;

/// The others are counts, or means of many distances.
const TOLERANCE: f64 = 1e-5;

/// The script's hash.
fn number(beat: u64, feature: u64, seed: u64) -> f64 {
    let mask = u64::from(u32::MAX);
    let mut x = (beat * 1_000_003 + feature * 7_919 + seed * 104_729) & mask;
    x = (x * 2_654_435_761) & mask;
    x ^= x >> 16;
    x = (x * 2_246_822_519) & mask;
    x ^= x >> 13;
    x as f64 / 2f64.powi(32)
}

fn beats(seed: u64, count: u64, spread: f64, level: f64) -> Vec<Features> {
    let value = |beat: u64, feature: u64| {
        let shared = spread * (number(beat, 1_000 + feature / 20, seed) - 0.5);
        (level + shared + 6.0 * (number(beat, feature, seed) - 0.5)) as f32
    };
    let beat = |beat: u64| Features((0..FEATURES as u64).map(|feature| value(beat, feature)).collect());
    (0..count).map(beat).collect()
}

fn measured(count: u64, spread: f64, level: f64) -> Distances {
    let config = MeasureConfig { replicates: 0, ..MeasureConfig::default() };
    let measure = Measure::new(&beats(1, 80, 30.0, -40.0), config, Seeds::new(1)).unwrap();
    measure.distances(&beats(2, count, spread, level), count as usize).unwrap()
}

#[test]
fn figures_equal_numpys_and_scipys() {
    // kad, fad, density, coverage, precision, recall, diversity
    let golden = [
        (measured(90, 30.0, -40.0), [-0.250_756, 52.180_846, 1.082_222_2, 0.975, 0.888_888_9, 0.812_5, 0.992_478_6]),
        (measured(70, 22.0, -38.0), [22.900_433, 89.070_039, 3.528_571_4, 1.0, 1.0, 0.225, 0.746_146_1]),
        (measured(12, 34.0, -41.0), [4.747_451, 332.890_533, 0.533_333_3, 0.362_5, 0.5, 0.975, 1.099_554_2]),
    ];
    for (got, [kad, fad, others @ ..]) in golden {
        assert!((got.kad.value - kad).abs() < KAD_TOLERANCE, "{got:?}");
        assert!((got.fad.value / fad - 1.0).abs() < FAD_TOLERANCE, "{got:?}");
        let figures = [got.density, got.coverage, got.precision, got.recall, got.diversity];
        for (figure, expected) in figures.iter().zip(others) {
            assert!((figure.value - expected).abs() < TOLERANCE, "{got:?}");
        }
    }
}

/// Points whose numbers have these spreads and mean.
fn normal(seed: u64, count: usize, size: usize, spread: f64, mean: f64) -> Wide {
    let mut random = Seeds::new(seed).stream("points", 0);
    let mut draw = || (0..12).map(|_| random.random_range(-0.5..0.5)).sum::<f64>();
    Wide::new((0..count * size).map(|_| mean + spread * draw()).collect(), size)
}

fn all(count: usize) -> Vec<usize> {
    (0..count).collect()
}

/// Of independent numbers with spreads `s` and `t` and means `m` apart the distance is `size·(m² + (s − t)²)`.
#[test]
fn the_frechet_distance_has_its_closed_form_over_swept_sizes() {
    for size in [1, 2, 7, 20] {
        let (a, b) = (normal(1, 20_000, size, 1.0, 0.0), normal(2, 20_000, size, 2.0, 0.5));
        let got = distance(&Moments::of(&a, &all(20_000)), &Moments::of(&b, &all(20_000)));
        let expected = size as f64 * (0.25 + 1.0);
        assert!((got / expected - 1.0).abs() < 0.05, "size {size}: {got} for {expected}");
    }
}

#[test]
fn sets_without_spread_are_as_far_apart_as_their_means() {
    let one = |value: f64| Moments::of(&Wide::new(vec![value; 40], 4), &all(10));
    assert!((distance(&one(1.0), &one(3.0)) - 16.0).abs() < 1e-9);
    assert!(distance(&one(1.0), &one(1.0)).abs() < 1e-9);
}

/// What the extrapolation is for: the plain distance of sets alike falls with the number of beats, the unlimited one stays.
#[test]
fn the_unlimited_distance_of_sets_alike_is_nothing_at_any_size() {
    const SIZE: usize = 24;
    let mean_of = |count: usize, other: usize| -> [f64; 2] {
        let mut sums = [0.0; 2];
        for trial in 0..40u64 {
            let (a, b) = (normal(2 * trial, count, SIZE, 1.0, 0.0), normal(2 * trial + 1, other, SIZE, 1.0, 0.0));
            let halved = |points: &Wide, count: usize| {
                Halved::of(points, &all(count), 4, &mut Seeds::new(trial).stream("halvings", count as u64))
            };
            let (a, b) = (halved(&a, count), halved(&b, other));
            sums[0] += distance(&a.whole, &b.whole) / 40.0;
            sums[1] += unlimited(&a, &b) / 40.0;
        }
        sums
    };
    let (few, uneven, many) = (mean_of(100, 100), mean_of(400, 100), mean_of(800, 800));
    assert!(few[0] > 2.5 && few[0] > 1.4 * uneven[0] && uneven[0] > 3.0 * many[0], "{few:?} {uneven:?} {many:?}");
    assert!([few, uneven, many].iter().all(|[_, unlimited]| unlimited.abs() < 0.25), "{few:?} {uneven:?} {many:?}");
}

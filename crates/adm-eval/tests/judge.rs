//! The judge as an instrument: it agrees with slow definitions, and ranks known degradations in the right order.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod band;

use adm_core::Seeds;
use adm_eval::features::FEATURES;
use adm_eval::{EvalError, Features, Judge, Judgement, judge, noise_like};
use band::{FRAMES, beats, degraded, features, low_passed, mono, shifted, with_noise};

/// Beats on each side.
const COUNT: u64 = 120;

/// A judge, the beats that degradations start from, and what they score untouched.
fn instrument() -> (Judge, Vec<Vec<f32>>, Judgement) {
    let judge = Judge::new(&features(&beats(1, COUNT))).unwrap();
    let held_out = beats(2, COUNT);
    let floor = judge.judge(&features(&held_out)).unwrap();
    (judge, held_out, floor)
}

#[test]
fn beats_of_the_same_kind_are_near_covered_and_as_varied() {
    let (_, _, floor) = instrument();
    assert!(floor.kernel_distance.abs() < 10.0, "{floor:?}");
    assert!(floor.coverage > 0.9 && (0.8..1.2).contains(&floor.density), "{floor:?}");
    assert!((0.95..1.05).contains(&floor.diversity), "{floor:?}");
}

#[test]
fn more_noise_is_further_away_at_each_of_five_levels() {
    let (judge, held_out, floor) = instrument();
    let mut before = floor;
    for level in [0.01, 0.02, 0.04, 0.08, 0.2] {
        let now = judge.judge(&degraded(&held_out, |beat| with_noise(beat, level))).unwrap();
        assert!(now.kernel_distance > before.kernel_distance + 5.0, "level {level}: {now:?} after {before:?}");
        assert!(now.coverage <= before.coverage && now.density <= before.density, "level {level}: {now:?}");
        before = now;
    }
    let noise = judge.judge(&features(&noise_like(&held_out, Seeds::new(1)))).unwrap();
    assert!(noise.kernel_distance > before.kernel_distance && noise.kernel_distance > 1_000.0, "{noise:?}");
    assert_eq!((noise.coverage, noise.density), (0.0, 0.0));
}

/// Each list goes from the mildest to the worst.
#[test]
fn stronger_degradations_are_further_away() {
    let (judge, held_out, floor) = instrument();
    let scores: Vec<(&str, Vec<Vec<Features>>)> = vec![
        ("low-pass", [4_000.0, 1_000.0, 300.0].map(|hz| degraded(&held_out, |beat| low_passed(beat, hz))).to_vec()),
        ("shift", [FRAMES / 32, FRAMES / 8, FRAMES / 2].map(|n| degraded(&held_out, |beat| shifted(beat, n))).to_vec()),
        ("mono", vec![degraded(&held_out, mono)]),
    ];
    for (name, candidates) in scores {
        let mut before = floor.kernel_distance;
        for candidate in candidates {
            let now = judge.judge(&candidate).unwrap().kernel_distance;
            assert!(now > before + 10.0, "{name}: {now} after {before}");
            before = now;
        }
    }
}

#[test]
fn one_beat_over_and_over_has_no_diversity_and_little_coverage() {
    let (judge, held_out, floor) = instrument();
    let repeated: Vec<Vec<f32>> = (0..COUNT).map(|_| held_out[0].clone()).collect();
    let repeated = judge.judge(&features(&repeated)).unwrap();
    assert!(repeated.diversity < 1e-6 && repeated.coverage < 0.2, "{repeated:?}");
    assert!(repeated.kernel_distance > floor.kernel_distance + 100.0, "{repeated:?}");
    let few: Vec<Vec<f32>> = (0..COUNT).map(|index| with_noise(&held_out[index as usize % 4], 0.001)).collect();
    let few = judge.judge(&features(&few)).unwrap();
    assert!(few.coverage < 0.3 && few.coverage > repeated.coverage && few.diversity > repeated.diversity, "{few:?}");
}

#[test]
fn the_verdict_is_steady_over_seeds_and_sizes() {
    let reference = features(&beats(1, COUNT));
    let mild = |seed, count| {
        let candidate = degraded(&beats(seed, count), |beat| with_noise(beat, 0.03));
        judge(&reference, &candidate).unwrap().kernel_distance
    };
    let scores = [mild(3, COUNT), mild(4, COUNT), mild(5, COUNT / 2), mild(6, 2 * COUNT)];
    let middle = scores.iter().sum::<f64>() / 4.0;
    assert!(scores.iter().all(|score| (score / middle - 1.0).abs() < 0.25), "{scores:?}");
}

/// Everything once more in f64, one pair at a time, straight from the papers' formulas.
fn slow(reference: &[Features], candidate: &[Features]) -> Judgement {
    let (m, n) = (reference.len(), candidate.len());
    let column = |index: usize| reference.iter().map(move |f| f64::from(f.values()[index]));
    let mean: Vec<f64> = (0..FEATURES).map(|index| column(index).sum::<f64>() / m as f64).collect();
    let spread = |index: usize| (column(index).map(|x| (x - mean[index]).powi(2)).sum::<f64>() / m as f64).sqrt();
    let spread: Vec<f64> = (0..FEATURES).map(|index| spread(index).max(0.5)).collect();
    let distance = |a: &Features, b: &Features| {
        let term = |index: usize| (f64::from(a.values()[index] - b.values()[index]) / spread[index]).powi(2);
        (0..FEATURES).map(term).sum::<f64>().sqrt()
    };
    let pairs = |set: &[Features]| -> Vec<f64> {
        let mut all = Vec::new();
        for i in 0..set.len() {
            for j in 0..i {
                all.push(distance(&set[i], &set[j]));
            }
        }
        all
    };
    let average = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mut rr, cc) = (pairs(reference), pairs(candidate));
    let rc: Vec<Vec<f64>> = reference.iter().map(|r| candidate.iter().map(|c| distance(r, c)).collect()).collect();
    let diversity = average(&cc) / average(&rr);
    rr.sort_by(f64::total_cmp);
    let sigma = rr[rr.len() / 2];
    let kernel = |distances: &[f64]| {
        average(&distances.iter().map(|d| (-d * d / (2.0 * sigma * sigma)).exp()).collect::<Vec<_>>())
    };
    let kernel_distance = 1_000.0 * (kernel(&rr) + kernel(&cc) - 2.0 * kernel(&rc.concat()));
    let radius = |i: usize| {
        let mut others: Vec<f64> = (0..m).filter(|&j| j != i).map(|j| distance(&reference[i], &reference[j])).collect();
        others.sort_by(f64::total_cmp);
        others[4]
    };
    let inside: Vec<usize> = (0..m).map(|i| rc[i].iter().filter(|&&d| d < radius(i)).count()).collect();
    let coverage = inside.iter().filter(|&&count| count > 0).count() as f64 / m as f64;
    Judgement { kernel_distance, coverage, density: inside.iter().sum::<usize>() as f64 / (5 * n) as f64, diversity }
}

#[test]
fn judgements_equal_the_slow_definition_over_swept_sizes() {
    let (reference, candidate) = (features(&beats(1, 60)), degraded(&beats(2, 60), |beat| with_noise(beat, 0.01)));
    for (m, n) in [(6, 6), (7, 31), (60, 20), (59, 60)] {
        let (fast, slow) = (judge(&reference[..m], &candidate[..n]).unwrap(), slow(&reference[..m], &candidate[..n]));
        assert!((fast.kernel_distance - slow.kernel_distance).abs() < 0.01, "{m}, {n}: {fast:?} {slow:?}");
        assert!((fast.diversity - slow.diversity).abs() < 1e-4, "{m}, {n}: {fast:?} {slow:?}");
        // A distance within rounding of a radius may fall to either side of it, once.
        assert!((fast.coverage - slow.coverage).abs() < 1.5 / m as f64, "{m}, {n}: {fast:?} {slow:?}");
        assert!((fast.density - slow.density).abs() < 1.5 / (5 * n) as f64, "{m}, {n}: {fast:?} {slow:?}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (reference, candidate) = (beats(1, 40), beats(2, 30));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| judge(&features(&reference), &features(&candidate)).unwrap())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn too_few_beats_are_refused() {
    let few = features(&beats(1, 6));
    let refusal = judge(&few[..5], &few).unwrap_err();
    assert_eq!(refusal.to_string(), "the reference must hold at least 6, got 5");
    assert!(matches!(judge(&few, &[]), Err(EvalError::TooFew { what: "the candidate", actual: 0, .. })));
    assert!(judge(&few, &few).is_ok());
}

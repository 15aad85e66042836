//! Nine figures as instruments: each that should ranks known degradations in the right order, is steady, and says how steady.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod band;

use adm_core::Seeds;
use adm_eval::{Distances, Estimate, EvalError, Features, Judge, Measure, MeasureConfig, noise_like};
use band::{FRAMES, beats, degraded, features, low_passed, mono, shifted, with_noise};

/// Beats on each side.
const COUNT: usize = 160;

/// Beats are independent of each other here.
fn config(replicates: usize) -> MeasureConfig {
    MeasureConfig { replicates, group: 1, ..MeasureConfig::default() }
}

fn measure_of(reference: &[Features], replicates: usize) -> Measure {
    Measure::new(reference, config(replicates), Seeds::new(7)).unwrap()
}

/// A reference, beats held out, and what they score untouched.
fn instrument(replicates: usize) -> (Measure, Vec<Vec<f32>>, Distances) {
    let measure = measure_of(&features(&beats(1, COUNT as u64)), replicates);
    let held_out = beats(2, COUNT as u64);
    let floor = measure.distances(&features(&held_out), COUNT).unwrap();
    (measure, held_out, floor)
}

/// The figures that are distances: the larger, the worse.
fn apart(of: &Distances) -> [(&'static str, f64); 3] {
    [("kad", of.kad.value), ("fad", of.fad.value), ("fad_unlimited", of.fad_unlimited.value)]
}

/// The figures that count neighbours: the smaller, the worse.
fn near(of: &Distances) -> [(&'static str, f64); 3] {
    [("density", of.density.value), ("coverage", of.coverage.value), ("precision", of.precision.value)]
}

/// Asserts that every distance is larger than before, by at least `least`, and no count of neighbours is larger.
fn assert_worse(now: &Distances, before: &Distances, least: f64, what: &str) {
    for ((name, now), (_, before)) in apart(now).into_iter().zip(apart(before)) {
        assert!(now > before + least, "{what}, {name}: {now} after {before}");
    }
    for ((name, now), (_, before)) in near(now).into_iter().zip(near(before)) {
        assert!(now <= before, "{what}, {name}: {now} after {before}");
    }
}

#[test]
fn beats_of_the_same_kind_score_as_the_docs_say() {
    let (_, _, floor) = instrument(40);
    assert!(floor.kad.value.abs() < 8.0 && floor.fad_unlimited.value.abs() < 8.0, "{floor:?}");
    assert!((0.8..1.2).contains(&floor.density.value) && floor.coverage.value > 0.9, "{floor:?}");
    assert!(floor.precision.value > 0.85 && floor.recall.value > 0.85, "{floor:?}");
    assert!(floor.ndb.value < 0.2 && (0.95..1.05).contains(&floor.diversity.value), "{floor:?}");
    for (name, Estimate { value, low, high }) in floor.named() {
        assert!(low <= value && value <= high && low < high, "{name}: {floor:?}");
    }
    assert!(floor.kad.low < 0.0 && floor.kad.high > 0.0, "{floor:?}");
}

#[test]
fn more_noise_is_worse_at_each_of_five_levels() {
    let (measure, held_out, floor) = instrument(0);
    let mut before = floor;
    for level in [0.005, 0.01, 0.02, 0.04, 0.2] {
        let now = measure.distances(&degraded(&held_out, |beat| with_noise(beat, level)), COUNT).unwrap();
        assert_worse(&now, &before, 5.0, &format!("level {level}"));
        before = now;
    }
    let noise = measure.distances(&features(&noise_like(&held_out, Seeds::new(1))), COUNT).unwrap();
    assert_worse(&noise, &before, 10.0, "noise alone");
    assert!(near(&noise).iter().all(|(_, value)| *value == 0.0) && noise.recall.value == 0.0, "{noise:?}");
    assert!(noise.ndb.value > 0.8, "{noise:?}");
}

/// Each list goes from the mildest to the worst.
#[test]
fn stronger_degradations_are_worse() {
    let (measure, held_out, floor) = instrument(0);
    let scores: Vec<(&str, Vec<Vec<Features>>)> = vec![
        ("low-pass", [4_000.0, 1_000.0, 300.0].map(|hz| degraded(&held_out, |beat| low_passed(beat, hz))).to_vec()),
        ("shift", [FRAMES / 32, FRAMES / 8, FRAMES / 2].map(|n| degraded(&held_out, |beat| shifted(beat, n))).to_vec()),
        ("mono", vec![degraded(&held_out, mono)]),
    ];
    for (name, candidates) in scores {
        let mut before = floor;
        for candidate in candidates {
            let now = measure.distances(&candidate, COUNT).unwrap();
            assert_worse(&now, &before, 8.0, name);
            before = now;
        }
    }
}

#[test]
fn one_beat_over_and_over_has_no_variety_and_holds_few_bins() {
    let (measure, held_out, floor) = instrument(0);
    let repeated: Vec<Vec<f32>> = vec![held_out[0].clone(); COUNT];
    let repeated = measure.distances(&features(&repeated), COUNT).unwrap();
    assert!(repeated.diversity.value < 1e-6 && repeated.coverage.value < 0.2, "{repeated:?}");
    assert!(repeated.recall.value == 0.0 && repeated.ndb.value > 0.8, "{repeated:?}");
    for ((name, now), (_, floor)) in apart(&repeated).into_iter().zip(apart(&floor)) {
        assert!(now > floor + 50.0, "{name}: {repeated:?}");
    }
}

/// A copy of the training set is the best candidate there is by any of these figures, which is why there is an audit that
/// looks for copies.
#[test]
fn the_training_set_itself_scores_best() {
    let reference = features(&beats(1, COUNT as u64));
    let measure = measure_of(&reference, 0);
    let floor = measure.distances(&features(&beats(2, COUNT as u64)), COUNT).unwrap();
    let copied = measure.distances(&reference, COUNT).unwrap();
    for ((name, now), (_, floor)) in apart(&copied).into_iter().zip(apart(&floor)) {
        assert!(now < floor, "{name}: {now} for {floor}");
    }
    assert!(copied.kad.value < 0.0 && copied.fad.value < 1e-6, "{copied:?}");
    assert!(copied.coverage.value == 1.0 && copied.precision.value == 1.0 && copied.recall.value == 1.0, "{copied:?}");
    assert!(copied.ndb.value == 0.0 && (copied.diversity.value - 1.0).abs() < 1e-6, "{copied:?}");
}

#[test]
fn intervals_of_different_sets_lie_apart_and_of_like_sets_do_not() {
    let (measure, held_out, floor) = instrument(100);
    let noisy = |seed| degraded(&beats(seed, COUNT as u64), |beat| with_noise(beat, 0.01));
    let (one, two) = (measure.distances(&noisy(5), COUNT).unwrap(), measure.distances(&noisy(6), COUNT).unwrap());
    let cut = measure.distances(&degraded(&held_out, |beat| low_passed(beat, 2_000.0)), COUNT).unwrap();
    let of = |distances: &Distances| {
        let Distances { kad, fad, fad_unlimited, coverage, precision, .. } = *distances;
        [kad, fad, fad_unlimited, coverage, precision]
    };
    for ((one, two), floor) in of(&one).iter().zip(of(&two)).zip(of(&floor)) {
        assert!(one.apart_from(&floor) && !one.apart_from(&two), "{one:?} {two:?} {floor:?}");
    }
    for (one, cut) in of(&one).iter().zip(of(&cut)).take(3) {
        assert!(one.apart_from(&cut), "{one:?} {cut:?}");
    }
}

/// The figures that do not depend on the number of beats do not, on either side, and the floor stays the floor.
#[test]
fn the_floor_is_steady_over_seeds_and_sizes() {
    let (references, candidates) = (features(&beats(11, 800)), features(&beats(12, 800)));
    for (reference, candidate) in [(100, 100), (200, 200), (400, 400), (800, 800), (100, 800), (800, 100)] {
        let measure = measure_of(&references[..reference], 0);
        let floor = measure.distances(&candidates[..candidate], 100).unwrap();
        let slack = 8.0 * (100.0 / reference.min(candidate) as f64).sqrt();
        assert!(floor.kad.value.abs() < slack, "{reference}, {candidate}: {floor:?}");
        assert!(floor.fad_unlimited.value.abs() < slack, "{reference}, {candidate}: {floor:?}");
        assert!((floor.diversity.value - 1.0).abs() < 0.1, "{reference}, {candidate}: {floor:?}");
    }
}

/// A candidate of more beats scores as one of `count` does, but for the draw.
#[test]
fn figures_of_equal_counts_compare_whatever_the_sets_sizes() {
    let measure = measure_of(&features(&beats(1, 300)), 0);
    let candidates = features(&beats(2, 600));
    let few = measure.distances(&candidates[..60], 60).unwrap();
    let many = measure.distances(&candidates, 60).unwrap();
    let whole = measure.distances(&candidates, 600).unwrap();
    assert!((few.coverage.value - many.coverage.value).abs() < 0.1, "{few:?} {many:?}");
    assert!((few.fad.value / many.fad.value - 1.0).abs() < 0.5, "{few:?} {many:?}");
    assert!(whole.coverage.value > many.coverage.value + 0.1 && whole.fad.value < 0.6 * many.fad.value, "{whole:?}");
}

#[test]
fn the_judge_and_the_measure_agree() {
    let (reference, candidate) = (features(&beats(1, 90)), degraded(&beats(2, 70), |beat| with_noise(beat, 0.003)));
    let judged = Judge::new(&reference).unwrap().judge(&candidate).unwrap();
    let measured = measure_of(&reference, 0).distances(&candidate, 70).unwrap();
    assert!((judged.kernel_distance - measured.kad.value).abs() < 1e-3, "{judged:?} {measured:?}");
    assert_eq!((judged.coverage, judged.density), (measured.coverage.value, measured.density.value));
    assert!((judged.diversity - measured.diversity.value).abs() < 1e-6, "{judged:?} {measured:?}");
}

#[test]
fn the_number_of_threads_changes_nothing_and_the_seed_only_the_intervals() {
    let (reference, candidate) = (features(&beats(1, 60)), features(&beats(2, 50)));
    let on = |threads: usize, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let measure = Measure::new(&reference, config(30), Seeds::new(seed)).unwrap();
            measure.distances_of_passages(&candidate, 40, 4).unwrap()
        })
    };
    assert_eq!(on(1, 1), on(3, 1));
    let (one, two) = (on(2, 1), on(2, 2));
    assert!(one.kad.value == two.kad.value && one.kad.low != two.kad.low, "{one:?} {two:?}");
}

#[test]
fn sets_beyond_the_most_are_drawn_from() {
    let few = MeasureConfig { most: 80, ..config(10) };
    let measure = Measure::new(&features(&beats(1, 200)), few, Seeds::new(1)).unwrap();
    let floor = measure.distances(&features(&beats(2, 200)), 80).unwrap();
    assert!(floor.kad.value.abs() < 15.0 && floor.precision.value > 0.8, "{floor:?}");
}

#[test]
fn too_few_beats_are_refused() {
    let few = features(&beats(1, 8));
    let refusal = Measure::new(&few[..5], config(5), Seeds::new(1)).err().unwrap();
    assert_eq!(refusal.to_string(), "the reference must hold at least 6, got 5");
    let measure = measure_of(&few, 5);
    let refused = |count: usize, of: &[Features]| measure.distances(of, count).unwrap_err();
    assert!(matches!(refused(5, &few), EvalError::TooFew { what: "the beats to compare", expected: 6, actual: 5 }));
    assert!(matches!(refused(8, &few[..7]), EvalError::TooFew { what: "the candidate", expected: 8, actual: 7 }));
    assert!(measure.distances(&few[..6], 6).is_ok());
}

//! Courses whose truth is known, with noise over many seeds.

use super::*;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

const SEEDS: u64 = 400;

/// A standard normal number, as the sum of twelve uniform ones.
fn normal(random: &mut impl RngExt) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// Judgements of a course of which `truth` is the distance at times from 0 to 1; noise is a logarithm's standard deviation, of
/// which `lasting` is the correlation from one judgement to the next.
fn noisy(count: usize, truth: impl Fn(f64) -> f64, noise: f64, lasting: f64, seed: u64) -> Vec<Point> {
    let mut random = Seeds::new(seed).stream("courses", count as u64);
    let mut state = normal(&mut random);
    (1..=count)
        .map(|at| {
            state = lasting * state + (1.0 - lasting * lasting).sqrt() * normal(&mut random);
            let distance = truth(at as f64 / count as f64) * (noise * state).exp();
            Point { step: at as u64 * 50, distance, coverage: f64::NAN, diversity: f64::NAN }
        })
        .collect()
}

/// Shares of verdicts over seeds: too early, improving, plateaued, worsening, collapsing.
fn shares(of: impl Fn(u64) -> Vec<Point>) -> [f64; 5] {
    let mut counts = [0; 5];
    for seed in 0..SEEDS {
        let place = match course(&of(seed)) {
            Course::TooEarly => 0,
            Course::Improving => 1,
            Course::Plateaued { .. } => 2,
            Course::Worsening { .. } => 3,
            Course::Collapsing { .. } => 4,
        };
        counts[place] += 1;
    }
    counts.map(|count| f64::from(count) / SEEDS as f64)
}

fn falling(time: f64) -> f64 {
    30.0 + 200.0 * (-time / 0.6).exp()
}

fn flat(time: f64) -> f64 {
    60.0 + 200.0 * (-time / 0.08).exp()
}

fn rising(time: f64) -> f64 {
    if time < 0.4 { flat(time) } else { 60.0 * ((time - 0.4) * 1.3).exp() }
}

#[test]
fn verdicts_are_right_most_of_the_time() {
    for count in [12, 20, 40, 80] {
        for noise in [0.07, 0.15, 0.2] {
            let of = |truth: fn(f64) -> f64| shares(|seed| noisy(count, truth, noise, 0.0, seed));
            let [fell, stayed, rose] = [of(falling), of(flat), of(rising)];
            println!("{count} judgements, noise {noise}: falling {fell:.2?}, flat {stayed:.2?}, rising {rose:.2?}");
            assert!(stayed[1] <= 0.09 && stayed[3] <= 0.02, "{stayed:?}");
            assert!(rose[1] <= 0.01 && fell[3] <= 0.01, "{rose:?} {fell:?}");
            // Few and noisy judgements do not show what goes slowly.
            if count >= 20 && noise <= 0.15 {
                assert!(fell[1] >= 0.8 && rose[3] >= 0.8, "{fell:?} {rose:?}");
            }
        }
    }
}

#[test]
fn noise_that_lasts_misleads_within_bounds() {
    for count in [12, 20, 40, 80] {
        for noise in [0.07, 0.15, 0.2] {
            let stayed = shares(|seed| noisy(count, flat, noise, 0.5, seed));
            println!("{count} judgements, lasting noise {noise}: flat {stayed:.2?}");
            assert!(stayed[1] <= 0.22 && stayed[3] <= 0.06, "{stayed:?}");
        }
    }
}

#[test]
fn few_judgements_are_too_few_and_clear_ones_tell_early() {
    for count in 0..LEAST {
        assert_eq!(shares(|seed| noisy(count, falling, 0.15, 0.0, seed))[0], 1.0, "{count}");
    }
    let early = shares(|seed| noisy(6, falling, 0.15, 0.0, seed));
    assert!(early[1] > 0.8 && early[3] < 0.02, "{early:?}");
    let still = shares(|seed| noisy(6, |_| 60.0, 0.15, 0.0, seed));
    assert!(still[0] > 0.85, "{still:?}");
}

#[test]
fn steps_are_where_it_turned() {
    let of = |truth: fn(f64) -> f64| course(&noisy(40, truth, 0.0, 0.0, 0));
    let Course::Plateaued { since } = of(flat) else { panic!("{:?}", of(flat)) };
    // Within a tenth of where it ends after about a third of 2,000 steps.
    assert!((300..=700).contains(&since), "{since}");
    let Course::Worsening { since } = of(rising) else { panic!("{:?}", of(rising)) };
    assert!((600..=900).contains(&since), "{since}");
    assert_eq!(of(falling), Course::Improving);
}

#[test]
fn what_is_not_finite_or_not_positive_is_no_trouble() {
    let mut points = noisy(40, |_| 60.0, 0.0, 0.0, 0);
    points[7].distance = f64::INFINITY;
    points[20].distance = f64::NAN;
    assert_eq!(course(&points), Course::Plateaued { since: 50 });
    points.iter_mut().for_each(|point| point.distance = -3.0);
    assert_eq!(course(&points), Course::Plateaued { since: 50 });
    assert_eq!(course(&[]), Course::TooEarly);
}

/// Coverage or diversity that stays at `before` for some judgements and then is `after`, measured on 64 beats.
fn covered(before: f64, after: f64, seed: u64) -> Vec<Point> {
    let mut random = Seeds::new(seed).stream("coverage", 0);
    let mut points = noisy(24, flat, 0.15, 0.0, seed);
    for (at, point) in points.iter_mut().enumerate() {
        let share = if at < 16 { before } else { after };
        point.coverage = (0..64).filter(|_| random.random::<f64>() < share).count() as f64 / 64.0;
    }
    points
}

#[test]
fn a_collapse_is_seen_and_none_is_invented() {
    let rates = [(0.4, 0.05), (0.4, 0.4), (0.2, 0.2), (0.5, 0.3)].map(|(before, after)| {
        let share = shares(|seed| covered(before, after, seed))[4];
        println!("coverage {before} to {after}: collapsing {share:.3}");
        share
    });
    assert!(rates[0] >= 0.99 && rates[1..].iter().all(|&rate| rate <= 0.01), "{rates:?}");
    let mut points = covered(0.4, 0.4, 0);
    points.iter_mut().for_each(|point| point.coverage = f64::NAN);
    points.iter_mut().enumerate().for_each(|(at, point)| point.diversity = if at < 12 { 1.8 } else { 0.9 });
    assert!(!matches!(course(&points), Course::Collapsing { .. }), "from noise to music");
    points.iter_mut().skip(18).for_each(|point| point.diversity = 0.2);
    let verdict = course(&points);
    assert!(matches!(verdict, Course::Collapsing { figure: Figure::Diversity, from: 1.0, to: 0.2, .. }), "{verdict:?}");
}

#[test]
fn verdicts_are_sentences_and_name_settings_that_exist() {
    let collapse = Course::Collapsing { figure: Figure::Coverage, from: 0.41, at: 400, to: 0.05 };
    let said = [
        Course::TooEarly,
        Course::Improving,
        Course::Plateaued { since: 850 },
        Course::Worsening { since: 1_300 },
        collapse,
    ]
    .map(|course| course.to_string());
    assert_eq!(
        said,
        [
            "too early to tell",
            "still improving",
            "plateaued since step 850",
            "getting worse since step 1300: the best checkpoint is kept",
            "collapsing: coverage fell from 0.41 at step 400 to 0.05; in a new run, lower optimizer.generator_rate or \
             raise augment.cutout with --set",
        ]
    );
    let base = include_str!("../../../../configs/gan/base.toml");
    for (table, key) in [("optimizer", "generator_rate"), ("augment", "cutout")] {
        let within = base.split(&format!("[{table}]")).nth(1).and_then(|rest| rest.split("\n[").next()).unwrap();
        assert!(within.contains(&format!("\n{key} = ")), "{table}.{key}");
    }
}

/// The judgements of the demo's training on two cores: it falls, rests and falls again.
#[test]
fn a_recorded_course_is_read_as_people_read_it() {
    let judged = [
        226.2, 115.0, 148.8, 122.6, 124.3, 128.5, 94.1, 88.9, 67.2, 62.3, 71.0, 69.5, 73.3, 72.2, 72.5, 63.3, 68.8,
        69.4, 66.4, 68.9, 70.4, 74.5, 71.9, 67.5, 62.5, 58.8, 62.6, 66.3, 71.5, 58.6,
    ];
    let points = |count: usize| -> Vec<Point> {
        let point = |(at, &distance): (usize, &f64)| Point {
            step: 50 * (at as u64 + 1),
            distance,
            coverage: f64::NAN,
            diversity: f64::NAN,
        };
        judged[..count].iter().enumerate().map(point).collect()
    };
    assert_eq!(course(&points(3)), Course::TooEarly);
    assert_eq!(course(&points(10)), Course::Improving);
    assert_eq!(course(&points(22)), Course::Plateaued { since: 450 });
}

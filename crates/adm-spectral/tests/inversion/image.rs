//! The stereo image.

use super::*;
use std::f32::consts::FRAC_1_SQRT_2;

fn joined(one: &[f32], two: &[f32]) -> Vec<f32> {
    one.iter().chain(two).copied().collect()
}

/// Root mean squares of both channels and their correlation.
fn image(signals: &[f32]) -> (f64, f64, f64) {
    let (left, right) = signals.split_at(signals.len() / 2);
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    let levels = (product(left, left).sqrt(), product(right, right).sqrt());
    (levels.0, levels.1, product(left, right) / (levels.0 * levels.1))
}

#[test]
fn what_is_in_the_middle_stays_there() {
    let (shape, mut scratch) = (shape(512, 128, 11_000), InversionScratch::new());
    let signal = music(shape.samples);
    for method in PhaseMethod::ALL {
        let both = magnitudes(shape, &joined(&signal, &signal));
        let (got, _) = inverted(&inverter(shape, ChannelLayout::LeftRight, method), &both, &mut scratch);
        assert!(got[..shape.samples] == got[shape.samples..], "{method:?}: left is not right");
        let mid = magnitudes(shape, &joined(&signal, &vec![0.0; shape.samples]));
        let (got, _) = inverted(&inverter(shape, ChannelLayout::MidSide, method), &mid, &mut scratch);
        assert!(got[..shape.samples] == got[shape.samples..], "{method:?}: there is a side");
    }
}

#[test]
fn what_stands_aside_stays_there() {
    let (shape, mut scratch) = (shape(512, 128, 11_000), InversionScratch::new());
    let (signal, quiet): (Vec<f32>, Vec<f32>) =
        music(shape.samples).into_iter().map(|value| (value, 0.25 * value)).unzip();
    for method in [PhaseMethod::Auto, PhaseMethod::Pghi] {
        let wanted = magnitudes(shape, &joined(&signal, &quiet));
        let (got, _) = inverted(&inverter(shape, ChannelLayout::LeftRight, method), &wanted, &mut scratch);
        let (left, right, correlation) = image(&got);
        assert!((right / left - 0.25).abs() < 0.01 && correlation > 0.99, "{method:?}: {left}, {right}, {correlation}");
    }
}

#[test]
fn mid_and_side_keep_the_correlation_of_left_and_right() {
    let (shape, mut scratch) = (shape(512, 128, 22_000), InversionScratch::new());
    let common = music(shape.samples);
    let mut rng = Seeds::new(3).stream("own", 0);
    let mut own = || -> Vec<f32> { common.iter().map(|value| value + rng.random_range(-0.5..0.5)).collect() };
    let (left, right) = (own(), own());
    let (_, _, wanted) = image(&joined(&left, &right));
    let mid: Vec<f32> = left.iter().zip(&right).map(|(left, right)| FRAC_1_SQRT_2 * (left + right)).collect();
    let side: Vec<f32> = left.iter().zip(&right).map(|(left, right)| FRAC_1_SQRT_2 * (left - right)).collect();
    let magnitudes = magnitudes(shape, &joined(&mid, &side));
    let (got, _) = inverted(&inverter(shape, ChannelLayout::MidSide, PhaseMethod::Auto), &magnitudes, &mut scratch);
    let (left, right, correlation) = image(&got);
    assert!((correlation - wanted).abs() < 0.05, "{correlation} for {wanted}");
    assert!((left / right).log2().abs() < 0.1, "{left} and {right}");
}

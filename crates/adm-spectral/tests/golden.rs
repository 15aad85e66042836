//! `stereo-complex` against librosa: the values that `golden/make_golden.py` wrote.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_core::SampleRate;
use adm_spectral::{RepresentationConfig, StereoComplexConfig, Tensor};
use serde::Deserialize;

mod golden_slice;

/// What the issue asks: each value to 1e-4 of itself, or, where two numbers cancel, to 1e-6 of the largest one.
const RELATIVE: f32 = 1e-4;
const OF_THE_PEAK: f32 = 1e-6;

#[derive(Deserialize)]
struct Golden {
    librosa: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    slice_frames: usize,
    bins: usize,
    frames: usize,
    /// Every how many bins and frames a point was kept.
    step: [usize; 2],
    last_samples: [f32; 2],
    /// Of each depth, the sum of all squares, kept or not.
    power: [f64; 4],
    /// `[bins, frames, 4]`.
    values: Vec<f32>,
}

fn check(case: &Case) {
    let slice = golden_slice::slice(case.slice_frames);
    assert_eq!(slice[slice.len() - 2..], case.last_samples, "the slice is not the script's");
    let config = StereoComplexConfig { bins: case.bins, frames: case.frames, ..Default::default() };
    let representation =
        RepresentationConfig::StereoComplex(config).build(case.slice_frames, SampleRate::CD, 2).unwrap();
    let tensor = representation.tensor_of(&slice).unwrap();
    check_values(case, &tensor);
    for (plane, power) in tensor.data().chunks(tensor.shape().plane()).zip(case.power) {
        let sum: f64 = plane.iter().map(|value| f64::from(*value).powi(2)).sum();
        assert!((sum / power - 1.0).abs() < 1e-6, "a plane's power is {sum}, librosa's {power}");
    }
}

fn check_values(case: &Case, tensor: &Tensor) {
    let values = tensor.to_depth_last();
    let peak = values.iter().fold(0.0f32, |peak, value| peak.max(value.abs()));
    let points = (0..case.bins).step_by(case.step[0]).flat_map(|bin| {
        (0..case.frames).step_by(case.step[1]).flat_map(move |frame| (0..4).map(move |depth| (bin, frame, depth)))
    });
    assert_eq!(points.clone().count(), case.values.len());
    for ((bin, frame, depth), expected) in points.zip(&case.values) {
        let actual = values[(bin * case.frames + frame) * 4 + depth];
        let room = RELATIVE * expected.abs() + OF_THE_PEAK * peak;
        assert!((actual - expected).abs() <= room, "({bin}, {frame}, {depth}): {actual}, librosa has {expected}");
    }
}

#[test]
fn tensors_equal_librosa_s() {
    let golden: Golden = serde_json::from_str(include_str!("golden/stereo_complex.json")).unwrap();
    assert!(golden.librosa.starts_with("0.11"));
    golden.cases.iter().for_each(check);
}

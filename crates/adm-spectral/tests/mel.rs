//! `mel` against librosa: the values that `golden/make_mel.py` wrote.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_core::SampleRate;
use adm_spectral::RepresentationConfig;
use serde::Deserialize;

mod golden_slice;

/// Each value to 1e-4 of itself, or, where little is left of much, to 1e-6 of the largest one.
const RELATIVE: f32 = 1e-4;
const OF_THE_PEAK: f32 = 1e-6;

#[derive(Deserialize)]
struct Golden {
    librosa: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    config: RepresentationConfig,
    rate: u32,
    slice_frames: usize,
    /// Every how many bins and frames a point was kept.
    step: [usize; 2],
    /// The sum of each bin's values, kept or not.
    rows: Vec<f64>,
    /// `[bins, frames]`.
    values: Vec<f32>,
}

fn check(case: &Case) {
    let stereo = golden_slice::slice(case.slice_frames);
    let mono: Vec<f32> = stereo.iter().step_by(2).copied().collect();
    let representation = case.config.build(case.slice_frames, SampleRate::new(case.rate).unwrap(), 1).unwrap();
    let tensor = representation.tensor_of(&mono).unwrap();
    let (frames, peak) = (tensor.shape().frames, tensor.data().iter().fold(0.0f32, |peak, value| peak.max(*value)));
    assert_eq!(tensor.shape().bins, case.rows.len());
    for (row, expected) in tensor.data().chunks_exact(frames).zip(&case.rows) {
        let sum: f64 = row.iter().map(|value| f64::from(*value)).sum();
        assert!((sum - expected).abs() <= 1e-5 * expected.abs() + 1e-9, "{:?}: {sum}, {expected}", case.config);
    }
    let kept =
        tensor.data().chunks_exact(frames).step_by(case.step[0]).flat_map(|row| row.iter().step_by(case.step[1]));
    assert_eq!(kept.clone().count(), case.values.len());
    for (actual, expected) in kept.zip(&case.values) {
        let room = RELATIVE * expected + OF_THE_PEAK * peak;
        assert!((actual - expected).abs() <= room, "{:?}: {actual}, librosa has {expected}", case.config);
    }
}

#[test]
fn values_equal_librosa_s() {
    let golden: Golden = serde_json::from_str(include_str!("golden/mel.json")).unwrap();
    assert!(golden.librosa.starts_with("0.11"));
    golden.cases.iter().for_each(check);
}

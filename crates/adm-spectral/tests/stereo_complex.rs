//! What `stereo-complex` alone promises.

use adm_core::{Hint, SampleRate};
use adm_spectral::{Representation, RepresentationConfig, Scratch, Shape, SpectralError, StereoComplexConfig, Tensor};
use std::sync::Arc;

fn build(
    bins: usize,
    frames: usize,
    slice_frames: usize,
    channels: usize,
) -> Result<Arc<dyn Representation>, SpectralError> {
    let config = RepresentationConfig::StereoComplex(StereoComplexConfig { bins, frames, ..Default::default() });
    config.build(slice_frames, SampleRate::CD, channels)
}

#[test]
fn a_beat_is_256_by_256_by_4_by_default() {
    let config: RepresentationConfig = toml::from_str("name = \"stereo-complex\"").unwrap();
    for slice_frames in [6_615, 13_230, 20_354, 44_100] {
        let representation = config.build(slice_frames, SampleRate::CD, 2).unwrap();
        assert_eq!(representation.shape(), Shape::new(4, 256, 256));
        assert_eq!(config.build(slice_frames, SampleRate::CD, 1).unwrap().shape(), Shape::new(2, 256, 256));
    }
}

#[test]
fn right_comes_before_left() {
    let representation = build(16, 8, 100, 2).unwrap();
    let mut slice = vec![0.0; 200];
    slice.iter_mut().skip(1).step_by(2).for_each(|right| *right = 1.0);
    let tensor = representation.tensor_of(&slice).unwrap();
    let (right, left) = tensor.data().split_at(2 * 16 * 8);
    // The window's weights add up to half the FFT size.
    assert!((right[3] - 16.0).abs() < 1e-5, "DC of the right channel: {}", right[3]);
    assert!(left.iter().all(|value| *value == 0.0));
}

#[test]
fn a_generated_tensor_loses_its_nyquist_tone_and_nothing_else() {
    let representation = build(16, 8, 100, 2).unwrap();
    let (mut generated, mut cleared) = (vec![0.0; 4 * 16 * 8], Tensor::zeros(representation.shape()));
    for (index, value) in generated.iter_mut().enumerate() {
        *value = (index % 7) as f32 - 3.0;
        let nyquist = index % (2 * 16 * 8) >= 16 * 8 && index % (16 * 8) < 8;
        cleared.data_mut()[index] = if nyquist { 0.0 } else { *value };
    }
    let mut slice = vec![0.0; 200];
    representation.decode_generated(&mut generated, &mut slice, &mut Scratch::new()).unwrap();
    assert_eq!(slice, representation.slice_of(&cleared).unwrap());
    assert_eq!(generated, cleared.data());
}

#[test]
fn a_tensor_of_another_shape_is_refused() {
    let error = build(16, 8, 100, 2).unwrap().slice_of(&Tensor::zeros(Shape::new(4, 8, 16))).unwrap_err();
    let message = "a tensor of 4 channels × 16 bins × 8 frames is needed, got 4 channels × 8 bins × 16 frames";
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_slice_too_long_is_refused_with_settings_that_would_do() {
    let error = build(256, 256, 110_000, 2).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a slice of 110000 frames at 44100 Hz in 256 spectra takes a hop of 432, and 256 bins can be inverted well only \
         up to a hop of 424"
    );
    let hint = error.hint().unwrap();
    assert!(hint.starts_with("use --set representation.frames=261 or --set representation.bins=270"), "{hint}");
}

#[test]
fn the_settings_of_the_hint_do_and_fewer_frames_do_not() {
    for (bins, frames) in [(4, 2), (5, 9), (33, 64), (256, 256), (1_000, 16)] {
        for slice_frames in [4_000, 12_345, 16_000] {
            let Err(error) = build(bins, frames, slice_frames, 2) else { continue };
            let SpectralError::HopTooLarge { enough_frames, enough_bins, .. } = error else { panic!("{error}") };
            assert!(build(bins, enough_frames - 1, slice_frames, 2).is_err(), "{bins} bins, {enough_frames} frames");
            for (bins, frames) in [(bins, enough_frames), (enough_bins, frames)] {
                let built = build(bins, frames, slice_frames, 2);
                assert!(built.is_ok() || bins > 8_192 || frames > 8_192, "{bins} × {frames} for {slice_frames}");
            }
        }
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    for (bins, frames, message) in [
        (3, 256, "the representation's bins must be between 4 and 8192, got 3"),
        (usize::MAX, 256, "the representation's bins must be between 4 and 8192, got"),
        (256, 1, "the representation's frames must be between 2 and 8192, got 1"),
        (256, 0, "the representation's frames must be between 2 and 8192, got 0"),
        (8_192, 8_192, "the representation's bins times frames must be between 1 and 33554432, got 67108864"),
    ] {
        let error = build(bins, frames, 1_000, 2).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

//! What single representations promise beyond the conformance suite.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_core::seeds::RngExt;
use adm_core::{Hint, SampleRate, Seeds};
use adm_spectral::{
    InversionConfig, PhaseMethod, Representation, RepresentationConfig, Scaling, Scratch, Shape, SpectralError, Values,
};
use std::f64::consts::TAU;
use std::sync::Arc;

fn config(text: &str) -> RepresentationConfig {
    toml::from_str(text).unwrap()
}

fn build(text: &str, slice_frames: usize, channels: usize) -> Arc<dyn Representation> {
    config(text).build(slice_frames, SampleRate::CD, channels).unwrap()
}

/// A beat of 20,354 frames: a kick that falls from 150 to 50 Hz, a chord and hats, in stereo.
fn beat() -> Vec<f32> {
    let mut rng = Seeds::new(9).stream("hats", 0);
    let mut samples = Vec::new();
    for frame in 0..20_354 {
        let seconds = frame as f64 / 44_100.0;
        let kick = 0.6 * (-9.0 * seconds).exp() * (TAU * (50.0 * seconds - 3.0 * (-30.0 * seconds).exp())).sin();
        let chord: f64 = [220.0, 277.2, 329.6].map(|hz: f64| 0.06 * (TAU * hz * seconds).sin()).iter().sum();
        let hat = 0.1 * (-60.0 * (seconds - 0.23).max(0.0)).exp() * f64::from(u8::from(seconds > 0.23));
        let noise = [rng.random_range(-1.0..1.0), rng.random_range(-1.0..1.0)];
        samples.extend(noise.map(|noise: f64| (kick + chord + hat * noise) as f32));
    }
    samples
}

/// The signal-to-noise ratio of a round trip in dB.
fn snr(representation: &dyn Representation, slice: &[f32]) -> f64 {
    let back = representation.slice_of(&representation.tensor_of(slice).unwrap()).unwrap();
    let square = |value: f32| f64::from(value).powi(2);
    let signal: f64 = slice.iter().map(|value| square(*value)).sum();
    let error: f64 = slice.iter().zip(&back).map(|(a, b)| square(a - b)).sum();
    10.0 * (signal / error.max(f64::MIN_POSITIVE)).log10()
}

#[test]
fn the_complex_ones_have_the_founding_shape() {
    for name in ["stereo-complex", "log-frequency", "exponential"] {
        let representation = build(&format!("name = '{name}'"), 20_354, 2);
        assert_eq!(representation.shape(), Shape::new(4, 256, 256), "{name}");
        let planes: Vec<String> = representation.planes().iter().map(ToString::to_string).collect();
        assert_eq!(planes, ["right real", "right imaginary", "left real", "left imaginary"], "{name}");
        assert_eq!(Scaling::is_for(&*representation), Ok(true), "{name}");
    }
}

#[test]
fn planes_of_the_others_say_what_they_hold() {
    let tenth = Values::Unit { per_decibel: Some(0.02) };
    for (text, expected, values) in [
        ("name = 'mag-if'\nfloor = -100", "mid level, mid frequency, side level, side frequency", tenth),
        ("name = 'magnitude'\nscale = 'linear'", "mid magnitude, side magnitude", Values::Unit { per_decibel: None }),
        (
            "name = 'magnitude'\nscale = 'linear'\nrange = 'full-scale'\nstereo = 'mono'",
            "mono magnitude",
            Values::Unit { per_decibel: None },
        ),
        ("name = 'magnitude'\nrange = 'full-scale'", "mid level, side level", Values::Unit { per_decibel: Some(0.01) }),
        ("name = 'magnitude'\nrange = 'min-max'", "mid level, side level", Values::Unit { per_decibel: None }),
        ("name = 'log-mel'\nstereo = 'left-right'", "left level, right level", tenth),
        ("name = 'log-mel'\nrange = 'raw'", "mid level, side level", Values::Raw),
        ("name = 'waveform'\nstereo = 'mono'", "mono sample", Values::Unit { per_decibel: None }),
        ("name = 'log-band'\nstereo = 'mono'", "mono magnitude", Values::Raw),
    ] {
        let representation = build(text, 20_354, 2);
        let planes: Vec<String> = representation.planes().iter().map(ToString::to_string).collect();
        assert_eq!(planes.join(", "), expected);
        assert!(!representation.is_complex() && !representation.is_exact(), "{text}");
        assert_eq!(representation.values(), values, "{text}");
        let refused = SpectralError::RawValues { name: representation.name() };
        let expected = if values == Values::Raw { Err(refused) } else { Ok(false) };
        assert_eq!(Scaling::is_for(&*representation), expected, "{text}");
    }
}

/// Document 002's tensor of 4.05 s at 8 kHz.
fn djset(range: &str) -> Arc<dyn Representation> {
    let text = format!("name = 'magnitude'\nscale = 'linear'\nrange = '{range}'");
    config(&text).build(32_400, SampleRate::new(8_000).unwrap(), 1).unwrap()
}

/// 4.05 s of beats at 8 kHz, one after the other.
fn window() -> Vec<f32> {
    beat().chunks_exact(2).map(|frame| 0.5 * (frame[0] + frame[1])).step_by(5).cycle().take(32_400).collect()
}

#[test]
fn each_spectrogram_is_scaled_by_its_own_least_and_most_and_comes_back_at_one_level() {
    let (full, stretched, slice) = (djset("full-scale"), djset("min-max"), window());
    assert_eq!(stretched.shape(), Shape::new(1, 128, 128));
    let (plain, tensor) = (full.tensor_of(&slice).unwrap(), stretched.tensor_of(&slice).unwrap());
    let (least, most) = plain.data().iter().fold((f32::MAX, f32::MIN), |(a, b), &v| (a.min(v), b.max(v)));
    assert!(least >= 0.0 && most < 0.5, "raw values lie near 0: {least} to {most}");
    for (plain, scaled) in plain.data().iter().zip(tensor.data()) {
        assert!((scaled - (plain - least) / (most - least)).abs() < 1e-6, "{plain} became {scaled}");
    }
    assert!(tensor.data().contains(&0.0) && tensor.data().contains(&1.0));
    // How loud it was makes no difference.
    let quiet: Vec<f32> = slice.iter().map(|sample| 0.01 * sample).collect();
    let of_quiet = stretched.tensor_of(&quiet).unwrap();
    assert!(tensor.data().iter().zip(of_quiet.data()).all(|(a, b)| (a - b).abs() < 1e-5));
    // What comes back is the same picture, near the level of a sine at half of full scale.
    let back = stretched.slice_of(&tensor).unwrap();
    let again = stretched.tensor_of(&back).unwrap();
    let apart: f64 = tensor.data().iter().zip(again.data()).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let all: f64 = tensor.data().iter().map(|a| f64::from(*a).powi(2)).sum();
    assert!(10.0 * (apart / all).log10() < -10.0, "{} dB", 10.0 * (apart / all).log10());
    let loudest = full.tensor_of(&back).unwrap().data().iter().copied().fold(0.0f32, f32::max);
    assert!((0.15..0.3).contains(&loudest), "{loudest}");
}

#[test]
fn a_silent_spectrogram_is_scaled_to_nothing_and_comes_back_silent() {
    let stretched = djset("min-max");
    let tensor = stretched.tensor_of(&vec![0.0; 32_400]).unwrap();
    assert!(tensor.data().iter().all(|&value| value == 0.0));
    assert!(stretched.slice_of(&tensor).unwrap().iter().all(|&sample| sample == 0.0));
}

#[test]
fn log_frequency_refuses_a_slice_too_long_with_settings_that_would_do() {
    for (bins, frames) in [(256, 256), (64, 128), (100, 37)] {
        let text = |bins: usize, frames: usize| format!("name = 'log-frequency'\nbins = {bins}\nframes = {frames}");
        let built = |bins, frames| config(&text(bins, frames)).build(130_000, SampleRate::CD, 2);
        let error = built(bins, frames).unwrap_err();
        let SpectralError::BandsTooWide { enough_frames, enough_bins, .. } = error else { panic!("{error}") };
        assert!(error.hint().unwrap().contains(&format!("representation.frames={enough_frames}")));
        assert!(built(bins, enough_frames).is_ok() && built(bins, enough_frames - 1).is_err(), "{bins} × {frames}");
        assert!(built(enough_bins, frames).is_ok() && built(enough_bins - 1, frames).is_err(), "{bins} × {frames}");
    }
}

#[test]
fn log_frequency_keeps_the_power_of_the_samples() {
    let slice = beat();
    let tensor = build("name = 'log-frequency'", 20_354, 2).tensor_of(&slice).unwrap();
    let power = |values: &[f32]| values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
    let ratio = power(tensor.data()) / power(&slice);
    // The gap between the slice's ends repeats some of both, here of a kick.
    assert!((1.0..1.2).contains(&ratio), "{ratio}");
}

#[test]
fn steady_tones_stand_still_in_the_middle_of_a_log_frequency_band() {
    let (representation, length) = (build("name = 'log-frequency'", 20_354, 1), 20_354);
    let padded = representation.transform().samples as f64;
    for bin in [100.0, 1_000.0, 5_000.0] {
        let slice: Vec<f32> = (0..length).map(|n| (TAU * bin * f64::from(n) / padded).sin() as f32).collect();
        let tensor = representation.tensor_of(&slice).unwrap();
        let (real, imaginary) = tensor.data().split_at(256 * 256);
        let at = |band: usize, frame: usize| (real[band * 256 + frame], imaginary[band * 256 + frame]);
        let loud =
            (1..256).max_by(|&a, &b| at(a, 128).0.hypot(at(a, 128).1).total_cmp(&at(b, 128).0.hypot(at(b, 128).1)));
        let angle = |frame| f64::from(at(loud.unwrap(), frame).1).atan2(f64::from(at(loud.unwrap(), frame).0)) / TAU;
        let turns = angle(129) - angle(128);
        assert!((turns - turns.round()).abs() < 0.34, "bin {bin}: {turns} turns a frame");
    }
}

#[test]
fn exponential_loses_by_cancelling_most_and_can_be_solved_for() {
    let slice: Vec<f32> = beat().into_iter().step_by(2).take(8_000).collect();
    let snr_of = |settings: &str| {
        let text = format!("name = 'exponential'\nlinear_bins = 2048\nbins = 128\nframes = 128\n{settings}");
        snr(&*build(&text, slice.len(), 1), &slice)
    };
    let (window, once, solved) = (snr_of("phase = 'window'"), snr_of("iterations = 1"), snr_of("iterations = 20"));
    assert!(solved > once + 6.0 && solved > window + 6.0, "{solved:.1}, {once:.1} and {window:.1} dB");
    assert!(solved > 25.0, "{solved:.1} dB");
}

#[test]
fn mag_if_gives_back_all_that_is_above_the_floor() {
    let slice = beat();
    let snr_of = |floor: f32| snr(&*build(&format!("name = 'mag-if'\nfloor = {floor:?}"), 20_354, 2), &slice);
    assert!(snr_of(-120.0) > 45.0, "{:.1} dB", snr_of(-120.0));
    assert!(snr_of(-40.0) < snr_of(-120.0) - 20.0, "{:.1} dB", snr_of(-40.0));
}

#[test]
fn phases_are_found_well_and_the_convergence_is_told() {
    let slice = beat();
    for (text, most) in [
        ("name = 'magnitude'\nbins = 512", -15.0),
        ("name = 'mel'", -8.0),
        ("name = 'log-mel'", -8.0),
        ("name = 'log-band'", -8.0),
    ] {
        let representation = build(text, 20_354, 2);
        let tensor = representation.tensor_of(&slice).unwrap();
        let mut back = vec![0.0; slice.len()];
        let decoded = representation.decode(tensor.data(), &mut back, &mut Scratch::new()).unwrap();
        let reached = decoded.convergence.unwrap().decibels();
        assert!(reached < most, "{text}: {reached:.1} dB");
    }
}

#[test]
fn a_mel_frame_lasts_46_ms_at_any_rate() {
    for (hz, n_fft) in [(8_000, 512), (22_050, 1_024), (44_100, 2_048), (48_000, 2_048), (96_000, 4_096)] {
        let built = config("name = 'mel'").build(20_354, SampleRate::new(hz).unwrap(), 1).unwrap();
        assert_eq!(built.transform().n_fft, n_fft, "{hz} Hz");
    }
}

#[test]
fn another_way_to_find_phases_takes_the_place_of_the_first() {
    let inversion = InversionConfig { method: PhaseMethod::Random, ..Default::default() };
    for name in ["magnitude", "mel", "log-mel", "log-band"] {
        let changed = config(&format!("name = '{name}'")).with_inversion(inversion.clone());
        assert_eq!(changed.inversion(), Some(&inversion), "{name}");
    }
    for name in ["stereo-complex", "log-frequency", "exponential", "mag-if"] {
        let config = config(&format!("name = '{name}'"));
        assert_eq!(config.clone().with_inversion(inversion.clone()), config);
        assert_eq!(config.inversion(), None);
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    for (text, message) in [
        ("name = 'log-frequency'\nframes = 7", "the representation's frames must be between 8 and 8192, got 7"),
        ("name = 'log-frequency'\noverlap = 1.5", "the representation's overlap must be between 0.05 and 1, got 1.5"),
        ("name = 'exponential'\nbins = 9000", "the representation's bins must be between 4 and 8192, got 9000"),
        ("name = 'exponential'\nslope = 33.0", "the representation's slope must be between 0 and 32, got 33"),
        (
            "name = 'mag-if'\nfloor = 3.0",
            "the representation's floor in dB below full scale must be between 10 and 200",
        ),
        ("name = 'magnitude'\nwindow = 0.1", "the representation's window in ms must be between 1 and 1000"),
        ("name = 'magnitude'\nwindow = 2.0", "the length of a slice in frames must be between 1 and"),
        ("name = 'mel'\npower = 3", "the representation's power of magnitudes must be between 1 and 2, got 3"),
        ("name = 'mel'\nfmax = 30000.0", "the representation's fmax in Hz must be between 10 and 22050, got 30000"),
        ("name = 'log-band'\nbins = 5000", "the representation's bins must be between 4 and"),
        (
            "name = 'log-mel'\nfloor = nan",
            "the representation's floor in dB below full scale must be between 10 and 200",
        ),
    ] {
        let error = config(text).build(20_354, SampleRate::CD, 2).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

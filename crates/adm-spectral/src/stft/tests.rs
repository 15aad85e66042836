use super::*;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f64::consts::TAU;

/// Largest error of a spectrum over its largest value: some 20 units in the last place of an f32, −118 dB.
const SPECTRUM_TOLERANCE: f64 = 1.2e-6;

/// Largest error of a signal over its largest value where the inverse is well conditioned.
const SIGNAL_TOLERANCE: f64 = 5e-6;

fn noise(name: &str, length: usize) -> Vec<f32> {
    let mut rng = Seeds::new(440).stream(name, length as u64);
    (0..length).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// The definition, term by term: bin `k` of the frame around sample `centre`.
fn naive_bin(signal: &[f32], size: usize, k: usize, centre: usize) -> (f64, f64) {
    let terms = (0..size).filter_map(|i| {
        let sample = signal.get((centre + i).checked_sub(size / 2)?)?;
        let weight = 0.5 - 0.5 * (TAU * i as f64 / size as f64).cos();
        let angle = -TAU * ((k * i) % size) as f64 / size as f64;
        Some((f64::from(*sample) * weight * angle.cos(), f64::from(*sample) * weight * angle.sin()))
    });
    terms.fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1))
}

/// The definition of the inverse, term by term: sample `at` of the least-squares signal.
fn naive_sample(real: &[f32], imaginary: &[f32], stft: &Stft, at: usize) -> f64 {
    let (size, bins, frames) = (stft.size(), stft.bins(), stft.frames());
    let (mut sum, mut weights) = (0.0, 0.0);
    for t in 0..frames {
        let Some(i) = (at + size / 2).checked_sub(t * stft.hop()).filter(|&i| i < size) else { continue };
        let weight = 0.5 - 0.5 * (TAU * i as f64 / size as f64).cos();
        let alternating = if i % 2 == 0 { 1.0 } else { -1.0 };
        let mut value = f64::from(real[t]) + alternating * f64::from(imaginary[t]);
        for k in 1..bins {
            let angle = TAU * ((k * i) % size) as f64 / size as f64;
            let (re, im) = (f64::from(real[k * frames + t]), f64::from(imaginary[k * frames + t]));
            value += 2.0 * (re * angle.cos() - im * angle.sin());
        }
        sum += weight * value / size as f64;
        weights += weight * weight;
    }
    sum / weights
}

fn analysed(stft: &Stft, signal: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let mut planes = (vec![f32::NAN; stft.bins() * stft.frames()], vec![f32::NAN; stft.bins() * stft.frames()]);
    stft.analyse(signal, &mut planes.0, &mut planes.1, &mut Scratch::new()).unwrap();
    planes
}

#[test]
fn the_spectrum_is_the_definition_s_at_every_size() {
    let sizes = (1..=24).chain([31, 32, 50, 64, 100, 127, 128]);
    for (bins, hop) in sizes.flat_map(|bins: usize| [(bins, 1), (bins, bins.div_ceil(2)), (bins, bins + 3)]) {
        let samples = 17 * hop + bins;
        let stft = Stft::new(bins, hop, samples).unwrap();
        let signal = noise("signal", samples);
        let (real, imaginary) = analysed(&stft, &signal);
        let (mut worst, mut peak) = (0.0f64, 0.0f64);
        for (k, t) in (0..bins).flat_map(|k| (0..stft.frames()).map(move |t| (k, t))) {
            let (re, im) = naive_bin(&signal, 2 * bins, k, t * hop);
            let im = if k == 0 { naive_bin(&signal, 2 * bins, bins, t * hop).0 } else { im };
            let at = k * stft.frames() + t;
            worst = worst.max((f64::from(real[at]) - re).abs()).max((f64::from(imaginary[at]) - im).abs());
            peak = peak.max(re.abs()).max(im.abs());
        }
        assert!(worst <= SPECTRUM_TOLERANCE * peak, "{bins} bins, hop {hop}: off by {worst} of {peak}");
    }
}

#[test]
fn the_inverse_of_any_spectrum_is_the_least_squares_signal() {
    for (bins, hop) in [(1, 1), (2, 1), (3, 2), (8, 4), (8, 13), (15, 7), (32, 20), (33, 54)] {
        let stft = Stft::new(bins, hop, 20 * hop).unwrap();
        let (real, imaginary) = (noise("re", bins * stft.frames()), noise("im", bins * stft.frames()));
        let mut signal = vec![f32::NAN; stft.samples()];
        stft.synthesise(&real, &imaginary, &mut signal, &mut Scratch::new()).unwrap();
        let slow: Vec<f64> = (0..stft.samples()).map(|at| naive_sample(&real, &imaginary, &stft, at)).collect();
        let peak = slow.iter().fold(0.0f64, |peak, value| peak.max(value.abs()));
        for (at, (fast, slow)) in signal.iter().zip(slow).enumerate() {
            let off = (f64::from(*fast) - slow).abs();
            assert!(off <= SIGNAL_TOLERANCE * peak, "{bins} bins, hop {hop}, sample {at}: {fast} for {slow}");
        }
    }
}

#[test]
fn every_signal_comes_back_up_to_the_longest_hop() {
    for bins in [4, 5, 16, 31, 64, 255, 256, 1000] {
        for hop in [1, bins / 2, bins, longest_hop(2 * bins)] {
            let samples = 40 * hop;
            let stft = Stft::new(bins, hop, samples).unwrap();
            let signal = noise("signal", samples);
            let (real, imaginary) = analysed(&stft, &signal);
            let mut back = vec![f32::NAN; samples];
            stft.synthesise(&real, &imaginary, &mut back, &mut Scratch::new()).unwrap();
            let worst = signal.iter().zip(&back).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
            assert!(f64::from(worst) <= SIGNAL_TOLERANCE, "{bins} bins, hop {hop}: off by {worst}");
        }
    }
}

#[test]
fn a_used_scratch_changes_nothing() {
    let mut scratch = Scratch::new();
    for bins in [256, 8, 64, 3, 128] {
        let stft = Stft::new(bins, bins, 37 * bins + 1).unwrap();
        let signal = noise("signal", stft.samples());
        let (real, imaginary) = analysed(&stft, &signal);
        let (mut again_real, mut again_imaginary) = (vec![0.0; real.len()], vec![0.0; real.len()]);
        stft.analyse(&signal, &mut again_real, &mut again_imaginary, &mut scratch).unwrap();
        assert!(real == again_real && imaginary == again_imaginary, "{bins} bins");
        let (mut fresh, mut again) = (vec![0.0; signal.len()], vec![0.0; signal.len()]);
        stft.synthesise(&real, &imaginary, &mut fresh, &mut Scratch::new()).unwrap();
        stft.synthesise(&real, &imaginary, &mut again, &mut scratch).unwrap();
        assert_eq!(fresh, again, "{bins} bins");
    }
}

#[test]
fn bad_input_is_refused_with_numbers() {
    let stft = Stft::new(4, 4, 16).unwrap();
    let mut planes = (vec![0.0; 20], vec![0.0; 20]);
    let mut refused = |signal: &[f32]| {
        stft.analyse(signal, &mut planes.0, &mut planes.1, &mut Scratch::new()).unwrap_err().to_string()
    };
    assert_eq!(refused(&[0.0; 15]), "the signal must hold 16 values, got 15");
    assert_eq!(refused(&[]), "the signal must hold 16 values, got 0");
    let mut bad = [0.0; 16];
    bad[7] = f32::NAN;
    assert_eq!(
        refused(&bad),
        "the signal holds NaN at position 7, but only numbers up to 1e25 in magnitude make sense there"
    );
    bad[7] = 1e38;
    assert!(refused(&bad).starts_with("the signal holds 1"));
    let error = Stft::new(0, 4, 16).unwrap_err().to_string();
    assert_eq!(error, "the number of bins must be between 1 and 32768, got 0");
    assert!(Stft::new(4, 0, 16).is_err() && Stft::new(4, 4, 0).is_err() && Stft::new(4, usize::MAX, 1).is_err());
    let error = stft.synthesise(&[0.0; 19], &[0.0; 20], &mut [0.0; 16], &mut Scratch::new()).unwrap_err();
    assert_eq!(error.to_string(), "the real plane must hold 20 values, got 19");
}

#[test]
fn a_hop_beyond_the_window_leaves_the_gaps_silent() {
    let stft = Stft::new(4, 20, 60).unwrap();
    let (real, imaginary) = analysed(&stft, &[1.0; 60]);
    let mut back = [f32::NAN; 60];
    stft.synthesise(&real, &imaginary, &mut back, &mut Scratch::new()).unwrap();
    assert!((back[0] - 1.0).abs() < 1e-6 && (back[20] - 1.0).abs() < 1e-6, "{back:?}");
    assert_eq!(back[4..16], [0.0; 12]);
}

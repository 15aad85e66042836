//! The transform that magnitudes are inverted with, against its definition.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_spectral::inversion::{CentredStft, LARGEST_MAGNITUDE};
use adm_spectral::{InversionScratch, StftShape};
use rustfft::num_complex::{Complex32, Complex64};
use std::f64::consts::TAU;

/// Largest error of a spectrum over its largest value, -118 dB.
const SPECTRUM_TOLERANCE: f64 = 1.2e-6;

/// Largest error of a signal over its largest value where the inverse is well conditioned.
const SIGNAL_TOLERANCE: f64 = 5e-6;

fn shape(n_fft: usize, win_length: usize, hop: usize, samples: usize) -> StftShape {
    StftShape { n_fft, win_length, hop, samples }
}

/// Odd and even sizes, primes, windows shorter than the frame, signals shorter than it, hops beyond it.
fn shapes() -> Vec<StftShape> {
    let mut shapes = Vec::new();
    for n_fft in (1usize..=24).chain([31, 32, 50, 64, 97, 100, 127, 128]) {
        for win_length in [n_fft, n_fft.div_ceil(2), n_fft - n_fft / 3] {
            for hop in [1, n_fft.div_ceil(4), n_fft.div_ceil(2), n_fft + 3] {
                shapes.extend([1, n_fft, 5 * n_fft + 7].map(|samples| shape(n_fft, win_length, hop, samples)));
            }
        }
    }
    shapes.extend([shape(2_003, 2_003, 500, 2_500), shape(1_499, 1_024, 256, 100), shape(4_096, 4_096, 1_024, 1_000)]);
    shapes.push(shape(8_191, 8_191, 4_000, 9_000));
    shapes
}

fn noise(name: &str, length: usize) -> Vec<f32> {
    let mut rng = Seeds::new(440).stream(name, length as u64);
    (0..length).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// The window's weight of sample `i` of a frame.
fn weight(shape: &StftShape, i: usize) -> f64 {
    let at = i.wrapping_sub((shape.n_fft - shape.win_length) / 2);
    match shape.win_length {
        length if at >= length => 0.0,
        1 => 1.0,
        length => 0.5 - 0.5 * (TAU * at as f64 / length as f64).cos(),
    }
}

fn turn(shape: &StftShape, k: usize, i: usize) -> Complex64 {
    Complex64::from_polar(1.0, TAU * ((k * i) % shape.n_fft) as f64 / shape.n_fft as f64)
}

/// The definition, term by term.
fn naive_point(shape: &StftShape, signal: &[f32], frame: usize, k: usize) -> Complex64 {
    let terms = (0..shape.n_fft).filter_map(|i| {
        let sample = signal.get((frame * shape.hop + i).checked_sub(shape.n_fft / 2)?)?;
        Some(turn(shape, k, i).conj() * weight(shape, i) * f64::from(*sample))
    });
    terms.sum()
}

/// The definition of the inverse, term by term.
fn naive_sample(shape: &StftShape, spectrum: &[Complex32], at: usize) -> (f64, f64) {
    let (mut sum, mut weights) = (0.0, 0.0);
    for frame in 0..shape.frames() {
        let Some(i) = (at + shape.n_fft / 2).checked_sub(frame * shape.hop).filter(|&i| i < shape.n_fft) else {
            continue;
        };
        let row = &spectrum[frame * shape.bins()..][..shape.bins()];
        let value = |k: usize| Complex64::new(row[k].re.into(), row[k].im.into()) * turn(shape, k, i);
        let alone = |k: usize| k == 0 || 2 * k == shape.n_fft;
        // DC and Nyquist are real numbers, whatever stands in their imaginary parts.
        let part = |k: usize| if alone(k) { f64::from(row[k].re) * turn(shape, k, i).re } else { 2.0 * value(k).re };
        let total: f64 = (0..shape.bins()).map(part).sum();
        sum += weight(shape, i) * total / shape.n_fft as f64;
        weights += weight(shape, i).powi(2);
    }
    (sum, weights)
}

#[test]
fn the_spectrum_is_the_definition_s_at_every_size() {
    let mut scratch = InversionScratch::new();
    for shape in shapes() {
        let stft = CentredStft::new(shape).unwrap();
        let signal = noise("signal", shape.samples);
        let mut spectrum = vec![Complex32::new(f32::NAN, f32::NAN); shape.points()];
        stft.analyse(&signal, &mut spectrum, &mut scratch).unwrap();
        let step = 1 + shape.points() / 2_000;
        let (mut worst, mut peak) = (0.0f64, 0.0f64);
        for at in (0..shape.points()).step_by(step) {
            let slow = naive_point(&shape, &signal, at / shape.bins(), at % shape.bins());
            let fast = Complex64::new(spectrum[at].re.into(), spectrum[at].im.into());
            worst = worst.max((fast - slow).norm());
            peak = peak.max(slow.norm());
        }
        assert!(worst <= SPECTRUM_TOLERANCE * peak.max(1e-2), "{shape:?}: off by {worst} of {peak}");
    }
}

#[test]
fn the_inverse_of_any_spectrum_is_the_least_squares_signal() {
    let mut scratch = InversionScratch::new();
    for shape in shapes() {
        let stft = CentredStft::new(shape).unwrap();
        let (re, im) = (noise("re", shape.points()), noise("im", shape.points()));
        let spectrum: Vec<Complex32> = re.into_iter().zip(im).map(|(re, im)| Complex32::new(re, im)).collect();
        let mut signal = vec![f32::NAN; shape.samples];
        stft.synthesise(&spectrum, &mut signal, &mut scratch).unwrap();
        for at in (0..shape.samples).step_by(1 + shape.samples / 200) {
            let (sum, weights) = naive_sample(&shape, &spectrum, at);
            let (slow, off) = if weights > 1e-8 { (sum / weights, weights.sqrt()) } else { (0.0, 1.0) };
            let off = (f64::from(signal[at]) - slow).abs() * off;
            assert!(off <= SIGNAL_TOLERANCE, "{shape:?}, sample {at}: {} for {slow}", signal[at]);
        }
    }
}

#[test]
fn every_signal_comes_back_where_windows_overlap() {
    let mut scratch = InversionScratch::new();
    for shape in shapes().into_iter().filter(|shape| shape.win_length >= 4 && 2 * shape.hop <= shape.win_length) {
        let stft = CentredStft::new(shape).unwrap();
        let signal = noise("signal", shape.samples);
        let mut spectrum = vec![Complex32::default(); shape.points()];
        stft.analyse(&signal, &mut spectrum, &mut scratch).unwrap();
        let mut back = vec![f32::NAN; shape.samples];
        stft.synthesise(&spectrum, &mut back, &mut scratch).unwrap();
        // Beyond the last frame's centre only the fading end of its window is left.
        let covered = signal.iter().zip(&back).take((shape.frames() - 1) * shape.hop + 1);
        let worst = covered.fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
        assert!(f64::from(worst) <= SIGNAL_TOLERANCE, "{shape:?}: off by {worst}");
    }
}

#[test]
fn bad_input_is_refused_with_numbers() {
    let refused = |shape: StftShape| CentredStft::new(shape).unwrap_err().to_string();
    assert_eq!(refused(shape(0, 1, 1, 1)), "the size of a frame must be between 1 and 65536, got 0");
    assert_eq!(refused(shape(8, 9, 1, 1)), "the length of the window must be between 1 and 8, got 9");
    assert!(refused(shape(8, 8, 0, 1)).contains("hop") && refused(shape(8, 8, 1, 0)).contains("signal"));
    assert!(refused(shape(65_536, 1, 1, 1 << 30)).starts_with("the number of frames times bins"));
    assert_eq!((shape(3, 3, 0, 0).frames(), shape(0, 0, 0, usize::MAX).points()), (1, usize::MAX));
    let stft = CentredStft::new(shape(4, 4, 1, 4)).unwrap();
    let mut scratch = InversionScratch::new();
    let mut spectrum = vec![Complex32::default(); stft.shape().points()];
    for bad in [f32::NAN, f32::INFINITY, 2.0 * LARGEST_MAGNITUDE] {
        assert!(stft.analyse(&[0.0, bad, 0.0, 0.0], &mut spectrum, &mut scratch).is_err(), "{bad}");
        spectrum[3].im = bad;
        assert!(stft.synthesise(&spectrum, &mut [0.0; 4], &mut scratch).is_err(), "{bad}");
        assert!(stft.consistency(&spectrum, &mut scratch).is_err(), "{bad}");
        spectrum[3].im = 0.0;
    }
}

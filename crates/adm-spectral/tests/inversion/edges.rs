//! Odd and bad input.

use super::*;
use adm_spectral::SpectralError;
use adm_spectral::inversion::LARGEST_MAGNITUDE;

/// Signals that break careless code.
fn odd_signals(samples: usize) -> Vec<(&'static str, Vec<f32>)> {
    let square = |index: usize| if (index / 50).is_multiple_of(2) { 1.0 } else { -1.0 };
    let click = |index: usize| if index == samples / 2 { 1.0 } else { 0.0 };
    vec![
        ("silence", vec![0.0; samples]),
        ("a constant", vec![0.25; samples]),
        ("a full-scale square", (0..samples).map(square).collect()),
        ("a click", (0..samples).map(click).collect()),
        ("nearly silence", vec![1e-30; samples]),
        ("music", music(samples)),
    ]
}

/// One sample, signals shorter than a frame, odd and prime sizes, short windows, hops beyond the window.
fn odd_shapes() -> Vec<StftShape> {
    let mut shapes =
        vec![shape(1, 1, 1), shape(2, 1, 3), shape(3, 1, 1), shape(4_096, 1_024, 100), shape(2_003, 500, 3_000)];
    for n_fft in [1usize, 2, 3, 5, 8, 31, 64, 97] {
        for hop in [1, n_fft.div_ceil(4), n_fft, 2 * n_fft + 1] {
            shapes.extend([1, n_fft, 3 * n_fft + 1].map(|samples| shape(n_fft, hop, samples)));
        }
        shapes.push(StftShape { n_fft, win_length: n_fft.div_ceil(2), hop: n_fft.div_ceil(6), samples: 4 * n_fft });
    }
    shapes
}

#[test]
fn odd_input_gives_numbers() {
    let mut scratch = InversionScratch::new();
    for (shape, method) in odd_shapes().into_iter().flat_map(|shape| PhaseMethod::ALL.map(|method| (shape, method))) {
        let layouts = [ChannelLayout::LeftRight, ChannelLayout::MidSide].map(|layout| inverter(shape, layout, method));
        for (name, signal) in odd_signals(shape.samples) {
            let wanted: Vec<f32> = magnitudes(shape, &signal).repeat(2);
            for inverter in &layouts {
                let (got, decibels) = inverted(inverter, &wanted, &mut scratch);
                let fine = got.iter().all(|value| value.is_finite()) && (-200.0..=200.0).contains(&decibels);
                assert!(fine, "{inverter:?}, {name}: {decibels} dB");
                let silent = decibels == -200.0 && got.iter().all(|value| *value == 0.0);
                assert!(name != "silence" || silent, "{inverter:?}: {decibels} dB");
            }
        }
    }
}

#[test]
fn magnitudes_of_no_signal_give_numbers() {
    let mut scratch = InversionScratch::new();
    for shape in odd_shapes() {
        let points = shape.points();
        let lone = |at: usize, value: f32| (0..points).map(|point| if point == at { value } else { 0.0 }).collect();
        let all: [Vec<f32>; 5] = [
            vec![1.0; points],
            lone(0, 1.0),
            lone(points / 2, LARGEST_MAGNITUDE),
            lone(points - 1, 1e-38),
            vec![LARGEST_MAGNITUDE; points],
        ];
        for (wanted, method) in all.iter().flat_map(|wanted| PhaseMethod::ALL.map(|method| (wanted, method))) {
            let (got, decibels) = inverted(&inverter(shape, ChannelLayout::Mono, method), wanted, &mut scratch);
            let fine = got.iter().all(|value| value.is_finite()) && (-200.0..=200.0).contains(&decibels);
            assert!(fine, "{method:?}, {shape:?}: {decibels} dB");
        }
    }
}

#[test]
fn what_is_no_magnitude_is_refused_with_its_place() {
    let shape = shape(16, 4, 64);
    let inverter = inverter(shape, ChannelLayout::Mono, PhaseMethod::Auto);
    let refused = |bad: f32| {
        let mut wanted = vec![1.0; shape.points()];
        wanted[11] = bad;
        inverter.invert(&wanted, &mut [0.0; 64], &mut InversionScratch::new()).unwrap_err()
    };
    assert_eq!(refused(-0.5).to_string(), "a magnitude must not be negative, got -0.5 at position 11");
    for bad in [f32::NAN, f32::INFINITY, 1e10] {
        assert!(matches!(refused(bad), SpectralError::BadValue { index: 11, .. }), "{bad}");
    }
    let lengths = |magnitudes: usize, signals: usize| {
        let (wanted, mut got) = (vec![1.0; magnitudes], vec![0.0; signals]);
        inverter.invert(&wanted, &mut got, &mut InversionScratch::new()).unwrap_err().to_string()
    };
    assert_eq!(lengths(152, 64), "the magnitudes must hold 153 values, got 152");
    assert_eq!(lengths(153, 65), "the signals must hold 64 values, got 65");
}

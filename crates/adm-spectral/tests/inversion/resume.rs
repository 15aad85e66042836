//! Iterations that stop and go on.

use super::*;
use adm_spectral::inversion::{InversionState, StereoPhase};

#[test]
fn iterations_in_two_calls_are_those_in_one_bit_for_bit() {
    let shape = shape(256, 64, 4_000);
    let signals: Vec<f32> = music(2 * shape.samples);
    let stereo = [StereoPhase::Shared, StereoPhase::SharedStart, StereoPhase::Apart];
    for method in PhaseMethod::ALL {
        for (layout, stereo) in [ChannelLayout::Mono, ChannelLayout::LeftRight, ChannelLayout::MidSide]
            .into_iter()
            .flat_map(|layout| stereo.map(|stereo| (layout, stereo)))
        {
            let wanted = magnitudes(shape, &signals[..layout.channels() * shape.samples]);
            let config = InversionConfig { method, iterations: Some(7), stereo: Some(stereo), ..Default::default() };
            let inverter = Inverter::new(shape, layout, &config).unwrap();
            let whole = inverted(&inverter, &wanted, &mut InversionScratch::new());
            for first in [0, 1, 4, 7] {
                let parts = in_parts(&inverter, &wanted, [first, 7 - first]);
                assert!(parts == whole, "{config:?}, {layout:?}, {first} iterations first");
            }
        }
    }
}

/// The state goes through a copy between the parts, and each part has a scratch of its own.
fn in_parts(inverter: &Inverter, wanted: &[f32], parts: [usize; 2]) -> (Vec<f32>, f64) {
    let mut state = InversionState::new();
    inverter.start(wanted, &mut state, &mut InversionScratch::new()).unwrap();
    for iterations in parts {
        let mut kept = state.clone();
        inverter.refine(wanted, iterations, &mut kept, &mut InversionScratch::new()).unwrap();
        state = kept;
    }
    assert_eq!(state.iterations(), 7);
    let mut signals = vec![f32::NAN; inverter.signals_len()];
    let convergence = inverter.finish(wanted, &state, &mut signals, &mut InversionScratch::new()).unwrap();
    (signals, convergence.decibels())
}

#[test]
fn a_known_spectrum_is_kept() {
    let shape = shape(256, 64, 4_000);
    let (signal, mut scratch, mut state) = (music(shape.samples), InversionScratch::new(), InversionState::new());
    let spectrum = spectra(shape, &signal);
    let wanted = magnitudes(shape, &signal);
    let inverter = inverter(shape, ChannelLayout::Mono, PhaseMethod::FastGriffinLim);
    inverter.start_from(&spectrum, &mut state, &mut scratch).unwrap();
    inverter.refine(&wanted, 5, &mut state, &mut scratch).unwrap();
    let mut got = vec![f32::NAN; shape.samples];
    let convergence = inverter.finish(&wanted, &state, &mut got, &mut scratch).unwrap();
    let worst = signal.iter().zip(&got).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
    assert!(worst < 1e-5 && convergence.decibels() < -100.0, "off by {worst}, {} dB", convergence.decibels());
}

#[test]
fn a_state_that_nothing_was_started_in_is_refused() {
    let shape = shape(16, 4, 64);
    let inverter = inverter(shape, ChannelLayout::Mono, PhaseMethod::Auto);
    let wanted = vec![1.0; shape.points()];
    let error = inverter.refine(&wanted, 1, &mut InversionState::new(), &mut InversionScratch::new()).unwrap_err();
    assert_eq!(error.to_string(), "the state of the inversion must hold 153 values, got 0");
}

//! Resampling keeps time, phase and shape.

use crate::support::{Memory, snr};
use adm_audio::{Resampler, Source, read_all};
use adm_core::SampleRate;
use std::f64::consts::TAU;

/// A sine of `hz` at `rate`, in as many channels as wanted, each a little later in phase.
fn sine(hz: f64, rate: u32, channels: usize, frames: usize) -> Vec<f32> {
    let sample =
        |n: usize, channel: usize| (0.7 * (TAU * hz * n as f64 / f64::from(rate) + 0.3 + channel as f64).sin()) as f32;
    (0..frames).flat_map(|n| (0..channels).map(move |channel| sample(n, channel))).collect()
}

fn resampled(from: u32, to: u32, channels: usize, samples: Vec<f32>) -> Vec<f32> {
    let source = Memory::new(from, channels, samples);
    read_all(&mut Resampler::new(source, SampleRate::new(to).unwrap()).unwrap()).unwrap()
}

const RATES: [(u32, u32); 9] = [
    (48_000, 44_100),
    (44_100, 48_000),
    (96_000, 44_100),
    (88_200, 44_100),
    (22_050, 44_100),
    (44_100, 22_050),
    (32_000, 44_100),
    (192_000, 44_100),
    (44_101, 44_100),
];

#[test]
fn a_sine_comes_out_at_the_right_frequency_phase_and_level() {
    /// Least SNR against the sine computed at the other rate, in dB: f32 transforms of a few thousand points leave
    /// 117 to 136, the 88,202 points that 44,101 Hz needs leave 104.
    fn least_snr(from: u32) -> f64 {
        if from == 44_101 { 100.0 } else { 115.0 }
    }
    for (from, to) in RATES {
        for hz in [50.0, 997.0, 9000.0] {
            let output = resampled(from, to, 2, sine(hz, from, 2, from as usize));
            let expected = sine(hz, to, 2, output.len() / 2);
            // A sine that begins and ends abruptly rings there for as long as the filter is.
            let edge = 2 * 8 * 1024;
            let inside = edge.min(output.len() / 4)..output.len() - edge.min(output.len() / 4);
            let snr = snr(&expected[inside.clone()], &output[inside]);
            assert!(snr > least_snr(from), "{from} → {to}, {hz} Hz: {snr:.1} dB");
        }
    }
}

#[test]
fn what_the_lower_rate_cannot_hold_is_gone() {
    for hz in [22_100.0, 30_000.0, 47_000.0] {
        let output = resampled(96_000, 44_100, 1, sine(hz, 96_000, 1, 96_000));
        let inside = &output[8192..output.len() - 8192];
        let peak = inside.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!(peak < 0.7e-6, "{hz} Hz aliases at {:.1} dB", 20.0 * (peak / 0.7).log10());
    }
}

#[test]
fn the_audible_band_passes_untouched() {
    for (from, to) in [(48_000, 44_100), (44_100, 48_000), (96_000, 44_100)] {
        let output = resampled(from, to, 1, sine(21_400.0, from, 1, from as usize));
        let inside = &output[8192..output.len() - 8192];
        let energy = inside.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / inside.len() as f64;
        let level = 10.0 * (energy / (0.7 * 0.7 / 2.0)).log10();
        assert!(level.abs() < 0.05, "{from} → {to}: 21.4 kHz at {level:.3} dB");
    }
}

#[test]
fn the_length_is_the_rounded_share() {
    for (from, to) in RATES {
        for frames in [1, 2, 100, 1023, 4096, 12_345] {
            let output = resampled(from, to, 2, vec![0.25; 2 * frames]);
            let expected = (frames as f64 * f64::from(to) / f64::from(from)).round() as usize;
            assert_eq!(output.len(), 2 * expected, "{frames} frames {from} → {to}");
        }
    }
}

#[test]
fn an_impulse_stays_where_it_was() {
    for (from, to) in [(48_000u32, 44_100u32), (44_100, 48_000), (22_050, 44_100)] {
        for seconds in [0.0, 0.1, 0.5] {
            let mut samples = vec![0.0; from as usize];
            samples[(seconds * f64::from(from)) as usize] = 1.0;
            let output = resampled(from, to, 1, samples);
            let peak = (0..output.len()).max_by(|&a, &b| output[a].total_cmp(&output[b])).unwrap();
            assert_eq!(peak, (seconds * f64::from(to)) as usize, "{from} → {to} at {seconds} s");
        }
    }
}

#[test]
fn equal_rates_hand_blocks_through() {
    let samples = sine(440.0, 44_100, 2, 10_000);
    let mut plain = Memory::new(44_100, 2, samples.clone());
    let mut same = Resampler::new(Memory::new(44_100, 2, samples), SampleRate::CD).unwrap();
    loop {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        assert_eq!(plain.read(&mut a).unwrap(), same.read(&mut b).unwrap());
        assert_eq!(a, b);
        if a.is_empty() {
            break;
        }
    }
}

#[test]
fn block_sizes_do_not_change_the_result() {
    let samples = sine(1234.5, 48_000, 1, 30_000);
    let uneven = resampled(48_000, 44_100, 1, samples.clone());
    struct Whole(Memory);
    impl Source for Whole {
        fn rate(&self) -> SampleRate {
            self.0.rate()
        }
        fn channels(&self) -> usize {
            1
        }
        fn duration_hint(&self) -> Option<adm_core::Frames> {
            None
        }
        fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, adm_audio::AudioError> {
            let frames = self.0.samples.len();
            into.append(&mut self.0.samples);
            Ok(frames)
        }
    }
    let source = Whole(Memory::new(48_000, 1, samples));
    let whole = read_all(&mut Resampler::new(source, SampleRate::CD).unwrap()).unwrap();
    assert!(uneven == whole, "{} and {} samples", uneven.len(), whole.len());
}

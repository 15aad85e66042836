use super::*;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

/// BS.1534-3, section 5.1: the anchors' filter is flat to so many dB up to its edge.
const RIPPLE_DB: f64 = 0.1;

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

/// The gain of taps at a frequency in dB, by the definition of the Fourier transform.
fn gain(taps: &[f64], hz: f64, rate: u32) -> f64 {
    let turn = |n: usize| 2.0 * PI * hz / f64::from(rate) * n as f64;
    let real: f64 = taps.iter().enumerate().map(|(n, tap)| tap * turn(n).cos()).sum();
    let imaginary: f64 = taps.iter().enumerate().map(|(n, tap)| tap * turn(n).sin()).sum();
    20.0 * real.hypot(imaginary).max(1e-12).log10()
}

#[test]
fn anchors_are_as_the_recommendation_asks() {
    for hz in [22_050, 32_000, 44_100, 48_000, 96_000] {
        for edge in [3_500.0, 7_000.0] {
            let taps = taps(edge / f64::from(hz), edge / 7.0 * 8.0 / f64::from(hz), 0.0);
            let at = |frequency: f64| gain(&taps, frequency, hz);
            for step in 0..=70 {
                let frequency = edge * f64::from(step) / 70.0;
                assert!(at(frequency).abs() <= RIPPLE_DB, "{edge} at {hz}: {} dB at {frequency} Hz", at(frequency));
            }
            let beyond = |from: f64| {
                let steps = (0..=50).map(|step| from + (f64::from(hz) / 2.0 - from) * f64::from(step) / 50.0);
                steps.map(at).fold(f64::NEG_INFINITY, f64::max)
            };
            assert!(beyond(edge / 7.0 * 8.0) <= -25.0, "{edge} at {hz}: {}", beyond(edge / 7.0 * 8.0));
            assert!(beyond(edge / 7.0 * 9.0) <= -50.0, "{edge} at {hz}: {}", beyond(edge / 7.0 * 9.0));
        }
    }
}

#[test]
fn nothing_is_left_above_the_end() {
    for (pass, stop, hz) in [(900.0, 1_000.0, 44_100), (10_670.0, 11_000.0, 44_100), (20_900.0, 21_400.0, 44_100)] {
        for late in [0.0, LATE] {
            let taps = taps(pass / f64::from(hz), stop / f64::from(hz), late);
            for step in 0..=200 {
                let frequency = stop + (f64::from(hz) / 2.0 - stop) * f64::from(step) / 200.0;
                // Kaiser's formula for the length is an estimate, good to a dB.
                assert!(gain(&taps, frequency, hz) < -STOP_DB + 1.5, "{stop} at {frequency}");
            }
            let kept = (0..=50).map(|step| gain(&taps, pass * f64::from(step) / 50.0, hz).abs()).fold(0.0, f64::max);
            assert!(kept < 0.001, "{pass}: {kept} dB");
        }
    }
}

#[test]
fn blocks_make_what_the_sum_makes() {
    let filter = LowPass::new(4_000.0, 12_000.0, rate(44_100));
    let taps = taps(4_000.0 / 44_100.0, 12_000.0 / 44_100.0, 0.0);
    let (half, step) = (filter.half as i64, filter.block - 2 * filter.half);
    let mut random = Seeds::new(1).stream("test filter", 0);
    for (frames, channels) in [(1, 1), (2, 2), (half as usize, 1), (step - 1, 1), (step, 2), (step + 1, 1), (999, 2)] {
        let samples: Vec<f32> = (0..frames * channels).map(|_| random.random::<f32>() - 0.5).collect();
        for wraps in [false, true] {
            let found = filter.apply(&samples, channels, wraps);
            for (at, &found) in found.iter().enumerate() {
                let (frame, channel) = ((at / channels) as i64, at % channels);
                let sample = |n: i64| {
                    let n = if wraps { n.rem_euclid(frames as i64) } else { n };
                    let n = usize::try_from(n).ok().filter(|&n| n < frames);
                    n.map_or(0.0, |n| f64::from(samples[n * channels + channel]))
                };
                let sum: f64 = (-half..=half).map(|k| taps[(k + half) as usize] * sample(frame - k)).sum();
                // Sums of f64 rounded to f32.
                assert!((f64::from(found) - sum).abs() < 1e-6, "{frames} {channels} {wraps} {at}: {found}, {sum}");
            }
        }
    }
}

/// A sine comes out as it would have been half a frame earlier.
#[test]
fn what_lies_between_frames_is_half_a_frame_late() {
    for hz in [50.0, 1_000.0, 9_000.0, 15_000.0] {
        let wave = |n: f64| (0.5 * (2.0 * PI * hz * n / 44_100.0).sin()) as f32;
        let samples: Vec<f32> = (0..12_000).map(|n| wave(f64::from(n))).collect();
        let found = LowPass::between_frames(16_000.0, 16_500.0, rate(44_100)).apply(&samples, 1, false);
        for (frame, found) in found.iter().enumerate().take(8_000).skip(4_000) {
            let expected = wave(frame as f64 - LATE);
            assert!((found - expected).abs() < 1e-5, "{hz} Hz at {frame}: {found} and {expected}");
        }
    }
}

use super::*;
use adm_core::seeds::RngExt;
use adm_core::{Seeds, Silent};
use std::f64::consts::TAU;

const RATE: SampleRate = SampleRate::CD;

/// Masters interleaved samples in blocks and measures the result with ebur128 alone.
fn master(
    samples: &[f32],
    channels: usize,
    rate: SampleRate,
    settings: MasterSettings,
) -> (Vec<f32>, MasterReport, Level) {
    let folder = tempfile::tempdir().unwrap();
    let mut master = Master::new(rate, channels, settings, folder.path()).unwrap();
    samples.chunks(channels * 5_000).for_each(|block| master.push(block).unwrap());
    let mut out = Vec::new();
    let keep = |block: &[f32]| {
        out.extend_from_slice(block);
        Ok(())
    };
    let report = master.finish(&Silent, keep).unwrap();
    let mode = ebur128::Mode::I | ebur128::Mode::TRUE_PEAK;
    let mut judge = ebur128::EbuR128::new(channels as u32, rate.hz(), mode).unwrap();
    judge.add_frames_f32(&out).unwrap();
    let peak = (0..channels as u32).map(|channel| judge.true_peak(channel).unwrap()).fold(0.0, f64::max);
    let level = Level { integrated_lufs: judge.loudness_global().unwrap(), true_peak_dbtp: 20.0 * peak.log10() };
    assert_eq!(out.len(), samples.len());
    assert!(out.iter().all(|sample| sample.is_finite()));
    (out, report, level)
}

fn noise(seed: u64, level: f32, seconds: usize) -> Vec<f32> {
    let mut rng = Seeds::new(seed).stream("test", 0);
    (0..seconds * 88_200).map(|_| level * rng.random_range(-1.0..1.0)).collect()
}

/// A kick on every half second over a hiss: an attack of 3 ms that stands far above the rest.
fn kicks(seconds: usize) -> Vec<f32> {
    let mut samples = noise(9, 0.02, seconds);
    for (frame, pair) in samples.chunks_exact_mut(2).enumerate() {
        let time = (frame % 22_050) as f64 / 44_100.0;
        let kick = (TAU * (50.0 * time + 2.0 * (1.0 - (-40.0 * time).exp()))).sin() * (-12.0 * time).exp();
        let click = if time < 0.003 { 1.5 * (1.0 - time / 0.003) * (TAU * 3_000.0 * time).sin() } else { 0.0 };
        pair.iter_mut().for_each(|sample| *sample += (0.4 * kick + 0.4 * click) as f32);
    }
    samples
}

fn sine(hz: f64, level: f64, seconds: usize) -> Vec<f32> {
    (0..seconds * 44_100).flat_map(|n| [(level * (TAU * hz * n as f64 / 44_100.0).sin()) as f32; 2]).collect()
}

fn assert_on_target(name: &str, samples: &[f32], channels: usize, rate: SampleRate) -> MasterReport {
    let (_, report, level) = master(samples, channels, rate, MasterSettings::default());
    assert!((level.integrated_lufs + 14.0).abs() <= 0.2, "{name}: {level:?} {report:?}");
    assert!(level.true_peak_dbtp <= -1.0, "{name}: {level:?} {report:?}");
    assert!(report.on_target, "{name}: {report:?}");
    assert!((report.after.integrated_lufs - level.integrated_lufs).abs() < 0.01, "{name}: {level:?} {report:?}");
    assert!((report.after.true_peak_dbtp - level.true_peak_dbtp).abs() < 0.01, "{name}: {level:?} {report:?}");
    report
}

#[test]
fn ordinary_sounds_reach_the_target_under_the_ceiling() {
    for level in [0.003, 0.1, 1.0] {
        assert_on_target("noise", &noise(1, level, 5), 2, RATE);
        assert_on_target("sine", &sine(440.0, f64::from(level), 5), 2, RATE);
    }
    let limited = assert_on_target("kicks", &kicks(10), 2, RATE);
    assert!((1.0..=8.1).contains(&limited.limited_db), "{limited:?}");
}

#[test]
fn any_rate_and_both_channel_counts_are_served() {
    for hz in [22_050, 48_000, 96_000, 192_000] {
        for channels in [1, 2] {
            let samples = noise(2, 0.3, 6);
            assert_on_target(
                &format!("{hz} Hz, {channels} channels"),
                &samples,
                channels,
                SampleRate::new(hz).unwrap(),
            );
        }
    }
}

#[test]
fn a_full_scale_square_is_turned_down_and_not_limited() {
    let square: Vec<f32> = (0..5 * 88_200).map(|n| if n / 2 % 100 < 50 { 1.0 } else { -1.0 }).collect();
    let report = assert_on_target("square", &square, 2, RATE);
    assert_eq!(report.limited_db, 0.0);
    assert!(report.gain_db < -8.0, "{report:?}");
}

#[test]
fn gain_alone_keeps_the_shape_exactly() {
    let samples = sine(1_000.0, 0.05, 3);
    let (out, report, _) = master(&samples, 2, RATE, MasterSettings::default());
    assert_eq!(report.limited_db, 0.0);
    let gain = 10f64.powf(report.gain_db / 20.0);
    // The filter that removes DC turns a tone of 1 kHz by 0.3 degrees.
    let worst = samples.iter().zip(&out).map(|(a, b)| (f64::from(*a) * gain - f64::from(*b)).abs()).fold(0.0, f64::max);
    assert!(worst < 0.01 * gain * 0.05 + 1e-6, "{worst}");
}

#[test]
fn silence_stays_silence() {
    for frames in [0, 1, 100, 100_000] {
        let (out, report, _) = master(&vec![0.0; 2 * frames], 2, RATE, MasterSettings::default());
        assert!(out.iter().all(|sample| *sample == 0.0));
        assert_eq!((report.gain_db, report.limited_db, report.on_target), (0.0, 0.0, false));
        assert_eq!(report.after.integrated_lufs, f64::NEG_INFINITY);
    }
}

#[test]
fn what_lies_under_the_gate_is_left_alone_and_what_lies_just_above_is_not() {
    let (out, report, _) = master(&noise(3, 1e-5, 3), 2, RATE, MasterSettings::default());
    assert_eq!(report.gain_db, 0.0);
    assert!(out.iter().all(|sample| sample.abs() < 2e-5));
    assert_on_target("quiet noise", &noise(4, 0.001, 3), 2, RATE);
}

#[test]
fn less_than_a_loudness_block_is_brought_to_a_sensible_level() {
    let (_, report, level) = master(&noise(5, 0.9, 1)[..2 * 8_000], 2, RATE, MasterSettings::default());
    assert!(report.on_target && level.true_peak_dbtp <= -1.0, "{report:?} {level:?}");
}

/// One full-scale click in a second of hiss: the loudness is out of reach, the ceiling is not.
#[test]
fn limiting_ends_where_the_settings_say() {
    let mut samples = noise(6, 0.003, 4);
    samples[100_000] = 1.0;
    for most_limiting in [0.0, 3.0, 6.0, 12.0] {
        let settings = MasterSettings { most_limiting, ..MasterSettings::default() };
        let (_, report, level) = master(&samples, 2, RATE, settings);
        assert!(!report.on_target && level.true_peak_dbtp <= -1.0, "{report:?} {level:?}");
        assert!((report.limited_db - most_limiting).abs() < 0.3, "{most_limiting} dB allowed: {report:?}");
    }
}

#[test]
fn other_targets_are_met_too() {
    for (loudness, ceiling) in [(-23.0, -1.0), (-9.0, -0.5), (-14.0, -6.0)] {
        let settings = MasterSettings { loudness, ceiling, ..MasterSettings::default() };
        let (_, report, level) = master(&noise(7, 0.2, 4), 2, RATE, settings);
        assert!(level.true_peak_dbtp <= ceiling, "{level:?}");
        assert!((level.integrated_lufs - loudness).abs() <= 0.2, "{loudness} LUFS: {level:?} {report:?}");
    }
}

#[test]
fn dc_is_gone() {
    let samples: Vec<f32> = sine(100.0, 0.1, 4).iter().map(|sample| sample + 0.3).collect();
    let (out, ..) = master(&samples, 2, RATE, MasterSettings::default());
    let tail = &out[out.len() / 2..];
    let mean = tail.iter().map(|x| f64::from(*x)).sum::<f64>() / tail.len() as f64;
    assert!(mean.abs() < 1e-4, "{mean}");
}

/// Where the K-weighting has no meaning, the ceiling still holds and nothing is lost.
#[test]
fn the_lowest_and_highest_rates_come_to_no_harm() {
    for hz in [1_000, 4_000, 768_000] {
        let rate = SampleRate::new(hz).unwrap();
        let (out, report, _) = master(&noise(8, 3.0, 2), 2, rate, MasterSettings::default());
        let peak = out.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!(peak <= 0.8913, "{hz} Hz: {peak} {report:?}");
    }
}

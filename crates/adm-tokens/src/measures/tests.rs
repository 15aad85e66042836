//! The measures against their definitions, written once more in f64 with a direct Fourier sum; and against what slices may
//! be at worst.

use super::analyser::LOUDEST;
use super::*;
use adm_core::SampleRate;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f64::consts::TAU;

const RATE: f64 = 8_000.0;
/// Power of two next to 46.4 ms at 8 kHz.
const SIZE: usize = 512;

fn measured(slice: &[f32], channels: usize, rate: f64) -> Vec<f32> {
    let analyser = Analyser::new(SampleRate::new(rate as u32).unwrap(), channels, slice.len() / channels);
    // What another slice left must not matter.
    let (mut row, mut scratch) = (vec![f32::NAN; VALUES], analyser.scratch());
    let noise: Vec<f32> = (0..slice.len()).map(|n| (n * 31 % 17) as f32 / 17.0 - 0.5).collect();
    analyser.measure(&noise, &mut row, &mut scratch);
    analyser.measure(slice, &mut row, &mut scratch);
    row
}

/// A kick in the middle, a chord at both sides and a little noise on the right.
fn beat(frames: usize, channels: usize) -> Vec<f32> {
    let mut random = Seeds::new(2).stream("noise", 0);
    let mut frame = |n: usize| {
        let t = n as f64 / RATE;
        let kick = (TAU * (55.0 * t - 3.0 * (-t * 40.0).exp())).sin() * (-t * 12.0).exp();
        let tone = |hz: f64| 0.2 * (TAU * hz * t).sin();
        let (left, right) = (kick + tone(446.0), kick - tone(332.0) + 0.01 * random.random_range(-1.0..1.0f64));
        [left as f32 * 0.5, right as f32 * 0.5]
    };
    (0..frames).flat_map(|n| frame(n)[..channels].to_vec()).collect()
}

/// Power of each bin of a stretch of a slice under a window, all channels together.
fn slow_power(
    slice: &[f32],
    channels: usize,
    frames: std::ops::Range<usize>,
    size: usize,
    window: &dyn Fn(usize) -> f64,
) -> Vec<f64> {
    let weights: f64 = frames.clone().zip(0..).map(|(_, n)| window(n)).sum();
    let turns: Vec<(f64, f64)> = (0..size).map(|n| (TAU * n as f64 / size as f64).sin_cos()).collect();
    let bin = |bin: usize| {
        let channel = |channel: usize| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, frame) in frames.clone().enumerate() {
                let sample = f64::from(slice[frame * channels + channel]) * window(n);
                let (sine, cosine) = turns[bin * n % size];
                re += sample * cosine;
                im += sample * sine;
            }
            re * re + im * im
        };
        (0..channels).map(channel).sum::<f64>() * 4.0 / (weights * weights * channels as f64)
    };
    (0..=size / 2).map(bin).collect()
}

fn slow_bands(power: &[f64], count: usize, size: usize) -> Vec<f64> {
    let edge = |band: usize| 30.0 * (4_000.0f64 / 30.0).powf(band as f64 / count as f64);
    let inside = |bin: usize, band: usize| {
        let (low, high) = ((bin as f64 - 0.5) * RATE / size as f64, (bin as f64 + 0.5) * RATE / size as f64);
        ((high.min(edge(band + 1)) - low.max(edge(band))) / (RATE / size as f64)).max(0.0)
    };
    (0..count).map(|band| power.iter().enumerate().map(|(bin, power)| power * inside(bin, band)).sum()).collect()
}

fn slow_salience(power: &[f64], size: usize) -> Vec<f64> {
    let pitch = |pitch: usize| {
        let hz = 32.703_195_662_574_83 * 2f64.powf(pitch as f64 / 12.0);
        let harmonic = |harmonic: usize| {
            let bin = |cents: f64| {
                (hz * (harmonic + 1) as f64 * 2f64.powf(cents / 1_200.0) * size as f64 / RATE).round() as usize
            };
            let (first, end) = (bin(-50.0), bin(50.0).max(bin(-50.0) + 1));
            let strongest = power.iter().take(end).skip(first).fold(0.0, |most, &power| f64::max(most, power));
            0.84f64.powi(harmonic as i32) * strongest.powf(0.3)
        };
        (0..5).map(harmonic).sum::<f64>()
    };
    let saliences: Vec<f64> = (0..60).map(pitch).collect();
    let mean = saliences.iter().sum::<f64>() / 60.0;
    let above: Vec<f64> = saliences.iter().map(|salience| (salience - mean).max(0.0)).collect();
    let sum: f64 = above.iter().sum();
    above.iter().map(|salience| salience / sum).collect()
}

fn slow_tuning(power: &[f64], size: usize) -> [f64; 2] {
    let bins =
        (200.0 * size as f64 / RATE).round() as usize..((4_000.0 * size as f64 / RATE).round() as usize).min(size / 2);
    let strongest = power[bins.clone()].iter().fold(0.0, |most, &power| f64::max(most, power));
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for bin in bins {
        if power[bin] < 0.01 * strongest || power[bin] <= power[bin - 1] || power[bin] < power[bin + 1] {
            continue;
        }
        let [a, b, c] = [power[bin - 1], power[bin], power[bin + 1]].map(f64::ln);
        let hz = (bin as f64 + 0.5 * (a - c) / (a - 2.0 * b + c)) * RATE / size as f64;
        let semitones = 12.0 * (hz / 440.0).log2();
        let weight = power[bin].sqrt();
        x += weight * (TAU * semitones).cos();
        y += weight * (TAU * semitones).sin();
        sum += weight;
    }
    [x / sum, y / sum]
}

/// f32 transforms are right to some 1e-6 of the strongest bin; the 0.3rd power widens that where next to nothing sounds.
const TOLERANCE: f64 = 2e-3;

fn near(row: &[f32], measure: Measure, detail: Detail, expected: &[f64]) {
    let got = &row[measure.values(detail)];
    assert_eq!(got.len(), expected.len(), "{measure} {detail:?}");
    for (value, (&got, &expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (f64::from(got) - expected).abs() < TOLERANCE * (1.0 + expected.abs()),
            "value {value} of {measure} {detail:?}: {got}, expected {expected}"
        );
    }
}

#[test]
fn measures_equal_their_definitions() {
    for (frames, channels) in [(3_000, 2), (3_692, 1), (700, 2)] {
        let slice = beat(frames, channels);
        let row = measured(&slice, channels, RATE);
        let size = frames.next_power_of_two().max(SIZE);
        let hann = |size: usize| move |n: usize| 0.5 - 0.5 * (TAU * (n as f64 + 0.5) / size as f64).cos();
        let loud = |powers: Vec<f64>| powers.into_iter().map(|power| power.powf(0.3)).collect::<Vec<f64>>();
        let plain = slow_power(&slice, channels, 0..frames, size, &|_| 1.0);
        near(&row, Measure::Fft, Detail::Fine, &loud(slow_bands(&plain, 32, size)));
        near(&row, Measure::Fft, Detail::Coarse, &loud(slow_bands(&plain, 8, size)));
        let tapered = slow_power(&slice, channels, 0..frames, size, &hann(frames));
        let saliences = slow_salience(&tapered, size);
        near(&row, Measure::Fundamentals, Detail::Fine, &saliences);
        let classes: Vec<f64> = (0..12).map(|class| saliences.iter().skip(class).step_by(12).sum()).collect();
        near(&row, Measure::Fundamentals, Detail::Coarse, &classes);
        near(&row, Measure::Tuning, Detail::Fine, &slow_tuning(&tapered, size));
        let level = |samples: &[f32]| {
            let energy: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
            10.0 * (energy / samples.len() as f64).log10()
        };
        near(&row, Measure::Level, Detail::Coarse, &[level(&slice)]);
        let quarter = |n: usize| &slice[frames * n / 4 * channels..frames * (n + 1) / 4 * channels];
        let quarters = [0, 1, 2, 3].map(|n| level(quarter(n)).max(level(&slice) - 15.0));
        near(&row, Measure::Level, Detail::Fine, &quarters);
        near(&row, Measure::Tuning, Detail::Coarse, &slow_tuning(&tapered, size));
        check_frames(&slice, channels, &row, &hann(SIZE));
    }
}

/// What is taken of the short frames.
fn check_frames(slice: &[f32], channels: usize, row: &[f32], window: &dyn Fn(usize) -> f64) {
    let (frames, count) = (slice.len() / channels, 32);
    let spectra: Vec<Vec<f64>> = (0..count)
        .map(|t| {
            let start = (frames - SIZE) * t / (count - 1);
            slow_power(slice, channels, start..start + SIZE, SIZE, window)
        })
        .collect();
    let bands: Vec<Vec<f64>> = spectra.iter().map(|power| slow_bands(power, 16, SIZE)).collect();
    let pooled = |times: usize, groups: usize| {
        let value = |time: usize, group: usize| {
            let (frames, wide) = (count / times, 16 / groups);
            let span = &bands[time * frames..(time + 1) * frames];
            let sum: f64 = span.iter().map(|frame| frame[group * wide..(group + 1) * wide].iter().sum::<f64>()).sum();
            (sum / frames as f64).powf(0.3)
        };
        (0..times).flat_map(|time| (0..groups).map(move |group| value(time, group))).collect::<Vec<f64>>()
    };
    near(row, Measure::Stft, Detail::Fine, &pooled(16, 16));
    near(row, Measure::Stft, Detail::Coarse, &pooled(4, 4));
    let onsets = |times: usize| {
        let value = |time: usize, group: usize| {
            let span = time * count / times..(time + 1) * count / times;
            let rise = |t: usize, band: usize| {
                (bands[t][band].powf(0.3) - bands[(t + count - 1) % count][band].powf(0.3)).max(0.0)
            };
            span.map(|t| (group * 4..group * 4 + 4).map(|band| rise(t, band)).sum::<f64>()).sum::<f64>()
        };
        (0..times).flat_map(|time| (0..4).map(move |group| value(time, group))).collect::<Vec<f64>>()
    };
    near(row, Measure::Onsets, Detail::Fine, &onsets(16));
    near(row, Measure::Onsets, Detail::Coarse, &onsets(4));
    let flatness = |power: &Vec<f64>| {
        let bins = &power[(100.0 * SIZE as f64 / RATE).round() as usize..=SIZE / 2];
        let logarithms = bins.iter().map(|power| (power + 1e-12).ln()).sum::<f64>() / bins.len() as f64;
        let mean = bins.iter().map(|power| power + 1e-12).sum::<f64>() / bins.len() as f64;
        (10.0 * (logarithms - mean.ln()) / 10f64.ln()).clamp(-60.0, 0.0)
    };
    let mean = |spectra: &[Vec<f64>]| spectra.iter().map(flatness).sum::<f64>() / spectra.len() as f64;
    near(row, Measure::Flatness, Detail::Coarse, &[mean(&spectra)]);
    near(
        row,
        Measure::Flatness,
        Detail::Fine,
        &[0, 1, 2, 3].map(|n| mean(&spectra[n * count / 4..(n + 1) * count / 4])),
    );
}

fn sine(hz: f64, rate: f64, frames: usize) -> Vec<f32> {
    (0..frames).map(|n| (TAU * hz * n as f64 / rate).sin() as f32).collect()
}

#[test]
fn known_sounds_have_their_known_values() {
    for rate in [22_050.0, 44_100.0, 48_000.0] {
        let frames = (rate * 60.0 / 130.0) as usize;
        for cents in [-40.0, -10.0, 0.0, 25.0] {
            let row = measured(&sine(880.0 * 2f64.powf(cents / 1_200.0), rate, frames), 1, rate);
            let tuning = tuning::cents(&row[Measure::Tuning.values(Detail::Fine)]);
            assert!((f64::from(tuning) - cents).abs() < 1.0, "{cents} cents at {rate}: {tuning}");
            let level = row[Measure::Level.values(Detail::Coarse).start];
            assert!((level + 3.01).abs() < 0.01, "a sine at full scale: {level}");
            // A lies in pitch class 9.
            let pitches = &row[Measure::Fundamentals.values(Detail::Coarse)];
            let best = (0..12).max_by(|&a, &b| pitches[a].total_cmp(&pitches[b]));
            assert_eq!(best, Some(9), "{pitches:?}");
        }
        let flatness = |slice: &[f32]| measured(slice, 1, rate)[Measure::Flatness.values(Detail::Coarse).start];
        let mut random = Seeds::new(4).stream("white", 0);
        let white: Vec<f32> = (0..frames).map(|_| random.random_range(-1.0..1.0f32)).collect();
        // The periodogram of white noise has a flatness of e to the minus Euler's constant, -2.5 dB.
        assert!((flatness(&white) + 2.5).abs() < 0.3, "{}", flatness(&white));
        assert!(flatness(&sine(880.0, rate, frames)) < -40.0);
    }
}

#[test]
fn onsets_are_where_something_starts_and_nowhere_in_a_steady_sound() {
    let (rate, frames) = (22_050.0, 10_177);
    let steady = measured(&sine(300.0, rate, frames), 1, rate);
    assert!(steady[Measure::Onsets.values(Detail::Fine)].iter().sum::<f32>() < 0.2);
    let mut late = sine(300.0, rate, frames);
    late[..frames / 2].fill(0.0);
    let row = measured(&late, 1, rate);
    let onsets = &row[Measure::Onsets.values(Detail::Fine)];
    let at: Vec<f32> = onsets.chunks_exact(onsets::BANDS).map(|bands| bands.iter().sum()).collect();
    let strongest = (0..at.len()).max_by(|&a, &b| at[a].total_cmp(&at[b]));
    assert!(matches!(strongest, Some(7 | 8)), "{at:?}");
}

#[test]
fn sides_do_not_matter_and_nothing_cancels() {
    let tone = sine(440.0, RATE, 3_000);
    let stereo = |side: fn(f32) -> [f32; 2]| measured(&tone.iter().flat_map(|&s| side(s)).collect::<Vec<_>>(), 2, RATE);
    let (left, right, against) = (stereo(|s| [s, 0.0]), stereo(|s| [0.0, s]), stereo(|s| [s, -s]));
    let (both, mono) = (stereo(|s| [s, s]), measured(&tone, 1, RATE));
    for measure in Measure::ALL {
        let apart = |a: &[f32], b: &[f32]| measure.distance(Detail::Fine, a, b);
        assert!(
            apart(&left, &right) < 0.01 && apart(&both, &against) < 0.01 && apart(&both, &mono) < 0.01,
            "{measure}"
        );
    }
}

#[test]
fn distances_run_from_0_to_1_and_both_ways() {
    let mut random = Seeds::new(8).stream("slices", 0);
    let rows: Vec<Vec<f32>> = (0..12)
        .map(|n| {
            let slice: Vec<f32> = match n {
                0 => vec![0.0; 6_000],
                1 => beat(3_000, 2),
                _ => (0..6_000).map(|_| random.random_range(-1.0..1.0f32).powi(n) * 0.5).collect(),
            };
            measured(&slice, 2, RATE)
        })
        .collect();
    for detail in [Detail::Coarse, Detail::Fine] {
        for measure in Measure::ALL {
            for a in &rows {
                assert_eq!(measure.distance(detail, a, a), 0.0, "{measure}");
                for b in &rows {
                    let distance = measure.distance(detail, a, b);
                    assert!((0.0..=1.0).contains(&distance), "{measure}: {distance}");
                    assert_eq!(distance, measure.distance(detail, b, a), "{measure}");
                }
            }
            let most = rows.iter().map(|b| measure.distance(detail, &rows[0], b)).fold(0.0, f32::max);
            assert!(most > 0.3 || measure == Measure::Tuning, "silence is like everything in {measure}: {most}");
        }
    }
}

#[test]
fn whatever_a_slice_holds_its_measures_are_finite() {
    let lengths = (1..40).chain([63, 64, 65, 500, 511, 512, 513, 1_025, 5_000]);
    for frames in lengths {
        for channels in [1, 2] {
            let samples = frames * channels;
            let slices = [
                vec![0.0; samples],
                vec![1.0; samples],
                vec![1e-30; samples],
                (0..samples).map(|n| if n / 50 % 2 == 0 { 1.0 } else { -1.0 }).collect(),
                (0..samples).map(|n| if n == samples / 2 { -1.0 } else { 0.0 }).collect(),
                vec![-LOUDEST; samples],
            ];
            for (which, slice) in slices.iter().enumerate() {
                let row = measured(slice, channels, RATE);
                let bad = row.iter().position(|value| !value.is_finite());
                assert_eq!(bad, None, "slice {which} of {frames} frames, {channels} channels");
            }
        }
    }
    for rate in [1_000.0, 11_025.0, 768_000.0] {
        let row = measured(&sine(100.0, rate, 2_000), 1, rate);
        assert!(row.iter().all(|value| value.is_finite()), "{rate} Hz");
    }
}

#[test]
fn values_fill_a_row_without_gap_or_overlap() {
    let mut covered = [0; VALUES];
    for detail in [Detail::Coarse, Detail::Fine] {
        for measure in Measure::ALL {
            measure.values(detail).for_each(|value| covered[value] += 1);
        }
    }
    assert!(covered.iter().all(|&times| times == 1), "{covered:?}");
}

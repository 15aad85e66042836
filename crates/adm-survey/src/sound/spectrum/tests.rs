use super::*;
use crate::sound::filter::LowPass;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

fn noise(seed: u64, frames: usize, level: f32) -> Vec<f32> {
    let mut random = Seeds::new(seed).stream("test spectrum", 0);
    (0..frames).map(|_| (random.random::<f32>() - 0.5) * level).collect()
}

/// Rounded to 16 bits, which leaves a floor.
fn rounded(samples: Vec<f32>) -> Vec<f32> {
    samples.into_iter().map(|sample| (sample * 32_768.0).round() / 32_768.0).collect()
}

/// Noise whose power falls with frequency, up to half the rate.
fn pink(seed: u64, frames: usize) -> Vec<f32> {
    // Paul Kellet's filter, to 0.5 dB.
    let (mut a, mut b, mut c) = (0.0f32, 0.0f32, 0.0f32);
    let next = |white: f32| {
        a = 0.99765 * a + white * 0.099046;
        b = 0.963 * b + white * 0.2965164;
        c = 0.57 * c + white * 1.0526913;
        a + b + c + white * 0.1848
    };
    noise(seed, frames, 0.2).into_iter().map(next).collect()
}

#[test]
fn levels_are_those_of_the_fourier_transform_by_its_definition() {
    for (channels, hz) in [(1, 8_000), (2, 11_025)] {
        let size = (f64::from(hz) / BIN) as usize;
        let size = size.next_power_of_two();
        let samples = noise(3, size * channels, 1.0);
        let found = Spectrum::of(&samples, channels, rate(hz));
        let window = |n: usize| 0.5 - 0.5 * (TAU * n as f64 / size as f64).cos();
        let norm = 2.0 / (size as f64 * (0..size).map(|n| window(n).powi(2)).sum::<f64>()) / channels as f64;
        for band in [0, 1, found.levels.len() - 1] {
            let power = |(bin, channel): (usize, usize)| {
                let value = |n: usize| f64::from(samples[n * channels + channel]) * window(n);
                let turn = |n: usize| TAU * bin as f64 * n as f64 / size as f64;
                let sum = |of: fn(f64) -> f64| (0..size).map(|n| value(n) * of(turn(n))).sum::<f64>();
                sum(f64::cos).powi(2) + sum(f64::sin).powi(2)
            };
            let bins = (band * BINS..(band + 1) * BINS).flat_map(|bin| (0..channels).map(move |c| (bin, c)));
            let level = 10.0 * (norm * bins.map(power).sum::<f64>()).log10();
            assert!((found.levels[band] - level).abs() < 1e-6, "{band}: {} and {level}", found.levels[band]);
        }
    }
}

#[test]
fn bandwidth_is_where_a_filter_ended_it() {
    for hz in [16_000, 22_050, 44_100, 48_000, 96_000] {
        for end in [1_500.0, 3_000.0, 5_000.0, 7_500.0, 11_000.0, 16_000.0, 20_000.0] {
            if end > 0.45 * f64::from(hz) {
                continue;
            }
            for (seed, level) in [(1, 0.9), (2, 0.05)] {
                let filter = LowPass::new(end - 200.0, end, rate(hz));
                let samples = rounded(filter.apply(&noise(seed, 3 * hz as usize, level), 1, false));
                let found = Spectrum::of(&samples, 1, rate(hz)).bandwidth();
                // The filter falls within 200 Hz, bands are 100 Hz wide or less.
                assert!((found - end).abs() <= 200.0, "{end} of {hz}: {found}");
            }
        }
    }
}

#[test]
fn music_that_falls_without_ending_reaches_to_the_end() {
    for hz in [22_050, 44_100, 96_000] {
        let found = Spectrum::of(&rounded(pink(1, 2 * hz as usize)), 1, rate(hz)).bandwidth();
        assert!(found > 0.97 * f64::from(hz) / 2.0, "{hz}: {found}");
    }
}

#[test]
fn a_click_and_a_whistle_are_no_bandwidth() {
    let filter = LowPass::new(4_800.0, 5_000.0, rate(44_100));
    let music = filter.apply(&noise(1, 441_000, 0.5), 1, false);
    let plain = Spectrum::of(&rounded(music.clone()), 1, rate(44_100)).bandwidth();
    let mut clicked = music.clone();
    clicked[200_000] = 1.0;
    let whistled = music.iter().enumerate();
    let whistled = whistled.map(|(n, x)| x + 0.01 * (TAU * 15_625.0 * n as f64 / 44_100.0).sin() as f32).collect();
    for (what, samples) in [("a click", clicked), ("a whistle", whistled)] {
        assert_eq!(Spectrum::of(&rounded(samples), 1, rate(44_100)).bandwidth(), plain, "{what}");
    }
}

#[test]
fn short_and_silent_sounds_have_a_spectrum_too() {
    for frames in [1, 15, 16, 17, 100, 5_000] {
        assert!(Spectrum::of(&vec![0.0; frames], 1, rate(44_100)).bandwidth().is_finite(), "{frames}");
    }
}

/// The gain of Butterworth's low-pass of an order, there and back, in dB.
fn butterworth(hz: f64, corner: f64, order: i32) -> f64 {
    -20.0 * (1.0 + (hz / corner).powi(2 * order)).log10()
}

/// Pink noise below a low-pass of many slopes: the knee is where the low-pass has taken a few dB, however far up the noise still
/// stands out.
#[test]
fn a_knee_is_where_a_spectrum_begins_to_fall() {
    let plain = Spectrum::of(&pink(1, 441_000), 1, rate(44_100));
    for corner in [4_000.0, 9_000.0, 13_000.0] {
        for order in [4, 6, 8, 16] {
            let mut found = plain.clone().with_noise(1e-9);
            for (band, level) in found.levels.iter_mut().enumerate() {
                let passed = plain.levels[band] + butterworth((band as f64 + 0.5) * plain.width, corner, order);
                *level = 10.0 * (10f64.powf(passed / 10.0) + 1e-12).log10();
            }
            let (knee, end) = (found.knee(), found.bandwidth());
            // The gentler a slope, the later it is steep.
            assert!(
                knee <= end && (0.9..1.0 + 0.8 / f64::from(order)).contains(&(knee / corner)),
                "{corner}, order {order}: {knee} of {end}"
            );
        }
    }
    assert_eq!(plain.knee(), plain.bandwidth(), "music that falls without end has no knee");
}

//! Beats resampled and stretched, cut from a stream.

use adm_audio::fit::{BEND, MOST, RELEASE};
use adm_audio::{Fit, Placement, SliceOut, Slicer, Span, Verdict};
use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use std::f64::consts::TAU;

const RATE: SampleRate = SampleRate::CD;
const HZ: f64 = 44_100.0;
const ELASTIC: [Fit; 2] = [Fit::Resample, Fit::Stretch];
const ALL: [Fit; 3] = [Fit::Place, Fit::Resample, Fit::Stretch];

fn placement(length: usize, fit: Fit) -> Placement {
    Placement::new(length, RATE).with_fit(fit, 1)
}

/// Cuts neighbouring spans of `span` frames from `first` on out of a recording that comes in blocks of `block` frames.
fn cut_in(
    block: usize,
    samples: &[f32],
    channels: usize,
    (first, span): (u64, u64),
    placement: Placement,
) -> Vec<(Vec<f32>, Verdict)> {
    let mut slices = Vec::new();
    let mut keep = |out: SliceOut<'_>| slices.push((out.samples.to_vec(), out.verdict));
    let start = move |index: usize| first.saturating_add((index as u64).saturating_mul(span));
    let spans = (0..200).map(move |index| Span { index, start: start(index), end: start(index + 1) });
    let mut slicer = Slicer::new(spans, placement, channels);
    samples.chunks(block * channels).for_each(|block| slicer.push(block, &mut keep));
    slicer.finish(&mut keep);
    slices
}

/// The slices of neighbouring spans.
fn cut(samples: &[f32], channels: usize, spans: (u64, u64), placement: Placement) -> Vec<Vec<f32>> {
    cut_in(4096, samples, channels, spans, placement).into_iter().map(|(slice, _)| slice).collect()
}

fn noise(frames: usize, channels: usize) -> Vec<f32> {
    let mut random = Seeds::new(5).stream("noise", 0);
    (0..frames * channels).map(|_| random.random_range(-0.5..0.5)).collect()
}

fn sine(hz: f64, frames: usize) -> Vec<f32> {
    (0..frames).map(|n| (0.5 * (TAU * hz * n as f64 / HZ).sin()) as f32).collect()
}

/// Periods of a tone, by its rising zero crossings.
fn periods(slice: &[f32]) -> f64 {
    slice.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count() as f64
}

fn bend() -> usize {
    BEND.frames(RATE).0 as usize
}

fn release() -> usize {
    RELEASE.frames(RATE).0 as usize
}

#[test]
fn every_length_becomes_the_slices() {
    for channels in [1, 2] {
        let samples = noise(50_000, channels);
        for length in [1, 2, 3, 17, 256, 1_001, 20_354] {
            for span in [0, 1, 2, 5, 16, 63, 257, 999, 2_000, 20_355, 20_360, 40_708, 60_000, 1 << 40, u64::MAX] {
                for fit in ALL {
                    for beats in [1, 3] {
                        let placement = Placement::new(length, RATE).with_fit(fit, beats);
                        let slices = cut(&samples, channels, (77, span), placement);
                        assert!(!slices.is_empty(), "{fit}: {span} on {length}");
                        for slice in slices {
                            assert_eq!(slice.len(), length * channels);
                            // A sinc may ring over the peaks of noise.
                            let is_sound = slice.iter().all(|sample| sample.abs() < 2.0);
                            assert!(is_sound, "{fit}: {span} on {length}, {channels} channels, {beats} beats");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_ratio_fits_at_every_rate() {
    let samples = noise(60_000, 2);
    for hz in [1_000, 44_100, 192_000] {
        let rate = SampleRate::new(hz).unwrap();
        for (length, beats) in [(997, 1), (997, 16), (8_001, 2)] {
            for percent in (24..=404).step_by(20) {
                let span = length * percent / 100;
                for fit in ELASTIC {
                    let placement = Placement::new(length as usize, rate).with_fit(fit, beats);
                    for slice in cut(&samples, 2, (0, span), placement).iter().take(2) {
                        let is_sound = slice.iter().all(|sample| sample.abs() < 2.0);
                        assert!(is_sound && slice.len() == 2 * length as usize, "{fit}: {percent} % at {hz} Hz");
                    }
                }
            }
        }
    }
}

#[test]
fn swept_ratios_keep_the_loudness_of_noise() {
    let samples = noise(200_000, 2);
    let power = |samples: &[f32]| samples.iter().map(|&x| f64::from(x * x)).sum::<f64>() / samples.len() as f64;
    for percent in (50..=200).step_by(7) {
        let span = 10_000 * percent / 100;
        for (fit, least) in [(Fit::Resample, 0.45), (Fit::Stretch, 0.6)] {
            for slice in cut(&samples, 2, (3_000, span), placement(10_000, fit)).iter().take(5) {
                let ratio = power(slice) / power(&samples);
                // A crossfade of noise dips by half; playing it twice as fast loses its upper half.
                assert!((least..1.02).contains(&ratio), "{fit} at {percent} %: {ratio}");
            }
        }
    }
}

#[test]
fn a_beat_of_the_slices_length_is_copied_whatever_the_fit() {
    let samples = noise(100_000, 2);
    for fit in ALL {
        for span in [19_999, 20_000, 20_001] {
            for (n, slice) in cut(&samples, 2, (1_000, span), placement(20_000, fit)).iter().take(4).enumerate() {
                let start = 2 * (1_000 + n * span as usize);
                assert_eq!(slice[..], samples[start..start + 40_000], "{fit}");
            }
        }
    }
}

#[test]
fn blocks_of_any_size_give_the_same_bits() {
    for channels in [1, 2] {
        let samples = noise(100_000, channels);
        for fit in ALL {
            for (span, length) in [(21_000, 20_354), (9_001, 10_000), (5_000, 9_999)] {
                let placement = Placement::new(length, RATE).with_fit(fit, 2);
                let whole = cut_in(1 << 20, &samples, channels, (123, span), placement);
                for block in [1, 37, 4_096, 33_333] {
                    let blocks = cut_in(block, &samples, channels, (123, span), placement);
                    assert!(blocks == whole, "{fit}: {span} on {length} in blocks of {block}");
                }
            }
        }
    }
}

#[test]
fn a_resampled_sine_is_the_sine_at_the_other_speed() {
    const TOLERANCE: f64 = 2e-5; // −94 dB of full scale
    for percent in (50..=200).step_by(5).filter(|&percent| percent != 100) {
        let (length, span) = (10_007, 10_007 * percent / 100);
        let hz = 9_000.0 / (percent as f64 / 100.0).max(1.0);
        let samples = sine(hz, 200_000);
        let slices = cut(&samples, 1, (5_000, span), placement(length, Fit::Resample));
        for (index, slice) in slices.iter().enumerate().take(4) {
            for (n, &sample) in slice.iter().enumerate().take(length - release()).skip(bend()) {
                let at = (5_000 + index as u64 * span) as f64 + n as f64 * span as f64 / length as f64;
                let error = (f64::from(sample) - 0.5 * (TAU * hz * at / HZ).sin()).abs();
                assert!(error < TOLERANCE, "{percent} %, slice {index}, frame {n}: {error}");
            }
        }
    }
}

#[test]
fn what_a_faster_speed_would_alias_is_gone() {
    // Twice as fast, 15 kHz would be 30 kHz, which folds to 14.1.
    let slices = cut(&sine(15_000.0, 100_000), 1, (5_000, 20_000), placement(10_000, Fit::Resample));
    let middle = &slices[1][bend()..10_000 - release()];
    assert!(middle.iter().all(|sample| sample.abs() < 1e-4), "above half the rate is silence");
}

#[test]
fn a_stretched_sine_keeps_its_pitch() {
    for percent in (50..=200).step_by(10).filter(|&percent| percent != 100) {
        let ratio = f64::from(percent) / 100.0;
        let span = (20_354.0 * ratio) as u64;
        for hz in [60.0, 110.0, 440.0, 1_000.0, 5_000.0] {
            let slices = cut(&sine(hz, 200_000), 1, (5_000, span), placement(20_354, Fit::Stretch));
            for slice in slices.iter().take(3) {
                // The last jump of each half beat is not free to fit, so each may gain or lose half a period. The
                // speed alone would change their number by all of `1 - ratio`.
                let inner = &slice[bend()..20_354 - release()];
                let (counted, expected) = (periods(inner), hz * inner.len() as f64 / HZ);
                let off = (counted - expected).abs();
                assert!(
                    off < 2.0 + 0.1 * (1.0 - ratio).abs() * expected,
                    "{percent} % at {hz} Hz: {counted} periods, not {expected}"
                );
            }
        }
    }
}

#[test]
fn on_beats_and_off_beats_the_stretched_sound_is_untouched() {
    let samples = noise(400_000, 2);
    for (span, length, beats) in [(21_000, 20_672, 1), (88_200, 78_400, 4), (82_688, 85_356, 4), (10_000, 20_000, 1)] {
        let placement = Placement::new(length, RATE).with_fit(Fit::Stretch, beats);
        let halves = 2 * beats;
        // A tenth of a second, or half of the half beat.
        let kept = 4_410.min(length.min(span) / halves / 2);
        for (index, slice) in cut(&samples, 2, (2_000, span as u64), placement).iter().take(3).enumerate() {
            for half in 0..halves {
                let from = if half == 0 { bend() } else { 0 };
                let place = |frames: usize| (frames * half + beats) / halves;
                let (source, target) = (2_000 + index * span + place(span), place(length));
                let source = &samples[2 * (source + from)..2 * (source + kept)];
                assert_eq!(slice[2 * (target + from)..2 * (target + kept)], *source, "{span} on {length}, half {half}");
            }
        }
    }
}

#[test]
fn a_resampled_impulse_lies_where_the_speed_puts_it() {
    for (span, length) in [(21_000usize, 20_672usize), (22_050, 19_600), (20_672, 21_339)] {
        for at in [100, span / 2, span - 200] {
            let mut samples = vec![0.0; 100_000];
            samples[30_000 + at] = 1.0;
            let slices = cut(&samples, 1, (30_000, span as u64), placement(length, Fit::Resample));
            let peak = (0..length).max_by(|&a, &b| slices[0][a].total_cmp(&slices[0][b])).unwrap();
            let expected = at as f64 * length as f64 / span as f64;
            assert!((peak as f64 - expected).abs() <= 0.5, "{at} of {span} on {length}: {peak}, not {expected}");
        }
    }
}

#[test]
fn neighbours_put_end_to_end_are_continuous() {
    // Bending takes 0.5 out over 22 frames: at most 0.5·π/2/22 in one.
    const STEEPEST: f32 = 0.04;
    for fit in ELASTIC {
        for (span, length) in [(21_000, 20_672), (19_600, 22_050), (12_345, 10_000)] {
            for hz in [55.0, 200.0] {
                let sound = cut(&sine(hz, 200_000), 1, (4_000, span), placement(length, fit)).concat();
                let natural = (0.5 * TAU * hz * 1.3 / HZ) as f32;
                let steepest = sound.windows(2).map(|pair| (pair[1] - pair[0]).abs()).take(6 * length);
                let steepest = steepest.fold(0.0, f32::max);
                assert!(steepest < natural + STEEPEST, "{fit}: {span} on {length}, {hz} Hz: {steepest}");
            }
        }
    }
}

#[test]
fn slices_start_at_zero_and_end_near_it_so_that_any_order_joins() {
    for fit in ELASTIC {
        for slice in cut(&noise(100_000, 2), 2, (500, 9_000), placement(10_000, fit)) {
            assert_eq!(slice[..2], [0.0, 0.0], "{fit}");
            assert!(slice[19_998..].iter().all(|sample| sample.abs() < 1e-3), "{fit}");
        }
    }
}

#[test]
fn both_channels_are_cut_at_the_same_places() {
    let left = noise(100_000, 1);
    let samples: Vec<f32> = left.iter().flat_map(|&left| [left, -0.5 * left]).collect();
    for fit in ELASTIC {
        for slice in cut(&samples, 2, (500, 11_000), placement(10_000, fit)) {
            assert!(slice.chunks(2).all(|frame| frame[1] == -0.5 * frame[0]), "{fit}");
        }
    }
}

#[test]
fn silence_stays_silence_and_its_neighbours_stay_away() {
    for fit in ELASTIC {
        let slices = cut_in(512, &vec![0.0; 100_000], 2, (500, 11_000), placement(10_000, fit));
        assert!(slices.iter().all(|(slice, _)| slice.iter().all(|&sample| sample == 0.0)), "{fit}");
        assert!(slices.iter().all(|&(_, verdict)| verdict != Verdict::Keep), "{fit}");
    }
}

#[test]
fn where_the_recording_ends_the_slice_goes_to_silence() {
    for fit in ELASTIC {
        let slices = cut_in(999, &noise(21_500, 1), 1, (0, 11_000), placement(10_000, fit));
        assert_eq!(slices[1].1, Verdict::Keep, "{fit}: 95 % of it are there");
        let end = &slices[1].0[9_970..];
        assert!(end.iter().all(|sample| sample.abs() < 0.01), "{fit}: {end:?}");
    }
}

#[test]
fn what_no_tempo_explains_is_placed() {
    let samples = noise(100_000, 1);
    for fit in ELASTIC {
        for span in [1_000 / MOST - 1, 1_000 * MOST + 1] {
            let placed = cut(&samples, 1, (0, span), placement(1_000, Fit::Place));
            assert_eq!(cut(&samples, 1, (0, span), placement(1_000, fit)), placed, "{fit}: {span} on 1,000");
        }
    }
}

#[test]
fn names_are_the_same_everywhere() {
    for (fit, name) in [(Fit::Place, "place"), (Fit::Resample, "resample"), (Fit::Stretch, "stretch")] {
        assert_eq!(fit.to_string(), name);
    }
    assert_eq!(Fit::default(), Fit::Place);
}

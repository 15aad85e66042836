//! The audit as an instrument: it agrees with slow definitions, finds copies however distorted, and lets new beats pass.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

#[path = "../examples/audit/band.rs"]
mod band;
#[path = "../examples/audit/distort.rs"]
mod distort;

use adm_core::{SampleRate, Seconds, Seeds};
use adm_eval::EvalError;
use adm_eval::audit::{
    Audit, AuditConfig, Fingerprint, Fingerprinter, Library, Match, Reason, Verdict, audit, waveform_similarity,
};
use adm_eval::features::mel::MelBank;
use band::{FRAMES, PASSAGE, RATE};
use std::f64::consts::TAU;

/// Single precision through two transforms.
const ROUNDING: f64 = 2e-4;

fn rate() -> SampleRate {
    SampleRate::new(RATE).unwrap()
}

fn prints(beats: &[Vec<f32>]) -> Vec<Fingerprint> {
    Fingerprinter::new(rate(), FRAMES).unwrap().fingerprints(beats, 2).unwrap()
}

/// A slice at 8 kHz with a window of 512 frames, small enough for direct sums.
const SLOW: (f64, usize, usize) = (8_000.0, 512, 32);

/// Power of one channel's spectrum around a step of a slice taken as a loop.
fn slow_power(channel: &[f64], step: usize, bin: usize) -> f64 {
    let (_, window, steps) = SLOW;
    let (mut re, mut im) = (0.0, 0.0);
    for n in 0..window {
        let at = (step * channel.len() / steps + channel.len() + n - window / 2) % channel.len();
        let hann = 0.5 - 0.5 * (TAU * n as f64 / window as f64).cos();
        let angle = TAU * (bin * n % window) as f64 / window as f64;
        re += channel[at] * hann * angle.cos();
        im += channel[at] * hann * angle.sin();
    }
    (re * re + im * im) * 16.0 / (window * window) as f64
}

/// The picture once more by its definition, shape `[bands][steps]`: log-mel levels, without mean and tilt, timbre at half weight,
/// an energy of 1.
fn slow_picture(beat: &[f32], channels: usize) -> Vec<Vec<f64>> {
    let (hz, window, steps) = SLOW;
    let bank = MelBank::new(hz, window, 32, 0.0, hz / 2.0);
    let channel = |c: usize| beat.iter().skip(c).step_by(channels).map(|&x| f64::from(x)).collect::<Vec<_>>();
    let sound: Vec<Vec<f64>> = (0..channels).map(channel).collect();
    let mut picture = vec![Vec::new(); 32];
    for step in 0..steps {
        let power = |bin| sound.iter().map(|channel| slow_power(channel, step, bin)).sum::<f64>() as f32;
        let mut levels = vec![0.0f32; 32];
        bank.apply(&(0..=window / 2).map(power).collect::<Vec<f32>>(), &mut levels);
        picture.iter_mut().zip(levels).for_each(|(course, level)| course.push(f64::from(level)));
    }
    let loudest = picture.iter().flatten().copied().fold(0.0, f64::max);
    picture.iter_mut().flatten().for_each(|level| *level = 10.0 * (*level / loudest + 1e-4).log10());
    slow_balance(&mut picture);
    picture
}

/// The straight line through the bands' means is fitted by the normal equations.
fn slow_balance(picture: &mut [Vec<f64>]) {
    let means: Vec<f64> = picture.iter().map(|course| course.iter().sum::<f64>() / course.len() as f64).collect();
    let (x, y) = ((0..32).sum::<usize>() as f64 / 32.0, means.iter().sum::<f64>() / 32.0);
    let (xy, xx) = means.iter().enumerate().fold((0.0, 0.0), |(xy, xx), (band, mean)| {
        (xy + (band as f64 - x) * (mean - y), xx + (band as f64 - x).powi(2))
    });
    for (band, course) in picture.iter_mut().enumerate() {
        let line = y + xy / xx * (band as f64 - x);
        course.iter_mut().for_each(|level| *level += 0.5 * (means[band] - line) - means[band]);
    }
}

/// One course at `at` steps, between its values by its Fourier series without the highest frequency.
fn slow_value(course: &[f64], at: f64) -> f64 {
    let steps = course.len();
    let kernel = |k: usize| {
        let apart = TAU * (at - k as f64) / steps as f64;
        1.0 + 2.0 * (1..steps / 2).map(|frequency| (frequency as f64 * apart).cos()).sum::<f64>()
    };
    course.iter().enumerate().map(|(k, level)| level * kernel(k)).sum::<f64>() / steps as f64
}

/// The highest correlation over quarter steps, and the shift in steps.
fn slow_similarity(a: &[Vec<f64>], b: &[Vec<f64>]) -> (f64, f64) {
    let steps = SLOW.2;
    let filtered = |picture: &[Vec<f64>], shift: f64| -> Vec<f64> {
        picture.iter().flat_map(|c| (0..steps).map(move |t| slow_value(c, t as f64 + shift))).collect()
    };
    let energy = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let known = filtered(b, 0.0);
    let scale = (energy(&filtered(a, 0.0)) * energy(&known)).sqrt();
    let at = |quarter: usize| {
        let shift = quarter as f64 / 4.0;
        (filtered(a, shift).iter().zip(&known).map(|(a, b)| a * b).sum::<f64>() / scale, shift)
    };
    (0..4 * steps).map(at).fold((-1.0, 0.0), |best, now| if now.0 > best.0 { now } else { best })
}

/// A slice of a few tones that come and go.
fn small(seed: u64, frames: usize, channels: usize) -> Vec<f32> {
    let tone = |n: usize, place: u64| {
        let pitch = 150.0 + 97.0 * ((seed * 7 + place * 5) % 23) as f64;
        let swell = (TAU * (n as f64 / frames as f64 + 0.13 * (seed + place) as f64)).sin().max(0.0);
        0.1 * swell.powi(3) * (TAU * pitch * n as f64 / SLOW.0).sin()
    };
    let sample = |n: usize, channel: usize| (0..4).map(|place| tone(n, place + 3 * channel as u64)).sum::<f64>() as f32;
    (0..frames).flat_map(|n| (0..channels).map(move |channel| (n, channel))).map(|(n, c)| sample(n, c)).collect()
}

#[test]
fn the_nearest_is_that_of_the_definition_over_swept_sizes() {
    for (frames, channels) in [(512, 1), (1_500, 1), (2_048, 2), (4_099, 2)] {
        let printer = Fingerprinter::new(SampleRate::new(8_000).unwrap(), frames).unwrap();
        let beats: Vec<Vec<f32>> = (0..4).map(|seed| small(seed, frames, channels)).collect();
        let prints = printer.fingerprints(&beats, channels).unwrap();
        let pictures: Vec<_> = beats.iter().map(|beat| slow_picture(beat, channels)).collect();
        let found = Library::new(prints[1..].to_vec()).nearest(&prints[..1])[0];
        let slow: Vec<(f64, f64)> = pictures[1..].iter().map(|known| slow_similarity(&pictures[0], known)).collect();
        let (expected, shift) = slow[found.index];
        assert!(slow.iter().all(|(similarity, _)| *similarity <= expected + ROUNDING), "{frames}: {slow:?} {found:?}");
        assert!((found.similarity - expected).abs() < ROUNDING, "{frames}: {expected} {found:?}");
        let steps = found.shift.0 * SLOW.0 / frames as f64 * 32.0;
        // The shift is refined within a quarter of a step.
        assert!((steps - shift + 16.0).rem_euclid(32.0) - 16.0 < 0.13, "{frames}: {shift} {steps}");
        assert!(found.shift.0.abs() <= 0.5 * frames as f64 / SLOW.0);
    }
}

#[test]
fn gain_shift_polarity_and_swapped_channels_change_nothing() {
    let beats = band::set(1, 2, 2);
    let library = Library::new(prints(&beats));
    for (gain, frames) in [(0.25, 0), (1.0, 1_003), (-0.5, 5_555), (2.0, 9_000)] {
        let mut moved = distort::moved(&beats[9], gain, frames);
        moved.chunks_exact_mut(2).for_each(|frame| frame.swap(0, 1));
        let found = library.nearest(&prints(&[moved]))[0];
        let seconds = f64::from(RATE);
        let length = FRAMES as f64 / seconds;
        let shift = (found.shift.0 - frames as f64 / seconds + 0.5 * length).rem_euclid(length) - 0.5 * length;
        assert!(found.index == 9 && found.similarity > 0.998, "{gain} {frames}: {found:?}");
        assert!(shift.abs() < 0.001, "{gain} {frames}: {found:?}");
        assert!((found.gain_db - 20.0 * f64::from(gain.abs()).log10()).abs() < 0.01, "{gain}: {found:?}");
    }
}

#[test]
fn threads_change_nothing() {
    let (beats, others) = (band::set(2, 2, 3), band::set(3, 2, 3));
    let run = |threads| {
        let pool = adm_eval_pool(threads);
        pool.install(|| Library::new(prints(&beats)).nearest(&prints(&others)))
    };
    assert_eq!(run(1), run(3));
}

fn adm_eval_pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

#[test]
fn silence_matches_nothing_and_bad_slices_are_refused() {
    let printer = Fingerprinter::new(rate(), FRAMES).unwrap();
    let silent = printer.fingerprint(&vec![0.0; 2 * FRAMES], 2).unwrap();
    let beat = printer.fingerprint(&band::set(4, 1, 1)[0], 2).unwrap();
    let found = Library::new(vec![silent.clone()]).nearest(&[silent.clone(), beat.clone()]);
    assert!(found.iter().all(|found| found.similarity == 0.0 && found.gain_db.is_finite()), "{found:?}");
    assert!(Library::new(vec![]).nearest(&[beat]).is_empty());
    let mut bad = vec![0.0; 2 * FRAMES];
    bad[17] = f32::NAN;
    assert_eq!(printer.fingerprint(&bad, 2), Err(EvalError::NotFinite { index: 17 }));
    assert!(matches!(printer.fingerprint(&bad[2..], 2), Err(EvalError::WrongShape { .. })));
    assert!(matches!(printer.fingerprint(&[], 0), Err(EvalError::WrongShape { .. })));
    // Finite samples whose power is not.
    let absurd = printer.fingerprint(&vec![f32::MAX; 2 * FRAMES], 2).unwrap();
    assert_eq!(Library::new(vec![absurd.clone()]).nearest(&[absurd])[0].similarity, 0.0);
}

/// Three passages of five are trained on, one is held out, one is new.
fn part(beats: &[Vec<f32>], places: &[usize]) -> Vec<Vec<f32>> {
    let passages = beats.chunks(PASSAGE).enumerate().filter(|(n, _)| places.contains(&(n % 5)));
    passages.flat_map(|(_, passage)| passage.to_vec()).collect()
}

struct Recorded {
    beats: Vec<Vec<f32>>,
    training: Vec<Vec<f32>>,
    library: Library,
    held_out: Vec<Fingerprint>,
}

fn recorded(seed: u64) -> Recorded {
    let beats = band::set(seed, 6, 10);
    let training = part(&beats, &[0, 2, 4]);
    let (library, held_out) = (Library::new(prints(&training)), prints(&part(&beats, &[1])));
    Recorded { beats, training, library, held_out }
}

impl Recorded {
    fn hear(&self, generated: &[Vec<f32>]) -> Audit {
        audit(&self.library, &self.held_out, &prints(generated), &AuditConfig::default()).unwrap()
    }

    fn copies(&self, distort: impl Fn(usize, &[f32]) -> Vec<f32>) -> Audit {
        let beats: Vec<Vec<f32>> = (0..100).map(|n| distort(n, &self.training[n * 2])).collect();
        self.hear(&beats)
    }
}

#[test]
fn new_beats_of_five_sets_are_clean() {
    for seed in 0..5 {
        let set = recorded(seed);
        for beats in [part(&set.beats, &[3]), band::set(seed + 50, 6, 2)] {
            let found = set.hear(&beats);
            assert!(found.verdict == Verdict::Clean && found.reasons.is_empty(), "{seed}: {:?}", found.reasons);
        }
    }
}

#[test]
fn copies_are_called_copies_and_distorted_ones_suspicious() {
    let set = recorded(10);
    let exact = set.copies(|n, beat| distort::moved(beat, 0.3, 37 * n));
    assert_eq!(exact.verdict, Verdict::Copies);
    assert!(exact.share > 0.9 && exact.share_interval.0 > 0.8 && exact.p_value < 1e-10, "{:?}", exact.share_interval);
    assert!(exact.matches.iter().enumerate().all(|(n, found)| found.index == 2 * n));
    let seeds = Seeds::new(1);
    let blurred = set.copies(|n, beat| distort::without_phases(beat, seeds, n as u64));
    assert!(blurred.reasons.contains(&Reason::Leaning), "{:?}", blurred.leaning);
    let noisy = set.copies(|n, beat| distort::noisy(beat, -20.0, seeds, n as u64));
    let tilted = set.copies(|_, beat| distort::tilted(beat, 0.5));
    let mixed = set.copies(|n, beat| distort::mixed(beat, &set.training[(n * 2 + 61) % 288], 0.75));
    for found in [noisy, tilted, mixed] {
        assert_ne!(found.verdict, Verdict::Clean, "{:?}", found.reasons);
    }
}

#[test]
fn a_few_copies_among_new_beats_are_named() {
    let set = recorded(20);
    let mut beats = part(&set.beats, &[3]);
    let copied = [5, 40, 77];
    copied.iter().for_each(|&n| beats[n] = distort::moved(&set.training[3 * n], 0.5, 1_000));
    let found = set.hear(&beats);
    assert!(matches!(found.verdict, Verdict::Suspicious | Verdict::Copies), "{:?}", found.same);
    let named: Vec<(usize, usize)> = found.flagged.iter().take(3).map(|(n, found)| (*n, found.index)).collect();
    assert!(copied.iter().all(|&n| named.contains(&(n, 3 * n))), "{named:?}");
    assert!(found.flagged.windows(2).all(|pair| pair[0].1.similarity >= pair[1].1.similarity));
}

#[test]
fn loops_that_the_set_repeats_cannot_be_told_from_copies_but_new_beats_can() {
    let bar = band::set(30, 8, 1);
    let jitter = |round: u64| -> Vec<Vec<f32>> {
        bar.iter().zip(0..).map(|(beat, n)| distort::noisy(beat, -60.0, Seeds::new(round), n)).collect()
    };
    let library = Library::new(prints(&[jitter(0), jitter(1)].concat()));
    let held_out = prints(&jitter(2));
    let hear = |beats: &[Vec<f32>]| audit(&library, &held_out, &prints(beats), &AuditConfig::default()).unwrap();
    let looped = hear(&jitter(3));
    assert_eq!((looped.verdict, looped.reasons.as_slice()), (Verdict::CannotTell, &[Reason::Repeats][..]));
    assert_eq!(hear(&band::set(31, 8, 1)).verdict, Verdict::Clean);
}

#[test]
fn too_little_to_compare_is_refused() {
    let beats = prints(&band::set(40, 1, 3));
    let hear = |training: usize, held_out: usize, generated: usize| {
        let library = Library::new(beats[..training].to_vec());
        audit(&library, &beats[..held_out], &beats[..generated], &AuditConfig::default())
    };
    for (training, held_out, generated) in [(0, 20, 5), (5, 19, 5), (5, 20, 0)] {
        assert!(matches!(hear(training, held_out, generated), Err(EvalError::TooFew { .. })));
    }
    assert!(hear(1, 20, 1).is_ok());
}

/// By its definition, lag by lag in f64.
fn slow_waveform(a: &[f32], b: &[f32], channels: usize, shift: f64, hz: u32) -> f64 {
    let frames = (a.len() / channels) as i64;
    let change = |x: &[f32], t: i64, c: usize| {
        let at = |t: i64| f64::from(x[t.rem_euclid(frames) as usize * channels + c]);
        at(t) - at(t - 1)
    };
    let sum = |a: &[f32], b: &[f32], lag: i64| -> f64 {
        (0..frames)
            .flat_map(|t| (0..channels).map(move |c| (t, c)))
            .map(|(t, c)| change(a, t + lag, c) * change(b, t, c))
            .sum()
    };
    let (centre, reach) = ((shift * f64::from(hz)).round() as i64, (0.012 * f64::from(hz)).ceil() as i64);
    let best = (centre - reach..=centre + reach).map(|lag| sum(a, b, lag).abs()).fold(0.0, f64::max);
    best / (sum(a, a, 0) * sum(b, b, 0)).sqrt()
}

#[test]
fn waveforms_are_compared_by_their_definition() {
    let hz = 2_000;
    for (frames, channels, shift) in [(300, 1, 0.0), (513, 2, 0.03), (257, 2, -0.05), (40, 3, 7.0)] {
        let (a, b) = (small(1, frames, channels), small(2, frames, channels));
        let got = waveform_similarity(&a, &b, channels, Seconds(shift), SampleRate::new(hz).unwrap());
        let expected = slow_waveform(&a, &b, channels, shift, hz);
        assert!((got - expected).abs() < 1e-4, "{frames} {channels}: {got} {expected}");
    }
}

#[test]
fn the_waveform_proves_a_copy_at_the_shift_that_was_found() {
    let beats = band::set(50, 2, 2);
    let copy = distort::noisy(&distort::moved(&beats[3], -0.4, 3_333), -30.0, Seeds::new(1), 0);
    let library = prints(&beats);
    let Match { index, shift, .. } = Library::new(library).nearest(&prints(std::slice::from_ref(&copy)))[0];
    let alike = |other: &[f32], shift| waveform_similarity(&copy, other, 2, shift, rate());
    assert!(index == 3 && alike(&beats[3], shift) > 0.8, "{}", alike(&beats[3], shift));
    assert!(alike(&beats[20], shift) < 0.3, "{}", alike(&beats[20], shift));
    assert_eq!(alike(&vec![0.0; copy.len()], shift), 0.0);
    assert_eq!(alike(&[], shift) + alike(&beats[3], Seconds(f64::NAN)), 0.0);
}

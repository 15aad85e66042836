//! The beat checks on music whose faults are known.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use adm_eval::beats::{BeatChecks, Passage, check, check_with_intervals};
use adm_eval::checks::stereo;
use std::f64::consts::TAU;

const HZ: u32 = 22_050;
/// 130 BPM.
const BEAT: usize = 10_177;

fn rate() -> SampleRate {
    SampleRate::new(HZ).unwrap()
}

fn judged(samples: &[f32], channels: usize, grid: &[f64]) -> BeatChecks {
    let checks = check(&Passage { samples, channels, rate: rate(), grid }).unwrap();
    assert_finite(&checks);
    checks
}

/// JSON has no NaN and no infinity: serde writes them as null, which does not come back as a number.
fn assert_finite(checks: &BeatChecks) {
    let back: BeatChecks = serde_json::from_str(&serde_json::to_string(checks).unwrap()).unwrap();
    let known = |checks: &BeatChecks| {
        let BeatChecks {
            tempo_bpm, tempo_error_percent, phase_ms, phase_spread_ms, side_to_mid_db, loudness_lufs, ..
        } = checks;
        [tempo_bpm, tempo_error_percent, phase_ms, phase_spread_ms, side_to_mid_db, loudness_lufs].map(|f| f.is_some())
    };
    assert_eq!(known(checks), known(&back), "{checks:?}");
}

fn grid(beats: usize) -> Vec<f64> {
    (0..beats).map(|beat| (beat * BEAT) as f64 / f64::from(HZ)).collect()
}

fn noise(count: usize, index: u64) -> Vec<f32> {
    let mut random = Seeds::new(1).stream("test noise", index);
    (0..count).map(|_| random.random_range(-1.0f32..1.0)).collect()
}

/// What sounds at each onset of [`music`].
#[derive(Clone, Copy)]
enum Drum {
    Kick,
    Hat,
}

/// Stereo with a drum `shift` seconds after each multiple of `period` seconds, over a quiet pad and noise.
fn music(beats: usize, period: f64, shift: f64, drum: Drum) -> Vec<f32> {
    let frames = beats * BEAT;
    let noise = noise(2 * frames, 0);
    let sample = |frame: usize| {
        let now = frame as f64 / f64::from(HZ);
        let age = (now - shift).rem_euclid(period);
        let drum = match drum {
            Drum::Kick => 0.6 * (-age / 0.07).exp() * (TAU * 60.0 * age).sin(),
            Drum::Hat => 0.3 * (-age / 0.03).exp() * f64::from(noise[frames + frame]),
        };
        let pad = 0.1 * (TAU * 443.0 * now).sin() + 0.05 * (TAU * 1_207.0 * now).sin();
        [1.0, -1.0].map(|side| (drum + pad + 0.01 * side * f64::from(noise[frame])) as f32)
    };
    (0..frames).flat_map(sample).collect()
}

fn beat_seconds() -> f64 {
    BEAT as f64 / f64::from(HZ)
}

#[test]
fn kicks_on_the_grid_are_right_and_shifted_ones_are_off_by_their_shift() {
    let still = judged(&music(32, beat_seconds(), 0.0, Drum::Kick), 2, &grid(32));
    assert!(still.onset_f1 > 0.96 && still.phase_ms.unwrap().abs() < 4.0, "{still:?}");
    assert!(still.phase_spread_ms.unwrap() < 0.5 && still.tempo_error_percent.unwrap().abs() < 0.01, "{still:?}");
    for shift in [-30.0, -8.0, 3.0, 12.0, 50.0] {
        let shifted = judged(&music(32, beat_seconds(), shift / 1_000.0, Drum::Kick), 2, &grid(32));
        let moved = shifted.phase_ms.unwrap() - still.phase_ms.unwrap();
        assert!((moved - shift).abs() < 0.3 && shifted.onset_recall > 0.9, "{shift} ms: {shifted:?}");
    }
    let late = judged(&music(32, beat_seconds(), 0.15, Drum::Kick), 2, &grid(32));
    assert!(late.onset_f1 < 0.1, "{late:?}");
}

#[test]
fn a_tempo_is_off_by_its_percentage() {
    for percent in [-20.0, -4.0, -0.1, 0.02, 1.0, 7.5, 25.0] {
        let music = music(64, beat_seconds() / (1.0 + percent / 100.0), 0.0, Drum::Kick);
        let checks = judged(&music, 2, &grid(64));
        let error = checks.tempo_error_percent.unwrap();
        assert!((error - percent).abs() < 0.01, "{percent} %: {error}");
        assert!((checks.tempo_bpm.unwrap() - 60.0 / beat_seconds() * (1.0 + percent / 100.0)).abs() < 0.02);
    }
}

/// Half and double time are the same tempo in another octave.
#[test]
fn a_tempo_is_told_in_the_octave_of_the_grid() {
    for periods in [0.5, 2.0] {
        let checks = judged(&music(64, periods * beat_seconds(), 0.0, Drum::Kick), 2, &grid(64));
        assert!(checks.tempo_error_percent.unwrap().abs() < 0.01, "{periods}: {checks:?}");
    }
}

#[test]
fn music_without_kicks_has_a_beat() {
    let checks = judged(&music(32, beat_seconds(), 0.0, Drum::Hat), 2, &grid(32));
    assert!(checks.onset_f1 > 0.9 && checks.tempo_error_percent.unwrap().abs() < 0.02, "{checks:?}");
    let late = judged(&music(32, beat_seconds(), 0.12, Drum::Hat), 2, &grid(32));
    assert!(late.onset_f1 < 0.3, "{late:?}");
}

#[test]
fn noise_has_no_tempo_at_any_length_and_keeps_no_beat() {
    for (index, beats) in (0..8).flat_map(|index| [4, 16, 64].map(|beats| (index, beats))) {
        let noise = noise(2 * beats * BEAT, index);
        let checks = judged(&noise, 2, &grid(beats));
        assert_eq!(checks.tempo_bpm, None, "{beats} beats, {index}");
        if beats == 64 {
            assert!(checks.onset_f1 < 0.65 && checks.correlation.abs() < 0.01, "{checks:?}");
            assert!(checks.side_to_mid_db.unwrap().abs() < 0.1 && (checks.seam_flux - 1.0).abs() < 0.15, "{checks:?}");
        }
    }
}

#[test]
fn silence_short_and_odd_passages_have_figures_or_none() {
    for channels in [1, 2] {
        let checks = judged(&vec![0.0; 8 * BEAT * channels], channels, &grid(8));
        assert_eq!((checks.onset_f1, checks.tempo_bpm, checks.phase_ms), (0.0, None, None));
        assert_eq!((checks.side_to_mid_db, checks.loudness_lufs, checks.correlation), (None, None, 1.0));
        assert_eq!((checks.crest_db, checks.clips, checks.seam_flux), (0.0, 0, 1.0));
        for frames in [1, 2, 63, 64, 1_000, BEAT] {
            for level in [1e-40, 1.0, f32::MAX] {
                let samples: Vec<f32> = noise(frames * channels, 1).iter().map(|sample| level * sample).collect();
                for grid in [&grid(1)[..], &grid(3), &[-1e9, 1e9], &[0.0, 1e-300, 1e-9]] {
                    judged(&samples, channels, grid);
                    let passage = Passage { samples: &samples, channels, rate: rate(), grid };
                    check_with_intervals(&passage, Seeds::new(1)).unwrap();
                }
            }
        }
    }
}

#[test]
fn the_image_is_that_of_the_stereo_checks_and_mono_has_none() {
    let stereo = music(9, beat_seconds(), 0.0, Drum::Kick);
    let checks = judged(&stereo, 2, &grid(9));
    assert!((checks.correlation - stereo::correlation(&stereo)).abs() < 1e-9);
    assert!((checks.side_to_mid_db.unwrap() - stereo::side_to_mid_db(&stereo)).abs() < 1e-9);
    let mono: Vec<f32> = stereo.chunks(2).map(|frame| 0.5 * (frame[0] + frame[1])).collect();
    let alone = judged(&mono, 1, &grid(9));
    assert_eq!((alone.correlation, alone.side_to_mid_db), (1.0, None));
    let doubled: Vec<f32> = mono.iter().flat_map(|&sample| [sample; 2]).collect();
    let both = judged(&doubled, 2, &grid(9));
    assert_eq!((both.correlation, both.side_to_mid_db), (1.0, None));
    // One speaker is 3 LU quieter than two with the same signal.
    assert!((both.loudness_lufs.unwrap() - alone.loudness_lufs.unwrap() - 3.01).abs() < 0.02);
    let opposite: Vec<f32> = mono.iter().flat_map(|&sample| [sample, -sample]).collect();
    assert_eq!(judged(&opposite, 2, &grid(9)).side_to_mid_db, Some(120.0));
}

#[test]
fn clipped_beats_are_counted() {
    let mut samples = music(16, beat_seconds(), 0.0, Drum::Kick);
    assert_eq!(judged(&samples, 2, &grid(16)).clipped_share, 0.0);
    for beat in [2, 3, 9, 15] {
        samples[2 * (beat * BEAT + 500)..][..8].fill(1.0);
    }
    let checks = judged(&samples, 2, &grid(16));
    assert_eq!((checks.clips, checks.clipped_share), (8, 0.25));
}

/// Zeroes the last `frames` of every beat.
fn cut(samples: &[f32], frames: usize) -> Vec<f32> {
    let mut samples = samples.to_vec();
    samples.chunks_exact_mut(2 * BEAT).for_each(|beat| beat[2 * (BEAT - frames)..].fill(0.0));
    samples
}

fn seam_flux(samples: &[f32]) -> f64 {
    judged(samples, 2, &grid(samples.len() / 2 / BEAT)).seam_flux
}

#[test]
fn whole_music_has_no_seams_and_damage_is_ranked() {
    let whole = music(32, beat_seconds(), 0.004, Drum::Kick);
    let sound = seam_flux(&whole);
    assert!((0.8..1.2).contains(&sound), "{sound}");
    let gaps = [22, 44, 110].map(|frames| seam_flux(&cut(&whole, frames)));
    assert!(sound + 0.05 < gaps[0] && gaps.is_sorted() && gaps[2] > 5.0, "{sound}, {gaps:?}");
    for frames in [6, 11, 221, 441] {
        let flux = seam_flux(&cut(&whole, frames));
        assert!(flux > 2.0, "{frames}: {flux}");
    }
    let clicks = [0.02, 0.06, 0.2, 0.6].map(|size| {
        let mut samples = whole.clone();
        samples.chunks_exact_mut(2 * BEAT).for_each(|beat| beat[..2].iter_mut().for_each(|sample| *sample += size));
        seam_flux(&samples)
    });
    assert!(sound + 0.05 < clicks[0] && clicks.is_sorted() && clicks[3] > 2.0, "{sound}, {clicks:?}");
}

/// Slices that each start a little later in the same tone: the kicks are where they were, the waveform jumps.
#[test]
fn jumps_of_the_waveform_are_heard() {
    let whole = music(33, beat_seconds(), 0.004, Drum::Kick);
    let jumped = |frames: usize| {
        let beats = (0..32).map(|beat| &whole[2 * (beat * BEAT + frames * (beat % 2))..][..2 * BEAT]);
        seam_flux(&beats.collect::<Vec<_>>().concat())
    };
    let (none, some) = (jumped(0), [2, 5, 15].map(jumped));
    assert!(some.iter().all(|&some| some > none + 0.1), "{none}, {some:?}");
}

#[test]
fn some_bad_seams_count_in_part() {
    let whole = music(32, beat_seconds(), 0.004, Drum::Kick);
    let bad = cut(&whole, 220);
    let parts = [0, 8, 16, 32].map(|count| seam_flux(&[&bad[..2 * BEAT * count], &whole[2 * BEAT * count..]].concat()));
    assert!(parts.is_sorted() && parts[1] > parts[0] + 0.5, "{parts:?}");
}

#[test]
fn intervals_hold_the_figures_narrow_with_length_and_follow_the_seed() {
    let wobbly = |beats: usize| {
        let mut samples = music(beats, beat_seconds(), 0.004, Drum::Kick);
        // Every third bar is without its kick and narrower.
        let quiet = samples.chunks_exact_mut(8 * BEAT).step_by(3);
        quiet.for_each(|bar| bar.as_chunks_mut::<2>().0.iter_mut().for_each(|frame| *frame = [0.02 * frame[0]; 2]));
        samples
    };
    let estimated = |beats: usize, seed: u64| {
        let (samples, grid) = (wobbly(beats), grid(beats));
        let passage = Passage { samples: &samples, channels: 2, rate: rate(), grid: &grid };
        (check(&passage).unwrap(), check_with_intervals(&passage, Seeds::new(seed)).unwrap())
    };
    let (checks, long) = estimated(192, 1);
    assert_eq!((checks.onset_f1, checks.seam_flux), (long.onset_f1.value, long.seam_flux.value));
    assert_eq!(
        (checks.phase_ms, checks.loudness_lufs),
        (long.phase_ms.map(|e| e.value), long.loudness_lufs.map(|e| e.value))
    );
    for estimate in [long.onset_f1, long.onset_recall, long.correlation, long.seam_flux, long.loudness_lufs.unwrap()] {
        assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{estimate:?}");
    }
    let width = |estimate: adm_eval::Estimate| estimate.high - estimate.low;
    let short = estimated(48, 1).1;
    assert!(width(long.onset_recall) > 0.0 && width(long.onset_recall) < width(short.onset_recall), "{long:?}");
    assert_eq!(long, estimated(192, 1).1);
    assert_ne!(short, estimated(48, 2).1);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let (samples, grid) = (music(40, beat_seconds(), 0.0, Drum::Kick), grid(40));
    let passage = Passage { samples: &samples, channels: 2, rate: rate(), grid: &grid };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| check_with_intervals(&passage, Seeds::new(1)).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn bad_passages_are_refused_by_name() {
    let refused = |samples: &[f32], channels: usize, grid: &[f64]| {
        check(&Passage { samples, channels, rate: rate(), grid }).unwrap_err().to_string()
    };
    assert_eq!(refused(&[0.0; 6], 3, &[0.0]), "a passage's channels must be 2, got 3");
    assert_eq!(refused(&[0.0; 3], 2, &[0.0]), "the samples of a passage must be 2, got 3");
    assert_eq!(refused(&[], 2, &[0.0]), "the samples of a passage must hold at least 1, got 0");
    assert_eq!(refused(&[0.0; 2], 2, &[]), "the grid must hold at least 1, got 0");
    assert_eq!(refused(&[0.0, f32::NAN], 1, &[0.0]), "sample 1 of a beat is not a finite number");
    for bad in [[1.0, 1.0], [1.0, 0.5], [0.0, f64::NAN], [0.0, f64::INFINITY]] {
        assert_eq!(refused(&[0.0; 2], 2, &bad), "beat time 1 is not a finite time after the one before it");
    }
}

//! Grids of odd input: an error or a right answer, never a panic or a grid that cannot be.

use crate::support::Memory;
use adm_audio::grid::{Adjustment, Level, Search, find};
use adm_audio::{AudioError, Grid, GridRequest};
use adm_core::seeds::RngExt;
use adm_core::{Bpm, Seeds, Silent};
use std::f64::consts::TAU;

/// The largest error of a tempo over a recording, in beats: a longer one tells it more exactly.
const DRIFT: f64 = 0.01;
/// The largest error of a beat, in seconds.
const BEAT: f64 = 0.005;

/// Kicks on every beat from `first` on, hats between them, and noise 50 dB below: shape `[frames, channels]`.
fn floor(rate: u32, channels: usize, bpm: f64, (first, seconds): (f64, f64)) -> Vec<f32> {
    let (hz, beat, mut random) = (f64::from(rate), 60.0 / bpm, Seeds::new(7).stream("floor", 0));
    let mut last = [0.0; 2];
    let mut frame = |n: usize| {
        let time = n as f64 / hz - first;
        if time < 0.0 {
            return 0.0;
        }
        let (into, noise) = (time.rem_euclid(beat), random.random_range(-1.0..1.0));
        let kick = 0.7 * (TAU * (50.0 * into + 3.0 * (1.0 - (-into * 45.0).exp()))).sin() * (-into * 12.0).exp();
        let past = into - beat / 2.0;
        // White noise would be a snare, and twice the tempo with snares as right as this one with hats.
        let bright: f64 = 0.5 * noise - last[0] + 0.5 * last[1];
        last = [noise, last[0]];
        let hat = if past > 0.0 { 0.2 * bright * (-past * 80.0).exp() } else { 0.0 };
        (kick + hat + 0.003 * noise) as f32
    };
    let frames = (seconds * hz) as usize;
    (0..frames).map(&mut frame).flat_map(|sample| std::iter::repeat_n(sample, channels)).collect()
}

fn grid_with(rate: u32, channels: usize, samples: Vec<f32>, search: Search) -> Result<Grid, AudioError> {
    let grid = find(&mut Memory::new(rate, channels, samples), &GridRequest::Auto(search), &Silent);
    if let Ok(grid) = &grid {
        grid.check().unwrap();
        assert!(!grid.beats.is_empty(), "a grid without beats is an error");
    }
    grid
}

fn grid(rate: u32, channels: usize, samples: Vec<f32>) -> Result<Grid, AudioError> {
    grid_with(rate, channels, samples, Search::default())
}

/// Checks that beats lie at `first` and every beat from there on.
fn check(what: &str, grid: &Grid, bpm: f64, first: f64) {
    let minutes = grid.beats.last().unwrap() / 60.0;
    assert!((grid.bpm - bpm).abs() * minutes <= DRIFT, "{what}: {bpm} BPM found as {}", grid.bpm);
    for beat in &grid.beats {
        let off = (beat - first) * bpm / 60.0;
        let error = (off - off.round()) * 60.0 / bpm;
        assert!(error.abs() <= BEAT, "{what}: the beat at {beat} s is {:.1} ms off", 1e3 * error);
    }
}

#[test]
fn too_little_sound_is_an_error() {
    for frames in [0, 1, 2, 44_099, 44_100 * 4 - 1] {
        for channels in [1, 2] {
            let error = grid(44_100, channels, vec![0.5; channels * frames]).unwrap_err();
            assert!(matches!(error, AudioError::TooShortForGrid { .. }), "{frames} frames: {error}");
        }
    }
}

#[test]
fn what_has_no_beat_is_an_error() {
    let frames = 44_100 * 20;
    let burst = |n: usize| if (400_000..401_000).contains(&n) { 0.9 } else { 0.0 };
    let signals: [(&str, Vec<f32>); 8] = [
        ("a constant", vec![0.5; frames]),
        ("a constant at full scale", vec![1.0; frames]),
        ("the smallest numbers", vec![f32::MIN_POSITIVE; frames]),
        ("one click", (0..frames).map(|n| if n == 300_000 { 1.0 } else { 0.0 }).collect()),
        ("one burst", (0..frames).map(burst).collect()),
        ("a tone", (0..frames).map(|n| (TAU * 440.0 * n as f64 / 44_100.0).sin() as f32).collect()),
        ("no numbers", vec![f32::NAN; frames]),
        ("infinities", (0..frames).map(|n| if n % 2 == 0 { f32::INFINITY } else { f32::NEG_INFINITY }).collect()),
    ];
    for (what, samples) in signals {
        let found = grid(44_100, 1, samples);
        assert!(matches!(found, Err(AudioError::NoBeat)), "{what}: {found:?}");
    }
}

/// Squares and clicks repeat without doubt; what counts is that nothing breaks.
#[test]
fn hard_edges_do_no_harm() {
    for half in [1usize, 7, 50, 441, 5_512, 11_025, 22_050, 100_000] {
        let square = (0..44_100 * 15).map(|n| if n / half % 2 == 0 { 1.0 } else { -1.0 });
        let _ = grid(44_100, 1, square.collect());
        let clicks = (0..44_100 * 15).map(|n| if n % (2 * half) == 0 { 1.0 } else { 0.0 });
        let _ = grid(44_100, 1, clicks.collect());
    }
    for sample in [f32::MAX, f32::MIN, 1e20, 1e-40] {
        let _ = grid(44_100, 1, floor(44_100, 1, 128.0, (0.2, 20.0)).iter().map(|value| value * sample).collect());
    }
}

#[test]
fn broken_samples_among_whole_ones_are_passed_over() {
    for broken in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut samples = floor(44_100, 2, 127.0, (0.3, 40.0));
        (0..20).for_each(|n| samples[n * 173_003 + 5] = broken);
        check(&format!("{broken} among them"), &grid(44_100, 2, samples).unwrap(), 127.0, 0.3);
    }
    // A number, however large, is a click that may drown the music.
    let mut samples = floor(44_100, 2, 127.0, (0.3, 40.0));
    (0..20).for_each(|n| samples[n * 173_003 + 5] = f32::MAX);
    let _ = grid(44_100, 2, samples);
}

#[test]
fn every_rate_and_channel_count_will_do() {
    for rate in [8_000, 11_025, 16_000, 32_000, 96_000, 192_000] {
        for channels in [1, 2] {
            let found = grid(rate, channels, floor(rate, channels, 131.0, (0.25, 30.0))).unwrap();
            check(&format!("{rate} Hz, {channels} channels"), &found, 131.0, 0.25);
        }
    }
}

#[test]
fn ten_seconds_are_enough() {
    for (bpm, first) in [(120.0, 0.0), (128.0, 0.2), (174.0, 0.1), (98.0, 0.4)] {
        let found = grid(44_100, 1, floor(44_100, 1, bpm, (first, 10.0))).unwrap();
        check("ten seconds", &found, bpm, first);
    }
}

#[test]
fn there_are_no_beats_in_the_silence_before_the_music() {
    let found = grid(44_100, 1, floor(44_100, 1, 126.0, (60.7, 110.0))).unwrap();
    check("after a minute", &found, 126.0, 60.7);
    assert!((found.beats[0] - 60.7).abs() < BEAT, "the first beat is at {}", found.beats[0]);
}

#[test]
fn a_range_is_kept_to() {
    let music = floor(44_100, 1, 128.0, (0.2, 40.0));
    let bpm = |value: f64| Bpm::new(value).unwrap();
    for (low, high) in [(128.0, 128.0), (127.9, 128.1), (120.0, 136.0), (60.0, 70.0), (250.0, 260.0), (20.0, 400.0)] {
        let search = Search { range: Some((bpm(low), bpm(high))), ..Search::default() };
        let found = grid_with(44_100, 1, music.clone(), search).unwrap();
        let octave = [64.0, 128.0, 256.0].into_iter().find(|bpm| (low..=high).contains(bpm)).unwrap();
        let expected = if low < 100.0 && high > 200.0 { 128.0 } else { octave };
        check(&format!("{low} to {high} BPM"), &found, expected, 0.2);
    }
    // Neither the tempo nor an octave of it is in these: whatever is found is no faster and no slower than asked.
    for (low, high) in [(20.0, 20.0), (90.0, 100.0), (140.0, 150.0), (150.0, 140.0), (399.0, 400.0), (400.0, 20.0)] {
        let search = Search { range: Some((bpm(low), bpm(high))), ..Search::default() };
        if let Ok(found) = grid_with(44_100, 1, music.clone(), search) {
            let margin = 0.05 * low;
            assert!((low - margin..=high + margin).contains(&found.bpm), "{low} to {high} BPM: {}", found.bpm);
        }
    }
}

#[test]
fn adjustments_keep_a_grid_whole() {
    let beats_of = |half_beat: bool, level: Level| {
        let search = Search { adjustment: Adjustment { half_beat, level }, ..Search::default() };
        grid_with(44_100, 1, floor(44_100, 1, 128.0, (0.2, 40.0)), search).unwrap()
    };
    check("half a beat later", &beats_of(true, Level::Same), 128.0, 0.2 + 0.5 * 60.0 / 128.0);
    check("twice as many", &beats_of(false, Level::Double), 256.0, 0.2);
    check("half as many", &beats_of(false, Level::Half), 64.0, beats_of(false, Level::Half).beats[0]);
    check("both", &beats_of(true, Level::Double), 256.0, 0.2);
    check("both", &beats_of(true, Level::Half), 64.0, beats_of(true, Level::Half).beats[0]);
}

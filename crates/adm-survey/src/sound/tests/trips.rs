//! Round trips and joins.

use super::*;
use crate::sound::format::Format;
use crate::sound::shape::shape;
use crate::sources::Slices;
use crate::study::RoundTrip;

fn format(seconds: f64, looped: bool) -> Format {
    let edge = if looped { 0.0 } else { 0.01 };
    Format::new(&SoundSpec { seconds, looped, edge, ..SoundSpec::default() }).unwrap()
}

fn through(name: &str, sample_rate: Option<u32>, bpm: f64) -> SoundSpec {
    let truths = vec!["human".to_owned()];
    let round_trip = RoundTrip { truths, representation: name.to_owned(), sample_rate, bpm };
    SoundSpec { round_trip: Some(round_trip), ..SoundSpec::default() }
}

fn shaped(raw: &RawSound, settings: &SoundSpec, format: &Format) -> Vec<f32> {
    shape(raw, Trip::of(raw, settings).unwrap().as_ref(), format).unwrap()
}

/// Signal over error in dB.
fn snr(signal: &[f32], found: &[f32]) -> f64 {
    assert_eq!(signal.len(), found.len());
    let power = |of: &dyn Fn(f32, f32) -> f32| {
        signal.iter().zip(found).map(|(&a, &b)| f64::from(of(a, b)).powi(2)).sum::<f64>()
    };
    10.0 * (power(&|a, _| a) / power(&|a, b| a - b).max(1e-30)).log10()
}

#[test]
fn an_exact_representation_gives_the_sound_back_joins_included() {
    for (name, bpm, looped) in [
        ("stereo-complex", 130.0, false),
        ("stereo-complex", 127.3, true),
        ("log-frequency", 130.0, false),
        ("stereo-complex", 174.0, true),
    ] {
        let sound = raw("a", "human", 44_100, music(1, 44_100, 4.2));
        let format = format(4.0, looped);
        let plain = shaped(&sound, &SoundSpec::default(), &format);
        let tripped = shaped(&sound, &through(name, None, bpm), &format);
        // What remains are the joins of a loop whose end is not what came before its beginning.
        let until = if looped { plain.len() - 2 * 4_000 } else { plain.len() };
        let found = snr(&plain[..until], &tripped[..until]);
        assert!(found > 60.0, "{name} at {bpm}: {found} dB");
    }
}

#[test]
fn a_representation_without_phases_changes_the_wave_and_keeps_its_level() {
    let sound = raw("a", "human", 44_100, music(1, 44_100, 2.2));
    let format = format(2.0, false);
    let plain = shaped(&sound, &SoundSpec::default(), &format);
    for name in ["log-mel", "magnitude"] {
        let tripped = shaped(&sound, &through(name, Some(22_050), 130.0), &format);
        assert!(snr(&plain, &tripped) < 30.0, "{name}");
        let power = |samples: &[f32]| 10.0 * samples.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().log10();
        assert!((power(&plain) - power(&tripped)).abs() < 3.0, "{name}: {} {}", power(&plain), power(&tripped));
        assert!(tripped.iter().all(|sample| sample.is_finite()));
    }
}

#[test]
fn only_its_truth_takes_the_trip_and_a_stimulus_may_have_its_own() {
    let format = format(1.0, false);
    let mut sound = raw("a", "ai", 44_100, music(1, 44_100, 1.0));
    let settings = through("log-mel", None, 130.0);
    let plain = shaped(&sound, &SoundSpec::default(), &format);
    assert_eq!(shaped(&sound, &settings, &format), plain);
    sound.round_trip = Some("magnitude".to_owned());
    let own = shaped(&sound, &settings, &format);
    assert_ne!(own, plain);
    sound.truth = "human".to_owned();
    assert_eq!(shaped(&sound, &settings, &format), own, "its own comes before the study's");
}

/// Cut like a dataset's beats, and joined again.
#[test]
fn neighbouring_slices_become_the_recording_again() {
    for (beats, every, frames, hz) in [
        (1, 20_353.846, 20_354, 44_100),
        (4, 81_415.385, 81_415, 44_100),
        (0, 11_025.0, 44_100, 44_100),
        (0, 22_050.0, 22_050, 44_100),
        (1, 10_176.923, 10_177, 22_050),
    ] {
        let layout = Slices { frames, every, beats };
        let music = music(7, hz, 6.0);
        let count = layout.count(hz as usize * 4);
        let slice = |index: usize| &music[layout.start(index) * 2..(layout.start(index) + frames) * 2];
        let mut sound = raw("a", "human", hz, (0..count).flat_map(slice).copied().collect());
        sound.slices = Some(layout);
        let whole = raw("a", "human", hz, music.clone());
        let format = format(3.5, false);
        let expected = shaped(&whole, &SoundSpec::default(), &format);
        let found = snr(&expected, &shaped(&sound, &SoundSpec::default(), &format));
        // f32 through cross-fades whose gains add up to one.
        assert!(found > 80.0, "{beats} beats, every {every}: {found} dB");
        if beats > 0 {
            let found = snr(&expected, &shaped(&sound, &through("stereo-complex", None, 130.0), &format));
            assert!(found > 60.0, "with a trip: {found} dB");
        }
    }
}

/// The peak above 2 kHz of tones that have nothing there, within 600 frames of beats' starts and elsewhere.
fn above(samples: &[f32], every: f64) -> [f64; 2] {
    let low = filter::LowPass::new(1_500.0, 2_000.0, rate(44_100)).apply(samples, 2, false);
    let high: Vec<f64> = samples.iter().zip(&low).step_by(2).map(|(x, low)| f64::from(x - low).abs()).collect();
    let is_join = |n: usize| {
        let off = (n as f64 / every).fract() * every;
        off < 600.0 || off > every - 600.0
    };
    let peak = |joins: bool| {
        let inside = (2_000..high.len() - 2_000).filter(|&n| is_join(n) == joins);
        inside.map(|n| high[n]).fold(0.0, f64::max)
    };
    [peak(true), peak(false)]
}

#[test]
fn no_join_clicks() {
    let wave = |n: usize| {
        let tone = |hz: f64| (TAU * hz * n as f64 / 44_100.0).sin();
        (0.2 * (tone(61.0) + tone(220.0) + 0.5 * tone(331.7))) as f32
    };
    let tones: Vec<f32> = (0..141_120).flat_map(|n| [wave(n); 2]).collect();
    let sound = raw("a", "human", 44_100, tones.clone());
    let (format, every) = (format(3.0, false), 44_100.0 * 60.0 / 130.0);
    for name in ["stereo-complex", "log-frequency", "mag-if", "log-mel"] {
        let settings = through(name, None, 130.0);
        let [joins, elsewhere] = above(&shaped(&sound, &settings, &format), every);
        // What the same slices give that are put one after another.
        let layout = Slices { frames: 20_354, every, beats: 1 };
        let mut cut = join::Cut::of_music(&tones, layout, rate(44_100), 2, false);
        Trip::of(&sound, &settings).unwrap().unwrap().take("a", &mut cut).unwrap();
        let [steps, _] = above(&cut.slices.concat()[..2 * 132_300], 20_354.0);
        let [joins_db, elsewhere_db, steps_db] = [joins, elsewhere, steps].map(|peak| 20.0 * peak.log10());
        println!("{name}: {joins_db:.1} dBFS at joins ({steps_db:.1} without), {elsewhere_db:.1} dBFS elsewhere");
        match cut.continuous {
            true => assert!(joins_db < -60.0, "{name}: {joins_db} dBFS"),
            // Beats whose phases were estimated have edges of their own, as generated ones have; the join takes most of them.
            false => assert!(joins_db < steps_db - 12.0, "{name}: {joins_db} and {steps_db} dBFS"),
        }
    }
}

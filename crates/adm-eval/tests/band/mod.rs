//! A small band that plays as many beats as wanted, and ways to spoil them: what tests and examples judge.

#![allow(dead_code, reason = "every test and example uses a part")]

use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use adm_eval::{Extractor, Features, noise_like};
use rayon::prelude::*;
use std::f32::consts::TAU;

pub const RATE: f32 = 22_050.0;
pub const FRAMES: usize = 8_000;

/// Beats of a small band: a kick, an off-beat hat left or right of the middle, and a chord, no two alike.
pub fn beats(seed: u64, count: u64) -> Vec<Vec<f32>> {
    (0..count).into_par_iter().map(|index| beat(seed, index)).collect()
}

pub fn beat(seed: u64, index: u64) -> Vec<f32> {
    let mut rng = Seeds::new(seed).stream("beat", index);
    let (kick_hz, kick_level) = (rng.random_range(48.0..60.0), rng.random_range(0.4..0.8));
    let (hat_level, hat_place) = (rng.random_range(0.03..0.25), rng.random_range(0.2..0.9f32));
    let (chord_hz, chord_level) = (rng.random_range(180.0..420.0), rng.random_range(0.0..0.25));
    let mut samples = Vec::with_capacity(2 * FRAMES);
    for n in 0..FRAMES {
        let now = n as f32 / RATE;
        let kick = kick_level * (-now / 0.07).exp() * (TAU * kick_hz * now + 6.0 * (1.0 - (-now / 0.03).exp())).sin();
        let since = now - FRAMES as f32 / RATE / 2.0;
        let hat = if since < 0.0 { 0.0 } else { hat_level * (-since / 0.03).exp() };
        let chord = |detune: f32| {
            let partial = |factor: f32| (TAU * chord_hz * factor * detune * now).sin() / factor;
            chord_level * (partial(1.0) + partial(1.5) + partial(2.0) + partial(4.0))
        };
        for (detune, place) in [(1.0, hat_place), (1.004, 1.0 - hat_place)] {
            let hiss: f32 = rng.random_range(-1.0..1.0);
            let air: f32 = rng.random_range(-1e-4..1e-4);
            samples.push(kick + place * hat * hiss + chord(detune) + air);
        }
    }
    samples
}

/// Features of the band's beats.
pub fn features(beats: &[Vec<f32>]) -> Vec<Features> {
    let extractor = SampleRate::new(RATE as u32).map(Extractor::new);
    extractor.ok().and_then(|extractor| extractor.features_of(beats, 2).ok()).unwrap_or_default()
}

pub fn degraded(beats: &[Vec<f32>], change: impl Fn(&[f32]) -> Vec<f32>) -> Vec<Features> {
    features(&beats.iter().map(|beat| change(beat)).collect::<Vec<_>>())
}

pub fn with_noise(beat: &[f32], level: f32) -> Vec<f32> {
    let noise = noise_like(&[beat], Seeds::new(99));
    beat.iter().zip(&noise[0]).map(|(sample, noise)| sample + level * noise).collect()
}

pub fn low_passed(beat: &[f32], hz: f32) -> Vec<f32> {
    let share = 1.0 - (-TAU * hz / RATE).exp();
    let mut states = [0.0f32; 2];
    let pass = |(index, sample): (usize, &f32)| {
        let state = &mut states[index % 2];
        *state += share * (sample - *state);
        *state
    };
    beat.iter().enumerate().map(pass).collect()
}

pub fn shifted(beat: &[f32], frames: usize) -> Vec<f32> {
    let mut shifted = beat.to_vec();
    shifted.rotate_right(2 * frames);
    shifted
}

pub fn mono(beat: &[f32]) -> Vec<f32> {
    beat.chunks(2).flat_map(|frame| [0.5 * (frame[0] + frame[1]); 2]).collect()
}

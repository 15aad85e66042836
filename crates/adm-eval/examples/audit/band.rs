//! A band that plays songs for the audit: the beats of a song are alike as in dance music, but no two are the same.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f32::consts::TAU;

pub const RATE: u32 = 22_050;
pub const FRAMES: usize = 10_177;

/// Beats that are held out, or not, together.
pub const PASSAGE: usize = 8;

/// What one song keeps from beat to beat.
struct Song {
    kick_hz: f32,
    kick_seconds: f32,
    hat_seconds: f32,
    bass_hz: [f32; 4],
    chord_hz: [f32; 4],
    chord_level: f32,
    hats: [f32; 8],
}

/// Stereo beats of `songs` songs, `passages` passages each, in the order in which they are played.
pub fn set(seed: u64, songs: usize, passages: usize) -> Vec<Vec<f32>> {
    let seeds = Seeds::new(seed);
    let beats = songs * passages * PASSAGE;
    let songs: Vec<Song> = (0..songs as u64).map(|index| Song::new(seeds, index)).collect();
    (0..beats).map(|n| songs[n / (passages * PASSAGE)].beat(seeds, n)).collect()
}

impl Song {
    fn new(seeds: Seeds, index: u64) -> Self {
        let mut rng = seeds.stream("song", index);
        let root = rng.random_range(40.0..80.0f32);
        let mut note = |octaves: f32| root * (octaves + rng.random_range(0..12) as f32 / 12.0).exp2();
        let (bass_hz, chord_hz) = ([0; 4].map(|_| note(0.0)), [0; 4].map(|_| note(2.0)));
        Self {
            kick_hz: rng.random_range(45.0..65.0),
            kick_seconds: rng.random_range(0.05..0.12),
            hat_seconds: rng.random_range(0.01..0.06),
            bass_hz,
            chord_hz,
            chord_level: rng.random_range(0.02..0.2),
            hats: [0; 8].map(|_| if rng.random_bool(0.5) { rng.random_range(0.05..0.3) } else { 0.0 }),
        }
    }

    fn beat(&self, seeds: Seeds, n: usize) -> Vec<f32> {
        let mut rng = seeds.stream("beat", n as u64);
        let kick_level = if rng.random_bool(0.9) { rng.random_range(0.4..0.7) } else { 0.0f32 };
        let (cut, swell) = (rng.random_range(0.3..1.0f32), rng.random_range(0.2..1.5f32));
        let hats = self.hats.map(|level| level * rng.random_range(0.3..1.3f32) * f32::from(rng.random_bool(0.85)));
        let (bass, chord) = (self.bass_hz[n % 4], self.chord_hz[n / 4 % 4]);
        let mut samples = Vec::with_capacity(2 * FRAMES);
        for frame in 0..FRAMES {
            let now = frame as f32 / RATE as f32;
            let eighth = frame * 8 / FRAMES;
            let since = now - (eighth * FRAMES / 8) as f32 / RATE as f32;
            let kick = kick_level
                * (-now / self.kick_seconds).exp()
                * (TAU * self.kick_hz * now + 5.0 * (1.0 - (-now / 0.03).exp())).sin();
            let low = 0.2 * cut * (TAU * bass * now).sin() * (0.5 + 0.5 * (eighth % 2) as f32);
            let tone = |factor: f32| (TAU * chord * factor * now).sin() * cut.powf(factor);
            let pad = self.chord_level * swell * (tone(1.0) + tone(1.5) + tone(2.0) + tone(3.0) + tone(4.0));
            let hat = hats[eighth] * (-since / self.hat_seconds).exp();
            for place in [0.7, 1.0] {
                samples.push(
                    kick + low + pad + hat * place * rng.random_range(-1.0..1.0f32) + rng.random_range(-1e-3..1e-3),
                );
            }
        }
        samples
    }
}

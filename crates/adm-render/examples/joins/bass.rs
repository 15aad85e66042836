//! A recording whose joins are hard: bass notes held over many beats, under kicks and off-beat hats.

use crate::{HZ, Recording};
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f64::consts::TAU;

const BEATS: usize = 240;
const BEAT: f64 = 60.0 / 128.0;
/// Beats of a bass note; at 128 BPM few notes come round to the same phase on every beat.
const HELD: usize = 8;
const NOTES: [f64; 5] = [41.2, 49.0, 55.0, 61.7, 65.4];

/// The recording with the beats that it was made by.
pub fn recording() -> Recording {
    let mut random = Seeds::new(3).stream("bass", 0);
    let mut sound = vec![0.0; (BEAT * HZ * (BEATS + 1) as f64) as usize];
    let start = |beat: usize| (BEAT * HZ * beat as f64).round() as usize;
    for first in (0..BEATS).step_by(HELD) {
        let hz = NOTES[random.random_range(0..NOTES.len())];
        note(&mut sound[start(first)..start(first + HELD)], hz);
    }
    for beat in 0..BEATS {
        let place = &mut sound[start(beat)..];
        place.iter_mut().take(9_000).enumerate().for_each(|(n, sample)| *sample += kick(n as f64 / HZ));
        let hat = place.iter_mut().skip((BEAT * HZ / 2.0) as usize).take(2_000).enumerate();
        hat.for_each(|(n, sample)| *sample += 0.1 * random.random_range(-1.7..1.7) * (-(n as f64) / 400.0).exp());
    }
    let samples = sound.iter().flat_map(|sample| [0.9 * *sample as f32; 2]).collect();
    Recording { samples, beats: (0..BEATS).map(start).collect() }
}

/// A note of three harmonics that begins and ends within 10 ms.
fn note(sound: &mut [f64], hz: f64) {
    let frames = sound.len();
    for (n, sample) in sound.iter_mut().enumerate() {
        let (from_start, from_end) = (n as f64 / HZ, (frames - n) as f64 / HZ);
        let turn = TAU * hz * from_start;
        let harmonics = 0.3 * turn.sin() + 0.1 * (2.0 * turn + 1.0).sin() + 0.03 * (3.0 * turn).sin();
        *sample += harmonics * (from_start.min(from_end) / 0.01).min(1.0);
    }
}

fn kick(time: f64) -> f64 {
    0.5 * (TAU * (50.0 * time + 3.0 * (1.0 - (-40.0 * time).exp()))).sin() * (-18.0 * time).exp()
}

//! Stimuli from end to end.

mod alike;
mod refused;
mod trips;

use super::*;
use crate::key::Role;
use adm_core::SampleRate;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f64::consts::TAU;

pub(super) const SALT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

pub(super) fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

/// Something like music, in stereo: kicks, a chord that `seed` chooses, and hats of white noise.
pub(super) fn music(seed: u64, hz: u32, seconds: f64) -> Vec<f32> {
    let mut random = Seeds::new(seed).stream("test music", 0);
    let root = 110.0 * 2f64.powf(random.random::<f64>() * 2.0);
    let frames = (seconds * f64::from(hz)).round() as usize;
    let frame = |n: usize| {
        let (t, beat) = (n as f64 / f64::from(hz), (n as f64 / f64::from(hz) * 2.0).fract() / 2.0);
        let kick = (TAU * (50.0 * beat - 4.0 * (-beat * 40.0).exp())).sin() * (-beat * 9.0).exp();
        let chord: f64 = [1.0, 1.26, 1.5].iter().map(|ratio| 0.08 * (TAU * root * ratio * t).sin()).sum();
        let hat = (random.random::<f64>() - 0.5) * 0.3 * (-((beat * 4.0).fract() / 4.0) * 60.0).exp();
        [0.5 * kick + chord + hat, 0.5 * kick + 0.7 * chord - 0.6 * hat].map(|sample| sample as f32)
    };
    (0..frames).flat_map(frame).collect()
}

pub(super) fn raw(id: &str, truth: &str, hz: u32, samples: Vec<f32>) -> RawSound {
    RawSound {
        id: id.to_owned(),
        truth: truth.to_owned(),
        item: None,
        source: format!("{id}.wav"),
        round_trip: None,
        samples,
        channels: 2,
        rate: rate(hz),
        slices: None,
    }
}

pub(super) fn wanted(name: &str, id: &str, role: Role) -> Wanted {
    Wanted { name: name.to_owned(), id: id.to_owned(), role }
}

/// One sample of every sound, named by its id.
pub(super) fn all(raw: &[RawSound]) -> Vec<Wanted> {
    raw.iter().map(|raw| wanted(&raw.id, &raw.id, Role::Sample)).collect()
}

/// Interleaved samples of a WAV file.
pub(crate) fn decoded(wav: &[u8]) -> Vec<f32> {
    let mut reader = hound::WavReader::new(wav).unwrap();
    reader.samples::<i16>().map(|step| f32::from(step.unwrap()) / 32_768.0).collect()
}

/// Mono samples as the filter leaves them that all stimuli go through where each keeps its bandwidth.
pub(crate) fn as_it_is(samples: &[f32], hz: u32) -> Vec<f32> {
    let format = Format::new(&SoundSpec { sample_rate: hz, channels: 1, ..SoundSpec::default() }).unwrap();
    bandwidth::low_pass(f64::from(hz) / 2.0, &format).apply(samples, 1, false)
}

/// What packing may take at most, for 40 stimuli of 10 s on two cores, is 8 s. Prints, and never fails: machines differ.
#[test]
fn timing() {
    let sounds: Vec<RawSound> =
        (0..8).map(|seed| raw(&seed.to_string(), "ai", 44_100, music(seed, 44_100, 10.0))).collect();
    let started = std::time::Instant::now();
    let prepared = prepare(&sounds, &all(&sounds), &SoundSpec::default(), SALT).unwrap();
    let took = started.elapsed().as_secs_f64();
    let threads = rayon::current_num_threads();
    println!("8 stimuli of 10 s in {took:.2} s on {threads} threads: {:.2} of 8 s / 40", took * 5.0 / 8.0);
    let audited: Vec<Audited<'_>> =
        prepared.stimuli.iter().map(|stimulus| Audited { truth: "ai", wav: &stimulus.wav }).collect();
    let started = std::time::Instant::now();
    audit(&audited, settings_bandwidth());
    println!("their audit in {:.2} s", started.elapsed().as_secs_f64());
}

fn settings_bandwidth() -> crate::study::Bandwidth {
    SoundSpec::default().bandwidth
}

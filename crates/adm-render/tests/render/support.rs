//! Beats to render, and samples of what came of them.

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_render::{Material, Timeline};
use std::path::Path;

pub fn timeline(beats: u64) -> Timeline {
    Timeline::new(Bpm::new(126.5).unwrap(), SampleRate::CD, beats).unwrap()
}

/// A beat at 130 BPM: a decaying thump whose first frame is its loudest, over a hiss.
pub fn beat(slot: u64) -> Material {
    let mut rng = Seeds::new(1).stream("test", slot);
    let thump = |frame: usize| 0.8 * (frame as f32 * 0.012).cos() * (-(frame as f32) / 3_000.0).exp();
    let frame = |frame| [thump(frame) + rng.random_range(-0.02..0.02), thump(frame)];
    (0..20_354).flat_map(frame).collect::<Vec<f32>>().into()
}

/// Interleaved samples of a file.
pub fn read(path: &Path) -> (hound::WavSpec, Vec<f32>) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    let samples = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().map(Result::unwrap).collect(),
        hound::SampleFormat::Int => {
            let scale = 1.0 / (1i64 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|sample| sample.unwrap() as f32 * scale).collect()
        }
    };
    (spec, samples)
}

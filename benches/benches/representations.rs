//! Every representation there and back on one thread: one beat of the founding work (130 BPM, 44.1 kHz, stereo).
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench representations`

#![expect(clippy::expect_used, reason = "a bench may stop where it likes")]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_spectral::{
    ExponentialConfig, LogBandConfig, LogFrequencyConfig, LogMelConfig, MagIfConfig, MagnitudeConfig, MelConfig,
    RepresentationConfig, Scratch, StereoComplexConfig,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// A beat of noise: no value is special, so none is faster than another.
fn beat() -> Vec<f32> {
    let mut rng = Seeds::new(0).stream("beat", 0);
    (0..2 * Bpm::FOUNDING.beat_frames(SampleRate::CD)).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn configs() -> [RepresentationConfig; 8] {
    [
        RepresentationConfig::StereoComplex(StereoComplexConfig::default()),
        RepresentationConfig::LogFrequency(LogFrequencyConfig::default()),
        RepresentationConfig::Exponential(ExponentialConfig::default()),
        RepresentationConfig::MagIf(MagIfConfig::default()),
        RepresentationConfig::Magnitude(MagnitudeConfig::default()),
        RepresentationConfig::Mel(MelConfig::default()),
        RepresentationConfig::LogMel(LogMelConfig::default()),
        RepresentationConfig::LogBand(LogBandConfig::default()),
    ]
}

fn representations(criterion: &mut Criterion) {
    let slice = beat();
    for config in configs() {
        let representation = config.build(slice.len() / 2, SampleRate::CD, 2).expect("the defaults fit a beat");
        let tensor = representation.tensor_of(&slice).expect("a beat is finite");
        let (mut out, mut back, mut scratch) = (tensor.clone(), slice.clone(), Scratch::new());
        let mut group = criterion.benchmark_group(config.name());
        group.sample_size(10);
        group.bench_function("encode", |bencher| {
            bencher.iter(|| representation.encode(black_box(&slice), out.data_mut(), &mut scratch))
        });
        group.bench_function("decode", |bencher| {
            bencher.iter(|| representation.decode(black_box(tensor.data()), &mut back, &mut scratch))
        });
        group.finish();
    }
}

criterion_group!(benches, representations);
criterion_main!(benches);

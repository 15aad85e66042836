//! Ten seconds of mono at 44.1 kHz from magnitudes (n_fft 2048, hop 512), each method on one thread, and one frame of
//! the stream.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench inversion`; the example `inversion` of adm-spectral prints
//! speed and convergence on any recording, and peers/inversion.py librosa's.

#![expect(clippy::expect_used, reason = "a bench may stop where it likes")]

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_spectral::inversion::LivePghi;
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use criterion::{Criterion, criterion_group, criterion_main};
use std::f64::consts::TAU;
use std::hint::black_box;

const SHAPE: StftShape = StftShape { n_fft: 2_048, win_length: 2_048, hop: 512, samples: 441_000 };

/// The magnitudes of tones with a little noise, `[frames, bins]`: peaks for PGHI to follow, and no point like another.
fn magnitudes(inverter: &Inverter) -> Vec<f32> {
    let mut rng = Seeds::new(0).stream("music", 0);
    let tone = |at: usize, hertz: f64| (TAU * hertz * at as f64 / 44_100.0).sin() as f32;
    let mut sample =
        |at| 0.3 * tone(at, 55.0) + 0.2 * tone(at, 440.0) + 0.1 * tone(at, 2_637.0) + rng.random_range(-0.1..0.1);
    let signal: Vec<f32> = (0..SHAPE.samples).map(&mut sample).collect();
    let mut spectrum = vec![Default::default(); SHAPE.points()];
    inverter.stft().analyse(&signal, &mut spectrum, &mut InversionScratch::new()).expect("the signal is finite");
    spectrum.iter().map(|point| point.norm()).collect()
}

fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ten seconds");
    group.sample_size(10);
    for method in PhaseMethod::ALL {
        let config = InversionConfig { method, ..Default::default() };
        let inverter = Inverter::new(SHAPE, ChannelLayout::Mono, &config).expect("the shape is ordinary");
        let (magnitudes, mut scratch) = (magnitudes(&inverter), InversionScratch::new());
        let mut signal = vec![0.0; SHAPE.samples];
        group.bench_function(format!("{method:?}"), |bencher| {
            bencher.iter(|| inverter.invert(black_box(&magnitudes), &mut signal, &mut scratch))
        });
    }
}

fn stream(criterion: &mut Criterion) {
    let config = InversionConfig::default();
    let magnitudes = magnitudes(&Inverter::new(SHAPE, ChannelLayout::Mono, &config).expect("the shape is ordinary"));
    let mut live = LivePghi::new(SHAPE.n_fft, SHAPE.win_length, SHAPE.hop, ChannelLayout::Mono, 0).expect("as above");
    let (mut frames, mut out) = (magnitudes.chunks_exact(SHAPE.bins()).cycle(), vec![0.0; SHAPE.hop]);
    criterion.bench_function("a frame of the stream", |bencher| {
        bencher.iter(|| frames.next().map(|frame| live.push(black_box(frame), &mut out)))
    });
}

criterion_group!(benches, methods, stream);
criterion_main!(benches);

//! One beat of the founding work (130 BPM, 44.1 kHz, stereo, 256 × 256 × 4) on one thread: there, back, and scaled,
//! beside the windowed FFTs alone.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench representation`

#![expect(clippy::expect_used, reason = "a bench may stop where it likes")]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_spectral::{Coding, Law, RepresentationConfig, Scaling, Scratch};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use realfft::RealFftPlanner;
use std::hint::black_box;

/// A beat of noise: no value is special, so none is faster than another.
fn beat() -> Vec<f32> {
    let mut rng = Seeds::new(0).stream("beat", 0);
    (0..2 * Bpm::FOUNDING.beat_frames(SampleRate::CD)).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn representation(criterion: &mut Criterion) {
    let slice = beat();
    let representation =
        RepresentationConfig::default().build(slice.len() / 2, SampleRate::CD, 2).expect("the default fits a beat");
    let tensor = representation.tensor_of(&slice).expect("a beat is finite");
    let (mut out, mut back, mut scratch) = (tensor.clone(), slice.clone(), Scratch::new());
    criterion.bench_function("encode", |bencher| {
        bencher.iter(|| representation.encode(black_box(&slice), out.data_mut(), &mut scratch))
    });
    criterion.bench_function("decode", |bencher| {
        bencher.iter(|| representation.decode(black_box(tensor.data()), &mut back, &mut scratch))
    });
    for (name, law) in [("linear", Law::Linear), ("power 0.5", Law::Power { exponent: 0.5 })] {
        let scaling = Scaling { coding: Coding::MidSide, law, reference: 100.0 };
        let (shape, copy) = (tensor.shape(), || tensor.data().to_vec());
        criterion.bench_function(&format!("scale, mid/side, {name}"), |bencher| {
            bencher.iter_batched_ref(copy, |data| scaling.apply(data, shape), BatchSize::SmallInput)
        });
        criterion.bench_function(&format!("unscale, mid/side, {name}"), |bencher| {
            bencher.iter_batched_ref(copy, |data| scaling.invert(data, shape), BatchSize::SmallInput)
        });
    }
}

/// The floor that other libraries start from: 512 windowed real FFTs of 512 samples, their results left where they are.
fn windowed_ffts(criterion: &mut Criterion) {
    let slice = beat();
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(512);
    let (mut frame, mut spectrum, mut scratch) = (fft.make_input_vec(), fft.make_output_vec(), fft.make_scratch_vec());
    let window: Vec<f32> = (0..512).map(|i| (std::f32::consts::PI * i as f32 / 512.0).sin().powi(2)).collect();
    criterion.bench_function("windowed FFTs alone", |bencher| {
        bencher.iter(|| {
            for start in (0..512).map(|index| index * 78) {
                for ((to, from), weight) in frame.iter_mut().zip(&slice[start..start + 512]).zip(&window) {
                    *to = from * weight;
                }
                fft.process_with_scratch(&mut frame, &mut spectrum, &mut scratch).expect("the buffers fit");
                black_box(&spectrum);
            }
        })
    });
}

criterion_group!(benches, representation, windowed_ffts);
criterion_main!(benches);

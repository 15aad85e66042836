//! How fast slices are read and batches made, on one thread.

use adm_core::{Bpm, SampleRate, Seconds, Seeds, Silent};
use adm_dataset::stream::{BatchMaker, Order};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, Split, prepare};
use adm_spectral::{Coding, Law, RepresentationConfig, Scaling, StereoComplexConfig};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const SLICES: usize = 512;
/// At 126 BPM a beat lasts exactly this many frames.
const BEAT: usize = 21_000;
const BATCH: usize = 16;

/// Half a thousand beats of a decaying tone with noise.
fn make_dataset(dir: &Path) -> Result<Dataset, Box<dyn Error>> {
    let (path, output) = (dir.join("set.wav"), dir.join("dataset"));
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(&path, spec)?;
    let mut state = 1u32;
    for at in 0..SLICES * BEAT * 2 {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let t = (at / 2 % BEAT) as f32 / 44_100.0;
        writer.write_sample(((-9.0 * t).exp() * (380.0 * t).sin() * 20_000.0) as i16 + (state >> 22) as i16)?;
    }
    writer.finalize()?;
    let grid = GridChoice::Fixed { bpm: Bpm::new(126.0)?, offset: Seconds(0.0) };
    let slicing = Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid };
    prepare(&PrepareSettings { slicing, ..PrepareSettings::new(vec![path], output.clone()) }, &Silent)?;
    Ok(Dataset::open(&output)?)
}

fn maker(dataset: &Arc<Dataset>, bins: usize) -> Result<BatchMaker, Box<dyn Error>> {
    let config = RepresentationConfig::StereoComplex(StereoComplexConfig { bins, frames: bins, ..Default::default() });
    let representation = config.build(dataset.slice_frames(), SampleRate::CD, 2)?;
    let scaling = Scaling { coding: Coding::MidSide, law: Law::Power { exponent: 0.5 }, reference: 20.0 };
    Ok(BatchMaker::new(Arc::clone(dataset), representation, Some(scaling))?)
}

fn bench(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let dataset = Arc::new(make_dataset(dir.path()).expect("a dataset"));
    let order = Order::new(dataset.indices(Split::Train), Seeds::new(1)).expect("some slices");
    let mut slice = vec![0.0; dataset.slice_samples()];
    let mut step = 0;
    let mut group = criterion.benchmark_group("slices");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("read 16", |bencher| {
        bencher.iter(|| {
            step += 1;
            order.indices_of(step, BATCH).iter().try_for_each(|&index| dataset.read_f32(index, black_box(&mut slice)))
        });
    });
    for bins in [256, 128] {
        let maker = maker(&dataset, bins).expect("a representation that fits");
        group.bench_function(format!("tensors of 16, {bins} bins"), |bencher| {
            bencher.iter(|| {
                step += 1;
                maker.make(black_box(order.indices_of(step, BATCH)))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

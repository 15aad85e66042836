//! How fast slices are read and batches made, on one thread.

use adm_core::Seeds;
use adm_core::{SampleRate, Seconds};
use adm_dataset::manifest::{FORMAT, MANIFEST_FILE, Manifest, Passage, RecordingRow, SLICES_FILE, VERSION};
use adm_dataset::npy::SliceWriter;
use adm_dataset::splits::{Span, SplitRule, Splits};
use adm_dataset::stream::{BatchMaker, Order};
use adm_dataset::{Dataset, Slicing, Split};
use adm_spectral::{Coding, Law, RepresentationConfig, Scaling};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const SLICES: usize = 512;
const FRAMES: usize = 20_354;
const BATCH: usize = 16;

/// Half a thousand beats of a decaying tone with noise.
fn make_dataset(dir: &Path) -> Result<Dataset, Box<dyn Error>> {
    let mut writer = SliceWriter::create(&dir.join(SLICES_FILE), FRAMES, 2)?;
    let mut hasher = blake3::Hasher::new();
    for slice in 0..SLICES as u32 {
        let mut state = slice.wrapping_mul(2_654_435_761) | 1;
        let samples: Vec<i16> = (0..FRAMES * 2)
            .map(|at| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                let t = (at / 2) as f32 / 44_100.0;
                ((-9.0 * t).exp() * (380.0 * t).sin() * 20_000.0) as i16 + (state >> 22) as i16
            })
            .collect();
        hasher.update(bytemuck::cast_slice(&samples));
        writer.append(&samples)?;
    }
    writer.finish()?;
    describe(hasher.finalize().to_hex().to_string()).save(&dir.join(MANIFEST_FILE))?;
    Ok(Dataset::open(dir)?)
}

fn describe(samples: String) -> Manifest {
    let spans = (0..SLICES as u64).map(|k| Span { start: k * FRAMES as u64, end: (k + 1) * FRAMES as u64 }).collect();
    let end = Seconds((SLICES * FRAMES) as f64 / 44_100.0);
    let row = RecordingRow {
        path: "synthesised".to_owned(),
        content: samples.clone(),
        samples,
        duration: end,
        grid: None,
        slices: 0..SLICES,
        kept: SLICES,
        left_out: BTreeMap::new(),
        passages: vec![Passage { position: 0, slices: SLICES, start: Seconds(0.0), end }],
        skipped: Vec::new(),
        warnings: Vec::new(),
    };
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        fingerprint: String::new(),
        sample_rate: SampleRate::CD,
        channels: 2,
        slice_frames: FRAMES,
        slices: SLICES,
        slicing: Slicing::FOUNDING,
        recordings: vec![row],
        failed: Vec::new(),
        duplicates: Vec::new(),
        splits: Splits::assign(&[spans], SampleRate::CD, SplitRule::default()),
    };
    manifest.fingerprint = manifest.expected_fingerprint();
    manifest
}

fn bench(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let dataset = Arc::new(make_dataset(dir.path()).unwrap_or_else(|error| panic!("{error}")));
    let order = Order::new(dataset.indices(Split::Train), Seeds::new(1)).unwrap_or_else(|| panic!("no slices"));
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
    for (bins, name) in [(256, "tensors of 16, 256 bins"), (128, "tensors of 16, 128 bins")] {
        let config: RepresentationConfig =
            serde_json::from_value(serde_json::json!({"name": "stereo-complex", "bins": bins, "frames": bins}))
                .unwrap_or_else(|error| panic!("{error}"));
        let built = config.build(FRAMES, SampleRate::CD, 2).unwrap_or_else(|error| panic!("{error}"));
        let scaling = Scaling { coding: Coding::MidSide, law: Law::Power { exponent: 0.5 }, reference: 20.0 };
        let maker = BatchMaker::new(Arc::clone(&dataset), built, scaling).unwrap_or_else(|error| panic!("{error}"));
        group.bench_function(name, |bencher| {
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

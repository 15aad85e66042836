//! How many seconds of audio one core gets through a second, stage by stage.
//!
//! ```text
//! cargo bench --manifest-path benches/Cargo.toml --bench decode
//! ```
//!
//! Throughput is counted in frames: at 44,100 Hz, 44.1 Melem/s are 1,000 times real time. The recordings are made here (a
//! kick every beat over noise) or are the golden files of the tests.

use adm_audio::{
    Decoder, GridRequest, Meter, OpenSettings, Placement, Resampler, Search, Slicer, Source, Span, WavFormat,
    WavWriter, grid, open, read_all, spans_of_grid, spans_of_windows,
};
use adm_core::seeds::RngExt;
use adm_core::{Bpm, Frames, SampleRate, Seconds, Seeds, Silent};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use std::f32::consts::TAU;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// Length of the recordings that are made here.
const SECONDS: usize = 60;
const RATE: SampleRate = SampleRate::CD;

/// A stereo recording at 130 BPM, interleaved.
fn recording(rate: SampleRate) -> Vec<f32> {
    let mut random = Seeds::new(1).stream("bench", 0);
    let beat = Bpm::FOUNDING.beat_frames(rate);
    let frame = |n: usize| {
        let t = (n % beat) as f32 / rate.hz() as f32;
        let kick = 0.7 * (TAU * 55.0 * t).sin() * (-8.0 * t).exp();
        [kick + random.random_range(-0.05..0.05), kick + random.random_range(-0.05..0.05)]
    };
    (0..SECONDS * rate.hz() as usize).flat_map(frame).collect()
}

fn write(folder: &Path, rate: SampleRate, format: WavFormat) -> PathBuf {
    let path = folder.join(format!("{rate}-{format:?}.wav"));
    let mut writer = WavWriter::create(&path, rate, 2, format).expect("a temporary folder takes files");
    writer.write(&recording(rate)).expect("samples are finite");
    writer.finish().expect("the disk is not full");
    path
}

/// Reads a source to its end, block by block, and returns its frames.
fn drain(source: &mut dyn Source, mut take: impl FnMut(&[f32])) -> u64 {
    let (mut block, mut frames) = (Vec::new(), 0);
    loop {
        block.clear();
        match source.read(&mut block).expect("the recording is whole") {
            0 => return frames,
            count => frames += count as u64,
        }
        take(&block);
    }
}

fn group<'a>(criterion: &'a mut Criterion, name: &str, frames: u64) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(frames)).sample_size(10);
    group
}

fn decode(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut wav = group(criterion, "decode", (SECONDS * 44_100) as u64);
    for format in [WavFormat::Pcm16, WavFormat::Pcm24, WavFormat::Float32] {
        let path = write(folder.path(), RATE, format);
        wav.bench_function(format!("WAV {format:?}"), |bench| {
            bench.iter(|| drain(&mut Decoder::open(&path).expect("a recording"), |block| _ = black_box(block)));
        });
    }
    wav.finish();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/adm-audio/tests/golden");
    for (name, frames) in [("chirp.flac", 22_050), ("lame.mp3", 44_100), ("chirp.ogg", 44_100), ("chirp.m4a", 44_100)] {
        group(criterion, "decode, with opening", frames).bench_function(name, |bench| {
            bench.iter(|| read_all(&mut Decoder::open(&golden.join(name)).expect("a recording")));
        });
    }
}

/// A recording in memory.
struct Memory {
    rate: SampleRate,
    samples: Vec<f32>,
    at: usize,
}

impl Source for Memory {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        2
    }
    fn duration_hint(&self) -> Option<Frames> {
        Some(Frames(self.samples.len() as u64 / 2))
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, adm_audio::AudioError> {
        let end = (self.at + 8192).min(self.samples.len());
        into.extend_from_slice(&self.samples[self.at..end]);
        let frames = (end - self.at) / 2;
        self.at = end;
        Ok(frames)
    }
}

fn stages(criterion: &mut Criterion) {
    let samples = recording(RATE);
    let memory =
        |rate: u32| Memory { rate: SampleRate::new(rate).expect("a usual rate"), samples: samples.clone(), at: 0 };
    let mut stages = group(criterion, "stage", samples.len() as u64 / 2);
    for from in [48_000, 96_000] {
        stages.bench_function(format!("resample {from} to 44100"), |bench| {
            bench.iter_with_setup(
                || Resampler::new(memory(from), RATE).expect("usual rates"),
                |mut source| drain(&mut source, |block| _ = black_box(block)),
            );
        });
    }
    stages.bench_function("grid", |bench| {
        bench.iter_with_setup(
            || memory(44_100),
            |mut source| grid::find(&mut source, &GridRequest::Auto(Search::default()), &Silent),
        );
    });
    stages.bench_function("loudness", |bench| {
        bench.iter(|| {
            let mut meter = Meter::new(2, RATE).expect("stereo");
            samples.chunks(8192).for_each(|block| meter.add(block).expect("whole frames"));
            meter.loudness()
        });
    });
    stages.bench_function("slice into beats", |bench| {
        bench.iter(|| cut(&samples, Placement::new(20_354, RATE), beats().into_iter()));
    });
    stages.bench_function("slice into windows of 4.05 s every 136.55 ms", |bench| {
        let spans = || spans_of_windows(Seconds(4.05), Seconds(0.136_55), RATE, Frames(samples.len() as u64 / 2));
        bench.iter(|| cut(&samples, Placement::new(178_605, RATE), spans()));
    });
}

fn beats() -> Vec<Span> {
    let grid = adm_audio::Grid::fixed(Bpm::FOUNDING, Seconds(0.0), Seconds(SECONDS as f64));
    spans_of_grid(&grid, RATE, 1, Frames(u64::MAX)).collect()
}

fn cut(samples: &[f32], placement: Placement, spans: impl Iterator<Item = Span>) -> usize {
    let mut kept = 0;
    let mut slicer = Slicer::new(spans, placement, 2);
    samples.chunks(8192).for_each(|block| slicer.push(block, &mut |slice| kept += black_box(slice.samples).len()));
    slicer.finish(&mut |slice| kept += slice.samples.len());
    kept
}

fn chain(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for rate in [44_100, 48_000] {
        let rate = SampleRate::new(rate).expect("a usual rate");
        let path = write(folder.path(), rate, WavFormat::Pcm16);
        let settings = OpenSettings { rate: RATE, channels: None };
        let mut chain = group(criterion, "whole chain", (SECONDS * 44_100) as u64);
        chain.bench_function(format!("WAV of {rate}: grid, then slices"), |bench| {
            bench.iter(|| {
                let mut source = open(&path, settings).expect("a recording");
                let grid = grid::find(&mut *source, &GridRequest::Auto(Search::default()), &Silent).expect("a beat");
                let spans = spans_of_grid(&grid, RATE, 1, Frames(u64::MAX));
                let (mut slicer, mut kept) = (Slicer::new(spans, Placement::new(20_354, RATE), 2), 0);
                drain(&mut *open(&path, settings).expect("a recording"), |block| {
                    slicer.push(block, &mut |slice| kept += black_box(slice.samples).len());
                });
                kept
            });
        });
    }
}

criterion_group!(benches, decode, stages, chain);
criterion_main!(benches);

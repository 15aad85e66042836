//! How many seconds of a set one core follows the beat of in a second.
//!
//! ```text
//! cargo bench --manifest-path benches/Cargo.toml --bench grid
//! ```
//!
//! Throughput is counted in seconds of audio: 1 Kelem/s is 1,000 times real time. The set is a minute of adm-synth's house in
//! memory, without a decoder.

use adm_audio::grid::{self, Search};
use adm_audio::{AudioError, GridRequest, Source};
use adm_core::{Frames, SampleRate, Seconds, Silent};
use adm_synth::{DjSet, SetSettings};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SECONDS: u64 = 60;
const CHANNELS: usize = 2;

/// A stereo recording in memory.
struct Memory<'a> {
    rate: SampleRate,
    samples: &'a [f32],
}

impl Source for Memory<'_> {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        CHANNELS
    }
    fn duration_hint(&self) -> Option<Frames> {
        Some(Frames((self.samples.len() / CHANNELS) as u64))
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let (block, rest) = self.samples.split_at(self.samples.len().min(8192));
        into.extend_from_slice(block);
        self.samples = rest;
        Ok(block.len() / CHANNELS)
    }
}

fn set(rate: SampleRate) -> Vec<f32> {
    let settings = SetSettings { rate, duration: Seconds(SECONDS as f64), ..SetSettings::default() };
    let set = DjSet::new(settings).expect("a minute has room for a track");
    let (mut renderer, mut samples) = (set.render(), Vec::new());
    while let Some(block) = renderer.next_block().expect("a usual rate") {
        samples.extend_from_slice(block);
    }
    samples
}

fn find(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("grid::find");
    group.throughput(Throughput::Elements(SECONDS)).sample_size(20);
    for hz in [22_050, 44_100, 48_000, 96_000] {
        let rate = SampleRate::new(hz).expect("a usual rate");
        let samples = set(rate);
        let request = GridRequest::Auto(Search::default());
        group.bench_function(format!("{hz} Hz"), |bench| {
            bench.iter(|| grid::find(&mut Memory { rate, samples: &samples }, &request, &Silent).expect("a beat"));
        });
    }
}

criterion_group!(benches, find);
criterion_main!(benches);

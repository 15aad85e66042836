//! How many seconds of a set one core follows the beat of in a second.
//!
//! ```text
//! cargo bench --manifest-path benches/Cargo.toml --bench grid
//! ```
//!
//! Throughput is counted in seconds of audio: 1 Kelem/s is 1,000 times real time. The set is a minute of adm-synth's house in
//! memory, without a decoder.

#[path = "../../crates/adm-synth/tests/beat_grid/recording.rs"]
mod recording;

use adm_core::{SampleRate, Seconds};
use adm_synth::SetSettings;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use recording::Recording;

const SECONDS: u64 = 60;

fn find(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("grid::find");
    group.throughput(Throughput::Elements(SECONDS)).sample_size(20);
    for hz in [22_050, 44_100, 48_000, 96_000] {
        let rate = SampleRate::new(hz).expect("a usual rate");
        let (set, _) = Recording::of(SetSettings { rate, duration: Seconds(SECONDS as f64), ..SetSettings::default() });
        group.bench_function(format!("{hz} Hz"), |bench| {
            bench.iter_batched(|| set.clone(), |set| set.grid().expect("a beat"), BatchSize::LargeInput);
        });
    }
}

criterion_group!(benches, find);
criterion_main!(benches);

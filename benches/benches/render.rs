//! How many times faster than real time a rendering is, on one thread.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench render`. A minute of stereo at 44.1 kHz is rendered, so a time of 600 ms is a hundred times real time.

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds, Silent};
use adm_render::{
    Crossfade, Master, MasterSettings, Material, RenderError, RenderSettings, Stitcher, Timeline, Walk, WalkSettings,
    render,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::convert::Infallible;
use std::hint::black_box;

const BEATS: u64 = 130;

fn timeline() -> Option<Timeline> {
    Timeline::new(Bpm::FOUNDING, SampleRate::CD, BEATS).ok()
}

/// A beat whose peaks stand `crest` times above its hiss.
fn beat(crest: f32) -> Vec<f32> {
    let mut rng = Seeds::new(1).stream("bench", 0);
    let thump = |frame: usize| crest * (frame as f32 * 0.05).cos() * (-(frame as f32) / 300.0).exp();
    (0..20_354).flat_map(|frame| [0.1 * (thump(frame) + rng.random_range(-1.0f32..1.0)); 2]).collect()
}

fn stitch(criterion: &mut Criterion) {
    let (Some(timeline), beat) = (timeline(), Material::from(beat(8.0))) else { return };
    criterion.bench_function("stitch a minute", |bencher| {
        bencher.iter(|| {
            let mut stitcher = Stitcher::new(timeline.rate(), 2, Crossfade::default())?;
            for slot in 0..BEATS {
                black_box(stitcher.push(&beat, timeline.slot_frames(slot))?);
            }
            black_box(stitcher.finish());
            Ok::<_, RenderError>(())
        });
    });
}

fn master(criterion: &mut Criterion) {
    let folder = std::env::temp_dir();
    for (name, crest) in [("master a minute, nothing to limit", 2.0), ("master a minute, peaks to limit", 12.0)] {
        let beat = beat(crest);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut master = Master::new(SampleRate::CD, 2, MasterSettings::default(), &folder)?;
                for _ in 0..BEATS {
                    master.push(&beat)?;
                }
                master.finish(&Silent, |block| {
                    black_box(block);
                    Ok(())
                })
            });
        });
    }
}

fn whole(criterion: &mut Criterion) {
    let Some(timeline) = timeline() else { return };
    let path = std::env::temp_dir().join(format!("adm-bench-{}.wav", std::process::id()));
    for (name, crest) in [("render a minute, nothing to limit", 2.0), ("render a minute, peaks to limit", 12.0)] {
        let beat = Material::from(beat(crest));
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let beats = (0..BEATS).map(|_| Ok::<_, Infallible>(&beat));
                render(&path, timeline, beats, &RenderSettings::default(), &Silent)
            });
        });
    }
    let _gone = std::fs::remove_file(path);
}

fn walk(criterion: &mut Criterion) {
    let Ok(walk) = Walk::new(128, WalkSettings::default(), Seeds::new(1)) else { return };
    criterion.bench_function("one latent of 128 axes", |bencher| bencher.iter(|| walk.latent(black_box(77))));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = stitch, master, whole, walk
}
criterion_main!(benches);

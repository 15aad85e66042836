//! Every preset of diffusion models, shrunk: learns, checkpoints, resumes bit-exactly, generates; and what is refused.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod pulses;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Seeds, Silent};
use adm_dataset::Dataset;
use adm_models::diffusion::{
    DiffusionConfig, DiffusionTrainee, PRESETS, Repaint, Repainter, Resolved, SamplingWish, load, made_up, normals,
};
use adm_models::labels::{Label, Labels};
use adm_models::{BeatTrainee, Onlookers, Sampler};
use adm_train::{Batches, Budget, Judgement, RunDir, Schedule, StepContext, Summary, Trainee, train};
use burn::tensor::Device;
use pulses::dataset;

/// A preset with its own schedule, objective and sampling, at a size for tests. Its sides are no multiples of what levels divide by.
fn shrunk(name: &str, others: &[&str]) -> DiffusionConfig {
    let small = [
        "sample_rate=8000",
        "seed=7",
        "representation.bins=46",
        "representation.frames=62",
        "network.widths=[8, 12]",
        "network.groups=4",
        "network.embedding=16",
        "network.blocks=1",
        "training.batch=4",
        "training.judge_steps=2",
        "sampling.steps=3",
        "optimizer.rate=0.002",
    ];
    let settings: Vec<String> = small.iter().chain(others).map(|&text| text.to_owned()).collect();
    let full = load(name, &[]).unwrap();
    let heads = format!("network.heads={}", full.network.heads.min(2));
    load(name, &settings.into_iter().chain([heads]).collect::<Vec<_>>()).unwrap()
}

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 4, patience: 0, keep: 2 };

/// Tokens of a made-up book of five, one of which no slice is, in a bar of four.
fn labels(data: &Dataset) -> Labels {
    Labels {
        token_of: (0..data.len() as u32).map(|slice| slice / 3 % 4).collect(),
        position_of: (0..data.len()).map(|slice| (slice % 4) as u8).collect(),
        tokens: 5,
        book: "book".into(),
        dataset: data.manifest().fingerprint.clone(),
    }
}

/// A trainee, told labels where it wants some.
fn trainee(config: &DiffusionConfig, data: &Dataset) -> DiffusionTrainee {
    let labels = config.condition.map(|_| labels(data));
    DiffusionTrainee::new(config.clone(), data, labels, &Device::flex()).unwrap()
}

/// Trains to `steps` in `run`, starting or continuing it; the judge prefers what is quiet.
fn train_to(steps: u64, config: &DiffusionConfig, data: &Arc<Dataset>, root: &Path) -> Summary {
    let loudness = |slices: &[Vec<f32>]| {
        assert_eq!(slices.len(), 256);
        Judgement::from(f64::from(slices.iter().flatten().map(|sample| sample * sample).sum::<f32>()))
    };
    let onlookers = Onlookers { judge: Some(Box::new(loudness)), write_preview: None };
    let mut trainee = trainee(config, data).with_onlookers(onlookers);
    let run = match RunDir::open(root) {
        Ok(run) => run,
        Err(_) => RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
    };
    let plan = trainee.batch_plan(data.clone());
    let budget = Budget { steps: Some(steps), minutes: None };
    train(&mut trainee, |first| plan.open(first), &run, &SCHEDULE, budget, &Silent).unwrap()
}

fn checkpoint(root: &Path, step: u64) -> Vec<Vec<u8>> {
    let folder = root.join(format!("checkpoints/step-{step:08}"));
    let files = ["network.safetensors", "network-adam.safetensors", "network-average.safetensors"];
    files.map(|file| fs::read(folder.join(file)).unwrap()).into()
}

fn slices(root: &Path, seed: u64) -> Vec<Vec<f32>> {
    let sampler = Sampler::open(&RunDir::open(root).unwrap(), &Device::flex()).unwrap();
    sampler.random(2, Seeds::new(seed), "test").unwrap()
}

#[test]
fn every_preset_resumes_bit_exactly_and_generates_by_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    for (name, _) in PRESETS {
        let config = shrunk(name, &[]);
        let (straight, broken) = (folder.path().join(format!("{name}-a")), folder.path().join(format!("{name}-b")));
        let summary = train_to(4, &config, &data, &straight);
        assert!(summary.best.is_some_and(f64::is_finite), "{name}: {summary:?}");
        train_to(2, &config, &data, &broken);
        train_to(4, &config, &data, &broken);
        assert!(checkpoint(&straight, 4) == checkpoint(&broken, 4), "{name}: 2 + 2 steps differ from 4");
        let [first, second] = slices(&straight, 1).try_into().unwrap();
        assert_eq!((first.len(), second.len()), (data.slice_samples(), data.slice_samples()), "{name}");
        assert!(first.iter().all(|sample| sample.is_finite()) && first != second, "{name}");
        assert_eq!(slices(&broken, 1), [first, second], "{name}");
        assert_ne!(slices(&straight, 1), slices(&straight, 2), "{name}");
        let resolved = Resolved::load(&RunDir::open(&straight).unwrap().config()).unwrap();
        assert_eq!(resolved.diffusion.noise, config.noise, "{name}");
        assert_eq!(resolved.frontend().unwrap().shape().bins, 46, "{name}");
    }
}

#[test]
fn a_run_that_is_told_tokens_is_guided_to_them_and_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let root = folder.path().join("conditional");
    train_to(4, &shrunk("conditional", &["optimizer.rate=0.02"]), &data, &root);
    let run = RunDir::open(&root).unwrap();
    let made = |guidance: Option<f64>, token: u32| {
        let wish = SamplingWish { guidance, steps: Some(2) };
        let sampler = Sampler::open_wishing(&run, &Device::flex(), wish).unwrap();
        assert!(sampler.condition().is_some() && sampler.tells_positions());
        let noise = normals(Seeds::new(1), "test", 0, sampler.latent_length());
        sampler.slices_of(&[noise], &[Label { token, position: 0 }]).unwrap()
    };
    assert_ne!(made(Some(1.0), 0), made(Some(1.0), 2));
    assert_ne!(made(Some(1.0), 0), made(Some(3.0), 0));
    assert_eq!(made(Some(0.0), 0), made(Some(0.0), 2), "labels are ignored");
    assert_eq!(made(Some(1.5), 0), made(None, 0), "the preset's own");
    let plain = folder.path().join("plain");
    train_to(2, &shrunk("ddpm", &[]), &data, &plain);
    let plain = RunDir::open(&plain).unwrap();
    let wish = |steps, guidance| {
        let wish = SamplingWish { steps, guidance };
        Sampler::open_wishing(&plain, &Device::flex(), wish).err().map(|error| error.to_string())
    };
    let refused = "this run is told no tokens: there is nothing that --guidance could lead to";
    assert_eq!(wish(None, Some(2.0)).as_deref(), Some(refused));
    assert_eq!(wish(Some(0), None).as_deref(), Some("sampling.steps must be between 1 and 10000, got 0"));
    assert_eq!(wish(Some(7), None), None);
}

#[test]
fn a_region_of_a_beat_is_made_anew_and_the_rest_keeps_every_sample() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let root = folder.path().join("run");
    train_to(4, &shrunk("ddpm", &[]), &data, &root);
    let run = RunDir::open(&root).unwrap();
    let sampler = Repainter::open(&run, &Device::flex(), SamplingWish::default()).unwrap();
    let length = sampler.painter().shape().size();
    let mut slice = vec![0.0; data.slice_samples()];
    data.read_f32(3, &mut slice).unwrap();
    let made = |region: std::ops::Range<f64>, seed: u64| {
        let noise = normals(Seeds::new(seed), "test", 0, length);
        sampler.repainted(&slice, &Repaint { region, times: 2 }, &noise).unwrap()
    };
    let one = made(0.25..0.75, 1);
    let [start, end] = [slice.len() / 4, slice.len() * 3 / 4];
    assert!(one[..start] == slice[..start] && one[end..] == slice[end..] && one[start..end] != slice[start..end]);
    assert_eq!(one, made(0.25..0.75, 1));
    assert_ne!(one, made(0.25..0.75, 2));
    // At an edge nothing jumps: what is made comes in and goes out over 5 ms, which are forty frames.
    let peak = one.iter().chain(&slice).fold(0.0f32, |most, sample| most.max(sample.abs()));
    let jump = |samples: &[f32], at: usize| samples[at] - samples[at - 2];
    for edge in [start, end] {
        let off = (jump(&one, edge) - jump(&slice, edge)).abs();
        assert!(off <= 2.0 * peak / 40.0, "{off} at {edge}, of {peak}");
    }
    assert!(made(0.0..1.0, 1) != slice, "all of it may be made anew");
    let noise = normals(Seeds::new(1), "test", 0, length);
    for (region, samples, message) in [
        (0.5..0.5, slice.len(), "the region must be from 0 to 1 and longer than nothing, got 0.5 to 0.5"),
        (0.5..1.5, slice.len(), "the region must be from 0 to 1 and longer than nothing, got 0.5 to 1.5"),
        (0.0..0.5, 8, "a slice must be 4000 samples long, got 8"),
    ] {
        let error = sampler.repainted(&slice[..samples], &Repaint { region, times: 1 }, &noise).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let repaint = Repaint { region: 0.0..0.5, times: 0 };
    let error = sampler.repainted(&slice, &repaint, &noise).unwrap_err().to_string();
    assert_eq!(error, "the times that each stride is taken must be between 1 and 100, got 0");
}

#[test]
fn the_loss_falls_on_what_can_be_learned() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    for (name, _) in PRESETS {
        let config = shrunk(name, &["optimizer.rate=0.005"]);
        let mut trainee = trainee(&config, &data);
        let mut batches = trainee.batch_plan(data.clone()).open(0).unwrap();
        let losses: Vec<f64> = (0..60)
            .map(|step| trainee.step(StepContext { step, measure: true }, batches.next().unwrap()).unwrap()[0])
            .collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (early, late) = (mean(&losses[..10]), mean(&losses[50..]));
        assert!(late < 0.8 * early, "{name}: from {early} to {late}");
    }
}

#[test]
fn made_up_beats_have_the_shape_of_real_ones_and_can_be_trained_on() {
    for (name, _) in PRESETS {
        let config = shrunk(name, &[]);
        let (mut trainee, made_up) = made_up(&config, &Device::flex()).unwrap();
        assert_eq!((made_up.rate().hz(), made_up.slices()[0].len()), (8_000, 2 * 3_692), "{name}");
        let batch = made_up.batches().unwrap().next().unwrap();
        assert_eq!((batch.indices.len(), batch.values.len()), (4, 4 * batch.shape.size()));
        let values = trainee.step(StepContext { step: 0, measure: true }, batch).unwrap();
        assert!(values.len() == 2 && values.iter().all(|value| value.is_finite()), "{values:?}");
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    for (setting, message) in [
        ("family=\"gan\"", "family must be diffusion, got gan"),
        ("network.patch=3", "network.patch must be 1, 2, 4 or 8, got 3"),
        ("network.widths=[]", "network.widths must be 1 to 8 counts of 1 to 4096, got []"),
        ("network.widths=[4096, 4096, 4096, 4096]", "network.widths must be narrow enough for 1073741824 weights"),
        ("network.blocks=0", "network.blocks must be between 1 and 8, got 0"),
        ("network.groups=5", "network.groups must be a divisor of each of [32, 64, 96], got 5"),
        ("network.heads=7", "network.heads must be 0 or a divisor of 96, got 7"),
        ("network.embedding=5", "network.embedding must be even, got 5"),
        ("condition={forget=1.0}", "condition.forget must be between 0 and 0.9, got 1"),
        ("noise.steps=0", "noise.steps must be between 1 and 10000, got 0"),
        ("noise.gain=0.0", "noise.gain must be between 0.01 and 100, got 0"),
        ("noise.schedule={name=\"linear\", first=0.0, last=0.02}", "noise.schedule.first must be between 0.000000001"),
        ("noise.schedule={name=\"cosine\", offset=2.0}", "noise.schedule.offset must be between 0.000001 and 1, got 2"),
        ("objective.min_snr=-1", "objective.min_snr must be between 0 and 1000000, got -1"),
        ("sampling.steps=0", "sampling.steps must be between 1 and 10000, got 0"),
        ("sampling.guidance=-1.0", "sampling.guidance must be between 0 and 100, got -1"),
        ("optimizer.rate=2.0", "optimizer.rate must be between 0 and 1, got 2"),
        ("optimizer.clip=0.0", "optimizer.clip must be between 0.000001 and 1000000, got 0"),
        ("training.batch=0", "training.batch must be between 1 and 4096, got 0"),
        ("training.ema=1.0", "training.ema must be between 0 and 0.999999, got 1"),
        ("training.judge_steps=0", "training.judge_steps must be between 1 and 10000, got 0"),
        ("training.minutes=-1.0", "training.minutes must be between 0 and 10000000, got -1"),
    ] {
        let error = load("ddpm", &[setting.to_owned()]).unwrap_err().to_string();
        assert!(error.starts_with(message), "{setting}: {error}");
    }
    assert!(load("ddpm", &["network.width=3".to_owned()]).is_err(), "an unknown key");
}

#[test]
fn more_levels_than_a_tensor_has_sides_for_are_refused() {
    let config = shrunk("ddpm", &["network.widths=[8, 8, 8, 8, 8, 8, 8]"]);
    let error = made_up(&config, &Device::flex()).err().unwrap().to_string();
    assert_eq!(error, "network.widths must be few enough for 46 bins and 62 frames, got 7 levels");
    let large = ["network.widths=[8]", "network.patch=1", "representation.bins=256", "representation.frames=256"];
    let error = made_up(&shrunk("ddpm", &large), &Device::flex()).err().unwrap().to_string();
    assert_eq!(error, "network.heads must be 0 where the coarsest level has more than 16384 pixels, got 2");
}

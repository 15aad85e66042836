//! Every preset of diffusion models, shrunk: learns, checkpoints, resumes bit-exactly, generates; and what is refused.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Bpm, SampleRate, Seconds, Seeds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use adm_models::diffusion::{DiffusionConfig, DiffusionTrainee, MadeUp, PRESETS, Resolved, Sampler, load};
use adm_train::{Batches, Budget, Judgement, RunDir, Schedule, StepContext, Summary, Trainee, train};
use burn::tensor::Device;

const RATE: u32 = 8_000;

/// Half a minute of pulses over a moving tone, in stereo, sliced at 240 BPM.
fn dataset(folder: &Path) -> Arc<Dataset> {
    let spec =
        hound::WavSpec { channels: 2, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let wav = folder.join("set.wav");
    let mut writer = hound::WavWriter::create(&wav, spec).unwrap();
    for frame in 0..RATE * 30 {
        let time = frame as f32 / RATE as f32;
        let pulse = (-30.0 * (time * 4.0).fract()).exp() * (time * 400.0).sin();
        let tone = 0.3 * (time * (900.0 + 20.0 * time)).sin();
        for sample in [pulse + tone, pulse - tone] {
            writer.write_sample((sample * 12_000.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    let bpm = Bpm::new(240.0).unwrap();
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    let output = folder.join("beats");
    let settings = PrepareSettings {
        slicing: Slicing::Beats { bpm, beats_per_slice: 1, fit: Fit::Place, grid },
        rate: SampleRate::new(RATE).unwrap(),
        ..PrepareSettings::new(vec![wav], output.clone())
    };
    prepare(&settings, &Silent).unwrap();
    Arc::new(Dataset::open(&output).unwrap())
}

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
        "optimizer.warm_up=0",
        "optimizer.rate=0.002",
    ];
    let settings: Vec<String> = small.iter().chain(others).map(|&text| text.to_owned()).collect();
    let full = load(name, &[]).unwrap();
    let heads = format!("network.heads={}", full.network.heads.min(2));
    load(name, &settings.into_iter().chain([heads]).collect::<Vec<_>>()).unwrap()
}

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 4, patience: 0, keep: 2 };

/// Trains to `steps` in `run`, starting or continuing it; the judge prefers what is quiet.
fn train_to(steps: u64, config: &DiffusionConfig, data: &Arc<Dataset>, root: &Path) -> Summary {
    let trainee = DiffusionTrainee::new(config.clone(), data, &Device::flex()).unwrap();
    let loudness = |slices: &[Vec<f32>]| {
        assert_eq!(slices.len(), 256);
        Judgement::from(f64::from(slices.iter().flatten().map(|sample| sample * sample).sum::<f32>()))
    };
    let mut trainee = trainee.with_judge(Box::new(loudness));
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
fn the_loss_falls_on_what_can_be_learned() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    for (name, _) in PRESETS {
        let config = shrunk(name, &["optimizer.rate=0.005"]);
        let mut trainee = DiffusionTrainee::new(config, &data, &Device::flex()).unwrap();
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
        let made_up = MadeUp::new(&config).unwrap();
        assert_eq!((made_up.rate().hz(), made_up.slices()[0].len()), (8_000, 2 * 3_692), "{name}");
        let batch = made_up.batches().unwrap().next().unwrap();
        assert_eq!((batch.indices.len(), batch.values.len()), (4, 4 * batch.shape.size()));
        assert_eq!(batch, made_up.batches().unwrap().next().unwrap(), "a batch is its step alone");
        let mut trainee = made_up.trainee(&Device::flex()).unwrap();
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
    let error = MadeUp::new(&config).unwrap().trainee(&Device::flex()).err().unwrap().to_string();
    assert_eq!(error, "network.widths must be few enough for 46 bins and 62 frames, got 7 levels");
    let large = ["network.widths=[8]", "network.patch=1", "representation.bins=256", "representation.frames=256"];
    let error = MadeUp::new(&shrunk("ddpm", &large)).unwrap().trainee(&Device::flex()).err().unwrap().to_string();
    assert_eq!(error, "network.heads must be 0 where the coarsest level has more than 16384 pixels, got 2");
}

//! Every GAN preset, shrunk: builds, steps, checkpoints, resumes bit-exactly and generates.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Bpm, SampleRate, Seconds, Seeds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use adm_models::ModelError;
use adm_models::gan::{GanConfig, GanTrainee, PRESETS, Sampler, load};
use adm_train::{Budget, RunDir, Schedule, Summary, Trainee, train};
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

/// A preset with its own layers and objective, at a size for tests.
fn shrunk(name: &str) -> GanConfig {
    let full = load(name, &[]).unwrap();
    let thin = |widths: &[usize]| format!("{:?}", widths.iter().map(|width| (width / 32).max(2)).collect::<Vec<_>>());
    let side = 4 << full.generator.widths.len().min(4);
    let settings = [
        "sample_rate=0".to_owned(),
        "seed=7".to_owned(),
        format!("representation.bins={side}"),
        format!("representation.frames={side}"),
        "generator.latent=8".to_owned(),
        format!("generator.widths={}", thin(&full.generator.widths)),
        format!("discriminator.widths={}", thin(&full.discriminator.widths)),
        "training.batch=4".to_owned(),
    ];
    load(name, &settings).unwrap()
}

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 0, patience: 0, keep: 2 };

/// Trains to `steps` in `run`, starting or continuing it.
fn train_to(steps: u64, config: &GanConfig, data: &Arc<Dataset>, root: &Path) -> Summary {
    let mut trainee = GanTrainee::new(config.clone(), data, &Device::flex()).unwrap();
    let run = match RunDir::open(root) {
        Ok(run) => run,
        Err(_) => RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
    };
    let plan = trainee.batch_plan(data.clone());
    let budget = Budget { steps: Some(steps), minutes: None };
    train(&mut trainee, |first| plan.open(first), &run, &SCHEDULE, budget, &Silent).unwrap()
}

fn checkpoint_bytes(root: &Path, step: u64) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(root.join(format!("checkpoints/step-{step:08}")))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "safetensors"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn slices(root: &Path) -> Vec<Vec<f32>> {
    let sampler = Sampler::open(&RunDir::open(root).unwrap(), &Device::flex()).unwrap();
    sampler.random(3, Seeds::new(1), "test").unwrap()
}

#[test]
fn every_preset_learns_resumes_bit_exactly_and_generates() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    for (name, _) in PRESETS {
        let config = shrunk(name);
        let (straight, broken) = (folder.path().join(format!("{name}-a")), folder.path().join(format!("{name}-b")));
        assert_eq!(train_to(4, &config, &data, &straight).step, 4, "{name}");
        train_to(2, &config, &data, &broken);
        train_to(4, &config, &data, &broken);
        let (a, b) = (checkpoint_bytes(&straight, 4), checkpoint_bytes(&broken, 4));
        assert_eq!(a.len(), 5, "{name}: {:?}", a.iter().map(|(file, _)| file).collect::<Vec<_>>());
        for ((file, a), (_, b)) in a.iter().zip(&b) {
            assert!(a == b, "{name}: {file} differs between 2 + 2 and 4 steps");
        }
        let generated = slices(&straight);
        assert_eq!(generated, slices(&broken), "{name}");
        assert!(generated.iter().all(|slice| slice.len() == data.slice_samples()), "{name}");
        assert_ne!(generated[0], generated[1], "{name}: other noise makes another beat");
    }
}

#[test]
fn a_run_s_configuration_reloads_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let trainee = GanTrainee::new(shrunk("cpu"), &data, &Device::flex()).unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, trainee.resolved_config().unwrap()).unwrap();
    let resolved = adm_models::gan::Resolved::load(&path).unwrap();
    assert_eq!(resolved.frontend().unwrap().scaling, trainee.frontend().scaling);
    let again = GanTrainee::new(resolved.gan, &data, &Device::flex()).unwrap();
    assert_eq!(again.resolved_config().unwrap(), trainee.resolved_config().unwrap());
}

#[test]
fn a_damaged_checkpoint_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = (dataset(folder.path()), folder.path().join("run"));
    let config = shrunk("cpu");
    train_to(4, &config, &data, &run);
    let victim = run.join("checkpoints/step-00000004/generator.safetensors");
    let mut bytes = fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&victim, bytes).unwrap();
    let sampler = Sampler::open(&RunDir::open(&run).unwrap(), &Device::flex()).unwrap();
    assert_eq!(sampler.step, 2);
    assert!(sampler.skipped[0].contains("its content has changed"), "{:?}", sampler.skipped);
    assert_eq!(train_to(4, &config, &data, &run).step, 4, "training goes on from the older one");
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let refused = |name: &str, settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        match load(name, &settings) {
            Err(error) => error,
            Ok(config) => match GanTrainee::new(config, &data, &Device::flex()) {
                Err(error) => error,
                Ok(trainee) => trainee.batch_plan(data.clone()).check().unwrap_err(),
            },
        }
    };
    assert!(matches!(refused("cpu", &[]), ModelError::Rate { expected: 22_050, got: 8_000 }));
    assert!(matches!(refused("cpi", &[]), ModelError::UnknownPreset { .. }));
    let sides = ["sample_rate=0", "representation.bins=48", "representation.frames=100"];
    assert!(matches!(refused("cpu", &sides), ModelError::Geometry { .. }));
    let small = ["sample_rate=0", "representation.bins=64", "representation.frames=64", "training.batch=4000"];
    assert!(matches!(refused("cpu", &small), ModelError::TooFew { .. }));
    assert!(matches!(refused("cpu", &["optimizer.generator_rate=-1"]), ModelError::Setting { .. }));
    assert!(matches!(refused("cpu", &["generator.width=[1]"]), ModelError::Config { .. }));
}

#[test]
fn losses_that_are_no_numbers_stop_training() {
    let folder = tempfile::tempdir().unwrap();
    let (data, root) = (dataset(folder.path()), folder.path().join("run"));
    let mut config = shrunk("training-2");
    config.optimizer.generator_rate = 1.0;
    config.optimizer.discriminator_rate = 1.0;
    config.optimizer.epsilon = 1e-30;
    let mut trainee = GanTrainee::new(config, &data, &Device::flex()).unwrap();
    let mut folder_of_checkpoint = fs::create_dir_all(&root).map(|()| root.clone()).unwrap();
    folder_of_checkpoint.push("saved");
    fs::create_dir(&folder_of_checkpoint).unwrap();
    trainee.save(&folder_of_checkpoint).unwrap();
    // Weights at the end of the range, whose products are no numbers.
    let path = folder_of_checkpoint.join("generator.safetensors");
    let mut arrays = adm_train::weights::load(&path).unwrap();
    arrays.values_mut().for_each(|array| array.values.fill(f32::MAX));
    adm_train::weights::save(&arrays, &path).unwrap();
    let not_a_number = adm_train::weights::Array { shape: vec![1], values: vec![f32::NAN] };
    let unsaved = adm_train::weights::save(&[("w".to_owned(), not_a_number)].into(), &path).unwrap_err();
    assert_eq!(unsaved.to_string(), "training diverged: w holds values that are not finite");
    trainee.load(&folder_of_checkpoint).unwrap();
    let run = RunDir::create(&root.join("run"), "x", "{}").unwrap();
    let plan = trainee.batch_plan(data);
    let failed =
        train(&mut trainee, |first| plan.open(first), &run, &SCHEDULE, Budget::default(), &Silent).unwrap_err();
    assert!(matches!(failed, adm_train::TrainError::Diverged { step: 1, .. }), "{failed}");
}

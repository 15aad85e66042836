//! The models of document 002: their size, and that they learn from its windows.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{SampleRate, Seconds, Seeds, Silent};
use adm_dataset::{Dataset, PrepareSettings, Slicing, prepare};
use adm_models::gan::{GanTrainee, Method, NormKind, load, made_up};
use adm_models::noise::NoiseKind;
use adm_models::{BeatTrainee, Sampler};
use adm_spectral::{RepresentationConfig, ValueRange};
use adm_train::{Budget, RunDir, Schedule, train};
use burn::tensor::Device;

/// Name, whether it is of the wide pair, range of the data, noise, epochs (sections 4.1 to 4.4).
const PRESETS: [(&str, bool, ValueRange, NoiseKind, u64); 5] = [
    ("djset-1", true, ValueRange::MinMax, NoiseKind::Normal, 180),
    ("djset-2", true, ValueRange::FullScale, NoiseKind::Normal, 150),
    ("djset-3", false, ValueRange::MinMax, NoiseKind::Normal, 250),
    ("djset-4", false, ValueRange::FullScale, NoiseKind::Normal, 300),
    ("djset-4-uniform", false, ValueRange::FullScale, NoiseKind::Unit, 80),
];

const RATE: u32 = 8_000;

#[test]
fn settings_are_those_of_the_document() {
    for (name, wide, range, noise, epochs) in PRESETS {
        let config = load(name, &[]).unwrap();
        assert_eq!((config.generator.noise, config.generator.latent), (noise, 100), "{name}");
        let (generator, discriminator) = (&config.generator.widths[..], &config.discriminator.widths[..]);
        assert_eq!(generator == [2048, 1024, 512, 256, 128], wide, "{name}");
        assert_eq!(generator == [1024, 512, 256, 128, 64], !wide, "{name}");
        assert_eq!(discriminator == [32, 64, 128, 256, 512], wide, "{name}");
        assert_eq!(discriminator == [16, 32, 64, 128, 256], !wide, "{name}");
        assert_eq!((config.generator.kernel, config.discriminator.kernel), (4, 4), "{name}");
        assert_eq!((config.generator.slope, config.discriminator.slope), (0.0, 0.2), "{name}: ReLU and LeakyReLU");
        assert_eq!((config.discriminator.norm, config.discriminator.dropout), (NormKind::Batch, 0.0), "{name}");
        // Half of the sum of both losses, so twice the rate.
        let rates = (config.optimizer.method, config.optimizer.generator_rate, config.optimizer.discriminator_rate);
        assert_eq!(rates, (Method::Sgd, 0.0002, 0.0004), "{name}");
        assert_eq!(
            (config.training.batch, config.training.epochs, config.training.minutes),
            (100, epochs, 0.0),
            "{name}"
        );
        let RepresentationConfig::Magnitude(magnitude) = &config.representation else { panic!("{name}") };
        assert_eq!((magnitude.bins, magnitude.frames, magnitude.range), (128, 128, range), "{name}");
        assert_eq!(config.sample_rate, RATE, "{name}");
    }
}

#[test]
fn networks_are_as_large_as_the_tables_say() {
    let counts = |name| {
        made_up(&load(name, &[]).unwrap(), &Device::flex())
            .unwrap()
            .0
            .parameter_counts()
            .into_iter()
            .map(|(_, count)| count)
            .collect::<Vec<usize>>()
    };
    // Tables 4.1 and 4.2, a product of inputs, outputs and 4 · 4 a layer.
    let generator = [
        100 * 2048 * 16,  // 3,276,800
        2048 * 1024 * 16, // 33,554,432
        1024 * 512 * 16,  // 8,388,608
        512 * 256 * 16,   // 2,097,152
        256 * 128 * 16,   // 524,288
        128 * 16,         // 2,048
    ];
    assert_eq!(generator.iter().sum::<usize>(), 47_843_328);
    let discriminator = [
        32 * 16,        // 512
        32 * 64 * 16,   // 32,768
        64 * 128 * 16,  // 131,072
        128 * 256 * 16, // 524,288
        256 * 512 * 16, // 2,097,152
        512 * 16,       // 8,192
    ];
    assert_eq!(discriminator.iter().sum::<usize>(), 2_793_984);
    // A bias for every value of the folded noise, where a convolution of the document's would have one a channel, and for every
    // channel of the other layers; two weights and two statistics of batch norm for every channel, from the first layer of the
    // generator and from the second of the discriminator on.
    let beside = [
        2048 * 16 + (1024 + 512 + 256 + 128 + 1) + 4 * (2048 + 1024 + 512 + 256 + 128),
        (32 + 64 + 128 + 256 + 512) + 1 + 4 * (64 + 128 + 256 + 512),
    ];
    assert_eq!(beside, [50_561, 4_833]);
    for name in ["djset-1", "djset-2"] {
        assert_eq!(counts(name), [47_843_328 + 50_561, 2_793_984 + 4_833], "{name}");
    }
    // The right columns of tables 4.3 and 4.4.
    let generator = [
        100 * 1024 * 16, // 1,638,400
        1024 * 512 * 16, // 8,388,608
        512 * 256 * 16,  // 2,097,152
        256 * 128 * 16,  // 524,288
        128 * 64 * 16,   // 131,072
        64 * 16,         // 1,024
    ];
    assert_eq!(generator.iter().sum::<usize>(), 12_780_544);
    let discriminator = [
        16 * 16,        // 256
        16 * 32 * 16,   // 8,192
        32 * 64 * 16,   // 32,768
        64 * 128 * 16,  // 131,072
        128 * 256 * 16, // 524,288
        256 * 16,       // 4,096
    ];
    assert_eq!(discriminator.iter().sum::<usize>(), 700_672);
    let beside = [
        1024 * 16 + (512 + 256 + 128 + 64 + 1) + 4 * (1024 + 512 + 256 + 128 + 64),
        (16 + 32 + 64 + 128 + 256) + 1 + 4 * (32 + 64 + 128 + 256),
    ];
    assert_eq!(beside, [25_281, 2_417]);
    for name in ["djset-3", "djset-4", "djset-4-uniform"] {
        assert_eq!(counts(name), [12_780_544 + 25_281, 700_672 + 2_417], "{name}");
    }
}

/// Twelve seconds of pulses over a moving tone in windows of 4.05 s, as section 3.3 cuts the second of its sets.
fn windows(folder: &Path) -> Arc<Dataset> {
    let spec =
        hound::WavSpec { channels: 2, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let wav = folder.join("set.wav");
    let mut writer = hound::WavWriter::create(&wav, spec).unwrap();
    for frame in 0..RATE * 12 {
        let time = frame as f32 / RATE as f32;
        let pulse = (-30.0 * (time * 2.0).fract()).exp() * (time * 400.0).sin();
        let tone = 0.3 * (time * (900.0 + 20.0 * time)).sin();
        for sample in [pulse + tone, pulse - tone] {
            writer.write_sample((sample * 12_000.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    let output = folder.join("windows");
    let settings = PrepareSettings {
        slicing: Slicing::Windows { window: Seconds(4.05), hop: Seconds(0.17251) },
        rate: SampleRate::new(RATE).unwrap(),
        channels: 1,
        ..PrepareSettings::new(vec![wav], output.clone())
    };
    prepare(&settings, &Silent).unwrap();
    Arc::new(Dataset::open(&output).unwrap())
}

/// Trains a narrow pair of a preset for two steps of the document's tensors.
fn trained(name: &str, data: &Arc<Dataset>, root: &Path) -> RunDir {
    let narrow = |most: usize| format!("{:?}", (0..5).map(|layer| most >> layer).collect::<Vec<_>>());
    let wide = |least: usize| format!("{:?}", (0..5).map(|layer| least << layer).collect::<Vec<_>>());
    let settings = [
        format!("generator.widths={}", narrow(32)),
        format!("discriminator.widths={}", wide(2)),
        "training.batch=4".to_owned(),
    ];
    let mut trainee = GanTrainee::new(load(name, &settings).unwrap(), data, &Device::flex()).unwrap();
    let run = RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap();
    let (plan, schedule) = (trainee.batch_plan(data.clone()), Schedule { log_every: 1, checkpoint_every: 2, ..QUIET });
    let budget = Budget { steps: Some(2), minutes: None };
    let summary = train(&mut trainee, |first| plan.open(first), &run, &schedule, budget, &Silent).unwrap();
    assert_eq!(summary.step, 2, "{name}");
    run
}

const QUIET: Schedule =
    Schedule { log_every: 0, checkpoint_every: 0, preview_every: 0, judge_every: 0, patience: 0, keep: 2 };

fn sounds(run: &RunDir) -> Vec<Vec<f32>> {
    Sampler::open(run, &Device::flex()).unwrap().random(2, Seeds::new(1), "test").unwrap()
}

#[test]
fn every_model_learns_from_windows_and_makes_some_with_random_phases_or_better_ones() {
    let folder = tempfile::tempdir().unwrap();
    let data = windows(folder.path());
    assert_eq!((data.slice_frames(), data.channels()), (32_400, 1));
    for (name, ..) in PRESETS {
        let run = trained(name, &data, &folder.path().join(name));
        let found = sounds(&run);
        assert!(found.iter().all(|sound| sound.len() == 32_400), "{name}");
        assert!(found.iter().flatten().any(|&sample| sample != 0.0) && found[0] != found[1], "{name}");
        // No weight depends on how phases are found, so a run may be told another way.
        let text = fs::read_to_string(run.config()).unwrap();
        assert_eq!(text.matches("method = \"auto\"").count(), 1, "{name}: {text}");
        fs::write(run.config(), text.replace("method = \"auto\"", "method = \"random\"")).unwrap();
        let random = sounds(&run);
        assert_ne!(random, found, "{name}");
        assert_eq!(random, sounds(&run), "{name}: the same noise and seed");
    }
}

#[test]
fn what_a_stretched_model_makes_is_as_loud_however_little_it_has_learned() {
    let folder = tempfile::tempdir().unwrap();
    let data = windows(folder.path());
    let run = trained("djset-3", &data, &folder.path().join("run"));
    let text = "name = 'magnitude'\nscale = 'linear'\nrange = 'full-scale'";
    let config: RepresentationConfig = toml::from_str(text).unwrap();
    let magnitudes = config.build(32_400, SampleRate::new(RATE).unwrap(), 1).unwrap();
    for sound in sounds(&run) {
        let loudest = magnitudes.tensor_of(&sound).unwrap().data().iter().copied().fold(0.0f32, f32::max);
        // A quarter is wanted; magnitudes that no sound has come back weaker.
        assert!((0.05..0.4).contains(&loudest), "{loudest}");
    }
}

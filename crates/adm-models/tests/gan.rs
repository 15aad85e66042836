//! Every GAN preset, shrunk: builds, steps, checkpoints, resumes bit-exactly and generates.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod pulses;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Hint, Seeds, Silent};
use adm_dataset::Dataset;
use adm_models::gan::{GanConfig, GanTrainee, PRESETS, Resolved, load};
use adm_models::labels::{Label, Labels};
use adm_models::{BeatTrainee, ModelError, Sampler};
use adm_train::{Budget, RunDir, Schedule, Summary, Trainee, train};
use burn::tensor::Device;
use pulses::dataset;

/// A preset with its own layers and objective, at a size for tests.
fn shrunk(name: &str) -> GanConfig {
    shrunk_with(name, &[])
}

/// The same with other settings.
fn shrunk_with(name: &str, others: &[&str]) -> GanConfig {
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
    let others = others.iter().map(|&other| other.to_owned());
    load(name, &settings.into_iter().chain(others).collect::<Vec<_>>()).unwrap()
}

/// What no preset does.
const OTHERS: [(&str, &str, &[&str]); 3] = [
    ("descent", "training-3", &["optimizer.method=\"sgd\"", "generator.direct=true", "augment.cutout_bins=0.5"]),
    (
        "penalties",
        "complex",
        &[
            "penalty={recorded=1.0, generated=2.0, every=2}",
            "condition.width=4",
            "codes.weight=3",
            "generator.direct=true",
        ],
    ),
    (
        "copies",
        "cpu",
        &[
            "augment.pitch_copies=2",
            "augment.pitch=1",
            "augment.cutout_frames=0.3",
            "loss=\"relativistic\"",
            "condition.width=4",
        ],
    ),
];

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 0, patience: 0, keep: 2 };

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
fn trainee(config: &GanConfig, data: &Dataset) -> GanTrainee {
    match config.condition {
        None => GanTrainee::new(config.clone(), data, &Device::flex()).unwrap(),
        Some(_) => GanTrainee::labelled(config.clone(), data, labels(data), &Device::flex()).unwrap(),
    }
}

/// Trains to `steps` in `run`, starting or continuing it.
fn train_to(steps: u64, config: &GanConfig, data: &Arc<Dataset>, root: &Path) -> Summary {
    let mut trainee = trainee(config, data);
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
    let presets = PRESETS.iter().map(|&(name, _)| (name, shrunk(name)));
    for (name, config) in presets.chain(OTHERS.map(|(name, preset, settings)| (name, shrunk_with(preset, settings)))) {
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
fn copies_of_beats_have_codes_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let beats = |settings: &[&str]| {
        let text = trainee(&shrunk_with("cpu", settings), &data).resolved_config().unwrap();
        text.lines().find_map(|line| line.strip_prefix("beats = ")?.parse::<usize>().ok()).unwrap()
    };
    assert_eq!(beats(&["augment.pitch_copies=1"]), 3 * beats(&[]));
}

#[test]
fn a_run_s_configuration_reloads_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    for name in ["cpu", "complex", "conditional"] {
        let first = trainee(&shrunk(name), &data);
        let path = folder.path().join(format!("{name}.toml"));
        fs::write(&path, first.resolved_config().unwrap()).unwrap();
        let resolved = Resolved::load(&path).unwrap();
        assert_eq!(resolved.frontend().unwrap().scaling, first.frontend().scaling);
        assert_eq!(resolved.gan.condition.is_some(), name == "conditional");
        assert_eq!(
            resolved.labels.as_ref().map(|shares| (shares.book.as_str(), shares.tokens())),
            (name == "conditional").then_some(("book", 5))
        );
        let again = trainee(&resolved.gan, &data);
        assert_eq!(again.resolved_config().unwrap(), first.resolved_config().unwrap());
    }
}

#[test]
fn a_damaged_run_s_configuration_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let text = trainee(&shrunk("conditional"), &data).resolved_config().unwrap();
    let refused = |change: &dyn Fn(&mut toml::Table)| {
        let mut table: toml::Table = toml::from_str(&text).unwrap();
        change(&mut table);
        let path = folder.path().join("config.toml");
        fs::write(&path, toml::to_string(&table).unwrap()).unwrap();
        let message = Resolved::load(&path).unwrap_err().to_string();
        message.strip_prefix(&format!("{} is damaged: ", path.display())).unwrap().to_owned()
    };
    let within = |table: &mut toml::Table, name: &str| table.get_mut(name).unwrap().as_table_mut().unwrap().clone();
    let labels = "labels must be given where gan.condition is, and only there, got ";
    assert_eq!(refused(&|table| drop(table.remove("labels"))), format!("{labels}gan.condition alone"));
    let alone = |table: &mut toml::Table| {
        let mut gan = within(table, "gan");
        gan.remove("condition");
        table.insert("gan".into(), gan.into());
    };
    assert_eq!(refused(&alone), format!("{labels}labels alone"));
    let empty = |table: &mut toml::Table| {
        let mut labels = within(table, "labels");
        labels.insert("counts".into(), toml::Value::Array(Vec::new()));
        table.insert("labels".into(), labels.into());
    };
    assert_eq!(refused(&empty), "labels.counts must be the labels of one training slice or more, got none");
}

#[test]
fn a_configuration_from_before_there_were_conditions_loads_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let written = trainee(&shrunk("cpu"), &data).resolved_config().unwrap();
    assert!(!written.contains("condition") && !written.contains("labels"), "{written}");
}

#[test]
fn conditional_is_cpu_and_a_condition() {
    let (plain, mut told) = (load("cpu", &[]).unwrap(), load("conditional", &[]).unwrap());
    assert!(told.condition.take().is_some());
    told.about.clone_from(&plain.about);
    assert_eq!(told, plain);
}

/// A sampler of the conditional preset after a few steps, with networks that are told labels.
fn told(folder: &Path) -> Sampler {
    conditional(folder, &["condition.width=4", "condition.positions=true"])
}

/// The same with other settings.
fn conditional(folder: &Path, settings: &[&str]) -> Sampler {
    let data = dataset(folder);
    train_to(6, &shrunk_with("conditional", settings), &data, &folder.join("run"));
    Sampler::open(&RunDir::open(&folder.join("run")).unwrap(), &Device::flex()).unwrap()
}

const fn label(token: u32, position: u8) -> Label {
    Label { token, position }
}

#[test]
fn a_label_changes_the_sound_and_a_neighbour_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let sampler = told(folder.path());
    let noise = |index: u64| adm_models::noise::latent(sampler.noise(), 8, Seeds::new(2), "test", index);
    let labels = [label(0, 0), label(3, 0), label(0, 2), label(4, 3)];
    let same: Vec<Vec<f32>> = vec![noise(0); 4];
    let made = sampler.slices_of(&same, &labels).unwrap();
    for (a, b) in [(0, 1), (0, 2), (0, 3), (1, 3)] {
        assert_ne!(made[a], made[b], "{:?} and {:?} of one noise", labels[a], labels[b]);
    }
    for (at, label) in labels.into_iter().enumerate() {
        assert_eq!(sampler.slices_of(&same[..1], &[label]).unwrap()[0], made[at], "alone");
    }
    let backwards = [labels[3], labels[2], labels[1], labels[0]];
    let mut turned = sampler.slices_of(&same, &backwards).unwrap();
    turned.reverse();
    assert_eq!(turned, made);
    let other = sampler.slices_of(&[noise(1)], &labels[..1]).unwrap();
    assert_ne!(other[0], made[0], "other noise makes another beat of the same token");
}

#[test]
fn networks_that_are_not_told_make_the_token_that_is_asked_for_and_any_position() {
    let folder = tempfile::tempdir().unwrap();
    let sampler = conditional(folder.path(), &[]);
    let noise = adm_models::noise::latent(sampler.noise(), 8, Seeds::new(2), "test", 0);
    let made = sampler.slices_of(&vec![noise; 3], &[label(0, 0), label(3, 0), label(0, 2)]).unwrap();
    assert_ne!(made[0], made[1], "other tokens have other codes");
    assert_eq!(made[0], made[2], "a position is not told");
}

#[test]
fn what_was_not_heard_is_not_drawn_and_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let sampler = told(folder.path());
    let shares = sampler.condition().unwrap();
    assert_eq!((shares.tokens(), shares.trained_on(4)), (5, 0));
    assert!((0..4).all(|token| shares.trained_on(token) > 0));
    assert!(shares.draw(500, Seeds::new(0), "test", 0).iter().all(|label| label.token < 4));
    assert_eq!(sampler.random(3, Seeds::new(1), "x").unwrap(), sampler.random(3, Seeds::new(1), "x").unwrap());
}

#[test]
fn labels_out_of_range_or_of_something_else_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sampler = told(folder.path());
    let noise = vec![vec![0.0; 8]; 2];
    let refused = |labels: &[Label]| sampler.slices_of(&noise, labels).unwrap_err();
    assert!(matches!(refused(&[label(0, 0), label(5, 0)]), ModelError::TokenRange { token: 5, vocabulary: 5 }));
    assert_eq!(refused(&[label(0, 4), label(0, 0)]).to_string(), "the position in a bar must be 0 to 3, got 4");
    assert_eq!(refused(&[label(0, 0)]).to_string(), "labels must be one for each of 2 noise vectors, got 1");
    assert!(matches!(sampler.slices(&noise).unwrap_err(), ModelError::Conditional));

    let data = Dataset::open(&folder.path().join("beats")).unwrap();
    let config = shrunk("conditional");
    let refused = |labels: Labels| GanTrainee::labelled(config.clone(), &data, labels, &Device::flex()).err().unwrap();
    let good = labels(&data);
    let mut short = good.clone();
    short.token_of.pop();
    let mut other = good.clone();
    other.dataset = "another".into();
    for labels in [short, other] {
        let error = refused(labels);
        assert!(matches!(error, ModelError::OtherLabels { .. }), "{error}");
        assert!(error.hint().unwrap().contains("adm tokenize "), "{error}");
    }
    let mut beyond = good.clone();
    beyond.token_of[7] = 5;
    assert!(matches!(refused(beyond), ModelError::TokenRange { token: 5, .. }));
    let error = GanTrainee::new(config.clone(), &data, &Device::flex()).err().unwrap();
    assert!(matches!(error, ModelError::NoLabels { .. }) && error.hint().unwrap().contains("adm tokenize "), "{error}");
    let error = GanTrainee::labelled(shrunk("cpu"), &data, good.clone(), &Device::flex()).err().unwrap();
    assert!(matches!(error, ModelError::Unconditional), "{error}");
    let mut book = good.clone();
    book.book = "another".into();
    let shares = sampler.condition().unwrap();
    assert!(shares.check(&good).is_ok() && matches!(shares.check(&book), Err(ModelError::OtherBook { .. })));
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
    assert!(matches!(refused("complex", &["condition.width=0"]), ModelError::Setting { key: "condition.width", .. }));
    assert!(matches!(refused("cpu", &["condition.with=8"]), ModelError::Config { .. }));
    let direct = ["generator.direct=true"];
    assert!(matches!(refused("training-5", &direct), ModelError::Setting { key: "generator.direct", .. }));
    let heavy = ["sample_rate=0", "generator.latent=4096", "representation.bins=1024", "representation.frames=1024"];
    assert!(matches!(refused("adm", &heavy), ModelError::Setting { key: "generator.widths", .. }));
    assert!(matches!(refused("cpu", &["augment.pitch=7"]), ModelError::Setting { key: "augment.pitch", .. }));
    let pitch = refused("complex", &["sample_rate=0", "augment.pitch_copies=1"]);
    assert!(matches!(pitch, ModelError::Setting { key: "augment.pitch_copies", .. }), "{pitch}");
    let mag_if = ["sample_rate=0", "representation={name=\"mag-if\", bins=64, frames=64}", "augment.pitch=1"];
    let pitch = refused("cpu", &mag_if);
    assert!(matches!(pitch, ModelError::Setting { key: "augment.pitch", .. }), "{pitch}");
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

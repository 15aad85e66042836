//! Every preset of mixture density networks, shrunk: learns, resumes bit-exactly, remembers row by row what it hears at once, goes on
//! by its seed; and what document 004 shows of its two files of rows.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{SampleRate, Seeds, Silent};
use adm_dataset::{Split, Vectors};
use adm_models::mdn::{
    Dream, Dreamer, Frames, MdnConfig, MdnTrainee, Network, PRESETS, Passage, Sampling, Series, change, load,
};
use adm_models::nn::Gaussian;
use adm_train::{Budget, RunDir, Schedule, Summary, train};
use burn::tensor::{Device, Tensor, TensorData};

/// Largest error of a value that the document's networks are to stay below, of ones and zeros.
const PATTERN: f32 = 0.02;

/// A one that goes to the right and begins again (document 004, figure 4).
fn cyclic(rows: usize) -> Vectors {
    pattern(rows, 7, |at| at % 7)
}

/// A one that turns at both ends, where it stays for two rows (figure 5).
fn bounce(rows: usize) -> Vectors {
    pattern(rows, 8, |at| if at % 16 < 8 { at % 16 } else { 15 - at % 16 })
}

fn pattern(rows: usize, columns: usize, one: impl Fn(usize) -> usize) -> Vectors {
    let row = |at: usize| (0..columns).map(|column| if column == one(at) { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
    Vectors::new(columns, (0..rows).flat_map(row).collect()).unwrap()
}

fn config(name: &str, more: &[&str]) -> MdnConfig {
    let all = ["seed=3", "network.hidden=24", "network.layers=2", "training.batch=8", "training.time_steps=16"];
    let settings: Vec<String> = all.iter().chain(more).map(|&text| text.to_owned()).collect();
    load(name, &settings).unwrap()
}

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 2, patience: 0, keep: 2 };

fn train_to(steps: u64, config: &MdnConfig, rows: &Vectors, root: &Path, schedule: &Schedule) -> Summary {
    let series = Series::of_vectors(rows, config.training.hold_out).unwrap();
    let mut trainee = MdnTrainee::new(config.clone(), series, None, &Device::flex()).unwrap();
    let run = match RunDir::open(root) {
        Ok(run) => run,
        Err(_) => RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
    };
    let (budget, stretches) = (Budget { steps: Some(steps), minutes: None }, trainee.stretches());
    train(&mut trainee, |first| Ok(stretches.starting_at(first)), &run, schedule, budget, &Silent).unwrap()
}

fn dream(root: &Path, primer: &Vectors, sampling: Sampling, seed: u64) -> Dream {
    let dreamer = Dreamer::open(&RunDir::open(root).unwrap(), &Device::flex()).unwrap();
    Dream::primed(Arc::new(dreamer), primer, sampling, Seeds::new(seed)).unwrap()
}

fn weights(root: &Path, step: u64) -> Vec<Vec<u8>> {
    let folder = root.join(format!("checkpoints/step-{step:08}"));
    ["mdn.safetensors", "mdn-adam.safetensors"].map(|file| fs::read(folder.join(file)).unwrap()).into()
}

#[test]
fn every_preset_resumes_bit_exactly_and_goes_on_by_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    for (name, _) in PRESETS {
        let (config, rows) = (config(name, &["mixture.components=2"]), bounce(400));
        let (straight, broken) = (folder.path().join(format!("{name}-a")), folder.path().join(format!("{name}-b")));
        let summary = train_to(4, &config, &rows, &straight, &SCHEDULE);
        assert!(summary.best.is_some_and(f64::is_finite), "{name}: {summary:?}");
        train_to(2, &config, &rows, &broken, &SCHEDULE);
        train_to(4, &config, &rows, &broken, &SCHEDULE);
        assert!(weights(&straight, 4) == weights(&broken, 4), "{name}: 2 + 2 steps differ from 4");
        let own = |root: &Path, seed| dream(root, &rows, Sampling::Drawn, seed).rows(40).unwrap();
        assert_eq!(own(&straight, 1), own(&broken, 1), "{name}");
        assert_ne!(own(&straight, 1), own(&straight, 2), "{name}: another seed is another dream");
    }
}

/// What is remembered must not depend on how many rows are heard at once.
#[test]
fn row_by_row_is_all_at_once() {
    // Sums of a few dozen values in 32 bits, taken in another order, through a few layers.
    const TOLERANCE: f32 = 1e-4;
    let device = Device::flex();
    for (name, _) in PRESETS {
        let config = config(name, &[]);
        let network = Network::init(&config, 8, &mut Gaussian::new(Seeds::new(9), "test", &device)).unwrap();
        let values = bounce(20).values().to_vec();
        let tensor =
            |values: &[f32]| Tensor::from_data(TensorData::new(values.to_vec(), [1, values.len() / 8, 8]), &device);
        let (at_once, _) = network.forward(tensor(&values), None);
        let width = at_once.dims()[2];
        let at_once: Vec<f32> = at_once.into_data().iter::<f32>().collect();
        let mut state = None;
        for (step, expected) in at_once.chunks(width).enumerate() {
            let (outputs, next) = network.forward(tensor(&values[step * 8..(step + 1) * 8]), state);
            state = Some(next);
            let outputs: Vec<f32> = outputs.into_data().iter::<f32>().collect();
            let off = expected.iter().zip(&outputs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < TOLERANCE, "{name}, step {step}: {off}");
        }
    }
}

/// The largest error of a value over `rows` rows that go on from the first 64.
fn error(root: &Path, data: &Vectors, sampling: Sampling, rows: usize) -> f32 {
    let columns = data.columns();
    let primer = Vectors::new(columns, data.values()[..64 * columns].to_vec()).unwrap();
    let own = dream(root, &primer, sampling, 0).rows(rows).unwrap();
    let expected = &data.values()[64 * columns..(64 + rows) * columns];
    own.values().iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Document 004, section 4.1: the network goes on with both patterns; section 5.1: without memory it cannot with the second.
#[test]
fn patterns_go_on_and_one_that_turns_takes_memory() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ["mixture.components=4", "optimizer.rate=0.01", "optimizer.half_life=120", "training.warm_up=4"];
    let schedule = Schedule { judge_every: 100, checkpoint_every: 0, ..SCHEDULE };
    for (name, data) in [("cyclic", cyclic(400)), ("bounce", bounce(400))] {
        let root = folder.path().join(name);
        train_to(500, &config("lstm", &settings), &data, &root, &schedule);
        for sampling in [Sampling::Greedy, Sampling::Exact, Sampling::Tempered(0.5)] {
            let worst = error(&root, &data, sampling, 300);
            assert!(worst <= PATTERN, "{name}, {sampling}: {worst}");
        }
    }
    let (root, data) = (folder.path().join("forgets"), bounce(400));
    train_to(500, &config("feed-forward", &settings), &data, &root, &schedule);
    let worst = error(&root, &data, Sampling::Greedy, 300);
    assert!(worst > 0.9, "without memory the turn cannot be told: {worst}");
}

/// Weight decay holds weights down, as the document proposes.
#[test]
fn decay_makes_weights_smaller() {
    let folder = tempfile::tempdir().unwrap();
    let size = |decay: &str| {
        let root = folder.path().join(decay.replace('.', "-"));
        let config = config("lstm", &[&format!("optimizer.decay={decay}"), "optimizer.rate=0.01"]);
        train_to(30, &config, &cyclic(100), &root, &Schedule { judge_every: 0, checkpoint_every: 0, ..SCHEDULE });
        let arrays = adm_train::weights::load(&root.join("checkpoints/step-00000030/mdn.safetensors")).unwrap();
        let matrices = arrays.values().filter(|array| array.shape.len() > 1);
        matrices.flat_map(|array| &array.values).map(|value| value * value).sum::<f32>()
    };
    // Thirty steps at a hundredth of 0.5 leave (1 − 0.005)³⁰ of a weight, 74 % of its square.
    let (free, held) = (size("0.0"), size("0.5"));
    assert!(held < 0.85 * free, "{held} against {free}");
}

fn frames(settings: &[&str]) -> (MdnConfig, Frames) {
    let config = config("lstm", settings);
    let frames = Frames::new(&config, SampleRate::new(8_000).unwrap(), 1).unwrap();
    (config, frames)
}

/// A tone of this frequency that swells every quarter of a second, at 8 kHz.
fn tone(frequency: f32, seconds: f32) -> Vec<f32> {
    let sample = |at: usize| {
        let time = at as f32 / 8_000.0;
        (time * frequency * std::f32::consts::TAU).sin() * 0.4 * (1.0 - (4.0 * time).fract())
    };
    (0..(seconds * 8_000.0) as usize).map(sample).collect()
}

#[test]
fn sound_becomes_rows_and_rows_sound() {
    let (_, frames) = frames(&[]);
    assert_eq!((frames.columns(), frames.per_second()), (100, 125.0));
    let rows = frames.rows_of(&tone(600.0, 2.0)).unwrap();
    assert_eq!(rows.len(), 251);
    let again = frames.rows_of(&frames.sound_of(&rows).unwrap()).unwrap();
    assert_eq!(again.len(), rows.len());
    // Levels in half of −1 to 1's hundred dB: phases that were found keep them within a few.
    let pairs = rows.values().iter().zip(again.values()).filter(|(level, _)| **level > 0.2);
    let (off, count) = pairs.fold((0.0, 0), |(sum, count), (a, b)| (sum + (a - b).abs(), count + 1));
    assert!(count > 300 && off / (count as f32) < 0.06, "{off} over {count}");
}

#[test]
fn rows_at_another_pitch_are_those_of_another_tone() {
    let (config, frames) = frames(&["augment.pitch=12", "training.noise=0.0"]);
    let passage =
        |frequency: f32| Passage { split: Split::Train, rows: frames.rows_of(&tone(frequency, 2.0)).unwrap() };
    let loudest = |row: &[f32]| (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
    let middle = |rows: &Vectors| loudest(rows.rows().nth(33).unwrap());
    let [plain, up, down] = [600.0, 1_200.0, 300.0].map(|frequency| middle(&passage(frequency).rows));
    assert!(down < plain && plain < up);
    let series = Series::new(vec![passage(600.0)]).unwrap();
    let trainee = MdnTrainee::new(config, series.clone(), Some(&frames), &Device::flex()).unwrap();
    let mut stretches = trainee.stretches();
    let mut heard = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let batch = adm_train::Batches::next(&mut stretches).unwrap();
        for row in batch.targets.chunks(100) {
            let row: Vec<f32> = series.standard().invert(row).collect();
            if row.iter().any(|&level| level > 0.3) {
                heard.insert(loudest(&row));
            }
        }
    }
    // An octave up and an octave down are the furthest, within a band.
    let (lowest, highest) = (*heard.first().unwrap(), *heard.last().unwrap());
    assert!(lowest.abs_diff(down) <= 1 && highest.abs_diff(up) <= 1, "{lowest} to {highest}, not {down} to {up}");
    assert!(heard.len() > 8, "semitones between: {heard:?}");
    let none = MdnTrainee::new(load("lstm", &["augment.pitch=1".into()]).unwrap(), series, None, &Device::flex());
    assert!(none.err().unwrap().to_string().contains("augment.pitch"));
}

#[test]
fn a_network_of_sound_dreams_of_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (config, frames) = frames(&["optimizer.rate=0.01", "mixture.components=3", "training.hold_out=0.0"]);
    let rows = frames.rows_of(&tone(600.0, 4.0)).unwrap();
    let series = Series::new(vec![Passage { split: Split::Train, rows: rows.clone() }]).unwrap();
    let mut trainee = MdnTrainee::new(config, series.clone(), Some(&frames), &Device::flex()).unwrap();
    let run = RunDir::create(&folder.path().join("run"), &trainee.resolved_config().unwrap(), "{}").unwrap();
    let (budget, stretches) = (Budget { steps: Some(150), minutes: None }, trainee.stretches());
    let schedule = Schedule { judge_every: 0, checkpoint_every: 0, ..SCHEDULE };
    train(&mut trainee, |first| Ok(stretches.starting_at(first)), &run, &schedule, budget, &Silent).unwrap();
    let dreamer = Dreamer::open(&run, &Device::flex()).unwrap();
    let of_run = dreamer.resolved().frames().unwrap().unwrap();
    let own = dream(run.root(), &rows, Sampling::Drawn, 0).rows(250).unwrap();
    let kept = change(&own, series.standard()) / dreamer.resolved().rows.change;
    assert!((0.3..3.0).contains(&kept), "{kept}");
    let sound = of_run.sound_of(&own).unwrap();
    let power = |sound: &[f32]| sound.iter().map(|sample| sample * sample).sum::<f32>() / sound.len() as f32;
    let decibels = 10.0 * (power(&sound) / power(&tone(600.0, 4.0))).log10();
    assert!(sound.len() == 249 * 64 && decibels.abs() < 12.0, "{decibels} dB beside what it learned from");
}

//! A shrunk pyramid of waveforms: every preset resumes bit-exactly within and between scales, makes as much sound as was asked for, the same
//! for the same seed, remembers its recording scale by scale, and does each of its tasks.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;

use adm_core::{SampleRate, Seeds, Silent};
use adm_models::caw::{
    CawConfig, CawSampler, CawTrainee, Hole, PRESETS, Recording, Signal, error_share, framewise_distance, load, snr,
};
use adm_train::{Budget, RunDir, Schedule, train};
use burn::tensor::Device;

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 0, preview_every: 0, judge_every: 0, patience: 0, keep: 9 };

/// Scales, each of six steps.
const SCALES: u64 = 3;
const STEPS: u64 = 6;

fn config(name: &str, more: &[&str]) -> CawConfig {
    let all = [
        "seed=3",
        "pyramid.rates=[320, 500, 800]",
        "network.first_channels=4",
        "network.channels=6",
        "network.layers=4",
        "training.steps=6",
    ];
    let settings: Vec<String> = all.iter().chain(more).map(|&text| text.to_owned()).collect();
    load(name, &settings).unwrap()
}

/// A bass line of four notes over a beat of two a second, and a tone above 250 Hz that comes and goes.
fn recording(seconds: f32, channels: usize) -> Recording {
    let sample = |channel: usize, at: usize| {
        let time = at as f32 / 2_000.0;
        let turn = std::f32::consts::TAU * time;
        let note = [55.0, 65.4, 49.0, 73.4][(2.0 * time) as usize % 4];
        let beat = (-12.0 * (2.0 * time).fract()).exp();
        let high = 0.1 * (turn * 330.0).sin() * (2.0 * time).fract();
        0.35 * (turn * note).sin() * (0.3 + beat) + if channel == 0 { high } else { -high }
    };
    let length = (seconds * 2_000.0) as usize;
    let values = (0..channels).flat_map(|channel| (0..length).map(move |at| sample(channel, at))).collect();
    Recording { signal: Signal { values, channels }, rate: SampleRate::new(2_000).unwrap(), warnings: Vec::new() }
}

fn trainee(config: &CawConfig, recording: &Recording, holes: &[Hole]) -> CawTrainee {
    CawTrainee::new(config.clone(), recording, holes, &Device::flex()).unwrap()
}

fn train_to(steps: u64, mut trainee: CawTrainee, root: &Path, schedule: &Schedule) -> CawTrainee {
    let run = match RunDir::open(root) {
        Ok(run) => run,
        Err(_) => RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
    };
    let budget = Budget { steps: Some(steps), minutes: None };
    train(&mut trainee, |_| Ok(|| Ok(())), &run, schedule, budget, &Silent).unwrap();
    trainee
}

fn sampler(root: &Path) -> CawSampler {
    CawSampler::open(&RunDir::open(root).unwrap(), &Device::flex()).unwrap()
}

/// All files of a checkpoint but its own account of time, by name.
fn learned(root: &Path, step: u64) -> Vec<(String, Vec<u8>)> {
    let folder = root.join(format!("checkpoints/step-{step:08}"));
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.file_name().unwrap() != "checkpoint.json")
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_preset_resumes_bit_exactly_within_a_scale_and_between_two() {
    let (folder, recording) = (tempfile::tempdir().unwrap(), recording(6.0, 1));
    for (name, _) in PRESETS {
        let config = config(name, &[]);
        let straight = folder.path().join(format!("{name}-straight"));
        let all = SCALES * STEPS;
        let done = train_to(all, trainee(&config, &recording, &[]), &straight, &SCHEDULE);
        assert_eq!((done.rates(), done.finished()), (&[320, 500, 800][..], 2));
        let expected = learned(&straight, all);
        assert!(expected.iter().any(|(file, _)| file == "scale-02.safetensors"), "{name}");
        // The end of a scale, the first step of one, and the middle of another.
        for stops in [&[STEPS][..], &[STEPS + 1, 2 * STEPS + 3]] {
            let broken = folder.path().join(format!("{name}-{}", stops.len()));
            for &stop in stops.iter().chain([&all]) {
                train_to(stop, trainee(&config, &recording, &[]), &broken, &SCHEDULE);
            }
            assert!(learned(&broken, all) == expected, "{name}: stopping at {stops:?} gives another run");
        }
    }
}

#[test]
fn holes_and_both_channels_resume_as_well() {
    let (folder, recording) = (tempfile::tempdir().unwrap(), recording(6.0, 2));
    let (config, holes) = (config("cpu", &["recording.channels=2"]), [Hole { from: 2.5, to: 3.0 }]);
    let [straight, broken] = ["straight", "broken"].map(|name| folder.path().join(name));
    train_to(14, trainee(&config, &recording, &holes), &straight, &SCHEDULE);
    for stop in [8, 14] {
        train_to(stop, trainee(&config, &recording, &holes), &broken, &SCHEDULE);
    }
    assert!(learned(&broken, 14) == learned(&straight, 14));
    let made = sampler(&straight).generate(1.0, Seeds::new(1)).unwrap();
    assert_eq!((made.signal.channels, made.signal.length(), made.rate), (2, 800, 800));
}

#[test]
fn sound_is_as_long_as_asked_the_same_for_a_seed_and_as_far_as_it_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("run");
    train_to(8, trainee(&config("cpu", &[]), &recording(6.0, 1), &[]), &root, &SCHEDULE);
    // The second scale is in training, and the third has not begun.
    let sampler = sampler(&root);
    assert_eq!((sampler.rates(), sampler.rate(), sampler.step), (vec![320, 500], 500, 8));
    let made = |seconds: f64, seed: u64| sampler.generate(seconds, Seeds::new(seed)).unwrap().signal;
    for (seconds, length) in [(0.01, 5), (3.3, 1_650), (20.0, 10_000)] {
        assert_eq!(made(seconds, 1).length(), length);
    }
    assert_eq!(made(3.0, 1), made(3.0, 1));
    assert_ne!(made(3.0, 1), made(3.0, 2));
    // What lies beyond the reach of all layers does not change a sample: a longer piece begins as a shorter one.
    let (short, long) = (made(10.0, 1), made(20.0, 1));
    assert!(long.energy() > 0.0 && short.energy() > 0.0);
}

/// The reconstruction is what holds all else: it has to come nearer to the recording with every scale.
#[test]
fn the_recording_is_remembered_scale_by_scale_and_tasks_keep_what_they_should() {
    let folder = tempfile::tempdir().unwrap();
    let (root, recording) = (folder.path().join("run"), recording(6.0, 1));
    let holes = [Hole { from: 3.0, to: 3.5 }];
    let settings = ["training.steps=150", "network.first_channels=12", "network.channels=12", "network.layers=6"];
    let schedule = Schedule { judge_every: 150, ..SCHEDULE };
    train_to(450, trainee(&config("cpu", &settings), &recording, &holes), &root, &schedule);
    let sampler = sampler(&root);
    let full = |signal: &Signal, rate: u32| signal.resampled(rate, 2_000, recording.signal.length()).unwrap();
    let shown: Vec<f32> = (0..12_000).map(|at| if (6_000..7_000).contains(&at) { 0.0 } else { 1.0 }).collect();
    let lacks: Vec<f64> = (1..=3)
        .map(|scales| {
            let made = sampler.reconstruction(scales).unwrap();
            error_share(&recording.signal, &full(&made.signal, made.rate), Some(&shown))
        })
        .collect();
    assert!(lacks[2] < 0.3 && lacks[2] < lacks[1] && lacks[1] < lacks[0] + 0.01, "{lacks:?}");

    let at_800 = recording.signal.resampled(2_000, 800, 4_800).unwrap();
    let filled = sampler.inpaint(&recording, Seeds::new(1)).unwrap();
    let outside: Vec<f32> = (0..4_800).map(|at| if (2_300..2_900).contains(&at) { 0.0 } else { 1.0 }).collect();
    assert!(snr(&at_800, &filled.signal, Some(&outside)) > 40.0, "what is there stays");
    let hole = |signal: &Signal| Signal { values: signal.values[2_400..2_800].to_vec(), channels: 1 };
    let silence = Signal { values: vec![0.0; 400], channels: 1 };
    let [ours, none] = [&hole(&filled.signal), &silence].map(|fill| framewise_distance(&hole(&at_800), fill));
    assert!(ours < none, "{ours} dB from the truth, silence {none}");
    assert_ne!(filled, sampler.inpaint(&recording, Seeds::new(2)).unwrap());

    let varied = sampler.vary(&recording, 500, Seeds::new(1)).unwrap();
    let at_500 = |signal: &Signal, rate: u32| signal.resampled(rate, 500, 3_000).unwrap();
    let kept = snr(&at_500(&recording.signal, 2_000), &at_500(&varied.signal, 800), None);
    assert!(kept > 3.0, "a variation keeps what it began with: {kept} dB");
    assert!(sampler.vary(&recording, 800, Seeds::new(1)).is_err(), "nothing is made above the highest");

    let low = Recording {
        signal: recording.signal.resampled(2_000, 1_000, 6_000).unwrap(),
        rate: SampleRate::new(1_000).unwrap(),
        warnings: Vec::new(),
    };
    let refused = sampler.extend(&low, Seeds::new(1)).unwrap_err().to_string();
    assert!(refused.contains("sampled at 1000 Hz") && refused.contains("between 320 and 800 Hz"), "{refused}");
}

#[test]
fn a_band_is_added_above_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (root, recording) = (folder.path().join("run"), recording(6.0, 1));
    let settings = ["pyramid.rates=[500, 1000, 2000]", "training.steps=3"];
    train_to(9, trainee(&config("cpu", &settings), &recording, &[]), &root, &SCHEDULE);
    let low = Recording {
        signal: recording.signal.resampled(2_000, 1_000, 6_000).unwrap(),
        rate: SampleRate::new(1_000).unwrap(),
        warnings: Vec::new(),
    };
    let made = sampler(&root).extend(&low, Seeds::new(1)).unwrap();
    assert_eq!((made.rate, made.signal.length()), (2_000, 12_000));
    let again = made.signal.resampled(2_000, 1_000, 6_000).unwrap();
    // A resampler's own error.
    assert!(snr(&low.signal, &again, None) > 40.0, "what was there stays: {}", snr(&low.signal, &again, None));
    let highs = made.signal.with(&low.signal.resampled(1_000, 2_000, 12_000).unwrap(), |all, low| all - low);
    assert!(highs.energy() > 1e-9, "{}", highs.energy());
}

#[test]
fn what_teaches_nothing_is_refused() {
    let said = |recording: &Recording, more: &[&str], holes: &[Hole]| {
        CawTrainee::new(config("cpu", more), recording, holes, &Device::flex()).err().unwrap().to_string()
    };
    let loud = recording(6.0, 1);
    let quiet = Recording {
        signal: Signal { values: loud.signal.values.iter().map(|value| 0.05 * value).collect(), channels: 1 },
        ..loud.clone()
    };
    assert!(said(&quiet, &[], &[]).starts_with("the recording is too quiet: its mean square is 0.000"));
    assert!(said(&loud, &["pyramid.rates=[4000]"], &[]).contains("below every rate of the pyramid"));
    assert!(said(&loud, &[], &[Hole { from: 5.0, to: 7.0 }]).contains("does not lie within"));
    assert!(said(&loud, &[], &[Hole { from: 0.0, to: 5.9 }]).contains("too little is left"));
    // Layers that hear 2,041 samples hear six seconds at 320 Hz: four places of six seconds are not without one of these holes.
    let holes = [Hole { from: 1.0, to: 1.1 }, Hole { from: 3.0, to: 3.1 }, Hole { from: 5.0, to: 5.1 }];
    let far = trainee(&config("cpu", &["network.layers=8", "pyramid.rates=[320, 2000]"]), &loud, &holes);
    assert_eq!(far.rates(), [2_000], "a scale at which everything hears a hole is left out");
    // The first scale is the first with enough energy.
    let high = Recording {
        signal: Signal {
            values: (0..12_000).map(|at| 0.3 * (at as f32 / 2_000.0 * 300.0 * std::f32::consts::TAU).sin()).collect(),
            channels: 1,
        },
        rate: loud.rate,
        warnings: Vec::new(),
    };
    assert_eq!(trainee(&config("cpu", &[]), &high, &[]).rates(), [800]);
    let error = load("cpu", &["training.schedule.patience=3".into()]).unwrap_err().to_string();
    assert_eq!(error, "training.schedule.patience must be 0: every scale has its turn, got 3");
    let error = load("cpu", &["pyramid.rates=[500, 400]".into()]).unwrap_err().to_string();
    assert!(error.starts_with("pyramid.rates must be 1 to 64 rising rates"), "{error}");
}

/// A sitting's minutes are shared over the scales, and what ended when is kept.
#[test]
fn time_is_shared_over_scales_and_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (root, recording) = (folder.path().join("run"), recording(6.0, 1));
    let config = config("cpu", &["training.steps=1000000"]);
    let sitting = |minutes: f64| {
        let mut trainee = trainee(&config, &recording, &[]).within(minutes);
        let run = match RunDir::open(&root) {
            Ok(run) => run,
            Err(_) => RunDir::create(&root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
        };
        let budget = Budget { steps: None, minutes: Some(minutes) };
        train(&mut trainee, |_| Ok(|| Ok(())), &run, &SCHEDULE, budget, &Silent).unwrap();
        trainee.finished()
    };
    assert_eq!(sitting(0.06), 2, "every scale had its turn");
    let account = |root: &Path| {
        let latest = fs::read_to_string(root.join("latest")).unwrap();
        fs::read_to_string(root.join("checkpoints").join(latest.trim()).join("caw.json")).unwrap()
    };
    let before = account(&root);
    assert_eq!(sitting(0.01), 2);
    let ends = |text: &str| text.split("\"noise\"").next().unwrap().to_owned();
    assert_eq!(ends(&before), ends(&account(&root)), "the last scale goes on, and the others stay");
}

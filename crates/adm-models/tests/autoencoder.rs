//! Auto-encoders on beats that are known: what ails document 003's, and what mends it.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::f32::consts::TAU;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Bpm, SampleRate, Seconds, Seeds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, Split, prepare};
use adm_models::autoencoder::{AutoencoderTrainee, Coder, load};
use adm_models::{BeatTrainee, Sampler};
use adm_train::{Budget, RunDir, Schedule, train};
use burn::tensor::Device;

const RATE: u32 = 8_000;

/// Frames of a beat at 240 BPM.
const BEAT: usize = 2_000;

/// Tones that the beats are of, in Hz; no two beats beside each other share one.
const TONES: [f32; 4] = [200.0, 500.0, 1_100.0, 2_300.0];

/// 200 beats, each a tone that dies away.
fn dataset(folder: &Path) -> Arc<Dataset> {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let path = folder.join("tones.wav");
    let mut wav = hound::WavWriter::create(&path, spec).unwrap();
    for frame in 0..200 * BEAT {
        let (beat, within) = (frame / BEAT, (frame % BEAT) as f32 / RATE as f32);
        let tone = TONES[(beat * 7 + beat / 5) % TONES.len()];
        let sample = 0.7 * (TAU * tone * within).sin() * (-8.0 * within).exp();
        wav.write_sample((sample * 32_000.0) as i16).unwrap();
    }
    wav.finalize().unwrap();
    let bpm = Bpm::new(240.0).unwrap();
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    let settings = PrepareSettings {
        rate: SampleRate::new(RATE).unwrap(),
        channels: 1,
        slicing: Slicing::Beats { bpm, beats_per_slice: 1, fit: Fit::Place, grid },
        ..PrepareSettings::new(vec![path], folder.join("beats"))
    };
    prepare(&settings, &Silent).unwrap();
    Arc::new(Dataset::open(&settings.output).unwrap())
}

/// A run of so many steps, in `folder`.
fn trained(folder: &Path, data: &Arc<Dataset>, preset: &str, steps: u64, settings: &[&str]) -> RunDir {
    let small = [
        "sample_rate=0",
        "representation={name=\"magnitude\", bins=64, frames=16, stereo=\"mono\"}",
        "network.widths=[8, 16]",
        "network.latent=6",
        "network.direct=false",
        "optimizer.rate=0.003",
        "training.batch=16",
    ];
    let settings: Vec<String> = small.iter().chain(settings).map(|&setting| setting.to_owned()).collect();
    let config = load(preset, &settings).unwrap();
    let mut trainee = AutoencoderTrainee::new(config, data, &Device::flex()).unwrap();
    let run = RunDir::create(folder, &trainee.resolved_config().unwrap(), "{}").unwrap();
    let schedule =
        Schedule { log_every: 0, checkpoint_every: steps, preview_every: 0, judge_every: 0, patience: 0, keep: 1 };
    let (plan, budget) = (trainee.batch_plan(data.clone()), Budget { steps: Some(steps), minutes: None });
    train(&mut trainee, |first| plan.open(first), &run, &schedule, budget, &Silent).unwrap();
    run
}

/// Shares of a beat's power at the four tones.
fn shares(slice: &[f32]) -> [f32; TONES.len()] {
    let power = |hz: f32| {
        let at = |turn: fn(f32) -> f32| -> f32 {
            slice.iter().enumerate().map(|(n, x)| x * turn(TAU * hz * n as f32 / RATE as f32)).sum()
        };
        at(f32::sin).powi(2) + at(f32::cos).powi(2)
    };
    let powers = TONES.map(power);
    powers.map(|power| power / powers.iter().sum::<f32>())
}

/// Which tone a beat has most of, and its share.
fn tone(slice: &[f32]) -> (usize, f32) {
    let shares = shares(slice);
    let most = (0..TONES.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap();
    (most, shares[most])
}

/// How random beats differ: the deviation of their shares of the four tones, in the mean over these. 0.43 where each has one tone
/// alone, all of them as often; 0 where all are the same.
fn variety(run: &RunDir) -> f32 {
    let slices = Sampler::open(run, &Device::flex()).unwrap().random(64, Seeds::new(1), "test").unwrap();
    let shares: Vec<[f32; TONES.len()]> = slices.iter().map(|slice| shares(slice)).collect();
    let mean = |of: &dyn Fn(&[f32; TONES.len()]) -> f32| shares.iter().map(of).sum::<f32>() / shares.len() as f32;
    let deviation = |tone: usize| {
        let middle = mean(&|shares| shares[tone]);
        mean(&|shares| (shares[tone] - middle).powi(2)).sqrt()
    };
    (0..TONES.len()).map(deviation).sum::<f32>() / TONES.len() as f32
}

#[test]
fn a_heavy_divergence_lays_all_beats_on_top_of_each_other_and_a_light_one_keeps_them_apart() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let run = |name: &str, preset, settings: &[&str]| trained(&folder.path().join(name), &data, preset, 800, settings);
    // The document's: codes say nothing, and every beat is the mean of all.
    let heavy = variety(&run("heavy", "document-003-vae", &["variational.beta=1024"]));
    let light = variety(&run("light", "vae", &["variational.warm_up=50"]));
    assert!(heavy < 0.2 && light > 0.28, "{heavy} and {light}");
}

#[test]
fn beats_are_made_again_from_their_codes() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(folder.path());
    let run =
        trained(&folder.path().join("run"), &data, "vae", 300, &["variational.beta=0.001", "variational.warm_up=0"]);
    let coder = Coder::open(&run, &Device::flex()).unwrap();
    let slices: Vec<Vec<f32>> = data
        .indices(Split::Validation)
        .into_iter()
        .map(|index| {
            let mut slice = vec![0.0; data.slice_samples()];
            data.read_f32(index, &mut slice).unwrap();
            slice
        })
        .collect();
    let codes = coder.codes(&slices).unwrap();
    let again = coder.slices(&codes).unwrap();
    assert_eq!(again.len(), slices.len());
    for (slice, again) in slices.iter().zip(&again) {
        let ((wanted, _), (got, share)) = (tone(slice), tone(again));
        assert!(wanted == got && share > 0.8, "tone {wanted} became {got}, {share}");
    }
    // The same alone as among others.
    let alone = coder.codes(&slices[1..2]).unwrap();
    assert!(alone[0].iter().zip(&codes[1]).all(|(a, b)| (a - b).abs() < 1e-4), "{alone:?}");
    let error = coder.codes(&[vec![0.0; 7]]).unwrap_err().to_string();
    assert_eq!(error, format!("the slice must hold {BEAT} values, got 7"));
    let error = coder.slices(&[vec![0.0; 7]]).unwrap_err().to_string();
    assert_eq!(error, "a code must be 6 long, got 7");
}

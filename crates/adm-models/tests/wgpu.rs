//! Families on the GPU backend beside the CPU: the preset `complex` with a condition, shrunk, with all that presets can have, steps, saves,
//! goes on from there and generates; sequencers and a mixture density network step and are judged; an auto-encoder and a diffusion model
//! step and make beats; a pyramid of waveforms steps and is judged. Runs where `ADM_TEST_WGPU=1` says that there is an adapter, be it a
//! software one; the first step compiles shaders for a minute or two there.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::Seeds;
use adm_dataset::{Split, Vectors};
use adm_models::caw::{self, CawTrainee};
use adm_models::gan::{Content, Duel, Learned, Recorded, load};
use adm_models::labels::{Label, POSITIONS, Shares, label_tensor};
use adm_models::mdn::{self, MdnTrainee, Series};
use adm_models::noise::{NoiseKind, latents};
use adm_models::sequencer::{self, Corpus, Passage, SequencerTrainee};
use adm_models::{autoencoder, diffusion};
use adm_spectral::Shape;
use adm_train::{Batches, DeviceChoice, StepContext, Trainee, device};
use burn::tensor::{Tensor, TensorData};

const MID_SIDE: Content = Content::Complex { mid_side: true };

#[test]
fn a_gan_steps_saves_and_generates_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let settings = [
        "generator.widths=[8, 4]",
        "discriminator.widths=[4, 8]",
        "generator.latent=4",
        "training.batch=2",
        "condition.width=4",
        "codes.weight=2",
        "generator.direct=true",
        "penalty={recorded=1.0, generated=1.0, every=1}",
        "discriminator.dropout=0.3",
    ];
    let config = load("complex", &settings.map(str::to_owned)).unwrap();
    let shape = Shape::new(4, 16, 16);
    let shares = Shares { book: String::new(), counts: vec![[1; POSITIONS]; 3] };
    let learned = Learned { shares: Some(shares), beats: 5 };
    let labels = [Label { token: 2, position: 0 }, Label { token: 0, position: 3 }];
    let gpu = device::pick(DeviceChoice::Gpu).unwrap();
    assert!(!gpu.is_cpu, "{}", gpu.description);
    let mut duels = [gpu.device, device::pick(DeviceChoice::Cpu).unwrap().device]
        .map(|device| Duel::new(&config, shape, learned.clone(), &device).unwrap());
    let values: Vec<f32> = (0..2 * shape.size()).map(|index| (index as f32 * 0.37).sin() * 0.5).collect();
    let folder = tempfile::tempdir().unwrap();
    let steps: Vec<(Vec<f64>, Vec<f32>)> = duels
        .iter_mut()
        .map(|duel| {
            let data = TensorData::new(values.clone(), [2, 4, 16, 16]);
            let real = Tensor::from_data(data, duel.device());
            let told = Some(label_tensor(&labels, duel.device()));
            let beats = Some(Tensor::from_data(TensorData::from([3, 1]), duel.device()));
            let recorded = Recorded { tensors: real, labels: told, beats };
            let mut losses = duel.step(recorded.clone(), &MID_SIDE, StepContext { step: 0, measure: true });
            // On with fresh networks from what was saved, as a resumed run goes on.
            duel.save(folder.path()).unwrap();
            *duel = Duel::new(&config, shape, learned.clone(), &duel.plain_device().clone()).unwrap();
            duel.load(folder.path()).unwrap();
            losses.extend(duel.step(recorded, &MID_SIDE, StepContext { step: 1, measure: true }));
            let plain = duel.plain_device().clone();
            let noise = latents(config.generator.noise, [2, 4], Seeds::new(3), "test", 0, &plain);
            (
                losses,
                duel.averaged().forward(noise, Some(label_tensor(&labels, &plain))).into_data().iter::<f32>().collect(),
            )
        })
        .collect();
    let ((gpu_losses, gpu_tensors), (cpu_losses, cpu_tensors)) = (&steps[0], &steps[1]);
    for (gpu, cpu) in gpu_losses.iter().zip(cpu_losses) {
        assert!(
            (gpu - cpu).abs() < 1e-3 * (1.0 + cpu.abs()),
            "losses {gpu_losses:?} against {cpu_losses:?} on the CPU"
        );
    }
    assert_eq!(gpu_tensors.len(), 2 * shape.size());
    for (gpu, cpu) in gpu_tensors.iter().zip(cpu_tensors) {
        assert!((gpu - cpu).abs() < 1e-2, "a generated value is {gpu}, on the CPU {cpu}");
    }
}

/// Losses of two steps, and the judgement after them: the clockwork's cells, and the transformer's attention.
#[test]
fn sequencers_step_and_are_judged_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let sizes = [
        ("clockwork", vec!["network.beat=8", "network.bar=6", "network.phrase=4"]),
        ("transformer", vec!["network.width=8", "network.heads=2", "network.layers=1"]),
    ];
    for (preset, size) in sizes {
        let small = ["input.width=6", "training.batch=2", "training.time_steps=8"];
        let settings: Vec<String> = small.iter().chain(&size).map(|&text| text.to_owned()).collect();
        let config = sequencer::load(preset, &settings).unwrap();
        let judged = [DeviceChoice::Gpu, DeviceChoice::Cpu].map(|choice| {
            let device = device::pick(choice).unwrap().device;
            let mut passage = Passage::of(Split::Train, (0..96).map(|at| [0, 1, 2, 1][at % 4]).collect());
            passage.splits[72..].fill(Some(Split::Validation));
            let corpus = Corpus::new(vec![0, 0, 1], vec![passage]).unwrap();
            let mut trainee = SequencerTrainee::new(config.clone(), corpus, "book", &device).unwrap();
            let mut windows = trainee.windows();
            let mut figures = Vec::new();
            for step in 0..2 {
                let batch = Batches::next(&mut windows).unwrap();
                figures.extend(trainee.step(StepContext { step, measure: true }, batch).unwrap());
            }
            figures.push(trainee.judge(2).unwrap().unwrap().distance);
            figures
        });
        for (gpu, cpu) in judged[0].iter().zip(&judged[1]) {
            assert!(
                (gpu - cpu).abs() < 1e-3 * (1.0 + cpu.abs()),
                "{preset}: {:?} against {:?} on the CPU",
                judged[0],
                judged[1]
            );
        }
    }
}

#[test]
fn a_mixture_density_network_steps_and_goes_on_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let settings = ["network.hidden=8", "network.layers=2", "mixture.components=2", "training.batch=2"];
    let short = ["training.time_steps=4", "training.warm_up=2", "training.hold_out=0.3"];
    let config = mdn::load(
        "lstm",
        &[settings.as_slice(), &short].concat().iter().map(|&text| text.to_owned()).collect::<Vec<_>>(),
    );
    let config = config.unwrap();
    let rows = Vectors::new(3, (0..90).map(|at| (at as f32 * 0.7).sin()).collect()).unwrap();
    let judged: Vec<Vec<f64>> = [DeviceChoice::Gpu, DeviceChoice::Cpu]
        .map(|choice| {
            let device = device::pick(choice).unwrap().device;
            let series = Series::of_vectors(&rows, config.training.hold_out).unwrap();
            let mut trainee = MdnTrainee::new(config.clone(), series, None, &device).unwrap();
            let batch = Batches::next(&mut trainee.stretches()).unwrap();
            let losses = trainee.step(StepContext { step: 0, measure: true }, batch).unwrap();
            let judgement = trainee.judge(1).unwrap().unwrap();
            losses.into_iter().chain([judgement.distance]).collect()
        })
        .into();
    for (gpu, cpu) in judged[0].iter().zip(&judged[1]) {
        assert!((gpu - cpu).abs() < 1e-3 * (1.0 + cpu.abs()), "{:?} against {:?} on the CPU", judged[0], judged[1]);
    }
}

#[test]
fn an_autoencoder_steps_and_makes_beats_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let settings = [
        "representation={name=\"magnitude\", bins=64, frames=32}",
        "network.widths=[4, 8]",
        "network.dense=[16]",
        "network.latent=5",
        "network.direct=true",
        "training.batch=2",
    ];
    let config = autoencoder::load("vae", &settings.map(str::to_owned)).unwrap();
    let made: Vec<(Vec<f64>, Vec<f32>)> = [DeviceChoice::Gpu, DeviceChoice::Cpu]
        .map(|choice| {
            let device = device::pick(choice).unwrap().device;
            let (mut trainee, made_up) = autoencoder::made_up(&config, &device).unwrap();
            let mut batches = made_up.batches().unwrap();
            let mut losses = Vec::new();
            for step in 0..2 {
                losses.extend(trainee.step(StepContext { step, measure: true }, batches.next().unwrap()).unwrap());
            }
            let noise = latents(NoiseKind::Normal, [2, 5], Seeds::new(3), "test", 0, &device);
            let rows: Vec<f32> = noise.into_data().iter::<f32>().collect();
            let sampler = trainee.sampler().unwrap();
            (losses, sampler.slices(&[rows[..5].to_vec(), rows[5..].to_vec()]).unwrap().concat())
        })
        .into();
    let [(gpu_losses, gpu_beats), (cpu_losses, cpu_beats)] = &made[..] else { panic!() };
    for (gpu, cpu) in gpu_losses.iter().zip(cpu_losses) {
        assert!((gpu - cpu).abs() < 1e-3 * (1.0 + cpu.abs()), "{gpu_losses:?} against {cpu_losses:?} on the CPU");
    }
    let power = |beats: &[f32]| beats.iter().map(|sample| sample * sample).sum::<f32>();
    let (gpu, cpu) = (power(gpu_beats), power(cpu_beats));
    assert!(gpu > 0.0 && (gpu - cpu).abs() < 0.01 * cpu, "beats of power {gpu}, on the CPU {cpu}");
}

#[test]
fn a_diffusion_model_steps_and_makes_beats_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let settings = [
        "sample_rate=8000",
        "representation.bins=46",
        "representation.frames=62",
        "network.widths=[8, 12]",
        "network.groups=4",
        "network.embedding=16",
        "training.batch=2",
        "training.judge_steps=2",
        "optimizer.rate=0.002",
    ];
    let config = diffusion::load("conditional", &settings.map(str::to_owned)).unwrap();
    let made: Vec<(Vec<f64>, Vec<f32>)> = [DeviceChoice::Gpu, DeviceChoice::Cpu]
        .map(|choice| {
            let device = device::pick(choice).unwrap().device;
            let (mut trainee, made_up) = diffusion::made_up(&config, &device).unwrap();
            let mut batches = made_up.batches().unwrap();
            let mut losses = Vec::new();
            for step in 0..2 {
                let batch = Batches::next(&mut batches).unwrap();
                losses.extend(trainee.step(StepContext { step, measure: true }, batch).unwrap());
            }
            (losses, trainee.sampler().random(1, Seeds::new(3), "test").unwrap().concat())
        })
        .into();
    let ((gpu_losses, gpu), (cpu_losses, cpu)) = (&made[0], &made[1]);
    for (one, other) in gpu_losses.iter().zip(cpu_losses) {
        assert!((one - other).abs() < 1e-2 * (1.0 + other.abs()), "{gpu_losses:?} against {cpu_losses:?} on the CPU");
    }
    // Phases are found by a path along the loudest values, which small differences may change: power is compared.
    let power = |sound: &[f32]| sound.iter().map(|sample| f64::from(sample * sample)).sum::<f64>();
    assert_eq!(gpu.len(), cpu.len());
    assert!((power(gpu) / power(cpu) - 1.0).abs() < 0.1, "{} against {}", power(gpu), power(cpu));
}

#[test]
fn a_pyramid_of_waveforms_steps_and_is_judged_on_wgpu() {
    if std::env::var_os("ADM_TEST_WGPU").is_none() {
        return;
    }
    let settings = [
        "pyramid.rates=[320, 500]",
        "network.first_channels=4",
        "network.channels=4",
        "network.layers=3",
        "training.steps=2",
        "loss.penalty_every=1",
    ];
    let config = caw::load("cpu", &settings.map(str::to_owned)).unwrap();
    let recording = caw::made_up(&config);
    // Two steps of the first scale, and one of the second.
    let judged: Vec<Vec<f64>> = [DeviceChoice::Gpu, DeviceChoice::Cpu]
        .map(|choice| {
            let device = device::pick(choice).unwrap().device;
            let mut trainee = CawTrainee::new(config.clone(), &recording, &[], &device).unwrap();
            let steps = (0..3).flat_map(|step| trainee.step(StepContext { step, measure: true }, ()).unwrap());
            let losses: Vec<f64> = steps.collect();
            losses.into_iter().chain([trainee.judge(3).unwrap().unwrap().distance]).collect()
        })
        .into();
    for (gpu, cpu) in judged[0].iter().zip(&judged[1]) {
        assert!((gpu - cpu).abs() < 1e-2 * (1.0 + cpu.abs()), "{:?} against {:?} on the CPU", judged[0], judged[1]);
    }
}

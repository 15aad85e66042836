//! The preset `complex` with a condition, shrunk, with all that presets can have, on the GPU backend: it steps, saves, goes on from
//! there and generates. Runs where `ADM_TEST_WGPU=1` says that there is an adapter, be it a software one; the first step compiles
//! shaders for a minute or two there.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::Seeds;
use adm_models::gan::{Content, Duel, Label, Learned, POSITIONS, Recorded, Shares, label_tensor, latents, load};
use adm_spectral::Shape;
use adm_train::{DeviceChoice, StepContext, device};
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

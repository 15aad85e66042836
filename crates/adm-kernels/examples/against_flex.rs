//! Times each fused operation, forward and backward, against burn's own on the CPU; prints milliseconds and GFLOP/s.
//!
//! `cargo run --release --example against_flex`
#![allow(clippy::print_stdout, missing_docs)]
use adm_kernels::*;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Distribution, Tensor};
use std::time::Instant;

fn time(label: &str, gflop: f64, mut run: impl FnMut()) {
    run();
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{label:44} {:8.1} ms {:7.0} GFLOP/s", best * 1e3, gflop / best);
}

fn main() {
    let device = Device::flex().autodiff();
    let random = |shape: [usize; 4]| Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &device).require_grad();
    let window = Window { kernel: 4, stride: 2, padding: 1 };
    let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
    for (batch, inputs, outputs, side) in [
        (32, 1024, 512, 4),
        (32, 512, 256, 8),
        (32, 256, 128, 16),
        (32, 128, 64, 32),
        (32, 64, 1, 64),
        (16, 64, 32, 64),
    ] {
        let (x, w) = (random([batch, inputs, side, side]), random([inputs, outputs, 4, 4]));
        let gflop = 3.0 * 2.0 * (batch * inputs * outputs * side * side * 16) as f64 / 1e9;
        let name = format!("up {inputs}->{outputs} at {side} batch {batch}");
        time(&format!("{name} fused"), gflop, || {
            let _ = conv_transpose(x.clone(), w.clone(), window).sum().backward();
        });
        time(&format!("{name} burn"), gflop, || {
            let _ = conv_transpose2d(x.clone(), w.clone(), None, options.clone()).sum().backward();
        });
    }
    let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
    for (batch, inputs, outputs, side) in
        [(32, 1, 16, 128), (32, 16, 32, 64), (32, 64, 128, 16), (16, 4, 32, 128), (16, 32, 64, 64)]
    {
        let (x, w) = (random([batch, inputs, side, side]), random([outputs, inputs, 4, 4]));
        let gflop = 3.0 * 2.0 * (batch * inputs * outputs * side * side * 4) as f64 / 1e9;
        let name = format!("down {inputs}->{outputs} at {side} batch {batch}");
        time(&format!("{name} fused"), gflop, || {
            let _ = conv(x.clone(), w.clone(), window).sum().backward();
        });
        time(&format!("{name} burn"), gflop, || {
            let _ = conv2d(x.clone(), w.clone(), None, options.clone()).sum().backward();
        });
    }
    for (batch, inputs, outputs) in [
        (16, 128, 32_768),
        (16, 128, 4_096),
        (16, 8_192, 128),
        (100, 100, 16_384),
        (1, 128, 32_768),
        (8, 16_384, 512),
        (8, 131_072, 64),
        (16, 1_024, 1_024),
        (16, 512, 8_192),
        (16, 16_384, 1),
        (1, 16_384, 512),
        (4, 2_048, 512),
    ] {
        let (x, w) = (random([1, 1, batch, inputs]).reshape([batch, inputs]), random([1, 1, outputs, inputs]));
        let w = w.reshape([outputs, inputs]);
        let (x, w) = (x.inner(), w.inner());
        let (gflop, name) =
            (2.0 * (batch * inputs * outputs) as f64 / 1e9, format!("dense {inputs}->{outputs} batch {batch}"));
        time(&format!("{name} fused"), gflop, || {
            let _ = linear(x.clone(), w.clone());
        });
        time(&format!("{name} burn"), gflop, || {
            let _ = x.clone().matmul(w.clone().transpose());
        });
    }
    let x = random([32, 64, 64, 64]);
    let gamma = Tensor::<1>::ones([64], &device).require_grad();
    let beta = Tensor::<1>::zeros([64], &device).require_grad();
    time("norm+leaky 32x64x64x64 fused", 0.0, || {
        let _ = norm_activation(x.clone(), gamma.clone(), beta.clone(), 1e-5, Activation::LeakyRelu { slope: 0.2 })
            .output
            .sum()
            .backward();
    });
    time("bias+tanh 32x64x64x64 fused", 0.0, || {
        let _ = bias_activation(x.clone(), beta.clone(), Activation::Tanh).sum().backward();
    });
    time("bias+tanh 32x64x64x64 burn", 0.0, || {
        let _ = (x.clone() + beta.clone().reshape([1, 64, 1, 1])).tanh().sum().backward();
    });
    let plain = Device::flex();
    let big = || Tensor::<1>::random([4 << 20], Distribution::Normal(0.0, 1.0), &plain);
    let adam = Adam { rate: 1e-3, beta_1: 0.5, beta_2: 0.9, epsilon: 1e-8 };
    let grad = big();
    let mut state = Some(AdamState { weight: big(), moment_1: big(), moment_2: big() });
    time("adam 4M fused", 0.0, || {
        state = state.take().map(|s| adam.update(3, grad.clone(), s));
    });
}

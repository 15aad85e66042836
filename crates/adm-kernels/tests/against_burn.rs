//! Every fused operation and its gradients against burn's own unfused ones, over swept sizes.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_kernels::{
    Activation, Adam, AdamState, Dropout, Window, affine_silu, approach, bias_activation, conv, conv_transpose, conv1d,
    conv1d_transpose, dropout, linear, norm_activation,
};
use burn::tensor::module::{conv_transpose1d, conv_transpose2d, conv1d as burn_conv1d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor, TensorData, Tolerance, activation};
use std::cell::Cell;

/// Sums of up to a few thousand 32-bit products in another order.
const TOLERANCE: f32 = 1e-3;

const WINDOWS: [Window; 9] = [
    Window { kernel: 4, stride: 2, padding: 1 },
    Window { kernel: 4, stride: 2, padding: 2 },
    Window { kernel: 6, stride: 2, padding: 2 },
    Window { kernel: 6, stride: 3, padding: 1 },
    Window { kernel: 8, stride: 4, padding: 0 },
    Window { kernel: 5, stride: 2, padding: 2 },
    Window { kernel: 3, stride: 1, padding: 1 },
    Window { kernel: 4, stride: 1, padding: 0 },
    Window { kernel: 1, stride: 3, padding: 0 },
];

/// Batch, big channels, height, width, small channels.
const SIZES: [[usize; 5]; 9] = [
    [1, 1, 4, 4, 1],
    [3, 2, 8, 5, 4],
    [2, 3, 16, 16, 5],
    [5, 4, 7, 9, 1],
    [2, 33, 64, 64, 40],
    [3, 130, 10, 8, 140],
    // Large planes, whose kernels are taken cell by cell: sides that strides do not divide, few and many weights.
    [3, 12, 67, 70, 3],
    [9, 15, 32, 97, 16],
    [2, 128, 34, 33, 140],
];

fn device() -> Device {
    Device::flex().autodiff()
}

/// Values evenly between −2 and 2, other ones at each call and the same ones in every run. burn's generator is shared by all
/// threads, and a sum that happens to be exactly zero in one run in many has two derivatives.
fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    thread_local! {
        static STATE: Cell<u64> = const { Cell::new(1) };
    }
    // Knuth's MMIX generator.
    let next =
        || STATE.replace(STATE.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    let values: Vec<f32> =
        (0..shape.iter().product()).map(|_| (next() >> 40) as f32 / (1 << 22) as f32 - 2.0).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn close<const D: usize>(what: &str, ours: Tensor<D>, theirs: Tensor<D>) {
    let (ours, theirs) = (ours.into_data(), theirs.into_data());
    assert_eq!(ours.shape(), theirs.shape(), "{what}");
    ours.assert_approx_eq::<f32>(&theirs, Tolerance::relative(TOLERANCE).set_absolute(TOLERANCE));
}

/// Runs both forms on copies of the same leaves and compares values and all gradients.
fn compare<const A: usize, const B: usize>(
    what: &str,
    a: Tensor<A>,
    b: Tensor<B>,
    ours: impl Fn(Tensor<A>, Tensor<B>) -> Tensor<4>,
    theirs: impl Fn(Tensor<A>, Tensor<B>) -> Tensor<4>,
) {
    let run = |form: &dyn Fn(Tensor<A>, Tensor<B>) -> Tensor<4>| {
        let (a, b) = (a.clone().detach().require_grad(), b.clone().detach().require_grad());
        let out = form(a.clone(), b.clone());
        // A weighted sum, so that every output has a gradient of its own.
        let count = out.shape().num_elements();
        let weights = Tensor::<1, burn::tensor::Int>::arange(0..count as i64, &out.device()).float().sin();
        let grads = (out.clone() * weights.reshape(out.dims())).sum().backward();
        (out, a.grad(&grads), b.grad(&grads))
    };
    let ((out, a1, b1), (expected, a2, b2)) = (run(&ours), run(&theirs));
    close(what, out, expected);
    close(&format!("{what}: first gradient"), a1.unwrap(), a2.unwrap());
    close(&format!("{what}: second gradient"), b1.unwrap(), b2.unwrap());
}

#[test]
fn convolutions_agree() {
    let device = device();
    for window in WINDOWS {
        for [batch, big, height, width, small] in SIZES {
            if height + 2 * window.padding < window.kernel || width + 2 * window.padding < window.kernel {
                continue;
            }
            let options = ConvOptions::new([window.stride; 2], [window.padding; 2], [1, 1], 1);
            compare(
                &format!("conv {window:?} {batch}x{big}x{height}x{width} to {small}"),
                random([batch, big, height, width], &device),
                random([small, big, window.kernel, window.kernel], &device),
                |x, w| conv(x, w, window),
                |x, w| conv2d(x, w, None, options.clone()),
            );
        }
    }
}

#[test]
fn transposed_convolutions_agree() {
    let device = device();
    for window in WINDOWS {
        for [batch, big, rows, columns, small] in SIZES {
            let options = ConvTransposeOptions::new([window.stride; 2], [window.padding; 2], [0, 0], [1, 1], 1);
            compare(
                &format!("transposed {window:?} {batch}x{small}x{rows}x{columns} to {big}"),
                random([batch, small, rows, columns], &device),
                random([small, big, window.kernel, window.kernel], &device),
                |x, w| conv_transpose(x, w, window),
                |x, w| conv_transpose2d(x, w, None, options.clone()),
            );
        }
    }
}

/// Batch, big channels, length, small channels, kernel, dilation; shorter and longer than a block of the CPU's.
const LINES: [[usize; 6]; 5] =
    [[1, 1, 9, 1, 9, 1], [2, 3, 60, 5, 3, 7], [1, 2, 2_100, 3, 9, 128], [3, 16, 700, 16, 9, 4], [2, 5, 30, 4, 1, 3]];

/// With an axis of one, which a comparison expects.
fn wide(x: Tensor<3>) -> Tensor<4> {
    let [batch, channels, length] = x.dims();
    x.reshape([batch, channels, 1, length])
}

#[test]
fn dilated_convolutions_and_their_adjoints_agree() {
    let device = device();
    for [batch, big, length, small, kernel, dilation] in LINES {
        let what = format!("{batch}x{big}x{length} to {small} by {kernel}, {dilation} apart");
        let weight = || random([small, big, kernel], &device);
        let options = ConvOptions::new([1], [0], [dilation], 1);
        let x = random([batch, big, length], &device);
        let theirs = |x, w| wide(burn_conv1d(x, w, None, options.clone()));
        compare(&format!("conv1d {what}"), x, weight(), |x, w| wide(conv1d(x, w, dilation)), theirs);
        let options = ConvTransposeOptions::new([1], [0], [0], [dilation], 1);
        let x = random([batch, small, length - (kernel - 1) * dilation], &device);
        let theirs = |x, w| wide(conv_transpose1d(x, w, None, options.clone()));
        compare(&format!("transposed {what}"), x, weight(), |x, w| wide(conv1d_transpose(x, w, dilation)), theirs);
    }
}

const ACTIVATIONS: [Activation; 5] = [
    Activation::Identity,
    Activation::LeakyRelu { slope: 0.0 },
    Activation::LeakyRelu { slope: 0.2 },
    Activation::Tanh,
    Activation::LeakyTanh { slope: 0.2 },
];

fn unfused(x: Tensor<4>, with: Activation) -> Tensor<4> {
    match with {
        Activation::Identity => x,
        Activation::LeakyRelu { slope } => activation::leaky_relu(x, f64::from(slope)),
        Activation::Tanh => x.tanh(),
        Activation::LeakyTanh { slope } => activation::leaky_relu(x, f64::from(slope)).tanh(),
    }
}

#[test]
fn bias_and_activation_agree() {
    let device = device();
    for with in ACTIVATIONS {
        for [batch, channels, height, width, _] in SIZES {
            compare(
                &format!("bias {with:?} {batch}x{channels}x{height}x{width}"),
                random([batch, channels, height, width], &device),
                random([channels], &device),
                |x, b| bias_activation(x, b, with),
                |x, b| unfused(x + b.reshape([1, channels, 1, 1]), with),
            );
        }
    }
}

/// Batch norm written out with burn's reductions, so that autodiff derives its gradient.
fn slow_norm(x: Tensor<4>, gamma: Tensor<1>, beta: Tensor<1>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let flat = x.swap_dims(0, 1).reshape([channels, batch * height * width]);
    let centred = flat.clone() - flat.mean_dim(1);
    let variance = centred.clone().square().mean_dim(1);
    let normal = centred / (variance + 1e-5).sqrt();
    let scaled = normal * gamma.reshape([channels, 1]) + beta.reshape([channels, 1]);
    scaled.reshape([channels, batch, height, width]).swap_dims(0, 1)
}

#[test]
fn norm_and_activation_agree() {
    let device = device();
    for with in ACTIVATIONS {
        for [batch, channels, height, width, _] in SIZES {
            let what = format!("norm {with:?} {batch}x{channels}x{height}x{width}");
            let shape = [batch, channels, height, width];
            let (x, gamma, beta) = (random(shape, &device), random([channels], &device), random([channels], &device));
            compare(
                &what,
                x.clone(),
                gamma.clone(),
                |x, gamma| norm_activation(x, gamma, beta.clone(), 1e-5, with).output,
                |x, gamma| unfused(slow_norm(x, gamma, beta.clone()), with),
            );
            compare(
                &what,
                x,
                beta,
                |x, beta| norm_activation(x, gamma.clone(), beta, 1e-5, with).output,
                |x, beta| unfused(slow_norm(x, gamma.clone(), beta), with),
            );
        }
    }
}

#[test]
fn silu_of_an_affine_map_agrees() {
    let device = device();
    for [batch, channels, height, width, _] in SIZES {
        let what = format!("affine silu {batch}x{channels}x{height}x{width}");
        let (x, gain, shift) = (
            random([batch, channels, height, width], &device) * 6.0,
            random([channels], &device),
            random([channels], &device),
        );
        let slow = |x: Tensor<4>, gain: Tensor<1>, shift: Tensor<1>| {
            activation::silu(x * gain.reshape([1, channels, 1, 1]) + shift.reshape([1, channels, 1, 1]))
        };
        let (held_gain, held_shift) = (gain.clone(), shift.clone());
        compare(
            &what,
            x.clone(),
            gain,
            |x, gain| affine_silu(x, gain, held_shift.clone()),
            |x, gain| slow(x, gain, held_shift.clone()),
        );
        compare(
            &what,
            x,
            shift,
            |x, shift| affine_silu(x, held_gain.clone(), shift),
            |x, shift| slow(x, held_gain.clone(), shift),
        );
    }
}

#[test]
fn dense_layers_agree() {
    const SIZES: [[usize; 3]; 9] = [
        [1, 1, 1],
        [3, 5, 2],
        [8, 2_500, 7],
        [5, 33, 300],
        [4, 1_024, 1],
        [9, 100, 40],
        [16, 128, 515],
        [33, 70, 241],
        [17, 2_047, 9],
    ];
    let device = device();
    for [batch, inputs, outputs] in SIZES {
        let (x, weight) = (random([batch, inputs], &device), random([outputs, inputs], &device));
        compare(
            &format!("{batch} × {inputs} to {outputs}"),
            x,
            weight,
            |x, weight| linear(x, weight).unsqueeze(),
            |x, weight| x.matmul(weight.transpose()).unsqueeze(),
        );
    }
}

/// To the bit: what is made of a sample does not depend on those beside it.
#[test]
fn a_dense_layer_gives_a_sample_the_same_in_any_batch() {
    let device = Device::flex();
    for [inputs, outputs] in [[128, 515], [1, 7], [100, 40], [2_047, 9], [2_500, 7]] {
        let (x, weight) = (random([37, inputs], &device), random([outputs, inputs], &device));
        let together = linear(x.clone(), weight.clone()).into_data();
        for batch in [1, 3, 4, 16, 17] {
            let parts = (0..37usize).step_by(batch).map(|at| x.clone().narrow(0, at, batch.min(37 - at)));
            let apart = Tensor::cat(parts.map(|part| linear(part, weight.clone())).collect(), 0).into_data();
            assert_eq!(together, apart, "{inputs} to {outputs}, {batch} at once");
        }
    }
}

#[test]
fn an_average_approaches_what_it_averages() {
    let device = Device::flex();
    let (average, live) = (random([3, 70_000], &device), random([3, 70_000], &device));
    let expected = average.clone() * 0.75 + live.clone() * 0.25;
    close("a quarter of the way", approach(average.clone(), live.clone(), 0.25), expected);
    close("none of it", approach(average.clone(), live, 0.0), average);
}

#[test]
fn dropout_and_its_gradient_share_one_mask() {
    let device = device();
    for [batch, channels, height, width, _] in SIZES {
        let shape = [batch, channels, height, width];
        let (x, dropped) = (random(shape, &device).require_grad(), Dropout { share: 0.25, key: 11 });
        let out = dropout(x.clone(), dropped);
        let mask = dropout(Tensor::<4>::ones(shape, &device), dropped);
        let grads = out.clone().sum().backward();
        close("dropout", out, x.clone().inner().mul(mask.clone().inner()));
        close("its gradient", x.grad(&grads).unwrap(), mask.clone().inner());
        let again = dropout(Tensor::<4>::ones(shape, &device), Dropout { key: 12, ..dropped });
        let values: Vec<f32> = mask.into_data().iter::<f32>().collect();
        assert!(values.iter().all(|&value| value == 0.0 || (value - 4.0 / 3.0).abs() < 1e-6));
        assert!(values.len() < 64 || again.into_data().iter::<f32>().zip(values).any(|(a, b)| a != b));
    }
}

#[test]
fn adam_follows_its_algorithm() {
    let device = Device::flex();
    let adam = Adam { rate: 0.01, beta_1: 0.5, beta_2: 0.9, epsilon: 1e-8 };
    let start = [1.0f64, -2.0, 0.5];
    let mut state = AdamState {
        weight: Tensor::<1>::from_floats(start.map(|value| value as f32), &device),
        moment_1: Tensor::zeros([3], &device),
        moment_2: Tensor::zeros([3], &device),
    };
    let (mut expected, mut m, mut v) = (start, [0.0; 3], [0.0; 3]);
    for time in 1..=20 {
        let grad: [f32; 3] = std::array::from_fn(|i| ((time * (i + 2)) as f32).sin());
        for i in 0..3 {
            let g = f64::from(grad[i]);
            m[i] = 0.5 * m[i] + 0.5 * g;
            v[i] = 0.9 * v[i] + 0.1 * g * g;
            let (mean, spread) = (m[i] / (1.0 - 0.5f64.powi(time as i32)), v[i] / (1.0 - 0.9f64.powi(time as i32)));
            expected[i] -= 0.01 * mean / (spread.sqrt() + 1e-8);
        }
        state = adam.update(time as u64, Tensor::from_floats(grad, &device), state);
    }
    let got = state.weight.into_data().try_to_vec::<f32>().unwrap();
    for (got, expected) in got.iter().zip(expected) {
        assert!((f64::from(*got) - expected).abs() < 1e-5, "{got} against {expected}");
    }
}

//! Convolutions, activations, norms, dropout, Adam and averages, with their gradients, on a GPU against those on the CPU, which `against_burn.rs` holds to burn's. Runs where
//! `ADM_TEST_WGPU=1` says that there is an adapter, be it a software one.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_kernels::{
    Activation, Adam, AdamState, Dropout, Window, affine_silu, approach, bias_activation, conv, conv_transpose, conv1d,
    conv1d_transpose, dropout, norm_activation,
};
use burn::tensor::{Device, DeviceKind, Tensor, TensorData};

/// Sums of up to a few thousand 32-bit products in another order.
const TOLERANCE: f32 = 1e-3;

/// A few operations of 32 bits.
const ROUNDING: f32 = 1e-5;

const WINDOWS: [Window; 4] = [
    Window { kernel: 4, stride: 2, padding: 1 },
    Window { kernel: 5, stride: 2, padding: 2 },
    Window { kernel: 6, stride: 3, padding: 1 },
    Window { kernel: 3, stride: 1, padding: 1 },
];

/// Batch, big channels, height, width, small channels.
const SIZES: [[usize; 5]; 3] = [[1, 1, 7, 6, 1], [3, 5, 16, 13, 4], [2, 33, 8, 32, 24]];

/// More columns than are taken at once.
const LARGE: [usize; 5] = [34, 64, 64, 64, 8];

const ACTIVATIONS: [Activation; 4] = [
    Activation::Identity,
    Activation::LeakyRelu { slope: 0.2 },
    Activation::Tanh,
    Activation::LeakyTanh { slope: 0.2 },
];

/// A GPU, where the tests are told of one, and the CPU.
fn devices() -> Option<[Device; 2]> {
    std::env::var_os("ADM_TEST_WGPU")?;
    let kinds = [DeviceKind::DiscreteGpu(0), DeviceKind::IntegratedGpu(0), DeviceKind::VirtualGpu(0), DeviceKind::Cpu];
    let found = Device::enumerate(burn::tensor::DeviceType::Wgpu).into_vec();
    let gpu = kinds.map(Device::wgpu).into_iter().find(|device| found.contains(device)).unwrap();
    Some([gpu.autodiff(), Device::flex().autodiff()])
}

/// Values that look like noise, without a pattern of the shape's.
fn values<const D: usize>(shape: [usize; D], phase: f32, device: &Device) -> Tensor<D> {
    let count = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|at: usize| (at as f32 * 1.618 + phase).sin() * 1.5).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// An operation's output and both gradients.
fn run<const B: usize>(
    device: &Device,
    shape: [usize; 4],
    other: [usize; B],
    form: &dyn Fn(Tensor<4>, Tensor<B>) -> Tensor<4>,
) -> [TensorData; 3] {
    let (a, b) = (values(shape, 0.3, device).require_grad(), values(other, 1.1, device).require_grad());
    let out = form(a.clone(), b.clone());
    let weights = values(out.dims(), 2.7, device);
    let grads = (out.clone() * weights).sum().backward();
    [out.into_data(), a.grad(&grads).unwrap().into_data(), b.grad(&grads).unwrap().into_data()]
}

fn close(what: &str, gpu: &TensorData, cpu: &TensorData, tolerance: f32) {
    for (at, (gpu, cpu)) in gpu.iter::<f32>().zip(cpu.iter::<f32>()).enumerate() {
        assert!((gpu - cpu).abs() <= tolerance * (1.0 + cpu.abs()), "{what}: {gpu} at {at}, on the CPU {cpu}");
    }
}

fn agree<const B: usize>(
    devices: &[Device; 2],
    what: &str,
    shape: [usize; 4],
    other: [usize; B],
    form: impl Fn(Tensor<4>, Tensor<B>) -> Tensor<4>,
) {
    let [gpu, cpu] = devices.each_ref().map(|device| run(device, shape, other, &form));
    for (part, (gpu, cpu)) in ["value", "first gradient", "second gradient"].iter().zip(gpu.iter().zip(&cpu)) {
        assert_eq!(gpu.shape(), cpu.shape(), "{what}: {part}");
        close(&format!("{what}: {part}"), gpu, cpu, TOLERANCE);
    }
}

#[test]
fn convolutions_on_a_gpu_are_as_on_the_cpu() {
    let Some(devices) = devices() else { return };
    let small_ones = WINDOWS.into_iter().flat_map(|window| SIZES.map(|size| (window, size)));
    for (window, [batch, big, height, width, small]) in small_ones.chain([(WINDOWS[0], LARGE)]) {
        let weight = [small, big, window.kernel, window.kernel];
        let what = format!("{window:?} {batch}x{big}x{height}x{width}, {small}");
        agree(&devices, &format!("conv {what}"), [batch, big, height, width], weight, |x, w| conv(x, w, window));
        let [rows, columns] = [height, width].map(|side| window.small_side(side));
        agree(&devices, &format!("transposed {what}"), [batch, small, rows, columns], weight, |x, w| {
            conv_transpose(x, w, window)
        });
    }
}

#[test]
fn dilated_convolutions_on_a_gpu_are_as_on_the_cpu() {
    let Some(devices) = devices() else { return };
    let flat = |x: Tensor<4>| {
        let [batch, channels, _, length] = x.dims();
        x.reshape([batch, channels, length])
    };
    let wide = |x: Tensor<3>| {
        let [batch, channels, length] = x.dims();
        x.reshape([batch, channels, 1, length])
    };
    for [batch, big, length, small, kernel, dilation] in
        [[1, 1, 9, 1, 9, 1], [2, 3, 700, 5, 9, 64], [1, 16, 300, 16, 9, 4]]
    {
        let weight = [small, big, kernel];
        agree(&devices, "conv1d", [batch, big, 1, length], weight, |x, w| wide(conv1d(flat(x), w, dilation)));
        let shorter = [batch, small, 1, length - (kernel - 1) * dilation];
        agree(&devices, "conv1d transposed", shorter, weight, |x, w| wide(conv1d_transpose(flat(x), w, dilation)));
    }
}

#[test]
fn turned_tensors_are_read_as_they_stand() {
    let Some(devices) = devices() else { return };
    let window = WINDOWS[0];
    agree(&devices, "turned conv", [5, 3, 8, 12], [4, 5, 4, 4], |x, w| {
        conv(x.swap_dims(0, 1).swap_dims(2, 3), w.swap_dims(2, 3), window)
    });
    agree(&devices, "turned bias", [5, 3, 8, 12], [5], |x, b| {
        bias_activation(x.swap_dims(0, 1), b, Activation::Tanh).swap_dims(2, 3)
    });
}

#[test]
fn activations_on_a_gpu_are_as_on_the_cpu() {
    let Some(devices) = devices() else { return };
    for with in ACTIVATIONS {
        for [batch, channels, height, width, _] in SIZES {
            let shape = [batch, channels, height, width];
            agree(&devices, &format!("bias {with:?} {shape:?}"), shape, [channels], |x, b| bias_activation(x, b, with));
            agree(&devices, &format!("norm {with:?} {shape:?}"), shape, [channels], |x, gamma| {
                let beta = gamma.clone() * 0.5;
                norm_activation(x, gamma, beta, 1e-5, with).output
            });
        }
    }
}

/// Batch, channels, height, width: planes of one value, of fewer and of more than units share, and more of them than one dimension
/// of a launch takes.
const PLANES: [[usize; 4]; 5] = [[9, 5, 1, 1], [3, 7, 3, 5], [2, 3, 40, 41], [5, 2, 128, 96], [1100, 60, 1, 2]];

#[test]
fn sums_over_channels_hold_for_planes_of_all_sizes() {
    let Some(devices) = devices() else { return };
    for shape in PLANES {
        let channels = shape[1];
        agree(&devices, &format!("bias {shape:?}"), shape, [channels], |x, b| {
            bias_activation(x, b, Activation::LeakyRelu { slope: 0.2 })
        });
        // Far from zero, where a variance told from squares alone would be lost. Without a kink, whose side rounding decides.
        agree(&devices, &format!("norm {shape:?}"), shape, [channels], |x, gamma| {
            let beta = gamma.clone() * 0.5;
            norm_activation(x + 100.0, gamma, beta, 1e-5, Activation::Tanh).output
        });
    }
}

#[test]
fn every_device_forgets_the_same_values() {
    let Some(devices) = devices() else { return };
    for shape in PLANES {
        for (share, key) in [(0.0, 1), (0.3, 0xdead_beef), (0.9, u32::MAX)] {
            let [gpu, cpu] = devices.each_ref().map(|device| {
                let x = values(shape, 0.3, device).require_grad();
                let out = dropout(x.clone().swap_dims(0, 1), Dropout { share, key });
                let grads = out.clone().sum().backward();
                [out.into_data(), x.grad(&grads).unwrap().into_data()]
            });
            for (gpu, cpu) in gpu.iter().zip(&cpu) {
                close(&format!("dropout {share} {shape:?}"), gpu, cpu, ROUNDING);
                let forgotten = |data: &TensorData| data.iter::<f32>().map(|value| value == 0.0).collect::<Vec<_>>();
                assert_eq!(forgotten(gpu), forgotten(cpu), "dropout {share} {shape:?}");
            }
        }
    }
}

#[test]
fn silu_on_a_gpu_is_as_on_the_cpu() {
    let Some(devices) = devices() else { return };
    for [batch, channels, height, width, _] in SIZES {
        let shape = [batch, channels, height, width];
        agree(&devices, &format!("silu {shape:?}"), shape, [channels], |x, gain| {
            let shift = gain.clone() * 0.5;
            affine_silu(x, gain, shift)
        });
    }
}

#[test]
fn adam_and_averages_on_a_gpu_are_as_on_the_cpu() {
    let Some(devices) = devices() else { return };
    let adam = Adam { rate: 0.01, beta_1: 0.5, beta_2: 0.9, epsilon: 1e-8 };
    for shape in [[1, 1], [7, 301]] {
        let [gpu, cpu] = devices.each_ref().map(|device| {
            let plain = device.clone().inner();
            let [weight, moment_1, moment_2] = [0.1, 0.2, 0.3].map(|phase| values(shape, phase, &plain));
            let state = AdamState { weight, moment_1, moment_2: moment_2.abs() };
            let state = adam.update(3, values(shape, 0.4, &plain), state);
            let average = approach(state.moment_1.clone(), state.weight.clone(), 0.25);
            [state.weight, state.moment_1, state.moment_2, average].map(Tensor::into_data)
        });
        for (gpu, cpu) in gpu.iter().zip(&cpu) {
            close("after a step", gpu, cpu, ROUNDING);
        }
    }
}

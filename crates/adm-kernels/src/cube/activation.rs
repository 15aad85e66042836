//! Activations in one launch instead of a chain of them: a step of a small network waits for launches, not for arithmetic.

use burn::backend::TensorMetadata;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{Launch, beside, same};
use crate::ops::Activation;

/// An [`Activation`] as a kernel is compiled for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Form {
    leaky: bool,
    tanh: bool,
}

pub(super) fn form_and_slope(activation: Activation) -> (Form, f32) {
    match activation {
        Activation::Identity => (Form { leaky: false, tanh: false }, 1.0),
        Activation::LeakyRelu { slope } => (Form { leaky: true, tanh: false }, slope),
        Activation::Tanh => (Form { leaky: false, tanh: true }, 1.0),
        Activation::LeakyTanh { slope } => (Form { leaky: true, tanh: true }, slope),
    }
}

/// `f(x)`
#[cube]
pub(super) fn activate<E: Float>(x: E, slope: f32, #[comptime] form: Form) -> E {
    let mut value = x;
    if comptime!(form.leaky) && value <= E::from_int(0) {
        value *= E::cast_from(slope);
    }
    if comptime!(form.tanh) {
        value = value.tanh();
    }
    value
}

/// `f(x + bias)`, `plane` values to a channel.
#[cube(launch_unchecked)]
fn bias_activation_kernel<E: Float>(
    x: &[E],
    bias: &[E],
    out: &mut [E],
    slope: f32,
    plane: usize,
    channels: usize,
    count: usize,
    #[comptime] form: Form,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let value = x[ABSOLUTE_POS] + bias[ABSOLUTE_POS / plane % channels];
    out[ABSOLUTE_POS] = activate::<E>(value, slope, form);
}

/// `grad·f'`, with `f'` told from the output `y`.
#[cube(launch_unchecked)]
fn activation_backward_kernel<E: Float>(
    y: &[E],
    grad: &[E],
    out: &mut [E],
    slope: f32,
    count: usize,
    #[comptime] form: Form,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let y = y[ABSOLUTE_POS];
    let mut value = grad[ABSOLUTE_POS];
    if comptime!(form.tanh) {
        value -= value * y * y;
    }
    if comptime!(form.leaky) && y <= E::from_int(0) {
        value *= E::cast_from(slope);
    }
    out[ABSOLUTE_POS] = value;
}

/// `f(x + bias)`
///
/// # Shapes
/// `x` and output: `[batch, channels, height, width]`; `bias`: `[channels]`
pub(super) fn bias_activation(x: CubeTensor, bias: CubeTensor, activation: Activation) -> CubeTensor {
    let shape = x.shape();
    assert_eq!((bias.shape().num_elements(), bias.dtype), (shape[1], x.dtype), "a bias of each channel");
    let [x, bias] = [x, bias].map(into_contiguous);
    let out = beside(&x, shape.clone());
    let launch = Launch::over(&out);
    let (form, slope) = form_and_slope(activation);
    // SAFETY: all buffers are contiguous, `x` and `out` hold `count` values and `bias` one for every channel.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        bias_activation_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            x.into_buffer_arg(),
            bias.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            slope,
            shape[2] * shape[3],
            shape[1],
            launch.count,
            form,
            launch.kind,
        );
    }
    out
}

/// `grad·f'`, with `f'` told from the output `y`.
///
/// # Shapes
/// All three are the same.
pub(super) fn activation_backward(y: CubeTensor, grad: CubeTensor, activation: Activation) -> CubeTensor {
    if activation == Activation::Identity {
        return grad;
    }
    same(&y, &grad);
    let (y, grad) = (into_contiguous(y), into_contiguous(grad));
    let out = beside(&y, y.shape());
    let launch = Launch::over(&out);
    let (form, slope) = form_and_slope(activation);
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        activation_backward_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            y.into_buffer_arg(),
            grad.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            slope,
            launch.count,
            form,
            launch.kind,
        );
    }
    out
}

//! Operations that look at each value once, in one launch instead of a chain of them: a step of a small network waits for
//! launches, not for arithmetic.

use burn::backend::TensorMetadata;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{empty_like, grid, kind};
use crate::ops::Activation;

/// An [`Activation`] as a kernel is compiled for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    leaky: bool,
    tanh: bool,
}

fn shape_and_slope(activation: Activation) -> (Shape, f32) {
    match activation {
        Activation::Identity => (Shape { leaky: false, tanh: false }, 1.0),
        Activation::LeakyRelu { slope } => (Shape { leaky: true, tanh: false }, slope),
        Activation::Tanh => (Shape { leaky: false, tanh: true }, 1.0),
        Activation::LeakyTanh { slope } => (Shape { leaky: true, tanh: true }, slope),
    }
}

/// `f(x + bias)`, `plane` values to a channel; `f(x)` where there is no bias.
#[cube(launch_unchecked)]
fn bias_activation_kernel<E: Float>(
    x: &[E],
    bias: ComptimeOption<&[E]>,
    out: &mut [E],
    slope: f32,
    plane: usize,
    channels: usize,
    count: usize,
    #[comptime] shape: Shape,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let mut value = x[ABSOLUTE_POS];
    #[comptime]
    match bias {
        ComptimeOption::Some(bias) => value += bias[ABSOLUTE_POS / plane % channels],
        ComptimeOption::None => (),
    }
    if comptime!(shape.leaky) && value <= E::from_int(0) {
        value *= E::cast_from(slope);
    }
    if comptime!(shape.tanh) {
        value = value.tanh();
    }
    out[ABSOLUTE_POS] = value;
}

/// `grad·f'`, with `f'` told from the output `y`.
#[cube(launch_unchecked)]
fn activation_backward_kernel<E: Float>(
    y: &[E],
    grad: &[E],
    out: &mut [E],
    slope: f32,
    count: usize,
    #[comptime] shape: Shape,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let y = y[ABSOLUTE_POS];
    let mut value = grad[ABSOLUTE_POS];
    if comptime!(shape.tanh) {
        value -= value * y * y;
    }
    if comptime!(shape.leaky) && y <= E::from_int(0) {
        value *= E::cast_from(slope);
    }
    out[ABSOLUTE_POS] = value;
}

/// `average + share·(live − average)`
#[cube(launch_unchecked)]
fn approach_kernel<E: Float>(
    average: &[E],
    live: &[E],
    out: &mut [E],
    share: f32,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let before = average[ABSOLUTE_POS];
    out[ABSOLUTE_POS] = before + E::cast_from(share) * (live[ABSOLUTE_POS] - before);
}

/// `x`: `[batch, channels, height, width]`, `bias`: `[channels]`
pub(super) fn bias_activation(x: CubeTensor, bias: Option<CubeTensor>, activation: Activation) -> CubeTensor {
    let (x, bias) = (into_contiguous(x), bias.map(into_contiguous));
    let of = x.shape();
    let out = empty_like(&x, of.clone());
    let count = of.num_elements();
    let (cubes, cube) = grid(&out.client, count);
    let (shape, slope) = shape_and_slope(activation);
    // SAFETY: all buffers are contiguous, `x` and `out` hold `count` values and `bias` one for every channel.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        bias_activation_kernel::launch_unchecked(
            &out.client,
            cubes,
            cube,
            x.into_buffer_arg(),
            bias.map(CubeTensor::into_buffer_arg).into(),
            out.clone().into_buffer_arg(),
            slope,
            of[2] * of[3],
            of[1],
            count,
            shape,
            kind(&out),
        );
    }
    out
}

/// `y` and `grad` of the same shape.
pub(super) fn activation_backward(y: CubeTensor, grad: CubeTensor, activation: Activation) -> CubeTensor {
    let (y, grad) = (into_contiguous(y), into_contiguous(grad));
    let out = empty_like(&y, y.shape());
    let count = out.shape().num_elements();
    let (cubes, cube) = grid(&out.client, count);
    let (shape, slope) = shape_and_slope(activation);
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        activation_backward_kernel::launch_unchecked(
            &out.client,
            cubes,
            cube,
            y.into_buffer_arg(),
            grad.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            slope,
            count,
            shape,
            kind(&out),
        );
    }
    out
}

/// Both of the same shape.
pub(super) fn approach(average: CubeTensor, live: CubeTensor, share: f32) -> CubeTensor {
    let (average, live) = (into_contiguous(average), into_contiguous(live));
    let out = empty_like(&average, average.shape());
    let count = out.shape().num_elements();
    let (cubes, cube) = grid(&out.client, count);
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        approach_kernel::launch_unchecked(
            &out.client,
            cubes,
            cube,
            average.into_buffer_arg(),
            live.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            share,
            count,
            kind(&out),
        );
    }
    out
}

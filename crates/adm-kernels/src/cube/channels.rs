//! Sums over each channel of a batch of pictures.
//!
//! ```text
//! [batch, channels, height, width]  a plane for each cube of units      [batch, channels]
//! [batch, channels]                 a channel for each unit             [channels]
//! ```
//!
//! burn's reduction over all places of a channel keeps a few units busy: 4.5 ms for 64 channels of 262,144 values on an H200, and
//! 75 of the 85 ms that a step of the preset `adm` took there. The order of summation is fixed, so the same values give the same sum.
//! What is added up has 32 bits: 16 would overflow, and nothing here has them.

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::{DType, Shape};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::calculate_cube_count_elemwise;
use cubecl::prelude::*;

use super::launch::{Launch, beside};

/// Most units that share a plane: what every WebGPU device takes in one cube.
const MOST_UNITS: usize = 256;

/// What is summed of each value `x`.
#[derive(Clone, Copy)]
pub(super) enum Summand<'a> {
    /// `x`
    Value,
    /// `(x − center)²`, with a center for each channel.
    Deviation { center: &'a CubeTensor },
    /// `x·(other − center)`
    Product { other: &'a CubeTensor, center: &'a CubeTensor },
}

/// One plane a cube: each unit adds up every `units`-th value, then halves of the units add up each other's sums.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer or a size")]
fn plane_sum_kernel<E: Float>(
    x: &[E],
    other: ComptimeOption<&[E]>,
    center: ComptimeOption<&[E]>,
    sums: &mut [E],
    plane: usize,
    channels: usize,
    planes: usize,
    #[comptime] units: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    let mut shared = Shared::new_slice(units);
    let unit = UNIT_POS as usize;
    let mut sum = E::from_int(0);
    if CUBE_POS < planes {
        let start = CUBE_POS * plane;
        let mut at = UNIT_POS as usize;
        while at < plane {
            let mut value = x[start + at];
            #[comptime]
            match center {
                ComptimeOption::Some(center) => {
                    let center = center[CUBE_POS % channels];
                    #[comptime]
                    match other {
                        ComptimeOption::Some(other) => value *= other[start + at] - center,
                        ComptimeOption::None => {
                            value -= center;
                            value *= value;
                        }
                    }
                }
                ComptimeOption::None => (),
            }
            sum += value;
            at += units;
        }
    }
    shared[unit] = sum;
    sync_cube();
    let mut half = CUBE_DIM as usize / 2;
    while half > 0 {
        if unit < half {
            let beyond = shared[unit + half];
            shared[unit] += beyond;
        }
        sync_cube();
        half /= 2;
    }
    if unit == 0 && CUBE_POS < planes {
        sums[CUBE_POS] = shared[0];
    }
}

/// One channel a unit: the sum of its planes, times `scale`.
#[cube(launch_unchecked)]
fn batch_sum_kernel<E: Float>(
    planes: &[E],
    out: &mut [E],
    scale: f32,
    batch: usize,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let mut sum = E::from_int(0);
    for picture in 0..batch {
        sum += planes[picture * count + ABSOLUTE_POS];
    }
    out[ABSOLUTE_POS] = sum * E::cast_from(scale);
}

/// Refuses numbers that a sum would overflow, and more of them than an index of 32 bits tells apart.
fn summable(x: &CubeTensor) {
    let count = x.shape().num_elements();
    assert!(x.dtype == DType::F32 && u32::try_from(count).is_ok(), "sums of {count} numbers of {:?}", x.dtype);
}

/// A sum for every plane.
///
/// # Shapes
/// `x`: `[batch, channels, height, width]`; output: `[batch, channels]`
pub(super) fn plane_sums(x: CubeTensor, summand: Summand<'_>) -> CubeTensor {
    summable(&x);
    let shape = x.shape();
    let (plane, planes) = (shape[2] * shape[3], shape[0] * shape[1]);
    let (other, center) = match summand {
        Summand::Value => (None, None),
        Summand::Deviation { center } => (None, Some(center)),
        Summand::Product { other, center } => (Some(other), Some(center)),
    };
    assert!(other.is_none_or(|other| other.shape() == shape), "as many values on both sides");
    assert!(center.is_none_or(|center| center.shape().num_elements() == shape[1]), "a center of each channel");
    let [other, center] = [other, center].map(|tensor| tensor.cloned().map(into_contiguous));
    let x = into_contiguous(x);
    let out = beside(&x, Shape::new([shape[0], shape[1]]));
    let kind = Launch::over(&out).kind;
    let units = plane.next_power_of_two().clamp(32, MOST_UNITS);
    let cube = CubeDim::new_1d(units as u32);
    let cubes = calculate_cube_count_elemwise(&x.client, planes * units, cube);
    let client = x.client.clone();
    // SAFETY: all buffers are contiguous; `x` and `other` hold `plane` values for each of the `planes`, `center` one for every
    // channel, and cubes beyond the planes neither read nor write them.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        plane_sum_kernel::launch_unchecked(
            &client,
            cubes,
            cube,
            x.into_buffer_arg(),
            other.map(CubeTensor::into_buffer_arg).into(),
            center.map(CubeTensor::into_buffer_arg).into(),
            out.clone().into_buffer_arg(),
            plane,
            shape[1],
            planes,
            units,
            kind,
        );
    }
    out
}

/// The sum over a batch, times `scale`.
///
/// # Shapes
/// `planes`: `[batch, channels]`; output: `[channels]`
fn batch_sum(planes: CubeTensor, scale: f32) -> CubeTensor {
    let shape = planes.shape();
    let out = beside(&planes, Shape::new([shape[1]]));
    let launch = Launch::over(&out);
    // SAFETY: `planes` holds `batch` times `count` values and `out` `count`.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        batch_sum_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            planes.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            scale,
            shape[0],
            launch.count,
            launch.kind,
        );
    }
    out
}

/// The sum over everything but the channels, times `scale`.
///
/// # Shapes
/// `x`: `[batch, channels, height, width]`; output: `[channels]`
pub(super) fn channel_sum(x: CubeTensor, summand: Summand<'_>, scale: f32) -> CubeTensor {
    let shape = x.shape();
    let planes = match summand {
        // Planes of one value, as behind a dense layer, are their own sums.
        Summand::Value if shape[2] * shape[3] == 1 => {
            summable(&x);
            Cube::float_reshape(into_contiguous(x), Shape::new([shape[0], shape[1]]))
        }
        summand => plane_sums(x, summand),
    };
    batch_sum(planes, scale)
}

//! Dropout in one launch: the hash of a place is worked out where it is compared.
//!
//! Made of burn's operations on integers it took sixteen launches, 300 of the 760 of a step of the preset `training-4`.

use burn::backend::TensorMetadata;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{Launch, beside};
use crate::dropout::{self, Dropout};

/// Zero where [`dropout::hash`] of the place is below the threshold, the value times `gain` elsewhere.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer or a number")]
fn dropout_kernel<E: Float>(
    x: &[E],
    out: &mut [E],
    key: u32,
    threshold: u32,
    gain: f32,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let mut hash = ABSOLUTE_POS as u32 ^ key;
    hash ^= hash >> comptime!(dropout::SHIFTS[0]);
    hash *= comptime!(dropout::FACTORS[0]);
    hash ^= hash >> comptime!(dropout::SHIFTS[1]);
    hash *= comptime!(dropout::FACTORS[1]);
    hash ^= hash >> comptime!(dropout::SHIFTS[2]);
    let mut value = x[ABSOLUTE_POS] * E::cast_from(gain);
    if hash >> comptime!(dropout::SPARE) < threshold {
        value = E::from_int(0);
    }
    out[ABSOLUTE_POS] = value;
}

/// # Shapes
/// Output: that of `x`.
pub(super) fn dropout(x: CubeTensor, dropout: Dropout) -> CubeTensor {
    let x = into_contiguous(x);
    let out = beside(&x, x.shape());
    let launch = Launch::over(&out);
    // SAFETY: both buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        dropout_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            x.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            dropout.key,
            dropout.threshold(),
            dropout.gain(),
            launch.count,
            launch.kind,
        );
    }
    out
}

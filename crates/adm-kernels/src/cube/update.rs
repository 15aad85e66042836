//! What changes weights, in one launch each: a step of Adam, and an average that follows.

use burn::backend::TensorMetadata;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{Launch, beside, same};

/// How far Adam goes.
#[derive(CubeLaunch, CubeType)]
struct Pace {
    beta_1: f32,
    beta_2: f32,
    step_size: f32,
    epsilon: f32,
}

// Seven buffers, and one that cubecl adds: as many as every WebGPU device binds.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer")]
fn adam_kernel<E: Float>(
    weight: &[E],
    grad: &[E],
    moment_1: &[E],
    moment_2: &[E],
    weight_after: &mut [E],
    moment_1_after: &mut [E],
    moment_2_after: &mut [E],
    pace: &Pace,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let grad = grad[ABSOLUTE_POS];
    let beta_1 = E::cast_from(pace.beta_1);
    let beta_2 = E::cast_from(pace.beta_2);
    let one = E::from_int(1);
    let first = beta_1 * moment_1[ABSOLUTE_POS] + (one - beta_1) * grad;
    let second = beta_2 * moment_2[ABSOLUTE_POS] + (one - beta_2) * grad * grad;
    let scale = second.sqrt() + E::cast_from(pace.epsilon);
    weight_after[ABSOLUTE_POS] = weight[ABSOLUTE_POS] - E::cast_from(pace.step_size) * first / scale;
    moment_1_after[ABSOLUTE_POS] = first;
    moment_2_after[ABSOLUTE_POS] = second;
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

/// Weight, gradient and moments to weight and moments after a step; all of one shape. `pace`: β₁, β₂, step size, ε.
pub(super) fn adam(before: [CubeTensor; 4], [beta_1, beta_2, step_size, epsilon]: [f32; 4]) -> [CubeTensor; 3] {
    before.iter().for_each(|tensor| same(&before[0], tensor));
    let [weight, grad, moment_1, moment_2] = before.map(into_contiguous);
    let after = [(); 3].map(|()| beside(&weight, weight.shape()));
    let launch = Launch::over(&after[0]);
    let [weight_after, moment_1_after, moment_2_after] =
        after.each_ref().map(|tensor| tensor.clone().into_buffer_arg());
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        adam_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            weight.into_buffer_arg(),
            grad.into_buffer_arg(),
            moment_1.into_buffer_arg(),
            moment_2.into_buffer_arg(),
            weight_after,
            moment_1_after,
            moment_2_after,
            PaceLaunch::new(beta_1, beta_2, step_size, epsilon),
            launch.count,
            launch.kind,
        );
    }
    after
}

/// `average + share·(live − average)`, both of the same shape.
pub(super) fn approach(average: CubeTensor, live: CubeTensor, share: f32) -> CubeTensor {
    same(&average, &live);
    let (average, live) = (into_contiguous(average), into_contiguous(live));
    let out = beside(&average, average.shape());
    let launch = Launch::over(&out);
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        approach_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            average.into_buffer_arg(),
            live.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            share,
            launch.count,
            launch.kind,
        );
    }
    out
}

//! One step of Adam in one launch.

use burn::backend::TensorMetadata;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{empty_like, grid, kind};

/// How far Adam goes.
#[derive(CubeLaunch, CubeType)]
struct Pace {
    beta_1: f32,
    beta_2: f32,
    step_size: f32,
    epsilon: f32,
}

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

/// Weight and moments after a step; all of one shape. `pace`: β₁, β₂, step size, ε.
pub(super) fn update(before: [CubeTensor; 4], pace: [f32; 4]) -> (CubeTensor, CubeTensor, CubeTensor) {
    let [weight, grad, moment_1, moment_2] = before.map(into_contiguous);
    let after = [(); 3].map(|()| empty_like(&weight, weight.shape()));
    let count = weight.shape().num_elements();
    let (cubes, cube) = grid(&weight.client, count);
    let [beta_1, beta_2, step_size, epsilon] = pace;
    let client = weight.client.clone();
    let kind = kind(&weight);
    // SAFETY: all buffers are contiguous and hold `count` values.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        adam_kernel::launch_unchecked(
            &client,
            cubes,
            cube,
            weight.into_buffer_arg(),
            grad.into_buffer_arg(),
            moment_1.into_buffer_arg(),
            moment_2.into_buffer_arg(),
            after[0].clone().into_buffer_arg(),
            after[1].clone().into_buffer_arg(),
            after[2].clone().into_buffer_arg(),
            PaceLaunch::new(beta_1, beta_2, step_size, epsilon),
            count,
            kind,
        );
    }
    let [weight, moment_1, moment_2] = after;
    (weight, moment_1, moment_2)
}

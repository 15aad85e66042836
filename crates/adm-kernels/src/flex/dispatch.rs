//! From flex tensors to slices and back.

use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::tensor::FloatTensor;
use burn::backend::{DType, Flex};
use burn::tensor::{Bytes, Shape};

use super::dilated::{self, Line};
use super::plan::Plan;
use super::{activation, adam, convolution, dropout, linear, norm, silu};
use crate::dropout::Dropout;
use crate::ops::{Activation, Forward, Gradient, Window};

/// A tensor whose values lie in memory in index order.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    assert_eq!(tensor.dtype(), DType::F32, "the fused CPU operations take 32-bit floats");
    if tensor.layout().contiguous_offsets().is_some() { tensor } else { tensor.to_contiguous() }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    let all = tensor.storage::<f32>();
    let start = tensor.layout().start_offset();
    &all[start..start + tensor.layout().num_elements()]
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::new(shape)), DType::F32)
}

fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    std::array::from_fn(|axis| tensor.layout().shape()[axis])
}

/// Whether nobody else holds the memory of a contiguous tensor.
fn is_its_own(tensor: &FlexTensor) -> bool {
    tensor.is_unique() && tensor.storage::<f32>().len() == tensor.layout().num_elements()
}

/// The values of a tensor for writing: its own memory where nobody else holds it, a copy where somebody does.
fn owned(tensor: FlexTensor) -> FlexTensor {
    let tensor = contiguous(tensor);
    if is_its_own(&tensor) {
        return tensor;
    }
    let shape = tensor.layout().shape().clone();
    FlexTensor::new(Bytes::from_elems(values(&tensor).to_vec()), Layout::contiguous(shape), DType::F32)
}

impl Forward for Flex {
    fn adm_conv(big: FloatTensor<Self>, weight: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        let (big, weight) = (contiguous(big), contiguous(weight));
        let [small_channels, ..] = dims::<4>(&weight);
        let plan = Plan::from_big(dims(&big), small_channels, window);
        let mut out = vec![0.0; plan.small_len()];
        convolution::forward(&plan, values(&big), values(&weight), &mut out);
        tensor(out, plan.small_shape())
    }

    fn adm_conv_transpose(
        small: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        size: [usize; 2],
    ) -> FloatTensor<Self> {
        let (small, weight) = (contiguous(small), contiguous(weight));
        let [_, big_channels, ..] = dims::<4>(&weight);
        let plan = Plan::from_small(dims(&small), big_channels, size, window);
        let mut out = vec![0.0; plan.big_len()];
        convolution::transpose(&plan, values(&small), values(&weight), &mut out);
        tensor(out, plan.big_shape())
    }

    fn adm_conv_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        let (big, small) = (contiguous(big), contiguous(small));
        let [_, small_channels, ..] = dims::<4>(&small);
        let plan = Plan::from_big(dims(&big), small_channels, window);
        let mut out = vec![0.0; plan.weight_len()];
        convolution::weight(&plan, values(&big), values(&small), &mut out);
        tensor(out, plan.weight_shape())
    }

    fn adm_conv1d(big: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        let (big, weight) = (contiguous(big), contiguous(weight));
        let ([batch, big_channels, big_length], [small_channels, _, kernel]) = (dims::<3>(&big), dims::<3>(&weight));
        let small_length = big_length - (kernel - 1) * dilation;
        let line = Line { batch, big_channels, big_length, small_channels, small_length, kernel, dilation };
        let mut out = vec![0.0; line.small_len()];
        dilated::forward(&line, values(&big), values(&weight), &mut out);
        tensor(out, [batch, small_channels, small_length])
    }

    fn adm_conv1d_transpose(small: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        let (small, weight) = (contiguous(small), contiguous(weight));
        let ([batch, small_channels, small_length], [_, big_channels, kernel]) =
            (dims::<3>(&small), dims::<3>(&weight));
        let big_length = small_length + (kernel - 1) * dilation;
        let line = Line { batch, big_channels, big_length, small_channels, small_length, kernel, dilation };
        let mut out = vec![0.0; line.big_len()];
        dilated::transpose(&line, values(&small), values(&weight), &mut out);
        tensor(out, [batch, big_channels, big_length])
    }

    fn adm_conv1d_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        let (big, small) = (contiguous(big), contiguous(small));
        let ([batch, big_channels, big_length], [_, small_channels, small_length]) =
            (dims::<3>(&big), dims::<3>(&small));
        let kernel = (big_length - small_length) / dilation + 1;
        let line = Line { batch, big_channels, big_length, small_channels, small_length, kernel, dilation };
        let mut out = vec![0.0; line.weight_len()];
        dilated::weight(&line, values(&big), values(&small), &mut out);
        tensor(out, [small_channels, big_channels, kernel])
    }

    fn adm_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, weight) = (contiguous(x), contiguous(weight));
        let ([batch, inputs], [outputs, _]) = (dims::<2>(&x), dims::<2>(&weight));
        tensor(linear::forward(values(&x), values(&weight), inputs), [batch, outputs])
    }

    fn adm_bias_activation(x: FloatTensor<Self>, bias: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let (mut x, bias) = (owned(x), contiguous(bias));
        let [_, channels, height, width] = dims::<4>(&x);
        activation::bias_forward(x.storage_mut::<f32>(), values(&bias), channels, height * width, activation);
        x
    }

    fn adm_dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        let mut x = contiguous(x);
        if is_its_own(&x) {
            dropout::in_place(x.storage_mut::<f32>(), dropout);
            return x;
        }
        let mut out = vec![0.0; x.layout().num_elements()];
        dropout::forward(values(&x), &mut out, dropout);
        FlexTensor::new(Bytes::from_elems(out), Layout::contiguous(x.layout().shape().clone()), DType::F32)
    }

    fn adm_affine_silu(x: FloatTensor<Self>, gain: FloatTensor<Self>, shift: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, gain, shift) = (contiguous(x), contiguous(gain), contiguous(shift));
        let shape = dims::<4>(&x);
        let affine = silu::Affine { gain: values(&gain), shift: values(&shift) };
        tensor(silu::forward(&norm::Grid::new(shape), values(&x), &affine), shape)
    }

    fn adm_norm_activation(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (x, gamma, beta) = (contiguous(x), contiguous(gamma), contiguous(beta));
        let shape = dims::<4>(&x);
        let grid = norm::Grid::new(shape);
        let (mean, variance) = norm::statistics(&grid, values(&x));
        let affine = norm::Affine::new(values(&gamma), values(&beta), &mean, &variance, epsilon);
        let out = norm::forward(&grid, values(&x), &affine, activation);
        (tensor(out, shape), tensor(mean, [grid.channels]), tensor(variance, [grid.channels]))
    }
}

impl Gradient for Flex {
    fn adm_bias_activation_backward(
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (y, mut grad) = (contiguous(y), owned(grad));
        let grid = norm::Grid::new(dims(&y));
        let bias = activation::bias_backward(&grid, values(&y), grad.storage_mut::<f32>(), activation);
        (grad, tensor(bias, [grid.channels]))
    }

    fn adm_norm_activation_backward(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (x, y, mut grad) = (contiguous(x), contiguous(y), owned(grad));
        let (gamma, mean, variance) = (contiguous(gamma), contiguous(mean), contiguous(variance));
        let grid = norm::Grid::new(dims(&x));
        let scale = norm::Scale::new(values(&mean), values(&variance), epsilon);
        let (gamma_grad, beta_grad) = norm::backward(
            &grid,
            values(&x),
            values(&y),
            values(&gamma),
            &scale,
            grad.storage_mut::<f32>(),
            activation,
        );
        (grad, tensor(gamma_grad, [grid.channels]), tensor(beta_grad, [grid.channels]))
    }

    fn adm_affine_silu_backward(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        grad: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (x, gain, shift, mut grad) = (contiguous(x), contiguous(gain), contiguous(shift), owned(grad));
        let grid = norm::Grid::new(dims(&x));
        let affine = silu::Affine { gain: values(&gain), shift: values(&shift) };
        let (gain_grad, shift_grad) = silu::backward(&grid, values(&x), &affine, grad.storage_mut::<f32>());
        (grad, tensor(gain_grad, [grid.channels]), tensor(shift_grad, [grid.channels]))
    }

    fn adm_approach(average: FloatTensor<Self>, live: FloatTensor<Self>, share: f32) -> FloatTensor<Self> {
        let (mut average, live) = (owned(average), contiguous(live));
        adam::approach(average.storage_mut::<f32>(), values(&live), share);
        average
    }

    fn adm_adam_update(
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        beta_1: f32,
        beta_2: f32,
        step_size: f32,
        epsilon: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let grad = contiguous(grad);
        let (mut weight, mut moment_1, mut moment_2) = (owned(weight), owned(moment_1), owned(moment_2));
        adam::update(
            weight.storage_mut::<f32>(),
            values(&grad),
            moment_1.storage_mut::<f32>(),
            moment_2.storage_mut::<f32>(),
            &adam::Step { beta_1, beta_2, step_size, epsilon },
        );
        (weight, moment_1, moment_2)
    }
}

//! The operations on wgpu and CUDA: burn's own, whose kernels are tuned there.

use burn::backend::ops::{ConvOptions, ConvTransposeOptions, FloatTensorOps, IntTensorOps, ModuleOps};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Cube, TensorMetadata};
use burn::tensor::{IntDType, Scalar, Shape};

use crate::dropout::{self, Dropout};
use crate::ops::{Activation, Forward, Gradient, Window};

fn options(window: Window) -> ConvOptions<2> {
    ConvOptions::new([window.stride; 2], [window.padding; 2], [1, 1], 1)
}

/// The extra rows and columns that make a transposed convolution end at `size`.
fn transpose_options(window: Window, small: &Shape, size: [usize; 2]) -> ConvTransposeOptions<2> {
    let extra = [0, 1].map(|axis| size[axis].saturating_sub(window.big_side(small[2 + axis])));
    ConvTransposeOptions::new([window.stride; 2], [window.padding; 2], extra, [1, 1], 1)
}

fn per_channel<B: Backend>(values: FloatTensor<B>) -> FloatTensor<B> {
    let channels = values.shape().num_elements();
    B::float_reshape(values, Shape::new([1, channels, 1, 1]))
}

fn activate<B: Backend>(x: FloatTensor<B>, activation: Activation) -> FloatTensor<B> {
    match activation {
        Activation::Identity => x,
        Activation::LeakyRelu { slope } => B::leaky_relu(x, Scalar::Float(f64::from(slope))),
        Activation::Tanh => B::float_tanh(x),
        Activation::LeakyTanh { slope } => B::float_tanh(activate::<B>(x, Activation::LeakyRelu { slope })),
    }
}

/// `grad` scaled by `slope` where `y` is not above zero.
fn leaky_backward<B: Backend>(y: FloatTensor<B>, grad: FloatTensor<B>, slope: f32) -> FloatTensor<B> {
    let settings = burn::backend::get_or_init_device_settings::<B>(&y.device());
    let below = B::float_lower_equal_elem(y, Scalar::Float(0.0), settings.bool_dtype);
    let scaled = B::float_mul_scalar(grad.clone(), Scalar::Float(f64::from(slope)));
    B::float_mask_where(grad, below, scaled)
}

/// `grad·f'`, with `f'` told from the output `y`.
fn activation_backward<B: Backend>(y: FloatTensor<B>, grad: FloatTensor<B>, activation: Activation) -> FloatTensor<B> {
    match activation {
        Activation::Identity => grad,
        Activation::LeakyRelu { slope } => leaky_backward::<B>(y, grad, slope),
        Activation::Tanh => {
            let lost = B::float_mul(grad.clone(), B::float_mul(y.clone(), y));
            B::float_sub(grad, lost)
        }
        Activation::LeakyTanh { slope } => {
            let grad = activation_backward::<B>(y.clone(), grad, Activation::Tanh);
            leaky_backward::<B>(y, grad, slope)
        }
    }
}

/// [`dropout::hash`] of every place. Signed integers wrap the same way; only their shifts drag the sign along.
fn hashes<B: Backend>(places: IntTensor<B>, key: u32) -> IntTensor<B> {
    let int = |value: u32| Scalar::Int(i64::from(value as i32));
    let shift = |x: IntTensor<B>, by: u32| {
        B::bitwise_and_scalar(B::bitwise_right_shift_scalar(x, Scalar::Int(by.into())), int(u32::MAX >> by))
    };
    let fold = |x: IntTensor<B>, by: u32| B::bitwise_xor(x.clone(), shift(x, by));
    let x = fold(B::bitwise_xor_scalar(places, int(key)), dropout::SHIFTS[0]);
    let x = fold(B::int_mul_scalar(x, int(dropout::FACTORS[0])), dropout::SHIFTS[1]);
    let x = fold(B::int_mul_scalar(x, int(dropout::FACTORS[1])), dropout::SHIFTS[2]);
    shift(x, dropout::SPARE)
}

/// Sum over everything but the channels.
fn channel_sum<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    let channels = x.shape()[1];
    let flat = Shape::new([channels, x.shape().num_elements() / channels]);
    let sum = B::float_sum_dim(B::float_reshape(B::float_swap_dims(x, 0, 1), flat), 1);
    B::float_reshape(sum, Shape::new([channels]))
}

impl Forward for Cube {
    fn adm_conv(big: FloatTensor<Self>, weight: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        Self::conv2d(big, weight, None, options(window))
    }

    fn adm_conv_transpose(
        small: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        size: [usize; 2],
    ) -> FloatTensor<Self> {
        let options = transpose_options(window, &small.shape(), size);
        Self::conv_transpose2d(small, weight, None, options)
    }

    fn adm_conv_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        let shape = Shape::new([small.shape()[1], big.shape()[1], window.kernel, window.kernel]);
        // burn reads no more of the weight than its shape.
        let like = Self::float_zeros(shape, &big.device(), big.dtype().into());
        Self::conv2d_weight_backward(big, like, small, options(window))
    }

    fn adm_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(x, Self::float_transpose(weight))
    }

    fn adm_bias_activation(x: FloatTensor<Self>, bias: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        activate::<Self>(Self::float_add(x, per_channel::<Self>(bias)), activation)
    }

    fn adm_dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        let shape = x.shape();
        let places = Self::int_arange(0..shape.num_elements() as i64, &x.device(), IntDType::I32);
        let settings = burn::backend::get_or_init_device_settings::<Self>(&x.device());
        let hashes = Self::int_reshape(hashes::<Self>(places, dropout.key), shape);
        let forgotten = Self::int_lower_elem(hashes, Scalar::Int(dropout.threshold().into()), settings.bool_dtype);
        let scaled = Self::float_mul_scalar(x, Scalar::Float(f64::from(dropout.gain())));
        Self::float_mask_fill(scaled, forgotten, Scalar::Float(0.0))
    }

    fn adm_norm_activation(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let normed = Self::batch_norm_train(x, gamma, beta, f64::from(epsilon));
        (activate::<Self>(normed.output, activation), normed.mean, normed.variance)
    }
}

impl Gradient for Cube {
    fn adm_bias_activation_backward(
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let grad = activation_backward::<Self>(y, grad, activation);
        (grad.clone(), channel_sum::<Self>(grad))
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
        let grad = activation_backward::<Self>(y, grad, activation);
        let back = Self::batch_norm_train_backward(x, gamma, mean, variance, f64::from(epsilon), grad);
        (back.x_grad, back.gamma_grad, back.beta_grad)
    }

    fn adm_approach(average: FloatTensor<Self>, live: FloatTensor<Self>, share: f32) -> FloatTensor<Self> {
        let way = Self::float_sub(live, average.clone());
        Self::float_add(average, Self::float_mul_scalar(way, Scalar::Float(f64::from(share))))
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
        let times = |x: FloatTensor<Self>, by: f32| Self::float_mul_scalar(x, Scalar::Float(f64::from(by)));
        let squared = Self::float_mul(grad.clone(), grad.clone());
        let moment_1 = Self::float_add(times(moment_1, beta_1), times(grad, 1.0 - beta_1));
        let moment_2 = Self::float_add(times(moment_2, beta_2), times(squared, 1.0 - beta_2));
        let scale = Self::float_add_scalar(Self::float_sqrt(moment_2.clone()), Scalar::Float(f64::from(epsilon)));
        let change = times(Self::float_div(moment_1.clone(), scale), step_size);
        (Self::float_sub(weight, change), moment_1, moment_2)
    }
}

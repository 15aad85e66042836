//! The operations as burn backend extensions: what each backend must supply.

use burn::backend::{Backend, backend_extension, tensor::FloatTensor};

use crate::dropout::Dropout;

/// How a convolution's square kernel slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Side of the kernel in pixels.
    pub kernel: usize,
    /// Step in pixels of `big` for one pixel of `small`. A larger stride shrinks more.
    pub stride: usize,
    /// Zeros added on each side of `big`.
    pub padding: usize,
}

impl Window {
    /// Side of `small` for a side of `big`.
    pub fn small_side(self, big: usize) -> usize {
        (big + 2 * self.padding).saturating_sub(self.kernel) / self.stride + 1
    }

    /// Smallest side of `big` that gives this side of `small`.
    pub fn big_side(self, small: usize) -> usize {
        ((small - 1) * self.stride + self.kernel).saturating_sub(2 * self.padding)
    }
}

/// An elementwise non-linearity whose derivative can be told from its output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// Nothing.
    Identity,
    /// `x` above zero, `slope·x` below; slope 0 is ReLU. A larger slope lets more through.
    LeakyRelu {
        /// Gain below zero, 0 to 1.
        slope: f32,
    },
    /// Squashes to (−1, 1).
    Tanh,
    /// The one after the other: `tanh(leaky_relu(x))`.
    LeakyTanh {
        /// Gain below zero before squashing, above 0 to 1.
        slope: f32,
    },
}

/// Operations with a backward pass.
#[backend_extension(Flex, Cube, Autodiff)]
pub(crate) trait Forward: Backend {
    fn adm_conv(big: FloatTensor<Self>, weight: FloatTensor<Self>, window: Window) -> FloatTensor<Self>;

    fn adm_conv_transpose(
        small: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        size: [usize; 2],
    ) -> FloatTensor<Self>;

    fn adm_conv_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, window: Window) -> FloatTensor<Self>;

    /// A dilated convolution along one axis.
    fn adm_conv1d(big: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self>;

    fn adm_conv1d_transpose(small: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self>;

    fn adm_conv1d_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self>;

    fn adm_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    fn adm_bias_activation(x: FloatTensor<Self>, bias: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;

    fn adm_dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self>;

    fn adm_affine_silu(x: FloatTensor<Self>, gain: FloatTensor<Self>, shift: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Output, mean and biased variance; the last two carry no gradient.
    fn adm_norm_activation(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// Operations that only run inside a backward pass or an optimiser.
#[backend_extension(Flex, Cube)]
pub(crate) trait Gradient: Backend {
    /// Gradients of the input and the bias.
    fn adm_bias_activation_backward(
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of the input, gamma and beta.
    #[allow(clippy::too_many_arguments, reason = "each is a tensor that the formula needs")]
    fn adm_norm_activation_backward(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Gradients of the input, the gain and the shift.
    fn adm_affine_silu_backward(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        grad: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// `average + share·(live − average)`
    fn adm_approach(average: FloatTensor<Self>, live: FloatTensor<Self>, share: f32) -> FloatTensor<Self>;

    /// Weight, first and second moment after one step of Adam.
    #[allow(clippy::too_many_arguments, reason = "each is a tensor that the formula needs")]
    fn adm_adam_update(
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        beta_1: f32,
        beta_2: f32,
        step_size: f32,
        epsilon: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

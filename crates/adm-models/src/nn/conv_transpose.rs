//! A strided transposed convolution.

use adm_kernels::{Activation, Window, bias_activation, conv_transpose};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

/// `f(Wᵀ ∗ x + b)`
#[derive(Module, Debug)]
pub struct ConvTranspose {
    /// `[inputs, outputs, kernel, kernel]`; one less each way where it is smooth.
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    #[module(skip)]
    smooth: bool,
}

impl ConvTranspose {
    /// From `inputs` to `outputs` channels; weights start normally distributed with this deviation.
    pub fn init([inputs, outputs]: [usize; 2], window: Window, deviation: f64, init: &mut Gaussian<'_>) -> Self {
        Self {
            weight: init.normal([inputs, outputs, window.kernel, window.kernel], deviation),
            bias: init.constant([outputs], 0.0),
            smooth: false,
        }
    }

    /// One that doubles by repeating every pixel and then convolves with a kernel one smaller, so that no pixel is made by more
    /// weights than its neighbour (Odena, Dumoulin & Olah, "Deconvolution and checkerboard artifacts", Distill 2016). Both together
    /// are a transposed convolution whose kernel is that smaller one, summed over every two neighbours, and cost no more.
    pub fn smooth([inputs, outputs]: [usize; 2], window: Window, deviation: f64, init: &mut Gaussian<'_>) -> Self {
        let window = Window { kernel: window.kernel - 1, ..window };
        Self { smooth: true, ..Self::init([inputs, outputs], window, deviation, init) }
    }

    fn effective_weight(&self) -> Tensor<4> {
        let weight = self.weight.val();
        if !self.smooth {
            return weight;
        }
        let doubled = |weight: Tensor<4>, axis: usize| {
            let mut dims = weight.dims();
            dims[axis] = 1;
            let zeros = Tensor::zeros(dims, &weight.device());
            Tensor::cat(vec![weight.clone(), zeros.clone()], axis) + Tensor::cat(vec![zeros, weight], axis)
        };
        doubled(doubled(weight, 2), 3)
    }

    /// The transposed convolution alone, for a norm that brings its own bias.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, rows, columns]`; output: `[batch, outputs, height, width]`
    pub fn forward_linear(&self, x: Tensor<4>, window: Window) -> Tensor<4> {
        conv_transpose(x, self.effective_weight(), window)
    }

    /// Transposed convolution, bias and activation.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, rows, columns]`; output: `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>, window: Window, activation: Activation) -> Tensor<4> {
        bias_activation(self.forward_linear(x, window), self.bias.val(), activation)
    }

    /// The same, added to `base` before the activation.
    ///
    /// # Shapes
    /// As [`forward`](Self::forward); `base`: `[batch, outputs · height · width]`
    pub fn forward_onto(&self, base: Tensor<2>, x: Tensor<4>, window: Window, activation: Activation) -> Tensor<4> {
        let x = self.forward_linear(x, window);
        let dims = x.dims();
        bias_activation(x + base.reshape(dims), self.bias.val(), activation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_kernels::conv;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn smooth_is_repeating_pixels_and_then_convolving() {
        let (device, window) = (Device::flex(), Window { kernel: 4, stride: 2, padding: 1 });
        let layer = ConvTranspose::smooth([3, 2], window, 1.0, &mut Gaussian::new(Seeds::new(1), "layer", &device));
        let values: Vec<f32> = (0..2 * 3 * 5 * 4).map(|n| (n as f32 * 0.7).sin()).collect();
        let x = Tensor::<4>::from_data(TensorData::new(values, [2, 3, 5, 4]), &device);
        let repeated = x.clone().reshape([2, 3, 5, 1, 4, 1]).expand([2, 3, 5, 2, 4, 2]).reshape([2, 3, 10, 8]);
        // A transposed convolution turns its kernel over; a convolution does not.
        let kernel = layer.weight.val().flip([2, 3]).swap_dims(0, 1);
        let expected = conv(repeated, kernel, Window { kernel: 3, stride: 1, padding: 1 });
        let got = layer.forward_linear(x, window);
        let [got, expected] = [got, expected].map(|x| x.into_data().iter::<f32>().collect::<Vec<_>>());
        assert_eq!(got.len(), expected.len());
        assert!(got.iter().zip(&expected).all(|(got, expected)| (got - expected).abs() < 1e-5), "{got:?} {expected:?}");
    }
}

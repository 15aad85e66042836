//! Self-attention among the pixels of a picture.

use burn::module::Module;
use burn::tensor::{Tensor, activation};

use super::{Gaussian, GroupNorm, Linear};

/// `x + W·attention(norm(x))`: every pixel looks at every other (Vaswani et al. 2017; Ho et al. 2020, appendix B). It starts as nothing
/// but `x`. Time and memory grow with the square of the number of pixels.
#[derive(Module, Debug)]
pub struct PixelAttention {
    norm: GroupNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    #[module(skip)]
    heads: usize,
}

impl PixelAttention {
    /// For this many channels in `heads` equal parts, normalised in `groups`; both have to divide them.
    pub fn init(channels: usize, heads: usize, groups: usize, init: &mut Gaussian<'_>) -> Self {
        let norm = GroupNorm::init(channels, groups, init);
        let deviation = (1.0 / channels as f64).sqrt();
        let mut linear = |deviation: f64| Linear::init([channels, channels], deviation, false, init);
        let [query, key, value] = [(); 3].map(|()| linear(deviation));
        Self { norm, query, key, value, output: linear(0.0), heads }
    }

    /// # Shapes
    /// `x` and output: `[batch, channels, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let (pixels, part) = (height * width, channels / self.heads);
        let normed = self.norm.forward(x.clone()).reshape([batch, channels, pixels]).swap_dims(1, 2);
        let rows = normed.reshape([batch * pixels, channels]);
        let split =
            |linear: &Linear| linear.forward(rows.clone()).reshape([batch, pixels, self.heads, part]).swap_dims(1, 2);
        let scores = split(&self.query).matmul(split(&self.key).transpose()).div_scalar((part as f32).sqrt());
        let mixed = activation::softmax(scores, 3).matmul(split(&self.value));
        let said = self.output.forward(mixed.swap_dims(1, 2).reshape([batch * pixels, channels]));
        x + said.reshape([batch, pixels, channels]).swap_dims(1, 2).reshape([batch, channels, height, width])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::Device;

    /// Sums of a few dozen values in 32 bits, taken in another order.
    const TOLERANCE: f32 = 1e-5;

    fn largest(a: Tensor<4>, b: Tensor<4>) -> f32 {
        (a - b).abs().max().into_data().iter::<f32>().fold(0.0, f32::max)
    }

    #[test]
    fn it_starts_as_nothing_and_then_carries_pixels_along_wherever_they_are() {
        let device = Device::flex();
        let mut init = Gaussian::new(Seeds::new(5), "test", &device);
        let mut attention = PixelAttention::init(8, 2, 4, &mut init);
        let x: Tensor<4> = init.normal([2, 8, 3, 5], 1.0).val();
        assert_eq!(largest(attention.forward(x.clone()), x.clone()), 0.0);
        attention.output = Linear::init([8, 8], 0.5, false, &mut init);
        let said = attention.forward(x.clone());
        assert!(largest(said.clone(), x.clone()) > 0.1);
        // It knows no places: pixels in another order give the same in that order.
        let turned = attention.forward(x.clone().flip([2, 3]));
        assert!(largest(turned.flip([2, 3]), said.clone()) < TOLERANCE);
        // Another far pixel changes every one.
        let other = x.slice_assign([0..2, 0..8, 2..3, 4..5], Tensor::full([2, 8, 1, 1], 3.0, &device));
        let moved = (attention.forward(other) - said).abs().sum_dim(1).narrow(2, 0, 1);
        assert!(moved.into_data().iter::<f32>().all(|change| change > 1e-4));
    }
}

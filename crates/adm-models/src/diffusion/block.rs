//! The residual block of the U-Net.

use adm_kernels::{Activation, Window, bias_activation};
use burn::module::Module;
use burn::tensor::Tensor;

use crate::nn::{Conv, Gaussian, GroupNorm, Linear};

/// A convolution that keeps the size.
pub(super) const SAME: Window = Window { kernel: 3, stride: 1, padding: 1 };
/// One that looks at each pixel alone.
const ALONE: Window = Window { kernel: 1, stride: 1, padding: 0 };

/// `skip(x) + conv(silu(norm(conv(silu(norm(x))) + told)))` (Ho et al. 2020, appendix B). It starts as nothing but the skip.
#[derive(Module, Debug)]
pub struct ResidualBlock {
    first_norm: GroupNorm,
    first: Conv,
    told: Linear,
    second_norm: GroupNorm,
    second: Conv,
    /// Where the number of channels changes.
    skip: Option<Conv>,
}

impl ResidualBlock {
    /// From `inputs` to `outputs` channels, told of step and label by vectors of `embedding` values.
    pub fn init([inputs, outputs]: [usize; 2], embedding: usize, groups: usize, init: &mut Gaussian<'_>) -> Self {
        let deviation = |fan_in: usize| (1.0 / fan_in as f64).sqrt();
        Self {
            first_norm: GroupNorm::init(inputs, groups, init),
            first: Conv::init([inputs, outputs], SAME, deviation(9 * inputs), false, init),
            told: Linear::init([embedding, outputs], deviation(embedding), false, init),
            second_norm: GroupNorm::init(outputs, groups, init),
            second: Conv::init([outputs, outputs], SAME, 0.0, false, init),
            skip: (inputs != outputs).then(|| Conv::init([inputs, outputs], ALONE, deviation(inputs), false, init)),
        }
    }

    /// # Shapes
    /// `x`: `[batch, inputs, height, width]`; `told`: `[batch, embedding]`; output: `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>, told: Tensor<2>) -> Tensor<4> {
        let inner = self.first.forward_linear(self.first_norm.forward_silu(x.clone()), SAME);
        let inner = add(inner, self.told.forward(told));
        let inner = self.second.forward(self.second_norm.forward_silu(inner), SAME, Activation::Identity);
        match &self.skip {
            None => x + inner,
            Some(skip) => skip.forward(x, ALONE, Activation::Identity) + inner,
        }
    }
}

/// Adds a value to every channel of every sample: a channel of a sample is to the fused operation what a channel of a batch is.
fn add(x: Tensor<4>, told: Tensor<2>) -> Tensor<4> {
    let dims = x.dims();
    let [batch, channels, height, width] = dims;
    let rows = batch * channels;
    bias_activation(x.reshape([1, rows, height, width]), told.reshape([rows]), Activation::Identity).reshape(dims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::module::{ModuleMapper, ModuleVisitor, Param};
    use burn::optim::GradientsParams;
    use burn::tensor::{Device, TensorData};

    /// A difference of sums in 32 bits over a small step, against a gradient of about 1.
    const TOLERANCE: f64 = 2e-2;
    const STEP: f32 = 1e-2;

    /// Adds `by` to the value at `at` of the `which`-th parameter, and notes how many parameters there are.
    struct Nudge {
        which: usize,
        at: usize,
        by: f32,
        seen: usize,
    }

    impl ModuleMapper for Nudge {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let here = self.seen == self.which;
            self.seen += 1;
            let (at, by) = (self.at, self.by);
            param.map(|tensor| {
                if !here {
                    return tensor;
                }
                let device = tensor.device();
                let data = tensor.into_data();
                let shape = data.shape().to_vec();
                let mut values: Vec<f32> = data.iter::<f32>().collect();
                let count = values.len();
                values[at % count] += by;
                Tensor::from_data(TensorData::new(values, shape), &device).require_grad()
            })
        }
    }

    /// The gradient at `at` of every parameter.
    struct Read<'a> {
        grads: &'a GradientsParams,
        at: usize,
        found: Vec<Option<f64>>,
    }

    impl ModuleVisitor for Read<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let value = self.grads.get::<D>(param.id).map(|grad| {
                let values: Vec<f64> = grad.into_data().iter::<f64>().collect();
                values[self.at % values.len()]
            });
            self.found.push(value);
        }
    }

    fn values<const D: usize>(dims: [usize; D], phase: f32, device: &Device) -> Tensor<D> {
        let values = (0..dims.iter().product()).map(|at: usize| (at as f32 * 1.9 + phase).sin()).collect::<Vec<f32>>();
        Tensor::from_data(TensorData::new(values, dims), device)
    }

    #[test]
    fn it_starts_as_its_skip() {
        let device = Device::flex();
        let mut init = Gaussian::new(Seeds::new(4), "test", &device);
        let block = ResidualBlock::init([4, 4], 6, 2, &mut init);
        let x = values([2, 4, 5, 3], 0.0, &device);
        let said = block.forward(x.clone(), values([2, 6], 0.5, &device));
        assert_eq!(said.into_data().iter::<f32>().collect::<Vec<_>>(), x.into_data().iter::<f32>().collect::<Vec<_>>());
    }

    #[test]
    fn its_gradients_are_finite_differences() {
        let device = Device::flex().autodiff();
        let mut init = Gaussian::new(Seeds::new(4), "test", &device);
        let mut block = ResidualBlock::init([4, 6], 4, 2, &mut init);
        block.second = Conv::init([6, 6], SAME, 0.3, false, &mut init);
        let (x, told) = (values([2, 4, 5, 3], 0.0, &device), values([2, 4], 0.5, &device));
        let weights = values([2, 6, 5, 3], 1.0, &device);
        let cost = |block: &ResidualBlock| (block.forward(x.clone(), told.clone()) * weights.clone()).sum();
        let value = |block: &ResidualBlock| cost(block).into_data().iter::<f64>().sum::<f64>();
        for at in [0, 3, 17, 101] {
            let grads = GradientsParams::from_grads(cost(&block).backward(), &block);
            let mut read = Read { grads: &grads, at, found: Vec::new() };
            block.visit(&mut read);
            let mut checked = 0;
            for (which, found) in read.found.iter().enumerate() {
                // The first convolution's own bias is left to what is told.
                let Some(found) = found else { continue };
                let nudged = |by| value(&block.clone().map(&mut Nudge { which, at, by, seen: 0 }));
                let slope = (nudged(STEP) - nudged(-STEP)) / (2.0 * f64::from(STEP));
                assert!(
                    (slope - found).abs() < TOLERANCE * (1.0 + slope.abs()),
                    "{which} at {at}: {found}, not {slope}"
                );
                checked += 1;
            }
            assert_eq!(
                checked, 11,
                "two norms, two convolutions, what is told and the skip, with their biases but one"
            );
        }
    }
}

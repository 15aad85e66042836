//! A dilated convolution along time with weight normalisation (Salimans and Kingma 2016).

use adm_kernels::{conv1d, conv1d_transpose};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

/// `W ∗ x (+ b)`, where each output's weight is a length times a direction.
#[derive(Module, Debug)]
pub struct Conv1d {
    /// `[outputs, inputs, kernel]`; only where it points counts.
    direction: Param<Tensor<3>>,
    /// `[outputs]`
    length: Param<Tensor<1>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    dilation: usize,
}

/// What a dilated convolution is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Samples that are seen at once.
    pub kernel: usize,
    /// Samples from one of them to the next.
    pub dilation: usize,
}

impl Reach {
    /// Samples by which the output is shorter.
    pub fn lost(self) -> usize {
        (self.kernel - 1) * self.dilation
    }
}

impl Conv1d {
    /// From `inputs` to `outputs` channels; weights start normally distributed with this deviation, as if there were no norm.
    pub fn init(
        [inputs, outputs]: [usize; 2],
        reach: Reach,
        deviation: f64,
        biased: bool,
        init: &mut Gaussian<'_>,
    ) -> Self {
        let shape = [outputs, inputs, reach.kernel];
        let direction = init.normal(shape, deviation);
        let lengths: Vec<f32> = lengths(direction.val()).detach().into_data().iter::<f32>().collect();
        Self {
            length: init.values(lengths, [outputs]),
            bias: biased.then(|| init.constant([outputs], 0.0)),
            direction,
            dilation: reach.dilation,
        }
    }

    /// `[outputs, inputs, kernel]`
    fn weight(&self) -> Tensor<3> {
        let direction = self.direction.val();
        let outputs = direction.dims()[0];
        let scale = self.length.val() / lengths(direction.clone());
        direction * scale.reshape([outputs, 1, 1])
    }

    /// # Shapes
    /// `x`: `[batch, inputs, time]`; output: `[batch, outputs, time − reach]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let out = conv1d(x, self.weight(), self.dilation);
        match &self.bias {
            None => out,
            Some(bias) => {
                let channels = out.dims()[1];
                out + bias.val().reshape([1, channels, 1])
            }
        }
    }

    /// The gradient of the inputs, given that of the outputs, as a computation that can itself be differentiated.
    ///
    /// # Shapes
    /// `gradient`: `[batch, outputs, time − reach]`; output: `[batch, inputs, time]`
    pub fn back(&self, gradient: Tensor<3>) -> Tensor<3> {
        conv1d_transpose(gradient, self.weight(), self.dilation)
    }
}

/// Length of each output's direction, `[outputs]`.
fn lengths(direction: Tensor<3>) -> Tensor<1> {
    let [outputs, inputs, kernel] = direction.dims();
    direction.square().reshape([outputs, inputs * kernel]).sum_dim(1).sqrt().reshape([outputs])
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_train::weights::{apply, collect};
    use burn::tensor::{Device, TensorData};

    /// Sums of a few dozen products of 32 bits in another order.
    const TOLERANCE: f32 = 1e-5;

    fn values<const D: usize>(x: Tensor<D>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    fn signal(shape: [usize; 3], phase: f32) -> Vec<f32> {
        (0..shape.iter().product()).map(|at| (at as f32 * 0.73 + phase).sin()).collect()
    }

    fn tensor(shape: [usize; 3], phase: f32) -> Tensor<3> {
        Tensor::from_data(TensorData::new(signal(shape, phase), shape), &Device::flex().autodiff())
    }

    /// The same by a loop over every product.
    fn slowly(x: &[f32], weight: &[f32], [inputs, outputs, time]: [usize; 3], reach: Reach) -> Vec<f32> {
        let short = time - reach.lost();
        let value = |output: usize, at: usize| -> f32 {
            let products = (0..inputs).flat_map(|input| (0..reach.kernel).map(move |place| (input, place)));
            let product = |(input, place): (usize, usize)| {
                weight[(output * inputs + input) * reach.kernel + place] * x[input * time + at + place * reach.dilation]
            };
            products.map(product).sum()
        };
        (0..outputs).flat_map(|output| (0..short).map(move |at| value(output, at))).collect()
    }

    #[test]
    fn it_is_what_a_loop_gives_and_starts_as_if_there_were_no_norm() {
        let device = Device::flex();
        // Shorter and longer than a block of the fused operation.
        for (inputs, outputs, kernel, dilation, time) in [(1, 3, 9, 1, 40), (3, 2, 9, 8, 2_500), (2, 1, 1, 1, 7)] {
            let reach = Reach { kernel, dilation };
            let mut init = Gaussian::new(Seeds::new(3), "test", &device);
            let conv = Conv1d::init([inputs, outputs], reach, 0.4, false, &mut init);
            let drawn = values(conv.direction.val());
            let x = signal([1, inputs, time], 0.1);
            let expected = slowly(&x, &drawn, [inputs, outputs, time], reach);
            let got = conv.forward(Tensor::from_data(TensorData::new(x, [1, inputs, time]), &device));
            assert_eq!(got.dims(), [1, outputs, time - reach.lost()]);
            let off = values(got).iter().zip(&expected).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(off < TOLERANCE, "{off}");
        }
    }

    #[test]
    fn gradients_are_those_of_products_that_autodiff_knows() {
        let (reach, shape) = (Reach { kernel: 3, dilation: 5 }, [2, 2, 1_200]);
        let short = shape[2] - reach.lost();
        let fused = |x: Tensor<3>, w: Tensor<3>| conv1d(x, w, 5);
        let sliced = |x: Tensor<3>, w: Tensor<3>| {
            let moved = (0..3).map(|place| x.clone().narrow(2, place * 5, short));
            let weights = (0..3).map(|place| w.clone().narrow(2, place, 1).reshape([1, 4, 2]));
            weights.zip(moved).map(|(w, x)| w.matmul(x)).reduce(|sum, part| sum + part).unwrap()
        };
        let back = |x: Tensor<3>, w: Tensor<3>| conv1d_transpose(x, w, 5);
        let padded = |x: Tensor<3>, w: Tensor<3>| {
            let zeros = Tensor::zeros([2, 4, reach.lost()], &x.device());
            let x = Tensor::cat(vec![zeros.clone(), x, zeros], 2);
            let moved = (0..3).map(|place| x.clone().narrow(2, (2 - place) * 5, short + reach.lost()));
            let weights = (0..3).map(|place| w.clone().narrow(2, place, 1).reshape([1, 4, 2]).swap_dims(1, 2));
            weights.zip(moved).map(|(w, x)| w.matmul(x)).reduce(|sum, part| sum + part).unwrap()
        };
        let gradients = |form: &dyn Fn(Tensor<3>, Tensor<3>) -> Tensor<3>, shape: [usize; 3]| {
            let (x, w) = (tensor(shape, 0.3).require_grad(), tensor([4, 2, 3], 1.1).require_grad());
            let out = form(x.clone(), w.clone());
            let weighted = out.clone() * tensor(out.dims(), 2.0);
            let grads = weighted.sum().backward();
            [values(out), values(x.grad(&grads).unwrap()), values(w.grad(&grads).unwrap())]
        };
        let pairs = [
            (gradients(&fused, shape), gradients(&sliced, shape)),
            (gradients(&back, [2, 4, short]), gradients(&padded, [2, 4, short])),
        ];
        for (ours, theirs) in pairs {
            for (ours, theirs) in ours.iter().zip(&theirs) {
                let most = theirs.iter().fold(0.0f32, |most, value| most.max(value.abs()));
                let off = ours.iter().zip(theirs).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
                assert!(ours.len() == theirs.len() && off < 1e-4 * most, "{off} of {most}");
            }
        }
    }

    #[test]
    fn only_the_direction_s_direction_counts() {
        let device = Device::flex();
        let reach = Reach { kernel: 9, dilation: 2 };
        let conv = Conv1d::init([2, 3], reach, 0.02, true, &mut Gaussian::new(Seeds::new(3), "test", &device));
        let mut arrays = collect(&conv);
        arrays.get_mut("direction").unwrap().values.iter_mut().for_each(|value| *value *= 7.0);
        let longer = apply(conv.clone(), &arrays).unwrap();
        let x = Tensor::from_data(TensorData::new(signal([1, 2, 60], 0.0), [1, 2, 60]), &device);
        let (before, after) = (values(conv.forward(x.clone())), values(longer.forward(x)));
        assert!(before.iter().zip(&after).all(|(a, b)| (a - b).abs() < TOLERANCE));
    }
}

//! Tensor to one number: real or generated.

use adm_core::seeds::{Rng, StreamRng};
use adm_kernels::{Activation, Dropout, Window};
use adm_spectral::Shape;
use burn::module::Module;
use burn::tensor::{Int, Tensor};

use super::generator::halving;
use super::{ConditionConfig, GanConfig, NormKind, Projection};
use crate::nn::{BatchNorm, Conv, Gaussian, Linear};

/// Deviation of the starting weights (Radford et al. 2016, section 4).
const DEVIATION: f64 = 0.02;

/// LeakyReLU's gain below zero between dense layers.
const DENSE_SLOPE: f64 = 0.2;

/// Squared value below which the logarithmic view shows nothing. With square-root scaling a value is the root of a
/// magnitude, so this is 80 dB below the reference, about where a 16-bit recording's own noise lies.
const LOG_FLOOR: f32 = 1e-4;

/// Added to a variance, so that its root has a slope where all samples agree.
const SPREAD_FLOOR: f32 = 1e-8;

/// What is fixed about a discriminator beside its weights.
#[derive(Debug, Clone)]
struct Layout {
    window: Window,
    activation: Activation,
    /// Its gain below zero.
    slope: f32,
    /// Share of each layer's values that are forgotten.
    dropout: f32,
    log_magnitude: f32,
    spread: bool,
}

/// The discriminator.
#[derive(Module, Debug)]
pub struct Discriminator {
    convs: Vec<Conv>,
    norms: Vec<Option<BatchNorm>>,
    dense: Vec<Linear>,
    /// How well features go with labels.
    projection: Option<Projection>,
    #[module(skip)]
    layout: Layout,
}

impl Discriminator {
    /// With starting weights, for labels of `tokens` tokens where the configuration is conditional.
    pub fn init(config: &GanConfig, shape: Shape, tokens: usize, init: &mut Gaussian<'_>) -> Self {
        let d = &config.discriminator;
        let spectral = d.norm == NormKind::Spectral;
        let window = halving(d.kernel);
        let views = if d.log_magnitude > 0.0 { shape.channels + shape.channels / 2 } else { shape.channels };
        let inputs = [views].into_iter().chain(d.widths.iter().copied());
        let convs = inputs
            .zip(&d.widths)
            .map(|(inputs, &outputs)| Conv::init([inputs, outputs], window, DEVIATION, spectral, init))
            .collect();
        // The first layer sees the values as they are (Radford et al. 2016, section 3).
        let norm = |index: usize| d.norm == NormKind::Batch && index > 0;
        let norms =
            d.widths.iter().enumerate().map(|(index, &w)| norm(index).then(|| BatchNorm::init(w, init))).collect();
        let side = |side: usize| d.widths.iter().fold(side, |side, _| window.small_side(side));
        let channels = d.widths.last().copied().unwrap_or(views) + usize::from(d.spread);
        let flat = side(shape.bins) * side(shape.frames) * channels;
        let sizes: Vec<usize> = [flat].into_iter().chain(d.dense.iter().copied()).chain([1]).collect();
        let dense = sizes.windows(2).map(|pair| Linear::init([pair[0], pair[1]], DEVIATION, spectral, init)).collect();
        let last = d.dense.last().copied().unwrap_or(flat);
        // Drawn last, so that the other weights start as without it.
        let projection = config
            .condition
            .and_then(ConditionConfig::told)
            .map(|condition| Projection::init(&condition, [last, tokens], DEVIATION, spectral, init));
        let activation = Activation::LeakyRelu { slope: d.slope };
        let (dropout, log_magnitude, spread) = (d.dropout as f32, d.log_magnitude, d.spread);
        let layout = Layout { window, activation, slope: d.slope, dropout, log_magnitude, spread };
        Self { convs, norms, dense, projection, layout }
    }

    /// How real each tensor looks, as a logit; where the discriminator is conditional: as a beat of its label. `forgotten` says
    /// which values dropout forgets.
    ///
    /// # Shapes
    /// `x`: `[batch, channels, bins, frames]`; `labels`: `[batch, 2]`, token and position; output: `[batch, 1]`
    pub fn forward(&self, x: Tensor<4>, labels: Option<Tensor<2, Int>>, forgotten: StreamRng) -> Tensor<2> {
        let batch = x.dims()[0];
        self.verdict(self.features(x, forgotten), labels, &[batch])
    }

    /// How real recorded and generated tensors look: as one batch, so that each weight's gradient is made once, unless batch
    /// norm has to see them apart. Both have the same labels.
    ///
    /// # Shapes
    /// `real`, `fake`: `[batch, channels, bins, frames]`; `labels`: `[batch, 2]`; outputs: `[batch, 1]` each
    pub fn forward_both(
        &self,
        real: Tensor<4>,
        fake: Tensor<4>,
        labels: Option<Tensor<2, Int>>,
        forgotten: [StreamRng; 2],
    ) -> (Tensor<2>, Tensor<2>) {
        let [of_real, of_fake] = forgotten;
        if self.norms.iter().any(Option::is_some) {
            return (self.forward(real, labels.clone(), of_real), self.forward(fake, labels, of_fake));
        }
        let batches = [real.dims()[0], fake.dims()[0]];
        let labels = labels.map(|labels| Tensor::cat(vec![labels.clone(), labels], 0));
        let both = self.verdict(self.features(Tensor::cat(vec![real, fake], 0), of_real), labels, &batches);
        (both.clone().narrow(0, 0, batches[0]), both.narrow(0, batches[0], batches[1]))
    }

    /// All convolutions.
    fn features(&self, x: Tensor<4>, mut forgotten: StreamRng) -> Tensor<4> {
        let mut x = self.views(x);
        for (conv, norm) in self.convs.iter().zip(&self.norms) {
            x = match norm {
                None => conv.forward(x, self.layout.window, self.layout.activation),
                Some(norm) => norm.forward_train(conv.forward_linear(x, self.layout.window), self.layout.activation).0,
            };
            x = self.forget(x, forgotten.next_u32());
        }
        x
    }

    /// The logits of features that come from batches of these sizes.
    fn verdict(&self, x: Tensor<4>, labels: Option<Tensor<2, Int>>, batches: &[usize]) -> Tensor<2> {
        let x = if self.layout.spread { with_spread(x, batches) } else { x };
        let (last, hidden) = self.dense.split_last().map_or((None, &[][..]), |(last, hidden)| (Some(last), hidden));
        let mut x: Tensor<2> = x.flatten(1, 3);
        for layer in hidden {
            x = burn::tensor::activation::leaky_relu(layer.forward(x), DENSE_SLOPE);
        }
        let logit = last.map_or(x.clone(), |last| last.forward(x.clone()));
        match (&self.projection, labels) {
            (Some(projection), Some(labels)) => logit + projection.forward(x, labels),
            _ => logit,
        }
    }

    /// The values themselves, and the logarithm of their magnitudes where that is asked for.
    fn views(&self, x: Tensor<4>) -> Tensor<4> {
        if self.layout.log_magnitude <= 0.0 {
            return x;
        }
        let [batch, channels, bins, frames] = x.dims();
        let pairs = x.clone().square().reshape([batch, channels / 2, 2, bins * frames]).sum_dim(2);
        let log = (pairs + LOG_FLOOR).log() * (0.1 * self.layout.log_magnitude);
        Tensor::cat(vec![x, log.reshape([batch, channels / 2, bins, frames]) + 0.5], 1)
    }

    fn forget(&self, x: Tensor<4>, key: u32) -> Tensor<4> {
        let share = self.layout.dropout;
        if share > 0.0 { adm_kernels::dropout(x, Dropout { share, key }) } else { x }
    }

    /// Follows the weights with the spectral norms' estimates, once after every optimiser step.
    pub fn refresh(self) -> Self {
        Self {
            convs: self.convs.into_iter().map(Conv::refresh).collect(),
            dense: self.dense.into_iter().map(Linear::refresh).collect(),
            projection: self.projection.map(Projection::refresh),
            ..self
        }
    }
}

impl Discriminator {
    /// The gradient of the sum of a batch's logits, as a computation that can itself be differentiated ([`super::penalty`]). Nothing
    /// is forgotten.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, bins, frames]`; `labels`: `[batch, 2]`, token and position
    pub(super) fn gradient(&self, x: Tensor<4>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let Layout { window, activation, .. } = self.layout;
        let mut outputs: Vec<Tensor<4>> = Vec::with_capacity(self.convs.len());
        for conv in &self.convs {
            let input = outputs.last().cloned().unwrap_or_else(|| self.views(x.clone()));
            outputs.push(conv.forward(input, window, activation));
        }
        let Some(last) = outputs.last().cloned() else { return x.zeros_like() };
        let mut slope = self.verdict_gradient(last, labels);
        for (conv, output) in self.convs.iter().zip(outputs).rev() {
            slope = conv.back(slope * rise(output, self.layout.slope), window);
        }
        self.views_gradient(x, slope)
    }

    /// Of the logits, with respect to the last convolution's output.
    fn verdict_gradient(&self, x: Tensor<4>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let batch = x.dims()[0];
        let spread = if self.layout.spread { with_spread(x.clone(), &[batch]) } else { x.clone() };
        let dims = spread.dims();
        let mut inputs = vec![spread.flatten(1, 3)];
        for layer in self.dense.split_last().map_or(&[][..], |(_, hidden)| hidden) {
            let output = layer.forward(inputs[inputs.len() - 1].clone());
            inputs.push(burn::tensor::activation::leaky_relu(output, DENSE_SLOPE));
        }
        let ones = Tensor::ones([batch, 1], &x.device());
        let (last, hidden) = self.dense.split_last().map_or((None, &[][..]), |(last, hidden)| (Some(last), hidden));
        let mut slope = last.map_or_else(|| inputs[0].zeros_like(), |last| last.back(ones));
        if let (Some(projection), Some(labels)) = (&self.projection, labels) {
            slope = slope + projection.back(labels);
        }
        for (layer, output) in hidden.iter().zip(inputs.drain(1..)).rev() {
            slope = layer.back(slope * rise(output, DENSE_SLOPE as f32));
        }
        let slope = slope.reshape(dims);
        if self.layout.spread { spread_gradient(x, slope) } else { slope }
    }

    /// Of what comes after [`views`](Self::views), carried on to the values.
    fn views_gradient(&self, x: Tensor<4>, slope: Tensor<4>) -> Tensor<4> {
        let stretch = 0.1 * self.layout.log_magnitude;
        if stretch <= 0.0 {
            return slope;
        }
        let [batch, channels, bins, frames] = x.dims();
        let shape = [batch, channels / 2, 2, bins * frames];
        let log = slope.clone().narrow(1, channels, channels / 2).reshape([batch, channels / 2, 1, bins * frames]);
        let parts = x.reshape(shape);
        let squares = parts.clone().square().sum_dim(2) + LOG_FLOOR;
        let through = parts * (log / squares) * (2.0 * stretch);
        slope.narrow(1, 0, channels) + through.reshape([batch, channels, bins, frames])
    }
}

/// How a LeakyReLU with this output rises: by one, or by its slope below zero.
fn rise<const D: usize>(output: Tensor<D>, slope: f32) -> Tensor<D> {
    output.detach().greater_elem(0.0).float() * (1.0 - slope) + slope
}

/// Undoes [`with_spread`] of one batch for a gradient, `[batch, channels + 1, rows, columns]`, at features `x`.
fn spread_gradient(x: Tensor<4>, slope: Tensor<4>) -> Tensor<4> {
    let [batch, channels, ..] = x.dims();
    let off = x.clone() - x.mean_dim(0);
    let deviation = (off.clone().square().mean_dim(0) + SPREAD_FLOOR).sqrt();
    let of_spread = slope.clone().narrow(1, channels, 1).sum_dim(0) / (batch * channels) as f64;
    slope.narrow(1, 0, channels) + off / deviation * of_spread
}

/// Adds a channel: how much each place differs among the samples of its batch, averaged over the channels.
fn with_spread(x: Tensor<4>, batches: &[usize]) -> Tensor<4> {
    let [_, _, rows, columns] = x.dims();
    let mut first = 0;
    let spreads = batches.iter().map(|&batch| {
        let part = x.clone().narrow(0, first, batch);
        first += batch;
        let off = part.clone() - part.mean_dim(0);
        let spread = (off.square().mean_dim(0) + SPREAD_FLOOR).sqrt().mean_dim(1);
        spread.expand([batch, 1, rows, columns])
    });
    let spreads = Tensor::cat(spreads.collect(), 0);
    Tensor::cat(vec![x, spreads], 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    /// A few units in the last place.
    const TOLERANCE: f32 = 1e-5;

    #[test]
    fn the_spread_of_each_batch_is_its_own() {
        let dims = [5, 3, 2, 2];
        let value =
            |sample: usize, channel: usize, place: usize| ((sample * 12 + channel * 4 + place) as f32 * 0.7).sin();
        let all: Vec<f32> = (0..60).map(|n| value(n / 12, n / 4 % 3, n % 4)).collect();
        let x = Tensor::<4>::from_data(TensorData::new(all, dims), &Device::flex());
        let out: Vec<f32> = with_spread(x, &[2, 3]).into_data().iter::<f32>().collect();
        for (sample, place) in (0..5).flat_map(|sample| (0..4).map(move |place| (sample, place))) {
            let batch = if sample < 2 { 0..2 } else { 2..5 };
            let spread = |channel: usize| {
                let count = batch.len() as f32;
                let mean = batch.clone().map(|other| value(other, channel, place)).sum::<f32>() / count;
                (batch.clone().map(|other| (value(other, channel, place) - mean).powi(2)).sum::<f32>() / count).sqrt()
            };
            let expected = (0..3).map(spread).sum::<f32>() / 3.0;
            let got = out[sample * 16 + 12 + place];
            assert!((got - expected).abs() < TOLERANCE, "{got} against {expected}");
            assert_eq!(out[sample * 16 + place], value(sample, 0, place), "the features stay");
        }
    }
}

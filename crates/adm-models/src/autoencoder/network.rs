//! Tensor to code to tensor.

use adm_kernels::{Activation, Window, bias_activation};
use adm_spectral::Shape;
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::AutoencoderConfig;
use crate::ModelError;
use crate::nn::{Conv, ConvTranspose, Gaussian, Linear};

/// What is fixed about the networks beside their weights.
#[derive(Debug, Clone, Copy)]
struct Layout {
    shape: Shape,
    /// Channels, bins and frames between convolutions and dense layers.
    folded: [usize; 3],
    window: Window,
    activation: Activation,
    latent: usize,
}

/// Where a tensor is among codes, each `[batch, latent]`.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// The middle of its cloud, or its point.
    pub mean: Tensor<2>,
    /// The natural logarithm of the cloud's variance; none of a point.
    pub log_variance: Option<Tensor<2>>,
}

impl Encoded {
    /// A code of the cloud, `noise` `[batch, latent]` away from its middle; the point where there is none.
    pub fn drawn(&self, noise: Tensor<2>) -> Tensor<2> {
        match &self.log_variance {
            None => self.mean.clone(),
            Some(log_variance) => self.mean.clone() + (log_variance.clone() * 0.5).exp() * noise,
        }
    }
}

/// Both halves.
#[derive(Module, Debug)]
pub struct Network {
    /// Tensor → code.
    pub encoder: Encoder,
    /// Code → tensor.
    pub decoder: Decoder,
}

impl Network {
    /// With starting weights for tensors of `shape`.
    ///
    /// # Errors
    /// Halvings that do not divide the shape.
    pub fn init(config: &AutoencoderConfig, shape: Shape, init: &mut Gaussian<'_>) -> Result<Self, ModelError> {
        let fold = config.network.fold(shape)?;
        let channels = config.network.widths.last().copied().unwrap_or(shape.channels);
        let layout = Layout {
            shape,
            folded: [channels, fold[0], fold[1]],
            window: halving(config.network.kernel),
            activation: Activation::LeakyRelu { slope: config.network.slope },
            latent: config.network.latent,
        };
        let encoder = Encoder::init(config, layout, init);
        Ok(Self { encoder, decoder: Decoder::init(config, layout, init) })
    }
}

/// The padding with which a kernel of this even side and stride 2 halve or double exactly.
fn halving(kernel: usize) -> Window {
    Window { kernel, stride: 2, padding: (kernel - 1) / 2 }
}

/// The deviation with which values keep their size through a layer that adds up so many inputs and halves about half of them
/// (He et al. 2015).
fn deviation(inputs: usize) -> f64 {
    (2.0 / inputs as f64).sqrt()
}

/// Neighbours of a list of sizes.
fn pairs(sizes: &[usize]) -> impl Iterator<Item = [usize; 2]> + '_ {
    sizes.windows(2).map(|pair| [pair[0], pair[1]])
}

/// Tensor to code.
#[derive(Module, Debug)]
pub struct Encoder {
    stages: Vec<Conv>,
    dense: Vec<Linear>,
    head: Linear,
    #[module(skip)]
    layout: Layout,
}

impl Encoder {
    fn init(config: &AutoencoderConfig, layout: Layout, init: &mut Gaussian<'_>) -> Self {
        let (network, window) = (&config.network, layout.window);
        let widths = [&[layout.shape.channels], &network.widths[..]].concat();
        let dense = [&[layout.folded.iter().product()], &network.dense[..]].concat();
        let conv = |[inputs, outputs]: [usize; 2], init: &mut Gaussian<'_>| {
            Conv::init([inputs, outputs], window, deviation(inputs * window.kernel.pow(2)), false, init)
        };
        let last = dense[dense.len() - 1];
        let codes = if config.variational.is_some() { 2 } else { 1 };
        Self {
            stages: pairs(&widths).map(|pair| conv(pair, init)).collect(),
            dense: pairs(&dense).map(|pair| Linear::init(pair, deviation(pair[0]), false, init)).collect(),
            head: Linear::init([last, codes * network.latent], (1.0 / last as f64).sqrt(), false, init),
            layout,
        }
    }

    /// # Shapes
    /// `x`: `[batch, channels, bins, frames]` in −1 to 1; output: each `[batch, latent]`
    pub fn forward(&self, x: Tensor<4>) -> Encoded {
        let Layout { window, activation, latent, .. } = self.layout;
        let folded = self.stages.iter().fold(x, |x, stage| stage.forward(x, window, activation));
        let codes = self.head.forward(through(&self.dense, folded.flatten(1, 3), activation));
        if codes.dims()[1] == latent {
            return Encoded { mean: codes, log_variance: None };
        }
        // Beyond these a cloud is a point, or as wide as all there is.
        let log_variance = codes.clone().narrow(1, latent, latent).clamp(-20.0, 10.0);
        Encoded { mean: codes.narrow(1, 0, latent), log_variance: Some(log_variance) }
    }
}

/// Code to tensor.
#[derive(Module, Debug)]
pub struct Decoder {
    dense: Vec<Linear>,
    stages: Vec<ConvTranspose>,
    /// From the code to every value, past all layers.
    direct: Option<Linear>,
    /// Of the output, a channel each.
    bias: Param<Tensor<1>>,
    #[module(skip)]
    layout: Layout,
}

impl Decoder {
    fn init(config: &AutoencoderConfig, layout: Layout, init: &mut Gaussian<'_>) -> Self {
        let (network, shape, window) = (&config.network, layout.shape, layout.window);
        let mut widths = [&[shape.channels], &network.widths[..]].concat();
        let mut dense = [&[layout.folded.iter().product()], &network.dense[..], &[network.latent]].concat();
        widths.reverse();
        dense.reverse();
        // Of a transposed convolution's kernel a quarter falls on each pixel.
        let stage = |[inputs, outputs]: [usize; 2], init: &mut Gaussian<'_>| {
            let seen = inputs * window.kernel.pow(2) / 4;
            ConvTranspose::init([inputs, outputs], window, deviation(seen), init)
        };
        Self {
            dense: pairs(&dense).map(|pair| Linear::init(pair, deviation(pair[0]), false, init)).collect(),
            stages: pairs(&widths).map(|pair| stage(pair, init)).collect(),
            direct: network
                .direct
                .then(|| Linear::init([network.latent, shape.size()], 0.1 * deviation(network.latent), false, init)),
            bias: init.constant([shape.channels], 0.0),
            layout,
        }
    }

    /// # Shapes
    /// `code`: `[batch, latent]`; output: `[batch, channels, bins, frames]` in −1 to 1
    pub fn forward(&self, code: Tensor<2>) -> Tensor<4> {
        let Layout { shape, folded: [channels, bins, frames], window, activation, .. } = self.layout;
        let [batch, _] = code.dims();
        // The last layer, be it dense or a convolution, keeps its signs for the tanh.
        let (inner, outer) = self.dense.split_at(self.dense.len() - 1);
        let last = if self.stages.is_empty() { Activation::Identity } else { activation };
        let flat = through(outer, through(inner, code.clone(), activation), last);
        let mut x = flat.reshape([batch, channels, bins, frames]);
        for (at, stage) in self.stages.iter().enumerate() {
            x = if at + 1 == self.stages.len() {
                stage.forward_linear(x, window)
            } else {
                stage.forward(x, window, activation)
            };
        }
        let x = match &self.direct {
            None => x,
            Some(direct) => x + direct.forward(code).reshape([batch, shape.channels, shape.bins, shape.frames]),
        };
        bias_activation(x, self.bias.val(), Activation::Tanh)
    }
}

/// Through dense layers, each with its activation.
fn through(layers: &[Linear], x: Tensor<2>, activation: Activation) -> Tensor<2> {
    layers.iter().fold(x, |x, layer| match activation {
        Activation::LeakyRelu { slope } => burn::tensor::activation::leaky_relu(layer.forward(x), f64::from(slope)),
        _ => layer.forward(x),
    })
}

//! The network that is shown a noisy tensor and says what is noise in it.

use adm_kernels::{Activation, Window};
use burn::module::Module;
use burn::tensor::{Int, Tensor};

use super::block::{ResidualBlock, SAME};
use super::embedding::{StepEmbedding, Told};
use super::{DiffusionConfig, NetworkConfig};
use crate::nn::{Conv, ConvTranspose, Gaussian, GroupNorm, PixelAttention};

/// Halves both sides.
const HALVE: Window = Window { kernel: 3, stride: 2, padding: 1 };
/// Doubles both sides.
const DOUBLE: Window = Window { kernel: 4, stride: 2, padding: 1 };

/// A U-Net (Ronneberger et al. 2015; Ho et al. 2020, appendix B): down through coarser and coarser levels and up again, every block on the
/// way up being shown what one on the way down said.
#[derive(Module, Debug)]
pub struct Unet {
    embedding: StepEmbedding,
    stem: Conv,
    down: Vec<Down>,
    before: ResidualBlock,
    attention: Option<PixelAttention>,
    after: ResidualBlock,
    /// The finest level first, as in `down`.
    up: Vec<Up>,
    norm: GroupNorm,
    head: ConvTranspose,
    #[module(skip)]
    patch: usize,
}

/// A level on the way down, and the way to the next.
#[derive(Module, Debug)]
struct Down {
    blocks: Vec<ResidualBlock>,
    next: Option<Conv>,
}

/// A level on the way up, after the way from the one before it.
#[derive(Module, Debug)]
struct Up {
    before: Option<ConvTranspose>,
    blocks: Vec<ResidualBlock>,
}

impl Unet {
    /// With starting weights, for tensors of so many channels: it says nothing at first.
    pub fn init(config: &DiffusionConfig, channels: usize, told: Option<Told>, init: &mut Gaussian<'_>) -> Self {
        let NetworkConfig { patch, ref widths, groups, heads, embedding, .. } = config.network;
        let window = patches(patch);
        let (finest, coarsest) = (widths[0], widths[widths.len() - 1]);
        let fan_in = channels * window.kernel * window.kernel;
        let block = |init: &mut Gaussian<'_>| ResidualBlock::init([coarsest; 2], embedding, groups, init);
        Self {
            embedding: StepEmbedding::init(embedding, config.noise.steps, told, init),
            stem: Conv::init([channels, finest], window, (1.0 / fan_in as f64).sqrt(), false, init),
            down: (0..widths.len()).map(|level| Down::init(&config.network, level, init)).collect(),
            before: block(init),
            attention: (heads > 0).then(|| PixelAttention::init(coarsest, heads, groups, init)),
            after: block(init),
            up: (0..widths.len()).map(|level| Up::init(&config.network, level, init)).collect(),
            norm: GroupNorm::init(finest, groups, init),
            head: ConvTranspose::init([finest, channels], window, 0.0, init),
            patch,
        }
    }

    /// What it says of noisy tensors. Sides that levels do not divide are padded with zeros after the last bin and the last frame, and
    /// what is said of the padding is thrown away.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, bins, frames]`; `steps`: one a sample; `labels`: `[batch, 2]`, token and position
    pub fn forward(&self, x: Tensor<4>, steps: &[usize], labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let [_, _, bins, frames] = x.dims();
        let factor = self.patch << (self.down.len() - 1);
        let padded = pad(pad(x, 2, factor), 3, factor);
        self.padded(padded, steps, labels).narrow(2, 0, bins).narrow(3, 0, frames)
    }

    fn padded(&self, x: Tensor<4>, steps: &[usize], labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let window = patches(self.patch);
        let told = self.embedding.forward(steps, labels, &x.device());
        let mut x = self.stem.forward(x, window, Activation::Identity);
        let mut said = Vec::new();
        for level in &self.down {
            x = level.forward(x, &told, &mut said);
        }
        x = self.before.forward(x, told.clone());
        x = self.attention.as_ref().map_or(x.clone(), |attention| attention.forward(x));
        x = self.after.forward(x, told.clone());
        for level in self.up.iter().rev() {
            x = level.forward(x, &told, &mut said);
        }
        self.head.forward(self.norm.forward_silu(x), window, Activation::Identity)
    }
}

impl Down {
    fn init(config: &NetworkConfig, level: usize, init: &mut Gaussian<'_>) -> Self {
        let width = config.widths[level];
        let blocks = (0..config.blocks).map(|_| ResidualBlock::init([width; 2], config.embedding, config.groups, init));
        let blocks = blocks.collect();
        let deviation = (1.0 / (9 * width) as f64).sqrt();
        let next = config.widths.get(level + 1).map(|&next| Conv::init([width, next], HALVE, deviation, false, init));
        Self { blocks, next }
    }

    fn forward(&self, mut x: Tensor<4>, told: &Tensor<2>, said: &mut Vec<Tensor<4>>) -> Tensor<4> {
        for block in &self.blocks {
            x = block.forward(x, told.clone());
            said.push(x.clone());
        }
        self.next.as_ref().map_or(x.clone(), |next| next.forward(x, HALVE, Activation::Identity))
    }
}

impl Up {
    fn init(config: &NetworkConfig, level: usize, init: &mut Gaussian<'_>) -> Self {
        let width = config.widths[level];
        let before = config.widths.get(level + 1).map(|&coarser| {
            // Every pixel is made by nine weights of each channel, as by the convolution that this is.
            ConvTranspose::smooth([coarser, width], DOUBLE, (1.0 / (9 * coarser) as f64).sqrt(), init)
        });
        let mut block = || ResidualBlock::init([2 * width, width], config.embedding, config.groups, init);
        Self { before, blocks: (0..config.blocks).map(|_| block()).collect() }
    }

    fn forward(&self, x: Tensor<4>, told: &Tensor<2>, said: &mut Vec<Tensor<4>>) -> Tensor<4> {
        let up = |before: &ConvTranspose| before.forward(x.clone(), DOUBLE, Activation::Identity);
        let mut x = self.before.as_ref().map_or_else(|| x.clone(), up);
        for block in &self.blocks {
            let beside = said.pop().into_iter();
            x = block.forward(Tensor::cat(std::iter::once(x).chain(beside).collect(), 1), told.clone());
        }
        x
    }
}

/// How pixels are made of patches, which overlap by half where they are larger than one value.
fn patches(side: usize) -> Window {
    match side {
        1 => SAME,
        side => Window { kernel: 2 * side, stride: side, padding: side / 2 },
    }
}

/// Zeros at the end of an axis, up to the next multiple.
fn pad(x: Tensor<4>, axis: usize, factor: usize) -> Tensor<4> {
    let mut dims = x.dims();
    let missing = dims[axis].next_multiple_of(factor) - dims[axis];
    if missing == 0 {
        return x;
    }
    dims[axis] = missing;
    let zeros = Tensor::zeros(dims, &x.device());
    Tensor::cat(vec![x, zeros], axis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::load;
    use adm_core::Seeds;
    use burn::tensor::{Device, TensorData};

    /// Sums in 32 bits, taken in another order.
    const TOLERANCE: f32 = 1e-5;

    fn network(settings: &[&str], channels: usize, told: Option<Told>) -> Unet {
        let small = ["network.widths=[8, 12, 16]", "network.groups=4", "network.embedding=8", "network.blocks=1"];
        let settings: Vec<String> = small.iter().chain(settings).map(|&text| text.to_owned()).collect();
        let config = load("ddpm", &settings).unwrap();
        let device = Device::flex();
        let mut init = Gaussian::new(Seeds::new(3), "test", &device);
        let network = Unet::init(&config, channels, told, &mut init);
        // Many weights start at 0, with which nothing would be said.
        let moved = adm_train::weights::collect(&network).into_iter().map(|(name, mut array)| {
            array.values.iter_mut().enumerate().for_each(|(at, value)| *value += 0.1 * (at as f32 * 0.7).sin());
            (name, array)
        });
        adm_train::weights::apply(network, &moved.collect()).unwrap()
    }

    fn values(dims: [usize; 4]) -> Tensor<4> {
        let values: Vec<f32> = (0..dims.iter().product()).map(|at: usize| (at as f32 * 1.9).sin()).collect();
        Tensor::from_data(TensorData::new(values, dims), &Device::flex())
    }

    fn largest(x: Tensor<4>) -> f32 {
        x.abs().max().into_data().iter::<f32>().fold(0.0, f32::max)
    }

    #[test]
    fn any_shape_comes_out_as_it_went_in() {
        for (settings, factor) in [
            (["network.patch=1", "network.heads=0"], 4),
            (["network.patch=2", "network.heads=2"], 8),
            (["network.patch=4", "network.heads=1"], 16),
        ] {
            for (channels, bins, frames) in [(1, 16, 16), (3, 32, 16), (2, 21, 37)] {
                let network = network(&settings, channels, None);
                let x = values([2, channels, bins, frames]);
                let said = network.forward(x.clone(), &[3, 9], None);
                assert_eq!(said.dims(), [2, channels, bins, frames]);
                assert!(largest(said.clone()) > 0.0);
                let padded = network.forward(pad(pad(x, 2, factor), 3, factor), &[3, 9], None);
                let cut = padded.narrow(2, 0, bins).narrow(3, 0, frames);
                assert!(largest(said - cut) < TOLERANCE, "padding by hand is as good");
            }
        }
    }

    #[test]
    fn a_sample_does_not_depend_on_those_beside_it_but_on_its_step_and_label() {
        let network = network(&["network.heads=2"], 2, Some(Told { tokens: 3, positions: true }));
        let labels = |labels: &[[i32; 2]]| {
            let data = TensorData::new(labels.concat(), [labels.len(), 2]);
            Some(Tensor::<2, Int>::from_data(data, &Device::flex()))
        };
        let x = values([2, 2, 16, 24]);
        let alone = x.clone().narrow(0, 1, 1);
        let both = network.forward(x, &[3, 900], labels(&[[0, 1], [2, 3]])).narrow(0, 1, 1);
        let said = network.forward(alone.clone(), &[900], labels(&[[2, 3]]));
        assert!(largest(both - said.clone()) < TOLERANCE);
        let other_step = network.forward(alone.clone(), &[100], labels(&[[2, 3]]));
        let other_label = network.forward(alone, &[900], labels(&[[3, 4]]));
        assert!(largest(other_step - said.clone()) > 1e-3 && largest(other_label - said) > 1e-3);
    }

    #[test]
    fn it_says_nothing_at_first() {
        let config = load("ddpm", &[]).unwrap();
        let network = Unet::init(&config, 2, None, &mut Gaussian::new(Seeds::new(3), "test", &Device::flex()));
        assert_eq!(largest(network.forward(values([1, 2, 32, 32]), &[500], None)), 0.0);
    }
}

//! The averaged network and how noise becomes tensors by it.

use adm_core::Seeds;
use adm_spectral::Shape;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::embedding::Told;
use super::guidance::{guided, untold};
use super::inpaint::{Fill, fill};
use super::noise::{fingerprint, noise};
use super::sample::sample;
use super::{DiffusionConfig, Process, Sampling, Unet};
use crate::nn::Gaussian;

/// A network, its process, and how they are sampled from.
#[derive(Debug, Clone)]
pub struct Painter {
    network: Unet,
    process: Process,
    told: Option<Told>,
    shape: Shape,
    sampling: Sampling,
    /// Of what is drawn on the way.
    seeds: Seeds,
    device: Device,
}

/// A network with starting weights, for a checkpoint to be put into.
pub(super) fn start(config: &DiffusionConfig, shape: Shape, told: Option<Told>, device: &Device) -> Unet {
    Unet::init(config, shape.channels, told, &mut Gaussian::new(Seeds::new(config.seed), "diffusion", device))
}

impl Painter {
    /// Paints with a network that is on `device` (without autodiff), as its configuration says.
    pub fn new(network: Unet, config: &DiffusionConfig, shape: Shape, told: Option<Told>, device: &Device) -> Self {
        let (process, sampling) = (Process::new(&config.noise, &config.objective), config.sampling);
        Self { network, process, told, shape, sampling, seeds: Seeds::new(config.seed), device: device.clone() }
    }

    /// The same, sampling otherwise.
    #[must_use]
    pub fn with_sampling(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// How it samples.
    pub fn sampling(&self) -> Sampling {
        self.sampling
    }

    /// What labels it can be told.
    pub fn told(&self) -> Option<Told> {
        self.told
    }

    /// Axes of every tensor.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The device of its network.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Tensors of starting noise. A noise vector is a tensor, whatever lies beside it in the batch: noise that is drawn on the way
    /// ([`super::Method::Ddpm`]) is drawn by the vector itself.
    ///
    /// # Shapes
    /// - `vectors`: `[batch, channels · bins · frames]`, standard normal
    /// - `labels`: `[batch, 2]`, token and position, for a network that is told some; none are told where none are given
    /// - output: `[batch, channels, bins, frames]`, in −1 to 1
    pub fn paint(&self, vectors: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let (keys, start) = self.start(vectors);
        let say = |noisy: Tensor<4>, step: usize| self.say(noisy, step, labels.clone());
        let fresh = |step: usize| self.fresh(&keys, step, 0);
        sample(&self.process, &self.sampling, start, say, fresh).clamp(-1.0, 1.0)
    }

    /// Tensors of starting noise of which a part is given.
    ///
    /// # Shapes
    /// As those of [`paint`](Self::paint).
    pub fn filled(&self, vectors: Tensor<2>, labels: Option<Tensor<2, Int>>, given: &Fill) -> Tensor<4> {
        let (keys, start) = self.start(vectors);
        let say = |noisy: Tensor<4>, step: usize| self.say(noisy, step, labels.clone());
        let fresh = |step: usize, time: usize| self.fresh(&keys, step, time);
        fill(&self.process, &self.sampling, start, given, say, fresh).clamp(-1.0, 1.0)
    }

    fn start(&self, vectors: Tensor<2>) -> (Vec<u64>, Tensor<4>) {
        let batch = vectors.dims()[0];
        let Shape { channels, bins, frames } = self.shape;
        let data = vectors.into_data();
        let values: Vec<f32> = data.iter::<f32>().collect();
        let keys = values.chunks(self.shape.size()).map(fingerprint).collect();
        (keys, Tensor::from_data(TensorData::new(values, [batch, channels, bins, frames]), &self.device))
    }

    fn say(&self, noisy: Tensor<4>, step: usize, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        let steps = vec![step; noisy.dims()[0]];
        let Some(told) = self.told else { return self.network.forward(noisy, &steps, None) };
        let say = |labels| self.network.forward(noisy.clone(), &steps, Some(labels));
        match labels {
            None => say(untold(steps.len(), told.nothing(), &self.device)),
            Some(labels) => guided(self.sampling.guidance, labels, told.nothing(), say),
        }
    }

    /// Noise that is drawn at a step, the given time that it is taken.
    fn fresh(&self, keys: &[u64], step: usize, time: usize) -> Tensor<4> {
        /// Spreads numbers over all of 64 bits (Steele et al. 2014).
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let place = ((step as u64) << 16 | time as u64).wrapping_mul(SPREAD);
        let indices: Vec<u64> = keys.iter().map(|key| key.wrapping_add(place)).collect();
        let Shape { channels, bins, frames } = self.shape;
        noise(self.seeds, "on the way", &indices, [channels, bins, frames], &self.device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::{Method, load};
    use burn::tensor::Tensor;

    const SHAPE: Shape = Shape { channels: 2, bins: 8, frames: 12 };

    fn painter(method: Method, told: Option<Told>) -> Painter {
        let settings = ["network.widths=[8, 8]", "network.groups=4", "network.embedding=8", "sampling.steps=4"];
        let config = load("ddpm", &settings.map(str::to_owned)).unwrap();
        let device = Device::flex();
        let network = start(&config, SHAPE, told, &device);
        // One that says something: weights that start at 0 are not what is tested here.
        let moved = adm_train::weights::collect(&network).into_iter().map(|(name, mut array)| {
            array.values.iter_mut().enumerate().for_each(|(at, value)| *value += 0.1 * (at as f32 * 0.7).sin());
            (name, array)
        });
        let network = adm_train::weights::apply(network, &moved.collect()).unwrap();
        let painter = Painter::new(network, &config, SHAPE, told, &device);
        painter.with_sampling(Sampling { method, ..config.sampling })
    }

    fn vectors(indices: &[u64]) -> Tensor<2> {
        let dims = [SHAPE.channels, SHAPE.bins, SHAPE.frames];
        noise(Seeds::new(2), "test", indices, dims, &Device::flex()).reshape([indices.len(), SHAPE.size()])
    }

    fn values(tensor: Tensor<4>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn a_noise_vector_is_a_tensor_whatever_lies_beside_it() {
        // Sums in 32 bits, taken in another order.
        const TOLERANCE: f32 = 1e-4;
        for method in [Method::Ddim, Method::Ddpm] {
            let painter = painter(method, None);
            let both = values(painter.paint(vectors(&[4, 9]), None).narrow(0, 1, 1));
            let alone = values(painter.paint(vectors(&[9]), None));
            assert!(both.iter().zip(&alone).all(|(a, b)| (a - b).abs() < TOLERANCE), "{method}");
            assert_eq!(alone, values(painter.paint(vectors(&[9]), None)), "{method}");
            assert_ne!(alone, values(painter.paint(vectors(&[4]), None)), "{method}");
            assert!(alone.iter().all(|value| value.abs() <= 1.0));
        }
        let [ddim, ddpm] =
            [Method::Ddim, Method::Ddpm].map(|method| values(painter(method, None).paint(vectors(&[9]), None)));
        assert_ne!(ddim, ddpm);
    }

    #[test]
    fn guidance_by_one_is_the_label_and_by_nothing_is_none() {
        let told = Told { tokens: 3, positions: true };
        let painter = painter(Method::Ddim, Some(told));
        let with = |guidance: f64, label: [i32; 2]| {
            let painter = painter.clone().with_sampling(Sampling { guidance, ..painter.sampling() });
            let label = Tensor::from_data(TensorData::from([label]), &Device::flex());
            values(painter.paint(vectors(&[1]), Some(label)))
        };
        assert_eq!(with(0.0, [0, 1]), with(0.0, [2, 3]), "no label counts");
        assert_eq!(with(0.0, [0, 1]), with(1.0, told.nothing()), "as if none were told");
        assert_ne!(with(1.0, [0, 1]), with(1.0, [2, 3]));
        assert_ne!(with(1.0, [0, 1]), with(2.0, [0, 1]));
        let unlabelled = values(painter.paint(vectors(&[1]), None));
        assert_eq!(unlabelled, with(1.0, told.nothing()), "where no label is given, none is told");
    }

    #[test]
    fn a_region_of_time_is_made_anew_and_the_rest_stays() {
        let painter = painter(Method::Ddim, None);
        let known = Tensor::<4>::full([1, SHAPE.channels, SHAPE.bins, SHAPE.frames], 0.25, &Device::flex());
        let given = Fill::region(known, 3..7, 2);
        let made = painter.filled(vectors(&[1, 2]), None, &given);
        for (at, frames) in [(0, 3), (7, 5)] {
            assert!(values(made.clone().narrow(3, at, frames)).iter().all(|&value| value == 0.25));
        }
        let [one, other] = [0, 1].map(|sample| values(made.clone().narrow(0, sample, 1).narrow(3, 3, 4)));
        assert!(one != other && one.iter().any(|&value| value != 0.25));
    }
}

//! Starting weights from the run's seed.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};

/// Draws starting weights, one named stream a parameter, so that a network starts the same on every device.
#[derive(Debug)]
pub struct Gaussian<'a> {
    seeds: Seeds,
    network: &'a str,
    device: &'a Device,
    drawn: u64,
}

impl<'a> Gaussian<'a> {
    /// Weights of the network of this name, on `device`.
    pub fn new(seeds: Seeds, network: &'a str, device: &'a Device) -> Self {
        Self { seeds, network, device, drawn: 0 }
    }

    /// The device the weights go to.
    pub fn device(&self) -> &Device {
        self.device
    }

    /// A parameter with normally distributed values of this standard deviation.
    pub fn normal<const D: usize>(&mut self, shape: [usize; D], deviation: f64) -> Param<Tensor<D>> {
        let mut rng = self.seeds.stream(self.network, self.drawn);
        self.drawn += 1;
        let count: usize = shape.iter().product();
        let values: Vec<f32> = (0..count.div_ceil(2))
            .flat_map(|_| normal_pair(rng.random::<f64>(), rng.random::<f64>()))
            .take(count)
            .map(|value| (value * deviation) as f32)
            .collect();
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), self.device))
    }

    /// A trained parameter with one value throughout.
    pub fn constant<const D: usize>(&self, shape: [usize; D], value: f32) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::full(shape, value, self.device))
    }

    /// A trained parameter with these values, the last axis fastest.
    pub fn values<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), self.device))
    }

    /// A parameter that is saved with the network but not trained by gradients.
    pub fn state<const D: usize>(&self, tensor: Tensor<D>) -> Param<Tensor<D>> {
        Param::initialized(burn::module::ParamId::new(), tensor).set_require_grad(false)
    }
}

/// A module of burn's own with starting weights from the run's seed in place of those that it drew: matrices keep the
/// variance of what goes through, everything else starts at 0.
pub fn redraw<M: Module>(module: M, init: &mut Gaussian<'_>) -> M {
    struct Redraw<'a, 'b>(&'a mut Gaussian<'b>);
    impl ModuleMapper for Redraw<'_, '_> {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let dims = param.dims();
            let fresh = match D {
                2 => self.0.normal(dims, (2.0 / (dims[0] + dims[D - 1]) as f64).sqrt()),
                _ => self.0.constant(dims, 0.0),
            };
            param.map(|tensor| fresh.val().set_require_grad(tensor.is_require_grad()))
        }
    }
    module.map(&mut Redraw(init))
}

/// Two independent standard normal values from two uniform ones (Box and Muller 1958).
pub(crate) fn normal_pair(u: f64, v: f64) -> [f64; 2] {
    let radius = (-2.0 * (1.0 - u).ln()).sqrt();
    let angle = std::f64::consts::TAU * v;
    [radius * angle.cos(), radius * angle.sin()]
}

//! An exponential moving average of a network's weights: what samples are drawn from.
//!
//! A GAN's weights circle around their goal; their average sits nearer to it (Yazıcı et al. 2019). Early on the average
//! would still hold the random start, so the decay warms up as `min(decay, (1 + step)/(10 + step))`.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;
use burn::tensor::container::TensorContainer;

/// Lists the live network's parameters in visiting order, which is the same for every copy of a module.
#[derive(Default)]
struct Gather {
    tensors: TensorContainer<usize>,
    count: usize,
}

impl ModuleVisitor for Gather {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.tensors.register(self.count, param.val().inner());
        self.count += 1;
    }
}

struct Blend {
    live: TensorContainer<usize>,
    count: usize,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let live = self.live.remove::<Tensor<D>>(&self.count);
        self.count += 1;
        param.map(|average| match live {
            Some(live) => adm_kernels::approach(average, live, 1.0 - self.decay),
            None => average,
        })
    }
}

/// Moves `average`, a module on a device without autodiff, towards `live`.
///
/// `decay` (0 to 1) is the share of the old average that stays: a larger value averages over more steps.
pub fn update<M: Module>(average: M, live: &M, decay: f64, step: u64) -> M {
    let warm = (1.0 + step as f64) / (10.0 + step as f64);
    let mut gather = Gather::default();
    live.visit(&mut gather);
    average.map(&mut Blend { live: gather.tensors, count: 0, decay: decay.min(warm) })
}

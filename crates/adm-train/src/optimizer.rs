//! Adam, or plain gradient descent, over a whole module.
//!
//! burn's own optimiser restores its state on burn's default device, which may be a GPU that is not there, and keys it by
//! ids that differ from run to run; here state is keyed by the parameter's path and lives where the parameter lives.

use std::collections::BTreeMap;
use std::path::Path;

use adm_kernels::{Adam, AdamState};
use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use crate::TrainError;
use crate::weights::{self, Array, Arrays, ModulePath, array};

/// Both moments of one parameter, flat.
#[derive(Debug, Clone)]
struct Moments {
    first: Tensor<1>,
    second: Tensor<1>,
}

/// How a step follows from a gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// By its decayed mean over the root of its decayed mean square.
    Adam(Adam),
    /// The gradient times the learning rate, without momentum: stochastic gradient descent as in document 002, section 4.
    Descent {
        /// Learning rate.
        rate: f64,
    },
}

/// A rule and what it remembers of every parameter.
#[derive(Debug, Clone)]
pub struct Optimizer {
    rule: Rule,
    /// See [`Learner::with_decay`].
    decay: f64,
    time: u64,
    /// Adam's; descent has none.
    moments: BTreeMap<String, Moments>,
}

const TIME: &str = "time";

impl Rule {
    /// With `scale` times its learning rate.
    fn slowed(self, scale: f64) -> Self {
        match self {
            Self::Adam(adam) => Self::Adam(Adam { rate: adam.rate * scale, ..adam }),
            Self::Descent { rate } => Self::Descent { rate: rate * scale },
        }
    }

    fn rate(self) -> f64 {
        match self {
            Self::Adam(Adam { rate, .. }) | Self::Descent { rate } => rate,
        }
    }
}

impl Optimizer {
    /// An optimiser that has seen nothing.
    pub fn new(rule: Rule) -> Self {
        Self { rule, decay: 0.0, time: 0, moments: BTreeMap::new() }
    }

    /// Moves every parameter that has a gradient by one step; `rate_scale` multiplies the learning rate (a schedule).
    pub fn step<M: Module>(&mut self, module: M, grads: GradientsParams, rate_scale: f64) -> M {
        self.time += 1;
        let rule = self.rule.slowed(rate_scale);
        let (time, kept) = (self.time, 1.0 - rule.rate() * self.decay);
        module.map(&mut Step { rule, kept, time, moments: &mut self.moments, grads, path: ModulePath::default() })
    }

    /// Its state as named arrays.
    pub fn arrays(&self) -> Arrays {
        let moments = self.moments.iter().flat_map(|(name, moments)| {
            [("first", &moments.first), ("second", &moments.second)]
                .map(|(which, moment)| (format!("{name}.{which}"), array(moment.clone())))
        });
        // A step count is exact in two floats of 24 bits each.
        let time = Array { shape: vec![2], values: vec![(self.time >> 24) as f32, (self.time & 0xff_ffff) as f32] };
        moments.chain([(TIME.to_owned(), time)]).collect()
    }

    /// Restores [`arrays`](Self::arrays) on `device`.
    ///
    /// # Errors
    /// An array that is missing, or one that does not fit its parameter.
    pub fn restore(&mut self, arrays: &Arrays, weights: &Arrays, device: &Device) -> Result<(), TrainError> {
        let find = |name: String| arrays.get(&name).ok_or(TrainError::Missing { name });
        let tensor =
            |array: &Array| Tensor::from_data(TensorData::new(array.values.clone(), [array.values.len()]), device);
        let time = &find(TIME.to_owned())?.values;
        let [high, low] = time.as_slice() else { return Err(TrainError::Missing { name: TIME.to_owned() }) };
        self.time = ((*high as u64) << 24) | *low as u64;
        self.moments = BTreeMap::new();
        for (key, first) in arrays {
            let Some(name) = key.strip_suffix(".first") else { continue };
            let second = find(format!("{name}.second"))?;
            let weight = weights.get(name).ok_or_else(|| TrainError::Missing { name: name.to_owned() })?;
            for (moment, which) in [(first, "first"), (second, "second")] {
                if moment.values.len() != weight.values.len() {
                    let (expected, got) = (weight.shape.clone(), moment.shape.clone());
                    return Err(TrainError::Shape { name: format!("{name}.{which}"), expected, got });
                }
            }
            self.moments.insert(name.to_owned(), Moments { first: tensor(first), second: tensor(second) });
        }
        Ok(())
    }
}

/// A module and the optimiser that moves it.
///
/// It owns the module, so that a step can write into the weights' own memory: a second handle would force a copy.
#[derive(Debug)]
pub struct Learner<M> {
    /// Empty only while a step is at work.
    module: Option<M>,
    optimizer: Optimizer,
}

impl<M: Module> Learner<M> {
    /// A module that has not learned yet.
    pub fn new(module: M, rule: Rule) -> Self {
        Self { module: Some(module), optimizer: Optimizer::new(rule) }
    }

    /// The same, whose matrices shrink by this share of themselves times the learning rate at every step, vectors (biases, norms) stay:
    /// weight decay apart from the gradient (Loshchilov and Hutter 2019). A larger one keeps weights smaller, so that less is learned
    /// by heart (document 004, section 6.1, proposal 4).
    #[must_use]
    pub fn with_decay(mut self, decay: f64) -> Self {
        self.optimizer.decay = decay;
        self
    }

    /// The module as it is now.
    #[expect(clippy::expect_used, reason = "every method puts the module back before it returns")]
    pub fn module(&self) -> &M {
        self.module.as_ref().expect("a learner has a module")
    }

    /// Moves the module by one step; `rate_scale` multiplies the learning rate (a schedule).
    pub fn step(&mut self, grads: GradientsParams, rate_scale: f64) {
        let Self { module, optimizer } = self;
        *module = module.take().map(|module| optimizer.step(module, grads, rate_scale));
    }

    /// Changes the module by other means than gradients.
    pub fn change(&mut self, change: impl FnOnce(M) -> M) {
        self.module = self.module.take().map(change);
    }

    /// Writes weights and optimiser state to `name.safetensors` and `name-adam.safetensors`.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, folder: &Path, name: &str) -> Result<(), TrainError> {
        weights::save(&weights::collect(self.module()), &folder.join(format!("{name}.safetensors")))?;
        weights::save(&self.optimizer.arrays(), &folder.join(format!("{name}-adam.safetensors")))
    }

    /// Restores what [`save`](Self::save) wrote, the optimiser's state on `device`.
    ///
    /// # Errors
    /// A missing or damaged file, or one of another network.
    pub fn load(&mut self, folder: &Path, name: &str, device: &Device) -> Result<(), TrainError> {
        let arrays = weights::load(&folder.join(format!("{name}.safetensors")))?;
        self.module = Some(weights::apply(self.module().clone(), &arrays)?);
        self.optimizer.restore(&weights::load(&folder.join(format!("{name}-adam.safetensors")))?, &arrays, device)
    }
}

struct Step<'a> {
    rule: Rule,
    /// Share of a matrix that decay leaves.
    kept: f64,
    time: u64,
    moments: &'a mut BTreeMap<String, Moments>,
    grads: GradientsParams,
    path: ModulePath,
}

impl ModuleMapper for Step<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(grad) = self.grads.remove::<D>(param.id) else { return param };
        let (id, weight, mapper) = param.consume();
        let weight = weight.inner();
        let weight = if D > 1 && self.kept < 1.0 { weight * self.kept } else { weight };
        let moved = match self.rule {
            Rule::Adam(adam) => self.adapt(adam, weight, grad),
            Rule::Descent { rate } => weight - grad * rate,
        };
        Param::from_mapped_value(id, Tensor::from_inner(moved).require_grad(), mapper)
    }
}

impl Step<'_> {
    fn adapt<const D: usize>(&mut self, adam: Adam, weight: Tensor<D>, grad: Tensor<D>) -> Tensor<D> {
        let name = self.path.name();
        let moments = self.moments.remove(&name);
        let shape = weight.dims();
        let (moment_1, moment_2) = match moments {
            Some(Moments { first, second }) => (first.reshape(shape), second.reshape(shape)),
            None => (weight.zeros_like(), weight.zeros_like()),
        };
        let moved = adam.update(self.time, grad, AdamState { weight, moment_1, moment_2 });
        let count: usize = shape.iter().product();
        let moments = Moments { first: moved.moment_1.reshape([count]), second: moved.moment_2.reshape([count]) };
        self.moments.insert(name, moments);
        moved.weight
    }
}

/// What a learning rate is multiplied by at a step that has fallen to a half every `half_life` steps; 1 where that is 0.
pub fn rate_scale(step: u64, half_life: u64) -> f64 {
    if half_life == 0 { 1.0 } else { 0.5f64.powf(step as f64 / half_life as f64) }
}

/// Euclidean norm of all gradients of a module.
pub fn gradient_norm<M: Module>(grads: &GradientsParams, module: &M) -> f64 {
    squared_norm(grads, module).map_or(0.0, |squares| squares.into_data().iter::<f64>().sum::<f64>().sqrt())
}

/// The sum of the squares of all gradients, still on the device; `None` where there are none.
fn squared_norm<M: Module>(grads: &GradientsParams, module: &M) -> Option<Tensor<1>> {
    struct Norm<'a> {
        grads: &'a GradientsParams,
        squares: Vec<Tensor<1>>,
    }
    impl burn::module::ModuleVisitor for Norm<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(grad) = self.grads.get::<D>(param.id) {
                self.squares.push(grad.square().sum());
            }
        }
    }
    let mut norm = Norm { grads, squares: Vec::new() };
    module.visit(&mut norm);
    (!norm.squares.is_empty()).then(|| Tensor::cat(norm.squares, 0).sum())
}

/// The gradients of a module, shortened together where their Euclidean norm is longer than `limit` (Pascanu et al. 2013,
/// section 3.2). The norm is never read back, so a GPU does not wait.
pub fn clip<M: Module>(grads: GradientsParams, module: &M, limit: f64) -> GradientsParams {
    struct Clip {
        grads: GradientsParams,
        scale: Tensor<1>,
    }
    impl burn::module::ModuleVisitor for Clip {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(grad) = self.grads.remove::<D>(param.id) {
                let scale = self.scale.clone().reshape([1; D]);
                self.grads.register::<D>(param.id, grad * scale);
            }
        }
    }
    let Some(squares) = squared_norm(&grads, module) else { return grads };
    let scale = (squares.sqrt() + f32::MIN_POSITIVE).recip().mul_scalar(limit).clamp_max(1.0);
    let mut clip = Clip { grads, scale };
    module.visit(&mut clip);
    clip.grads
}

//! How steep a discriminator is, and what that costs it: R1 on recorded beats (Mescheder et al. 2018, section 4.1), R2 on generated
//! ones.
//!
//! burn differentiates once, so the gradient of the logits with respect to the tensors is written out as a forward computation, layer
//! by layer from the last to the first; what is differentiated is that.
//!
//! ```text
//! x ─views→ ─conv→ f₁ … ─conv→ fₙ ─spread→ ─dense→ logit            kept: x, f₁ … fₙ
//! ∂x ←views─ ←convᵀ─ · f₁′ … ←convᵀ─ · fₙ′ ←spread─ ←denseᵀ─ 1
//! ```
//!
//! A LeakyReLU's slope is its output's sign, and has no slope of its own.

use adm_spectral::Shape;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use super::{Discriminator, GanConfig, NormKind};
use crate::ModelError;

/// What a steep discriminator pays. Half the mean square of the gradient's length, summed over a tensor's values, is added to its loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PenaltyConfig {
    /// Weight on recorded beats (R1), 0 to 10,000. A larger one makes the discriminator smoother and slower.
    pub recorded: f64,
    /// Weight on generated beats (R2), 0 to 10,000.
    pub generated: f64,
    /// Steps from one penalty to the next, 1 to 1,000; each weighs as much more (Karras et al. 2020, "lazy regularization"). Each takes
    /// about as long as two steps of the discriminator.
    pub every: u64,
}

impl Default for PenaltyConfig {
    fn default() -> Self {
        Self { recorded: 1.0, generated: 0.0, every: 8 }
    }
}

impl PenaltyConfig {
    /// Checks ranges, and that the discriminator's gradient is known.
    pub(super) fn validate(&self, config: &GanConfig) -> Result<(), ModelError> {
        let refuse = |key, allowed: &str, got: String| Err(ModelError::Setting { key, allowed: allowed.into(), got });
        for (key, weight) in [("penalty.recorded", self.recorded), ("penalty.generated", self.generated)] {
            if !(0.0..=10_000.0).contains(&weight) {
                return refuse(key, "0 to 10000", weight.to_string());
            }
        }
        if !(1..=1_000).contains(&self.every) {
            return refuse("penalty.every", "1 to 1000", self.every.to_string());
        }
        match config.discriminator.norm {
            NormKind::Batch => refuse("discriminator.norm", "none or spectral with a penalty", "batch".into()),
            NormKind::None | NormKind::Spectral => Ok(()),
        }
    }

    /// Refuses tensors whose sides a discriminator's layers do not halve exactly.
    pub(super) fn check_shape(depth: usize, shape: Shape) -> Result<(), ModelError> {
        let factor = 1usize << depth.min(30);
        if shape.bins.is_multiple_of(factor) && shape.frames.is_multiple_of(factor) {
            return Ok(());
        }
        let allowed =
            format!("with a penalty, so many counts that {} and {} can be halved as often", shape.bins, shape.frames);
        Err(ModelError::Setting { key: "discriminator.widths", allowed, got: format!("{depth} counts") })
    }

    /// What a step's recorded and generated tensors cost, `[1]`; nothing at steps without a penalty.
    ///
    /// # Shapes
    /// `real`, `fake`: `[batch, channels, bins, frames]`; `labels`: `[batch, 2]`
    pub(super) fn cost(
        &self,
        step: u64,
        discriminator: &Discriminator,
        [real, fake]: [&Tensor<4>; 2],
        labels: Option<&Tensor<2, Int>>,
    ) -> Option<Tensor<1>> {
        if !step.is_multiple_of(self.every) {
            return None;
        }
        let parts = [(self.recorded, real), (self.generated, fake)];
        let costs = parts.into_iter().filter(|(weight, _)| *weight > 0.0).map(|(weight, x)| {
            let squares = discriminator.gradient(x.clone(), labels.cloned()).square();
            squares.sum() * (0.5 * weight * self.every as f64 / x.dims()[0] as f64)
        });
        costs.reduce(|sum, cost| sum + cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::load;
    use crate::labels::{Label, label_tensor};
    use crate::nn::Gaussian;
    use crate::testing::descent;
    use adm_core::Seeds;
    use adm_train::weights::{apply, collect};
    use burn::tensor::{Device, TensorData};

    /// Sums of some hundred products of 32 bits, in another order.
    const EXACT: f32 = 1e-4;
    /// Finite differences of 32 bits, across the kinks of LeakyReLUs.
    const DIFFERENCES: f64 = 0.03;

    const SHAPE: Shape = Shape { channels: 4, bins: 16, frames: 8 };
    const BATCH: usize = 3;

    fn device() -> Device {
        Device::flex().autodiff()
    }

    /// Every kind of discriminator whose gradient is written out.
    fn kinds() -> Vec<GanConfig> {
        let base = ["discriminator.widths=[5, 7]", "discriminator.dropout=0.0", "condition.width=3"].map(str::to_owned);
        let mut kinds = Vec::new();
        for (norm, spread, dense, log) in [
            (NormKind::None, false, &[][..], 0.0),
            (NormKind::None, true, &[6, 4][..], 0.0),
            (NormKind::Spectral, true, &[][..], 1.0),
            (NormKind::Spectral, false, &[6][..], 0.3),
        ] {
            let mut config = load("complex", &base).unwrap();
            (config.discriminator.norm, config.discriminator.spread) = (norm, spread);
            (config.discriminator.dense, config.discriminator.log_magnitude) = (dense.to_vec(), log);
            kinds.push(GanConfig { condition: None, ..config.clone() });
            kinds.push(config);
        }
        kinds
    }

    fn discriminator(config: &GanConfig) -> Discriminator {
        Discriminator::init(config, SHAPE, 4, &mut Gaussian::new(Seeds::new(8), "discriminator", &device()))
    }

    /// Larger weights than those that training starts with, so that second derivatives are not lost.
    fn enlarged(discriminator: Discriminator) -> Discriminator {
        let mut arrays = collect(&discriminator);
        arrays.values_mut().flat_map(|array| &mut array.values).for_each(|value| *value *= 6.0);
        apply(discriminator, &arrays).unwrap()
    }

    fn tensors(phase: f32) -> Tensor<4> {
        let values: Vec<f32> = (0..BATCH * SHAPE.size()).map(|at| (at as f32 * 0.37 + phase).sin() * 0.8).collect();
        Tensor::from_data(TensorData::new(values, [BATCH, 4, 16, 8]), &device())
    }

    fn labels(config: &GanConfig) -> Option<Tensor<2, Int>> {
        let labels = [(0, 1), (3, 2), (1, 0)].map(|(token, position)| Label { token, position });
        config.condition.map(|_| label_tensor(&labels, &device()))
    }

    fn values(x: Tensor<4>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    #[test]
    fn the_gradient_that_is_written_out_is_the_one_that_is_derived() {
        for config in kinds() {
            let discriminator = enlarged(discriminator(&config));
            let x = tensors(0.2).detach().require_grad();
            let logits = discriminator.forward(x.clone(), labels(&config), Seeds::new(0).stream("none", 0));
            let derived = values(Tensor::from_inner(x.grad(&logits.sum().backward()).unwrap()));
            let written = values(discriminator.gradient(tensors(0.2), labels(&config)));
            let scale = derived.iter().fold(0.0f32, |most, value| most.max(value.abs()));
            assert!(scale > 1e-6, "{scale}");
            let off = derived.iter().zip(&written).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(off < EXACT * scale, "{off} of {scale}: {:?}", config.discriminator);
        }
    }

    #[test]
    fn what_it_costs_falls_along_its_gradient_as_finite_differences_say() {
        let penalty = PenaltyConfig { recorded: 3.0, generated: 2.0, every: 4 };
        for config in kinds() {
            let discriminator = enlarged(discriminator(&config));
            let told = labels(&config);
            let cost = |discriminator: &Discriminator| {
                penalty.cost(4, discriminator, [&tensors(0.2), &tensors(1.7)], told.as_ref()).unwrap()
            };
            let value = |discriminator: &Discriminator| cost(discriminator).into_data().iter::<f64>().sum::<f64>();
            let slope = descent(&discriminator, cost(&discriminator));
            let squares: f64 = slope.values().flat_map(|array| &array.values).map(|&g| f64::from(g).powi(2)).sum();
            let reach = 1e-3 * value(&discriminator) / squares;
            let moved = |by: f64| {
                let mut arrays = collect(&discriminator);
                for (name, array) in &mut arrays {
                    array
                        .values
                        .iter_mut()
                        .zip(&slope[name].values)
                        .for_each(|(w, &g)| *w += (by * f64::from(g)) as f32);
                }
                value(&apply(discriminator.clone(), &arrays).unwrap())
            };
            let rise = (moved(reach) - moved(-reach)) / (2.0 * reach);
            assert!((rise / squares - 1.0).abs() < DIFFERENCES, "{rise} of {squares}: {:?}", config.discriminator);
        }
    }

    #[test]
    fn it_is_half_the_mean_square_of_the_gradient_s_length_every_so_many_steps() {
        let config = &kinds()[0];
        let (discriminator, penalty) =
            (discriminator(config), PenaltyConfig { recorded: 3.0, generated: 0.0, every: 4 });
        let cost = |step| penalty.cost(step, &discriminator, [&tensors(0.2), &tensors(1.7)], None);
        assert!((1..4).all(|step| cost(step).is_none()));
        let squares: f32 = values(discriminator.gradient(tensors(0.2), None)).iter().map(|g| g * g).sum();
        let got: f32 = cost(8).unwrap().into_data().iter::<f32>().sum();
        assert!((got / (0.5 * 3.0 * 4.0 * squares / BATCH as f32) - 1.0).abs() < EXACT);
    }

    #[test]
    fn settings_out_of_range_and_discriminators_whose_gradient_is_not_known_are_refused() {
        for (settings, said) in [
            (&["penalty.recorded=-1"][..], "penalty.recorded"),
            (&["penalty.generated=1e9"], "penalty.generated"),
            (&["penalty.every=0"], "penalty.every"),
            (&["penalty.recorded=1", "discriminator.norm=\"batch\""], "discriminator.norm"),
        ] {
            let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
            assert!(load("adm", &settings).unwrap_err().to_string().contains(said), "{said}");
        }
        let config = load("adm", &["penalty.every=2".to_owned(), "generator.widths=[8, 4]".to_owned()]).unwrap();
        let error = config.fold(Shape { channels: 2, bins: 128, frames: 20 }).unwrap_err().to_string();
        assert!(error.contains("can be halved"), "{error}");
    }
}

//! How much of a tensor is left at each step towards noise.

use super::{NoiseConfig, ScheduleConfig};

/// Most noise that a step of the cosine schedule adds (Nichol and Dhariwal 2021, section 3.2): all of it would leave nothing to divide by.
const MOST_NOISE: f64 = 0.999;

/// ᾱ by step: xₜ = √ᾱₜ·x₀ + √(1 − ᾱₜ)·ε. It is 1 at step 0, where a tensor is itself, and falls with every step.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseSchedule {
    /// ᾱ of steps 0, 1, …
    kept: Vec<f64>,
}

impl NoiseSchedule {
    /// As a configuration says.
    pub fn new(config: &NoiseConfig) -> Self {
        let steps = config.steps;
        let mut kept = vec![1.0];
        let mut product = 1.0;
        for step in 1..=steps {
            product *= 1.0 - added(config.schedule, step, steps);
            kept.push(product);
        }
        Self { kept }
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.kept.len() - 1
    }

    /// ᾱ at a step, 0 to 1; past the last step, that of the last.
    pub fn kept(&self, step: usize) -> f64 {
        self.kept.get(step).or(self.kept.last()).copied().unwrap_or(1.0)
    }

    /// √ᾱ: what tensors are multiplied by.
    pub fn signal(&self, step: usize) -> f64 {
        self.kept(step).sqrt()
    }

    /// √(1 − ᾱ): the deviation of the noise.
    pub fn deviation(&self, step: usize) -> f64 {
        (1.0 - self.kept(step)).sqrt()
    }

    /// ᾱ/(1 − ᾱ), the ratio of signal to noise; infinite at step 0.
    pub fn ratio(&self, step: usize) -> f64 {
        let kept = self.kept(step);
        kept / (1.0 - kept)
    }
}

/// β, the share of noise that a step adds.
fn added(schedule: ScheduleConfig, step: usize, steps: usize) -> f64 {
    match schedule {
        ScheduleConfig::Linear { first, last } => {
            let along = (step - 1) as f64 / (steps - 1).max(1) as f64;
            first + (last - first) * along
        }
        ScheduleConfig::Cosine { offset } => {
            let f = |step: usize| {
                let along = (step as f64 / steps as f64 + offset) / (1.0 + offset);
                (along * std::f64::consts::FRAC_PI_2).cos().powi(2)
            };
            (1.0 - f(step) / f(step - 1)).min(MOST_NOISE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINEAR: ScheduleConfig = ScheduleConfig::Linear { first: 1e-4, last: 0.02 };
    const COSINE: ScheduleConfig = ScheduleConfig::Cosine { offset: 0.008 };

    fn schedule(schedule: ScheduleConfig, steps: usize) -> NoiseSchedule {
        NoiseSchedule::new(&NoiseConfig { steps, schedule, gain: 1.0 })
    }

    #[test]
    fn linear_is_a_product_of_what_each_step_leaves() {
        let short = schedule(ScheduleConfig::Linear { first: 0.1, last: 0.3 }, 3);
        // 0.9, times 0.8, times 0.7.
        for (step, kept) in [1.0, 0.9, 0.72, 0.504].into_iter().enumerate() {
            assert!((short.kept(step) - kept).abs() < 1e-12, "step {step}: {}", short.kept(step));
        }
        assert_eq!(
            schedule(ScheduleConfig::Linear { first: 0.25, last: 0.5 }, 1).kept(1),
            0.75,
            "a single step is the first"
        );
        // Ho et al. 2020, section 4: the last step keeps 4e-5 of the variance.
        let kept = schedule(LINEAR, 1000).kept(1000);
        assert!((3.9e-5..4.2e-5).contains(&kept), "{kept}");
    }

    #[test]
    fn cosine_is_its_formula_up_to_the_last_steps() {
        let steps = 1000;
        let cosine = schedule(COSINE, steps);
        let f = |step: f64| ((step / 1000.0 + 0.008) / 1.008 * std::f64::consts::FRAC_PI_2).cos().powi(2);
        // Only the last step's share of noise is cut off.
        for step in 0..steps {
            let expected = f(step as f64) / f(0.0);
            assert!((cosine.kept(step) - expected).abs() < 1e-12, "step {step}: {} for {expected}", cosine.kept(step));
        }
        assert!((cosine.kept(500) - 0.493_844).abs() < 1e-5, "half way: {}", cosine.kept(500));
        assert!(cosine.kept(steps) > 0.0 && cosine.kept(steps) < 1e-6);
    }

    #[test]
    fn what_is_kept_falls_from_everything_to_nearly_nothing() {
        for (of, steps) in [(LINEAR, 1000), (COSINE, 1000), (COSINE, 1), (COSINE, 20), (COSINE, 4000)] {
            let schedule = schedule(of, steps);
            assert_eq!((schedule.steps(), schedule.kept(0)), (steps, 1.0));
            assert!((1..=steps).all(|step| schedule.kept(step) < schedule.kept(step - 1) && schedule.kept(step) > 0.0));
            assert!(schedule.kept(steps) < 1.1e-3, "{of:?}: {}", schedule.kept(steps));
            for step in [1, steps.div_ceil(2), steps] {
                let [signal, deviation] = [schedule.signal(step), schedule.deviation(step)];
                assert!((signal * signal + deviation * deviation - 1.0).abs() < 1e-12);
                assert!((schedule.ratio(step) - (signal / deviation).powi(2)).abs() < 1e-9 * schedule.ratio(step));
            }
        }
    }
}

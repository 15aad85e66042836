//! Features in units of the reference's own spread.

use super::pairs::Points;
use crate::Features;
use crate::features::FEATURES;

/// Smallest spread of a feature in dB. What hardly varies in the reference (the side of a mono recording) would
/// otherwise weigh a thousandfold; differences under half a decibel are hard to hear.
const LEAST_SPREAD: f64 = 0.5;

/// The reference's mean and spread of every feature.
#[derive(Debug, Clone)]
pub struct Standard {
    mean: Vec<f64>,
    scale: Vec<f64>,
}

impl Standard {
    /// Learns mean and standard deviation over `reference`.
    pub fn of(reference: &[Features]) -> Self {
        let count = reference.len().max(1) as f64;
        let mut mean = vec![0.0; FEATURES];
        add(&mut mean, reference, |value, _| value);
        mean.iter_mut().for_each(|sum| *sum /= count);
        let mut variance = vec![0.0; FEATURES];
        add(&mut variance, reference, |value, index| (value - mean[index]).powi(2));
        let scale = variance.iter().map(|sum| 1.0 / (sum / count).sqrt().max(LEAST_SPREAD)).collect();
        Self { mean, scale }
    }

    /// The same features in units of spread.
    pub fn apply(&self, features: &[Features]) -> Points {
        let scaled = |features: &Features| -> Vec<f32> {
            let values = features.values().iter().zip(self.mean.iter().zip(&self.scale));
            values.map(|(&value, (mean, scale))| ((f64::from(value) - mean) * scale) as f32).collect()
        };
        Points::new(features.iter().map(scaled).collect())
    }
}

fn add(sums: &mut [f64], features: &[Features], value_of: impl Fn(f64, usize) -> f64) {
    for features in features {
        for (index, (sum, &value)) in sums.iter_mut().zip(features.values()).enumerate() {
            *sum += value_of(f64::from(value), index);
        }
    }
}

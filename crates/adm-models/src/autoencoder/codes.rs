//! How the codes of the training slices lie, so that noise can lie as they do (Ghosh et al. 2020).
//!
//! An encoder is free to put its codes anywhere, and even one that pays for being elsewhere than the standard normal distribution
//! leaves holes in it: noise that falls into them is decoded to what no slice was. A Gaussian is laid over the codes after training
//! instead, `code = mean + spread · noise`, with `spread` the lower Cholesky factor of their covariance.

use adm_train::TrainError;
use adm_train::weights::{Array, Arrays};
use burn::tensor::{Tensor, TensorData};

use super::Encoded;

const MEAN: &str = "mean";
const SPREAD: &str = "spread";

/// A Gaussian over codes.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeSpread {
    /// `[latent]`
    mean: Vec<f32>,
    /// `[latent, latent]`, lower triangular
    spread: Vec<f32>,
}

impl CodeSpread {
    /// Noise as it is, for codes of so many values.
    pub fn standard(latent: usize) -> Self {
        let mut spread = vec![0.0; latent * latent];
        spread.iter_mut().step_by(latent + 1).for_each(|value| *value = 1.0);
        Self { mean: vec![0.0; latent], spread }
    }

    /// That of these slices: the covariance of the middles of their clouds, with the mean variance of the clouds around them.
    pub fn of(encoded: &Encoded) -> Self {
        let [count, latent] = encoded.mean.dims();
        let codes: Vec<f64> = encoded.mean.clone().into_data().iter::<f64>().collect();
        let own: Vec<f64> = match &encoded.log_variance {
            None => vec![0.0; latent],
            Some(log) => log.clone().exp().mean_dim(0).into_data().iter::<f64>().collect(),
        };
        let mean = means(&codes, latent);
        let mut covariance = covariance(&codes, &mean, count);
        covariance.iter_mut().step_by(latent + 1).zip(&own).for_each(|(value, own)| *value += own);
        let spread = cholesky(covariance, latent).into_iter().map(|value| value as f32).collect();
        Self { mean: mean.into_iter().map(|value| value as f32).collect(), spread }
    }

    /// Values of a code.
    pub fn latent(&self) -> usize {
        self.mean.len()
    }

    /// # Shapes
    /// `noise` and output: `[batch, latent]`
    pub fn codes(&self, noise: Tensor<2>) -> Tensor<2> {
        let (latent, device) = (self.latent(), noise.device());
        let spread = Tensor::<2>::from_data(TensorData::new(self.spread.clone(), [latent, latent]), &device);
        noise.matmul(spread.transpose()) + Tensor::from_data(TensorData::new(self.mean.clone(), [1, latent]), &device)
    }

    /// As named arrays.
    pub fn arrays(&self) -> Arrays {
        let latent = self.latent();
        let of = |values: &[f32], shape: Vec<usize>| Array { shape, values: values.to_vec() };
        [(MEAN.to_owned(), of(&self.mean, vec![latent])), (SPREAD.to_owned(), of(&self.spread, vec![latent, latent]))]
            .into()
    }

    /// From [`arrays`](Self::arrays), for codes of so many values.
    ///
    /// # Errors
    /// An array that is missing or of another shape.
    pub fn restore(arrays: &Arrays, latent: usize) -> Result<Self, TrainError> {
        let find = |name: &str, expected: Vec<usize>| {
            let array = arrays.get(name).ok_or_else(|| TrainError::Missing { name: name.to_owned() })?;
            if array.shape == expected {
                return Ok(array.values.clone());
            }
            Err(TrainError::Shape { name: name.to_owned(), expected, got: array.shape.clone() })
        };
        Ok(Self { mean: find(MEAN, vec![latent])?, spread: find(SPREAD, vec![latent, latent])? })
    }

    /// Values of a code that differ between slices, by more than a hundredth of the standard normal distribution's variance (Burda et
    /// al. 2016, section 5.2, "active units"): a code of which none does says nothing.
    pub fn active(encoded: &Encoded) -> usize {
        let [count, latent] = encoded.mean.dims();
        let codes: Vec<f64> = encoded.mean.clone().into_data().iter::<f64>().collect();
        let covariance = covariance(&codes, &means(&codes, latent), count);
        covariance.iter().step_by(latent + 1).filter(|&&variance| variance > 0.01).count()
    }
}

fn means(codes: &[f64], latent: usize) -> Vec<f64> {
    let count = (codes.len() / latent).max(1) as f64;
    (0..latent).map(|value| codes.iter().skip(value).step_by(latent).sum::<f64>() / count).collect()
}

/// Biased, `[latent, latent]`.
fn covariance(codes: &[f64], mean: &[f64], count: usize) -> Vec<f64> {
    let latent = mean.len();
    let mut sums = vec![0.0; latent * latent];
    for code in codes.chunks_exact(latent) {
        for (row, sums) in sums.chunks_exact_mut(latent).enumerate() {
            let here = code[row] - mean[row];
            sums.iter_mut().zip(code.iter().zip(mean)).for_each(|(sum, (value, mean))| *sum += here * (value - mean));
        }
    }
    sums.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
    sums
}

/// The lower triangular matrix whose product with its transpose is this symmetric one. Directions that no code differs in, of which
/// there are some where codes are fewer than their values, get nothing.
fn cholesky(mut matrix: Vec<f64>, size: usize) -> Vec<f64> {
    for column in 0..size {
        let known: f64 = matrix[column * size..][..column].iter().map(|value| value * value).sum();
        let pivot = matrix[column * size + column] - known;
        // What is left by rounding alone.
        let pivot = if pivot > 1e-9 * matrix[column * size + column] { pivot.sqrt() } else { 0.0 };
        for row in column + 1..size {
            let known: f64 = (0..column).map(|at| matrix[row * size + at] * matrix[column * size + at]).sum();
            let left = matrix[row * size + column] - known;
            matrix[row * size + column] = if pivot > 0.0 { left / pivot } else { 0.0 };
        }
        matrix[column * size + column] = pivot;
        matrix[column * size + column + 1..(column + 1) * size].fill(0.0);
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{NoiseKind, latents};
    use adm_core::Seeds;
    use burn::tensor::Device;

    fn encoded(values: &[f32], latent: usize, log_variance: Option<f32>) -> Encoded {
        let shape = [values.len() / latent, latent];
        let device = Device::flex();
        let mean = Tensor::<2>::from_data(TensorData::new(values.to_vec(), shape), &device);
        Encoded { log_variance: log_variance.map(|log| Tensor::full(shape, log, &device)), mean }
    }

    /// Codes of three values, the last of which is the sum of the others.
    fn leaning() -> Vec<f32> {
        let wave = |at: usize, speed: f32| (at as f32 * speed).sin();
        (0..400)
            .flat_map(|at| {
                [2.0 + wave(at, 0.7), wave(at, 1.9) - 0.5 * wave(at, 0.7), 2.0 + 0.5 * wave(at, 0.7) + wave(at, 1.9)]
            })
            .collect()
    }

    fn moments(codes: &[f64], latent: usize) -> (Vec<f64>, Vec<f64>) {
        let mean = means(codes, latent);
        let covariance = covariance(codes, &mean, codes.len() / latent);
        (mean, covariance)
    }

    #[test]
    fn noise_comes_to_lie_as_the_codes_do() {
        for (clouds, wider) in [(None, 0.0), (Some(0.25f32.ln()), 0.25)] {
            let encoded = encoded(&leaning(), 3, clouds);
            let codes: Vec<f64> = leaning().into_iter().map(f64::from).collect();
            let (mean, mut expected) = moments(&codes, 3);
            expected.iter_mut().step_by(4).for_each(|variance| *variance += wider);
            let noise = latents(NoiseKind::Normal, [40_000, 3], Seeds::new(1), "codes", 0, &Device::flex());
            let made: Vec<f64> = CodeSpread::of(&encoded).codes(noise).into_data().iter::<f64>().collect();
            let (of_made, got) = moments(&made, 3);
            // Five deviations of means and covariances of so many draws of variance about 1.
            assert!(mean.iter().zip(&of_made).all(|(a, b)| (a - b).abs() < 0.03), "{mean:?} {of_made:?}");
            assert!(expected.iter().zip(&got).all(|(a, b)| (a - b).abs() < 0.05), "{expected:?} {got:?}");
        }
    }

    #[test]
    fn a_factor_gives_its_matrix_back() {
        let (size, rows) = (
            5,
            [
                [3.0, 1.0, -0.5, 0.2, 0.0],
                [1.0, 2.0, 0.3, 0.0, 0.1],
                [-0.5, 0.3, 1.0, -0.2, 0.4],
                [0.2, 0.0, -0.2, 1.5, 0.6],
                [0.0, 0.1, 0.4, 0.6, 2.5],
            ],
        );
        let factor = cholesky(rows.concat(), size);
        for (row, column) in (0..size).flat_map(|row| (0..size).map(move |column| (row, column))) {
            let product: f64 = (0..size).map(|at| factor[row * size + at] * factor[column * size + at]).sum();
            assert!((product - rows[row][column]).abs() < 1e-12, "{row} {column}");
            assert!(column <= row || factor[row * size + column] == 0.0);
        }
    }

    #[test]
    fn codes_that_say_nothing_are_told() {
        assert_eq!(CodeSpread::active(&encoded(&leaning(), 3, None)), 3);
        let dead: Vec<f32> = leaning().chunks(3).flat_map(|code| [code[0], 0.05 * code[1], 7.0]).collect();
        assert_eq!(CodeSpread::active(&encoded(&dead, 3, None)), 1);
    }

    #[test]
    fn a_spread_is_kept_and_read_back() {
        let spread = CodeSpread::of(&encoded(&leaning(), 3, None));
        assert_eq!(CodeSpread::restore(&spread.arrays(), 3).unwrap(), spread);
        assert!(CodeSpread::restore(&spread.arrays(), 4).is_err());
        let standard = CodeSpread::standard(2);
        let noise = latents(NoiseKind::Normal, [3, 2], Seeds::new(1), "codes", 0, &Device::flex());
        assert_eq!(standard.codes(noise.clone()).into_data(), noise.into_data());
    }
}

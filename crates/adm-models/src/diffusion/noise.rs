//! Noise, a stream for each sample.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;

use crate::nn::normal_pair;

/// `count` standard normal values of the stream `name` at `index`.
pub fn normals(seeds: Seeds, name: &str, index: u64, count: usize) -> Vec<f32> {
    let mut rng = seeds.stream(name, index);
    let pairs = (0..count.div_ceil(2)).flat_map(|_| normal_pair(rng.random::<f64>(), rng.random::<f64>()));
    pairs.take(count).map(|value| value as f32).collect()
}

/// Noise for a batch, each sample's of the stream `name` at its own index.
///
/// # Shapes
/// Output: `[indices, channels, bins, frames]`
pub(super) fn noise(seeds: Seeds, name: &str, indices: &[u64], dims: [usize; 3], device: &Device) -> Tensor<4> {
    let size = dims.iter().product();
    let values: Vec<Vec<f32>> = indices.par_iter().map(|&index| normals(seeds, name, index, size)).collect();
    let [channels, bins, frames] = dims;
    Tensor::from_data(TensorData::new(values.concat(), [indices.len(), channels, bins, frames]), device)
}

/// A number that only this vector has, near enough: FNV-1a of its bits. What is drawn along the way from a noise vector to a tensor is
/// drawn by it, so that the vector is still a beat, whatever lies beside it in a batch.
pub(super) fn fingerprint(vector: &[f32]) -> u64 {
    let bytes = vector.iter().flat_map(|value| value.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_normal_and_a_sample_is_its_index_alone() {
        let (seeds, device) = (Seeds::new(3), Device::flex());
        let values = normals(seeds, "noise", 0, 100_000);
        let moment = |power: i32| values.iter().map(|&v| f64::from(v).powi(power)).sum::<f64>() / 100_000.0;
        // Five deviations of each moment's estimate: √1, √2, √15 and √96 over √100,000.
        for (power, expected, room) in [(1, 0.0, 0.016), (2, 1.0, 0.023), (3, 0.0, 0.062), (4, 3.0, 0.155)] {
            assert!((moment(power) - expected).abs() < room, "moment {power}: {}", moment(power));
        }
        let batch = |indices: &[u64]| noise(seeds, "noise", indices, [2, 3, 5], &device);
        let [both, alone] = [batch(&[7, 9]).narrow(0, 1, 1), batch(&[9])].map(Tensor::into_data);
        assert_eq!(both.iter::<f32>().collect::<Vec<_>>(), alone.iter::<f32>().collect::<Vec<_>>());
        assert_ne!(fingerprint(&values[..10]), fingerprint(&values[1..11]));
    }
}

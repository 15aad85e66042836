//! White noise.

use adm_core::seeds::{Rng, StreamRng};

/// White noise, uniform in [-1, 1): Marsaglia's 32-bit xorshift, started from a seeded stream.
///
/// ("Xorshift RNGs", Journal of Statistical Software 8(14), 2003.) It is several times faster than the stream itself,
/// and its period of 2³² − 1 samples lasts a day.
#[derive(Debug, Clone)]
pub struct Noise(u32);

impl Noise {
    /// Noise that no other voice of the same stream shares.
    pub fn new(rng: &mut StreamRng) -> Self {
        // Zero is the generator's one fixed point.
        Self(rng.next_u32() | 1)
    }

    /// The next sample.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as i32 as f32 * (1.0 / 2_147_483_648.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn noise_is_white_and_centred() {
        let mut noise = Noise::new(&mut Seeds::new(1).stream("test", 0));
        let samples: Vec<f64> = (0..100_000).map(|_| f64::from(noise.tick())).collect();
        let mean = |lag: usize| samples.iter().zip(&samples[lag..]).map(|(a, b)| a * b).sum::<f64>() / 1e5;
        assert!((samples.iter().sum::<f64>() / 1e5).abs() < 0.01);
        assert!((mean(0) - 1.0 / 3.0).abs() < 0.01, "the variance of a uniform number in [-1, 1) is 1/3");
        for lag in [1, 2, 7, 100] {
            assert!(mean(lag).abs() < 0.01, "lag {lag}");
        }
    }
}

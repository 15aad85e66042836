//! Which values a dropout forgets: a function of a key and a value's place alone.
//!
//! Nothing is drawn from a generator with a state, so the mask needs no memory between the forward and the backward pass,
//! every thread works out its own part, and every device forgets the same values. Place and key, one xor the other, go
//! through a 32-bit integer hash (two multiplications between xor-shifts; constants of C. Wellons's hash prospector,
//! 2018, which have the least bias known for this form), of which the upper 24 bits are compared with the share. Two
//! keys so give the same values in another order at worst.

/// Dropout (Srivastava et al. 2014): forgets a share of values and scales the others up by `1/(1 − share)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// Share of the values that become zero, 0 to 1 and less than 1. A larger share forgets more.
    pub share: f32,
    /// Tells this dropout's mask from others; draw it afresh for every layer and step.
    pub key: u32,
}

/// The hash's multipliers.
pub(crate) const FACTORS: [u32; 2] = [0x21f0_aaad, 0x735a_2d97];
/// How far the hash shifts before, between and after them.
pub(crate) const SHIFTS: [u32; 3] = [16, 15, 15];
/// Bits of the hash that are left out of the comparison, so that 32-bit floats hold it exactly.
pub(crate) const SPARE: u32 = 8;

impl Dropout {
    /// What kept values are multiplied by.
    pub(crate) fn gain(self) -> f32 {
        1.0 / (1.0 - self.share)
    }

    /// Hashes from here on are kept.
    pub(crate) fn threshold(self) -> u32 {
        (self.share * (1u32 << (32 - SPARE)) as f32) as u32
    }
}

/// The hash of a place, 0 to 2²⁴ − 1. Places beyond 2³² start over.
#[inline(always)]
pub(crate) fn hash(place: u32, key: u32) -> u32 {
    let mut x = place ^ key;
    x ^= x >> SHIFTS[0];
    x = x.wrapping_mul(FACTORS[0]);
    x ^= x >> SHIFTS[1];
    x = x.wrapping_mul(FACTORS[1]);
    x ^= x >> SHIFTS[2];
    x >> SPARE
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: u32 = 1 << 18;

    fn kept(dropout: Dropout) -> impl Iterator<Item = bool> {
        (0..PLACES).map(move |place| hash(place, dropout.key) >= dropout.threshold())
    }

    /// Five standard deviations of a share of `count` fair draws.
    fn tolerance(share: f64, count: f64) -> f64 {
        5.0 * (share * (1.0 - share) / count).sqrt()
    }

    #[test]
    fn the_share_is_forgotten() {
        for share in [0.0f32, 0.1, 0.3, 0.5, 0.9] {
            for key in [0, 1, 0xdead_beef] {
                let count = kept(Dropout { share, key }).filter(|kept| !kept).count();
                let got = count as f64 / f64::from(PLACES);
                let share = f64::from(share);
                assert!((got - share).abs() <= tolerance(share, PLACES.into()), "{got} of {share} with key {key}");
            }
        }
    }

    #[test]
    fn neighbours_rows_and_keys_are_independent() {
        let base = Dropout { share: 0.5, key: 7 };
        let mask: Vec<bool> = kept(base).collect();
        let agree = |other: &[bool]| {
            mask.iter().zip(other).filter(|(a, b)| a == b).count() as f64 / mask.len().min(other.len()) as f64
        };
        for lag in [1, 2, 3, 128, 256, 4_096, 65_536] {
            let got = agree(&mask[lag..]);
            assert!((got - 0.5).abs() < tolerance(0.5, f64::from(PLACES) - lag as f64), "lag {lag}: {got}");
        }
        for key in [6, 8, 7 + (1 << 24), u32::MAX] {
            let other: Vec<bool> = kept(Dropout { key, ..base }).collect();
            let got = agree(&other);
            assert!((got - 0.5).abs() < tolerance(0.5, PLACES.into()), "key {key}: {got}");
        }
    }
}

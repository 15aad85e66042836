//! Powers of many numbers at once.
//!
//! The library's `powf` takes one number a call and some 10 ns each, which for the 131,072 points of a stereo tensor
//! would be several times the transform itself. These few lines have no branch and no call, so the compiler makes vector
//! instructions of a loop over them.

/// `base^exponent` for positive normal bases, to a few units in the last place while the result stays within 2^±20;
/// results beyond 2^±126 stop there.
#[inline]
pub(super) fn power(base: f32, exponent: f32) -> f32 {
    exp2(log2(base) * exponent)
}

/// The logarithm to base 2 of a positive normal number.
#[inline]
fn log2(value: f32) -> f32 {
    /// The bits of √½, where the mantissa's range starts so that it lies around 1.
    const LOWEST: u32 = 0x3f35_04f3;
    let shifted = value.to_bits().wrapping_sub(LOWEST) as i32;
    let mantissa = f32::from_bits(((shifted & 0x007f_ffff) as u32).wrapping_add(LOWEST));
    // ln m = 2·artanh((m - 1) / (m + 1)), whose series ends early because the fraction is below 0.172.
    let fraction = (mantissa - 1.0) / (mantissa + 1.0);
    let square = fraction * fraction;
    let series = 1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square * (1.0 / 9.0))));
    (shifted >> 23) as f32 + 2.0 * std::f32::consts::LOG2_E * fraction * series
}

/// 2 to the power of `value`, which is clamped to ±126.
#[inline]
fn exp2(value: f32) -> f32 {
    /// Adding this leaves no bits for a fraction: it rounds, and the sum's lowest bits are the whole number.
    const ROUND: f32 = 12_582_912.0;
    const LN_2: f32 = std::f32::consts::LN_2;
    let value = value.clamp(-126.0, 126.0);
    let rounded = value + ROUND;
    let x = (value - (rounded - ROUND)) * LN_2;
    let tail = 1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0))));
    let series = 1.0 + (x + x * x * (0.5 + x * tail));
    f32::from_bits((rounded.to_bits() << 23).wrapping_add(series.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few units in the last place of an f32.
    const TOLERANCE: f64 = 5e-7;

    #[test]
    fn powers_equal_the_library_s() {
        for exponent in [-0.45, -0.25, -0.125, 0.0, 0.25, 0.5, 1.0, 2.0] {
            for step in -4000..=4000 {
                let base = 2f32.powf(step as f32 / 200.0) * 1.000_123;
                let (fast, slow) = (f64::from(power(base, exponent)), f64::from(base).powf(f64::from(exponent)));
                let bits = 1.0 + slow.log2().abs() / 4.0;
                assert!((fast / slow - 1.0).abs() < TOLERANCE * bits, "{base}^{exponent} = {slow}, got {fast}");
            }
        }
    }

    #[test]
    fn extremes_stay_finite() {
        for base in [f32::MIN_POSITIVE, 1.0, f32::MAX] {
            for exponent in [-10.0, -1.0, 0.0, 1.0, 10.0] {
                let result = power(base, exponent);
                assert!(result.is_finite() && result > 0.0, "{base}^{exponent} = {result}");
            }
        }
    }
}

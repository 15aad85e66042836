//! Samples as 16-bit little-endian integers, the form in which they leave for pipes and networks.

use bytes::Bytes;

/// The nearest integer; full scale is 2^15, of which the positive side is clamped by one step.
pub(crate) fn sample(value: f32) -> i16 {
    // The cast clamps, and takes NaN to 0.
    (value * 32_768.0).round() as i16
}

/// All of `samples`, in their order.
pub(crate) fn encode(samples: &[f32]) -> Bytes {
    samples.iter().flat_map(|&value| sample(value).to_le_bytes()).collect::<Vec<u8>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_rounded_and_clamped() {
        for (value, expected) in [
            (0.0, 0),
            (0.5, 16_384),
            (1.0, 32_767),
            (7.0, 32_767),
            (-1.0, -32_768),
            (-2.0, -32_768),
            (f32::NAN, 0),
            (0.6 / 32_768.0, 1),
        ] {
            assert_eq!(sample(value), expected, "{value}");
        }
        assert_eq!(encode(&[0.5, -1.0]).as_ref(), [0, 64, 0, 128]);
    }
}

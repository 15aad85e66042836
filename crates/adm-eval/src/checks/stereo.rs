//! How wide a recording is.

/// Correlation of left and right over interleaved stereo `samples`: 1 for mono, 0 for two unrelated channels, -1 for
/// opposite ones; 1 where a channel is constant, for then there is nothing that differs.
pub fn correlation(samples: &[f32]) -> f64 {
    let frames = samples.as_chunks::<2>().0;
    let count = frames.len().max(1) as f64;
    let mean = |channel: usize| frames.iter().map(|frame| f64::from(frame[channel])).sum::<f64>() / count;
    let means = [mean(0), mean(1)];
    let product = |a: usize, b: usize| {
        frames.iter().map(|frame| (f64::from(frame[a]) - means[a]) * (f64::from(frame[b]) - means[b])).sum::<f64>()
    };
    let spread = (product(0, 0) * product(1, 1)).sqrt();
    if spread > 0.0 { (product(0, 1) / spread).clamp(-1.0, 1.0) } else { 1.0 }
}

/// Power of the side `(left − right)/2` over that of the mid `(left + right)/2` in dB, over interleaved stereo
/// `samples`: −∞ for mono, 0 for two unrelated channels of the same power.
pub fn side_to_mid_db(samples: &[f32]) -> f64 {
    let frames = samples.as_chunks::<2>().0;
    let power = |sign: f32| frames.iter().map(|[left, right]| f64::from(left + sign * right).powi(2)).sum::<f64>();
    let (mid, side) = (power(1.0), power(-1.0));
    if side == 0.0 { f64::NEG_INFINITY } else { 10.0 * (side / mid).log10() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stereo(frame: impl Fn(f32) -> [f32; 2]) -> Vec<f32> {
        (0..10_000).flat_map(|n| frame(n as f32)).collect()
    }

    #[test]
    fn known_images_have_known_widths() {
        let mono = stereo(|n| [(0.1 * n).sin(); 2]);
        assert_eq!((correlation(&mono), side_to_mid_db(&mono)), (1.0, f64::NEG_INFINITY));
        let opposite = stereo(|n| [(0.1 * n).sin(), -(0.1 * n).sin()]);
        assert_eq!((correlation(&opposite), side_to_mid_db(&opposite)), (-1.0, f64::INFINITY));
        let unrelated = stereo(|n| [(0.1 * n).sin(), (0.1 * n).cos()]);
        assert!(correlation(&unrelated).abs() < 1e-2 && side_to_mid_db(&unrelated).abs() < 0.1);
        // Mid sin, side 0.1·cos: the side has a hundredth of the mid's power.
        let narrow = stereo(|n| [(0.1 * n).sin() + 0.1 * (0.1 * n).cos(), (0.1 * n).sin() - 0.1 * (0.1 * n).cos()]);
        assert!((side_to_mid_db(&narrow) + 20.0).abs() < 0.05);
        assert!((correlation(&narrow) - 0.99 / 1.01).abs() < 1e-3);
    }

    #[test]
    fn nothing_and_silence_are_mono() {
        for samples in [&[][..], &[0.0; 64]] {
            assert_eq!((correlation(samples), side_to_mid_db(samples)), (1.0, f64::NEG_INFINITY));
        }
    }
}

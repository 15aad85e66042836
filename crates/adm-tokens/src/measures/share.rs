//! How far values of two slices are apart.

/// Sums run side by side in this many lanes, which fill a vector register.
const LANES: usize = 8;

/// The Bray-Curtis distance, `Σ|a-b| / Σ(a+b)`: 0 where both are the same, 1 where nothing sounds in both.
///
/// Sums below `floor` count as `floor`, so that what is next to nothing is near to nothing.
///
/// # Shapes
/// `a`, `b`: the same length; no value is negative.
pub(super) fn share_apart(a: &[f32], b: &[f32], floor: f32) -> f32 {
    let (mut apart, mut all) = ([0f32; LANES], [0f32; LANES]);
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            apart[lane] += (a[lane] - b[lane]).abs();
            all[lane] += a[lane] + b[lane];
        }
    }
    for (lane, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        apart[lane] += (a - b).abs();
        all[lane] += a + b;
    }
    let (apart, all) = (apart.iter().sum::<f32>(), all.iter().sum::<f32>());
    // Rounding may put the sum of differences a hair above the sum of all.
    (apart / all.max(floor)).min(1.0)
}

/// The mean difference of levels as a part of `span` decibels, 1 at most.
pub(super) fn decibels_apart(a: &[f32], b: &[f32], span: f32) -> f32 {
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32;
    (apart / span).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    /// f32 sums of 300 values in [0, 1) are right to some 300 · 6e-8.
    const TOLERANCE: f64 = 2e-5;

    #[test]
    fn it_equals_the_formula_over_swept_sizes() {
        let mut random = Seeds::new(5).stream("share", 0);
        for length in (1..40).chain([255, 256, 300]) {
            let mut draw = || (0..length).map(|_| random.random::<f32>()).collect::<Vec<f32>>();
            let (a, b) = (draw(), draw());
            let pairs = || a.iter().zip(&b).map(|(&a, &b)| (f64::from(a), f64::from(b)));
            let expected = pairs().map(|(a, b)| (a - b).abs()).sum::<f64>() / pairs().map(|(a, b)| a + b).sum::<f64>();
            assert!((f64::from(share_apart(&a, &b, 1e-9)) - expected).abs() < TOLERANCE, "{length} values");
            assert_eq!(share_apart(&a, &b, 1e-9), share_apart(&b, &a, 1e-9));
        }
    }

    #[test]
    fn it_runs_from_the_same_to_nothing_in_common() {
        assert_eq!(share_apart(&[0.0; 9], &[0.0; 9], 0.1), 0.0);
        assert_eq!(share_apart(&[0.5; 9], &[0.5; 9], 0.1), 0.0);
        assert_eq!(share_apart(&[1.0, 0.0], &[0.0, 2.0], 0.1), 1.0);
        assert_eq!(share_apart(&[0.01, 0.0], &[0.0, 0.01], 1.0), 0.02, "next to nothing");
    }
}

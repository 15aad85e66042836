//! Spherical interpolation.

/// Walks the fraction `t` in [0, 1] of the way from `a` to `b` along the arc between their directions, with the length
/// changing evenly from one's to the other's. Both have shape `[dimension]`.
///
/// The straight line between two independent Gaussian vectors passes through norms that are rare under the Gaussian
/// (at the middle, 0.71 of the usual); the arc does not (Shoemake 1985; White 2016). Where there is no single arc
/// (a zero vector, the same or the opposite direction) it falls back to the straight line.
pub fn slerp(a: &[f32], b: &[f32], t: f64) -> Vec<f32> {
    let (length_a, length_b) = (dot(a, a).sqrt(), dot(b, b).sqrt());
    let (weight_a, weight_b) = weights(dot(a, b) / (length_a * length_b), t);
    let length = length_a + (length_b - length_a) * t;
    let (weight_a, weight_b) = match weight_a.is_finite() && weight_b.is_finite() {
        true => (weight_a * length / length_a, weight_b * length / length_b),
        false => (1.0 - t, t),
    };
    a.iter().zip(b).map(|(a, b)| (weight_a * f64::from(*a) + weight_b * f64::from(*b)) as f32).collect()
}

/// The shares of two unit vectors with this cosine; not finite where no arc leads from one to the other.
fn weights(cosine: f64, t: f64) -> (f64, f64) {
    let angle = cosine.clamp(-1.0, 1.0).acos();
    // Below this the sines lose all their digits.
    let sine = if angle.sin() > 1e-6 { angle.sin() } else { 0.0 };
    (((1.0 - t) * angle).sin() / sine, (t * angle).sin() / sine)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For perpendicular vectors the arc is a quarter circle.
    #[test]
    fn a_quarter_circle_is_walked_evenly() {
        for step in 0..=8 {
            let t = f64::from(step) / 8.0;
            let point = slerp(&[2.0, 0.0], &[0.0, 4.0], t);
            let (length, angle) = (2.0 + 2.0 * t, t * std::f64::consts::FRAC_PI_2);
            assert!((f64::from(point[0]) - length * angle.cos()).abs() < 1e-6, "t {t}: {point:?}");
            assert!((f64::from(point[1]) - length * angle.sin()).abs() < 1e-6, "t {t}: {point:?}");
        }
    }

    #[test]
    fn where_there_is_no_arc_the_line_is_taken() {
        assert_eq!(slerp(&[1.0, 2.0], &[1.0, 2.0], 0.3), [1.0, 2.0]);
        assert_eq!(slerp(&[1.0], &[-1.0], 0.5), [0.0]);
        assert_eq!(slerp(&[0.0, 0.0], &[1.0, 0.0], 0.5), [0.5, 0.0]);
        assert_eq!(slerp(&[], &[], 0.5), [0.0f32; 0]);
    }
}

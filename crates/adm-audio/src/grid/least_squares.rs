//! Sums from which the best polynomial of degree 0, 1 or 2 follows, and how far it is from what was summed.

/// Of points `(u, y)` with weights: sums of `u^p`, p = 0 … 4, and of `y·u^p`, p = 0 … 2, and of `y²`. Sums of neighbouring
/// stretches add up, and the difference of two running sums is the stretch between.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums([f64; 9]);

impl Sums {
    pub(super) fn add(&mut self, (u, y): (f64, f64), weight: f64) {
        let mut power = weight;
        for p in 0..5 {
            self.0[p] += power;
            if p < 3 {
                self.0[5 + p] += power * y;
            }
            power *= u;
        }
        self.0[8] += weight * y * y;
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|n| self.0[n] - other.0[n]))
    }

    /// The sum of all weights.
    pub(super) fn weight(&self) -> f64 {
        self.0[0]
    }

    /// The mean of `u²`, where that of `u` is 0.
    pub(super) fn spread(&self) -> f64 {
        self.0[2] / self.0[0]
    }

    /// The sum of weighted squared errors of the best polynomial with so many coefficients.
    pub(super) fn residual(&self, terms: usize) -> f64 {
        if self.weight() <= 0.0 {
            return 0.0;
        }
        let centred = self.centred();
        centred.solve(terms).map_or(0.0, |x| {
            let explained: f64 = (0..terms).map(|n| x[n] * centred.0[5 + n]).sum();
            (centred.0[8] - explained).max(0.0)
        })
    }

    /// The coefficients of the best polynomial with so many of them, with `u` and `y` counted from their means; fewer where
    /// the points do not fix them all.
    pub(super) fn coefficients(&self, terms: usize) -> [f64; 3] {
        self.centred().solve(terms).unwrap_or_default()
    }

    /// The same sums with `u` and `y` counted from their means.
    fn centred(&self) -> Self {
        let s = &self.0;
        let (m, y) = (s[1] / s[0], s[5] / s[0]);
        let u2 = s[2] - m * s[1];
        let u3 = s[3] - 3.0 * m * s[2] + 3.0 * m * m * s[1] - m.powi(3) * s[0];
        let u4 = s[4] - 4.0 * m * s[3] + 6.0 * m * m * s[2] - 4.0 * m.powi(3) * s[1] + m.powi(4) * s[0];
        let yu = s[6] - m * s[5];
        let yu2 = s[7] - 2.0 * m * s[6] + m * m * s[5] - y * u2;
        Self([s[0], 0.0, u2, u3, u4, 0.0, yu, yu2, s[8] - y * s[5]])
    }

    /// The normal equations by elimination; `None` where not even a constant is fixed.
    fn solve(&self, terms: usize) -> Option<[f64; 3]> {
        /// A pivot below this, of a matrix with ones on its diagonal, is none.
        const SINGULAR: f64 = 1e-9;
        let fewer = || if terms > 1 { self.solve(terms - 1) } else { None };
        let scale: [f64; 3] = std::array::from_fn(|n| self.0[2 * n].max(0.0).sqrt());
        if scale[..terms].iter().any(|&scale| scale <= SINGULAR) {
            return fewer();
        }
        let entry = |n: usize, m: usize| match m {
            3 => self.0[5 + n] / scale[n],
            _ => self.0[n + m] / (scale[n] * scale[m]),
        };
        let mut rows: [[f64; 4]; 3] = std::array::from_fn(|n| {
            if n < terms {
                std::array::from_fn(|m| if m == 3 || m < terms { entry(n, m) } else { 0.0 })
            } else {
                [0.0; 4]
            }
        });
        for n in 0..terms {
            let pivot = rows[n];
            if pivot[n] < SINGULAR {
                return fewer();
            }
            for m in (0..terms).filter(|&m| m != n) {
                let factor = rows[m][n] / pivot[n];
                rows[m].iter_mut().zip(pivot).for_each(|(value, above)| *value -= factor * above);
            }
        }
        Some(std::array::from_fn(|n| if n < terms { rows[n][3] / rows[n][n] / scale[n] } else { 0.0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_found_and_others_are_told_by_their_residual() {
        for shift in [0.0, 1_000.0] {
            for [a, b, c] in [[1.0, 0.0, 0.0], [2.0, -0.3, 0.0], [0.5, 0.01, 0.002]] {
                let mut sums = Sums::default();
                for n in 0..50 {
                    let u = f64::from(n) - 24.5;
                    sums.add((u + shift, a + b * u + c * u * u), 1.0 + f64::from(n % 3));
                }
                let exact = 1 + usize::from(b != 0.0) + usize::from(c != 0.0);
                assert!(sums.residual(exact.max(2)) < 1e-6, "{a} {b} {c} at {shift}: {}", sums.residual(exact));
                assert!(exact < 3 || sums.residual(2) > 1e-3, "a line is no parabola");
                let found = sums.coefficients(3);
                assert!((found[2] - c).abs() < 1e-6, "{a} {b} {c} at {shift}: {found:?}");
            }
        }
    }

    #[test]
    fn too_few_points_fix_fewer_coefficients() {
        let mut sums = Sums::default();
        assert_eq!(sums.residual(3), 0.0);
        sums.add((3.0, 5.0), 1.0);
        assert_eq!((sums.residual(3), sums.coefficients(3)), (0.0, [0.0; 3]));
        sums.add((4.0, 6.0), 1.0);
        assert!((sums.coefficients(3)[1] - 1.0).abs() < 1e-12 && sums.coefficients(3)[2] == 0.0);
    }
}

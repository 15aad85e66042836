//! Small symmetric matrices: eigenvalues, and functions of them.

/// Sweeps after which rotations have stopped for any matrix of ours; usually eight do.
const MOST_SWEEPS: usize = 50;

/// A symmetric matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Symmetric {
    side: usize,
    values: Vec<f64>,
}

impl Symmetric {
    /// With the value of each place; `at(i, j)` must be `at(j, i)`.
    pub fn new(side: usize, at: impl Fn(usize, usize) -> f64) -> Self {
        Self { side, values: (0..side * side).map(|place| at(place / side, place % side)).collect() }
    }

    /// Covariance of rows of `side` numbers about their mean, over one less than their number.
    pub fn covariance(rows: &[&[f64]], mean: &[f64]) -> Self {
        let side = mean.len();
        let mut values = vec![0.0; side * side];
        let mut off = vec![0.0; side];
        for row in rows {
            off.iter_mut().zip(row.iter().zip(mean)).for_each(|(off, (value, mean))| *off = value - mean);
            for (line, &first) in values.chunks_exact_mut(side).zip(&off) {
                line.iter_mut().zip(&off).for_each(|(sum, second)| *sum += first * second);
            }
        }
        let scale = 1.0 / (rows.len().max(2) - 1) as f64;
        values.iter_mut().for_each(|sum| *sum *= scale);
        Self { side, values }
    }

    /// Sum of the diagonal.
    pub fn trace(&self) -> f64 {
        self.values.iter().step_by(self.side + 1).sum()
    }

    /// `self · other · self`, symmetric as both are.
    pub fn around(&self, other: &Self) -> Self {
        let side = self.side;
        let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
            let mut out = vec![0.0; side * side];
            for (line, row) in out.chunks_exact_mut(side).zip(a.chunks_exact(side)) {
                for (&factor, from) in row.iter().zip(b.chunks_exact(side)) {
                    line.iter_mut().zip(from).for_each(|(sum, value)| *sum += factor * value);
                }
            }
            out
        };
        let values = product(&product(&self.values, &other.values), &self.values);
        Self { side, values }
    }

    /// Eigenvalues, and the matrix whose columns are their vectors (cyclic Jacobi; Golub & Van Loan, "Matrix computations", 4th
    /// edition, section 8.5).
    pub fn eigen(mut self) -> (Vec<f64>, Vec<f64>) {
        let side = self.side;
        let mut vectors = vec![0.0; side * side];
        vectors.iter_mut().step_by(side + 1).for_each(|value| *value = 1.0);
        for _ in 0..MOST_SWEEPS {
            let mut turned = false;
            for p in 0..side {
                for q in p + 1..side {
                    turned |= self.rotate(p, q, &mut vectors);
                }
            }
            if !turned {
                break;
            }
        }
        (self.values.into_iter().step_by(side + 1).collect(), vectors)
    }

    /// Makes the value at `(p, q)` zero; whether there was anything to do.
    fn rotate(&mut self, p: usize, q: usize, vectors: &mut [f64]) -> bool {
        let (side, values) = (self.side, &mut self.values);
        let (app, aqq, apq) = (values[p * side + p], values[q * side + q], values[p * side + q]);
        if apq.abs() <= f64::EPSILON * 0.1 * (app.abs() * aqq.abs()).sqrt() || apq.abs() < f64::MIN_POSITIVE {
            return false;
        }
        let tau = (aqq - app) / (2.0 * apq);
        let tangent = tau.signum() / (tau.abs() + tau.hypot(1.0));
        let cosine = 1.0 / tangent.hypot(1.0);
        let sine = tangent * cosine;
        for k in 0..side {
            turn(values, k * side + p, k * side + q, cosine, sine);
            turn(vectors, k * side + p, k * side + q, cosine, sine);
        }
        for k in 0..side {
            turn(values, p * side + k, q * side + k, cosine, sine);
        }
        true
    }

    /// The root of a matrix without negative eigenvalues; what rounding made negative counts as 0.
    pub fn root(self) -> Self {
        let side = self.side;
        let (eigenvalues, vectors) = self.eigen();
        let roots: Vec<f64> = eigenvalues.iter().map(|value| value.max(0.0).sqrt()).collect();
        Self::new(side, |i, j| {
            let rows = vectors[i * side..][..side].iter().zip(&vectors[j * side..][..side]);
            rows.zip(&roots).map(|((a, b), root)| a * b * root).sum()
        })
    }
}

fn turn(values: &mut [f64], first: usize, second: usize, cosine: f64, sine: f64) {
    let (a, b) = (values[first], values[second]);
    (values[first], values[second]) = (cosine * a - sine * b, sine * a + cosine * b);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(side: usize) -> Symmetric {
        Symmetric::new(side, |i, j| ((i * j) as f64 * 0.37).sin() + if i == j { 3.0 + i as f64 } else { 0.0 })
    }

    #[test]
    fn eigenvectors_make_the_matrix_again_over_swept_sizes() {
        for side in [1, 2, 3, 7, 20, 64] {
            let matrix = sample(side);
            let (eigenvalues, vectors) = matrix.clone().eigen();
            let vector = |row: usize, k: usize| vectors[row * side + k];
            for (i, j) in (0..side).flat_map(|i| (0..side).map(move |j| (i, j))) {
                let made: f64 = (0..side).map(|k| vector(i, k) * eigenvalues[k] * vector(j, k)).sum();
                assert!((made - matrix.values[i * side + j]).abs() < 1e-10, "{side}: {i}, {j}");
                let product: f64 = (0..side).map(|k| vector(k, i) * vector(k, j)).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12, "{side}: {i}, {j}");
            }
        }
    }

    #[test]
    fn a_root_times_itself_is_the_matrix() {
        for side in [1, 4, 30] {
            // A matrix without negative eigenvalues, one of them 0.
            let rows: Vec<Vec<f64>> =
                (0..side).map(|k| (0..side).map(|i| ((k * i + k) as f64 * 1.3).cos()).collect()).collect();
            let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
            let matrix = Symmetric::covariance(&rows, &vec![0.0; side]);
            let root = matrix.clone().root();
            let one = Symmetric::new(side, |i, j| f64::from(u8::from(i == j)));
            let squared = root.around(&one);
            let near = squared.values.iter().zip(&matrix.values).all(|(a, b)| (a - b).abs() < 1e-9 * (1.0 + b.abs()));
            assert!(near, "{side}");
        }
    }
}

//! Eigenvalues of a symmetric matrix: Householder's reflections to three diagonals, then QL steps with implicit shifts
//! (Golub & Van Loan, "Matrix Computations", 4th edition, algorithms 8.3.1 and 8.3.3).
//!
//! Written out because nalgebra would switch on a feature of num-integer (`i128`), which burn shares.

/// QL steps for one eigenvalue; two or three are usual.
const MOST_STEPS: usize = 60;

/// Three diagonals: the main one, and the one beside it (one shorter, padded with a zero at the end).
struct Tridiagonal {
    main: Vec<f64>,
    beside: Vec<f64>,
}

/// The eigenvalues of a symmetric matrix, shape `[size, size]` row by row, in no order. Only its lower triangle is read.
/// Their error is about `1e-15` of the largest.
pub fn eigenvalues(mut matrix: Vec<f64>, size: usize) -> Vec<f64> {
    let mut diagonals = tridiagonal(&mut matrix, size);
    for index in 0..size {
        for _ in 0..MOST_STEPS {
            let end = block_end(&diagonals, index);
            if end == index {
                break;
            }
            ql_step(&mut diagonals, index, end);
        }
    }
    diagonals.main
}

/// Reflects one column after the other, from the last, so that nothing is left beyond the three diagonals.
fn tridiagonal(matrix: &mut [f64], size: usize) -> Tridiagonal {
    let mut beside = vec![0.0; size];
    for row in (1..size).rev() {
        let mut reflector: Vec<f64> = matrix[row * size..row * size + row].to_vec();
        let last = reflector[row - 1];
        let norm = reflector.iter().map(|value| value * value).sum::<f64>().sqrt();
        let to = if last > 0.0 { -norm } else { norm };
        beside[row - 1] = to;
        reflector[row - 1] -= to;
        let squared = reflector.iter().map(|value| value * value).sum::<f64>();
        if squared > 0.0 {
            reflect(matrix, size, &reflector, 2.0 / squared);
        }
    }
    Tridiagonal { main: (0..size).map(|index| matrix[index * size + index]).collect(), beside }
}

/// `A ← H A H` on the leading block, with `H = 1 − factor·v vᵀ`: a symmetric update of rank two.
fn reflect(matrix: &mut [f64], size: usize, v: &[f64], factor: f64) {
    let count = v.len();
    let mut image = vec![0.0; count];
    for i in 0..count {
        let row = &matrix[i * size..i * size + i];
        let sum: f64 = row.iter().zip(v).map(|(a, v)| a * v).sum();
        image[i] += sum + matrix[i * size + i] * v[i];
        for (image, a) in image.iter_mut().zip(row) {
            *image += a * v[i];
        }
    }
    image.iter_mut().for_each(|value| *value *= factor);
    let half = 0.5 * factor * image.iter().zip(v).map(|(p, v)| p * v).sum::<f64>();
    image.iter_mut().zip(v).for_each(|(p, v)| *p -= half * v);
    for i in 0..count {
        let row = &mut matrix[i * size..=i * size + i];
        for (a, (p, v_j)) in row.iter_mut().zip(image.iter().zip(v)) {
            *a -= v[i] * p + image[i] * v_j;
        }
    }
}

/// The first index from `start` on whose neighbour below is nothing beside the diagonal.
fn block_end(diagonals: &Tridiagonal, start: usize) -> usize {
    let Tridiagonal { main, beside } = diagonals;
    let small = |index: &usize| {
        let scale = main[*index].abs() + main[*index + 1].abs();
        scale + beside[*index].abs() == scale
    };
    (start..main.len() - 1).find(small).unwrap_or(main.len() - 1)
}

/// One implicitly shifted QL step on the block `start..=end`, which drives `beside[start]` to zero.
fn ql_step(diagonals: &mut Tridiagonal, start: usize, end: usize) {
    let Tridiagonal { main, beside } = diagonals;
    let slope = (main[start + 1] - main[start]) / (2.0 * beside[start]);
    let root = slope.hypot(1.0);
    let shift = main[start] - beside[start] / (slope + if slope < 0.0 { -root } else { root });
    let (mut bulge, mut sine, mut cosine, mut carried) = (main[end] - shift, 1.0, 1.0, 0.0);
    for index in (start..end).rev() {
        let (far, near) = (sine * beside[index], cosine * beside[index]);
        let length = far.hypot(bulge);
        beside[index + 1] = length;
        if length == 0.0 {
            main[index + 1] -= carried;
            beside[end] = 0.0;
            return;
        }
        (sine, cosine) = (far / length, bulge / length);
        let below = main[index + 1] - carried;
        let turn = (main[index] - below) * sine + 2.0 * cosine * near;
        carried = sine * turn;
        main[index + 1] = below + carried;
        bulge = cosine * turn - near;
    }
    main[start] -= carried;
    beside[start] = bulge;
    beside[end] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    /// Error of an eigenvalue relative to the largest.
    const TOLERANCE: f64 = 1e-12;

    fn symmetric(size: usize) -> Vec<f64> {
        let mut random = Seeds::new(1).stream("matrix", size as u64);
        let mut matrix = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..=i {
                let value = random.random_range(-1.0..1.0);
                (matrix[i * size + j], matrix[j * size + i]) = (value, value);
            }
        }
        matrix
    }

    /// Jacobi's method, one plane after the other until nothing is left beside the diagonal: slow and obvious.
    fn jacobi(mut a: Vec<f64>, n: usize) -> Vec<f64> {
        for _ in 0..60 {
            for (p, q) in (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))) {
                let angle = 0.5 * (2.0 * a[p * n + q]).atan2(a[q * n + q] - a[p * n + p]);
                let (sine, cosine) = angle.sin_cos();
                for k in 0..n {
                    let (x, y) = (a[k * n + p], a[k * n + q]);
                    (a[k * n + p], a[k * n + q]) = (cosine * x - sine * y, sine * x + cosine * y);
                }
                for k in 0..n {
                    let (x, y) = (a[p * n + k], a[q * n + k]);
                    (a[p * n + k], a[q * n + k]) = (cosine * x - sine * y, sine * x + cosine * y);
                }
            }
        }
        (0..n).map(|i| a[i * n + i]).collect()
    }

    fn assert_same(mut got: Vec<f64>, mut expected: Vec<f64>, what: &str) {
        got.sort_by(f64::total_cmp);
        expected.sort_by(f64::total_cmp);
        let scale = expected.iter().fold(1e-300, |most: f64, value| most.max(value.abs()));
        for (got, expected) in got.iter().zip(&expected) {
            assert!((got - expected).abs() < TOLERANCE * scale, "{what}: {got} for {expected}");
        }
    }

    #[test]
    fn they_equal_jacobis_over_swept_sizes() {
        for size in (1..20).chain([33, 64]) {
            let matrix = symmetric(size);
            assert_same(eigenvalues(matrix.clone(), size), jacobi(matrix, size), &format!("size {size}"));
        }
    }

    #[test]
    fn matrices_with_equal_or_no_eigenvalues_are_no_trouble() {
        assert!(eigenvalues(Vec::new(), 0).is_empty());
        assert_same(eigenvalues(vec![0.0; 49], 7), vec![0.0; 7], "zeros");
        let diagonal = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..64).map(|at| if at / 8 == at % 8 { of(at / 8) } else { 0.0 }).collect()
        };
        assert_same(eigenvalues(diagonal(&|_| 3.0), 8), vec![3.0; 8], "thrice the identity");
        let graded: Vec<f64> = (0..8).map(|i| 10f64.powi(-3 * i)).collect();
        assert_same(eigenvalues(diagonal(&|i| graded[i]), 8), graded.clone(), "graded");
        // All ones: one eigenvalue is the size, the others are zero.
        assert_same(eigenvalues(vec![1.0; 25], 5), vec![0.0, 0.0, 0.0, 0.0, 5.0], "ones");
    }

    /// `numpy.linalg.eigvalsh(1/(i + j + 1))` for the 6 × 6 Hilbert matrix (numpy 2.4).
    #[test]
    fn hilberts_matrix_has_numpys_eigenvalues() {
        let hilbert = (0..36).map(|at| 1.0 / (at / 6 + at % 6 + 1) as f64).collect();
        let numpys = [
            1.0827994844532908e-07,
            1.257075712262841e-05,
            0.000615748354182639,
            0.016321521319875815,
            0.24236087057520933,
            1.618899858924339,
        ];
        assert_same(eigenvalues(hilbert, 6), numpys.to_vec(), "Hilbert");
    }
}

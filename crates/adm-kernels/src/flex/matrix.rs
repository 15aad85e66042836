//! The one place that calls the matrix product.

use std::ops::Range;

/// A matrix over a slice, by its strides.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `[rows, columns]`, row after row.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix needs rows × columns values");
        Self { values, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// Some of its columns.
    pub fn columns(self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.columns, "columns must lie inside the matrix");
        let start = if range.is_empty() { 0 } else { range.start * self.column_stride };
        Self { values: &self.values[start..], columns: range.len(), ..self }
    }

    /// The same values seen as `[columns, rows]`.
    pub fn transposed(self) -> Self {
        Self {
            values: self.values,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// Whether a product is spread over all threads, or belongs to a task that is one of many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Threads {
    One,
    All,
}

/// Where a product goes: some neighbouring columns of a matrix that lies row after row.
pub(super) struct Target<'a> {
    values: &'a mut [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
}

impl<'a> Target<'a> {
    /// All of `values`, in so many rows.
    pub fn new(values: &'a mut [f32], rows: usize) -> Self {
        let columns = values.len() / rows.max(1);
        Self { values, rows, columns, row_stride: columns }
    }

    /// Some of its columns.
    pub fn columns(self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.columns, "columns must lie inside the target");
        let start = if range.is_empty() { 0 } else { range.start };
        Self { values: &mut self.values[start..], columns: range.len(), ..self }
    }
}

/// `out = keep·out + left·right`; `keep` false overwrites.
pub(super) fn multiply(out: Target<'_>, keep: bool, left: Matrix<'_>, right: Matrix<'_>, threads: Threads) {
    assert_eq!(left.columns, right.rows, "inner sides of a matrix product must agree");
    assert_eq!([out.rows, out.columns], [left.rows, right.columns], "the output of a matrix product must fit");
    // SAFETY: `Matrix` and `Target` guarantee that every index their strides reach lies inside their slices.
    #[expect(unsafe_code, reason = "gemm's only interface is a pointer one")]
    unsafe {
        gemm::gemm(
            left.rows,
            right.columns,
            left.columns,
            out.values.as_mut_ptr(),
            1,
            out.row_stride as isize,
            keep,
            left.values.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0f32,
            1.0f32,
            false,
            false,
            false,
            match threads {
                Threads::One => gemm::Parallelism::None,
                Threads::All => gemm::Parallelism::Rayon(0),
            },
        );
    }
}

//! Convolutions whose kernel is a multiple of their stride, as products over cells.
//!
//! A kernel of side `m·s` that slides by its stride `s` sees `m × m` cells of `s × s` pixels. With `(a, b)` a pixel's place in
//! its cell, and cell `(i, j)` starting at pixel `(i·s − padding, j·s − padding)`, the image becomes a matrix `Z` of one
//! column a cell:
//!
//! ```text
//! Z[(a, c, b), (i, j)] = big[c, i·s + a − padding, j·s + b − padding]
//! small[o, (r, q)] = Σ over u, v < m of  W_uv[o, (a, c, b)] · Z[(a, c, b), (r + u, q + v)]
//! ```
//!
//! so a convolution is `m²` products whose right sides are one matrix, read from another column on. Unfolding would write
//! each pixel `m²` times; here it is written once. The grid of cells is `m − 1` wider and higher than `small`, so some columns
//! of the product belong to no pixel and are left out when it is copied to its place: a share of `2·(m − 1)/side`, which is
//! why small planes go the other way.

mod image;
mod product;
mod turned;
mod weights;

use std::ops::Range;

use super::buffer::with_buffer;
use super::columns::each_chunk;
use super::matrix::{Matrix, Target, Threads, multiply};
use super::plan::Plan;

/// Sides of `small` that are large beside the edge which the cells add.
const LEAST_SIDE: usize = 16;
/// Values of a cell that keep a product busy.
const LEAST_DEPTH: usize = 48;

/// A convolution over cells.
pub(super) struct Cells<'a> {
    plan: &'a Plan,
    /// Cells down and across an image.
    down: usize,
    across: usize,
    /// Cells that the kernel sees, down and across.
    span: usize,
}

impl<'a> Cells<'a> {
    /// Where a convolution can be done over cells and gains by it.
    pub fn of(plan: &'a Plan) -> Option<Self> {
        let (kernel, stride) = (plan.window.kernel, plan.window.stride);
        let cells = Self {
            plan,
            span: kernel / stride,
            down: plan.rows + kernel / stride - 1,
            across: plan.columns + kernel / stride - 1,
        };
        let possible = kernel.is_multiple_of(stride) && kernel > stride && stride > 1;
        let large = plan.rows.min(plan.columns) >= LEAST_SIDE && cells.depth() >= LEAST_DEPTH;
        (possible && large).then_some(cells)
    }

    /// Values of a cell in all channels.
    fn depth(&self) -> usize {
        self.plan.big_channels * self.plan.window.stride.pow(2)
    }

    fn per_sample(&self) -> usize {
        self.down * self.across
    }

    /// Number of each pair of offsets within the kernel, and by how many cells it lies further on.
    fn offsets(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.span * self.span).map(|pair| (pair, pair / self.span * self.across + pair % self.span))
    }

    /// How many cells the last offset lies further on.
    fn reach(&self) -> usize {
        (self.span - 1) * (self.across + 1)
    }

    /// `small = Σ W_uv · Z_uv`
    pub fn forward(&self, big: &[f32], weight: &[f32], small: &mut [f32]) {
        let (plan, depth) = (self.plan, self.depth());
        with_buffer(weight.len(), |ordered| {
            self.order(weight, ordered);
            let ordered = &*ordered;
            plan.each_chunk(self.chunk(), big, small, |big, small, threads| {
                let all = small.len() * plan.batch / plan.small_len() * self.per_sample();
                let used = all - self.reach();
                with_buffer(depth * all, |cells| {
                    self.cut(big, cells, threads);
                    let cells = Matrix::new(cells, depth, all);
                    with_buffer(plan.small_channels * used, |product| {
                        for (pair, offset) in self.offsets() {
                            let target = Target::new(product, plan.small_channels);
                            let seen = cells.columns(offset..offset + used);
                            multiply(target, pair > 0, self.weights(ordered, pair), seen, threads);
                        }
                        self.pick(product, small, threads);
                    });
                });
            });
        });
    }

    /// `Z_uv += W_uvᵀ · small`, and `Z` put together again.
    pub fn transpose(&self, small: &[f32], weight: &[f32], big: &mut [f32]) {
        let (plan, depth) = (self.plan, self.depth());
        with_buffer(weight.len(), |ordered| {
            self.order(weight, ordered);
            let ordered = &*ordered;
            plan.each_chunk(self.chunk(), small, big, |small, big, threads| {
                let all = small.len() * plan.batch / plan.small_len() * self.per_sample();
                let used = all - self.reach();
                with_buffer(plan.small_channels * used, |spread| {
                    self.spread(small, spread, 0..used, threads);
                    let spread = Matrix::new(spread, plan.small_channels, used);
                    with_buffer(depth * all, |cells| {
                        each_chunk(cells, all, threads, |_, row| row[used..].fill(0.0));
                        for (pair, offset) in self.offsets() {
                            let target = Target::new(cells, depth).columns(offset..offset + used);
                            multiply(target, pair > 0, self.weights(ordered, pair).transposed(), spread, threads);
                        }
                        self.join(cells, big, threads);
                    });
                });
            });
        });
    }

    /// `W_uv = small · Z_uvᵀ`; `weight` comes as zeros.
    pub fn weight(&self, big: &[f32], small: &[f32], weight: &mut [f32]) {
        let lines = self.plan.batch * self.down;
        with_buffer(weight.len(), |ordered| {
            ordered.fill(0.0);
            self.plan
                .sum_over(lines, ordered, |lines, out, threads| self.weight_of_lines(big, small, lines, out, threads));
            self.restore(ordered, weight);
        });
    }

    /// The part of the ordered weights' gradient that comes from some lines of cells, numbered through the batch.
    fn weight_of_lines(&self, big: &[f32], small: &[f32], lines: Range<usize>, out: &mut [f32], threads: Threads) {
        let (plan, depth, all) = (self.plan, self.depth(), self.plan.batch * self.down);
        let at_once = (plan.budget() / (self.across * depth)).clamp(1, lines.len().max(1));
        for first in lines.clone().step_by(at_once) {
            let count = at_once.min(lines.end - first);
            // What the last offset of the last cell sees lies up to `span` lines further on; past the batch it is zero.
            let seen = count + self.span;
            with_buffer(seen * self.across * depth, |cells| {
                self.cut_turned(big, first, all, cells, threads);
                with_buffer(plan.small_channels * count * self.across, |spread| {
                    let range = first * self.across..(first + count) * self.across;
                    self.spread(small, spread, range.clone(), threads);
                    let spread = Matrix::new(spread, plan.small_channels, range.len());
                    for (pair, offset) in self.offsets() {
                        let size = plan.small_channels * depth;
                        let target = Target::new(&mut out[pair * size..][..size], plan.small_channels);
                        let seen = Matrix::new(&cells[offset * depth..][..range.len() * depth], range.len(), depth);
                        multiply(target, first > lines.start, spread, seen, threads);
                    }
                });
            });
        }
    }

    fn chunk(&self) -> usize {
        self.plan.samples_per_chunk(self.depth() * self.per_sample())
    }
}

//! The weights of each offset apart.

use super::super::columns::each_chunk;
use super::super::matrix::{Matrix, Threads};
use super::Cells;

impl Cells<'_> {
    /// The weights of offset `pair`, `[small_channels, depth]`.
    pub(super) fn weights<'w>(&self, ordered: &'w [f32], pair: usize) -> Matrix<'w> {
        let size = self.plan.small_channels * self.depth();
        Matrix::new(&ordered[pair * size..][..size], self.plan.small_channels, self.depth())
    }

    /// Position of the first weight of a pixel row `y` of a cell in its kernel row: of offset `pair` and `channel`, within
    /// the kernels of one output.
    #[inline(always)]
    fn weight_at(&self, pair: usize, channel: usize, y: usize) -> usize {
        let (kernel, stride) = (self.plan.window.kernel, self.plan.window.stride);
        (channel * kernel + pair / self.span * stride + y) * kernel + pair % self.span * stride
    }

    /// Orders a weight by offset: `[span·span, small_channels, depth]`.
    pub(super) fn order(&self, weight: &[f32], ordered: &mut [f32]) {
        let (plan, stride) = (self.plan, self.plan.window.stride);
        each_chunk(ordered, self.depth(), Threads::All, |index, row| {
            let (pair, output) = (index / plan.small_channels, index % plan.small_channels);
            let kernels = &weight[output * plan.patch()..][..plan.patch()];
            for (place, target) in row.chunks_mut(stride).enumerate() {
                let (y, channel) = (place / plan.big_channels, place % plan.big_channels);
                target.copy_from_slice(&kernels[self.weight_at(pair, channel, y)..][..stride]);
            }
        });
    }

    /// The inverse of [`order`](Self::order).
    pub(super) fn restore(&self, ordered: &[f32], weight: &mut [f32]) {
        let (plan, stride) = (self.plan, self.plan.window.stride);
        each_chunk(weight, plan.patch(), Threads::All, |output, kernels| {
            for pair in 0..self.span * self.span {
                let row = &ordered[(pair * plan.small_channels + output) * self.depth()..][..self.depth()];
                for (place, source) in row.chunks(stride).enumerate() {
                    let (y, channel) = (place / plan.big_channels, place % plan.big_channels);
                    kernels[self.weight_at(pair, channel, y)..][..stride].copy_from_slice(source);
                }
            }
        });
    }
}

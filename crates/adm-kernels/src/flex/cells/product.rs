//! From the columns of a product, one a cell, to the pixels of `small` and back.

use std::ops::Range;

use super::super::columns::each_chunk;
use super::super::matrix::Threads;
use super::Cells;

impl Cells<'_> {
    /// Copies the part of a product that belongs to pixels, `[small_channels, cells]`, to `[samples, small_channels, plane]`.
    pub(super) fn pick(&self, product: &[f32], small: &mut [f32], threads: Threads) {
        let (plan, used) = (self.plan, product.len() / self.plan.small_channels);
        each_chunk(small, plan.plane(), threads, |index, plane| {
            let (sample, channel) = (index / plan.small_channels, index % plan.small_channels);
            let from = &product[channel * used + sample * self.per_sample()..];
            for (row, target) in plane.chunks_mut(plan.columns).enumerate() {
                target.copy_from_slice(&from[row * self.across..][..plan.columns]);
            }
        });
    }

    /// Lays a range of cells out as a product has them, with zeros where no pixel is: the adjoint of [`pick`](Self::pick).
    pub(super) fn spread(&self, small: &[f32], spread: &mut [f32], range: Range<usize>, threads: Threads) {
        let plan = self.plan;
        each_chunk(spread, range.len(), threads, |channel, row| {
            row.fill(0.0);
            for line in range.start / self.across..range.end.div_ceil(self.across) {
                let (sample, of_sample) = (line / self.down, line % self.down);
                if of_sample < plan.rows {
                    let to = line * self.across - range.start;
                    let at = ((sample * plan.small_channels + channel) * plan.rows + of_sample) * plan.columns;
                    row[to..][..plan.columns].copy_from_slice(&small[at..][..plan.columns]);
                }
            }
        });
    }
}

//! Images cut into cells and joined again.

use super::super::columns::{Span, each_chunk, gather, scatter};
use super::super::matrix::Threads;
use super::super::vector::vectorised;
use super::Cells;

impl Cells<'_> {
    /// Place of row `index` of `Z`: pixel row and column in the cell, and channel.
    #[inline(always)]
    fn place(&self, index: usize) -> (usize, usize, usize) {
        let (stride, channels) = (self.plan.window.stride, self.plan.big_channels);
        (index / (channels * stride), index % stride, index / stride % channels)
    }

    /// The pixel row of `big` that pixel row `y` of cell row `line` is, if it is inside.
    #[inline(always)]
    pub(super) fn source_row(&self, line: usize, y: usize) -> Option<usize> {
        let window = self.plan.window;
        (line * window.stride + y).checked_sub(window.padding).filter(|&row| row < self.plan.height)
    }

    /// Writes `Z` of some images, `[depth, samples·cells]`.
    pub(super) fn cut(&self, big: &[f32], cells: &mut [f32], threads: Threads) {
        let plan = self.plan;
        let image = plan.height * plan.width;
        each_chunk(cells, cells.len() / self.depth(), threads, |index, row| {
            let (y, x, channel) = self.place(index);
            let span = Span::new(plan, self.across, x);
            vectorised(|| {
                for (sample, row) in row.chunks_mut(self.per_sample()).enumerate() {
                    let source = &big[(sample * plan.big_channels + channel) * image..][..image];
                    for (line, target) in row.chunks_mut(self.across).enumerate() {
                        match self.source_row(line, y) {
                            Some(from) => gather(&source[from * plan.width..][..plan.width], target, span),
                            None => target.fill(0.0),
                        }
                    }
                }
            });
        });
    }

    /// Puts `Z` back together to images: the inverse of [`cut`](Self::cut), and its adjoint.
    pub(super) fn join(&self, cells: &[f32], big: &mut [f32], threads: Threads) {
        let (plan, stride) = (self.plan, self.plan.window.stride);
        let all = cells.len() / self.depth();
        each_chunk(big, plan.height * plan.width, threads, |index, image| {
            let (sample, channel) = (index / plan.big_channels, index % plan.big_channels);
            vectorised(|| {
                for (row, target) in image.chunks_mut(plan.width).enumerate() {
                    let (line, y) = ((row + plan.window.padding) / stride, (row + plan.window.padding) % stride);
                    // Pixels that no kernel reaches.
                    if line >= self.down || plan.width + plan.window.padding > self.across * stride {
                        target.fill(0.0);
                    }
                    if line >= self.down {
                        continue;
                    }
                    for x in 0..stride {
                        let index = (y * plan.big_channels + channel) * stride + x;
                        let at = index * all + sample * self.per_sample() + line * self.across;
                        let span = Span::new(plan, self.across, x);
                        scatter(&cells[at..][..self.across], target, span, |to, value| *to = value);
                    }
                }
            });
        });
    }
}

//! Images cut into cells, one after another: the right side of a weight's gradient, as a product takes it best.

use super::super::columns::each_chunk;
use super::super::matrix::Threads;
use super::super::vector::vectorised;
use super::Cells;

/// Cells whose pixels are read together: two cache lines of them.
const TOGETHER: usize = 16;

/// The same row of pixels in every channel of an image.
struct Row<'a> {
    /// The image from that row of its first channel on.
    pixels: &'a [f32],
    width: usize,
    image: usize,
}

impl Row<'_> {
    #[inline(always)]
    fn of(&self, channel: usize) -> &[f32] {
        &self.pixels[channel * self.image..][..self.width]
    }
}

impl Cells<'_> {
    /// Writes `Zᵀ`, `[cells, depth]`, from cell line `first` on, numbered through the batch of `all` lines.
    pub(super) fn cut_turned(&self, big: &[f32], first: usize, all: usize, cells: &mut [f32], threads: Threads) {
        each_chunk(cells, self.across * self.depth(), threads, |index, line| {
            let number = first + index;
            if number >= all {
                return line.fill(0.0);
            }
            vectorised(|| match self.plan.window.stride {
                2 => self.cut_line_turned(2, big, number, line),
                stride => self.cut_line_turned(stride, big, number, line),
            });
        });
    }

    #[inline(always)]
    fn cut_line_turned(&self, stride: usize, big: &[f32], number: usize, line: &mut [f32]) {
        let (plan, depth) = (self.plan, self.depth());
        let (width, image) = (plan.width, plan.height * plan.width);
        let (sample, half) = (&big[number / self.down * plan.big_channels * image..], plan.big_channels * stride);
        for y in 0..stride {
            match self.source_row(number % self.down, y) {
                None => line.chunks_mut(depth).for_each(|cell| cell[y * half..][..half].fill(0.0)),
                Some(row) => {
                    self.turn(stride, &Row { pixels: &sample[row * width..], width, image }, y * half, line);
                }
            }
        }
    }

    /// Puts a row of pixels into the cells of a line, each `at` so many values of it.
    #[inline(always)]
    fn turn(&self, stride: usize, row: &Row<'_>, at: usize, line: &mut [f32]) {
        let (plan, depth, padding) = (self.plan, self.depth(), self.plan.window.padding);
        // Cells that lie inside the image.
        let first = padding.div_ceil(stride).min(self.across);
        let last = ((plan.width + padding) / stride).clamp(first, self.across);
        for cell in (0..first).chain(last..self.across) {
            let places = line[cell * depth + at..].chunks_mut(stride).take(plan.big_channels);
            places.enumerate().for_each(|(channel, target)| edge(row.of(channel), cell * stride, padding, target));
        }
        let inner = line[first * depth..last * depth].chunks_mut(TOGETHER * depth);
        for (block, cells) in inner.enumerate() {
            let start = (first + block * TOGETHER) * stride - padding;
            for channel in 0..plan.big_channels {
                let at = at + channel * stride;
                let pixels = row.of(channel)[start..].chunks_exact(stride);
                for (pixels, cell) in pixels.zip(cells.chunks_exact_mut(depth)) {
                    cell[at..][..stride].copy_from_slice(pixels);
                }
            }
        }
    }
}

/// Pixels of a cell that reaches over the image's edge.
#[inline(always)]
fn edge(source: &[f32], start: usize, padding: usize, target: &mut [f32]) {
    for (offset, value) in target.iter_mut().enumerate() {
        *value = (start + offset).checked_sub(padding).and_then(|at| source.get(at)).copied().unwrap_or(0.0);
    }
}

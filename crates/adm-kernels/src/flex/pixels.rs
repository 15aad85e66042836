//! Unfolding images into patches: the columns matrix turned over, `[pixels, big_channels·kernel·kernel]`.

use super::columns::{each_chunk, source_row};
use super::matrix::Threads;
use super::plan::Plan;
use super::vector::vectorised;

/// Writes the patches of whole lines of pixels, from line `first` on, numbered through the batch.
pub(super) fn unfold_pixels(plan: &Plan, big: &[f32], first: usize, patches: &mut [f32], threads: Threads) {
    each_chunk(patches, plan.columns * plan.patch(), threads, |index, line| {
        let (sample, row) = ((first + index) / plan.rows, (first + index) % plan.rows);
        // A kernel side that the compiler knows makes each copy a single instruction.
        vectorised(|| match plan.window.kernel {
            3 => unfold_line(plan, 3, big, (sample, row), line),
            4 => unfold_line(plan, 4, big, (sample, row), line),
            5 => unfold_line(plan, 5, big, (sample, row), line),
            kernel => unfold_line(plan, kernel, big, (sample, row), line),
        });
    });
}

#[inline(always)]
fn unfold_line(plan: &Plan, kernel: usize, big: &[f32], (sample, row): (usize, usize), line: &mut [f32]) {
    let image = plan.height * plan.width;
    for channel in 0..plan.big_channels {
        let source = &big[(sample * plan.big_channels + channel) * image..][..image];
        for offset in 0..kernel {
            let line = &mut line[(channel * kernel + offset) * kernel..];
            match source_row(plan, row, offset) {
                None => line.chunks_mut(plan.patch()).for_each(|patch| patch[..kernel].fill(0.0)),
                Some(from) => copy_spans(plan, kernel, &source[from * plan.width..][..plan.width], line),
            }
        }
    }
}

/// Copies the part of a source row that each pixel sees to where that pixel's patch begins.
#[inline(always)]
fn copy_spans(plan: &Plan, kernel: usize, source: &[f32], line: &mut [f32]) {
    let (stride, padding, patch) = (plan.window.stride, plan.window.padding, plan.patch());
    // Pixels whose span lies inside the row.
    let first = padding.div_ceil(stride).min(plan.columns);
    let last = ((plan.width + padding + stride).saturating_sub(kernel) / stride).clamp(first, plan.columns);
    let edge = |pixel: usize, patch: &mut [f32]| {
        for (offset, value) in patch[..kernel].iter_mut().enumerate() {
            let at = (pixel * stride + offset).checked_sub(padding);
            *value = at.and_then(|at| source.get(at)).copied().unwrap_or(0.0);
        }
    };
    let mut patches = line.chunks_mut(patch);
    (0..first).zip(&mut patches).for_each(|(pixel, patch)| edge(pixel, patch));
    let spans = source.get((first * stride).saturating_sub(padding)..).unwrap_or_default().windows(kernel);
    for (span, patch) in spans.step_by(stride).take(last - first).zip(&mut patches) {
        patch[..kernel].copy_from_slice(span);
    }
    (last..plan.columns).zip(patches).for_each(|(pixel, patch)| edge(pixel, patch));
}

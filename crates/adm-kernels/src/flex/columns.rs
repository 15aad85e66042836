//! Unfolding images into columns and folding them back.
//!
//! The columns matrix of some samples is `[big_channels·kernel·kernel, samples·rows·columns]`: each column holds the
//! patch of `big` that one pixel of `small` sees.

use rayon::prelude::*;

use super::convolution::Plan;

/// The part of one output row whose input lies inside the image: `small` columns `first..last` read `big` columns
/// starting at `from`, `stride` apart.
fn inside(plan: &Plan, offset: usize) -> (usize, usize, usize) {
    let (stride, padding) = (plan.window.stride, plan.window.padding);
    let first = padding.saturating_sub(offset).div_ceil(stride).min(plan.columns);
    let last = (plan.width + padding).saturating_sub(offset).div_ceil(stride).clamp(first, plan.columns);
    (first, last, (first * stride + offset).saturating_sub(padding))
}

/// Row of `big` that row `row` of `small` sees through kernel row `offset`, if it is inside.
fn source_row(plan: &Plan, row: usize, offset: usize) -> Option<usize> {
    (row * plan.window.stride + offset).checked_sub(plan.window.padding).filter(|&row| row < plan.height)
}

/// Writes the columns matrix of `samples` images.
pub(super) fn unfold(plan: &Plan, big: &[f32], samples: usize, columns: &mut [f32]) {
    let (kernel, image) = (plan.window.kernel, plan.height * plan.width);
    let plane = plan.rows * plan.columns;
    columns.par_chunks_mut(samples * plane).enumerate().for_each(|(index, line)| {
        let (channel, offset_y, offset_x) = (index / (kernel * kernel), index / kernel % kernel, index % kernel);
        let span = inside(plan, offset_x);
        for (sample, patch) in line.chunks_mut(plane).enumerate() {
            let source = &big[(sample * plan.big_channels + channel) * image..][..image];
            for (row, target) in patch.chunks_mut(plan.columns).enumerate() {
                match source_row(plan, row, offset_y) {
                    Some(from) => gather(&source[from * plan.width..][..plan.width], target, span, plan.window.stride),
                    None => target.fill(0.0),
                }
            }
        }
    });
}

fn gather(source: &[f32], target: &mut [f32], (first, last, from): (usize, usize, usize), stride: usize) {
    target[..first].fill(0.0);
    target[last..].fill(0.0);
    let inner = &mut target[first..last];
    match stride {
        _ if inner.is_empty() => {}
        1 => inner.copy_from_slice(&source[from..][..inner.len()]),
        2 => {
            let (last_value, pairs) = (inner.len() - 1, &source[from..]);
            for (value, pair) in inner[..last_value].iter_mut().zip(pairs.as_chunks::<2>().0) {
                *value = pair[0];
            }
            inner[last_value] = pairs[2 * last_value];
        }
        _ => inner.iter_mut().zip(source[from..].iter().step_by(stride)).for_each(|(value, &from)| *value = from),
    }
}

/// Adds the columns matrix of `samples` images back onto them: the adjoint of [`unfold`].
pub(super) fn fold(plan: &Plan, columns: &[f32], samples: usize, big: &mut [f32]) {
    let (kernel, image) = (plan.window.kernel, plan.height * plan.width);
    let plane = plan.rows * plan.columns;
    big.par_chunks_mut(image).enumerate().for_each(|(index, target)| {
        let (sample, channel) = (index / plan.big_channels, index % plan.big_channels);
        target.fill(0.0);
        for offset in 0..kernel * kernel {
            let (offset_y, offset_x) = (offset / kernel, offset % kernel);
            let span = inside(plan, offset_x);
            let line = &columns[(channel * kernel * kernel + offset) * samples * plane + sample * plane..][..plane];
            for (row, source) in line.chunks(plan.columns).enumerate() {
                if let Some(to) = source_row(plan, row, offset_y) {
                    scatter(source, &mut target[to * plan.width..][..plan.width], span, plan.window.stride);
                }
            }
        }
    });
}

fn scatter(source: &[f32], target: &mut [f32], (first, last, from): (usize, usize, usize), stride: usize) {
    let inner = &source[first..last];
    match stride {
        _ if inner.is_empty() => {}
        1 => target[from..].iter_mut().zip(inner).for_each(|(to, &value)| *to += value),
        2 => {
            let (last_value, target) = (inner.len() - 1, &mut target[from..]);
            for (pair, &value) in target.as_chunks_mut::<2>().0.iter_mut().zip(&inner[..last_value]) {
                pair[0] += value;
            }
            target[2 * last_value] += inner[last_value];
        }
        _ => target[from..].iter_mut().step_by(stride).zip(inner).for_each(|(to, &value)| *to += value),
    }
}

//! Unfolding images into columns and folding them back.
//!
//! The columns matrix of some samples is `[big_channels·kernel·kernel, samples·rows·columns]`: each column holds the
//! patch of `big` that one pixel of `small` sees.

use rayon::prelude::*;

use super::convolution::Plan;
use super::matrix::Threads;
use super::vector::vectorised;

/// The part of one output row whose input lies inside the image: `small` columns `first..last` read `big` columns
/// starting at `from`, `stride` apart.
#[inline(always)]
fn inside(plan: &Plan, offset: usize) -> (usize, usize, usize) {
    let (stride, padding) = (plan.window.stride, plan.window.padding);
    let first = padding.saturating_sub(offset).div_ceil(stride).min(plan.columns);
    let last = (plan.width + padding).saturating_sub(offset).div_ceil(stride).clamp(first, plan.columns);
    (first, last, (first * stride + offset).saturating_sub(padding))
}

/// Row of `big` that row `row` of `small` sees through kernel row `offset`, if it is inside.
#[inline(always)]
pub(super) fn source_row(plan: &Plan, row: usize, offset: usize) -> Option<usize> {
    (row * plan.window.stride + offset).checked_sub(plan.window.padding).filter(|&row| row < plan.height)
}

/// Writes the columns matrix of `samples` images.
pub(super) fn unfold(plan: &Plan, big: &[f32], samples: usize, columns: &mut [f32], threads: Threads) {
    each_chunk(columns, samples * plan.plane(), threads, |index, line| {
        vectorised(|| unfold_row(plan, big, index, line));
    });
}

#[inline(always)]
fn unfold_row(plan: &Plan, big: &[f32], index: usize, line: &mut [f32]) {
    let (kernel, image) = (plan.window.kernel, plan.height * plan.width);
    let (channel, offset_y, offset_x) = (index / (kernel * kernel), index / kernel % kernel, index % kernel);
    let span = inside(plan, offset_x);
    for (sample, patch) in line.chunks_mut(plan.plane()).enumerate() {
        let source = &big[(sample * plan.big_channels + channel) * image..][..image];
        for (row, target) in patch.chunks_mut(plan.columns).enumerate() {
            match source_row(plan, row, offset_y) {
                Some(from) => gather(&source[from * plan.width..][..plan.width], target, span, plan.window.stride),
                None => target.fill(0.0),
            }
        }
    }
}

#[inline(always)]
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
pub(super) fn fold(plan: &Plan, columns: &[f32], samples: usize, big: &mut [f32], threads: Threads) {
    each_chunk(big, plan.height * plan.width, threads, |index, target| {
        let place = (index / plan.big_channels, index % plan.big_channels);
        vectorised(|| fold_plane(plan, columns, samples, place, target));
    });
}

#[inline(always)]
fn fold_plane(plan: &Plan, columns: &[f32], samples: usize, (sample, channel): (usize, usize), target: &mut [f32]) {
    let (kernel, plane) = (plan.window.kernel, plan.plane());
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
}

/// Calls `work` with the number and the values of each chunk, on one thread or on all.
pub(super) fn each_chunk(
    values: &mut [f32],
    size: usize,
    threads: Threads,
    work: impl Fn(usize, &mut [f32]) + Send + Sync,
) {
    match threads {
        Threads::One => values.chunks_mut(size.max(1)).enumerate().for_each(|(index, chunk)| work(index, chunk)),
        Threads::All => {
            values.par_chunks_mut(size.max(1)).enumerate().for_each(|(index, chunk)| work(index, chunk));
        }
    }
}

#[inline(always)]
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

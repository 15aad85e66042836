//! Unfolding images into columns and folding them back.
//!
//! The columns matrix of some samples is `[big_channels·kernel·kernel, samples·rows·columns]`: each column holds the
//! patch of `big` that one pixel of `small` sees.

use rayon::prelude::*;

use super::matrix::Threads;
use super::plan::Plan;
use super::vector::vectorised;

/// Which of a line's values come from where: columns `first..last` of `small` (or of its cells) read `big` columns starting at
/// `from`, `stride` apart; all others lie outside the image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    first: usize,
    last: usize,
    from: usize,
    stride: usize,
}

impl Span {
    /// Of `columns` values, seen through kernel column `offset`.
    #[inline(always)]
    pub fn new(plan: &Plan, columns: usize, offset: usize) -> Self {
        let (stride, padding) = (plan.window.stride, plan.window.padding);
        let first = padding.saturating_sub(offset).div_ceil(stride).min(columns);
        let last = (plan.width + padding).saturating_sub(offset).div_ceil(stride).clamp(first, columns);
        Self { first, last, from: (first * stride + offset).saturating_sub(padding), stride }
    }
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
    let span = Span::new(plan, plan.columns, offset_x);
    for (sample, patch) in line.chunks_mut(plan.plane()).enumerate() {
        let source = &big[(sample * plan.big_channels + channel) * image..][..image];
        for (row, target) in patch.chunks_mut(plan.columns).enumerate() {
            match source_row(plan, row, offset_y) {
                Some(from) => gather(&source[from * plan.width..][..plan.width], target, span),
                None => target.fill(0.0),
            }
        }
    }
}

#[inline(always)]
pub(super) fn gather(source: &[f32], target: &mut [f32], span: Span) {
    let Span { first, last, from, stride } = span;
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
        let span = Span::new(plan, plan.columns, offset_x);
        let line = &columns[(channel * kernel * kernel + offset) * samples * plane + sample * plane..][..plane];
        for (row, source) in line.chunks(plan.columns).enumerate() {
            if let Some(to) = source_row(plan, row, offset_y) {
                scatter(source, &mut target[to * plan.width..][..plan.width], span, |to, value| *to += value);
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

/// Puts the values of a line back to where [`gather`] takes them from, as `put` says.
#[inline(always)]
pub(super) fn scatter(source: &[f32], target: &mut [f32], span: Span, put: impl Fn(&mut f32, f32)) {
    let Span { first, last, from, stride } = span;
    let inner = &source[first..last];
    match stride {
        _ if inner.is_empty() => {}
        1 => target[from..].iter_mut().zip(inner).for_each(|(to, &value)| put(to, value)),
        2 => {
            let (last_value, target) = (inner.len() - 1, &mut target[from..]);
            for (pair, &value) in target.as_chunks_mut::<2>().0.iter_mut().zip(&inner[..last_value]) {
                put(&mut pair[0], value);
            }
            put(&mut target[2 * last_value], inner[last_value]);
        }
        _ => target[from..].iter_mut().step_by(stride).zip(inner).for_each(|(to, &value)| put(to, value)),
    }
}

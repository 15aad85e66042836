//! Dropout in one pass.

use rayon::prelude::*;

use super::vector::vectorised;
use crate::dropout::{Dropout, hash};

/// Values that a thread takes at once.
const CHUNK: usize = 1 << 14;

/// Place of a chunk's first value; chunks are whole parts of 2³², so adding within one never overflows.
#[inline(always)]
fn first(chunk: usize) -> u32 {
    (chunk * CHUNK) as u32
}

/// `out ← x·mask/(1 − share)`
pub(super) fn forward(x: &[f32], out: &mut [f32], dropout: Dropout) {
    let (key, threshold, gain) = (dropout.key, dropout.threshold(), dropout.gain());
    out.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).enumerate().for_each(|(chunk, (out, x))| {
        vectorised(|| {
            for ((out, &x), place) in out.iter_mut().zip(x).zip(0..CHUNK as u32) {
                *out = if hash(first(chunk) + place, key) >= threshold { x * gain } else { 0.0 };
            }
        });
    });
}

/// The same in place.
pub(super) fn in_place(x: &mut [f32], dropout: Dropout) {
    let (key, threshold, gain) = (dropout.key, dropout.threshold(), dropout.gain());
    x.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, x)| {
        vectorised(|| {
            for (x, place) in x.iter_mut().zip(0..CHUNK as u32) {
                *x = if hash(first(chunk) + place, key) >= threshold { *x * gain } else { 0.0 };
            }
        });
    });
}

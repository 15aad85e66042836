//! Griffin and Lim's iteration on two channels that share their phases.
//!
//! The shared direction is that of `S₁·a₁ + S₂·a₂·conj(turn)` ([`super::griffin_lim`] has the letters): of all phases
//! that both could take, it is nearest to their own in the least-squares sense. A quarter of a turn lies between mid
//! and side, none between left and right.

use super::griffin_lim::{Estimate, LEAST_POWER};
use super::transform::{CentredStft, Rows};
use super::vector::vectorised;
use rustfft::num_complex::Complex32;

/// How far the second channel's phases are ahead of the first's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    None,
    Quarter,
}

/// One iteration. `magnitudes` is `[2, frames, bins]`; the rows are one for each channel.
pub(super) fn improve_pair(
    pair: &mut [Estimate],
    stft: &CentredStft,
    magnitudes: &[f32],
    lag: f32,
    turn: Turn,
    rows: &mut [Rows; 2],
) {
    let [first, second] = pair else { return };
    let (bins, hop) = (stft.shape().bins(), stft.shape().hop);
    let (one, two) = magnitudes.split_at(magnitudes.len() / 2);
    let [first_rows, second_rows] = rows;
    let ((row_one, fft), (row_two, _)) = (first_rows.sized(stft), second_rows.sized(stft));
    first.next.fill(0.0);
    second.next.fill(0.0);
    for frame in 0..stft.shape().frames() {
        let (start, at) = (frame * hop, frame * bins..(frame + 1) * bins);
        stft.analyse_frame(&first.signal[start..], row_one, fft);
        stft.analyse_frame(&second.signal[start..], row_two, fft);
        let one =
            Side { row: &mut row_one[..bins], previous: &mut first.previous[at.clone()], magnitudes: &one[at.clone()] };
        let two = Side { row: &mut row_two[..bins], previous: &mut second.previous[at.clone()], magnitudes: &two[at] };
        vectorised(
            #[inline(always)]
            || project_pair(one, two, lag, turn),
        );
        stft.add_frame(row_one, &mut first.next[start..], fft);
        stft.add_frame(row_two, &mut second.next[start..], fft);
    }
    for channel in [first, second] {
        stft.normalise(&mut channel.next);
        std::mem::swap(&mut channel.signal, &mut channel.next);
    }
}

/// One channel's row with what belongs to it.
struct Side<'a> {
    row: &'a mut [Complex32],
    previous: &'a mut [Complex32],
    magnitudes: &'a [f32],
}

#[inline(always)]
fn project_pair(one: Side<'_>, two: Side<'_>, lag: f32, turn: Turn) {
    match turn {
        Turn::None => project_both(one, two, lag, |value| value, |value| value),
        Turn::Quarter => {
            let back = |value: Complex32| Complex32::new(value.im, -value.re);
            project_both(one, two, lag, back, |value| Complex32::new(-value.im, value.re));
        }
    }
}

/// What [`super::griffin_lim`] does to a row, with one direction for both channels; `back` and `on` undo and do the
/// second one's turn.
#[inline(always)]
fn project_both(
    one: Side<'_>,
    two: Side<'_>,
    lag: f32,
    back: impl Fn(Complex32) -> Complex32,
    on: impl Fn(Complex32) -> Complex32,
) {
    let first = one.row.iter_mut().zip(one.previous).zip(one.magnitudes);
    let second = two.row.iter_mut().zip(two.previous).zip(two.magnitudes);
    for (((a, a_previous), a_magnitude), ((b, b_previous), b_magnitude)) in first.zip(second) {
        // Shares rather than magnitudes, so that loudness changes nothing.
        let share = a_magnitude / (a_magnitude + b_magnitude + f32::MIN_POSITIVE);
        let ahead = (*a - *a_previous * lag) * share + back(*b - *b_previous * lag) * (1.0 - share);
        let direction = ahead * (1.0 / (ahead.norm_sqr() + LEAST_POWER).sqrt());
        (*a_previous, *b_previous) = (*a, *b);
        (*a, *b) = (direction * *a_magnitude, on(direction) * *b_magnitude);
    }
}

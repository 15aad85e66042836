//! Griffin and Lim's iteration, with the momentum of Perraudin, Balazs and Søndergaard.
//!
//! With `r_k` the spectrum of the signal at iteration `k`, magnitudes `S` and momentum `m`, one iteration is
//!
//! ```text
//! a = r_k - m/(1 + m) · r_{k-1},    c = S · a / |a|,    signal = inverse(c)
//! ```
//!
//! where `r_{-1} = 0`. This is the order of `librosa.griffinlim` 0.11, whose momentum of 0.99 extrapolates (Perraudin,
//! Balazs, Søndergaard, 2013, "A fast Griffin-Lim algorithm"); without momentum it is the iteration of 1984. A frame is
//! taken from spectrum to spectrum while it is in the processor's nearest memory: `c` is never stored, and what an
//! iteration needs of the one before is its signal and `r_{k-1}`.

use super::transform::{CentredStft, Rows};
use super::vector::vectorised;
use rustfft::num_complex::Complex32;

/// Added to squared magnitudes so that nothing is divided by 0. Values below its root, 1e-18, shrink to nothing.
const LEAST_POWER: f32 = 1e-36;

/// What the iterations on one channel go on from.
#[derive(Debug, Clone, Default)]
pub(super) struct Estimate {
    /// The signal of the current estimate, padded.
    pub signal: Vec<f32>,
    /// Where the next one is added up.
    pub next: Vec<f32>,
    /// `r_{k-1}`, `[frames, bins]`.
    pub previous: Vec<Complex32>,
}

impl Estimate {
    /// Sizes for a transform; no iteration yet.
    pub fn reset(&mut self, stft: &CentredStft) {
        self.signal.resize(stft.padded_len(), 0.0);
        self.next.resize(stft.padded_len(), 0.0);
        self.previous.resize(stft.shape().points(), Complex32::default());
        self.previous.fill(Complex32::default());
    }

    /// One iteration.
    pub fn improve(&mut self, stft: &CentredStft, magnitudes: &[f32], momentum: f32, rows: &mut Rows) {
        let (bins, lag) = (stft.shape().bins(), momentum / (1.0 + momentum));
        let Self { signal, next, previous } = self;
        stft.remake(signal, next, rows, |frame, row| {
            let at = frame * bins..(frame + 1) * bins;
            vectorised(
                #[inline(always)]
                || project(row, &mut previous[at.clone()], &magnitudes[at], lag),
            );
        });
        std::mem::swap(signal, next);
    }
}

/// One iteration on two channels that share their phases, the second's turned on by `turn`.
///
/// Each channel's step is weighed by its magnitude: the shared phase is that of `S₁·a₁ + S₂·a₂·conj(turn)`, so it is nearest
/// to both channels' own in the least-squares sense.
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

/// How far the second channel's phases are ahead of the first's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    None,
    Quarter,
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

/// [`project`] with one direction for both channels; `back` and `on` undo and do the second one's turn.
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
        let ahead = (*a - *a_previous * lag) * *a_magnitude + back(*b - *b_previous * lag) * *b_magnitude;
        let direction = ahead * (1.0 / (ahead.norm_sqr() + LEAST_POWER).sqrt());
        (*a_previous, *b_previous) = (*a, *b);
        (*a, *b) = (direction * *a_magnitude, on(direction) * *b_magnitude);
    }
}

/// Steps on from a rebuilt row and gives it its magnitudes; `previous` becomes the rebuilt row.
#[inline(always)]
fn project(row: &mut [Complex32], previous: &mut [Complex32], magnitudes: &[f32], lag: f32) {
    for ((value, previous), magnitude) in row.iter_mut().zip(previous).zip(magnitudes) {
        let rebuilt = *value;
        let ahead = rebuilt - *previous * lag;
        *value = ahead * (magnitude / (ahead.norm_sqr() + LEAST_POWER).sqrt());
        *previous = rebuilt;
    }
}

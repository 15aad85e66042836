//! The FFT of real frames, [`LANES`] of them at a time.
//!
//! A real frame of `2h` samples goes through a complex FFT of `h`: even samples as real parts, odd ones as imaginary
//! parts. What remains is one step that tells the two apart again. Tensors hold the frames of a bin side by side, and
//! an FFT gives the bins of a frame side by side, so every value must be moved across anyway; doing that step on a
//! whole cache line of frames at once moves them for free and lets the compiler use vector instructions. Together this
//! takes half the time of finished spectra that are transposed afterwards, and no channel ever leaks into another.
//!
//! Spectra are packed: bins 0 to `h - 1`, where the imaginary part of bin 0, which is real, holds bin `h` (Nyquist),
//! which is real too.

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Frames that are worked on side by side: as many values as a cache line holds.
pub(crate) const LANES: usize = 16;

/// One value of each of the frames at work.
type Lanes = [f32; LANES];

/// Rows of a power-of-two length would all fall into the same few cache sets; this many more elements spread them.
const ROW_GAP: usize = 8;

/// Plans for frames of one size; immutable and shared by all threads.
pub(crate) struct RealFft {
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// `e^(-2πi·k/size)` for `k` up to `size / 4`.
    twiddles: Vec<Complex32>,
    half: usize,
}

/// Where [`LANES`] frames stand in the planes `[bins, frames]` of a spectrum.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    /// Frames of the whole spectrum.
    pub frames: usize,
    /// The first frame at work.
    pub first: usize,
}

impl Columns {
    /// The frames at work: [`LANES`], or what remains.
    pub fn live(self) -> usize {
        (self.frames - self.first).min(LANES)
    }

    // Blocks with no lane left over are a case of their own, `WHOLE`: copies of a length known beforehand take no call.

    #[inline(always)]
    fn load<const WHOLE: bool>(self, plane: &[f32], bin: usize) -> Lanes {
        let (start, mut lanes) = (bin * self.frames + self.first, [0.0; LANES]);
        let width = if WHOLE { LANES } else { self.live() };
        lanes[..width].copy_from_slice(&plane[start..start + width]);
        lanes
    }

    #[inline(always)]
    fn store<const WHOLE: bool>(self, plane: &mut [f32], bin: usize, lanes: &Lanes) {
        let start = bin * self.frames + self.first;
        let width = if WHOLE { LANES } else { self.live() };
        plane[start..start + width].copy_from_slice(&lanes[..width]);
    }
}

impl RealFft {
    /// Plans for frames of `2 · half` samples, `half` at least 1.
    pub fn new(half: usize) -> Self {
        let mut planner = FftPlanner::new();
        let turn = |k: usize| -TAU * k as f64 / (2 * half) as f64;
        let twiddles = (0..=half / 2).map(|k| Complex32::new(turn(k).cos() as f32, turn(k).sin() as f32)).collect();
        Self { forward: planner.plan_fft_forward(half), inverse: planner.plan_fft_inverse(half), twiddles, half }
    }

    /// Elements from one frame of a block to the next.
    pub fn stride(&self) -> usize {
        self.half + ROW_GAP
    }

    /// Elements of a block: [`LANES`] frames.
    pub fn block_len(&self) -> usize {
        LANES * self.stride()
    }

    /// Elements of scratch space that the FFTs need.
    pub fn scratch_len(&self) -> usize {
        self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len())
    }

    /// Turns a block of frames into columns of a packed spectrum.
    ///
    /// # Shapes
    /// `block`: `[LANES, stride]`, in each row the frame's samples in pairs. `real`, `imaginary`: `[half, frames]`.
    pub fn forward(
        &self,
        block: &mut [Complex32],
        columns: Columns,
        real: &mut [f32],
        imaginary: &mut [f32],
        scratch: &mut [Complex32],
    ) {
        for row in block.chunks_exact_mut(self.stride()).take(columns.live()) {
            self.forward.process_with_scratch(&mut row[..self.half], scratch);
        }
        match columns.live() {
            LANES => self.split_block::<true>(block, columns, real, imaginary),
            _ => self.split_block::<false>(block, columns, real, imaginary),
        }
    }

    /// What remains after the complex FFTs.
    fn split_block<const WHOLE: bool>(
        &self,
        block: &[Complex32],
        columns: Columns,
        real: &mut [f32],
        imaginary: &mut [f32],
    ) {
        let rows: [&[Complex32]; LANES] = std::array::from_fn(|lane| &block[lane * self.stride()..][..self.half]);
        columns.store::<WHOLE>(real, 0, &std::array::from_fn(|lane| rows[lane][0].re + rows[lane][0].im));
        columns.store::<WHOLE>(imaginary, 0, &std::array::from_fn(|lane| rows[lane][0].re - rows[lane][0].im));
        for (k, &twiddle) in self.twiddles.iter().enumerate().skip(1) {
            let mirror = self.half - k;
            let [re, im, mirror_re, mirror_im] = split(&rows, k, mirror, twiddle);
            columns.store::<WHOLE>(real, k, &re);
            columns.store::<WHOLE>(imaginary, k, &im);
            columns.store::<WHOLE>(real, mirror, &mirror_re);
            columns.store::<WHOLE>(imaginary, mirror, &mirror_im);
        }
    }

    /// Turns columns of a packed spectrum into a block of frames, `2 · half` times as large as they were.
    ///
    /// # Shapes
    /// As for [`Self::forward`].
    pub fn inverse(
        &self,
        real: &[f32],
        imaginary: &[f32],
        columns: Columns,
        block: &mut [Complex32],
        scratch: &mut [Complex32],
    ) {
        match columns.live() {
            LANES => self.merge_block::<true>(real, imaginary, columns, block),
            _ => self.merge_block::<false>(real, imaginary, columns, block),
        }
        for row in block.chunks_exact_mut(self.stride()).take(columns.live()) {
            self.inverse.process_with_scratch(&mut row[..self.half], scratch);
        }
    }

    /// What comes before the complex FFTs.
    fn merge_block<const WHOLE: bool>(
        &self,
        real: &[f32],
        imaginary: &[f32],
        columns: Columns,
        block: &mut [Complex32],
    ) {
        let mut rows = block.chunks_exact_mut(self.stride());
        let mut rows: [&mut [Complex32]; LANES] = std::array::from_fn(|_| rows.next().unwrap_or_default());
        let (zero, nyquist) = (columns.load::<WHOLE>(real, 0), columns.load::<WHOLE>(imaginary, 0));
        for (lane, row) in rows.iter_mut().enumerate() {
            row[0] = Complex32::new(zero[lane] + nyquist[lane], zero[lane] - nyquist[lane]);
        }
        for (k, &twiddle) in self.twiddles.iter().enumerate().skip(1) {
            let mirror = self.half - k;
            let at = |bin| (columns.load::<WHOLE>(real, bin), columns.load::<WHOLE>(imaginary, bin));
            let (low, high) = merge(at(k), at(mirror), twiddle);
            for (lane, row) in rows.iter_mut().enumerate() {
                row[k] = Complex32::new(low.0[lane], low.1[lane]);
                row[mirror] = Complex32::new(high.0[lane], high.1[lane]);
            }
        }
    }
}

/// Bins `k` and `mirror` of the real frames whose packed spectra are `rows`: two real and imaginary parts.
#[inline(always)]
fn split(rows: &[&[Complex32]; LANES], k: usize, mirror: usize, twiddle: Complex32) -> [Lanes; 4] {
    let (mut a, mut b) = ([Complex32::default(); LANES], [Complex32::default(); LANES]);
    for (lane, row) in rows.iter().enumerate() {
        (a[lane], b[lane]) = (row[k], row[mirror]);
    }
    let mut parts = [[0.0; LANES]; 4];
    for lane in 0..LANES {
        let (even_re, even_im) = (0.5 * (a[lane].re + b[lane].re), 0.5 * (a[lane].im - b[lane].im));
        let (odd_re, odd_im) = (0.5 * (a[lane].im + b[lane].im), 0.5 * (b[lane].re - a[lane].re));
        let turned_re = odd_re * twiddle.re - odd_im * twiddle.im;
        let turned_im = odd_re * twiddle.im + odd_im * twiddle.re;
        parts[0][lane] = even_re + turned_re;
        parts[1][lane] = even_im + turned_im;
        parts[2][lane] = even_re - turned_re;
        parts[3][lane] = turned_im - even_im;
    }
    parts
}

/// Undoes [`split`], twice as large: the packed spectra's bins `k` and `mirror` from the real frames' bins `x` and `y`.
#[inline(always)]
fn merge(x: (Lanes, Lanes), y: (Lanes, Lanes), twiddle: Complex32) -> ((Lanes, Lanes), (Lanes, Lanes)) {
    let (mut low, mut high) = (([0.0; LANES], [0.0; LANES]), ([0.0; LANES], [0.0; LANES]));
    for lane in 0..LANES {
        let (even_re, even_im) = (x.0[lane] + y.0[lane], x.1[lane] - y.1[lane]);
        let (turned_re, turned_im) = (x.0[lane] - y.0[lane], x.1[lane] + y.1[lane]);
        let odd_re = turned_re * twiddle.re + turned_im * twiddle.im;
        let odd_im = turned_im * twiddle.re - turned_re * twiddle.im;
        (low.0[lane], low.1[lane]) = (even_re - odd_im, even_im + odd_re);
        (high.0[lane], high.1[lane]) = (even_re + odd_im, odd_re - even_im);
    }
    (low, high)
}

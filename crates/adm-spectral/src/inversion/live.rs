//! PGHI for a stream: frame by frame, one frame of look-ahead.
//!
//! Průša and Søndergaard, 2016, "Real-time spectrogram inversion using phase gradient heap integration": the phases of
//! a frame grow from those of the frame before it and from those of its own bins, the loudest point first. How they
//! grow from bin to bin takes the magnitudes of the frame before and of the frame after, so a frame is settled when its
//! successor arrives.

use super::buckets::{Buckets, END, WAITING};
use super::convergence::check_magnitudes;
use super::layout::to_left_and_right;
use super::pghi::{Pghi, log_floor, logs_of};
use super::shape::StftShape;
use super::transform::{CentredStft, Rows};
use super::{ChannelLayout, turns};
use crate::error::{SpectralError, check_length};
use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};

/// Turns a stream of frames of magnitudes into a stream of samples. Nothing is allocated from frame to frame.
#[derive(Debug)]
pub struct LivePghi {
    stft: CentredStft,
    layout: ChannelLayout,
    pghi: Pghi,
    /// What makes a steady overlap-add the least-squares signal, for each sample of a hop.
    gains: Vec<f32>,
    /// `[channels, bins]` of the frame that waits for its successor.
    waiting: Vec<f32>,
    /// `[channels, n_fft]`: sums that further frames will add to.
    sums: Vec<f32>,
    field: Field,
    rows: Rows,
    random: StreamRng,
}

impl LivePghi {
    /// Plans a stream.
    ///
    /// # Arguments
    /// - `n_fft`, `win_length`, `hop`: as in [`StftShape`]. A longer frame is a longer delay.
    /// - `seed`: of the random phases of points that are too faint to matter.
    ///
    /// # Errors
    /// A size out of range.
    pub fn new(
        n_fft: usize,
        win_length: usize,
        hop: usize,
        layout: ChannelLayout,
        seed: u64,
    ) -> Result<Self, SpectralError> {
        let shape = StftShape { n_fft, win_length, hop, samples: 1 };
        let stft = CentredStft::new(shape)?;
        let bins = shape.bins();
        Ok(Self {
            pghi: Pghi::new(&shape),
            gains: shape.steady_gains(),
            waiting: vec![0.0; layout.channels() * bins],
            sums: vec![0.0; layout.channels() * n_fft],
            field: Field::new(bins),
            rows: Rows::default(),
            random: Seeds::new(seed).stream("live inversion phases", 0),
            stft,
            layout,
        })
    }

    /// Samples that the stream is behind the signals: `hop + n_fft / 2`.
    pub fn delay(&self) -> usize {
        self.stft.shape().hop + self.stft.shape().n_fft / 2
    }

    /// Takes the next frame and gives out the next hop of the signals. Frame `t` is centred on the signals' sample
    /// `t · hop`, and their sample `n` is the stream's sample `n + delay`. Silent frames at the end bring out the rest.
    ///
    /// # Shapes
    /// `magnitudes`: `[channels, bins]`. `out`: `[channels, hop]`, left before right.
    ///
    /// # Errors
    /// Buffers of other lengths; magnitudes that are negative, not finite or above [`super::LARGEST_MAGNITUDE`]. The
    /// stream then stays as it was.
    pub fn push(&mut self, magnitudes: &[f32], out: &mut [f32]) -> Result<(), SpectralError> {
        check_magnitudes(self.waiting.len(), magnitudes)?;
        check_length("the signals", self.layout.channels() * self.stft.shape().hop, out.len())?;
        self.field.look_ahead(magnitudes);
        self.field.settle(&self.pghi, &mut self.random);
        self.add();
        self.give(out);
        self.waiting.copy_from_slice(magnitudes);
        self.field.step();
        Ok(())
    }

    /// Adds the frame that has been settled to the sums.
    fn add(&mut self) {
        let shape = *self.stft.shape();
        let (row, fft) = self.rows.sized(&self.stft);
        let channels = self.waiting.chunks_exact(shape.bins()).zip(self.sums.chunks_exact_mut(shape.n_fft));
        for (channel, (magnitudes, sum)) in channels.enumerate() {
            let quarter = self.layout == ChannelLayout::MidSide && channel == 1;
            let ahead = if quarter { turns::QUARTER } else { 0 };
            turns::polar(magnitudes, &self.field.turns[shape.bins()..], ahead, &mut row[..shape.bins()]);
            self.stft.add_frame(row, sum, fft);
        }
    }

    /// Takes a hop off the sums.
    fn give(&mut self, out: &mut [f32]) {
        let (hop, size) = (self.stft.shape().hop, self.stft.shape().n_fft);
        let whole = hop.min(size);
        for (out, sum) in out.chunks_exact_mut(hop).zip(self.sums.chunks_exact_mut(size)) {
            out.fill(0.0);
            for ((out, sum), gain) in out.iter_mut().zip(&*sum).zip(&self.gains) {
                *out = sum * gain;
            }
            sum.copy_within(whole.., 0);
            sum[size - whole..].fill(0.0);
        }
        if self.layout == ChannelLayout::MidSide {
            to_left_and_right(out);
        }
    }
}

/// The logarithms and phases that one frame's phases follow from.
#[derive(Debug)]
struct Field {
    /// Logarithms `[3, bins]`: of the frame before, the frame to settle and the frame after.
    logs: Vec<f32>,
    /// Phases `[2, bins]`: of the frame before and the frame to settle.
    turns: Vec<u32>,
    /// `[2, bins]`
    links: Vec<u32>,
    order: Vec<u32>,
    buckets: Buckets,
    bins: usize,
}

impl Field {
    fn new(bins: usize) -> Self {
        let (logs, turns, links) = (vec![logs_of(0.0); 3 * bins], vec![0; 2 * bins], vec![END; 2 * bins]);
        Self { logs, turns, links, order: Vec::with_capacity(bins), buckets: Buckets::default(), bins }
    }

    /// Takes the frame after, `[channels, bins]`.
    fn look_ahead(&mut self, magnitudes: &[f32]) {
        for (bin, log) in self.logs[2 * self.bins..].iter_mut().enumerate() {
            let square: f32 = magnitudes[bin..].iter().step_by(self.bins).map(|value| value * value).sum();
            *log = logs_of(square.sqrt());
        }
    }

    /// Finds the phases of the frame in the middle.
    fn settle(&mut self, pghi: &Pghi, random: &mut StreamRng) {
        let bins = self.bins;
        random.fill(&mut self.turns[bins..]);
        let loudest = self.logs[..2 * bins].iter().fold(f32::NEG_INFINITY, |peak, log| peak.max(*log));
        let Some(floor) = log_floor(loudest) else { return };
        let (before, now) = self.links.split_at_mut(bins);
        before.fill(END);
        for (link, log) in now.iter_mut().zip(&self.logs[bins..]) {
            *link = if *log > floor { WAITING } else { END };
        }
        for point in (0..bins).filter(|point| self.logs[*point] > floor) {
            self.buckets.push(self.logs[point] - floor, point, &mut self.links);
        }
        self.spread(pghi, floor);
        self.buckets.sort(&self.logs[bins..2 * bins], floor, &mut self.order);
        for at in 0..self.order.len() {
            let start = bins + self.order[at] as usize;
            if self.links[start] == WAITING {
                self.turns[start] = 0;
                self.buckets.push(self.logs[start] - floor, start, &mut self.links);
                self.spread(pghi, floor);
            }
        }
    }

    fn spread(&mut self, pghi: &Pghi, floor: f32) {
        let bins = self.bins;
        while let Some(point) = self.buckets.pop(&self.links) {
            let (from, bin) = (point as usize, point as usize % bins);
            if from < bins {
                let slopes =
                    pghi.slope_over_bins(&self.logs, from, bin) + pghi.slope_over_bins(&self.logs, from + bins, bin);
                self.arrive(from, from + bins, pghi.time_step(bin, slopes), floor);
                continue;
            }
            if bin + 1 < bins {
                let step = pghi.frequency_step(self.slope(bin) + self.slope(bin + 1));
                self.arrive(from, from + 1, step, floor);
            }
            if bin > 0 {
                let step = pghi.frequency_step(self.slope(bin) + self.slope(bin - 1));
                self.arrive(from, from - 1, step.wrapping_neg(), floor);
            }
        }
    }

    /// Twice the slope over frames of the frame in the middle.
    fn slope(&self, bin: usize) -> f32 {
        self.logs[2 * self.bins + bin] - self.logs[bin]
    }

    fn arrive(&mut self, from: usize, to: usize, step: u32, floor: f32) {
        if self.links[to] == WAITING {
            self.turns[to] = self.turns[from].wrapping_add(step);
            self.buckets.push(self.logs[to] - floor, to, &mut self.links);
        }
    }

    /// The frame after becomes the frame in the middle.
    fn step(&mut self) {
        self.logs.copy_within(self.bins.., 0);
        self.turns.copy_within(self.bins.., 0);
    }
}

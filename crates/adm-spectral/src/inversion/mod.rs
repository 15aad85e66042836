//! From magnitudes back to a signal: the phases that a network's picture leaves out.
//!
//! ```text
//! magnitudes ─start: phases by PGHI, chance or alignment→ estimate ─refine: Griffin-Lim→ estimate ─finish→ signals
//! ```
//!
//! An [`Inverter`] is planned once for signals of one length and shared by all threads; each thread brings its own
//! [`InversionScratch`], and then nothing is allocated from slice to slice. [`Inverter::invert`] goes the whole way in
//! one call; `start`, `refine` and `finish` go it step by step and may stop and go on at any iteration.

mod config;
mod convergence;
mod frame_fft;
mod griffin_lim;
mod live;
mod pghi;
mod slaney;
mod transform;
mod turns;
mod vector;

pub use config::{InversionConfig, PhaseMethod, StereoPhase};
pub use convergence::Convergence;
pub use live::LivePghi;
pub use transform::{CentredStft, LARGEST_MAGNITUDE, StftShape};

use crate::error::{SpectralError, check_length};
use crate::scratch::sized;
use convergence::check_magnitudes;
use griffin_lim::{Estimate, Turn, improve_pair};
use pghi::{Pghi, PghiScratch};
use rustfft::num_complex::Complex32;
use serde::{Deserialize, Serialize};
use std::f32::consts::FRAC_1_SQRT_2;
use transform::Rows;

/// What the channels of magnitudes are. Signals are always left and right, or mono.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelLayout {
    /// One channel.
    #[default]
    Mono,
    /// Left, then right.
    LeftRight,
    /// Mid, then side: the magnitudes of `(left + right)/√2` and `(left - right)/√2`.
    MidSide,
}

impl ChannelLayout {
    /// 1 or 2.
    pub fn channels(self) -> usize {
        if self == Self::Mono { 1 } else { 2 }
    }
}

/// Turns magnitudes of one shape into signals. It is planned once and shared by all threads.
#[derive(Debug)]
pub struct Inverter {
    stft: CentredStft,
    layout: ChannelLayout,
    config: InversionConfig,
    pghi: Pghi,
}

/// How far an inversion has come: all that further iterations need.
#[derive(Debug, Clone, Default)]
pub struct InversionState {
    channels: Vec<Estimate>,
    iterations: usize,
}

impl InversionState {
    /// No estimate yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Iterations done since the start.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

/// How the phases of two channels hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Own,
    Turned(Turn),
}

/// Working memory of inversions: one a thread. What it holds between two calls means nothing.
#[derive(Debug, Default)]
pub struct InversionScratch {
    pub(self) padded: Vec<f32>,
    pub(self) rows: Rows,
    pair: [Rows; 2],
    turns: Vec<u32>,
    joint: Vec<f32>,
    start: StartScratch,
    state: InversionState,
}

/// Working memory of the first phases.
#[derive(Debug, Default)]
struct StartScratch {
    padded: Vec<f32>,
    rows: Rows,
    pghi: PghiScratch,
}

impl InversionScratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Inverter {
    /// Plans an inversion.
    ///
    /// # Errors
    /// A size or a setting out of range.
    pub fn new(shape: StftShape, layout: ChannelLayout, config: &InversionConfig) -> Result<Self, SpectralError> {
        config.validate()?;
        let stft = CentredStft::new(shape)?;
        Ok(Self { pghi: Pghi::new(&shape), stft, layout, config: config.clone() })
    }

    /// The transform whose magnitudes it takes.
    pub fn stft(&self) -> &CentredStft {
        &self.stft
    }

    /// What the channels of its magnitudes are.
    pub fn layout(&self) -> ChannelLayout {
        self.layout
    }

    /// Its settings.
    pub fn config(&self) -> &InversionConfig {
        &self.config
    }

    /// Values of the magnitudes: `channels · frames · bins`.
    pub fn magnitudes_len(&self) -> usize {
        self.layout.channels() * self.stft.shape().points()
    }

    /// Values of the signals: `channels · samples`.
    pub fn signals_len(&self) -> usize {
        self.layout.channels() * self.stft.shape().samples
    }

    /// Turns magnitudes into signals, and tells how near theirs come to them.
    ///
    /// # Shapes
    /// `magnitudes`: `[channels, frames, bins]`. `signals`: `[channels, samples]`, left before right.
    ///
    /// # Errors
    /// Buffers of other lengths; magnitudes that are negative, not finite or above [`LARGEST_MAGNITUDE`].
    pub fn invert(
        &self,
        magnitudes: &[f32],
        signals: &mut [f32],
        scratch: &mut InversionScratch,
    ) -> Result<Convergence, SpectralError> {
        check_length("the signals", self.signals_len(), signals.len())?;
        let mut state = std::mem::take(&mut scratch.state);
        let convergence = self.invert_in(&mut state, magnitudes, signals, scratch);
        scratch.state = state;
        convergence
    }

    fn invert_in(
        &self,
        state: &mut InversionState,
        magnitudes: &[f32],
        signals: &mut [f32],
        scratch: &mut InversionScratch,
    ) -> Result<Convergence, SpectralError> {
        self.start(magnitudes, state, scratch)?;
        self.refine(magnitudes, self.config.iterations(), state, scratch)?;
        self.finish(magnitudes, state, signals, scratch)
    }

    /// The first estimate: the magnitudes with the phases of the method's start. What `state` held is gone.
    ///
    /// # Shapes
    /// `magnitudes`: `[channels, frames, bins]`.
    ///
    /// # Errors
    /// As for [`Self::invert`].
    pub fn start(
        &self,
        magnitudes: &[f32],
        state: &mut InversionState,
        scratch: &mut InversionScratch,
    ) -> Result<(), SpectralError> {
        check_magnitudes(self.magnitudes_len(), magnitudes)?;
        self.reset(state);
        match self.relation() {
            Relation::Own => self.start_apart(magnitudes, state, scratch),
            Relation::Turned(_) => self.start_shared(magnitudes, state, scratch),
        }
        Ok(())
    }

    /// The first estimate is this spectrum. What `state` held is gone.
    ///
    /// # Shapes
    /// `spectrum`: `[channels, frames, bins]`.
    ///
    /// # Errors
    /// A buffer of another length; values that are not finite or above [`LARGEST_MAGNITUDE`].
    pub fn start_from(
        &self,
        spectrum: &[Complex32],
        state: &mut InversionState,
        scratch: &mut InversionScratch,
    ) -> Result<(), SpectralError> {
        check_length("the spectrum", self.magnitudes_len(), spectrum.len())?;
        let (points, bins) = (self.stft.shape().points(), self.stft.shape().bins());
        spectrum.chunks_exact(points).try_for_each(|channel| self.stft.check_spectrum(channel))?;
        self.reset(state);
        for (spectrum, estimate) in spectrum.chunks_exact(points).zip(&mut state.channels) {
            self.stft.invert_rows(&mut estimate.signal, &mut scratch.rows, |frame, row| {
                row.copy_from_slice(&spectrum[frame * bins..][..bins]);
            });
        }
        Ok(())
    }

    /// Iterates further. Iterations in two calls give what the same number in one call gives, bit for bit.
    ///
    /// # Shapes
    /// `magnitudes`: `[channels, frames, bins]`.
    ///
    /// # Errors
    /// As for [`Self::invert`], and a state that no start has been made with.
    pub fn refine(
        &self,
        magnitudes: &[f32],
        iterations: usize,
        state: &mut InversionState,
        scratch: &mut InversionScratch,
    ) -> Result<(), SpectralError> {
        check_magnitudes(self.magnitudes_len(), magnitudes)?;
        self.check_state(state)?;
        let momentum = self.config.momentum();
        if let (Relation::Turned(turn), StereoPhase::Shared) = (self.relation(), self.stereo()) {
            let lag = momentum / (1.0 + momentum);
            for _ in 0..iterations {
                improve_pair(&mut state.channels, &self.stft, magnitudes, lag, turn, &mut scratch.pair);
            }
        } else {
            let channels = magnitudes.chunks_exact(self.stft.shape().points()).zip(&mut state.channels);
            for (magnitudes, estimate) in channels {
                for _ in 0..iterations {
                    estimate.improve(&self.stft, magnitudes, momentum, &mut scratch.rows);
                }
            }
        }
        state.iterations += iterations;
        Ok(())
    }

    /// The signals of the current estimate, and how near their magnitudes come to those wanted.
    ///
    /// # Shapes
    /// `magnitudes`: `[channels, frames, bins]`. `signals`: `[channels, samples]`, left before right.
    ///
    /// # Errors
    /// As for [`Self::refine`].
    pub fn finish(
        &self,
        magnitudes: &[f32],
        state: &InversionState,
        signals: &mut [f32],
        scratch: &mut InversionScratch,
    ) -> Result<Convergence, SpectralError> {
        check_magnitudes(self.magnitudes_len(), magnitudes)?;
        check_length("the signals", self.signals_len(), signals.len())?;
        self.check_state(state)?;
        let shape = self.stft.shape();
        for (signal, estimate) in signals.chunks_exact_mut(shape.samples).zip(&state.channels) {
            signal.copy_from_slice(self.stft.unpadded(&estimate.signal));
        }
        if self.layout == ChannelLayout::MidSide {
            to_left_and_right(signals);
        }
        let channels = magnitudes.chunks_exact(shape.points()).zip(&state.channels);
        Ok(channels.map(|(wanted, got)| self.stft.convergence_of(wanted, &got.signal, &mut scratch.rows)).sum())
    }

    fn stereo(&self) -> StereoPhase {
        let best = if self.layout == ChannelLayout::MidSide { StereoPhase::Shared } else { StereoPhase::SharedStart };
        self.config.stereo.unwrap_or(best)
    }

    /// How the second channel's phases follow from the first's.
    fn relation(&self) -> Relation {
        match (self.layout, self.stereo()) {
            (ChannelLayout::Mono, _) | (_, StereoPhase::Apart) => Relation::Own,
            (ChannelLayout::LeftRight, _) => Relation::Turned(Turn::None),
            (ChannelLayout::MidSide, _) => Relation::Turned(Turn::Quarter),
        }
    }

    fn start_apart(&self, magnitudes: &[f32], state: &mut InversionState, scratch: &mut InversionScratch) {
        let points = self.stft.shape().points();
        for (channel, (magnitudes, estimate)) in magnitudes.chunks_exact(points).zip(&mut state.channels).enumerate() {
            let turns = sized(&mut scratch.turns, points);
            self.phases(magnitudes, channel, turns, &mut scratch.start);
            self.begin(estimate, magnitudes, turns, 0, &mut scratch.rows);
        }
    }

    fn start_shared(&self, magnitudes: &[f32], state: &mut InversionState, scratch: &mut InversionScratch) {
        let points = self.stft.shape().points();
        let (turns, joint) = (sized(&mut scratch.turns, points), sized(&mut scratch.joint, points));
        let (one, two) = magnitudes.split_at(points);
        for ((joint, one), two) in joint.iter_mut().zip(one).zip(two) {
            *joint = (one * one + two * two).sqrt();
        }
        self.phases(joint, 0, turns, &mut scratch.start);
        let ahead = [0, if self.relation() == Relation::Turned(Turn::Quarter) { turns::QUARTER } else { 0 }];
        for ((magnitudes, estimate), ahead) in [one, two].into_iter().zip(&mut state.channels).zip(ahead) {
            self.begin(estimate, magnitudes, turns, ahead, &mut scratch.rows);
        }
    }

    fn phases(&self, magnitudes: &[f32], channel: usize, turns: &mut [u32], scratch: &mut StartScratch) {
        match self.config.method {
            PhaseMethod::Slaney => {
                let sum = sized(&mut scratch.padded, self.stft.padded_len());
                slaney::align(&self.stft, magnitudes, turns, sum, &mut scratch.rows);
            }
            method => {
                turns::randomise(turns, self.config.seed, channel);
                if matches!(method, PhaseMethod::Auto | PhaseMethod::Pghi) {
                    self.pghi.integrate(magnitudes, turns, &mut scratch.pghi);
                }
            }
        }
    }

    fn begin(&self, estimate: &mut Estimate, magnitudes: &[f32], turns: &[u32], ahead: u32, rows: &mut Rows) {
        let bins = self.stft.shape().bins();
        self.stft.invert_rows(&mut estimate.signal, rows, |frame, row| {
            let at = frame * bins..(frame + 1) * bins;
            turns::polar(&magnitudes[at.clone()], &turns[at], ahead, row);
        });
    }

    fn reset(&self, state: &mut InversionState) {
        state.iterations = 0;
        state.channels.resize_with(self.layout.channels(), Estimate::default);
        state.channels.iter_mut().for_each(|estimate| estimate.reset(&self.stft));
    }

    fn check_state(&self, state: &InversionState) -> Result<(), SpectralError> {
        let held = state.channels.iter().map(|estimate| estimate.previous.len()).sum();
        check_length("the state of the inversion", self.magnitudes_len(), held)
    }
}

/// Mid and side, one after the other, become left and right.
fn to_left_and_right(signals: &mut [f32]) {
    let (mid, side) = signals.split_at_mut(signals.len() / 2);
    for (mid, side) in mid.iter_mut().zip(side) {
        (*mid, *side) = (FRAC_1_SQRT_2 * (*mid + *side), FRAC_1_SQRT_2 * (*mid - *side));
    }
}

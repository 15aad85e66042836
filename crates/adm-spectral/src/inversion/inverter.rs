//! The whole way from magnitudes to signals, at once or step by step.

use super::convergence::{Convergence, check_magnitudes};
use super::griffin_lim::Estimate;
use super::layout::{ChannelLayout, to_left_and_right};
use super::pair::improve_pair;
use super::pghi::Pghi;
use super::scratch::{InversionScratch, InversionState};
use super::shape::StftShape;
use super::start::Relation;
use super::transform::CentredStft;
use super::{InversionConfig, StereoPhase};
use crate::error::{SpectralError, check_length};
use rustfft::num_complex::Complex32;

/// Turns magnitudes of one shape into signals. It is planned once and shared by all threads.
#[derive(Debug)]
pub struct Inverter {
    pub(super) stft: CentredStft,
    pub(super) layout: ChannelLayout,
    pub(super) config: InversionConfig,
    pub(super) pghi: Pghi,
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
    /// Buffers of other lengths; magnitudes that are negative, not finite or above [`super::LARGEST_MAGNITUDE`].
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
    /// A buffer of another length; values that are not finite or above [`super::LARGEST_MAGNITUDE`].
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

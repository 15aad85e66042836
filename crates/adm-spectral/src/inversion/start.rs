//! The first phases, each channel's own or one for both.

use super::griffin_lim::Estimate;
use super::inverter::Inverter;
use super::pair::Turn;
use super::scratch::{InversionScratch, InversionState, StartScratch};
use super::transform::Rows;
use super::{ChannelLayout, PhaseMethod, StereoPhase, slaney, turns};
use crate::scratch::sized;

/// What the phases of the second channel are to those of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Each has its own phases.
    Own,
    /// The second's are the first's, turned on.
    Turned(Turn),
}

impl Inverter {
    pub(super) fn stereo(&self) -> StereoPhase {
        let best = if self.layout == ChannelLayout::MidSide { StereoPhase::Shared } else { StereoPhase::SharedStart };
        self.config.stereo.unwrap_or(best)
    }

    /// How the second channel's phases follow from the first's.
    pub(super) fn relation(&self) -> Relation {
        match (self.layout, self.stereo()) {
            (ChannelLayout::Mono, _) | (_, StereoPhase::Apart) => Relation::Own,
            (ChannelLayout::LeftRight, _) => Relation::Turned(Turn::None),
            (ChannelLayout::MidSide, _) => Relation::Turned(Turn::Quarter),
        }
    }

    pub(super) fn start_apart(&self, magnitudes: &[f32], state: &mut InversionState, scratch: &mut InversionScratch) {
        let points = self.stft.shape().points();
        for (channel, (magnitudes, estimate)) in magnitudes.chunks_exact(points).zip(&mut state.channels).enumerate() {
            let turns = sized(&mut scratch.turns, points);
            self.phases(magnitudes, channel, turns, &mut scratch.start);
            self.begin(estimate, magnitudes, turns, 0, &mut scratch.rows);
        }
    }

    pub(super) fn start_shared(&self, magnitudes: &[f32], state: &mut InversionState, scratch: &mut InversionScratch) {
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
}

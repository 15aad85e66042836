//! The signals whose spectra are taken, and the slice of them.

use super::super::plane::{Part, Plane, Source, plane};
use super::super::slices::Slices;
use crate::inversion::ChannelLayout;
use serde::{Deserialize, Serialize};
use std::f32::consts::FRAC_1_SQRT_2;

/// What becomes of the two channels of a stereo slice. A mono slice has one signal, whatever is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StereoPlanes {
    /// Their mean, in one plane; decoding gives it to both.
    Mono,
    /// Left, then right: a plane each.
    LeftRight,
    /// Mid, then side: `(left ± right)/√2`. Keeps the stereo image best where phases have to be found.
    #[default]
    MidSide,
}

/// The planes of mono, of left and right, and of mid and side.
type Set = [&'static [Plane]; 3];

const MAGNITUDES: Set = [
    &[plane(Source::Mono, Part::Magnitude)],
    &[plane(Source::Left, Part::Magnitude), plane(Source::Right, Part::Magnitude)],
    &[plane(Source::Mid, Part::Magnitude), plane(Source::Side, Part::Magnitude)],
];

const LEVELS: Set = [
    &[plane(Source::Mono, Part::Level)],
    &[plane(Source::Left, Part::Level), plane(Source::Right, Part::Level)],
    &[plane(Source::Mid, Part::Level), plane(Source::Side, Part::Level)],
];

const SAMPLES: Set = [
    &[plane(Source::Mono, Part::Sample)],
    &[plane(Source::Left, Part::Sample), plane(Source::Right, Part::Sample)],
    &[plane(Source::Mid, Part::Sample), plane(Source::Side, Part::Sample)],
];

const LEVELS_AND_FREQUENCIES: Set = [
    &[plane(Source::Mono, Part::Level), plane(Source::Mono, Part::Frequency)],
    &[
        plane(Source::Left, Part::Level),
        plane(Source::Left, Part::Frequency),
        plane(Source::Right, Part::Level),
        plane(Source::Right, Part::Frequency),
    ],
    &[
        plane(Source::Mid, Part::Level),
        plane(Source::Mid, Part::Frequency),
        plane(Source::Side, Part::Level),
        plane(Source::Side, Part::Frequency),
    ],
];

/// Signals of slices of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Channels {
    slices: Slices,
    layout: ChannelLayout,
}

impl Channels {
    /// For these slices.
    pub fn new(slices: Slices, stereo: StereoPlanes) -> Self {
        let layout = match stereo {
            StereoPlanes::LeftRight if slices.channels == 2 => ChannelLayout::LeftRight,
            StereoPlanes::MidSide if slices.channels == 2 => ChannelLayout::MidSide,
            _ => ChannelLayout::Mono,
        };
        Self { slices, layout }
    }

    /// What the signals are.
    pub fn layout(&self) -> ChannelLayout {
        self.layout
    }

    /// The largest sample of a signal of a slice within ±1.
    pub fn peak(&self) -> f64 {
        if self.layout == ChannelLayout::MidSide { std::f64::consts::SQRT_2 } else { 1.0 }
    }

    /// The planes of these parts: all of the first signal, then all of the second.
    pub fn planes(&self, parts: &[Part]) -> &'static [Plane] {
        let set = match parts {
            [Part::Magnitude] => &MAGNITUDES,
            [Part::Level] => &LEVELS,
            [Part::Sample] => &SAMPLES,
            _ => &LEVELS_AND_FREQUENCIES,
        };
        match self.layout {
            ChannelLayout::Mono => set[0],
            ChannelLayout::LeftRight => set[1],
            ChannelLayout::MidSide => set[2],
        }
    }

    /// Signal `index` of a slice.
    pub fn signal(self, slice: &[f32], index: usize) -> impl Iterator<Item = f32> + '_ {
        let (left, right) = match (self.slices.channels, self.layout, index) {
            (1, ..) => (1.0, 0.0),
            (_, ChannelLayout::Mono, _) => (0.5, 0.5),
            (_, ChannelLayout::LeftRight, 0) => (1.0, 0.0),
            (_, ChannelLayout::LeftRight, _) => (0.0, 1.0),
            (_, ChannelLayout::MidSide, 0) => (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
            (_, ChannelLayout::MidSide, _) => (FRAC_1_SQRT_2, -FRAC_1_SQRT_2),
        };
        slice.chunks_exact(self.slices.channels).map(move |frame| left * frame[0] + right * frame[frame.len() - 1])
    }

    /// Turns mid and side back into left and right, where signals are these.
    ///
    /// # Shapes
    /// `signals`: `[1 or 2, samples]`.
    pub fn to_left_and_right(self, signals: &mut [f32]) {
        if self.layout == ChannelLayout::MidSide {
            let (mid, side) = signals.split_at_mut(signals.len() / 2);
            for (mid, side) in mid.iter_mut().zip(side) {
                (*mid, *side) = (FRAC_1_SQRT_2 * (*mid + *side), FRAC_1_SQRT_2 * (*mid - *side));
            }
        }
    }

    /// The slice of left and right, or of one signal for all channels.
    ///
    /// # Shapes
    /// `signals`: `[1 or 2, samples]`, at least as many samples as the slice has frames.
    pub fn interleave(self, signals: &[f32], slice: &mut [f32]) {
        let samples = signals.len() / self.layout.channels();
        let mut each = signals.chunks_exact(samples).cycle();
        for channel in 0..self.slices.channels {
            let signal = each.next().unwrap_or_default();
            for (to, from) in slice.iter_mut().skip(channel).step_by(self.slices.channels).zip(signal) {
                *to = *from;
            }
        }
    }
}

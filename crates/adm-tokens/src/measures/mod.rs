//! The seven measures of a slice, and how far two slices are apart in each.
//!
//! ```text
//! slice ─Analyser→ spectrum of the whole ─┬→ fft, fundamentals, tuning
//!                  spectra of short frames ┼→ stft, flatness, onsets     ─→ one row of VALUES numbers
//!                  samples ────────────────┴→ level
//! ```
//!
//! Document 000, section 5.8, names six measures and counts seven; the seventh here is the level. It leaves open what is
//! computed of each and what its threshold of 0.3 counts. Here every measure has a *distance* between 0 (the same) and 1
//! (nothing in common), two slices agree where it is no larger than the threshold, and a larger threshold makes fewer
//! tokens.
//!
//! Spectra add the powers of left and right, so nothing cancels as it would in their sum, and it does not matter on which
//! side a sound is. Strengths are *loudnesses*, power to the 0.3 (Stevens, "The measurement of loudness", JASA 27, 1955):
//! 10 dB more is twice as loud. Distances between loudnesses are shares (Bray and Curtis 1957): what the two do not have
//! in common as a part of all that they have.
//!
//! Each measure has two levels of detail: *coarse*, few bands and times, in which beats with the same role are alike, and
//! *fine*, in which they are told apart. Both are computed at once from the same spectra. A coarse distance between
//! loudnesses is the share itself. A fine one is the share as a part of a constant that makes 0.3 fall between the same beat
//! a bar later and the next beat of the bar, measured on a set of loops and on synthesised sets, at 44,100 and 22,050 Hz.

mod analyser;
mod bands;
mod dataset;
pub mod fft;
pub mod flatness;
pub mod fundamentals;
pub mod level;
pub mod onsets;
mod share;
pub mod stft;
mod table;
#[cfg(test)]
mod tests;
pub mod tuning;

pub(crate) use analyser::LOUDEST;
pub use analyser::{Analyser, Scratch};
pub use dataset::measure_all;
pub use table::Table;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Power to this is loudness (Stevens 1955).
pub(crate) const LOUDNESS: f32 = 0.3;

/// What is measured of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Loudness by frequency over the whole slice ([`fft`]).
    Fft,
    /// Loudness by frequency and time ([`stft`]).
    Stft,
    /// Which pitches sound ([`fundamentals`]).
    Fundamentals,
    /// Whether it is tones or noise ([`flatness`]).
    Flatness,
    /// How far its tones lie from A = 440 Hz ([`tuning`]).
    Tuning,
    /// Where something starts, by frequency and time ([`onsets`]).
    Onsets,
    /// How loud it is ([`level`]).
    Level,
}

impl Measure {
    /// All of them, in the order of their values in a row.
    pub const ALL: [Self; 7] =
        [Self::Fft, Self::Stft, Self::Fundamentals, Self::Flatness, Self::Tuning, Self::Onsets, Self::Level];

    /// Its name, as in `--threshold fft=0.2`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fft => "fft",
            Self::Stft => "stft",
            Self::Fundamentals => "fundamentals",
            Self::Flatness => "flatness",
            Self::Tuning => "tuning",
            Self::Onsets => "onsets",
            Self::Level => "level",
        }
    }

    /// Its values in a row of measures.
    pub const fn values(self, detail: Detail) -> Range<usize> {
        let start = STARTS[detail as usize][self as usize];
        start..start + self.width(detail)
    }

    /// How many values it has.
    const fn width(self, detail: Detail) -> usize {
        let (fine, coarse) = match self {
            Self::Fft => (fft::FINE, fft::COARSE),
            Self::Stft => (stft::FINE, stft::COARSE),
            Self::Fundamentals => (fundamentals::FINE, fundamentals::COARSE),
            Self::Flatness => (flatness::FINE, flatness::COARSE),
            // A point: there is nothing to make coarse.
            Self::Tuning => (tuning::VALUES, tuning::VALUES),
            Self::Onsets => (onsets::FINE, onsets::COARSE),
            Self::Level => (level::FINE, level::COARSE),
        };
        match detail {
            Detail::Fine => fine,
            Detail::Coarse => coarse,
        }
    }

    /// How far two rows are apart, 0 (the same) to 1 (nothing in common); the same whichever comes first.
    pub fn distance(self, detail: Detail, a: &[f32], b: &[f32]) -> f32 {
        let (a, b) = (&a[self.values(detail)], &b[self.values(detail)]);
        match self {
            Self::Fft => fft::distance(detail, a, b),
            Self::Stft => stft::distance(detail, a, b),
            Self::Fundamentals => fundamentals::distance(detail, a, b),
            Self::Flatness => flatness::distance(detail, a, b),
            Self::Tuning => tuning::distance(detail, a, b),
            Self::Onsets => onsets::distance(detail, a, b),
            Self::Level => level::distance(detail, a, b),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How closely a measure looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// Few bands and times: beats with the same role are alike.
    Coarse,
    /// Many bands and times: they are told apart.
    Fine,
}

/// Where each measure's values start in a row, by detail and measure: coarse ones first.
const STARTS: [[usize; Measure::ALL.len()]; 2] = {
    let mut starts = [[0; Measure::ALL.len()]; 2];
    let mut next = 0;
    let mut index = 0;
    while index < 2 * Measure::ALL.len() {
        let detail = if index < Measure::ALL.len() { Detail::Coarse } else { Detail::Fine };
        let measure = Measure::ALL[index % Measure::ALL.len()];
        starts[detail as usize][measure as usize] = next;
        next += measure.width(detail);
        index += 1;
    }
    starts
};

/// Numbers in a row: all measures of one slice at both details.
pub const VALUES: usize = STARTS[Detail::Fine as usize][Measure::Level as usize] + level::FINE;

//! What is wanted of sounds, and what they become.

use crate::key::{Measured, Role};
use std::fmt;

/// A stimulus that a bundle needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name in the bundle. No two share one: its dither is drawn by it.
    pub name: String,
    /// The id of its sound; any for [`Role::Volume`], which is pink noise.
    pub id: String,
    /// What it is for. Anchors are low-passed at 3.5 and 7 kHz.
    pub role: Role,
}

impl Wanted {
    pub(super) fn is_volume(&self) -> bool {
        self.role == Role::Volume
    }
}

/// A finished stimulus.
#[derive(Clone, PartialEq)]
pub struct Stimulus {
    /// Its name in the bundle.
    pub name: String,
    /// A WAV file of 16 bits: a header of 44 bytes, samples, nothing else.
    pub wav: Vec<u8>,
    /// What its sound was before, and what was done to it.
    pub measured: Measured,
}

impl fmt::Debug for Stimulus {
    /// Without the bytes, which are millions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, wav, measured } = self;
        let bytes = wav.len();
        f.debug_struct("Stimulus").field("name", name).field("bytes", &bytes).field("measured", measured).finish()
    }
}

/// All stimuli of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// In the order in which they were wanted.
    pub stimuli: Vec<Stimulus>,
    /// Length of every one.
    pub frames: usize,
    /// Loudness of every one, in LUFS, to 0.1 LU.
    pub loudness: f64,
    /// By how many LU that is below what was asked for, for the sake of the true peak; 0 where nothing was in the way.
    pub lowered: f64,
    /// Where all spectra end, in Hz; none where each keeps its own.
    pub bandwidth: Option<f64>,
    /// The id of the sound that decides on it, where the dullest one does: all end below where its spectrum begins to fall.
    pub dullest: Option<String>,
}

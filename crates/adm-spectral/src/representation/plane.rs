//! What the planes of a tensor hold.

use crate::tensor::Shape;
use std::fmt;

/// The signal that a plane tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The only channel; of a stereo slice the mean of both.
    Mono,
    /// The left channel.
    Left,
    /// The right channel.
    Right,
    /// `(left + right) / √2`.
    Mid,
    /// `(left - right) / √2`.
    Side,
}

/// What a plane's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Real parts; the next plane holds the imaginary parts. Any sign, 0 is silence.
    Real,
    /// Imaginary parts of the plane before. Any sign, 0 is silence.
    Imaginary,
    /// Magnitudes, never negative, or these brought into -1 to 1 or a part of it. The lowest value is silence.
    Magnitude,
    /// Magnitudes in dB, or these brought into -1 to 1. The lowest value is silence.
    Level,
    /// Instantaneous frequency less the bin's own, in turns a frame times two: -1 to 1, of which the ends are the same.
    Frequency,
    /// Samples of a signal, within ±1 where the sound is. 0 is silence.
    Sample,
}

/// A plane of a tensor: whose it is and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Plane {
    /// Whose values.
    pub source: Source,
    /// Which values.
    pub part: Part,
}

/// The range of a tensor's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values {
    /// As large as the sound makes them: a network needs them scaled, or brought into -1 to 1 by the representation itself.
    Raw,
    /// -1 to 1, or a part of that.
    Unit {
        /// What one decibel adds to the value of a plane of levels; none where no plane holds levels, or louder ones are the same.
        per_decibel: Option<f32>,
    },
}

/// A plane, in a word less.
pub(super) const fn plane(source: Source, part: Part) -> Plane {
    Plane { source, part }
}

/// Real and imaginary parts of one channel.
const COMPLEX_MONO: &[Plane] = &[plane(Source::Mono, Part::Real), plane(Source::Mono, Part::Imaginary)];

/// The founding document's four planes (document 000, section 5.2).
const COMPLEX_STEREO: &[Plane] = &[
    plane(Source::Right, Part::Real),
    plane(Source::Right, Part::Imaginary),
    plane(Source::Left, Part::Real),
    plane(Source::Left, Part::Imaginary),
];

/// The planes of a complex representation of 1 or 2 channels.
pub(super) fn complex(channels: usize) -> &'static [Plane] {
    if channels == 1 { COMPLEX_MONO } else { COMPLEX_STEREO }
}

/// Clears the numbers that stand for half the sample rate: the first bin of every imaginary plane.
pub(super) fn clear_nyquist(tensor: &mut [f32], shape: Shape) {
    for imaginary in tensor.chunks_exact_mut(shape.plane()).skip(1).step_by(2) {
        imaginary[..shape.frames].fill(0.0);
    }
}

impl fmt::Display for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Mono => "mono",
            Source::Left => "left",
            Source::Right => "right",
            Source::Mid => "mid",
            Source::Side => "side",
        };
        let part = match self.part {
            Part::Real => "real",
            Part::Imaginary => "imaginary",
            Part::Magnitude => "magnitude",
            Part::Level => "level",
            Part::Frequency => "frequency",
            Part::Sample => "sample",
        };
        write!(f, "{source} {part}")
    }
}

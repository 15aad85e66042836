//! Spectrograms as PNG pictures.

use crate::error::SpectralError;
use adm_core::SampleRate;

/// How frequency runs up the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrequencyAxis {
    /// Every Hz as high as every other.
    Linear,
    /// Every octave as high as every other, as the ear hears.
    #[default]
    Logarithmic,
}

/// Colours from quiet to loud; both grow evenly in lightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourMap {
    /// Black over violet and orange to pale yellow.
    #[default]
    Magma,
    /// Violet over teal to yellow.
    Viridis,
}

/// How a spectrogram is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureConfig {
    /// Pixels across one panel, 1 to 8,192.
    pub width: usize,
    /// Pixels up one panel, all channels together, 1 to 8,192.
    pub height: usize,
    /// How frequency runs up the picture.
    pub axis: FrequencyAxis,
    /// The lowest frequency of a logarithmic axis in Hz.
    pub lowest_hz: f32,
    /// Level of the brightest colour in dB (a full-scale sine is 0 dB); `None` takes the loudest point of the picture.
    pub top_db: Option<f32>,
    /// From the brightest to the darkest colour in dB. A larger one shows quieter sound.
    pub range_db: f32,
    /// Colours from quiet to loud.
    pub colours: ColourMap,
}

impl Default for PictureConfig {
    fn default() -> Self {
        Self {
            width: 1024,
            height: 512,
            axis: FrequencyAxis::default(),
            lowest_hz: 30.0,
            top_db: None,
            range_db: 80.0,
            colours: ColourMap::default(),
        }
    }
}

/// Sound to be drawn: interleaved samples with what is needed to read them.
#[derive(Debug, Clone, Copy)]
pub struct Sound<'a> {
    /// `[frames, channels]`, interleaved.
    pub samples: &'a [f32],
    /// Channels, 1 or 2.
    pub channels: usize,
    /// Frames a second.
    pub rate: SampleRate,
}

/// The spectrogram of one sound as the bytes of a PNG; stereo shows the left channel above the right.
///
/// # Errors
/// No samples, samples that are not finite, another number of channels than 1 or 2, settings out of range.
pub fn spectrogram(sound: Sound<'_>, config: &PictureConfig) -> Result<Vec<u8>, SpectralError> {
    grid(&[sound], 1, config)
}

/// Spectrograms of several sounds in rows of `columns` with a gap between them, as the bytes of a PNG. All share one
/// scale of level, so that they can be compared.
///
/// # Errors
/// No sound at all, and as for [`spectrogram`].
pub fn grid(_sounds: &[Sound<'_>], _columns: usize, _config: &PictureConfig) -> Result<Vec<u8>, SpectralError> {
    todo!()
}

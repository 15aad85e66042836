//! Spectrograms as PNG pictures.
//!
//! Time runs to the right over the whole width, frequency runs up, and colour tells the level. A picture is a grid of
//! panels, a sound each; a panel shows its channels one above the other, left on top. All panels share one scale of
//! level, so that two sounds side by side can be compared by eye.

mod canvas;
mod colour;
mod power;

pub use colour::ColourMap;

use crate::error::{SpectralError, check_range, check_setting, check_values};
use crate::scratch::Scratch;
use crate::stft::LARGEST_VALUE;
use adm_core::SampleRate;
use canvas::Canvas;

/// Pixels between a panel's channels.
const CHANNEL_GAP: usize = 2;

/// Most pixels of a picture, for a machine's memory.
const MOST_PIXELS: usize = 1 << 26;

/// How frequency runs up the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrequencyAxis {
    /// Every Hz as high as every other.
    Linear,
    /// Every octave as high as every other, as the ear hears.
    #[default]
    Logarithmic,
}

/// How a spectrogram is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureConfig {
    /// Pixels across one panel, 1 to 8,192.
    pub width: usize,
    /// Pixels up one panel, all channels together, 8 to 8,192.
    pub height: usize,
    /// Transparent pixels between panels, 0 to 256.
    pub gap: usize,
    /// Frequencies of the transform, 16 to 8,192. More of them sharpen tones and blur moments.
    pub bins: usize,
    /// How frequency runs up the picture.
    pub axis: FrequencyAxis,
    /// The lowest frequency of a logarithmic axis in Hz, 1 up to a quarter of the sample rate.
    pub lowest_hz: f32,
    /// Level of the brightest colour in dB (a full-scale sine is 0 dB); `None` takes the loudest point of the picture.
    pub top_db: Option<f32>,
    /// From the brightest to the darkest colour in dB, 1 to 200. A larger one shows quieter sound.
    pub range_db: f32,
    /// Colours from quiet to loud.
    pub colours: ColourMap,
}

impl Default for PictureConfig {
    fn default() -> Self {
        Self {
            width: 1024,
            height: 512,
            gap: 8,
            bins: 1024,
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

/// Spectrograms of several sounds in rows of `columns` with a gap between them, as the bytes of a PNG.
///
/// # Errors
/// No sound or no column at all, a picture too large, and as for [`spectrogram`].
pub fn grid(sounds: &[Sound<'_>], columns: usize, config: &PictureConfig) -> Result<Vec<u8>, SpectralError> {
    check_range("the number of sounds to draw", 1, MOST_PIXELS, sounds.len())?;
    check_range("the columns of a picture", 1, MOST_PIXELS, columns)?;
    let columns = columns.min(sounds.len());
    check_config(config)?;
    sounds.iter().try_for_each(|sound| check_sound(sound, config))?;
    let (width, height) = (config.width + config.gap, config.height + config.gap);
    let rows = sounds.len().div_ceil(columns);
    check_range("the pixels of a picture", 1, MOST_PIXELS, (width * columns).saturating_mul(height * rows))?;
    let mut canvas = Canvas::new(width * columns - config.gap, height * rows - config.gap);
    let mut scratch = Scratch::new();
    for (index, sound) in sounds.iter().enumerate() {
        let corner = (index % columns * width, index / columns * height);
        draw(sound, config, corner, &mut canvas, &mut scratch)?;
    }
    canvas.into_png(config)
}

/// Draws one panel with its upper left corner at `corner`.
fn draw(
    sound: &Sound<'_>,
    config: &PictureConfig,
    corner: (usize, usize),
    canvas: &mut Canvas,
    scratch: &mut Scratch,
) -> Result<(), SpectralError> {
    let height = (config.height - CHANNEL_GAP * (sound.channels - 1)) / sound.channels;
    for channel in 0..sound.channels {
        let pane = power::pane(sound, channel, height, config, scratch)?;
        let top = corner.1 + channel * (height + CHANNEL_GAP);
        canvas.paste(&pane, config.width, (corner.0, top));
    }
    Ok(())
}

fn check_config(config: &PictureConfig) -> Result<(), SpectralError> {
    check_range("the picture's width", 1, 8_192, config.width)?;
    check_range("the picture's height", 8, 8_192, config.height)?;
    check_range("the picture's gap", 0, 256, config.gap)?;
    check_range("the picture's bins", 16, 8_192, config.bins)?;
    check_setting("the picture's range in dB", 1.0, 200.0, config.range_db.into())?;
    check_setting("the picture's top in dB", -300.0, 300.0, config.top_db.unwrap_or(0.0).into())
}

fn check_sound(sound: &Sound<'_>, config: &PictureConfig) -> Result<(), SpectralError> {
    if !matches!(sound.channels, 1 | 2) {
        return Err(SpectralError::WrongChannels { expected: "sounds of 1 or 2 channels", actual: sound.channels });
    }
    check_range("the length of a sound in frames", 1, 1 << 40, sound.samples.len() / sound.channels)?;
    check_setting("the picture's lowest frequency in Hz", 1.0, sound.rate.as_f64() / 4.0, config.lowest_hz.into())?;
    check_values("the sound", LARGEST_VALUE, sound.samples)
}

#[cfg(test)]
mod tests;

//! Levels put together to a picture.

use super::PictureConfig;
use crate::error::SpectralError;

/// Colours of the picture; the palette's last entry is left for what is transparent.
const LEVELS: usize = 255;

/// Powers over the whole picture, row by row from the top; NaN where nothing is drawn.
pub(super) struct Canvas {
    width: usize,
    power: Vec<f32>,
}

impl Canvas {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, power: vec![f32::NAN; width * height] }
    }

    /// Copies rows of `width` powers to `corner` (from the left, from the top).
    pub fn paste(&mut self, rows: &[f32], width: usize, corner: (usize, usize)) {
        let targets = self.power.chunks_exact_mut(self.width).skip(corner.1);
        for (to, from) in targets.zip(rows.chunks_exact(width)) {
            to[corner.0..corner.0 + width].copy_from_slice(from);
        }
    }

    /// The bytes of a PNG with a palette.
    pub fn into_png(self, config: &PictureConfig) -> Result<Vec<u8>, SpectralError> {
        let loudest = self.power.iter().fold(0.0f32, |loudest, power| loudest.max(*power));
        let top = config.top_db.unwrap_or_else(|| decibels(loudest));
        let index = |power: &f32| {
            let level = (decibels(*power) - top) / config.range_db + 1.0;
            if power.is_nan() { LEVELS as u8 } else { (level.clamp(0.0, 1.0) * (LEVELS - 1) as f32).round() as u8 }
        };
        let pixels: Vec<u8> = self.power.iter().map(index).collect();
        encode(&pixels, self.width, config).map_err(|error| SpectralError::Picture { reason: error.to_string() })
    }
}

/// A power in dB; silence lies below all that can be shown.
fn decibels(power: f32) -> f32 {
    10.0 * power.max(1e-35).log10()
}

fn encode(pixels: &[u8], width: usize, config: &PictureConfig) -> Result<Vec<u8>, png::EncodingError> {
    let mut palette: Vec<u8> = (0..LEVELS).flat_map(|level| config.colours.colour(level, LEVELS)).collect();
    palette.extend([128; 3]);
    let mut opacity = [255; LEVELS + 1];
    opacity[LEVELS] = 0;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, (pixels.len() / width) as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_trns(opacity.to_vec());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

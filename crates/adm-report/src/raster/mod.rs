//! Coloured points.

mod digits;

use digits::{HEIGHT, WIDTH, glyph};

/// Points of the picture a point of a glyph is.
const SCALE: usize = 2;

/// A picture being drawn.
pub(crate) struct Raster {
    width: usize,
    pixels: Vec<[u8; 3]>,
}

impl Raster {
    pub(crate) fn new(width: usize, height: usize, colour: [u8; 3]) -> Self {
        Self { width, pixels: vec![colour; width * height] }
    }

    #[cfg(test)]
    pub(crate) fn at(&self, (x, y): (usize, usize)) -> [u8; 3] {
        self.pixels[y * self.width + x]
    }

    /// Colours a point, if it is on the picture.
    fn set(&mut self, x: usize, y: usize, colour: [u8; 3]) {
        if let Some(pixel) = self.pixels.get_mut(y * self.width + x).filter(|_| x < self.width) {
            *pixel = colour;
        }
    }

    /// Colours all points from one corner to before the other.
    pub(crate) fn fill(&mut self, (left, top): (usize, usize), (right, bottom): (usize, usize), colour: [u8; 3]) {
        for y in top..bottom {
            (left..right).for_each(|x| self.set(x, y, colour));
        }
    }

    /// The outline of what [`Self::fill`] fills.
    pub(crate) fn frame(&mut self, (left, top): (usize, usize), (right, bottom): (usize, usize), colour: [u8; 3]) {
        self.fill((left, top), (right, top + 1), colour);
        self.fill((left, bottom - 1), (right, bottom), colour);
        self.fill((left, top), (left + 1, bottom), colour);
        self.fill((right - 1, top), (right, bottom), colour);
    }

    /// A line three points thick that runs to the right.
    pub(crate) fn line(&mut self, (from, start): (usize, usize), (to, end): (usize, usize), colour: [u8; 3]) {
        let span = to.saturating_sub(from).max(1) as f64;
        let mut last = start;
        for x in from..=to {
            let share = (x - from) as f64 / span;
            let y = (start as f64 + share * (end as f64 - start as f64)).round() as usize;
            self.fill((x, last.min(y).saturating_sub(1)), (x + 1, last.max(y) + 2), colour);
            last = y;
        }
    }

    /// Writes a number or a time to the left of a point, half above and half below it.
    pub(crate) fn write(&mut self, text: &str, (right, middle): (usize, usize), colour: [u8; 3]) {
        let advance = (WIDTH + 1) * SCALE;
        let left = right.saturating_sub(text.chars().count() * advance);
        let top = middle.saturating_sub(HEIGHT * SCALE / 2);
        for (nth, character) in text.chars().enumerate() {
            for (y, row) in glyph(character).iter().enumerate() {
                for x in (0..WIDTH).filter(|x| row >> (WIDTH - 1 - x) & 1 == 1) {
                    let corner = (left + nth * advance + x * SCALE, top + y * SCALE);
                    self.fill(corner, (corner.0 + SCALE, corner.1 + SCALE), colour);
                }
            }
        }
    }

    /// The bytes of a PNG; `None` where its encoder refuses, which it does for no size that is drawn here.
    pub(crate) fn into_png(self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let height = self.pixels.len() / self.width;
        let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(self.width).ok()?, u32::try_from(height).ok()?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(self.pixels.as_flattened()).ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }
}

//! Rows of bands at another pitch (document 004, section 6.1, proposal 1).

use adm_spectral::Representation;
use adm_spectral::Scratch;

use crate::ModelError;

/// Where each band of a shifted row comes from.
#[derive(Debug, Clone)]
pub(super) struct Shift {
    /// The place among the bands, whole and parts; `None` beyond the highest band.
    sources: Vec<Option<f32>>,
    /// A row of silence.
    silence: Vec<f32>,
}

impl Shift {
    /// By so many semitones up. Levels are interpolated between the bands' middles.
    pub(super) fn of(representation: &dyn Representation, semitones: i32) -> Result<Self, ModelError> {
        let middles = representation.middles();
        let ratio = 2f32.powf(semitones as f32 / 12.0);
        let shape = representation.shape();
        let mut tensor = vec![0.0; shape.size()];
        let nothing = vec![0.0; representation.slice_frames() * representation.slice_channels()];
        representation.encode(&nothing, &mut tensor, &mut Scratch::new())?;
        let silence = tensor.chunks_exact(shape.frames).map(|band| band[0]).collect();
        Ok(Self { sources: middles.iter().map(|middle| place(&middles, middle / ratio)).collect(), silence })
    }

    /// # Shapes
    /// `row`: `[channels, bands]`
    pub(super) fn apply(&self, row: &[f32]) -> Vec<f32> {
        let bands = self.sources.len();
        let channels = row.chunks_exact(bands).zip(self.silence.chunks_exact(bands));
        channels.flat_map(|(channel, silence)| self.of_channel(channel, silence)).collect()
    }

    fn of_channel<'a>(&'a self, channel: &'a [f32], silence: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.sources.iter().zip(silence).map(|(source, &silent)| match *source {
            None => silent,
            Some(place) => {
                let (below, part) = (place as usize, place.fract());
                let above = channel.get(below + 1).copied().unwrap_or(channel[below]);
                channel[below] + part * (above - channel[below])
            }
        })
    }
}

/// Where a frequency lies among the bands' middles; the lowest band for those below it.
fn place(middles: &[f32], frequency: f32) -> Option<f32> {
    let above = middles.partition_point(|&middle| middle <= frequency);
    let Some(below) = above.checked_sub(1) else { return Some(0.0) };
    match middles.get(above) {
        Some(next) => Some(below as f32 + (frequency - middles[below]) / (next - middles[below])),
        None => (frequency <= middles[below]).then_some(below as f32),
    }
}

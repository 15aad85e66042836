//! Slices back into music.

use crate::sources::Slices;
use adm_core::SampleRate;
use adm_render::{Crossfade, LEAD_IN_MS, Material, RenderError, Slot, Stitcher};

/// Slices that are to be joined.
pub(super) struct Cut {
    /// Each interleaved, shape `[frames, channels]`.
    pub slices: Vec<Vec<f32>>,
    pub layout: Slices,
    pub rate: SampleRate,
    pub channels: usize,
    /// Whether each slice begins as the one before it ends. Slices whose phases were estimated do not.
    pub continuous: bool,
}

impl Cut {
    /// Of samples that are whole slices, one after another.
    pub fn whole(samples: &[f32], layout: Slices, rate: SampleRate, channels: usize) -> Self {
        let slices = samples.chunks_exact(layout.frames.max(1) * channels).map(<[f32]>::to_vec).collect();
        Self { slices, layout, rate, channels, continuous: true }
    }

    /// Of music that goes on: every slice begins where the one before it ends, roundings aside. What lies beyond the end is
    /// silence, or the beginning where it `wraps`.
    pub fn of_music(samples: &[f32], layout: Slices, rate: SampleRate, channels: usize, wraps: bool) -> Self {
        let frames = samples.len() / channels;
        let slice = |index: usize| {
            let place = (layout.start(index)..).take(layout.frames);
            let sample = |frame: usize, channel: usize| {
                let frame = if wraps { frame % frames } else { frame };
                samples.get(frame * channels + channel).copied().unwrap_or(0.0)
            };
            place.flat_map(|frame| (0..channels).map(move |channel| sample(frame, channel))).collect()
        };
        let slices = (0..layout.count(frames)).map(slice).collect();
        Self { slices, layout, rate, channels, continuous: true }
    }

    /// Joins slices as renders do. Those that are continuous are joined as recorded beats: what sounded before a slice leads in
    /// to it, and in their recorded order they are the recording again. Others are joined as generated beats. Where music `wraps`, the end of its first `frames` is joined
    /// to the beginning.
    ///
    /// # Errors
    /// Slices that are not finite.
    pub fn join(&self, frames: usize, wraps: bool) -> Result<Vec<f32>, RenderError> {
        let mut stitcher = Stitcher::new(self.rate, self.channels, Crossfade::default())?.with_beats(self.layout.beats);
        let mut music = Vec::with_capacity(frames * self.channels);
        let count = if wraps { self.layout.count(frames).min(self.slices.len()) } else { self.slices.len() };
        for index in 0..count {
            let material = self.material(index, count, frames, wraps);
            music.extend_from_slice(stitcher.push(&material, self.slot(index, frames, wraps))?);
        }
        let first = if wraps { self.material(0, count, frames, wraps) } else { Material::default() };
        music.extend_from_slice(stitcher.close(&first));
        music.truncate(frames * self.channels);
        Ok(music)
    }

    /// The room for a slice; less than all of it at the end of what wraps.
    fn slot(&self, index: usize, frames: usize, wraps: bool) -> Slot {
        let (start, end) = (self.layout.start(index), self.layout.start(index + 1));
        let heard = if wraps { end.min(frames) } else { end } - start;
        Slot { frames: heard, whole: if self.layout.beats > 0 { end - start } else { self.layout.frames } }
    }

    fn material(&self, index: usize, count: usize, frames: usize, wraps: bool) -> Material {
        let before = match index.checked_sub(1) {
            _ if !self.continuous => None,
            None if wraps => Some(count - 1),
            before => before,
        };
        let lead_in = self.rate.hz() as usize * LEAD_IN_MS as usize / 1_000 * self.channels;
        let before = before.map(|before| {
            let slice = &self.slices[before];
            let heard = slice.len().min(self.slot(before, frames, wraps).frames * self.channels);
            slice[heard.saturating_sub(lead_in)..heard].to_vec()
        });
        Material { slice: self.slices[index].clone(), before: before.unwrap_or_default(), class: 0 }
    }
}

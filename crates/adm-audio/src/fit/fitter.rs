//! Any fit, with the memory it works in.

use super::resample::Resample;
use super::stretch::Stretcher;
use super::{BEND, FADE, Fit, Placement, RELEASE, ends};

/// Puts spans on slices, one after another. Once the longest span has passed it allocates nothing.
pub(crate) struct Fitter {
    placement: Placement,
    channels: usize,
    /// A span with the context on both sides.
    around: Vec<f32>,
    resample: Resample,
    stretch: Stretcher,
}

impl Fitter {
    pub(crate) fn new(placement: Placement, channels: usize) -> Self {
        let (resample, stretch) = (Resample::default(), Stretcher::new(placement.rate, channels, placement.beats));
        Self { placement, channels, around: Vec::new(), resample, stretch }
    }

    /// Puts a span of `frames` frames on `slice`, shape `[length, channels]`, which is overwritten.
    ///
    /// `held` is a stretch of the recording; the span starts at its sample `from`. Of what follows,
    /// [`taken`](Placement::taken) frames and the [`context`](Placement::context) are used; where the recording ends
    /// before, its last frames are faded out.
    pub(crate) fn fit(&mut self, held: &[f32], from: usize, frames: u64, slice: &mut [f32]) {
        let (placement, channels) = (self.placement, self.channels);
        let taken = placement.taken(frames);
        let fit = placement.fit_of(frames);
        if fit == Fit::Place {
            let to = from.saturating_add(taken.saturating_mul(channels)).min(held.len());
            return placement.place(&held[from..to], frames, channels, slice);
        }
        self.gather(held, from, taken);
        match fit {
            Fit::Resample => self.resample.fit(&self.around, channels, taken, slice),
            _ => self.stretch.fit(&self.around, slice),
        }
        ends::bend_start(slice, placement.frames(BEND), channels);
        ends::fade_out(slice, placement.frames(RELEASE), channels);
    }

    /// Copies a span with its context; before and after the recording is silence.
    fn gather(&mut self, held: &[f32], from: usize, taken: usize) {
        let (taken, context) = (taken * self.channels, self.placement.context() * self.channels);
        let before = context.min(from);
        let there = &held[from - before..(from + taken + context).min(held.len())];
        self.around.clear();
        self.around.resize(context - before, 0.0);
        self.around.extend_from_slice(there);
        if there.len() < before + taken + context {
            ends::fade_out(&mut self.around, self.placement.frames(FADE), self.channels);
            self.around.resize(taken + 2 * context, 0.0);
        }
    }
}

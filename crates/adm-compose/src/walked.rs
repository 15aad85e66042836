//! A generator alone: beats of a walk through its noise.

use std::sync::Arc;

use adm_core::{BEATS_PER_BAR, SampleRate, Seeds};
use adm_models::Sampler;
use adm_models::labels::Label;
use adm_render::{MorphedWalk, WalkSettings};

use crate::sound::generated;
use crate::{Beat, BeatSource, ComposeError, Likeness, Sound, Wishes};

/// The walks of two seeds, between which it can be morphed.
pub struct Walked {
    sampler: Arc<Sampler>,
    settings: WalkSettings,
    seeds: [Seeds; 2],
    walks: MorphedWalk,
    beats_per_slice: u64,
    rate: SampleRate,
}

impl Walked {
    /// Walks of a generator. Beats come out at `rate`.
    ///
    /// # Errors
    /// A setting out of range.
    pub fn new(
        sampler: Arc<Sampler>,
        settings: WalkSettings,
        seeds: [Seeds; 2],
        beats_per_slice: usize,
        rate: SampleRate,
    ) -> Result<Self, ComposeError> {
        let walks = MorphedWalk::new(sampler.latent_length(), settings, seeds)?;
        Ok(Self { sampler, settings, seeds, walks, beats_per_slice: beats_per_slice as u64, rate })
    }

    /// Walks of other seeds, where those are wished for.
    fn follow(&mut self, seeds: [Seeds; 2]) -> Result<(), ComposeError> {
        if self.seeds != seeds {
            self.walks = MorphedWalk::new(self.sampler.latent_length(), self.settings, seeds)?;
            self.seeds = seeds;
        }
        Ok(())
    }

    fn noise(&self, beat: &Beat, morph: f64) -> Vec<f32> {
        let kind = self.sampler.noise();
        self.walks.latent(beat.number, morph).into_iter().map(|value| kind.of_normal(value)).collect()
    }
}

impl Walked {
    /// What a conditional generator is told where no sequencer says it: at every place of the bar a token that was heard
    /// there, as often as it was.
    fn labels(&self, beats: &[Beat], seeds: Seeds) -> Option<Vec<Label>> {
        let shares = self.sampler.condition()?;
        let label = |beat: &Beat| {
            let position = (beat.number * self.beats_per_slice % BEATS_PER_BAR) as u8;
            shares.draw_at(position, seeds, "generate labels", beat.number)
        };
        Some(beats.iter().map(label).collect())
    }
}

impl BeatSource for Walked {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        self.follow(wishes.seeds)?;
        let noise: Vec<_> = beats.iter().map(|beat| self.noise(beat, wishes.morph)).collect();
        let slices = match self.labels(beats, wishes.seeds[0]) {
            _ if beats.is_empty() => Vec::new(),
            None => self.sampler.slices(&noise)?,
            Some(labels) => self.sampler.slices_of(&noise, &labels)?,
        };
        let sound =
            |(slice, beat): (Vec<f32>, &Beat)| generated(slice, beat, Likeness::Recognised, (&self.sampler, self.rate));
        slices.into_iter().zip(beats).map(sound).collect()
    }
}

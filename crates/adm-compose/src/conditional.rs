//! The beats of a generator that is told the token, and the place in the bar: no bank is needed.

use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_models::gan::{Label, Sampler, Shares};
use adm_render::Material;
use adm_render::walk::{Gaussian, slerp};
use adm_tokens::{Book, Recognition, Recognizer};
use rayon::prelude::*;

use crate::sound::at_rate;
use crate::{Beat, BeatSource, ComposeError, Likeness, Sound, Wishes};

/// A conditional generator.
pub struct Conditional {
    sampler: Arc<Sampler>,
    shares: Shares,
    recognizer: Recognizer,
    gaussian: Gaussian,
    rate: SampleRate,
}

impl Conditional {
    /// A generator that was told of this book's tokens, with noise that strays by `truncation`, 0.01 to 1. Beats come out at
    /// `rate`.
    ///
    /// # Errors
    /// A generator that was told of another book's.
    pub fn new(
        sampler: Arc<Sampler>,
        shares: Shares,
        book: &Book,
        truncation: f64,
        rate: SampleRate,
    ) -> Result<Self, ComposeError> {
        if shares.book != book.fingerprint() {
            let (generator, book) = (shares.book, book.fingerprint().to_owned());
            return Err(ComposeError::OtherBeats { what: "token book", generator, book });
        }
        let recognizer = Recognizer::new(book);
        Ok(Self { sampler, shares, recognizer, gaussian: Gaussian::truncated(truncation), rate })
    }

    /// A token's noise for eight bars, between two seeds.
    fn noise(&self, beat: &Beat, wishes: &Wishes) -> Vec<f32> {
        let of = |seeds: Seeds| {
            let index = (beat.stay << 32) ^ u64::from(beat.token);
            self.gaussian.vector(self.sampler.latent_length(), seeds, "conditional beat", index)
        };
        let [from, to] = wishes.seeds;
        let noise = match wishes.morph {
            morph if morph <= 0.0 || from == to => of(from),
            morph if morph >= 1.0 => of(to),
            morph => slerp(&of(from), &of(to), morph),
        };
        let kind = self.sampler.noise();
        noise.into_iter().map(|value| kind.of_normal(value)).collect()
    }

    fn label(&self, beat: &Beat) -> Label {
        self.shares.nearest_heard(Label { token: beat.token, position: beat.place as u8 })
    }
}

impl BeatSource for Conditional {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        if beats.is_empty() {
            return Ok(Vec::new());
        }
        let noise: Vec<_> = beats.iter().map(|beat| self.noise(beat, wishes)).collect();
        let labels: Vec<_> = beats.iter().map(|beat| self.label(beat)).collect();
        let slices = self.sampler.slices_of(&noise, &labels)?;
        let recogniser = &self.recognizer;
        let recognised: Vec<_> = slices
            .par_iter()
            .map_init(|| recogniser.scratch(), |scratch, slice| recogniser.recognise(slice, scratch))
            .collect::<Result<_, _>>()?;
        let sound = |((slice, beat), recognised): ((Vec<f32>, &Beat), Recognition)| {
            let material = Material { class: beat.class as usize, ..Material::from(slice) };
            let material = at_rate(material, self.sampler.channels(), self.sampler.rate(), self.rate)?;
            Ok(Sound { material, recorded: false, likeness: Likeness::of(&recognised, beat.token) })
        };
        slices.into_iter().zip(beats).zip(recognised).map(sound).collect()
    }
}

//! The beats of a generator that makes the token it is asked for: no bank is needed.
//!
//! What it makes is heard by the token book all the same. A token that comes up, or one at another place in the bar where the generator
//! is told the place, gets up to [`TRIES`] beats,
//! until the book recognises one; that one, or else the most alike, plays there for eight bars.

use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_models::Sampler;
use adm_models::labels::{Label, Shares};
use adm_render::walk::{Gaussian, slerp};
use adm_tokens::{Book, Recognition, Recognizer, Token};
use rayon::prelude::*;

use crate::kept::Kept;
use crate::sound::generated;
use crate::{Beat, BeatSource, ComposeError, Likeness, Sound, Wishes};

/// Beats that are made of a token at most before the most alike of them plays. More of them are recognised more often and take their
/// time whenever a token is new to eight bars.
pub const TRIES: u64 = 8;

/// Beats of each token that are made at once.
const AT_ONCE: u64 = 4;

/// A conditional generator.
pub struct Conditional {
    sampler: Arc<Sampler>,
    shares: Shares,
    recognizer: Recognizer,
    gaussian: Gaussian,
    /// What plays, of either seed.
    kept: [Kept<Key, Made>; 2],
    rate: SampleRate,
}

/// A token, and the place in the bar where it comes.
type Key = (Token, u64);

/// A beat that was made.
#[derive(Debug, Clone)]
struct Made {
    try_number: u64,
    slice: Vec<f32>,
    likeness: Likeness,
    /// From the token that it is nearest to.
    distance: f32,
}

impl Made {
    fn is_better_than(&self, other: &Self) -> bool {
        self.likeness > other.likeness || (self.likeness == other.likeness && self.distance < other.distance)
    }
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
        let (recognizer, gaussian) = (Recognizer::new(book), Gaussian::truncated(truncation));
        Ok(Self { sampler, shares, recognizer, gaussian, kept: Default::default(), rate })
    }

    /// Where the beats of a token are kept: of every place in the bar apart, if the generator is told the place.
    fn key(&self, beat: &Beat) -> Key {
        (beat.token, if self.sampler.tells_positions() { beat.place } else { 0 })
    }

    /// Normally distributed noise of one of the tries at a token, for eight bars.
    fn noise(&self, beat: &Beat, seeds: Seeds, try_number: u64) -> Vec<f32> {
        let index = ((beat.stay * TRIES + try_number) << 32) ^ u64::from(beat.token);
        self.gaussian.vector(self.sampler.latent_length(), seeds, "conditional beat", index)
    }

    /// What the generator makes of noises for beats, and how much of their tokens that is.
    fn make(&self, noises: &[Vec<f32>], beats: &[&Beat]) -> Result<Vec<Made>, ComposeError> {
        let kind = self.sampler.noise();
        let noises: Vec<Vec<f32>> =
            noises.iter().map(|noise| noise.iter().map(|&value| kind.of_normal(value)).collect()).collect();
        let label = |beat: &&Beat| self.shares.nearest_heard(Label { token: beat.token, position: beat.place as u8 });
        let slices = self.sampler.slices_of(&noises, &beats.iter().map(label).collect::<Vec<_>>())?;
        let recognizer = &self.recognizer;
        let recognised: Vec<_> = slices
            .par_iter()
            .map_init(|| recognizer.scratch(), |scratch, slice| recognizer.recognise(slice, scratch))
            .collect::<Result<_, _>>()?;
        let made = |((slice, heard), beat): ((Vec<f32>, &Recognition), &&Beat)| {
            let (likeness, distance) = (Likeness::of(heard, beat.token), heard.distance);
            Made { try_number: 0, slice, likeness, distance }
        };
        Ok(slices.into_iter().zip(&recognised).zip(beats).map(made).collect())
    }

    /// One beat of every key that has nothing to play yet.
    fn open<'a>(&mut self, beats: &'a [Beat], end: usize, seeds: Seeds) -> Vec<&'a Beat> {
        let mut open: Vec<&Beat> = Vec::new();
        for beat in beats {
            let key = self.key(beat);
            let is_new = open.iter().all(|other| self.key(other) != key);
            if is_new && !self.kept[end].at(beat, seeds).contains_key(&key) {
                open.push(beat);
            }
        }
        open
    }

    /// Sees to it that every one of these beats, of the same eight bars, has something to play from one of the seeds.
    fn choose(&mut self, beats: &[Beat], end: usize, seeds: Seeds) -> Result<(), ComposeError> {
        let mut open = self.open(beats, end, seeds);
        for first in (0..TRIES).step_by(AT_ONCE as usize) {
            let tries = || first..(first + AT_ONCE).min(TRIES);
            let tried: Vec<(&Beat, u64)> =
                open.iter().flat_map(|&beat| tries().map(move |number| (beat, number))).collect();
            if tried.is_empty() {
                break;
            }
            let noises: Vec<_> = tried.iter().map(|&(beat, number)| self.noise(beat, seeds, number)).collect();
            let made = self.make(&noises, &tried.iter().map(|&(beat, _)| beat).collect::<Vec<_>>())?;
            for ((beat, try_number), made) in tried.into_iter().zip(made) {
                let key = self.key(beat);
                let kept = self.kept[end].at(beat, seeds);
                if kept.get(&key).is_none_or(|best| made.is_better_than(best)) {
                    kept.insert(key, Made { try_number, ..made });
                }
            }
            let now = self.kept[end].now();
            open.retain(|beat| now.get(&self.key(beat)).is_none_or(|made| made.likeness < Likeness::Recognised));
        }
        Ok(())
    }

    /// What was chosen for a beat.
    fn chosen(&self, beat: &Beat, end: usize) -> Option<&Made> {
        self.kept[end].now().get(&self.key(beat))
    }

    /// Sounds of beats of the same eight bars.
    fn of_stay(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<(Vec<f32>, Likeness)>, ComposeError> {
        let [from, to] = wishes.seeds;
        let ends = match wishes.morph {
            morph if morph <= 0.0 || from == to => 0..1,
            morph if morph >= 1.0 => 1..2,
            _ => 0..2,
        };
        for end in ends.clone() {
            self.choose(beats, end, wishes.seeds[end])?;
        }
        if ends.len() == 1 {
            let made = beats.iter().filter_map(|beat| self.chosen(beat, ends.start));
            return Ok(made.map(|made| (made.slice.clone(), made.likeness)).collect());
        }
        let between = |beat: &Beat| {
            let of = |end: usize| {
                self.noise(beat, wishes.seeds[end], self.chosen(beat, end).map_or(0, |made| made.try_number))
            };
            slerp(&of(0), &of(1), wishes.morph)
        };
        let noises: Vec<Vec<f32>> = beats.iter().map(between).collect();
        let made = self.make(&noises, &beats.iter().collect::<Vec<_>>())?;
        Ok(made.into_iter().map(|made| (made.slice, made.likeness)).collect())
    }
}

impl BeatSource for Conditional {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        let mut sounds = Vec::with_capacity(beats.len());
        for beats in beats.chunk_by(|a, b| a.stay == b.stay) {
            for ((slice, likeness), beat) in self.of_stay(beats, wishes)?.into_iter().zip(beats) {
                sounds.push(generated(slice, beat, likeness, (&self.sampler, self.rate))?);
            }
        }
        Ok(sounds)
    }
}

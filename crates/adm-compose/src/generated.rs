//! A generator's beats.

use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_models::Sampler;
use adm_render::walk::slerp;
use adm_tokens::{Book, Recognizer, Token};

use crate::bank::BankReport;
use crate::kept::Kept;
use crate::sound::{choice, generated};
use crate::{Bank, BankSettings, Beat, BeatSource, ComposeError, Likeness, Sound, Wishes};

/// A generator with a bank for each of the two seeds between which it can be morphed.
pub struct Generated {
    sampler: Arc<Sampler>,
    recognizer: Recognizer,
    banks: [Bank; 2],
    /// What plays a token, though the bank grows meanwhile; of either seed.
    kept: [Kept<Token, (Vec<f32>, Likeness)>; 2],
    /// Whether there is something to morph to: with one and the same seed, one bank is enough.
    two: bool,
    rate: SampleRate,
}

impl Generated {
    /// Empty banks, which [`BeatSource::prepare`] fills. The generator's slices are of the book's form. Beats come out at `rate`.
    pub fn new(
        sampler: Arc<Sampler>,
        book: &Book,
        settings: BankSettings,
        seeds: [Seeds; 2],
        rate: SampleRate,
    ) -> Self {
        let banks = seeds.map(|seeds| Bank::new(&sampler, book.len(), settings, seeds));
        let kept = [Kept::default(), Kept::default()];
        Self { recognizer: Recognizer::new(book), sampler, banks, kept, two: seeds[0] != seeds[1], rate }
    }

    /// Noise for a beat between the two seeds, and how much of its token it makes; nobody knows what lies between two beats
    /// before it is heard.
    fn noise(&mut self, beat: &Beat, wishes: &Wishes) -> (Vec<f32>, Option<Likeness>) {
        let mut of = |index: usize| {
            let (bank, seeds) = (&self.banks[index], wishes.seeds[index]);
            let draw = || bank.candidate(beat.token, choice(seeds, "beat", beat));
            let (noise, likeness) = self.kept[index].at(beat, seeds).entry(beat.token).or_insert_with(draw);
            (noise.clone(), Some(*likeness))
        };
        match wishes.morph {
            morph if morph <= 0.0 || !self.two => of(0),
            morph if morph >= 1.0 => of(1),
            morph => {
                let ((from, _), (to, _)) = (of(0), of(1));
                (slerp(&from, &to, morph), None)
            }
        }
    }
}

impl BeatSource for Generated {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        if beats.is_empty() {
            return Ok(Vec::new());
        }
        let (noise, likeness): (Vec<_>, Vec<_>) = beats.iter().map(|beat| self.noise(beat, wishes)).unzip();
        let playable: Vec<_> = noise.iter().map(|noise| self.banks[0].playable(noise)).collect();
        let slices = self.sampler.slices(&playable)?;
        let mut scratch = self.recognizer.scratch();
        let sound = |((slice, beat), known): ((Vec<f32>, &Beat), Option<Likeness>)| {
            let likeness = match known {
                Some(likeness) => likeness,
                None => Likeness::of(&self.recognizer.recognise(&slice, &mut scratch)?, beat.token),
            };
            generated(slice, beat, likeness, (&self.sampler, self.rate))
        };
        slices.into_iter().zip(beats).zip(likeness).map(sound).collect()
    }

    fn prepare(&mut self) -> Result<bool, ComposeError> {
        let banks = if self.two { 2 } else { 1 };
        // The emptier one first: a morph may be asked for long before both are full.
        let open = self.banks[..banks].iter_mut().filter(|bank| !bank.is_full());
        let Some(bank) = open.min_by_key(|bank| bank.tried()) else { return Ok(false) };
        bank.try_more(&self.sampler, &self.recognizer)?;
        Ok(true)
    }

    /// That of the first seed.
    fn bank(&self) -> Option<BankReport> {
        Some(self.banks[0].report())
    }
}

/// Checks that the book can be asked about a generator's slices.
///
/// # Errors
/// Slices of another rate, length, or number of channels.
pub(crate) fn check(sampler: &Sampler, book: &Book) -> Result<(), ComposeError> {
    let frames = |frames: usize| format!("{frames} frames");
    for (what, generator, book) in [
        ("sample rate", sampler.rate().to_string(), book.rate().to_string()),
        ("number of channels", sampler.channels().to_string(), book.channels().to_string()),
        ("slice length", frames(sampler.slice_frames()), frames(book.slice_frames())),
    ] {
        if generator != book {
            return Err(ComposeError::OtherBeats { what, generator, book });
        }
    }
    Ok(())
}

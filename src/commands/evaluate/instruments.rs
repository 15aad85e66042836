//! What every set is looked at with, in one pass.

use super::slices::{Form, Slices};
use crate::settings::TOKENS;
use adm_audio::AudioError;
use adm_core::Observer;
use adm_dataset::Dataset;
use adm_eval::audit::{Fingerprint, Fingerprinter};
use adm_eval::{Extractor, Features};
use adm_tokens::{Book, Recognizer, Token, VoteSettings, tokenize};
use anyhow::Result;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Slices that are in memory at once.
const AT_ONCE: usize = 128;

/// Features, fingerprints and tokens of slices of one form.
pub struct Instruments {
    form: Form,
    extractor: Extractor,
    fingerprinter: Fingerprinter,
    recognizer: Recognizer,
}

/// What a set looks like to them.
#[derive(Default)]
pub struct Portrait {
    pub features: Vec<Features>,
    pub prints: Vec<Fingerprint>,
    tokens: Vec<Token>,
}

impl Instruments {
    /// For slices of the form of a dataset; its tokens are those of its book, or of one that is made for the occasion.
    ///
    /// # Errors
    /// Slices too short for the figures, a damaged book.
    pub fn of(reference: &Dataset, observer: &dyn Observer) -> Result<Self> {
        let form = Form::of(reference);
        Ok(Self {
            extractor: Extractor::new(form.rate),
            fingerprinter: Fingerprinter::new(form.rate, form.frames)?,
            recognizer: Recognizer::new(&book(reference, observer)?),
            form,
        })
    }

    /// Looks at all slices of a set.
    ///
    /// # Errors
    /// Slices that cannot be read, or hold what is no number.
    pub fn portrait(&self, slices: &Slices, observer: &dyn Observer) -> Result<Portrait> {
        let mut portrait = Portrait::default();
        some_at_once(slices, observer, |beats| {
            portrait.features.extend(self.extractor.features_of(beats, self.form.channels)?);
            portrait.prints.extend(self.fingerprinter.fingerprints(beats, self.form.channels)?);
            portrait.tokens.extend(self.tokens(beats)?);
            observer.advance(beats.len() as u64);
            Ok(())
        })?;
        Ok(portrait)
    }

    /// Features alone.
    ///
    /// # Errors
    /// As for [`Self::portrait`].
    pub fn features(&self, slices: &Slices, observer: &dyn Observer) -> Result<Vec<Features>> {
        let mut features = Vec::with_capacity(slices.len());
        some_at_once(slices, observer, |beats| {
            features.extend(self.extractor.features_of(beats, self.form.channels)?);
            Ok(())
        })?;
        Ok(features)
    }

    /// Fingerprints alone, of as many slices as there are: a few kilobytes each.
    ///
    /// # Errors
    /// As for [`Self::portrait`].
    pub fn prints(&self, slices: &Slices, observer: &dyn Observer) -> Result<Vec<Fingerprint>> {
        let mut prints = Vec::with_capacity(slices.len());
        some_at_once(slices, observer, |beats| {
            prints.extend(self.fingerprinter.fingerprints(beats, self.form.channels)?);
            Ok(())
        })?;
        Ok(prints)
    }

    fn tokens(&self, beats: &[Vec<f32>]) -> Result<Vec<Token>> {
        let token = |scratch: &mut _, beat: &Vec<f32>| Ok(self.recognizer.recognise(beat, scratch)?.nearest);
        beats.par_iter().map_init(|| self.recognizer.scratch(), token).collect()
    }
}

/// Shows all slices of a set, [`AT_ONCE`] at a time, unless the user asks to stop.
fn some_at_once(
    slices: &Slices,
    observer: &dyn Observer,
    mut look: impl FnMut(&[Vec<f32>]) -> Result<()>,
) -> Result<()> {
    (0..slices.len()).step_by(AT_ONCE).try_for_each(|first| {
        heed(observer)?;
        look(&slices.read(first..slices.len().min(first + AT_ONCE))?)
    })
}

/// Stops where the user asked to.
///
/// # Errors
/// That, as an interruption.
pub fn heed(observer: &dyn Observer) -> Result<()> {
    if observer.stop_requested() { Err(AudioError::Interrupted.into()) } else { Ok(()) }
}

impl Portrait {
    /// Different tokens among so many slices, evenly spread: neighbours are of the same tokens.
    pub fn distinct(&self, count: usize) -> usize {
        let taken = (0..count).map(|at| self.tokens[at * self.tokens.len() / count]);
        if self.tokens.is_empty() { 0 } else { taken.collect::<BTreeSet<_>>().len() }
    }
}

/// The book of a dataset, or one that is made and thrown away.
fn book(reference: &Dataset, observer: &dyn Observer) -> Result<Book> {
    let folder = reference.dir().join(TOKENS);
    if folder.is_dir() {
        return Ok(Book::open(&folder)?);
    }
    Ok(tokenize(reference, &VoteSettings::default(), None, observer)?.0)
}

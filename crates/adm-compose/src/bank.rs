//! A generator's beats by token: rejection sampling with a budget.
//!
//! Candidates are drawn one after the other from the stream of a seed. The token book says of each which token it is, if any.
//! A candidate is kept as its number alone: its noise is drawn again when it is played, so that a bank of any size costs
//! nothing and two banks can be morphed into each other. Of a token that no candidate was, the nearest candidate is kept, one
//! that is nearer to it than to any other token before all others.

use adm_core::Seeds;
use adm_models::gan::{NoiseKind, Sampler};
use adm_render::walk::Gaussian;
use adm_tokens::{Recognizer, Token};
use rayon::prelude::*;
use serde::Serialize;

use crate::{ComposeError, Likeness};

/// How a bank is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BankSettings {
    /// Candidates that are tried at most. More of them find rarer tokens and take their time.
    pub budget: u64,
    /// Beats of one token that are enough. More of them vary more.
    pub enough: usize,
    /// How far noise may stray, 0.01 to 1: less is more typical (see [`Gaussian::truncated`]).
    pub truncation: f64,
}

impl Default for BankSettings {
    /// About ten seconds with the preset `cpu` on two cores.
    fn default() -> Self {
        Self { budget: 1_024, enough: 4, truncation: 1.0 }
    }
}

/// The best candidate for a token that none was recognised as.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    number: u64,
    /// How far it is from the token's exemplar.
    distance: f32,
    /// Whether it is nearer to this token than to any other: such a one is better than any that is not.
    own: bool,
}

impl Candidate {
    const NONE: Self = Self { number: 0, distance: f32::INFINITY, own: false };

    fn is_better_than(&self, other: &Self) -> bool {
        (self.own && !other.own) || (self.own == other.own && self.distance < other.distance)
    }
}

/// Candidates that are tried at once.
const AT_ONCE: u64 = 32;

/// Which candidates are of which token.
#[derive(Debug, Clone)]
pub struct Bank {
    seeds: Seeds,
    settings: BankSettings,
    kind: NoiseKind,
    gaussian: Gaussian,
    latent: usize,
    /// Candidates that the book recognises, a list a token.
    recognised: Vec<Vec<u64>>,
    /// The best candidate for each token that none was recognised as.
    nearest: Vec<Candidate>,
    tried: u64,
}

/// What a bank holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BankReport {
    /// Candidates that were tried.
    pub tried: u64,
    /// Of them, those that the book recognised as some token.
    pub recognised: usize,
    /// Tokens of which there is a beat that the book recognises.
    pub tokens: usize,
    /// Other tokens of which there is a beat that is nearer to them than to any other.
    pub nearest: usize,
    /// All tokens of the book.
    pub of_tokens: usize,
}

impl Bank {
    /// An empty bank for `tokens` tokens.
    pub fn new(sampler: &Sampler, tokens: usize, settings: BankSettings, seeds: Seeds) -> Self {
        Self {
            seeds,
            settings,
            gaussian: Gaussian::truncated(settings.truncation),
            kind: sampler.noise(),
            latent: sampler.latent_length(),
            recognised: vec![Vec::new(); tokens],
            nearest: vec![Candidate::NONE; tokens],
            tried: 0,
        }
    }

    /// Whether its budget is spent, or there is enough of every token.
    pub fn is_full(&self) -> bool {
        let enough = || self.recognised.iter().all(|list| list.len() >= self.settings.enough);
        self.tried >= self.settings.budget || enough()
    }

    /// Candidates that were tried.
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// Tries some more candidates.
    ///
    /// # Errors
    /// A generator that makes no numbers, or slices that are not the book's.
    pub fn try_more(&mut self, sampler: &Sampler, recognizer: &Recognizer) -> Result<(), ComposeError> {
        let candidates = self.tried..(self.tried + AT_ONCE).min(self.settings.budget);
        let noise: Vec<Vec<f32>> = candidates.clone().map(|number| self.playable(&self.noise(number))).collect();
        let slices = sampler.slices(&noise)?;
        let surveys: Vec<_> = slices
            .par_iter()
            .map_init(|| recognizer.scratch(), |scratch, slice| recognizer.survey(slice, scratch))
            .collect::<Result<_, _>>()?;
        for (number, survey) in candidates.zip(&surveys) {
            self.tried = number + 1;
            if let Some(list) = survey.recognition.token.and_then(|token| self.recognised.get_mut(token as usize)) {
                list.push(number);
            }
            for ((token, best), &distance) in (0..).zip(&mut self.nearest).zip(&survey.distances) {
                let candidate = Candidate { number, distance, own: survey.recognition.nearest == token };
                if candidate.is_better_than(best) {
                    *best = candidate;
                }
            }
        }
        Ok(())
    }

    /// The candidate for a token, chosen by a number from 0 to 1, and how much of the token it is.
    pub fn candidate(&self, token: Token, choice: f64) -> (u64, Likeness) {
        match self.recognised.get(token as usize).map(Vec::as_slice) {
            Some(list @ [_, ..]) => {
                (list[((choice * list.len() as f64) as usize).min(list.len() - 1)], Likeness::Recognised)
            }
            _ => {
                let best = self.nearest.get(token as usize).copied().unwrap_or(Candidate::NONE);
                (best.number, if best.own { Likeness::Nearest } else { Likeness::Other })
            }
        }
    }

    /// Normally distributed noise of a candidate, from which others can be mixed; see [`Self::playable`].
    pub fn noise(&self, number: u64) -> Vec<f32> {
        self.gaussian.vector(self.latent, self.seeds, "bank", number)
    }

    /// Noise as the generator wants it.
    pub fn playable(&self, noise: &[f32]) -> Vec<f32> {
        noise.iter().map(|&value| self.kind.of_normal(value)).collect()
    }

    /// What it holds.
    pub fn report(&self) -> BankReport {
        BankReport {
            tried: self.tried,
            recognised: self.recognised.iter().map(Vec::len).sum(),
            tokens: self.recognised.iter().filter(|list| !list.is_empty()).count(),
            nearest: self
                .recognised
                .iter()
                .zip(&self.nearest)
                .filter(|(list, best)| list.is_empty() && best.own)
                .count(),
            of_tokens: self.recognised.len(),
        }
    }
}

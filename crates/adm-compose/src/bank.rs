//! A generator's beats by token: rejection sampling with a budget.
//!
//! Candidates are drawn one after the other from the stream of a seed. The token book says of each which token it is, if any.
//! Of a token that no candidate was, the nearest candidate is kept, one that is nearer to it than to any other token before all
//! others. Three of four rounds of candidates are drawn near those: a generator's neighbouring noises sound alike, so what is nearly
//! a token is the best place to look for it. What is kept is noise, so that two banks can be morphed into each other.

use std::ops::Range;

use adm_core::Seeds;
use adm_models::Sampler;
use adm_models::noise::NoiseKind;
use adm_render::walk::{Gaussian, slerp};
use adm_tokens::{Recognizer, Survey, Token};
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
#[derive(Debug, Clone)]
struct Candidate {
    /// Normally distributed; none before there was a candidate.
    noise: Vec<f32>,
    /// How far it is from the token's exemplar.
    distance: f32,
    /// Whether it is nearer to this token than to any other: such a one is better than any that is not.
    own: bool,
}

impl Candidate {
    const NONE: Self = Self { noise: Vec::new(), distance: f32::INFINITY, own: false };

    fn is_better_than(&self, other: &Self) -> bool {
        (self.own && !other.own) || (self.own == other.own && self.distance < other.distance)
    }
}

/// Candidates that are tried at once.
const AT_ONCE: u64 = 32;

/// One of so many rounds of candidates knows nothing of those before it.
const FRESH: u64 = 4;

/// How far from the nearest candidate those are that are drawn near it, of the way to one that knows nothing of it.
const NEAR: f64 = 0.3;

/// Beats of one token that are kept at most.
const KEPT: usize = 64;

/// Which candidates are of which token.
#[derive(Debug, Clone)]
pub struct Bank {
    seeds: Seeds,
    settings: BankSettings,
    kind: NoiseKind,
    gaussian: Gaussian,
    latent: usize,
    /// Noises of candidates that the book recognises, a list a token.
    recognised: Vec<Vec<Vec<f32>>>,
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
        let noises: Vec<Vec<f32>> = self.noises(candidates.clone());
        let slices = sampler.slices(&noises.iter().map(|noise| self.playable(noise)).collect::<Vec<_>>())?;
        let surveys: Vec<_> = slices
            .par_iter()
            .map_init(|| recognizer.scratch(), |scratch, slice| recognizer.survey(slice, scratch))
            .collect::<Result<_, _>>()?;
        self.tried = candidates.end;
        noises.iter().zip(&surveys).for_each(|(noise, survey)| self.keep(noise, survey));
        Ok(())
    }

    /// Noises of candidates: of a round of fresh ones, or of one near what is nearest to tokens that none was recognised as.
    fn noises(&self, candidates: Range<u64>) -> Vec<Vec<f32>> {
        let open =
            self.recognised.iter().zip(&self.nearest).filter(|(list, best)| list.is_empty() && !best.noise.is_empty());
        let open: Vec<&Candidate> = open.map(|(_, best)| best).collect();
        let is_fresh = open.is_empty() || (candidates.start / AT_ONCE).is_multiple_of(FRESH);
        let near = |number: u64| {
            let parent = &open[(number % open.len() as u64) as usize];
            slerp(&parent.noise, &self.noise(number), NEAR)
        };
        candidates.map(|number| if is_fresh { self.noise(number) } else { near(number) }).collect()
    }

    /// Keeps a candidate for whatever it is best at.
    fn keep(&mut self, noise: &[f32], survey: &Survey) {
        if let Some(list) = survey.recognition.token.and_then(|token| self.recognised.get_mut(token as usize))
            && list.len() < KEPT
        {
            list.push(noise.to_vec());
        }
        for ((token, best), &distance) in (0..).zip(&mut self.nearest).zip(&survey.distances) {
            let candidate = Candidate { noise: Vec::new(), distance, own: survey.recognition.nearest == token };
            if candidate.is_better_than(best) {
                *best = Candidate { noise: noise.to_vec(), ..candidate };
            }
        }
    }

    /// Normally distributed noise for a token, from which others can be mixed (see [`Self::playable`]), chosen by a number from
    /// 0 to 1, and how much of the token it makes.
    pub fn candidate(&self, token: Token, choice: f64) -> (Vec<f32>, Likeness) {
        match (self.recognised.get(token as usize).map(Vec::as_slice), self.nearest.get(token as usize)) {
            (Some(list @ [_, ..]), _) => {
                (list[((choice * list.len() as f64) as usize).min(list.len() - 1)].clone(), Likeness::Recognised)
            }
            (_, Some(best)) if !best.noise.is_empty() => {
                (best.noise.clone(), if best.own { Likeness::Nearest } else { Likeness::Other })
            }
            _ => (self.noise(0), Likeness::Other),
        }
    }

    /// A candidate that knows nothing of others.
    fn noise(&self, number: u64) -> Vec<f32> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use adm_tokens::Recognition;

    const LATENT: usize = 24;
    const TOKENS: usize = 6;

    fn bank() -> Bank {
        let settings = BankSettings { budget: 640, ..BankSettings::default() };
        Bank {
            seeds: Seeds::new(3),
            settings,
            kind: NoiseKind::Normal,
            gaussian: Gaussian::truncated(settings.truncation),
            latent: LATENT,
            recognised: vec![Vec::new(); TOKENS],
            nearest: vec![Candidate::NONE; TOKENS],
            tried: 0,
        }
    }

    /// A book whose tokens are places in a generator's noise: near is alike, and hardly anything is recognised.
    fn survey(noise: &[f32], places: &[Vec<f32>]) -> Survey {
        let distance = |place: &Vec<f32>| {
            let squares: f32 = place.iter().zip(noise).map(|(a, b)| (a - b).powi(2)).sum();
            1.0 - 1.0 / (1.0 + squares / LATENT as f32)
        };
        let distances: Vec<f32> = places.iter().map(distance).collect();
        let (nearest, distance) = (0..).zip(&distances).min_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        let token = (*distance < 0.3).then_some(nearest);
        Survey { recognition: Recognition { token, nearest, distance: *distance }, distances }
    }

    fn filled(guided: bool) -> Bank {
        let mut bank = bank();
        let places: Vec<Vec<f32>> =
            (0..TOKENS as u64).map(|token| bank.gaussian.vector(LATENT, Seeds::new(8), "places", token)).collect();
        while !bank.is_full() {
            let candidates = bank.tried..bank.tried + AT_ONCE;
            let fresh = || candidates.clone().map(|number| bank.noise(number)).collect();
            let noises = if guided { bank.noises(candidates.clone()) } else { fresh() };
            bank.tried = candidates.end;
            noises.iter().for_each(|noise| bank.keep(noise, &survey(noise, &places)));
        }
        bank
    }

    #[test]
    fn looking_near_what_is_nearest_finds_more() {
        let (by_chance, guided) = (filled(false), filled(true));
        let distances = |bank: &Bank| bank.nearest.iter().map(|best| best.distance).sum::<f32>();
        assert_eq!((by_chance.report().tokens, by_chance.report().tried), (0, 640));
        assert!(distances(&guided) < 0.75 * distances(&by_chance), "{} {}", distances(&guided), distances(&by_chance));
        assert!(guided.report().tokens >= 4, "{:?}", guided.report());
    }

    #[test]
    fn a_bank_gives_the_best_that_it_has() {
        let mut bank = bank();
        assert_eq!(bank.candidate(2, 0.5).1, Likeness::Other, "there is something to play before anything was tried");
        let noise = |value: f32| vec![value; LATENT];
        let heard = |nearest: Token, token: Option<Token>, distance: f32| Survey {
            recognition: Recognition { token, nearest, distance },
            distances: vec![distance; TOKENS],
        };
        bank.keep(&noise(1.0), &heard(1, None, 0.4));
        bank.keep(&noise(2.0), &heard(2, None, 0.6));
        bank.keep(&noise(3.0), &heard(3, Some(3), 0.1));
        assert_eq!(bank.candidate(2, 0.9), (noise(2.0), Likeness::Nearest), "its own before what is less far");
        assert_eq!(bank.candidate(3, 0.0), (noise(3.0), Likeness::Recognised));
        assert_eq!(bank.candidate(0, 0.0), (noise(3.0), Likeness::Other), "another's, the least far");
        let report = bank.report();
        assert_eq!((report.tokens, report.nearest, report.recognised), (1, 2, 1));
    }
}

//! How probable each token is, on the whole and within a section.

use crate::Token;
use crate::transcript::Transcript;

/// As many slices of all that there is are mixed into what a section has of its own: four bars. More makes sections less
/// strict about their tokens, and those of few bars most of all.
const MIXED_IN: f64 = 16.0;
/// Slices that a token of the book counts for where the transcript has none, so that none is impossible. A section has its
/// share of them: such a token is nowhere more frequent than elsewhere.
const AT_LEAST: f64 = 0.5;

/// The tokens of a transcript.
pub(super) struct Shares {
    /// Slices of each token of the book.
    counts: Vec<u64>,
    slices: u64,
}

impl Shares {
    /// Those of all slices; the transcript is one of its book.
    pub fn new(transcript: &Transcript) -> Self {
        let counts = counts(transcript.tokens().iter().copied(), transcript.vocabulary());
        Self { counts, slices: transcript.tokens().len() as u64 }
    }

    /// The probability of each token among all slices: its part of them, or of half a slice where it has none.
    pub fn overall(&self) -> Vec<f32> {
        self.probabilities().map(|probability| probability as f32).collect()
    }

    /// The probability of each token among some of the slices, with 16 slices of the whole mixed in.
    ///
    /// Counts that are mixed and made a part of their sum are the whole's probability, and what these slices have beyond their
    /// share as a part of that sum. Written so, what has exactly its share has the probability that it has overall, to the bit.
    pub fn within(&self, tokens: impl Iterator<Item = Token>) -> Vec<f32> {
        let inside = counts(tokens, self.counts.len());
        let (count, whole) = (inside.iter().sum::<u64>() as f64, self.slices as f64);
        let sum = count * self.smoothed() / whole + MIXED_IN;
        let weight = |((&inside, &all), overall): ((&u64, &u64), f64)| {
            let beyond = (inside as f64 * whole - all as f64 * count) / whole;
            (overall + beyond / sum) as f32
        };
        inside.iter().zip(&self.counts).zip(self.probabilities()).map(weight).collect()
    }

    /// All slices, and those that tokens without any count for.
    fn smoothed(&self) -> f64 {
        self.counts.iter().map(|&count| at_least(count)).sum()
    }

    fn probabilities(&self) -> impl Iterator<Item = f64> {
        let sum = self.smoothed();
        self.counts.iter().map(move |&count| at_least(count) / sum)
    }
}

fn at_least(count: u64) -> f64 {
    (count as f64).max(AT_LEAST)
}

fn counts(tokens: impl Iterator<Item = Token>, vocabulary: usize) -> Vec<u64> {
    let mut counts = vec![0; vocabulary];
    tokens.for_each(|token| counts[token as usize] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(tokens: &[Token], vocabulary: usize) -> Shares {
        Shares { counts: counts(tokens.iter().copied(), vocabulary), slices: tokens.len() as u64 }
    }

    /// The same, told as what is counted and what is mixed in.
    fn told(all: &[Token], inside: &[Token], vocabulary: usize) -> Vec<f64> {
        let times = |token: usize, tokens: &[Token]| tokens.iter().filter(|&&it| it as usize == token).count() as f64;
        let part = inside.len() as f64 / all.len() as f64;
        let halves: Vec<f64> = (0..vocabulary).map(|token| if times(token, all) == 0.0 { 0.5 } else { 0.0 }).collect();
        let whole = all.len() as f64 + halves.iter().sum::<f64>();
        let mixed = |token| 16.0 * (times(token, all) + halves[token]) / whole;
        let weights: Vec<f64> =
            (0..vocabulary).map(|token| times(token, inside) + part * halves[token] + mixed(token)).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect()
    }

    #[test]
    fn what_has_its_share_is_as_probable_as_overall_to_the_bit() {
        for repeats in [1, 3, 7, 50] {
            // Token 0 three times, 1 once, 2 twice; 3 and 4 are of the book alone.
            let average: Vec<Token> = [0, 1, 2, 0, 2, 0].repeat(repeats);
            let all = [&average[..], &[0, 0, 1, 2, 0, 2].repeat(11)].concat();
            let shares = shares(&all, 5);
            assert_eq!(shares.within(average.iter().copied()), shares.overall(), "{repeats} times");
            assert_eq!(shares.within(all.iter().copied()), shares.overall());
            assert_eq!(shares.within(std::iter::empty()), shares.overall());
        }
    }

    #[test]
    fn weights_are_those_that_are_told_and_all_possible() {
        let all: Vec<Token> = (0..4_000).map(|n| n * n % 97 % 13).collect();
        let shares = shares(&all, 20);
        for inside in [&all[..1], &all[5..40], &all[1_000..], &vec![3; 300], &all] {
            let weights = shares.within(inside.iter().copied());
            for (weight, told) in weights.iter().zip(told(&all, inside, 20)) {
                // Weights are f32.
                assert!(*weight > 0.0 && (f64::from(*weight) - told).abs() < 1e-6 * told.max(1e-3), "{weight}, {told}");
            }
        }
        assert!((shares.overall().iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}

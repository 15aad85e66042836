//! Sequences whose order is known, to see how far back a sequencer remembers.
//!
//! Each is one passage of 13,000 beats, as many as the founding work's larger dataset had, the last tenth but one for
//! validation and the last for test. A tenth of all beats is
//! played wrong at random, so that no long context comes twice and counting n-grams ends where contexts grow rare. What tells a
//! memory is the beats that are *decided* long before: where the same short context goes on in two ways.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_dataset::Split;

use super::{Corpus, Passage};
use crate::ModelError;

const BEATS: usize = 13_000;
const HELD_OUT: usize = 1_300;
/// Share of beats that are played wrong.
const WRONG: f64 = 0.1;

/// A sequence whose order is known.
#[derive(Debug, Clone)]
pub struct Synthetic {
    /// What it is.
    pub name: &'static str,
    /// The sequence.
    pub corpus: Corpus,
    /// Whether a beat was decided long before it and played right; of every beat of the passage.
    pub decided: Vec<bool>,
    /// The accuracy of one who knows the order: nobody foretells a wrong beat.
    pub ceiling: f64,
}

/// A beat of the order: its token, and whether the beats just before leave it open.
type Beat = (u32, bool);

/// From a beat's number to what it is.
type Order = fn(usize) -> Beat;

/// Every sequence.
///
/// # Errors
/// None that these could cause.
pub fn all(seeds: Seeds) -> Result<Vec<Synthetic>, ModelError> {
    orders().into_iter().map(|(name, order)| sequence(name, order, seeds)).collect()
}

fn orders() -> [(&'static str, Order); 5] {
    [
        ("period 3", |at| ([0, 0, 1][at % 3], at % 3 != 1)),
        ("period 16", |at| once_in(16, at)),
        ("period 64", |at| once_in(64, at)),
        ("bars and phrases", phrases),
        ("sections of 64", sections),
    ]
}

/// Bars of 0 1 2 1, the last beat of every `period` a 3.
fn once_in(period: usize, at: usize) -> Beat {
    let last = at % 4 == 3;
    ([0, 1, 2, if at % period == period - 1 { 3 } else { 1 }][at % 4], last)
}

/// Three plain bars and one that ends in a fill, every fourth phrase in a larger one.
fn phrases(at: usize) -> Beat {
    let (beat, bar, phrase) = (at % 4, at / 4 % 4, at / 16 % 4);
    match (beat, bar, phrase) {
        (2.., 3, 3) => ([5, 6][beat - 2], beat == 2),
        (2.., 3, _) => ([3, 4][beat - 2], beat == 2),
        _ => ([0, 1, 2, 1][beat], beat == 2),
    }
}

/// The same in two sets of tokens that take turns every 64 beats.
fn sections(at: usize) -> Beat {
    let (token, open) = phrases(at);
    let turns = at.is_multiple_of(16);
    (token + 7 * (at / 64 % 2) as u32, open || turns)
}

fn sequence(name: &'static str, order: Order, seeds: Seeds) -> Result<Synthetic, ModelError> {
    let beats: Vec<Beat> = (0..BEATS).map(order).collect();
    let vocabulary = beats.iter().map(|&(token, _)| token).max().unwrap_or(0) + 1;
    let mut random = seeds.stream(name, 0);
    let (mut tokens, mut decided) = (Vec::new(), Vec::new());
    for (token, open) in beats {
        let wrong = random.random::<f64>() < WRONG;
        let other = random.random_range(0..vocabulary);
        tokens.push(if wrong { other } else { token });
        decided.push(open && !(wrong && other != token));
    }
    let mut passage = Passage::of(Split::Train, tokens);
    passage.splits[BEATS - 2 * HELD_OUT..].fill(Some(Split::Validation));
    passage.splits[BEATS - HELD_OUT..].fill(Some(Split::Test));
    // One more token that never comes, so that two tokens have classes that are not theirs alone.
    let class_of = (0..=vocabulary).map(|token| u32::from(token >= vocabulary.div_ceil(2))).collect();
    let ceiling = 1.0 - WRONG * (1.0 - 1.0 / f64::from(vocabulary));
    Ok(Synthetic { name, corpus: Corpus::new(class_of, vec![passage])?, decided, ceiling })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_what_they_say() {
        let tokens = |order: &dyn Fn(usize) -> Beat, beats| (0..beats).map(|at| order(at).0).collect::<Vec<_>>();
        assert_eq!(tokens(&|at| once_in(16, at), 16), [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 3]);
        let bars = tokens(&phrases, 64);
        assert_eq!((&bars[12..16], &bars[60..64]), (&[0, 1, 3, 4][..], &[0, 1, 5, 6][..]));
        assert_eq!(tokens(&sections, 68)[62..], [5, 6, 7, 8, 9, 8]);
    }

    #[test]
    fn a_tenth_is_played_wrong() {
        for set in all(Seeds::new(1)).unwrap() {
            assert_eq!(set.corpus.passages()[0].tokens.len(), BEATS);
            assert_eq!(set.corpus.count(Split::Test), HELD_OUT);
            assert!(set.decided.iter().any(|&decided| decided), "{}", set.name);
            // Whoever knows the order is right as often as the ceiling says, within four deviations.
            let (name, order) = orders().into_iter().find(|(name, _)| *name == set.name).unwrap();
            let tokens = set.corpus.passages()[0].tokens.iter().enumerate();
            let right = tokens.filter(|&(at, &token)| token == order(at).0).count() as f64 / BEATS as f64;
            let deviation = (set.ceiling * (1.0 - set.ceiling) / BEATS as f64).sqrt();
            assert!((right - set.ceiling).abs() < 4.0 * deviation, "{name}: {right} instead of {}", set.ceiling);
        }
    }
}

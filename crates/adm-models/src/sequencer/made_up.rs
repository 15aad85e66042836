//! A made-up transcript, to try a training without any music.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_dataset::Split;

use super::{Corpus, Passage};
use crate::ModelError;

/// Beats, about half an hour at 130 BPM.
pub const BEATS: usize = 4_096;
/// Different tokens, as one in sixteen beats brings a new one.
pub const TOKENS: u32 = 256;
/// Classes of tokens.
pub const CLASSES: u32 = 16;
/// Beats at the end that are held out.
const HELD_OUT: usize = 512;

/// A transcript of [`BEATS`] beats in one passage: phrases that come again, with every fourth beat another. What a step costs
/// depends on how many tokens there are and not on their order.
///
/// # Errors
/// None that these could cause.
pub fn made_up(seeds: Seeds) -> Result<Corpus, ModelError> {
    let mut random = seeds.stream("made-up transcript", 0);
    let mut token = |at: usize| match at % 4 {
        3 => random.random_range(0..TOKENS),
        beat => (at / 256 * 7 + beat) as u32 % TOKENS,
    };
    let mut passage = Passage::of(Split::Train, (0..BEATS).map(&mut token).collect());
    passage.splits[BEATS - HELD_OUT..].fill(Some(Split::Validation));
    Corpus::new((0..TOKENS).map(|token| token % CLASSES).collect(), vec![passage])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_its_names_say() {
        let corpus = made_up(Seeds::new(0)).unwrap();
        assert_eq!(corpus.vocabulary(), TOKENS as usize);
        assert_eq!(corpus.class_of().iter().max(), Some(&(CLASSES - 1)));
        assert_eq!((corpus.count(Split::Train), corpus.count(Split::Validation)), (BEATS - HELD_OUT, HELD_OUT));
        assert_eq!(corpus, made_up(Seeds::new(0)).unwrap());
    }
}

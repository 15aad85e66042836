//! How well what was learned foretells beats that it was not learned from.

use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::Split;
use serde::Serialize;

use super::ngram::NGram;
use super::{Balance, Composer, Corpus, Counting, Foretold, SamplingSettings, Shares, TokenStream};

/// The longest n-gram beside which a sequencer is shown; longer where it counts longer ones itself.
const YARDSTICK: usize = 9;

/// How well held-out beats are foretold: by what plays, by the network alone, and by counting alone.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct HeldOut {
    /// Beats of the test split.
    pub beats: usize,
    /// Share of them that what plays held for the likeliest, 0 to 1.
    pub accuracy: f64,
    /// As if it had chosen among so many equally likely tokens.
    pub perplexity: f64,
    /// Parts of what plays, where counting is mixed with the network.
    pub shares: Option<Shares>,
    /// [`Self::accuracy`] of the network alone.
    pub network_accuracy: f64,
    /// [`Self::perplexity`] of the network alone.
    pub network_perplexity: f64,
    /// Tokens in the n-gram that foretells them best.
    pub ngram: usize,
    /// [`Self::accuracy`] of those n-grams alone.
    pub ngram_accuracy: f64,
    /// [`Self::perplexity`] of those n-grams alone.
    pub ngram_perplexity: f64,
}

impl HeldOut {
    /// Of the best checkpoint, on the test split; none where that is empty.
    pub fn of(composer: &Composer, corpus: &Corpus) -> Option<Self> {
        if corpus.count(Split::Test) == 0 {
            return None;
        }
        let foretold = Foretold::of_split(composer.network(), corpus, Split::Test, composer.device());
        let (played, alone) = (foretold.scores(composer.counting()), foretold.scores(None));
        let longest = composer.counting().map_or(0, Counting::longest).max(YARDSTICK);
        let (ngram, counted) = NGram::learn(corpus, longest).best(corpus, Split::Test);
        Some(Self {
            beats: played.beats,
            accuracy: played.accuracy,
            perplexity: played.perplexity,
            shares: composer.counting().map(Counting::shares),
            network_accuracy: alone.accuracy,
            network_perplexity: alone.perplexity,
            ngram,
            ngram_accuracy: counted.accuracy,
            ngram_perplexity: counted.perplexity,
        })
    }
}

/// Beats of its own that a sequencer's balance is taken of.
const OWN: usize = 512;

/// How much a sequencer repeats and invents when it draws as it thinks, and how much the longest recorded passage does.
pub fn own_and_recorded(composer: &Arc<Composer>, corpus: &Corpus, seeds: Seeds) -> [Balance; 2] {
    let mut stream = TokenStream::new(composer.clone(), seeds);
    let own: Vec<u32> = (0..OWN).map(|_| stream.next(&SamplingSettings::default(), None)).collect();
    let recorded = corpus.passages().iter().max_by_key(|passage| passage.tokens.len());
    [Balance::of(&own, corpus), recorded.map_or(Balance::default(), |passage| Balance::of(&passage.tokens, corpus))]
}

//! From a tokenized dataset to what a sequencer, or a conditional generator, learns from.

use adm_dataset::{Split, Splits};
use adm_models::ModelError;
use adm_models::labels::Labels;
use adm_models::sequencer::{Corpus, Passage};
use adm_tokens::{Book, Stretch, Transcript};

use crate::arranger::slices_per_bar;

/// The passages of a transcript, with what the dataset's splits hold out of them.
///
/// # Errors
/// Tokens that have no order to learn.
pub fn corpus(book: &Book, transcript: &Transcript, splits: &Splits) -> Result<Corpus, ModelError> {
    let class_of = (0..book.len() as u32).map(|token| book.class_of(token)).collect();
    let split_of = split_of_each(splits, transcript.tokens().len());
    let passage = |stretch: &Stretch| Passage {
        tokens: transcript.tokens()[stretch.slices.clone()].to_vec(),
        splits: split_of[stretch.slices.clone()].to_vec(),
        clock: clock(stretch, transcript.beats_per_slice()),
    };
    Corpus::new(class_of, transcript.stretches().iter().map(passage).collect())
}

/// The token and the position in the bar of every slice, for a conditional generator.
pub fn labels(book: &Book, transcript: &Transcript) -> Labels {
    let positions = |stretch: &Stretch| {
        let stretch = stretch.clone();
        (0..stretch.slices.len()).map(move |index| transcript.bar_beat(&stretch, index) as u8)
    };
    Labels {
        token_of: transcript.tokens().to_vec(),
        position_of: transcript.stretches().iter().flat_map(positions).collect(),
        tokens: book.len(),
        book: book.fingerprint().to_owned(),
        dataset: transcript.dataset_fingerprint().to_owned(),
    }
}

/// The number of a stretch's first slice, counted so that multiples of as many slices as a bar has begin bars.
///
/// Phrases are counted from where the recording begins. A sequencer's clock is that of its tokens: four slices of several beats
/// are a bar to it, and begin with a bar of the music.
pub fn clock(stretch: &Stretch, beats_per_slice: usize) -> u64 {
    let (beats, per_bar) = (beats_per_slice.max(1) as u64, slices_per_bar(beats_per_slice));
    let (number, place) = (stretch.position / beats, u64::from(stretch.bar_beat) / beats % per_bar);
    let behind = (place + per_bar - number % per_bar) % per_bar;
    number.saturating_add(behind)
}

fn split_of_each(splits: &Splits, slices: usize) -> Vec<Option<Split>> {
    let mut of_each = vec![None; slices];
    for split in Split::ALL {
        for range in splits.ranges(split) {
            of_each[range.start.min(slices)..range.end.min(slices)].fill(Some(split));
        }
    }
    of_each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_counts_from_bars() {
        let of = |position, bar_beat, beats_per_slice| {
            clock(&Stretch { slices: 0..1, recording: 0, position, bar_beat }, beats_per_slice)
        };
        for (position, bar_beat, expected) in [(0, 0, 0), (0, 3, 3), (5, 1, 5), (5, 0, 8), (7, 2, 10), (18, 2, 18)] {
            let clock = of(position, bar_beat, 1);
            assert_eq!((clock, clock % 4), (expected, u64::from(bar_beat)));
        }
        // Slices of two beats: every second one begins a bar.
        for (position, bar_beat, expected) in [(0, 0, 0), (0, 2, 1), (6, 2, 3), (6, 0, 4), (8, 2, 5), (9, 3, 5)] {
            assert_eq!(of(position, bar_beat, 2), expected, "{position}, {bar_beat}");
        }
        // A bar or two in a slice: each begins one.
        assert_eq!([of(12, 0, 4), of(13, 1, 4), of(16, 0, 8)], [3, 3, 2]);
    }
}

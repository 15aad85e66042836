//! From a tokenized dataset to what a sequencer, or a conditional generator, learns from.

use adm_dataset::{Split, Splits};
use adm_models::ModelError;
use adm_models::gan::Labels;
use adm_models::sequencer::{Corpus, Passage};
use adm_tokens::{Book, Stretch, Transcript};

/// Beats, or slices, that count as a bar.
const BAR: u64 = 4;

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
        clock: clock(stretch),
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

/// The number of a stretch's first slice, counted so that multiples of four begin bars.
///
/// Phrases are counted from where the recording begins. Four slices of several beats count as a bar here: a sequencer's clock
/// is that of its tokens.
pub fn clock(stretch: &Stretch) -> u64 {
    let bar_beat = u64::from(stretch.bar_beat);
    let behind = (bar_beat + BAR - stretch.position % BAR) % BAR;
    stretch.position.saturating_add(behind)
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
        for (position, bar_beat, expected) in [(0, 0, 0), (0, 3, 3), (5, 1, 5), (5, 0, 8), (7, 2, 10), (18, 2, 18)] {
            let clock = clock(&Stretch { slices: 0..1, recording: 0, position, bar_beat });
            assert_eq!((clock, clock % 4), (expected, u64::from(bar_beat)));
        }
    }
}

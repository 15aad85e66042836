//! What is heard in each bar, by the exemplars of its tokens.

use crate::Token;
use crate::book::Book;
use crate::measures::{Detail, Measure, fft};
use crate::transcript::{Stretch, Transcript};
use std::ops::Range;

/// Frequencies below this are the low end, in Hz: kick and bass.
const LOW_HZ: f64 = 150.0;
/// The least level of the low end in dBFS; silence lies there.
const LEAST_DB: f32 = -70.0;

/// The least sum of loudnesses; silence lies there.
const LEAST_LOUDNESS: f32 = 0.1;

/// What is heard, as a mean over slices.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Heard {
    /// Level in dBFS.
    pub level: f32,
    /// Loudness to the ear: that of all bands together, in dB; 10 more is twice as loud. A kick alone has much level and
    /// little loudness.
    pub loudness: f32,
    /// Level of what is below 150 Hz, in dBFS.
    pub lows: f32,
    /// The low end's share of the power, 0 to 1.
    pub low_share: f32,
    /// Sum of the onsets of a slice.
    pub onsets: f32,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    pub slices: Range<usize>,
    pub recording: usize,
    /// Index of its stretch.
    pub stretch: usize,
    pub heard: Heard,
}

impl Heard {
    /// The mean of several.
    pub fn mean<'a>(heard: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut sum, mut count) = (Self::default(), 0f32);
        for one in heard {
            sum.level += one.level;
            sum.loudness += one.loudness;
            sum.lows += one.lows;
            sum.low_share += one.low_share;
            sum.onsets += one.onsets;
            count += 1.0;
        }
        let part = 1.0 / count.max(1.0);
        Self {
            level: sum.level * part,
            loudness: sum.loudness * part,
            lows: sum.lows * part,
            low_share: sum.low_share * part,
            onsets: sum.onsets * part,
        }
    }

    /// What is heard in a token's exemplar.
    fn of(book: &Book, token: Token) -> Self {
        let row = book.measures().row(token as usize);
        let values = |measure: Measure| &row[measure.values(Detail::Fine)];
        let (low, all) = fft::power_below(LOW_HZ, book.rate(), values(Measure::Fft));
        Self {
            level: row[Measure::Level.values(Detail::Coarse).start],
            loudness: 10.0 * values(Measure::Fft).iter().sum::<f32>().max(LEAST_LOUDNESS).log2(),
            lows: (10.0 * low.log10()).max(LEAST_DB),
            low_share: if all > 0.0 { low / all } else { 0.0 },
            onsets: values(Measure::Onsets).iter().sum(),
        }
    }
}

/// The bars of each stretch, in order. A bar that a stretch begins or ends within is shorter.
pub(super) fn bars(transcript: &Transcript, book: &Book) -> Vec<Vec<Bar>> {
    let heard: Vec<Heard> = (0..book.len() as Token).map(|token| Heard::of(book, token)).collect();
    let of_stretch = |(index, stretch): (usize, &Stretch)| {
        let bar = |slices: Range<usize>| {
            let tokens = transcript.tokens()[slices.clone()].iter();
            let heard = Heard::mean(tokens.filter_map(|&token| heard.get(token as usize)));
            Bar { slices, recording: stretch.recording, stretch: index, heard }
        };
        ranges(transcript, stretch).into_iter().map(bar).collect()
    };
    transcript.stretches().iter().enumerate().map(of_stretch).collect()
}

/// The slices of each bar: one begins where the count does not go on rising.
fn ranges(transcript: &Transcript, stretch: &Stretch) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (index, slice) in stretch.slices.clone().enumerate() {
        let goes_on = index > 0 && transcript.bar_beat(stretch, index) > transcript.bar_beat(stretch, index - 1);
        match ranges.last_mut() {
            Some(bar) if goes_on => bar.end = slice + 1,
            _ => ranges.push(slice..slice + 1),
        }
    }
    ranges
}

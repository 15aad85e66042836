//! Train, validation and test, by recording and region.
//!
//! Slices next to each other in a recording sound almost alike, and overlapping windows even share samples, so slices
//! are never shuffled into splits one by one. The rule instead:
//!
//! 1. Each recording is cut into contiguous **blocks** of nearly equal slice counts: one for every fifteen seconds, or its
//!    part of eighty where that is more, but none shorter than eight slice lengths (two bars of beats). Where that would
//!    leave fewer than ten in all recordings together, blocks are shorter, down to two slices and twice a slice's length.
//! 2. Each recording gives whole blocks to validation and test in the wanted fractions. What rounding leaves over or
//!    short is carried to the next recording (in a seeded order), so that many short recordings are balanced together
//!    and each long one by itself. A recording that gives k blocks to a split gives one from each of k equal stretches of
//!    it, drawn by seed: intro, breakdowns and drops are then held out in the shares that they have.
//! 3. A split that should have slices and got no block takes one from the largest split, if that keeps one.
//! 4. Where two splits meet in a recording there is a **guard**: a slice is dropped from its split (not from the
//!    dataset) unless it starts at least half a slice length after everything assigned to another split has ended.
//!
//! So two slices of different splits never overlap and never touch, whatever the slicing.

use adm_core::seeds::{RngExt, StreamRng, shuffle};
use adm_core::{SampleRate, Seeds};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Blocks are this long where there are recordings enough, in seconds: long enough that the guards cost little (a slice for
/// about thirty at 130 BPM, where splits meet), short enough that a set of an hour gives each of validation and test two
/// dozen places.
const BLOCK_SECONDS: f64 = 15.0;
/// Blocks in all recordings together where they are long enough, so that a tenth of them is eight places: the sections of a
/// short set differ more than its beats do.
const WISHED_BLOCKS: usize = 80;
/// Fewer blocks than this could not give a tenth of a recording away.
const FEWEST_BLOCKS: usize = 10;
/// In slice lengths: a guard costs about one, so blocks are long beside it where there is a choice.
const SHORT_BLOCK: f64 = 8.0;
/// In slice lengths: the least that leaves something of a block between its guards.
const SHORTEST_BLOCK: f64 = 2.0;

/// The part that a slice plays in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Seen by the optimiser.
    Train,
    /// Watched during training.
    Validation,
    /// Kept for the final evaluation.
    Test,
}

impl Split {
    /// All splits, in their order everywhere.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        })
    }
}

/// How the splits were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SplitRule {
    /// Wanted share of train, validation and test: each 0 to 1, together 1. A larger validation share measures more
    /// surely and leaves less to learn from.
    pub fractions: [f64; 3],
    /// Seed of the draw.
    pub seed: u64,
}

impl Default for SplitRule {
    fn default() -> Self {
        Self { fractions: [0.8, 0.1, 0.1], seed: 0 }
    }
}

impl SplitRule {
    /// Whether the fractions are shares of one whole.
    pub fn is_valid(&self) -> bool {
        self.fractions.iter().all(|share| (0.0..=1.0).contains(share))
            && (self.fractions.iter().sum::<f64>() - 1.0).abs() < 1e-6
    }
}

/// When a slice sounds in its recording, in frames at the dataset's rate: `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First frame.
    pub start: u64,
    /// One past the last frame.
    pub end: u64,
}

/// The slices of each split, as half-open ranges of slice indices in ascending order. Guard slices are in none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Splits {
    /// How they were drawn.
    pub rule: SplitRule,
    /// Seen by the optimiser.
    pub train: Vec<Range<usize>>,
    /// Watched during training.
    pub validation: Vec<Range<usize>>,
    /// Kept for the final evaluation.
    pub test: Vec<Range<usize>>,
}

impl Splits {
    /// Draws the splits of slices that are numbered through all recordings in order.
    ///
    /// `recordings` holds one list of spans a recording, by ascending start; `rate` is what the spans count in.
    pub fn assign(recordings: &[Vec<Span>], rate: SampleRate, rule: SplitRule) -> Self {
        let blocks = assign_blocks(recordings, rate, rule);
        let mut splits = Self { rule, train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        let mut first = 0;
        for (spans, blocks) in recordings.iter().zip(&blocks) {
            for (position, split) in guarded(spans, blocks) {
                push(splits.ranges_mut(split), first + position);
            }
            first += spans.len();
        }
        splits
    }

    /// The ranges of one split.
    pub fn ranges(&self, split: Split) -> &[Range<usize>] {
        match split {
            Split::Train => &self.train,
            Split::Validation => &self.validation,
            Split::Test => &self.test,
        }
    }

    /// The slice indices of one split, ascending.
    pub fn indices(&self, split: Split) -> Vec<usize> {
        self.ranges(split).iter().cloned().flatten().collect()
    }

    /// Number of slices in one split.
    pub fn count(&self, split: Split) -> usize {
        self.ranges(split).iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether all ranges are non-empty, ascending, below `slices`, and no slice is in two splits.
    pub fn fit(&self, slices: usize) -> bool {
        let ascending = Split::ALL.iter().all(|&split| self.ranges(split).is_sorted_by(|a, b| a.end <= b.start));
        let mut all: Vec<_> = Split::ALL.iter().flat_map(|&split| self.ranges(split)).collect();
        all.sort_by_key(|range| range.start);
        ascending
            && all.iter().all(|range| range.start < range.end && range.end <= slices)
            && all.is_sorted_by(|a, b| a.end <= b.start)
    }

    fn ranges_mut(&mut self, split: Split) -> &mut Vec<Range<usize>> {
        match split {
            Split::Train => &mut self.train,
            Split::Validation => &mut self.validation,
            Split::Test => &mut self.test,
        }
    }
}

fn push(ranges: &mut Vec<Range<usize>>, index: usize) {
    match ranges.last_mut() {
        Some(last) if last.end == index => last.end += 1,
        _ => ranges.push(index..index + 1),
    }
}

/// A split for each block of each recording.
fn assign_blocks(recordings: &[Vec<Span>], rate: SampleRate, rule: SplitRule) -> Vec<Vec<Split>> {
    let seeds = Seeds::new(rule.seed);
    let each = |blocks: usize| blocks.div_ceil(recordings.len().max(1));
    let limits = [each(FEWEST_BLOCKS), each(WISHED_BLOCKS)];
    let mut blocks: Vec<Vec<Split>> =
        recordings.iter().map(|spans| vec![Split::Train; block_count(spans, limits, rate)]).collect();
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    shuffle(&mut order, &mut seeds.stream("split-order", 0));
    let (mut wanted, mut given) = ([0.0f64; 3], [0usize; 3]);
    for recording in order {
        let row = &mut blocks[recording];
        let mut random = seeds.stream("split-blocks", recording as u64);
        for (at, split) in [(1, Split::Validation), (2, Split::Test)] {
            wanted[at] += rule.fractions[at] * row.len() as f64;
            let short = wanted[at] - given[at] as f64;
            let count = (short - 0.5).ceil().clamp(0.0, row.len() as f64) as usize;
            given[at] += give(row, split, count, &mut random);
        }
    }
    fill_empty_splits(&mut blocks, rule, &mut seeds.stream("split-fill", 0));
    blocks
}

/// Gives `split` one block from each of `count` equal stretches of a recording, as far as there are blocks left in them;
/// how many it got.
fn give(row: &mut [Split], split: Split, count: usize, random: &mut StreamRng) -> usize {
    let blocks = row.len();
    let stretches = (0..count).map(|k| k * blocks / count..(k + 1) * blocks / count);
    let drawn = stretches.filter_map(|stretch| {
        let free: Vec<usize> = stretch.filter(|&block| row[block] == Split::Train).collect();
        let block = *free.get(random.random_range(0..free.len().max(1)))?;
        row[block] = split;
        Some(block)
    });
    drawn.count()
}

/// See the module's rule 1; `fewest` and `wished` are this recording's shares of what all need together.
fn block_count(spans: &[Span], [fewest, wished]: [usize; 2], rate: SampleRate) -> usize {
    let Some(longest) = spans.iter().map(|span| span.end.saturating_sub(span.start)).max() else { return 0 };
    let covered = covered_frames(spans) as f64;
    let of_length = |slices: f64| (covered / (slices * longest.max(1) as f64)) as usize;
    let wished = ((covered / (BLOCK_SECONDS * rate.as_f64())).round() as usize).max(wished);
    let most = of_length(SHORT_BLOCK).max(fewest).min(of_length(SHORTEST_BLOCK)).min(spans.len() / 2);
    wished.min(most).max(1)
}

/// Length of the union of spans that are sorted by start.
fn covered_frames(spans: &[Span]) -> u64 {
    let mut reached = 0;
    spans.iter().fold(0, |covered, span| {
        let from = span.start.max(reached);
        reached = reached.max(span.end);
        covered + span.end.saturating_sub(from)
    })
}

/// See the module's rule 3.
fn fill_empty_splits(blocks: &mut [Vec<Split>], rule: SplitRule, random: &mut StreamRng) {
    for (split, share) in Split::ALL.into_iter().zip(rule.fractions) {
        if share == 0.0 || places(blocks, split).next().is_some() {
            continue;
        }
        let largest = Split::ALL.into_iter().max_by_key(|&other| places(blocks, other).count()).unwrap_or(split);
        let candidates: Vec<_> = places(blocks, largest).collect();
        if candidates.len() > 1 {
            let (recording, block) = candidates[random.random_range(0..candidates.len())];
            blocks[recording][block] = split;
        }
    }
}

fn places(blocks: &[Vec<Split>], split: Split) -> impl Iterator<Item = (usize, usize)> {
    let all =
        blocks.iter().enumerate().flat_map(|(recording, row)| (0..row.len()).map(move |block| (recording, block)));
    all.filter(move |&(recording, block)| blocks[recording][block] == split)
}

/// The slices of one recording that keep their block's split, see the module's rule 4.
fn guarded(spans: &[Span], blocks: &[Split]) -> Vec<(usize, Split)> {
    let longest = spans.iter().map(|span| span.end.saturating_sub(span.start)).max().unwrap_or(0);
    let guard = longest.div_ceil(2).max(1);
    let mut free_from = [0u64; 3];
    let mut kept = Vec::with_capacity(spans.len());
    for (position, span) in spans.iter().enumerate() {
        let split = blocks[position * blocks.len() / spans.len()];
        let own = split as usize;
        let others = (0..3).filter(|&other| other != own).map(|other| free_from[other]).max().unwrap_or(0);
        if span.start >= others {
            free_from[own] = free_from[own].max(span.end.saturating_add(guard));
            kept.push((position, split));
        }
    }
    kept
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one range is what is meant")]
mod tests;

//! Where what is heard changes: bars into segments of an even sound.
//!
//! The segments are those whose bars differ least from their segment's mean, each at a fixed cost, found for a whole
//! stretch at once by dynamic programming (Jackson et al., "An algorithm for optimal partitioning of data on an interval",
//! IEEE Signal Processing Letters 12, 2005).

use super::bars::{Bar, Heard};
use std::ops::Range;

/// Differences that are heard clearly: loudness in dB, low end in dB, onsets as a part of their mean.
const CLEAR: [f32; 3] = [3.0, 8.0, 0.25];
/// What a segment costs: as much as three bars that are clearly off. More makes fewer, longer segments.
const COST: f32 = 3.0;
/// Fewest bars of a segment, where the stretch has as many: music changes in phrases.
const SHORTEST: usize = 4;
/// Most bars of a segment; longer ones are put together by their name.
const LONGEST: usize = 64;

/// What a bar is compared by, in clear differences.
type Point = [f32; 3];

/// Segments of a stretch's bars, in order, as ranges of bars.
pub(super) fn segments(bars: &[Bar], mean_onsets: f32) -> Vec<Range<usize>> {
    let points: Vec<Point> = bars.iter().map(|bar| point(&bar.heard, mean_onsets)).collect();
    let sums = Sums::new(&points);
    let count = bars.len();
    let shortest = SHORTEST.min(count.max(1));
    // The least cost of the first n bars, and where their last segment starts.
    let mut best = vec![(f32::INFINITY, 0usize); count + 1];
    best[0].0 = 0.0;
    for end in shortest..=count {
        for start in end.saturating_sub(LONGEST)..=end - shortest {
            let cost = best[start].0 + COST + sums.spread(start..end);
            if cost < best[end].0 {
                best[end] = (cost, start);
            }
        }
    }
    let ends = std::iter::successors(Some(count), |&end| Some(best[end].1)).take_while(|&end| end > 0);
    let mut segments: Vec<Range<usize>> = ends.map(|end| best[end].1..end).collect();
    segments.reverse();
    segments
}

fn point(heard: &Heard, mean_onsets: f32) -> Point {
    [heard.loudness / CLEAR[0], heard.lows / CLEAR[1], heard.onsets / (CLEAR[2] * mean_onsets.max(f32::MIN_POSITIVE))]
}

/// Running sums, so that any segment's spread takes one step.
struct Sums(Vec<([f64; 3], f64)>);

impl Sums {
    fn new(points: &[Point]) -> Self {
        let mut sums = vec![([0.0; 3], 0.0)];
        let (mut sum, mut squares) = ([0f64; 3], 0f64);
        for point in points {
            for (sum, &value) in sum.iter_mut().zip(point) {
                *sum += f64::from(value);
                squares += f64::from(value).powi(2);
            }
            sums.push((sum, squares));
        }
        Self(sums)
    }

    /// The sum of the squared distances of the points from their mean.
    fn spread(&self, range: Range<usize>) -> f32 {
        let (from, to) = (&self.0[range.start], &self.0[range.end]);
        let mean: f64 =
            from.0.iter().zip(&to.0).map(|(from, to)| (to - from).powi(2)).sum::<f64>() / range.len() as f64;
        (to.1 - from.1 - mean).max(0.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    fn bars(levels: &[f32]) -> Vec<Bar> {
        let bar = |(index, &level): (usize, &f32)| Bar {
            slices: index * 4..index * 4 + 4,
            recording: 0,
            stretch: 0,
            heard: Heard { level, loudness: level, lows: level, low_share: 0.5, onsets: 1.0 },
        };
        levels.iter().enumerate().map(bar).collect()
    }

    /// All ways of cutting, tried one by one.
    fn cheapest(points: &[Point], from: usize) -> f32 {
        if from == points.len() {
            return 0.0;
        }
        let spread = |range: Range<usize>| {
            let mean = |axis: usize| points[range.clone()].iter().map(|p| p[axis]).sum::<f32>() / range.len() as f32;
            let mean = [0, 1, 2].map(mean);
            points[range.clone()]
                .iter()
                .flat_map(|p| (0..3).map(move |axis| (p[axis] - mean[axis]).powi(2)))
                .sum::<f32>()
        };
        let shortest = SHORTEST.min(points.len());
        let ends = (from + shortest..=points.len()).filter(|&end| end - from <= LONGEST);
        ends.map(|end| COST + spread(from..end) + cheapest(points, end)).fold(f32::INFINITY, f32::min)
    }

    #[test]
    fn segments_are_the_cheapest_of_all() {
        let mut random = Seeds::new(9).stream("levels", 0);
        for count in 1..18 {
            let mut level = -20.0;
            let levels: Vec<f32> = (0..count)
                .map(|_| {
                    level += if random.random_range(0..4) == 0 { random.random_range(-12.0..12.0f32) } else { 0.3 };
                    level
                })
                .collect();
            let bars = bars(&levels);
            let points: Vec<Point> = bars.iter().map(|bar| point(&bar.heard, 1.0)).collect();
            let sums = Sums::new(&points);
            let found = segments(&bars, 1.0);
            assert_eq!(found.iter().map(ExactSizeIterator::len).sum::<usize>(), count);
            let cost: f32 = found.iter().map(|range| COST + sums.spread(range.clone())).sum();
            assert!((cost - cheapest(&points, 0)).abs() < 1e-2, "{count} bars: {cost}, {}", cheapest(&points, 0));
        }
    }

    #[test]
    fn an_even_sound_is_one_segment_and_a_change_two() {
        assert_eq!(segments(&bars(&[-10.0; 30]), 1.0).len(), 1);
        let change: Vec<f32> = [[-10.0; 8], [-20.0; 8]].concat();
        assert_eq!(segments(&bars(&change), 1.0), [0..8, 8..16]);
        assert_eq!(segments(&bars(&[-10.0]), 1.0).len(), 1);
        assert!(segments(&[], 1.0).is_empty());
    }
}

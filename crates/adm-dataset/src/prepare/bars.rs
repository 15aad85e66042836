//! Where in its bar a beat lies.

use super::part::KeptSpan;
use adm_audio::Grid;
use adm_core::BEATS_PER_BAR as BAR;

/// A downbeat this near to a beat, in seconds, is that beat: grid files hold microseconds.
const SAME: f64 = 0.002;

/// The position in the bar of each span's first beat, 0 to 3; empty where the grid knows no bars.
///
/// Beats are counted on from the downbeat before them, and back from the first one.
pub(super) fn beats_of(spans: &[KeptSpan], grid: &Grid) -> Vec<u8> {
    let Some(first) = grid.downbeats.first().map(|&first| beats_before(grid, first) as u64) else { return Vec::new() };
    let beat_of = |&KeptSpan(position, ..): &KeptSpan| {
        let time = grid.beats.get(position as usize).copied().unwrap_or(f64::INFINITY);
        let before = grid.downbeats.partition_point(|&downbeat| downbeat <= time + SAME);
        let downbeat = before.checked_sub(1).and_then(|last| grid.downbeats.get(last));
        let start = downbeat.map_or(first % BAR, |&downbeat| beats_before(grid, downbeat) as u64 % BAR);
        ((position % BAR + BAR - start) % BAR) as u8
    };
    spans.iter().map(beat_of).collect()
}

/// The position in the bar `beats` later.
pub(super) fn later(bar_beat: u8, beats: u64) -> u8 {
    ((u64::from(bar_beat) + beats % BAR) % BAR) as u8
}

/// Index of the beat that starts at `time`.
fn beats_before(grid: &Grid, time: f64) -> usize {
    grid.beats.partition_point(|&beat| beat < time - SAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, Seconds};

    fn grid(downbeats: &[usize]) -> Grid {
        let mut grid = Grid::fixed(Bpm::new(120.0).unwrap(), Seconds(0.0), Seconds(6.0));
        grid.downbeats = downbeats.iter().map(|&beat| grid.beats[beat] + 1e-6).collect();
        grid
    }

    fn counted(downbeats: &[usize]) -> Vec<u8> {
        let spans: Vec<KeptSpan> = (0..12).map(|beat| KeptSpan(beat, 0, 0)).collect();
        beats_of(&spans, &grid(downbeats))
    }

    #[test]
    fn beats_are_counted_from_the_downbeat_before_them() {
        assert_eq!(counted(&[0, 4, 8]), [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
        assert_eq!(counted(&[3, 7, 11]), [1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0], "the first bar is cut off");
        assert_eq!(counted(&[0, 4, 6, 10]), [0, 1, 2, 3, 0, 1, 0, 1, 2, 3, 0, 1], "a bar of two beats");
        assert_eq!(counted(&[0]), [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], "bars that are not written out");
        assert!(counted(&[]).is_empty(), "no bars are known");
    }
}

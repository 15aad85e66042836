//! A grid that is right but for its level or its parity, put right.

use super::layout::{BAR, Grid, TempoRegion};
use serde::{Deserialize, Serialize};

/// What is done to a grid after it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adjustment {
    /// Moves every beat by half a beat.
    pub half_beat: bool,
    /// Changes how many beats there are.
    pub level: Level,
}

/// How many beats a grid has, compared to what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As many.
    #[default]
    Same,
    /// Twice as many: another one in the middle of each.
    Double,
    /// Half as many: those of every bar that were odd.
    Half,
}

impl Adjustment {
    /// Whether nothing is done.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Does it. The half beat is one of the beats that were found.
    pub fn apply(self, grid: Grid) -> Grid {
        let grid = if self.half_beat { shifted(grid) } else { grid };
        match self.level {
            Level::Same => grid,
            Level::Double => doubled(grid),
            Level::Half => halved(grid),
        }
    }
}

/// The time half a beat after each of `times`, as beats have them.
fn middles(grid: &Grid, times: &[f64]) -> Vec<f64> {
    let middle = |&time: &f64| {
        let at = grid.beats.partition_point(|&beat| beat < time - 1e-6);
        let (start, end) = (grid.start_of(at)?, grid.start_of(at + 1)?);
        Some(0.5 * (start + end))
    };
    times.iter().filter_map(middle).collect()
}

fn shifted(mut grid: Grid) -> Grid {
    let half = |bpm: f64| 30.0 / bpm;
    let beats = middles(&grid, &grid.beats);
    let downbeats = middles(&grid, &grid.downbeats);
    for region in &mut grid.regions {
        region.start += half(region.start_bpm);
        region.end += half(region.end_bpm);
    }
    // The end of one and the start of the next moved by halves of other tempi.
    for at in 1..grid.regions.len() {
        grid.regions[at - 1].end = grid.regions[at - 1].end.min(grid.regions[at].start);
    }
    Grid { beats, downbeats, ..grid }
}

fn doubled(grid: Grid) -> Grid {
    let mut beats = [grid.beats.clone(), middles(&grid, &grid.beats)].concat();
    beats.sort_by(f64::total_cmp);
    // A bar becomes two.
    let halfway = |&time: &f64| {
        let at = grid.beats.partition_point(|&beat| beat < time - 1e-6);
        grid.beats.get(at + BAR / 2).copied()
    };
    let mut downbeats = [grid.downbeats.clone(), grid.downbeats.iter().filter_map(halfway).collect()].concat();
    downbeats.sort_by(f64::total_cmp);
    downbeats.dedup();
    scaled(Grid { beats, downbeats, ..grid }, 2.0)
}

fn halved(grid: Grid) -> Grid {
    // A beat is kept when it is an even number of beats from the last bar's start.
    let mut since =
        grid.downbeats.first().map_or(0, |&first| grid.beats.partition_point(|&beat| beat < first - 1e-6) % 2);
    let mut bars = grid.downbeats.iter().peekable();
    let mut beats = Vec::with_capacity(grid.beats.len() / 2 + 1);
    for &beat in &grid.beats {
        if bars.next_if(|&&bar| bar <= beat + 1e-6).is_some() {
            since = 0;
        }
        if usize::is_multiple_of(since, 2) {
            beats.push(beat);
        }
        since += 1;
    }
    let downbeats = grid.downbeats.iter().copied().step_by(2).collect();
    scaled(Grid { beats, downbeats, ..grid }, 0.5)
}

fn scaled(mut grid: Grid, factor: f64) -> Grid {
    let within = |bpm: f64| (factor * bpm).clamp(20.0, 400.0);
    grid.bpm = within(grid.bpm);
    let scale = |region: TempoRegion| TempoRegion {
        start_bpm: within(region.start_bpm),
        end_bpm: within(region.end_bpm),
        ..region
    };
    grid.regions = grid.regions.into_iter().map(scale).collect();
    grid
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, Seconds};

    fn grid() -> Grid {
        Grid::fixed(Bpm::new(120.0).unwrap(), Seconds(1.0), Seconds(9.0))
    }

    fn adjusted(half_beat: bool, level: Level) -> Grid {
        let adjusted = Adjustment { half_beat, level }.apply(grid());
        adjusted.check().unwrap();
        adjusted
    }

    #[test]
    fn half_a_beat_moves_everything() {
        let grid = adjusted(true, Level::Same);
        assert_eq!((grid.beats[0], grid.beats.len(), grid.downbeats[0]), (1.25, 16, 1.25));
        assert_eq!((grid.regions[0].start, grid.bpm), (1.25, 120.0));
    }

    #[test]
    fn twice_and_half_as_many_beats() {
        let double = adjusted(false, Level::Double);
        assert_eq!((double.bpm, double.beats.len(), double.beats[1]), (240.0, 32, 1.25));
        assert_eq!(double.downbeats[..3], [1.0, 2.0, 3.0]);
        let half = adjusted(false, Level::Half);
        assert_eq!((half.bpm, half.beats.len(), half.beats[1]), (60.0, 8, 2.0));
        assert_eq!(half.downbeats, [1.0, 5.0]);
        assert_eq!(half.regions[0].start_bpm, 60.0);
        let both = adjusted(true, Level::Half);
        assert_eq!((both.beats[0], both.beats[1]), (1.25, 2.25));
    }

    #[test]
    fn beats_before_the_first_bar_keep_its_parity() {
        let mut early = grid();
        early.downbeats = early.beats.iter().copied().skip(3).step_by(4).collect();
        let half = Adjustment { half_beat: false, level: Level::Half }.apply(early);
        assert_eq!(half.beats[..3], [1.5, 2.5, 3.5]);
    }

    #[test]
    fn a_grid_without_beats_stays_one() {
        let none = Grid { beats: vec![], downbeats: vec![], regions: vec![], ..grid() };
        for level in [Level::Same, Level::Double, Level::Half] {
            assert!(Adjustment { half_beat: true, level }.apply(none.clone()).beats.is_empty());
        }
    }
}

//! What the tracker makes of the families' sets.

use crate::families::Case;
use crate::recording::Recording;
use crate::score::Score;
use adm_audio::Grid;
use adm_synth::{SectionKind, SectionSpan};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// A case with what came of it.
pub struct Outcome {
    pub case: Case,
    pub grid: Grid,
    pub score: Score,
    /// Seconds of audio followed a second.
    pub speed: f64,
}

impl Outcome {
    fn of(case: Case) -> Self {
        let (recording, truth) = Recording::of(case.settings.clone());
        let began = Instant::now();
        let grid = recording.grid().unwrap_or_else(|error| panic!("{}: {error}", case.name()));
        let speed = case.settings.duration.0 / began.elapsed().as_secs_f64();
        let score = Score::of(&grid, &truth);
        let broken = |section: &&SectionSpan| section.kind == SectionKind::Break;
        let longest = truth.sections.iter().filter(broken).map(|section| section.beats).max();
        assert_eq!(longest, Some(case.settings.break_beats), "{}: its breakdown", case.name());
        Self { case, grid, score, speed }
    }

    /// A line of the table.
    pub fn line(&self) -> String {
        format!("{}  {}  {:10.2}  {:11.0}", self.case.name(), self.score.line(), self.grid.confidence, self.speed)
    }
}

/// Follows all cases on all cores; they come back in order.
pub fn follow_all(cases: Vec<Case>) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let work = || {
        let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let outcomes = taken.map_while(|at| Some((at, Outcome::of(cases.get(at)?.clone()))));
        outcomes.collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut outcomes: Vec<(usize, Outcome)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    outcomes.sort_by_key(|outcome| outcome.0);
    outcomes.into_iter().map(|outcome| outcome.1).collect()
}

//! Sets in memory, and what the tracker makes of them.

use crate::families::Case;
use crate::score::Score;
use adm_audio::grid::Search;
use adm_audio::{AudioError, Grid, GridRequest, Source, grid};
use adm_core::{Frames, SampleRate, Silent};
use adm_synth::{Annotations, DjSet, SectionKind, SectionSpan, SetSettings};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Channels of a recording.
const CHANNELS: usize = adm_synth::set::CHANNELS;
/// Frames that are handed out at once.
const BLOCK: usize = 4096;

/// A stereo recording in memory.
#[derive(Debug, Clone)]
pub struct Recording {
    rate: SampleRate,
    /// Shape `[frames, 2]`.
    pub samples: Vec<f32>,
    at: usize,
}

impl Recording {
    pub fn new(rate: SampleRate, samples: Vec<f32>) -> Self {
        Self { rate, samples, at: 0 }
    }

    /// Renders a set.
    pub fn of(settings: SetSettings) -> (Self, Annotations) {
        let rate = settings.rate;
        let set = DjSet::new(settings).unwrap();
        let (mut renderer, mut samples) = (set.render(), Vec::new());
        while let Some(block) = renderer.next_block().unwrap() {
            samples.extend_from_slice(block);
        }
        (Self::new(rate, samples), set.annotations())
    }

    /// What the tracker finds.
    pub fn grid(mut self) -> Result<Grid, AudioError> {
        grid::find(&mut self, &GridRequest::Auto(Search::default()), &Silent)
    }
}

impl Source for Recording {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        CHANNELS
    }
    fn duration_hint(&self) -> Option<Frames> {
        Some(Frames((self.samples.len() / CHANNELS) as u64))
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let end = (self.at + CHANNELS * BLOCK).min(self.samples.len());
        into.extend_from_slice(&self.samples[self.at..end]);
        let frames = (end - self.at) / CHANNELS;
        self.at = end;
        Ok(frames)
    }
}

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

impl Score {
    /// What stands above the lines of a table.
    pub const HEAD: &str = "   F70    F25    F10  down70  bias ms  MAD ms  tempo BPM  confidence  x real time";

    /// Its figures in a row.
    pub fn line(&self) -> String {
        let Self { beats: [wide, middle, narrow], downbeats, bias, deviation, tempo } = self;
        let tempo = tempo.map_or_else(|| "-".to_owned(), |error| format!("{error:.4}"));
        format!(
            "{wide:6.4} {middle:6.4} {narrow:6.4}  {downbeats:6.4}  {:7.2} {:7.2}  {tempo:>9}",
            1e3 * bias,
            1e3 * deviation
        )
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

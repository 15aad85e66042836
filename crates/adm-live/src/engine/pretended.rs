//! A maker in simulated time, for tests of hours in seconds.

use super::clock::Clock;
use super::made::Made;
use super::maker::Maker;
use super::supply::Supply;
use crate::LiveError;
use std::collections::VecDeque;
use std::time::Duration;

/// What a maker is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// The bar of this number.
    Bar(u64),
    /// What comes before the bar of this number, and after the one before it.
    Between(u64),
}

/// How long a work shall be taken to last.
pub(crate) type Cost = Box<dyn FnMut(Work) -> Duration + Send>;

/// Does all work at once, and hands bars out when they would have been made.
pub(crate) struct Pretended {
    maker: Maker,
    cost: Cost,
    /// When what sounded as each was given is over.
    permits: VecDeque<Duration>,
    busy: Option<Busy>,
    ready: VecDeque<Made>,
    failed: Option<LiveError>,
}

/// Work that is done at a time to come.
struct Busy {
    done: Duration,
    /// The bar that is made, and when what sounded as it was begun is over; nothing between bars.
    bar: Option<(Made, Duration)>,
}

impl Pretended {
    pub(crate) fn new(maker: Maker, cost: Cost) -> Self {
        let (permits, busy, ready, failed) = (VecDeque::new(), None, VecDeque::new(), None);
        Self { maker, cost, permits, busy, ready, failed }
    }

    /// Brings the maker to the time `now`.
    fn advance(&mut self, now: Duration) {
        loop {
            match self.busy.take() {
                Some(busy) if busy.done > now => {
                    self.busy = Some(busy);
                    return;
                }
                Some(Busy { bar: Some((made, ends)), .. }) => self.hand_over(made, ends, now),
                Some(_) => {}
                None if self.failed.is_some() => return,
                None => {
                    let Some(ends) = self.permits.pop_front() else { return };
                    self.start(ends, now);
                }
            }
        }
    }

    fn start(&mut self, ends: Duration, now: Duration) {
        let cost = (self.cost)(Work::Bar(self.maker.begun()));
        match self.maker.make() {
            Ok(made) => self.busy = Some(Busy { done: now + cost, bar: Some((Made { took: cost, ..made }, ends)) }),
            Err(error) => self.failed = Some(error),
        }
    }

    fn hand_over(&mut self, made: Made, ends: Duration, now: Duration) {
        if self.maker.has_time(made.samples.len(), made.took, ends.saturating_sub(now)) {
            let cost = (self.cost)(Work::Between(self.maker.begun()));
            self.maker.between();
            self.maker.learn(cost);
            self.busy = Some(Busy { done: now + cost, bar: None });
        }
        self.ready.push_back(made);
    }
}

impl Supply for Pretended {
    fn begin(&mut self, ends: Duration, clock: &dyn Clock) {
        self.permits.push_back(ends);
        self.advance(clock.now());
    }

    fn tick(&mut self, clock: &dyn Clock) {
        self.advance(clock.now());
    }

    fn take(
        &mut self,
        until: Option<Duration>,
        clock: &mut dyn Clock,
        _stop: &dyn Fn() -> bool,
    ) -> Result<Option<Made>, LiveError> {
        loop {
            self.advance(clock.now());
            if let Some(made) = self.ready.pop_front() {
                return Ok(Some(made));
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let done = self.busy.as_ref().map(|busy| busy.done);
            match until.into_iter().chain(done).min() {
                Some(wake) if wake > clock.now() => clock.sleep_until(wake),
                _ => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Bar, BarSource, Board, Chunk, Controls, Engine, EngineSettings, Event, Format, LiveReport, Ranges, Tap,
    };
    use adm_core::{Frames, SampleRate, Silent};
    use std::error::Error;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};

    const FORMAT: Format = Format { rate: SampleRate::CD, channels: 1 };

    /// Bars of a second.
    struct Seconds(Arc<AtomicU64>);

    impl BarSource for Seconds {
        fn next_bar(&mut self, _: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
            Ok(Bar { samples: vec![0.1; 44_100], bpm: 120.0, ..Bar::default() })
        }
        fn between_bars(&mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    struct Deaf;

    impl Tap for Deaf {
        fn chunk(&mut self, _: &Chunk<'_>) {}
        fn event(&mut self, _: &Event) {}
    }

    /// A minute in which a bar takes `bar` milliseconds and what is done between bars `between`: how often it was done,
    /// before which bars, and how it went.
    fn minute(ahead: usize, bar: u64, between: u64) -> (Vec<u64>, LiveReport) {
        let (calls, before) = (Arc::<AtomicU64>::default(), Arc::<Mutex<Vec<u64>>>::default());
        let noted = before.clone();
        let cost = move |work| {
            Duration::from_millis(match work {
                Work::Bar(_) => bar,
                Work::Between(next) => {
                    noted.lock().unwrap().push(next);
                    between
                }
            })
        };
        let board = Arc::new(Board::new(Controls::default(), Ranges::default()).unwrap());
        let settings = EngineSettings { ahead, stop_after: Some(Frames(60 * 44_100)), format: FORMAT };
        let engine = Engine::new(settings, board).unwrap().with_tap(Deaf);
        let report = engine.pretend(Box::new(Seconds(calls.clone())), Box::new(cost), &Silent).unwrap();
        let before = before.lock().unwrap().clone();
        assert_eq!(calls.load(Ordering::SeqCst), before.len() as u64);
        (before, report)
    }

    #[test]
    fn what_fits_is_done_after_every_bar() {
        // A bar is handed over at 0.6 of the one before it, and the next is begun at 0.5 of it: 0.9 seconds are left.
        let (before, report) = minute(1, 100, 440);
        // Sixty bars sound, and one more is made.
        assert_eq!(before, (1..=61).collect::<Vec<_>>());
        assert_eq!((report.repeats, report.making_worst), (0, 0.1), "it is no part of the making");
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_never_makes_a_bar_late() {
        let (before, report) = minute(1, 100, 600);
        assert_eq!(before, [1, 11, 21, 31, 41, 51, 61], "now and then it is tried anew");
        assert_eq!((report.repeats, report.making_worst), (0, 0.1));
        // Making takes most of a bar's time, so that a tenth of a second is left.
        assert_eq!(minute(1, 900, 60).0, [0; 0]);
        assert_eq!(minute(1, 900, 60).1.repeats, 0);
    }

    #[test]
    fn with_more_bars_ahead_the_rest_of_the_bar_that_sounds_is_left() {
        let (before, report) = minute(3, 100, 400);
        // The first three are made one after the other; the fourth is begun as the first sounds.
        assert_eq!(before, (4..=63).collect::<Vec<_>>());
        assert_eq!(report.repeats, 0);
    }
}

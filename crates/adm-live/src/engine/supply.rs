//! Where the player gets its bars: from a thread that works ahead, or, for tests, from a simulation of one.

use super::clock::Clock;
use super::made::{Made, make};
use crate::LiveError;
use crate::bar::{BarSource, Format};
use crate::controls::Board;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How often waiting is interrupted to see whether the user has asked to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Bars in their order. One is begun for each that was let begin, so the number let begin but not taken is how far ahead
/// the music is made.
pub(crate) trait Supply {
    /// Lets one more bar be begun.
    fn begin(&mut self, clock: &dyn Clock);

    /// Time has passed: what works in time of its own catches up.
    fn tick(&mut self, _clock: &dyn Clock) {}

    /// The next bar; `None` if it is not made by `until`, or the user asked to stop.
    fn take(
        &mut self,
        until: Option<Duration>,
        clock: &mut dyn Clock,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Made>, LiveError>;
}

/// A thread that makes bars ahead.
pub(crate) struct Threaded {
    permits: Sender<()>,
    bars: Receiver<Result<Made, LiveError>>,
    taken: u64,
}

impl Threaded {
    /// Starts the thread. It ends after the bar that it is at when this is dropped; nobody waits for it.
    pub(crate) fn start(mut source: Box<dyn BarSource>, board: Arc<Board>, format: Format) -> Result<Self, LiveError> {
        let (permits, begin) = channel();
        let (made, bars) = channel();
        let work = move || {
            for index in 0.. {
                if begin.recv().is_err() || made.send(make(source.as_mut(), &board, format, index)).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("adm-maker".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        Ok(Self { permits, bars, taken: 0 })
    }
}

impl Supply for Threaded {
    fn begin(&mut self, _clock: &dyn Clock) {
        // A maker that is gone is noticed where its bars are missed.
        self.permits.send(()).ok();
    }

    fn take(
        &mut self,
        until: Option<Duration>,
        clock: &mut dyn Clock,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Made>, LiveError> {
        loop {
            let left = until.map_or(GLANCE, |until| until.saturating_sub(clock.now()));
            match self.bars.recv_timeout(left.min(GLANCE)) {
                Ok(made) => {
                    self.taken += 1;
                    return made.map(Some);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(LiveError::Panicked { bar: self.taken }),
                Err(RecvTimeoutError::Timeout) if stop() || left.is_zero() => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// How long the making of a bar shall be taken to last, by its number.
pub(crate) type Cost = Box<dyn FnMut(u64) -> Duration + Send>;

/// A maker in simulated time: it makes bars at once, and hands them out when they would have been made.
pub(crate) struct Pretended {
    source: Box<dyn BarSource>,
    board: Arc<Board>,
    format: Format,
    cost: Cost,
    permits: usize,
    begun: u64,
    in_the_making: Option<(Duration, Made)>,
    ready: VecDeque<Made>,
    failed: Option<LiveError>,
}

impl Pretended {
    pub(crate) fn new(source: Box<dyn BarSource>, board: Arc<Board>, format: Format, cost: Cost) -> Self {
        let (permits, begun, in_the_making, ready, failed) = (0, 0, None, VecDeque::new(), None);
        Self { source, board, format, cost, permits, begun, in_the_making, ready, failed }
    }

    /// Brings the maker to the time `now`.
    fn advance(&mut self, now: Duration) {
        loop {
            match self.in_the_making.take() {
                Some((done, made)) if done > now => {
                    self.in_the_making = Some((done, made));
                    return;
                }
                Some((_, made)) => self.ready.push_back(made),
                None if self.permits == 0 || self.failed.is_some() => return,
                None => self.start(now),
            }
        }
    }

    fn start(&mut self, now: Duration) {
        self.permits -= 1;
        let cost = (self.cost)(self.begun);
        match make(self.source.as_mut(), &self.board, self.format, self.begun) {
            Ok(made) => self.in_the_making = Some((now + cost, Made { took: cost, ..made })),
            Err(error) => self.failed = Some(error),
        }
        self.begun += 1;
    }
}

impl Supply for Pretended {
    fn begin(&mut self, clock: &dyn Clock) {
        self.permits += 1;
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
        self.advance(clock.now());
        if self.ready.is_empty() {
            let done = self.in_the_making.as_ref().map(|(done, _)| *done);
            let wait = until.map_or(done, |until| done.map_or(Some(until), |done| Some(done.min(until))));
            clock.sleep_until(wait.unwrap_or_default());
            self.advance(clock.now());
        }
        match (self.ready.pop_front(), self.failed.take()) {
            (Some(made), failed) => {
                self.failed = failed;
                Ok(Some(made))
            }
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }
}

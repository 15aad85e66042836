//! The time that a stream keeps.

use std::thread;
use std::time::{Duration, Instant};

/// How fast the stream flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As music does: no faster than it sounds. What serves listeners without a sound card needs it.
    RealTime,
    /// As fast as the sinks take it: a sound card takes it in its own time, an encoder as fast as it is made. It is never
    /// slower than it sounds: where the end of what was sent is near and the next bar is not there, the last one repeats.
    AsTaken,
}

/// Tells the time since some moment, and waits.
pub(crate) trait Clock {
    fn now(&self) -> Duration;

    /// Waits until then; not at all if it is past.
    fn sleep_until(&mut self, until: Duration);

    /// Whether sound is held back until it is due.
    fn paces(&self) -> bool;
}

/// The system's monotonic clock.
pub(crate) struct System {
    start: Instant,
    pace: Pace,
}

impl System {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { start: Instant::now(), pace }
    }
}

impl Clock for System {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep_until(&mut self, until: Duration) {
        thread::sleep(until.saturating_sub(self.now()));
    }

    fn paces(&self) -> bool {
        self.pace == Pace::RealTime
    }
}

/// Time that passes only where somebody waits for it.
#[derive(Default)]
pub(crate) struct Simulated(Duration);

impl Clock for Simulated {
    fn now(&self) -> Duration {
        self.0
    }

    fn sleep_until(&mut self, until: Duration) {
        self.0 = self.0.max(until);
    }

    fn paces(&self) -> bool {
        true
    }
}

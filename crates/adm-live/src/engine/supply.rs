//! Where the player gets its bars: from a thread that works ahead.

use super::clock::Clock;
use super::made::Made;
use super::maker::Maker;
use crate::LiveError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often waiting is interrupted to see whether the user has asked to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Bars in their order. One is begun for each that was let begin, so the number let begin but not taken is how far ahead
/// the music is made.
pub(crate) trait Supply {
    /// Lets one more bar be begun. What sounds, and will be followed by what was made before, is over at `ends`.
    fn begin(&mut self, ends: Duration, clock: &dyn Clock);

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
    permits: Sender<Instant>,
    bars: Receiver<Result<Made, LiveError>>,
    taken: u64,
}

impl Threaded {
    /// Starts the thread. It ends after what it is at when this is dropped; nobody waits for it.
    pub(crate) fn start(maker: Maker) -> Result<Self, LiveError> {
        let (permits, begin) = channel();
        let (made, bars) = channel();
        let work = move || work(maker, &begin, &made);
        thread::Builder::new().name("adm-maker".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        Ok(Self { permits, bars, taken: 0 })
    }
}

/// Makes a bar for each permit, which says when what sounded then is over, until nobody waits for bars any more.
fn work(mut maker: Maker, begin: &Receiver<Instant>, bars: &Sender<Result<Made, LiveError>>) {
    while let Ok(ends) = begin.recv() {
        let made = maker.make();
        let size = made.as_ref().ok().map(|made| (made.samples.len(), made.took));
        if bars.send(made).is_err() {
            return;
        }
        let handed_over = Instant::now();
        if let Some((samples, took)) = size
            && maker.has_time(samples, took, ends.saturating_duration_since(handed_over))
        {
            maker.between();
            maker.learn(handed_over.elapsed());
        }
    }
}

impl Supply for Threaded {
    fn begin(&mut self, ends: Duration, clock: &dyn Clock) {
        let now = Instant::now();
        let ends = now.checked_add(ends.saturating_sub(clock.now())).unwrap_or(now);
        // A maker that is gone is noticed where its bars are missed.
        self.permits.send(ends).ok();
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

//! How early a bar is begun.

use super::feeder::CHUNK_MS;
use crate::bar::Format;
use std::collections::VecDeque;
use std::time::Duration;

/// Makings whose slowest says how early the next one must begin.
const REMEMBERED: usize = 8;

/// How many times longer than the slowest of late the next making may take.
const CAUTION: f64 = 4.0;

/// How early, from what making took of late.
pub(crate) struct Lead {
    ahead: usize,
    makings: VecDeque<Duration>,
}

impl Lead {
    /// Nothing is known yet of the making of a stream with `ahead` bars ahead.
    pub(crate) fn new(ahead: usize) -> Self {
        Self { ahead, makings: VecDeque::with_capacity(REMEMBERED) }
    }

    /// Making a bar took so long.
    pub(crate) fn learn(&mut self, took: Duration) {
        self.makings.truncate(REMEMBERED - 1);
        self.makings.push_front(took);
    }

    /// How many frames before the end of a bar of `frames` frames the next one must be begun. Later lets controls act
    /// sooner; so where only one bar is made ahead, it is begun halfway through the one that sounds, or earlier if making
    /// takes long. A bar that is sent in one chunk has no middle.
    pub(crate) fn frames(&self, frames: usize, format: Format) -> usize {
        if self.ahead > 1 || frames <= format.frames_of(CHUNK_MS) {
            return frames;
        }
        let slowest = self.makings.iter().max().map_or(0.0, Duration::as_secs_f64);
        let needed = slowest * CAUTION * format.rate.as_f64();
        (needed as usize).max(frames / 2).min(frames)
    }
}

//! From pieces of bars to chunks on time.

use super::clock::Clock;
use super::outputs::Outputs;
use crate::bar::Format;
use crate::tap::{Chunk, Event, Level};
use crate::wire;
use adm_core::Observer;
use bytes::Bytes;
use std::time::Duration;

/// Length of a chunk. Shorter lets pauses act sooner, longer costs fewer wake-ups.
pub(crate) const CHUNK_MS: u32 = 20;

/// Chunks that a level is measured over.
const LEVEL_CHUNKS: u32 = 5;

/// What is later than this is not caught up with: the machine slept, or a sink is slower than the clock.
const MOST_LATE: Duration = Duration::from_millis(250);

/// How long before the end of what a sink was given the next must be there, where it is the sink that keeps time.
const MARGIN: Duration = Duration::from_millis(60);

/// Counts the frames that leave, and lets each leave when it is due.
pub(crate) struct Feeder<'a> {
    pub format: Format,
    pub clock: Box<dyn Clock + Send>,
    pub outputs: Outputs,
    pub observer: &'a dyn Observer,
    /// Frames that have left.
    pub frame: u64,
    /// How late the latest chunk left.
    pub latest: Duration,
    /// The last frame, if there is one.
    most: Option<u64>,
    start: Duration,
    scratch: Vec<f32>,
    silence: Bytes,
    level: Loudness,
    open: bool,
}

impl<'a> Feeder<'a> {
    pub(crate) fn new(
        format: Format,
        clock: Box<dyn Clock + Send>,
        outputs: Outputs,
        most: Option<u64>,
        observer: &'a dyn Observer,
    ) -> Self {
        let samples = format.frames_of(CHUNK_MS) * format.channels;
        let (scratch, silence) = (Vec::with_capacity(samples), Bytes::from(vec![0; samples * 2]));
        let (frame, latest, start, level, open) = (0, Duration::ZERO, Duration::ZERO, Loudness::default(), true);
        Self { format, clock, outputs, observer, frame, latest, most, start, scratch, silence, level, open }
    }

    /// Makes the next frame due now.
    pub(crate) fn start(&mut self) {
        self.start = self.clock.now().saturating_sub(self.lasts(self.frame));
    }

    /// Whether anything may still leave.
    pub(crate) fn goes_on(&self) -> bool {
        self.open && !self.observer.stop_requested() && self.left() > 0
    }

    /// When what follows `frames` frames more must be there.
    pub(crate) fn deadline(&self, frames: usize) -> Duration {
        let margin = if self.clock.paces() { Duration::ZERO } else { MARGIN };
        (self.start + self.lasts(self.frame + frames as u64)).saturating_sub(margin)
    }

    /// Sends what was made as it was made: `wire` is `samples`, encoded. Both hold up to a chunk; returns its frames.
    pub(crate) fn send(&mut self, samples: &[f32], wire: Bytes) -> usize {
        let fits = self.format.frames(samples.len()).min(self.left());
        self.wait();
        let count = fits * self.format.channels;
        let chunk = Chunk { frame: self.frame, samples: &samples[..count], wire: wire.slice(..count * 2) };
        self.level.add(chunk.samples);
        self.open &= self.outputs.give(&chunk, &|| self.observer.stop_requested(), self.observer);
        self.frame += fits as u64;
        if let Some(level) = self.level.measured(self.frame) {
            self.outputs.tell(&Event::Level(level));
        }
        fits
    }

    /// Sends `samples` after an `edit`, which they are then encoded anew for.
    pub(crate) fn send_edited(&mut self, samples: &[f32], edit: impl FnOnce(&mut [f32])) -> usize {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.extend_from_slice(samples);
        edit(&mut scratch);
        let sent = self.send(&scratch, wire::encode(&scratch));
        self.scratch = scratch;
        sent
    }

    /// Sends a chunk of silence.
    pub(crate) fn send_silence(&mut self) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.resize(self.silence.len() / 2, 0.0);
        self.send(&scratch, self.silence.clone());
        self.scratch = scratch;
    }

    fn wait(&mut self) {
        let due = self.start + self.lasts(self.frame);
        let late = self.clock.now().saturating_sub(due);
        if late > MOST_LATE {
            self.start += late;
        } else if self.clock.paces() {
            self.clock.sleep_until(due);
        }
        self.latest = self.latest.max(self.clock.now().saturating_sub(due));
    }

    /// Frames until the end that was set.
    pub(crate) fn left(&self) -> usize {
        self.most.map_or(usize::MAX, |most| usize::try_from(most - self.frame).unwrap_or(usize::MAX))
    }

    fn lasts(&self, frames: u64) -> Duration {
        Duration::from_secs_f64(frames as f64 / self.format.rate.as_f64())
    }
}

#[derive(Default)]
struct Loudness {
    chunks: u32,
    samples: u32,
    peak: f32,
    squares: f32,
}

impl Loudness {
    fn add(&mut self, samples: &[f32]) {
        self.chunks += 1;
        self.samples += samples.len() as u32;
        self.peak = samples.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        self.squares += samples.iter().map(|sample| sample * sample).sum::<f32>();
    }

    fn measured(&mut self, frame: u64) -> Option<Level> {
        if self.chunks < LEVEL_CHUNKS {
            return None;
        }
        let measured = std::mem::take(self);
        Some(Level { frame, peak: measured.peak, rms: (measured.squares / measured.samples.max(1) as f32).sqrt() })
    }
}

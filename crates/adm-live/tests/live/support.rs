//! Sources, sinks and taps that tests look into.

use adm_core::{Observer, SampleRate};
use adm_live::{Bar, BarSource, BeatNote, Board, Chunk, Controls, Event, Flow, Format, LiveError, Ranges, Sink, Tap};
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A low rate, mono: tests of order and time need no more.
pub const FORMAT: Format = Format { rate: SampleRate::CD, channels: 1 };

pub fn board() -> Arc<Board> {
    Arc::new(Board::new(Controls::default(), Ranges::default()).unwrap())
}

/// Bars of a constant: bar `n` is `(n + 1) / 1000` throughout, so that what is heard says which bar it is of.
pub struct Steps {
    pub frames: usize,
    pub made: u64,
    /// How long each bar takes, in real time.
    pub nap: Box<dyn FnMut(u64) -> Duration + Send>,
}

impl Steps {
    pub fn new(frames: usize) -> Self {
        Self { frames, made: 0, nap: Box::new(|_| Duration::ZERO) }
    }
}

pub fn step(bar: u64) -> f32 {
    (bar + 1) as f32 / 1000.0
}

impl BarSource for Steps {
    fn next_bar(&mut self, controls: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
        thread::sleep((self.nap)(self.made));
        let samples = vec![step(self.made); self.frames];
        self.made += 1;
        let beat = |position: u32| {
            let frame = u64::from(position) * self.frames as u64 / 4;
            BeatNote { frame, token: position, class: position, position, recorded: false }
        };
        Ok(Bar { samples, bpm: controls.bpm, beats: (0..4).map(beat).collect(), section: "drop".to_owned() })
    }
}

/// Keeps all that it hears.
#[derive(Clone, Default)]
pub struct Ear {
    pub samples: Arc<Mutex<Vec<f32>>>,
    pub events: Arc<Mutex<Vec<Event>>>,
}

impl Tap for Ear {
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        let mut samples = self.samples.lock().unwrap();
        assert_eq!(chunk.frame, samples.len() as u64, "chunks follow each other without a gap");
        assert_eq!(chunk.wire.len(), 2 * chunk.samples.len());
        samples.extend_from_slice(chunk.samples);
    }

    fn event(&mut self, event: &Event) {
        self.events.lock().unwrap().push(event.clone());
    }
}

impl Ear {
    pub fn heard(&self) -> Vec<f32> {
        self.samples.lock().unwrap().clone()
    }

    pub fn told(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }
}

/// A sink that takes `nap` for each chunk, and keeps what it gets.
#[derive(Clone, Default)]
pub struct Bucket {
    pub samples: Arc<Mutex<Vec<f32>>>,
    pub nap: Duration,
    /// Samples after which it is closed or fails.
    pub most: Option<usize>,
    pub fails: bool,
    pub finished: Arc<AtomicBool>,
}

impl Sink for Bucket {
    fn name(&self) -> String {
        "the bucket".to_owned()
    }

    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError> {
        thread::sleep(self.nap);
        let mut kept = self.samples.lock().unwrap();
        kept.extend_from_slice(samples);
        let full = self.most.is_some_and(|most| kept.len() >= most);
        if full && self.fails {
            return Err(LiveError::Write { sink: self.name(), source: std::io::Error::other("it leaks") });
        }
        Ok(if full { Flow::Closed } else { Flow::Open })
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        self.finished.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// Remembers warnings, and asks to stop when it is told to.
#[derive(Default)]
pub struct Watcher {
    pub warnings: Mutex<Vec<String>>,
    pub stop: AtomicBool,
}

impl Observer for Watcher {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}

    fn warn(&self, text: &str) {
        self.warnings.lock().unwrap().push(text.to_owned());
    }

    fn stop_requested(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

//! All that hears the stream.

use super::lane::{Lane, Pushed};
use crate::LiveError;
use crate::tap::{Chunk, Event, Tap};
use adm_core::Observer;

/// The sinks, whose slowest sets the pace, and the taps, which have no say.
pub(crate) struct Outputs {
    lanes: Vec<Lane>,
    taps: Vec<Box<dyn Tap>>,
    failure: Option<LiveError>,
}

impl Outputs {
    pub(crate) fn new(lanes: Vec<Lane>, taps: Vec<Box<dyn Tap>>) -> Self {
        Self { lanes, taps, failure: None }
    }

    /// Hands a chunk to everybody; whether the stream goes on.
    pub(crate) fn give(&mut self, chunk: &Chunk<'_>, stop: &dyn Fn() -> bool, observer: &dyn Observer) -> bool {
        self.taps.iter_mut().for_each(|tap| tap.chunk(chunk));
        let mut at = 0;
        while at < self.lanes.len() {
            match self.lanes[at].push(chunk.samples, stop) {
                Pushed::Taken => at += 1,
                Pushed::Stopped => return false,
                Pushed::Over if !self.lose(at, observer) => return false,
                Pushed::Over => {}
            }
        }
        true
    }

    /// Takes a sink out that takes no more; whether the stream goes on. A pipe whose reader has left ends it, unless there
    /// is a server; a failure ends it if nobody else listens, and is told at the end otherwise.
    fn lose(&mut self, at: usize, observer: &dyn Observer) -> bool {
        let lane = self.lanes.remove(at);
        let name = lane.name().to_owned();
        let served = self.taps.iter().any(|tap| tap.carries_on());
        match lane.finish() {
            Ok(()) if served => observer.warn(&format!("{name} was closed, the page plays on")),
            Ok(()) => return false,
            Err(error) => {
                observer.warn(&format!("{name} takes no more: {error}"));
                self.failure.get_or_insert(error);
                return served || !self.lanes.is_empty();
            }
        }
        true
    }

    pub(crate) fn tell(&mut self, event: &Event) {
        self.taps.iter_mut().for_each(|tap| tap.event(event));
    }

    /// Lets every sink complete what it has.
    ///
    /// # Errors
    /// The first failure of any, then or before.
    pub(crate) fn finish(mut self) -> Result<(), LiveError> {
        let finished = self.lanes.drain(..).map(Lane::finish).filter_map(Result::err).collect::<Vec<_>>();
        self.failure.into_iter().chain(finished).next().map_or(Ok(()), Err)
    }
}

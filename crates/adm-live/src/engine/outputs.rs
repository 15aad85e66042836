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

    /// Hands a chunk to everybody, to the others too where one takes no more; whether the stream goes on.
    pub(crate) fn give(&mut self, chunk: &Chunk<'_>, stop: &dyn Fn() -> bool, observer: &dyn Observer) -> bool {
        self.taps.iter_mut().for_each(|tap| tap.chunk(chunk));
        let (mut at, mut goes_on) = (0, true);
        while at < self.lanes.len() {
            match self.lanes[at].push(chunk.samples, stop) {
                Pushed::Taken => at += 1,
                Pushed::Stopped => (at, goes_on) = (at + 1, false),
                Pushed::Over => goes_on &= self.lose(at, observer),
            }
        }
        goes_on
    }

    /// Takes a sink out that takes no more; whether the stream goes on. With the last pipe or card it ends, also where it is
    /// recorded, unless there is a server; without something that nobody hears it goes on as long as anything is left. A
    /// failure is told at the end.
    fn lose(&mut self, at: usize, observer: &dyn Observer) -> bool {
        let lost = self.lanes.remove(at);
        let (name, heard) = (lost.name().to_owned(), lost.is_heard());
        let served = self.taps.iter().any(|tap| tap.carries_on());
        let goes_on = served || self.lanes.iter().any(|lane| lane.is_heard() || !heard);
        match lost.finish() {
            Ok(()) if goes_on => observer.warn(&format!("{name} was closed, the music plays on")),
            Ok(()) => {}
            Err(error) => {
                observer.warn(&format!("{name} takes no more: {error}"));
                self.failure.get_or_insert(error);
            }
        }
        goes_on
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

//! The observer at a distance: a terminal that takes its time must not be heard.

use adm_core::Observer;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What the player has to say.
enum Note {
    Begin(String),
    Advance(u64),
    Status(String),
    Warn(String),
    End,
}

/// An observer for the player that never waits: it leaves notes, which another thread reads out.
pub(crate) struct Relay<'a> {
    notes: Sender<Note>,
    observer: &'a dyn Observer,
}

/// The other end of a [`Relay`].
pub(crate) struct Notes(Receiver<Note>);

/// A relay to `observer`.
pub(crate) fn relay(observer: &dyn Observer) -> (Relay<'_>, Notes) {
    let (notes, read) = channel();
    (Relay { notes, observer }, Notes(read))
}

impl Notes {
    /// Tells `observer` what is left here, until the relay is dropped.
    pub(crate) fn tell(self, observer: &dyn Observer) {
        for note in self.0 {
            match note {
                Note::Begin(stage) => observer.begin(&stage, None),
                Note::Advance(amount) => observer.advance(amount),
                Note::Status(text) => observer.status(&text),
                Note::Warn(text) => observer.warn(&text),
                Note::End => observer.end(),
            }
        }
    }
}

impl Relay<'_> {
    fn leave(&self, note: Note) {
        // The reader stays until this is dropped, unless the observer itself gave up.
        self.notes.send(note).ok();
    }
}

impl Observer for Relay<'_> {
    fn begin(&self, stage: &str, _total: Option<u64>) {
        self.leave(Note::Begin(stage.to_owned()));
    }

    fn advance(&self, amount: u64) {
        self.leave(Note::Advance(amount));
    }

    fn status(&self, text: &str) {
        self.leave(Note::Status(text.to_owned()));
    }

    fn end(&self) {
        self.leave(Note::End);
    }

    fn warn(&self, text: &str) {
        self.leave(Note::Warn(text.to_owned()));
    }

    fn stop_requested(&self) -> bool {
        self.observer.stop_requested()
    }
}

//! What happens while answers are collected, for whoever wants to say it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Events that wait for someone to ask.
const WAITING: usize = 256;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Answers came and are stored.
    Answers {
        /// Whether the participant came to the end.
        finished: bool,
    },
    /// Answers came and were not taken.
    Refused {
        /// Why.
        reason: String,
    },
    /// Something does not work here, and somebody should look at it.
    Trouble {
        /// What.
        what: String,
    },
}

/// Where events are told. Nothing waits for a listener.
#[derive(Clone)]
pub(super) struct Announcer(SyncSender<Event>);

impl Announcer {
    pub(super) fn say(&self, event: Event) {
        // Nobody listens, or not often enough: counts are kept elsewhere.
        self.0.try_send(event).ok();
    }

    /// Says what does not work, with its cause.
    pub(super) fn trouble(&self, error: &dyn std::error::Error) {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        self.say(Event::Trouble { what: format!("{error}{cause}") });
    }
}

pub(super) fn channel() -> (Announcer, Receiver<Event>) {
    let (sender, receiver) = sync_channel(WAITING);
    (Announcer(sender), receiver)
}

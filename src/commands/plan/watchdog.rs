//! The end of a trial whose first step does not end.

use super::measured::{Found, Measured};
use crate::output::write_stdout;
use std::cell::RefCell;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Tells what is known, unless it is called off in time. Whoever is told ends this process: a step cannot be stopped from within, and
/// drivers crash where they are left in the middle of one.
pub struct Watchdog(RefCell<Option<Sender<()>>>);

impl Watchdog {
    /// Waits for so long; `known` is told then, with a step that takes at least as long.
    pub fn start(patience: Duration, known: Measured) -> Self {
        let (off, called_off) = channel();
        let watch = move || {
            if called_off.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                let found = Found::AtLeast(patience.as_secs_f64());
                let measured = Measured { found, peak_memory: adm_train::memory::peak(), ..known };
                // Nobody is there to be told that nothing can be told.
                let _ = serde_json::to_string(&measured).map(|text| write_stdout(&text));
            }
        };
        std::thread::spawn(watch);
        Self(RefCell::new(Some(off)))
    }

    /// Calls it off.
    pub fn call_off(&self) {
        self.0.take();
    }
}

//! The end of a trial whose first step does not end.

use super::measured::{Found, Measured};
use crate::output::write_stdout;
use std::cell::RefCell;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Has this process tell what is known and end, unless it is called off in time: a step cannot be stopped from outside.
pub struct Watchdog(RefCell<Option<Sender<()>>>);

impl Watchdog {
    /// Waits for so long; `known` is told then, with a step that takes at least as long.
    pub fn start(patience: Duration, known: Measured) -> Self {
        let (off, called_off) = channel();
        let watch = move || {
            if called_off.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                let found = Found::AtLeast(patience.as_secs_f64());
                leave(&Measured { found, peak_memory: adm_train::memory::peak(), ..known });
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

#[expect(clippy::exit, reason = "the step that this process is at would go on")]
fn leave(measured: &Measured) -> ! {
    let told = serde_json::to_string(measured).map(|text| write_stdout(&text));
    std::process::exit(i32::from(!matches!(told, Ok(Ok(())))))
}

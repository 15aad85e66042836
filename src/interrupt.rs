//! Ctrl-C: the first one asks to stop, the second one does not wait.

use anyhow::Context;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// What a shell reports of a program that Ctrl-C ended.
pub const EXIT_CODE: u8 = 130;

/// Starts to listen for Ctrl-C and for the system's wish to end the process.
///
/// # Errors
/// A system that does not let signals be handled.
pub fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            leave();
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C was pressed.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

#[expect(clippy::exit, reason = "whoever presses Ctrl-C twice wants no orderly end")]
fn leave() -> ! {
    std::process::exit(i32::from(EXIT_CODE))
}

//! Ctrl-C: the first one asks to stop, the second one does not wait. Neither does the first where nothing is written yet that could be
//! left half done.

use anyhow::Context;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static NOTHING_TO_SAVE: AtomicBool = AtomicBool::new(false);

/// What a shell reports of a program that Ctrl-C ended.
pub const EXIT_CODE: u8 = 130;

/// Starts to listen for Ctrl-C and for the system's wish to end the process.
///
/// # Errors
/// A system that does not let signals be handled.
pub fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let nothing_to_save = NOTHING_TO_SAVE.load(Ordering::Relaxed);
        if nothing_to_save {
            say_so();
        }
        if REQUESTED.swap(true, Ordering::Relaxed) || nothing_to_save {
            leave();
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Does work that writes nothing: Ctrl-C ends the program at once meanwhile.
pub fn at_once<T>(work: impl FnOnce() -> T) -> T {
    NOTHING_TO_SAVE.store(true, Ordering::Relaxed);
    if requested() {
        say_so();
        leave();
    }
    let done = work();
    NOTHING_TO_SAVE.store(false, Ordering::Relaxed);
    done
}

/// Whether Ctrl-C was pressed.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// As a command that stops by itself does. Who reads it may be gone.
fn say_so() {
    let _read_or_not = std::io::stderr().write_all(b"interrupted\n");
}

#[expect(clippy::exit, reason = "there is nothing to save, or whoever presses Ctrl-C twice wants no orderly end")]
fn leave() -> ! {
    std::process::exit(i32::from(EXIT_CODE))
}

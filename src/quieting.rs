//! What other people's libraries would say on stderr.

/// Graphics drivers look for a Wayland display, and where no session set it up they print an error a line for each
/// attempt. A path that leads nowhere says the same to them without a word.
///
/// To be called before anything else: no other thread may read the environment meanwhile.
#[cfg(target_os = "linux")]
pub fn quiet_drivers() {
    const NAME: &str = "XDG_RUNTIME_DIR";
    if std::env::var_os(NAME).is_none() {
        #[expect(unsafe_code, reason = "this thread is the only one, so nobody reads what is being written")]
        // SAFETY: called first in `main`.
        unsafe {
            std::env::set_var(NAME, "/nonexistent");
        }
    }
}

/// Elsewhere there is nothing to quieten.
#[cfg(not(target_os = "linux"))]
pub fn quiet_drivers() {}

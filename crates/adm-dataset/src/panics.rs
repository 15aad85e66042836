//! Panics of code that is not ours to trust, as errors.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work` and turns a panic into its message.
///
/// What the panic leaves of the captures is not looked at again by any caller here: a recording's part is given up, a
/// batch is never handed over.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message_of(&*panic))
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it panicked").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive() {
        assert_eq!(catch(|| 7), Ok(7));
        assert_eq!(catch(|| panic!("plain")), Err::<(), _>("plain".to_owned()));
        assert_eq!(catch(|| panic!("step {}", 3)), Err::<(), _>("step 3".to_owned()));
        assert_eq!(catch(|| std::panic::panic_any(1)), Err::<(), _>("it panicked".to_owned()));
    }
}

//! A GPU that gives up in the middle of work.
//!
//! burn runs ahead of a GPU; what failed there comes back as a panic at some later call, often on a thread of the
//! driver's. Here such a panic becomes an error that says what to change. On the CPU a panic is a mistake of ours and stays one.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Mutex, PoisonError};

use crate::TrainError;
use crate::device::Picked;

/// Words that every backend uses for memory that was asked for and not there.
const MEMORY: [&str; 6] =
    ["out of memory", "out of device memory", "outofmemory", "can't allocate", "not enough memory", "buffer size"];

impl Picked {
    /// Does work on this device.
    ///
    /// # Errors
    /// A GPU that failed meanwhile, with its own first words. All that the work had written stays as it is.
    pub fn watch<T>(&self, work: impl FnOnce() -> T) -> Result<T, TrainError> {
        if self.is_cpu {
            return Ok(work());
        }
        let (outcome, heard) = listening(work);
        outcome.ok_or_else(|| self.failure(&heard))
    }

    fn failure(&self, heard: &[String]) -> TrainError {
        let device = self.description.clone();
        let of_memory = |line: &&str| MEMORY.iter().any(|words| line.to_lowercase().contains(words));
        // Where one failure led to others, all are told at once.
        match heard.iter().flat_map(|text| text.lines()).find(of_memory) {
            Some(line) => TrainError::OutOfMemory { device, reason: line.trim().to_owned() },
            None => TrainError::DeviceFailed { device, reason: heard.first().map_or("", String::as_str).to_owned() },
        }
    }
}

/// What `work` returns, unless it panics; and what panics on any thread said meanwhile.
fn listening<T>(work: impl FnOnce() -> T) -> (Option<T>, Vec<String>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let before = take_hook();
    set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let text = info.payload_as_str().unwrap_or("no reason given").to_owned();
        ear.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }));
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    set_hook(before);
    let heard = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
    (outcome, heard)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{DeviceChoice, pick};

    fn gpu() -> Picked {
        let cpu = pick(DeviceChoice::Cpu).unwrap();
        Picked { is_cpu: false, description: "a card".into(), ..cpu }
    }

    #[test]
    fn a_panic_on_a_gpu_is_an_error_with_its_reason() {
        assert_eq!(gpu().watch(|| 3).unwrap(), 3);
        let memory = gpu().watch(|| panic!("out of device memory allocating 99 bytes\n   0: a frame")).unwrap_err();
        assert_eq!(memory.to_string(), "a card ran out of memory: out of device memory allocating 99 bytes");
        let chain = "nothing was written\nCaused by:\n  can't allocate buffer of size: 4194\nNo backtrace available";
        let memory = gpu().watch(|| panic!("{chain}")).unwrap_err();
        assert_eq!(memory.to_string(), "a card ran out of memory: can't allocate buffer of size: 4194");
        let other = gpu().watch(|| panic!("the shader is wrong")).unwrap_err();
        assert_eq!(other.to_string(), "a card failed: the shader is wrong");
    }
}

//! What a training runs on, in words: enough to know a year later why one took longer than another.

use std::fs;

use serde::{Deserialize, Serialize};

/// A machine.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Name of the processor; empty where the system does not say (only Linux is asked).
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Memory in bytes, where the system says.
    pub memory: Option<u64>,
    /// System and architecture, as in `linux x86_64`.
    pub os: String,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Self {
            processor: processor(&read("/proc/cpuinfo")).unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: memory(&read("/proc/meminfo")),
            os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }
}

/// The first `model name` of `/proc/cpuinfo`; ARM processors without one have a `Model` or `Hardware`.
fn processor(cpuinfo: &str) -> Option<String> {
    ["model name", "Model", "Hardware"].iter().find_map(|key| value(cpuinfo, key)).map(str::to_owned)
}

/// `MemTotal` of `/proc/meminfo`, which is in units of 1,024 bytes.
fn memory(meminfo: &str) -> Option<u64> {
    value(meminfo, "MemTotal")?.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = pairs.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim());
    values.find(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says_is_read_and_what_it_does_not_is_left_out() {
        let intel = "processor\t: 0\nmodel\t\t: 143\nmodel name\t: Some Processor @ 2.10GHz\nprocessor\t: 1\n";
        assert_eq!(processor(intel).as_deref(), Some("Some Processor @ 2.10GHz"));
        assert_eq!(processor("processor\t: 0\nModel\t\t: A Board Rev 1.4\n").as_deref(), Some("A Board Rev 1.4"));
        assert_eq!(memory("MemTotal:        4015200 kB\nMemFree: 1 kB\n"), Some(4_111_564_800));
        for damaged in ["", "MemTotal", "MemTotal: much kB", "MemTotal: 99999999999999999999 kB", "model name:\n"] {
            assert_eq!((processor(damaged), memory(damaged)), (None, None), "{damaged}");
        }
        assert!(Machine::here().cores >= 1);
    }
}

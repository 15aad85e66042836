//! Memory that one step frees and the next one needs again, and how much of it a process had.
//!
//! Every step on the CPU makes and drops the same tensors, megabytes each. glibc hands blocks of that size back to the
//! system and takes them from it anew, with a page fault for every four kilobytes: a third of a step of the preset `complex`
//! on two cores. Beside a GPU it is the batches: values of 34 MB took 23 ms to make, of 17 MB 4 ms (`--example upload` of
//! `adm-kernels`), because glibc never keeps blocks of 32 MB and more by itself. Other systems' allocators are left as they are.

/// Has the process keep freed memory. It then stays as large as it was at its largest.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_freed() {
    /// Memory that is asked for at once when more is needed, in bytes.
    const PADDING: libc::c_int = 64 << 20;
    #[expect(unsafe_code, reason = "the allocator's settings have no safe interface")]
    // SAFETY: `mallopt` may be called at any time, and these values are valid for these settings.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, libc::c_int::MAX);
        libc::mallopt(libc::M_TRIM_THRESHOLD, libc::c_int::MAX);
        libc::mallopt(libc::M_TOP_PAD, PADDING);
    }
}

/// Elsewhere there is nothing to set.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_freed() {}

/// The most memory that this process has had at once, in bytes (the high-water mark of its resident set); none where the system does
/// not tell, which Linux alone does in a file.
pub fn peak() -> Option<u64> {
    high_water(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmHWM` of a `/proc/PID/status`, which is in kibibytes (proc_pid_status(5)).
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_as_the_system_writes_it() {
        let status = "Name:\tadm\nVmPeak:\t  999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 7 kB\n";
        assert_eq!(high_water(status), Some(2_097_152));
        for other in ["", "VmHWM:", "VmHWM:\t2048", "VmHWM:\tmany kB", "VmHWM:\t18446744073709551615 kB"] {
            assert_eq!(high_water(other), None, "{other:?}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_that_was_used_is_in_the_peak() {
        let before = peak().unwrap();
        let used = std::hint::black_box(vec![1u8; 64 << 20]);
        assert!(peak().unwrap() >= used.len() as u64 && peak().unwrap() >= before);
    }
}

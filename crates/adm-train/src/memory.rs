//! Memory that one step frees and the next one needs again.
//!
//! Every step on the CPU makes and drops the same tensors, megabytes each. glibc hands blocks of that size back to the
//! system and takes them from it anew, with a page fault for every four kilobytes: a third of a step of the preset `cpu`
//! on two cores. Other systems' allocators are left as they are.

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

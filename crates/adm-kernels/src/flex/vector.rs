//! Loops compiled for the widest vector unit that the processor has.
//!
//! A binary for all x86-64 machines may use four lanes; most have eight or sixteen. `pulp` compiles a closure, and what
//! is inlined into it, once for each, and picks at run time. Rust never fuses or reorders float operations, so the results
//! are the same on all of them.

/// Does work whose loops the compiler is to vectorise. Functions that it calls must be `#[inline(always)]` to take part.
#[inline(always)]
pub(super) fn vectorised<T>(work: impl FnOnce() -> T) -> T {
    pulp::Arch::new().dispatch(work)
}

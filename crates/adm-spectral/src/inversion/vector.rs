//! The widest vector instructions of the machine at hand.
//!
//! A binary for all x86-64 machines may use four lanes; most have eight or sixteen. `pulp` compiles a closure, and what
//! is inlined into it, once for each width and takes the widest that the machine has.

/// Runs `work` with the widest vector instructions. It, and what it calls, must be `#[inline(always)]` to profit.
#[inline(always)]
pub(super) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

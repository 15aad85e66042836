//! From a study to trials, hashed names and sheets.
//!
//! ```text
//! Study, sounds ─plan (trials; samples drawn and put in an order under the salt)→ planned trials
//!                                    ├─names (SHA-256 under the salt)→ what the bundle calls them
//!                                    └─sheets (public seed)→ who sees what in which order
//! ```
//!
//! Balance is kept where no truth is needed for it: over each round of sheets, every trial is heard equally often, at every place
//! in the order equally often, and every sample at every place on the page equally often. So each truth is, too, without
//! the sheets knowing it. Where a round of all blocks would take more than 2,000 sheets, it is left unfinished, and
//! [`come_out_even`] tells.

mod names;
mod plan;
mod planner;
mod predictable;
mod rounds;
mod shapes;
mod sheets;
mod slots;

pub use names::Salt;
pub use plan::{PlannedSample, PlannedTrial, Sound, plan};
pub use shapes::{shapes, sheets_of};
pub use sheets::{BlockShape, TrialShape, come_out_even, sheets};

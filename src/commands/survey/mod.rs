//! The verbs of listening tests.

mod order;
mod pack;
mod plan;
mod player;
mod rehearse;
mod report;
mod serve;

pub use order::run as order;
pub use pack::run as pack;
pub use plan::run as plan;
pub use rehearse::run as rehearse;
pub use report::run as report;
pub use serve::run as serve;

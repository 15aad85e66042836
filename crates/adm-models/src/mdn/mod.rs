//! LSTMs with mixture density networks: what vector comes next, and how surely (document 004; Bishop 1994).
//!
//! ```text
//! CSV ─Vectors→ ┐                                                  K weights π, K deviations σ, K means μ
//! dataset ─Frames→ Series ─Standard→ windows [batch, steps, columns] ─body→ ─dense→ Mixture ─→ −ln Σ π N(y; μ, σ²)
//!   (log-band)      (passages, splits)                                                  (objective)
//!
//! primer ─heard→ memory ─→ Density ─(greedy, exact, tempered, drawn)→ row ─heard→ … ─→ CSV, or frames ─phases→ WAV
//! ```
//!
//! Columns are moved to a mean of 0 and all divided by one deviation ([`Standard`]), as the document's Gaussians have one deviation
//! for all columns; a column that never changes is then 0 and costs nothing. Errors are carried back over `time_steps` rows, before
//! which `warm_up` rows are only heard, so that a batch is a function of the seed and its step alone and a run resumes bit for bit.
//!
//! With no Gaussians it is the document's regression (section 2.1.1): the network gives the row itself.

mod batches;
mod config;
mod density;
mod dream;
mod evaluate;
mod frames;
mod made_up;
mod mixture;
mod network;
mod presets;
mod resolved;
mod series;
mod shift;
mod trainee;

pub use batches::{RowBatch, Stretches};
pub use config::{AugmentConfig, BodyConfig, MdnConfig, MixtureConfig, TrainingConfig};
pub use density::{Density, Sampling};
pub use dream::{Dream, Dreamer, PRIMER};
pub use evaluate::{averaged, change, doubt, held_out_loss, is_steady};
pub use frames::Frames;
pub use made_up::made_up;
pub use mixture::{Mixture, loss};
pub use network::{Network, State};
pub use presets::{MDN, PRESETS, load};
pub use resolved::{Resolved, RowConfig, SoundConfig};
pub use series::{Passage, Series, Standard};
pub use trainee::{MdnTrainee, WriteRows};

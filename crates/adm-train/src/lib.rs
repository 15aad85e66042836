//! Training, written once.
//!
//! ```text
//! family ──Trainee──▶ train() ──▶ run directory
//!   step, preview,       │          config.toml  dataset.json  metrics.jsonl  log.txt
//!   save, load, judge    │          sittings.jsonl  samples/  checkpoints/step-N/  latest  best
//!                        └─ Observer: losses, steps a second, time left
//! ```
//!
//! A family supplies a [`Trainee`]: one optimiser step, a preview, its state. The loop decides when to do what: it counts
//! the [`Budget`], writes [`Metrics`](metrics::MetricsLog), guards against NaN and exploding gradients, takes
//! checkpoints, and stops when asked. A checkpoint needs no generator state: every random number comes from
//! `(seed, name, step)` (see `adm_core::seeds`), and so does every batch.

pub mod checkpoint;
pub mod device;
pub mod ema;
mod error;
mod looping;
pub mod machine;
pub mod memory;
pub mod metrics;
pub mod optimizer;
mod run_dir;
pub mod sitting;
mod trainee;
pub mod trial;
mod watch;
pub mod weights;

pub use device::DeviceChoice;
pub use error::{TrainError, Unusable};
pub use looping::{Budget, Ended, Schedule, Summary, train};
pub use machine::Machine;
pub use optimizer::{Learner, Optimizer, Rule};
pub use run_dir::RunDir;
pub use sitting::{OpenSitting, Sitting};
pub use trainee::{Batches, Judgement, StepContext, Trainee};

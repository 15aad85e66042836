//! The judge: how near one set of beats is to another, and whether a recording keeps its beat.
//!
//! ```text
//! beats (interleaved samples) ─features→ log-mel statistics ┐
//! reference beats ────────────features→ the same ──────────┴─distance→ Judgement
//! samples ─checks→ onsets, stereo image, level ─beats→ against the grid it should have
//! training, held-out and generated beats ─audit→ whether any were copied
//! ```
//!
//! Everything is computed from the samples alone; no model is downloaded. Distances on these features are called
//! *mel* distances: they are not comparable with figures measured on the features of some network.

pub mod audit;
pub mod beats;
pub mod checks;
pub mod collapse;
pub mod course;
pub mod distance;
pub mod error;
pub mod features;
pub mod resample;
mod robust;
pub mod yardstick;

pub use beats::{BeatChecks, Passage};
pub use collapse::{Collapse, Variety};
pub use course::{Course, course};
pub use distance::{Distances, Judge, Judgement, Measure, MeasureConfig, judge};
pub use error::EvalError;
pub use features::{Extractor, Features};
pub use resample::Estimate;
pub use yardstick::noise_like;

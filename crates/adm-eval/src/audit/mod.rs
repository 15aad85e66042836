//! Whether a generator copies its training set.
pub mod config;
pub mod exceedance;
pub mod fingerprint;
pub mod library;
pub mod report;
mod spectrogram;
pub mod verdict;
pub mod waveform;

pub use config::AuditConfig;
pub use fingerprint::{Fingerprint, Fingerprinter};
pub use library::{Library, Match};
pub use report::{Audit, Leaning, Quantiles, Same, audit};
pub use verdict::{Reason, Verdict};
pub use waveform::waveform_similarity;

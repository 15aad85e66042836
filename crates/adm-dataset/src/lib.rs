//! adm-dataset

pub mod error;
pub mod manifest;
pub mod npy;
pub mod splits;
pub mod store;
pub mod stream;

pub use error::DatasetError;
pub use manifest::Manifest;
pub use splits::{Split, SplitRule, Splits};
pub use store::Dataset;

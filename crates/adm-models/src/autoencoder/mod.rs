//! Auto-encoders: a slice through a narrow code and back (document 003, sections 3.1, 3.2.2 and 3.3; Kingma and Welling 2014).
//!
//! ```text
//! tensor [batch, channels, bins, frames]                 tensor [batch, channels, bins, frames]
//!   │ conv stride 2, LeakyReLU          × widths           ↑ tanh (+ direct: a dense layer from the code to every value)
//!   │ flatten                                              │ conv-transpose stride 2, LeakyReLU      × widths
//!   │ dense, LeakyReLU                  × dense            │ dense, LeakyReLU                        × dense
//!   │ dense                                                │
//! μ, ln σ² [batch, latent]  ─ μ + σ·ε ─→  code [batch, latent] ←─ mean + spread · noise ([`CodeSpread`])
//! ```
//!
//! Without `widths` only dense layers are left, as document 003's "simple auto-encoder" on samples has them. Without `[variational]`
//! a code is a point.
//!
//! What is learned is `error + β/values · divergence` ([`VariationalConfig`]). The document's variational auto-encoder gave back "simply
//! all training data on top of each other with noise over it" (section 4): codes that say nothing, so that the decoder makes the mean of
//! all slices. Here β is small beside the error and grows from 0, and noise is brought to where the codes are instead of the codes
//! to where the noise is.

mod codes;
mod config;
mod made_up;
mod network;
mod objective;
mod presets;
mod resolved;
mod sample;
mod trainee;
mod way;

pub use codes::CodeSpread;
pub use config::{AutoencoderConfig, CodeKind, ErrorKind, NetworkConfig, TrainingConfig, VariationalConfig};
pub use made_up::made_up;
pub use network::{Decoder, Encoded, Encoder, Network};
pub use objective::{divergence, error};
pub use presets::{AUTOENCODER, PRESETS, load};
pub use resolved::Resolved;
pub use sample::Coder;
pub(crate) use sample::open;
pub use trainee::AutoencoderTrainee;
pub use way::{Code, Way};

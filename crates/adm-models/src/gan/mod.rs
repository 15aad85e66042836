//! Deep convolutional generative adversarial networks (Radford et al. 2016; document 000, sections 5.6, 6.2, 6.3 and
//! appendix A).
//!
//! ```text
//! noise [batch, latent]                          tensor [batch, channels, bins, frames]
//!   │ dense                                        │ (augment)
//! fold [batch, widths₀, rows, columns]           conv stride 2, norm, LeakyReLU, dropout     × widths
//!   │ norm, activation                             │ flatten
//! conv-transpose stride 2, norm, activation      dense
//!   × widths                                       │
//!   │ tanh                                       logit [batch, 1]
//! tensor [batch, channels, bins, frames]
//! ```
//!
//! training-5 lets the last stage overshoot to twice the size and learns the way down with a strided convolution.

mod augment;
mod config;
mod discriminator;
mod duel;
mod generator;
mod noise;
mod objective;
mod presets;
mod resolved;
mod sample;
mod trainee;

pub use augment::{AugmentConfig, Augmentation};
pub use config::{DiscriminatorConfig, GanConfig, GeneratorConfig, Loss, NormKind, OptimizerConfig, TrainingConfig};
pub use discriminator::Discriminator;
pub use duel::Duel;
pub use generator::Generator;
pub use noise::{NoiseKind, latent, latents};
pub use objective::{discriminator_loss, generator_loss};
pub use presets::{PRESETS, load};
pub use resolved::{Resolved, SliceConfig};
pub use sample::Sampler;
pub use trainee::{AnyError, GanTrainee, Judge, WritePreview};

//! Deep convolutional generative adversarial networks (Radford et al. 2016; document 000, sections 5.6, 6.2, 6.3 and
//! appendix A; document 002, sections 4.1 to 4.4).
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
//! With a `[condition]`, a vector for the token and one for the position in the bar are added to each other and laid beside the
//! noise, and the discriminator's logit also says how well its last features go with them ([`Projection`]); or, with a width of 0, networks
//! are told nothing, and a token says whose codes noise recalls.
//!
//! With `[codes]`, noise recalls the codes of beats, and the generator also learns to make each beat of its own ([`Codes`]).
//!
//! With a `[penalty]`, a steep discriminator pays ([`PenaltyConfig`]).
//!
//! With `generator.direct`, a dense layer leads from the code to every value past all stages, before the last tanh.
//!
//! training-5 lets the last stage overshoot to twice the size and learns the way down with a strided convolution.

mod augment;
mod codes;
mod condition;
mod config;
mod discriminator;
mod duel;
mod generator;
mod made_up;
mod objective;
mod penalty;
mod pitch;
mod presets;
mod projection;
mod resolved;
mod rows;
mod sample;
mod trainee;

pub use augment::{AugmentConfig, Augmentation, Content};
pub use codes::{Codes, CodesConfig};
pub use condition::{ConditionConfig, LabelEmbedding};
pub use config::{
    DiscriminatorConfig, GanConfig, GeneratorConfig, Loss, Method, NormKind, OptimizerConfig, TrainingConfig, Upsample,
};
pub use discriminator::Discriminator;
pub use duel::{Duel, Learned, Recorded};
pub use generator::{Counts, Generator};
pub use made_up::made_up;
pub use objective::{discriminator_loss, generator_loss};
pub use penalty::PenaltyConfig;
pub use presets::{GAN, PRESETS, load};
pub use projection::Projection;
pub use resolved::Resolved;
pub(crate) use sample::open;
pub use trainee::GanTrainee;

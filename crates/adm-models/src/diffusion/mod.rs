//! Denoising diffusion probabilistic models with a U-Net, on any representation (Ho et al. 2020).
//!
//! ```text
//! tensor x₀ ──√ᾱₜ·x₀ + √(1 − ᾱₜ)·ε──▶ xₜ [batch, channels, bins, frames]        t ──sinusoids, dense──┐
//!               (NoiseSchedule)        │ stem (patches)                         token ──table──────────┴▶ told [batch, embedding]
//!                                      ▼                                                                    │ to every block
//!                 level 0  [widths₀, bins/p, frames/p]       blocks ──────── beside ────────▶ blocks ─ norm, silu, head ─▶ ε or v
//!                            │ conv stride 2                                                   ▲ conv-transpose
//!                 level 1  [widths₁, bins/2p, frames/2p]     blocks ──── beside ──▶ blocks ────┘
//!                            ⋮                                     block, attention, block
//!
//! noise x_T ─(DDPM, DDIM)→ x₀ in −1 to 1 ─(scaling, representation)→ slice
//! ```
//!
//! The network says ε (Ho et al. 2020) or v (Salimans and Ho 2022); the schedule is linear (Ho et al.) or a cosine (Nichol and Dhariwal
//! 2021); steps weigh alike or by min-SNR (Hang et al. 2023). Samples are drawn from averaged weights, by DDPM or by DDIM (Song et al.
//! 2021) in any number of strides. DDIM draws nothing on the way, so that noise is a beat and near noise a near one; what DDPM draws is drawn by the
//! noise that it starts with.
//!
//! With a `[condition]` blocks are told token and position in the bar; a share of training beats is shown without, and sampling leads away from
//! what beats are without (Ho and Salimans 2022). [`Fill`] makes a region of time anew (Lugmayr et al. 2022).
//!
//! Sides that patches and levels do not divide are padded inside the network ([`Unet::forward`]).

mod block;
mod config;
mod embedding;
mod guidance;
mod inpaint;
mod made_up;
mod noise;
mod objective;
mod open;
mod painter;
mod presets;
mod process;
mod repaint;
mod resolved;
mod sample;
mod schedule;
mod trainee;
mod unet;

pub use block::ResidualBlock;
pub use config::{
    ConditionConfig, DiffusionConfig, NetworkConfig, NoiseConfig, ObjectiveConfig, Prediction, ScheduleConfig,
    TrainingConfig,
};
pub use embedding::{StepEmbedding, Told};
pub use guidance::guided;
pub use inpaint::{Fill, fill};
pub use made_up::made_up;
pub use noise::normals;
pub use objective::{Exercise, loss};
pub use open::Repainter;
pub(crate) use open::open;
pub use painter::Painter;
pub use presets::{DIFFUSION, PRESETS, load};
pub use process::Process;
pub use repaint::Repaint;
pub use resolved::Resolved;
pub use sample::{Method, Sampling, SamplingWish, Stride, sample, stride, strides};
pub use schedule::NoiseSchedule;
pub use trainee::DiffusionTrainee;
pub use unet::Unet;

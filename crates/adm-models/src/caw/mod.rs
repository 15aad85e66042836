//! Catch-A-Waveform: music like one recording of less than two minutes (document 001; Greshler et al. 2021).
//!
//! ```text
//! recording ─resample→ Pyramid: 320 Hz, 400 Hz … its own rate
//!
//! noise ─G₀→ s₀ ─resample→ ─+ noise→ ─G₁→ ─+→ s₁ ─ … ─→ sₙ ─→ WAV          a fake, of any length
//!                  └──────────────────────┘
//! fixed noise ─G₀→ … ─Gₙ→ the recording again                              the reconstruction, which anchors it
//! ```
//!
//! Every scale has a generator, which says what is to be added to the scale below, and a critic of the same eight dilated layers, which hear
//! 2,041 samples: six seconds at the first scale, an eighth of a second at the last. So structure is decided at the lowest rates and sound
//! above them. Scales are trained one after the other, each to its end, and each from the weights of the one below.
//!
//! A step belongs to a scale by the count of steps, or by the clock where a sitting has a time; what a checkpoint holds is the step at which
//! each scale ended, the generators of all scales, and the state of the one in training. Reconstructions, noise and statistics follow from
//! these alone, so a run goes on bit for bit within a scale and between two.
//!
//! Norms take the statistics of the signal itself in training. A finished generator keeps those of the reconstruction, and beside them those of
//! a signal that it made up: then a sample depends on what its layers hear and on nothing else, and music of any length is made in parts.

mod account;
mod body;
mod config;
mod critic;
mod emphasis;
mod error;
mod evaluate;
mod generator;
mod holes;
mod ladder;
mod made_up;
mod noise;
mod norm;
mod pace;
mod presets;
mod pyramid;
mod recording;
mod resolved;
mod sample;
mod signal;
mod spectral;
mod stage;
mod trainee;

pub use config::{
    CawConfig, LossConfig, NetworkConfig, OptimizerConfig, PyramidConfig, RecordingConfig, TrainingConfig,
};
pub use critic::Critic;
pub use error::CawError;
pub use evaluate::{error_share, framewise_distance, largest_correlation, snr, spectral_distance};
pub use generator::Generator;
pub use holes::{Hole, check_holes};
pub use made_up::made_up;
pub use presets::{CAW, PRESETS, load};
pub use pyramid::{Pyramid, Scale};
pub use recording::{RECORDING, Recording};
pub use resolved::{Resolved, SoundConfig};
pub use sample::{CawSampler, Made};
pub use signal::{HIGHEST_RATE, LOWEST_RATE, Signal};
pub use trainee::{CawTrainee, WriteSound};

//! Sequencers: networks that learn in what order tokens follow one another (document 000, sections 5.8, 6.5–6.7 and 7.2).
//!
//! ```text
//! passages of tokens ─Corpus→ windows [batch, time steps] ─┐
//!   the token before, its class, the clock ─embeddings→ x  │           founding presets: an LSTM
//!   x ─body→ h [batch, steps, width]                       ├ loss      clockwork: a layer a beat, a bar, a phrase
//!   h ─head→ log p(token | all before) [.., vocabulary] ───┘           transformer: attention over the last time steps
//!
//! n-grams of training, echoes of late ─Counting (shares found on held-out beats)→ mixed with p
//!
//! checkpoint ─Composer→ TokenStream ─(temperature, top-k, top-p, repetition, a section's bias)→ token after token
//! ```
//!
//! The clock of a token is its beat's number within sixteen, from the beginning of a bar on: a bar has four beats, a phrase
//! four bars. What is held out of training is neither predicted nor seen there.

use adm_core::BEATS_PER_BAR;

mod batches;
mod config;
mod corpus;
pub mod counting;
mod evaluate;
mod held_out;
pub mod made_up;
mod network;
pub mod ngram;
mod objective;
mod presets;
mod resolved;
mod sample;
mod shares;
mod stream;
pub mod synthetic;
mod trainee;

pub use batches::{WindowBatch, Windows};
pub use config::{BodyConfig, CountingConfig, InputConfig, SequencerConfig, TrainingConfig};
pub use corpus::{Corpus, Passage};
pub use counting::Counting;
pub use evaluate::{Balance, Foretold, Scores};
pub use held_out::{HeldOut, own_and_recorded};
pub use network::{Network, State};
pub use objective::negative_log_likelihood;
pub use presets::{PRESETS, SEQUENCER, load};
pub use resolved::{Resolved, TokenConfig};
pub use sample::{SamplingSettings, draw};
pub use shares::{ECHOES, Shares};
pub use stream::{Composer, TokenStream};
pub use trainee::SequencerTrainee;

/// Beats in a phrase of four bars, after which the clock starts again.
pub const PHRASE: u64 = 4 * BEATS_PER_BAR;

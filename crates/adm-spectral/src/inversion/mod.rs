//! From magnitudes back to a signal: the phases that a network's picture leaves out.
//!
//! ```text
//! magnitudes ─start: phases by PGHI, chance or alignment→ estimate ─refine: Griffin-Lim→ estimate ─finish→ signals
//! ```
//!
//! An [`Inverter`] is planned once for signals of one length and shared by all threads; each thread brings its own
//! [`InversionScratch`], and then nothing is allocated from slice to slice. [`Inverter::invert`] goes the whole way in
//! one call; `start`, `refine` and `finish` go it step by step and may stop and go on at any iteration. [`LivePghi`]
//! takes a stream frame by frame instead.
//!
//! # Methods
//!
//! How near a signal's magnitudes come to those wanted is its spectral [`Convergence`], 20·log₁₀ of the relative error,
//! and speed is seconds of sound a second on one core with AVX-512. Ten seconds of techno at 44.1 kHz, n_fft
//! 2048, hop 512, medians of five seeds, printed by `cargo run --release -p adm-spectral --example inversion`:
//!
//! | method | iterations | dB | × real time |
//! |-|-|-|-|
//! | `auto` | 8 | -27.9 | 180 |
//! | `auto` | 32 | -31.6 | 80 |
//! | `pghi` | | -20.6 | 300 |
//! | [`LivePghi`] | | -20.2 | 285 |
//! | `fast-griffin-lim` | 32 | -24.4 | 110 |
//! | `griffin-lim` | 32 | -16.5 | 110 |
//! | `slaney` | 8 | -17.7 | 290 |
//! | `random` | | -3.9 | 2,000 |
//! | librosa 0.11, `griffinlim` | 32 | -24.1 | 13 |
//!
//! The last row is by `benches/peers/inversion.py`. Random starts scatter: the figures of `griffin-lim` by 3 dB.
//!
//! # The stereo image
//!
//! Magnitudes say how loud each channel is, not how the channels lie to each other. Inverted each on its own, both come
//! nearest to their magnitudes, but what was in the middle no longer is: their correlation is lost. Errors of the
//! correlation between left and right over a third of an octave and 93 ms, and of their level difference, on four clips
//! of ten seconds with `auto` (n_fft 2048, hop 512), printed by the example `stereo_image`:
//!
//! | channels | phases | dB | correlation | levels, dB |
//! |-|-|-|-|-|
//! | left/right | `apart` | -22.4 … -30.5 | 0.63 … 1.03 | 0.1 … 0.3 |
//! | left/right | `shared-start` | -20.6 … -29.7 | 0.14 … 0.40 | 0.1 … 0.5 |
//! | left/right | `shared` | -18.2 … -28.3 | 0.38 … 0.74 | 0.2 … 0.9 |
//! | mid/side | `apart` | -5.5 … -21.0 | 0.04 … 0.12 | 2.7 … 8.7 |
//! | mid/side | `shared-start` | -9.9 … -21.2 | 0.05 … 0.15 | 2.5 … 7.8 |
//! | mid/side | `shared` | -10.1 … -22.9 | 0.05 … 0.16 | 2.2 … 7.7 |
//!
//! So left and right start with one phase, found from `√(L² + R²)`, and iterate each on its own. Mid and side stay a
//! quarter of a turn apart, whereby `|left| = |right|` in every point and their correlation is `(M² - S²)/(M² + S²)`,
//! right as far as magnitudes can tell: on which side a sound stands, the sign of side against mid, they do not. A
//! picture of left and right keeps places; a picture of mid and side keeps width.

mod buckets;
mod config;
mod convergence;
mod frame_fft;
mod griffin_lim;
mod inverter;
mod layout;
mod live;
mod pair;
mod pghi;
mod scratch;
mod shape;
mod slaney;
mod start;
mod transform;
mod turns;
mod vector;

pub use config::{InversionConfig, PhaseMethod, StereoPhase};
pub use convergence::Convergence;
pub use inverter::Inverter;
pub use layout::ChannelLayout;
pub use live::LivePghi;
pub use scratch::{InversionScratch, InversionState};
pub use shape::StftShape;
pub use transform::{CentredStft, LARGEST_MAGNITUDE};

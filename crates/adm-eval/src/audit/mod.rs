//! Whether a generator copies its training set.
//!
//! ```text
//! training beats ──fingerprint→ Library ┐
//! held-out beats ──fingerprint──────────┼─audit→ verdict, reasons, the beats that may be copies and what of
//! generated beats ─fingerprint──────────┘
//! ```
//!
//! Dance music repeats itself, so a beat that is like a training beat proves nothing: beats that were held out are too. What
//! counts is that generated beats are nearer to training beats than held-out ones are, as in the three-sample test of Meehan,
//! Chaudhuri & Dasgupta ("A non-parametric test to detect data-copying in generative models", AISTATS 2020).
//!
//! **Similarity.** A fingerprint is a log-mel picture of the slice taken as a loop ([`fingerprint`]), and the similarity of two
//! is their correlation at the best shift. Gain, shift, polarity and swapped channels leave it at 0.999 and more; a straight
//! tilt of the spectrum is taken out as far as the picture's floor allows.
//!
//! **Reasons for doubt**, each with an exact test or a stated assumption:
//! - [`Reason::Nearer`]: more beats lie above the top of the held-out similarities than chance allows
//!   ([`exceedance::p_value`]). From [`AuditConfig::fail_share`] of them on, the verdict is [`Verdict::Copies`].
//! - [`Reason::Same`]: a few beats lie so far beyond the held-out ones that chance is no explanation
//!   ([`exceedance::tail_p_value`]).
//! - [`Reason::Leaning`]: the generated beats' nearest recorded beats are training beats more often than those make up of all
//!   recorded beats. It finds copies that distortion has made less similar than held-out beats are, as long as they stay
//!   nearer to their original than to its neighbours. It can also mean that the generator plays a part of a recording from
//!   which nothing was held out: hence [`Verdict::Suspicious`] and no more.
//! - [`Reason::Repeats`]: held-out beats themselves are the same as training beats, and generated ones come near: without a
//!   stronger reason beside it, [`Verdict::CannotTell`].
//!
//! **What it finds.** 20 synthesised sets of 8 songs: 384 beats to train on, 128 held out, 128 new ones or 150 copies.
//! Verdicts of 20 (`cargo run --release -p adm-eval --example audit -- 20`); *similarity* is the generated beats' median,
//! that of held-out beats being 0.93; *flagged* is their share above the threshold; *lean* the share nearest to a training
//! beat, 0.75 by chance:
//!
//! | generator | similarity | flagged | lean | clean | suspicious | copies | cannot tell |
//! |---|---|---|---|---|---|---|---|
//! | new beats of the same songs | 0.932 | 0.007 | 0.75 | 20 | 0 | 0 | 0 |
//! | beats of other songs | 0.831 | 0.000 | 0.74 | 20 | 0 | 0 | 0 |
//! | copies | 1.000 | 1.000 | 1.00 | 0 | 0 | 20 | 0 |
//! | copies, −10 dB, shifted | 1.000 | 1.000 | 1.00 | 0 | 0 | 20 | 0 |
//! | copies, tilted by 10 dB | 0.974 | 0.135 | 0.99 | 0 | 8 | 12 | 0 |
//! | copies, tilted by 19 dB | 0.927 | 0.011 | 0.90 | 17 | 2 | 1 | 0 |
//! | copies under noise at −20 dB | 0.977 | 0.121 | 0.99 | 0 | 12 | 8 | 0 |
//! | copies under noise at −10 dB | 0.858 | 0.000 | 0.80 | 20 | 0 | 0 | 0 |
//! | copies under noise at 0 dB | 0.746 | 0.000 | 0.52 | 20 | 0 | 0 | 0 |
//! | copies, phases lost | 0.948 | 0.016 | 1.00 | 0 | 19 | 1 | 0 |
//! | 75 % a copy, 25 % another | 0.949 | 0.110 | 0.98 | 0 | 10 | 10 | 0 |
//! | averages of two | 0.862 | 0.001 | 0.89 | 19 | 1 | 0 | 0 |
//! | 3 % shifted copies among new beats | 0.933 | 0.039 | 0.75 | 0 | 19 | 1 | 0 |
//! | 10 % shifted copies among new beats | 0.937 | 0.108 | 0.78 | 0 | 0 | 20 | 0 |
//! | one beat over and over | 1.000 | 1.000 | 1.00 | 0 | 0 | 20 | 0 |
//!
//! So exact copies are found even where they are few. Under loud noise, in even mixtures or behind a steep filter a copy is as
//! far from its original as the neighbours of that are, in these songs, which differ from beat to beat by little more than hats
//! and levels; where beats differ more, such copies lean too. A clean verdict therefore says that nothing was found,
//! not that nothing was learnt by heart. Fewer than a hundred held-out or generated beats find only what is blatant.
//!
//! Beats of a set hang together, yet the tests take them as independent, except that of leaning ([`exceedance::effective`]);
//! [`AuditConfig::alpha`] is strict for that reason.

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

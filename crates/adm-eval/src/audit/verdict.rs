//! What the audit says, in words.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The audit's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No sign of copying: generated beats lie no nearer to training beats than held-out beats do.
    Clean,
    /// Some beats are copies, or many lean to the training set without being near enough to be called copies.
    Suspicious,
    /// More beats than [`super::AuditConfig::fail_share`] lie nearer to a training beat than held-out beats do.
    Copies,
    /// The recorded beats repeat one another so exactly that a copy and a repeat look the same.
    CannotTell,
}

/// Why the verdict is not [`Verdict::Clean`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// More beats than chance allows are nearer to a training beat than nearly all held-out beats.
    Nearer,
    /// More beats than held-out ones are the same as a training beat.
    Same,
    /// The generated beats sit beside training beats, seldom beside held-out ones, as blurred or noisy copies do.
    Leaning,
    /// Generated and held-out beats alike are the same as training beats.
    Repeats,
}

impl Verdict {
    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Clean => "nothing needs to be done",
            Self::Suspicious => {
                "listen to the named beats beside their training beats; more data, stronger augmentation or an earlier checkpoint help"
            }
            Self::Copies => {
                "do not publish this as new music; train on more data, with stronger augmentation, or take an earlier checkpoint"
            }
            Self::CannotTell => {
                "hold out recordings that share no loops with the training set, or use longer slices (--beats-per-slice 4)"
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clean => "no copies found",
            Self::Suspicious => "some beats may be copies of the training set",
            Self::Copies => "copies of the training set",
            Self::CannotTell => "cannot tell copies from loops that the recordings repeat",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nearer => {
                "more generated beats than chance allows are nearer to a training beat than held-out beats are"
            }
            Self::Same => "generated beats are the same as training beats more often than held-out beats are",
            Self::Leaning => {
                "generated beats sit beside training beats rather than beside held-out ones, as distorted copies do"
            }
            Self::Repeats => {
                "held-out beats are themselves the same as training beats, so a copy looks like a repeated loop"
            }
        })
    }
}

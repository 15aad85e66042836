//! Whether a generator makes many beats or a few over and over.
//!
//! Two figures, each as a share of what held-out recorded beats reach: how different beats are from each other (diversity), and
//! how many tokens they are of. A generator that has collapsed loses both. One that makes nothing like the reference can be as
//! varied as it likes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Share of held-out beats' diversity or tokens under which a generator makes hardly more than one beat.
const COLLAPSED: f64 = 0.25;

/// Share under which it leaves much out.
const NARROW: f64 = 0.6;

/// Share of held-out beats' diversity from which beats are as different as recorded ones.
const ALIKE: f64 = 0.9;

/// What is held against held-out beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variety {
    /// The candidate's diversity over held-out beats'.
    pub diversity: f64,
    /// The candidate's distinct tokens over those of as many held-out beats, where tokens are known.
    pub tokens: Option<f64>,
}

/// What that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Collapse {
    /// About as varied as recorded beats.
    Varied,
    /// Clearly less.
    Narrow,
    /// Few beats over and over.
    Collapsed,
}

impl Variety {
    /// Few tokens alone prove nothing: beats of other music are of few tokens of this one's book, however varied they are. So they
    /// count only where diversity is lower than recorded beats', too.
    pub fn verdict(self) -> Collapse {
        let Self { diversity, tokens } = self;
        let few = |share: f64, doubt: f64| diversity < doubt && tokens.is_some_and(|tokens| tokens < share);
        if diversity < COLLAPSED || few(COLLAPSED, NARROW) {
            Collapse::Collapsed
        } else if diversity < NARROW || few(NARROW, ALIKE) {
            Collapse::Narrow
        } else {
            Collapse::Varied
        }
    }
}

impl fmt::Display for Collapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Varied => "about as varied as recorded beats",
            Self::Narrow => "less varied than recorded beats: kinds of beats are left out",
            Self::Collapsed => "collapsed: few beats over and over",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_diversity_decides_and_few_tokens_only_beside_it() {
        let verdict = |diversity, tokens| Variety { diversity, tokens }.verdict();
        assert_eq!(verdict(1.0, None), Collapse::Varied);
        assert_eq!(verdict(1.0, Some(0.9)), Collapse::Varied);
        assert_eq!(verdict(1.0, Some(0.1)), Collapse::Varied, "other music");
        assert_eq!(verdict(0.8, Some(0.5)), Collapse::Narrow);
        assert_eq!(verdict(0.5, Some(1.2)), Collapse::Narrow);
        assert_eq!(verdict(0.5, Some(0.01)), Collapse::Collapsed);
        assert_eq!(verdict(0.0, None), Collapse::Collapsed);
    }
}

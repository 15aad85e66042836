//! What music does not have by chance, so that one sound that has it is told.

use super::features::{ONE_CHANNEL, OTHERWISE};
use super::{Found, Group, Leak, Severity};
use std::fmt;

/// Share of sounds by which two truths differ where a mark tells most of them.
const MOST: f64 = 0.5;

/// Something that music has not by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Both channels are the same, or as good as that.
    Mono,
    /// A mean of half a step of 16 bits or more.
    Constant,
    /// A stretch of nothing but dither.
    Silence,
    /// A passage that comes again and differs in its dither alone: a program subtracts a sound from itself, a beat later.
    Repeat,
}

impl Mark {
    const ALL: [Self; 4] = [Self::Mono, Self::Constant, Self::Silence, Self::Repeat];

    fn severity(self, difference: f64) -> Severity {
        match self {
            Self::Mono if difference < MOST => Severity::Warning,
            Self::Mono | Self::Constant => Severity::Error,
            Self::Silence => Severity::Warning,
            Self::Repeat => Severity::Note,
        }
    }

    fn mend(self) -> Option<&'static str> {
        match self {
            Self::Mono => Some(ONE_CHANNEL),
            Self::Silence => Some(OTHERWISE),
            Self::Constant | Self::Repeat => None,
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mono => "no stereo width",
            Self::Constant => "a constant",
            Self::Silence => "digital silence",
            Self::Repeat => "a passage that comes again exactly, as in music that is made of loops",
        })
    }
}

/// The marks that some sounds of one truth have, and a smaller share of the other's.
pub(super) fn leaks<'a>(pair: [&'a Group<'_>; 2]) -> impl Iterator<Item = Leak> + 'a {
    Mark::ALL.into_iter().filter_map(move |mark| {
        let count = |(truth, all): &Group<'_>| {
            ((*truth).to_owned(), all.iter().filter(|found| found.has(mark)).count(), all.len())
        };
        let share = |(_, marked, of): &(String, usize, usize)| *marked as f64 / (*of).max(1) as f64;
        let mut counts = pair.map(count);
        counts.sort_by(|a, b| share(b).total_cmp(&share(a)));
        let difference = share(&counts[0]) - share(&counts[1]);
        // Where both have it, what differs may be chance.
        (counts[0].1 > 0 && (counts[1].1 == 0 || difference >= MOST)).then(|| Leak {
            severity: mark.severity(difference),
            found: Found::Marked { mark: mark.to_string(), counts },
            mend: mark.mend().map(str::to_owned),
        })
    })
}

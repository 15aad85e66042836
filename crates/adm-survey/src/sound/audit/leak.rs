//! What was found, in words.

use std::fmt;

/// Something that tells truths apart without listening.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub found: Found,
    /// What of the study mends it, where anything does.
    pub mend: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A number that is higher where the truth is another.
    Apart {
        /// What was measured.
        feature: String,
        /// Its unit.
        unit: &'static str,
        /// The truths and the range of each, the lower one first.
        ranges: [(String, [f64; 2]); 2],
        /// Share of pairs, one sound of each truth, in which the second has the higher value; ties count half. 0.5 is chance, 1
        /// has no exception.
        share: f64,
        /// The probability of ranks so uneven where truth has nothing to do with them; 0 where nothing may differ at all.
        p: f64,
    },
    /// Something that music has not by chance, and that is told by a single sound.
    Marked {
        /// What it is.
        mark: String,
        /// The truths, how many sounds of each have it, and how many sounds there are of each; the one with the larger share first.
        counts: [(String, usize, usize); 2],
    },
    /// Nothing could be found in numbers: even a perfect separation would be chance.
    TooFew {
        /// The truths, and how many sounds there are of each.
        truths: [(String, usize); 2],
        /// How many of each it takes.
        needed: usize,
    },
}

/// How bad a leak is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Music differs in it; a listener may hear it too.
    Note,
    /// It should be looked at.
    Warning,
    /// The test is not blind.
    Error,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Found::Apart { feature, unit, ranges: [(low, [a, b]), (high, [c, d])], share, .. } => {
                write!(
                    f,
                    "{feature} tells \"{low}\" ({a:.1} to {b:.1} {unit}) from \"{high}\" ({c:.1} to {d:.1} {unit})"
                )?;
                match *share < 1.0 {
                    true => write!(f, " in {:.0} of 100 pairs", (100.0 * share).floor()),
                    false => Ok(()),
                }
            }
            Found::Marked { mark, counts: [(most, a, of_a), (least, b, of_b)] } => {
                write!(f, "{mark}: {a} of {of_a} \"{most}\", {b} of {of_b} \"{least}\"")
            }
            Found::TooFew { truths: [(one, a), (two, b)], needed } => write!(
                f,
                "too few sounds to look for leaks in what is measured: {a} \"{one}\" and {b} \"{two}\", {needed} of each are needed"
            ),
        }
    }
}

/// All notes among leaks, in as few lines as they take: the numbers by which two truths differ are one.
pub fn notes(leaks: &[Leak]) -> Vec<String> {
    let notes = || leaks.iter().filter(|leak| leak.severity == Severity::Note);
    let mut apart: Vec<([&str; 2], Vec<&str>)> = Vec::new();
    for leak in notes() {
        if let Found::Apart { feature, ranges: [(one, _), (two, _)], .. } = &leak.found {
            let mut pair = [one.as_str(), two];
            pair.sort_unstable();
            match apart.iter_mut().find(|(known, _)| *known == pair) {
                Some((_, features)) => features.push(feature),
                None => apart.push((pair, vec![feature])),
            }
        }
    }
    let told = apart.into_iter().map(|([one, two], features)| {
        format!("a program tells \"{one}\" from \"{two}\" by their music, which nothing mends: {}", features.join(", "))
    });
    let others = notes().filter(|leak| !matches!(leak.found, Found::Apart { .. })).map(Leak::to_string);
    told.chain(others).collect()
}

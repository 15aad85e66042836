//! What all jobs together have kept and left out so far, for the progress line.

use super::part::Part;
use adm_audio::Verdict;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Why a slice is left out, as it is named in manifests; `None` for one that is kept.
pub(super) fn reason(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Keep => None,
        Verdict::Silent => Some("silent"),
        Verdict::Clipped => Some("clipped"),
        Verdict::TooShort => Some("too-short"),
        Verdict::Uncertain => Some("uncertain"),
    }
}

const LABELS: [&str; 5] = ["kept", "silent", "clipped", "too-short", "uncertain"];

/// Counts that all jobs share.
#[derive(Debug, Default)]
pub(super) struct RunningTally([AtomicUsize; 5]);

impl RunningTally {
    pub(super) fn count(&self, verdict: Verdict) {
        self.add(reason(verdict).unwrap_or("kept"), 1);
    }

    /// Counts a part that was whole already.
    pub(super) fn count_part(&self, part: &Part) {
        self.add("kept", part.spans.len());
        part.tally.left_out.iter().for_each(|(reason, count)| self.add(reason, *count));
    }

    /// Such as `5012 kept, 96 silent, 3 clipped`.
    pub(super) fn text(&self) -> String {
        let counts = LABELS.iter().zip(&self.0).map(|(label, count)| (label, count.load(Ordering::Relaxed)));
        let shown = counts.filter(|(label, count)| *count > 0 || **label == "kept");
        shown.map(|(label, count)| format!("{count} {label}")).collect::<Vec<_>>().join(", ")
    }

    fn add(&self, label: &str, amount: usize) {
        if let Some(at) = LABELS.iter().position(|known| *known == label) {
            self.0[at].fetch_add(amount, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_what_there_is() {
        let tally = RunningTally::default();
        assert_eq!(tally.text(), "0 kept");
        for verdict in [Verdict::Keep, Verdict::Keep, Verdict::Silent, Verdict::TooShort] {
            tally.count(verdict);
        }
        assert_eq!(tally.text(), "2 kept, 1 silent, 1 too-short");
    }
}

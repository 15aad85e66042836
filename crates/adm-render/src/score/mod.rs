//! What a rendering plays, for other programs to read: notes for a sequencer, sections for a player.
//!
//! ```text
//! tokens, classes ─notes→ channels and keys ─┐
//! timeline ──────────────── tempo and bars ──┼─midi→ music.mid
//! sections ───────────────────── markers ────┘
//! sections ──────────────────────── cue ───────────→ music.cue
//! ```

mod cue;
mod midi;
mod notes;

pub use cue::{check_cue, write_cue};
pub use midi::{Score, write_midi};
pub use notes::{KEYS, Note, Notes};

use crate::{RenderError, Timeline};

/// A part of the piece that has a name: from its first beat to the next section's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its first beat, from 0.
    pub beat: u64,
    /// What it is called: `intro`, `drop`.
    pub name: String,
}

/// Checks that sections begin with the piece, follow one another and lie in it.
fn check_sections(sections: &[Section], timeline: Timeline, flag: &'static str) -> Result<(), RenderError> {
    let begins = sections.first().is_none_or(|first| first.beat == 0);
    let follows = sections.is_sorted_by(|a, b| a.beat < b.beat);
    let ends = sections.last().is_none_or(|last| last.beat < timeline.beats());
    if begins && follows && ends {
        return Ok(());
    }
    let starts: Vec<String> = sections.iter().take(20).map(|section| section.beat.to_string()).collect();
    Err(RenderError::BadSetting {
        what: "the first beats of the sections",
        expected: "from 0 up, each after the one before, within the piece",
        actual: starts.join(", "),
        flag: Some(flag),
    })
}

/// A name on one line: what would end it or its quotes is replaced.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c == '"' { '\'' } else { c }).filter(|c| !c.is_control()).collect()
}

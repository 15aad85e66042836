//! A cue sheet: where the sections of a file begin.

use super::{Section, check_sections, one_line};
use crate::error::cannot_write;
use crate::{RenderError, Timeline};
use std::fmt::Write;
use std::path::Path;

/// Parts of a second that a cue sheet counts in.
const PARTS: u64 = 75;
/// Most tracks of a cue sheet.
const MOST_TRACKS: usize = 99;

/// Writes a cue sheet of the sections of `audio`, a WAV file that lies beside it, whole or not at all.
///
/// Times are minutes, seconds and 75ths of a second, rounded down, so that a section's first attack is never cut off.
///
/// # Errors
/// [`RenderError::BadSetting`] for no sections, more than 99, or sections out of order; [`RenderError::Write`].
pub fn write_cue(path: &Path, audio: &Path, timeline: Timeline, sections: &[Section]) -> Result<(), RenderError> {
    check_cue(timeline, sections)?;
    adm_core::persist::write_bytes(path, sheet(audio, timeline, sections).as_bytes()).map_err(cannot_write(path))
}

/// Says early what [`write_cue`] would say of these sections.
///
/// # Errors
/// [`RenderError::BadSetting`] for no sections, more than 99, or sections out of order.
pub fn check_cue(timeline: Timeline, sections: &[Section]) -> Result<(), RenderError> {
    check_sections(sections, timeline, "--form")?;
    if sections.is_empty() || sections.len() > MOST_TRACKS {
        let (what, actual) = ("the number of sections in a cue sheet", sections.len().to_string());
        return Err(RenderError::BadSetting { what, expected: "from 1 to 99", actual, flag: Some("--form") });
    }
    Ok(())
}

fn sheet(audio: &Path, timeline: Timeline, sections: &[Section]) -> String {
    let name = |part: Option<&std::ffi::OsStr>| one_line(&part.unwrap_or_default().to_string_lossy());
    let mut text = format!("TITLE \"{}\"\nFILE \"{}\" WAVE\n", name(audio.file_stem()), name(audio.file_name()));
    for (number, section) in (1..).zip(sections) {
        let (title, time) = (one_line(&section.name), time(timeline, section.beat));
        // Writing to a string does not fail.
        let _ = write!(text, "  TRACK {number:02} AUDIO\n    TITLE \"{title}\"\n    INDEX 01 {time}\n");
    }
    text
}

fn time(timeline: Timeline, beat: u64) -> String {
    let parts = timeline.bpm().beat_start(beat, timeline.rate()) * PARTS / u64::from(timeline.rate().hz());
    let seconds = parts / PARTS;
    format!("{:02}:{:02}:{:02}", seconds / 60, seconds % 60, parts % PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, SampleRate};

    fn section(beat: u64, name: &str) -> Section {
        Section { beat, name: name.to_owned() }
    }

    fn timeline(bpm: f64, beats: u64) -> Timeline {
        Timeline::new(Bpm::new(bpm).unwrap(), SampleRate::CD, beats).unwrap()
    }

    #[test]
    fn a_sheet_names_each_section_at_its_beat() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("music.cue");
        let sections = [section(0, "intro"), section(32, "the \"drop\"\r\n"), section(49_000, "outro")];
        write_cue(&path, Path::new("a/music.wav"), timeline(130.0, 50_000), &sections).unwrap();
        // 32 beats of 130 BPM are 14.769 s, 49,000 are 376 min 55.385 s.
        let expected = "TITLE \"music\"\nFILE \"music.wav\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"intro\"\n    INDEX 01 00:00:00\n  \
                        TRACK 02 AUDIO\n    TITLE \"the 'drop'\"\n    INDEX 01 00:14:57\n  \
                        TRACK 03 AUDIO\n    TITLE \"outro\"\n    INDEX 01 376:55:28\n";
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
    }

    #[test]
    fn sheets_of_no_or_too_many_sections_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let many: Vec<Section> = (0..100).map(|n| section(n, "a")).collect();
        for bad in [vec![], many, vec![section(3, "late")]] {
            let path = folder.path().join("music.cue");
            assert!(
                write_cue(&path, Path::new("music.wav"), timeline(120.0, 200), &bad).is_err(),
                "{} sections",
                bad.len()
            );
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

//! A cue sheet: where the sections of a file begin.

use super::{Section, check_sections, one_line};
use crate::error::cannot_write;
use crate::{RenderError, Timeline};
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

/// Parts of a second that a cue sheet counts in.
const PARTS: u64 = 75;
/// Most tracks of a cue sheet.
const MOST_TRACKS: usize = 99;

/// Writes a cue sheet of the sections of `audio`, a WAV file, whole or not at all. The file is named as it is found from the
/// cue sheet's folder, so the two may be moved together.
///
/// Times are minutes, seconds and 75ths of a second, rounded down, so that a section's first attack is never cut off.
///
/// # Errors
/// As [`check_cue`]; [`RenderError::Write`].
pub fn write_cue(path: &Path, audio: &Path, timeline: Timeline, sections: &[Section]) -> Result<(), RenderError> {
    check_cue(path, audio, timeline, sections)?;
    let sheet = sheet(&name_from(path, audio)?, timeline, sections);
    adm_core::persist::write_bytes(path, sheet.as_bytes()).map_err(cannot_write(path))
}

/// Says early what [`write_cue`] would say of these sections and files.
///
/// # Errors
/// [`RenderError::CueSections`] for no sections or more than 99, [`RenderError::BadSetting`] for sections out of order,
/// [`RenderError::CueName`] for a file whose name holds quotes or is no text.
pub fn check_cue(path: &Path, audio: &Path, timeline: Timeline, sections: &[Section]) -> Result<(), RenderError> {
    check_sections(sections, timeline, "--form")?;
    if sections.is_empty() || sections.len() > MOST_TRACKS {
        return Err(RenderError::CueSections { actual: sections.len() });
    }
    name_from(path, audio).map(|_| ())
}

/// How `audio` is named in a cue sheet at `path`: from its folder, or from the root where no way leads from there.
fn name_from(path: &Path, audio: &Path) -> Result<String, RenderError> {
    let (from, to) = (folder(path), folder(audio).join(audio.file_name().unwrap_or_default()));
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = if shared > 0 { up.chain(to.components().skip(shared)).collect() } else { to };
    match way.to_str() {
        Some(name) if !name.chars().any(|c| c == '"' || c.is_control()) => Ok(name.to_owned()),
        _ => Err(RenderError::CueName { path: way }),
    }
}

/// The folder of a file from the root, by its own name where it is there.
fn folder(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let absolute = || std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    folder.canonicalize().unwrap_or_else(|_| absolute())
}

fn sheet(audio: &str, timeline: Timeline, sections: &[Section]) -> String {
    let title = Path::new(audio).file_stem().unwrap_or_default().to_string_lossy();
    let mut text = format!("TITLE \"{title}\"\nFILE \"{audio}\" WAVE\n");
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
        write_cue(&path, &folder.path().join("music.wav"), timeline(130.0, 50_000), &sections).unwrap();
        // 32 beats of 130 BPM are 14.769 s, 49,000 are 376 min 55.385 s.
        let expected = "TITLE \"music\"\nFILE \"music.wav\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"intro\"\n    INDEX 01 00:00:00\n  \
                        TRACK 02 AUDIO\n    TITLE \"the 'drop'\"\n    INDEX 01 00:14:57\n  \
                        TRACK 03 AUDIO\n    TITLE \"outro\"\n    INDEX 01 376:55:28\n";
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
    }

    #[test]
    fn a_sheet_in_another_folder_says_where_the_music_is() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(place("a/b")).unwrap();
        std::fs::create_dir(place("c")).unwrap();
        for (cue, audio, name) in [
            ("music.cue", "a/b/music.wav", "a/b/music.wav"),
            ("a/music.cue", "c/music.wav", "../c/music.wav"),
            ("a/b/music.cue", "music.wav", "../../music.wav"),
            ("a/../c/music.cue", "c/music.wav", "music.wav"),
        ] {
            let expected: PathBuf = name.split('/').collect();
            let named = name_from(&place(cue), &place(audio)).unwrap();
            assert_eq!(named, expected.to_str().unwrap(), "{audio} in {cue}");
            let sheet = sheet(&named, timeline(130.0, 8), &[section(0, "intro")]);
            assert!(sheet.starts_with(&format!("TITLE \"music\"\nFILE \"{named}\" WAVE\n")), "{sheet}");
        }
        assert_eq!(name_from(Path::new("x.cue"), Path::new("music.wav")).unwrap(), "music.wav");
    }

    #[test]
    fn a_name_that_a_sheet_cannot_hold_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a \"b\".wav", "a\nb.wav"] {
            let (path, audio) = (folder.path().join("music.cue"), folder.path().join(name));
            let error = write_cue(&path, &audio, timeline(130.0, 8), &[section(0, "intro")]).unwrap_err();
            assert!(matches!(error, RenderError::CueName { .. }), "{error}");
            assert!(adm_core::Hint::hint(&error).unwrap().contains("-o"));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
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

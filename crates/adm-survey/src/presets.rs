//! The studies of the founding documents and of the field, ready to be packed.

use crate::SurveyError;
use crate::bundle::words;
use crate::study::Study;
use adm_core::nearest;
use std::path::{Path, PathBuf};

/// Name and TOML of every preset. They are about what `adm demo` leaves in `adm-demo`.
pub const PRESETS: [(&str, &str); 6] = [
    ("study-53", include_str!("../../../configs/survey/study-53.toml")),
    ("study-137", include_str!("../../../configs/survey/study-137.toml")),
    ("per-sample", include_str!("../../../configs/survey/per-sample.toml")),
    ("indistinguishable", include_str!("../../../configs/survey/indistinguishable.toml")),
    ("mushra", include_str!("../../../configs/survey/mushra.toml")),
    ("paired", include_str!("../../../configs/survey/paired.toml")),
];

/// Reads a preset by its name, or a file by its path, and gives the folder that its paths are relative to: the file's own, and
/// the current one for a preset.
///
/// # Errors
/// [`SurveyError::UnknownStudy`], as for [`Study::open`], and as for [`words`]: whatever can be wrong before an hour of music is
/// made for it.
pub fn study(name: &str) -> Result<(Study, PathBuf), SurveyError> {
    let (study, base) = read(name)?;
    words(&study)?;
    Ok((study, base))
}

fn read(name: &str) -> Result<(Study, PathBuf), SurveyError> {
    if let Some((_, text)) = PRESETS.iter().find(|(preset, _)| *preset == name) {
        return Ok((Study::parse(text, name)?, PathBuf::new()));
    }
    let path = Path::new(name);
    if path.extension().is_none_or(|extension| extension != "toml") && !path.is_file() {
        let known = PRESETS.map(|(preset, _)| preset);
        let near = nearest(name, known).map(str::to_owned);
        return Err(SurveyError::UnknownStudy { name: name.to_owned(), known: known.join(", "), nearest: near });
    }
    Ok((Study::open(path)?, path.parent().unwrap_or(Path::new("")).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_makes_sense() {
        for (name, _) in PRESETS {
            let (study, base) =
                study(name).unwrap_or_else(|error| panic!("{name}: {error}: {:?}", std::error::Error::source(&error)));
            assert_eq!(base, Path::new(""));
            assert!(!study.pages.is_empty());
        }
    }

    #[test]
    fn words_that_nobody_says_are_found_before_any_music_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.toml");
        let text =
            include_str!("study/small.toml").replace("participants", "texts = { nxt = \"Go on\" }\nparticipants");
        std::fs::write(&path, text).unwrap();
        let error = study(path.to_str().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "texts: the page has no words \"nxt\", but next");
    }

    #[test]
    fn what_is_neither_preset_nor_file_names_the_nearest() {
        let error = study("study-35").unwrap_err();
        assert!(error.to_string().starts_with("there is no preset \"study-35\""), "{error}");
        assert!(matches!(study("none.toml").unwrap_err(), SurveyError::Read { .. }));
    }
}

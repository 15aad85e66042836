//! What to do about what went wrong.

use super::SurveyError;
use adm_core::Hint;

/// What to do about too few passages: there is more to choose from in `any`, and nothing more than that.
fn fewer_passages(split: &str) -> String {
    let less = "ask for fewer with the stimulus's count, or for less with sound.seconds";
    match split {
        "any" => format!("{less}, or name a larger dataset"),
        _ => format!("{less}, or take dataset.split = \"any\""),
    }
}

impl Hint for SurveyError {
    fn hint(&self) -> Option<String> {
        match self {
            // Studies and their design.
            Self::UnknownStudy { nearest, .. } => nearest.as_ref().map(|preset| format!("did you mean {preset}?")),
            Self::Toml { nearest, .. } => nearest.as_ref().map(|key| format!("did you mean {key}?")),
            Self::Study { hint, .. } => hint.clone(),

            // Sounds and where they come from.
            Self::Sound { source, .. } => source.hint(),
            Self::Dataset { source, .. } => source.hint(),
            Self::RoundTrip { .. } => Some("choose another sound.round_trip.representation or sound.round_trip.bpm".to_owned()),
            Self::TooFewFiles { .. } => Some("put more recordings there, or ask for fewer with the stimulus's count".to_owned()),
            Self::TooFewPassages { split, .. } => Some(fewer_passages(split)),
            Self::TooShort { .. } => Some(
                "take shorter stimuli with sound.seconds, an earlier file.start or a lower count, or give a longer recording"
                    .to_owned(),
            ),
            Self::SoundNotFinite { .. } => Some("write the recording again as 16 or 24-bit WAV".to_owned()),
            Self::Clipped { .. } => Some(
                "take a recording that was not overdriven, or another passage of it with file.start".to_owned(),
            ),
            Self::SilentSound { .. } => Some("take another passage with file.start, or leave the recording out".to_owned()),

            // Bundles and keys.
            Self::NoBundle { .. } => Some("make one with: adm survey-pack STUDY.toml -o BUNDLE".to_owned()),
            Self::Damaged { .. } => Some("pack the study again, or take the bundle from where it was copied".to_owned()),

            // Answers.
            Self::KeyUnreadable { .. } => {
                Some("name the key that `adm survey-pack` wrote beside the bundle with --key".to_owned())
            }
            Self::OtherKey { .. } => {
                Some("give the key that was written with this bundle, unchanged, with --key".to_owned())
            }
            Self::Rehearsal { .. } => {
                Some("see whether the study's expect is an answer to that question, and pack it again".to_owned())
            }
            Self::TooManyAnswers { .. } => Some("give fewer files at a time".to_owned()),

            // Statistics and reports.
            Self::NotAReport { .. } => {
                Some("choose an empty folder, or one with an earlier report and nothing else, with -o".to_owned())
            }
            Self::Report { source } => source.hint(),

            // Serving.
            Self::Http(error) => error.hint(),
            Self::Collected { .. } => {
                Some("end the other adm survey-serve, or collect elsewhere with -o ANSWERS".to_owned())
            }
            Self::OtherBundle { .. } => Some("collect the answers to this bundle elsewhere, with -o ANSWERS".to_owned()),
            Self::CollectorState { path, .. } => Some(format!(
                "delete {}: sheets are then handed out from the first one on, and addresses have a new token",
                path.display()
            )),

            // What its message or its source says is all there is to say.
            Self::Read { .. }
            | Self::Write { .. }
            | Self::Player { .. }
            | Self::Join { .. }
            | Self::SoundSetting { .. }
            | Self::NoSuchSound { .. }
            | Self::Json { .. }
            | Self::KeyDoesNotFit { .. }
            | Self::Unscorable { .. } => None,
        }
    }
}

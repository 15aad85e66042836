//! What can go wrong between runs and music.

use std::path::PathBuf;

use adm_core::Hint;

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// A run of another kind than is needed.
    #[error("{path} is the run of a {got}, where one of a {expected} is needed")]
    OtherKind {
        /// The run.
        path: PathBuf,
        /// What is needed.
        expected: &'static str,
        /// What it is.
        got: &'static str,
    },
    /// A run that neither makes beats nor orders them.
    #[error("{path} is a run of the family {family}, which has no beats")]
    NoBeats {
        /// The run.
        path: PathBuf,
        /// Its family.
        family: &'static str,
    },
    /// A generator and a sequencer that speak of other beats.
    #[error("the generator's {what} is {generator}, the token book's {book}: they do not belong together")]
    OtherBeats {
        /// What differs.
        what: &'static str,
        /// The generator's.
        generator: String,
        /// The book's.
        book: String,
    },
    /// A configuration whose classes of tokens are not those of the token book beside it.
    #[error("the classes of tokens in the configuration of {path} are not those of its token book")]
    OtherClasses {
        /// The run.
        path: PathBuf,
    },
    /// A transcript and a dataset that do not belong together.
    #[error("the tokens were taken from another dataset (fingerprint {expected}, {path} has {got})")]
    OtherDataset {
        /// The dataset at hand.
        path: PathBuf,
        /// What the transcript says.
        expected: String,
        /// What the dataset has.
        got: String,
    },
    /// A tempo at which the beats would be cut in half, or stand in more silence than sound.
    #[error("{bpm} BPM is outside of what beats of {of_beats} BPM can play: {low} to {high}")]
    Tempo {
        /// What was asked for.
        bpm: f64,
        /// The tempo of the slices.
        of_beats: f64,
        /// Half of it.
        low: f64,
        /// Twice.
        high: f64,
    },
    /// A region to go on from that is not in the tokenized dataset.
    #[error("there is no whole bar before {at} to go on from")]
    NoRegion {
        /// What was asked for.
        at: String,
    },
    /// A region of a recording that is not in the tokenized dataset.
    #[error("there is no recording {name} in the dataset; it has {}", shortened(paths))]
    NoRecording {
        /// What was asked for.
        name: String,
        /// The recordings.
        paths: Vec<String>,
    },
    /// A region beyond the end of its recording.
    #[error("{at} is past the end of {path}, which lasts {lasts}")]
    PastEnd {
        /// What was asked for.
        at: String,
        /// The recording.
        path: String,
        /// Its length.
        lasts: adm_core::Seconds,
    },
    /// A region that may be in several recordings.
    #[error("{at} may be in any of {} recordings: {}", paths.len(), shortened(paths))]
    ManyRegions {
        /// What was asked for.
        at: String,
        /// The recordings.
        paths: Vec<String>,
    },
    /// The dataset that the tokens were taken from is not where it was.
    #[error("cannot open the dataset {path} that the tokens were taken from")]
    NoDataset {
        /// Where it was, or was said to be.
        path: PathBuf,
        /// What came of it.
        source: adm_dataset::DatasetError,
    },
    /// A wish that only a sequencer can grant.
    #[error("{flag} means nothing without a sequencer")]
    NoSequencer {
        /// The flag.
        flag: &'static str,
    },
    /// A wish that only a diffusion model can grant.
    #[error("{flag} means nothing without a diffusion model")]
    NoDiffusion {
        /// The flag.
        flag: &'static str,
    },
    /// A wish that only generated beats can grant.
    #[error("{flag} means nothing where only recorded beats play")]
    OnlyRecorded {
        /// The flag.
        flag: &'static str,
    },
    /// A wish about a bank of beats, where none is needed.
    #[error("{flag} means nothing to a conditional generator: it is told the token, and needs no bank of beats")]
    NoBank {
        /// The flag.
        flag: &'static str,
    },
    /// Two runs that would do the same.
    #[error("{} and {} are both runs of a {kind}", paths[0].display(), paths[1].display())]
    Two {
        /// What they are.
        kind: &'static str,
        /// Both.
        paths: [PathBuf; 2],
    },
    /// Nobody to play.
    #[error("there is no run to draw from")]
    NoRun,
    /// Generated beats without a generator.
    #[error("there is no generator to play generated beats")]
    NoGenerator,
    /// The token book cannot be used.
    #[error(transparent)]
    Tokens(#[from] adm_tokens::TokenError),
    /// The dataset cannot be used.
    #[error(transparent)]
    Dataset(#[from] adm_dataset::DatasetError),
    /// A run cannot be used.
    #[error(transparent)]
    Model(#[from] adm_models::ModelError),
    /// A run cannot be used.
    #[error(transparent)]
    Train(#[from] adm_train::TrainError),
    /// Sound that cannot be brought to another rate.
    #[error(transparent)]
    Audio(#[from] adm_audio::AudioError),
    /// Sound that cannot be joined.
    #[error(transparent)]
    Render(#[from] adm_render::RenderError),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// The first few of a list.
fn shortened(paths: &[String]) -> String {
    let more = if paths.len() > 3 { ", …" } else { "" };
    paths.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ") + more
}

impl Hint for ComposeError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::OtherKind { expected, .. } => {
                let family = if *expected == "generator" { "gan" } else { "sequencer" };
                Some(format!("train one with adm train {family}, and name it with --run"))
            }
            Self::NoBeats { .. } => Some("adm generate --run RUN plays it alone".into()),
            Self::OtherBeats { .. } => Some(
                "train the generator and the sequencer on one dataset: adm prepare, adm tokenize, adm train".into(),
            ),
            Self::OtherClasses { .. } => Some(
                "its config.toml was edited: put it back as it was, or train it again with adm train sequencer".into(),
            ),
            Self::OtherDataset { .. } => {
                Some("make its tokens again with adm tokenize DATASET, or name the dataset they were taken from".into())
            }
            Self::Tempo { low, high, .. } => Some(format!("give --bpm a value between {low} and {high}")),
            Self::NoRegion { .. } => Some("give --from a later time".into()),
            Self::NoRecording { .. } => Some("name one of them, as in --from set.wav@1:30".into()),
            Self::PastEnd { .. } => Some("give --from an earlier time".into()),
            Self::ManyRegions { .. } => Some("name one of them, as in --from set.wav@1:30".into()),
            Self::NoDataset { .. } => Some("if it has moved, give its place with --data".into()),
            Self::NoSequencer { flag } => Some(format!("add a sequencer's run with --run, or leave out {flag}")),
            Self::NoDiffusion { flag } => Some(format!("leave out {flag}, or train one with adm train diffusion")),
            Self::OnlyRecorded { flag } => Some(format!(
                "leave out {flag}, or name a generator's run with --run and let it play with --source mix:0.5"
            )),
            Self::NoBank { flag } => Some(format!("leave out {flag}")),
            Self::Two { .. } => Some("give --run once for a generator and once for a sequencer".into()),
            Self::NoRun => Some("give one with --run".into()),
            Self::NoGenerator => {
                Some("name one with --run GAN, or play the recorded beats with --source dataset".into())
            }
            Self::Tokens(error) => error.hint(),
            Self::Dataset(error) => error.hint(),
            Self::Model(error) => error.hint(),
            Self::Train(error) => error.hint(),
            Self::Audio(error) => error.hint(),
            Self::Render(error) => error.hint(),
            Self::Interrupted => None,
        }
    }
}

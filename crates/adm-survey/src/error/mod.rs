//! What can go wrong.

mod hint;

use std::path::PathBuf;
use thiserror::Error;

/// An error of a listening test.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    // Studies and their design.
    /// Neither a preset nor a file.
    #[error("there is no preset \"{name}\", and no file of that name; the presets are {known}")]
    UnknownStudy {
        /// What was asked for.
        name: String,
        /// The presets.
        known: String,
        /// The preset most like it.
        nearest: Option<String>,
    },
    /// A study file is no TOML, or has what no study has.
    #[error("{origin} is no study")]
    Toml {
        /// The file.
        origin: String,
        /// The known key most like the unknown one.
        nearest: Option<String>,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A study makes no sense.
    #[error("{place}: {problem}")]
    Study {
        /// The key, such as `blocks.pairs`.
        place: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
    // Sounds and where they come from.
    /// A stimulus's recording cannot be decoded, resampled or measured.
    #[error("the sound of stimulus \"{id}\" cannot be used")]
    Sound {
        /// The stimulus.
        id: String,
        /// Why.
        source: adm_audio::AudioError,
    },
    /// A stimulus's dataset cannot be opened or read.
    #[error("the dataset of stimulus \"{id}\" cannot be used")]
    Dataset {
        /// The stimulus.
        id: String,
        /// Why.
        source: adm_dataset::DatasetError,
    },
    /// A stimulus's run made no music.
    #[error("the run of stimulus \"{id}\" made no music")]
    Player {
        /// The stimulus.
        id: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stimulus's round trip through tensors failed.
    #[error("the round trip of stimulus \"{id}\" through {representation} failed")]
    RoundTrip {
        /// The stimulus.
        id: String,
        /// The representation's name.
        representation: String,
        /// Why.
        source: adm_spectral::SpectralError,
    },
    /// The slices of a stimulus cannot be joined.
    #[error("the slices of stimulus \"{id}\" cannot be joined")]
    Join {
        /// The stimulus.
        id: String,
        /// Why.
        source: adm_render::RenderError,
    },
    /// A value of a stimulus, or of what all have in common, that is out of its range.
    #[error("{key} must be {expected}, got {actual}")]
    SoundSetting {
        /// The study's key.
        key: String,
        /// What is allowed.
        expected: String,
        /// What was given.
        actual: String,
    },
    /// A folder with fewer recordings than are asked of it.
    #[error("stimulus \"{id}\" asks for {wanted}, but {} has {found}", path.display())]
    TooFewFiles {
        /// The stimulus.
        id: String,
        /// The folder.
        path: PathBuf,
        /// What is asked for, with its unit.
        wanted: String,
        /// Recordings in it.
        found: usize,
    },
    /// A dataset with fewer stretches of music than are asked of it.
    #[error(
        "stimulus \"{id}\" asks for {wanted} passages of {slices} neighbouring slices from the {split} split of {}, but it has \
         {found}; its longest stretch has {longest} slices",
        path.display()
    )]
    TooFewPassages {
        /// The stimulus.
        id: String,
        /// The dataset.
        path: PathBuf,
        /// The split.
        split: String,
        /// Passages that are asked for.
        wanted: usize,
        /// Passages that are there.
        found: usize,
        /// Slices of each.
        slices: usize,
        /// Slices of the longest stretch without a gap.
        longest: usize,
    },
    /// A sound that ends too early.
    #[error("stimulus \"{id}\" is too short: {from} gives {actual:.2} s, and {needed:.2} s are needed")]
    TooShort {
        /// The stimulus.
        id: String,
        /// Where it comes from.
        from: String,
        /// Seconds that are there.
        actual: f64,
        /// Seconds that are needed.
        needed: f64,
    },
    /// A sound that holds NaN or an infinity.
    #[error("stimulus \"{id}\" holds a sample that is not a finite number at {at:.3} s of {from}")]
    SoundNotFinite {
        /// The stimulus.
        id: String,
        /// Where it comes from.
        from: String,
        /// Seconds from its beginning.
        at: f64,
    },
    /// A sound that was overdriven.
    #[error(
        "stimulus \"{id}\" is clipped: {:.1} % of {from} lies in flat runs at full scale, the first at {at:.3} s; what has \
         {:.1} % of them or more is not taken",
        100.0 * share,
        100.0 * refused
    )]
    Clipped {
        /// The stimulus.
        id: String,
        /// Where it comes from.
        from: String,
        /// Seconds from its beginning.
        at: f64,
        /// Share of samples in flat runs.
        share: f64,
        /// The least share that is refused.
        refused: f64,
    },
    /// A sound without sound.
    #[error("stimulus \"{id}\" is silent: {from} has {lufs:.1} LUFS, and {least:.0} LUFS are the least that is taken")]
    SilentSound {
        /// The stimulus.
        id: String,
        /// Where it comes from.
        from: String,
        /// Its loudness; −∞ for digital silence.
        lufs: f64,
        /// The least loudness.
        least: f64,
    },
    /// A sound that is wanted and was not loaded.
    #[error("no sound is called \"{id}\"")]
    NoSuchSound {
        /// The id.
        id: String,
    },
    // Bundles and keys.
    /// A folder without a bundle in it.
    #[error("{} holds no bundle", path.display())]
    NoBundle {
        /// The folder.
        path: PathBuf,
    },
    /// A file of a bundle that is not what `adm survey-pack` wrote.
    #[error("{} was changed or is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Something that cannot be written as JSON.
    #[error("{what} cannot be written as JSON")]
    Json {
        /// What.
        what: String,
        /// Why.
        source: serde_json::Error,
    },
    // Answers.
    /// More answers than are held in memory.
    #[error("there are more than {most} MiB of answers")]
    TooManyAnswers {
        /// The most that is held, in MiB.
        most: usize,
    },
    /// The key could not be read.
    #[error("cannot read the key {}", path.display())]
    KeyUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another key than the bundle was packed with, or one that was changed since.
    #[error("{} is not the key of this bundle: its SHA-256 is {actual}, the bundle was packed with {expected}", path.display())]
    OtherKey {
        /// The file.
        path: PathBuf,
        /// What the bundle says.
        expected: String,
        /// What the file has.
        actual: String,
    },
    /// The key is the one that was promised, but makes no sense with the manifest.
    #[error("the key {} does not fit the bundle: {what}", path.display())]
    KeyDoesNotFit {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// Answers that do not fit the bundle or its key.
    #[error("the answers of participant {participant} cannot be scored: {what}")]
    Unscorable {
        /// The UUID.
        participant: String,
        /// What does not fit.
        what: String,
    },
    /// A pretended participant said what the page cannot give.
    #[error("the rehearsal gave impossible answers: {what}")]
    Rehearsal {
        /// Which answer, and what is wrong with it.
        what: String,
    },
    // Statistics and reports.
    /// The folder for a report holds something else.
    #[error("{} is not empty and holds no report, so nothing was written there", path.display())]
    NotAReport {
        /// The folder.
        path: PathBuf,
    },
    /// The report's page could not be made.
    #[error("cannot make the report's page")]
    Report {
        /// Why.
        source: adm_report::ReportError,
    },
    // Serving.
    /// There is no serving.
    #[error(transparent)]
    Http(#[from] adm_http::HttpError),
    /// Another collector is at work in a folder.
    #[error("answers are already being collected in {}", path.display())]
    Collected {
        /// The folder of answers.
        path: PathBuf,
    },
    /// A folder of answers to another bundle.
    #[error("{} has answers to another bundle: its id is {actual}, and this one's is {expected}", path.display())]
    OtherBundle {
        /// The folder of answers.
        path: PathBuf,
        /// This bundle's id.
        expected: String,
        /// The other's id.
        actual: String,
    },
    /// What a collector wrote down cannot be read.
    #[error("{} was changed or is damaged: {reason}", path.display())]
    CollectorState {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl SurveyError {
    /// What is wrong at a key of a study.
    pub(crate) fn study(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Study { place: place.into(), problem: problem.into(), hint: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub(crate) fn or(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Study { place, problem, .. } => Self::Study { place, problem, hint: Some(advice.into()) },
            other => other,
        }
    }
}

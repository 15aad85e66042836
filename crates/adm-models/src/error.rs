//! What can go wrong in a family.

use std::path::PathBuf;

use adm_core::{Hint, Seconds};

/// An error of a family's settings or of its fit to a dataset.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No preset of that name.
    #[error("there is no preset {name:?} of the family {family}")]
    UnknownPreset {
        /// The family.
        family: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The configuration is no valid TOML, or a key or value in it is wrong.
    #[error("the configuration {origin} cannot be used")]
    Config {
        /// Where it came from.
        origin: String,
        /// What is wrong.
        source: Box<toml::de::Error>,
        /// The nearest known key, where a key is unknown.
        nearest: Option<String>,
    },
    /// A setting on the command line is not `key=value`.
    #[error("{given:?} is not a setting of the form key=value")]
    NotASetting {
        /// What was given.
        given: String,
    },
    /// A setting is out of its range.
    #[error("{key} must be {allowed}, got {got}")]
    Setting {
        /// Its path in the configuration.
        key: &'static str,
        /// What would do.
        allowed: String,
        /// What it is.
        got: String,
    },
    /// The network's output does not have the representation's shape.
    #[error(
        "{stages} upsampling stages from {fold:?} give {got:?} bins × frames, but the representation has {expected:?}"
    )]
    Geometry {
        /// Number of stages.
        stages: usize,
        /// Side lengths that the noise is folded to.
        fold: [usize; 2],
        /// What comes out.
        got: [usize; 2],
        /// What is needed.
        expected: [usize; 2],
    },
    /// The dataset does not fit the preset.
    #[error("the dataset is sampled at {got} Hz, but this configuration is made for {expected} Hz")]
    Rate {
        /// What the configuration says.
        expected: u32,
        /// What the dataset has.
        got: u32,
    },
    /// The run was trained on another dataset.
    #[error("this run was trained on another dataset (fingerprint {expected}, this one is {got})")]
    OtherDataset {
        /// The run's.
        expected: String,
        /// The dataset's.
        got: String,
    },
    /// There is nothing to train on.
    #[error("the dataset has {got} training slices, fewer than a batch of {batch}")]
    TooFew {
        /// Slices in the training split.
        got: usize,
        /// Batch size.
        batch: usize,
    },
    /// A token that its vocabulary does not have.
    #[error("token {token} is outside a vocabulary of {vocabulary}")]
    TokenRange {
        /// The token.
        token: u32,
        /// How many there are.
        vocabulary: usize,
    },
    /// A conditional configuration, and nobody says which token a slice is.
    #[error("the configuration is conditional, but the slices of {dataset} have no tokens")]
    NoLabels {
        /// The dataset's folder.
        dataset: PathBuf,
    },
    /// Labels that are not those of the dataset.
    #[error("{labels} tokens are not those of the {slices} slices of {dataset}")]
    OtherLabels {
        /// The dataset's folder.
        dataset: PathBuf,
        /// Its slices.
        slices: usize,
        /// Labels that were given.
        labels: usize,
    },
    /// Tokens of another book than a run was trained on.
    #[error("this run was trained on the tokens of another book (fingerprint {expected}, this one is {got})")]
    OtherBook {
        /// The run's.
        expected: String,
        /// The labels'.
        got: String,
    },
    /// A conditional generator that is not told what to make.
    #[error("the generator is conditional: it makes a beat of a token, and none was given")]
    Conditional,
    /// Guidance for a diffusion model that is told nothing.
    #[error("this run is told no tokens: there is nothing that --guidance could lead to")]
    NoGuidance,
    /// Labels for a generator that takes none.
    #[error("the generator is not conditional: it cannot be told which token to make")]
    Unconditional,
    /// Beats that say nothing about what follows what.
    #[error("there is no order to learn: the longest stretch has {beats} beats of {tokens} different tokens")]
    NothingToOrder {
        /// Beats in the longest stretch of the training split.
        beats: usize,
        /// Number of tokens.
        tokens: usize,
    },
    /// A preset of both levels, and a token book with one.
    #[error("the configuration learns both levels of a token book, but this one has only one")]
    NoClasses,
    /// A folder whose configuration is of no family that is known.
    #[error("{path} is not the run of a family that this version knows")]
    UnknownFamily {
        /// The run.
        path: PathBuf,
    },
    /// A run of another family than is needed.
    #[error("{path} is a run of the family {got}, where one of the family {expected} is needed")]
    OtherFamily {
        /// The run.
        path: PathBuf,
        /// What is needed.
        expected: &'static str,
        /// What it is of.
        got: &'static str,
    },
    /// A run of a family that makes no beats.
    #[error("{path} is a run of the family {family}, which makes no beats")]
    MakesNoBeats {
        /// The run.
        path: PathBuf,
        /// What it is of.
        family: &'static str,
    },
    /// Rows of another length than expected.
    #[error("a row has {got} columns where {expected} were expected")]
    Columns {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// Too few rows in a stretch.
    #[error("nothing follows on anything: the longest stretch to learn from has {rows} rows, and it takes {needed}")]
    NothingFollows {
        /// Rows in it.
        rows: usize,
        /// How many it takes: those that are only heard, one more, and one that follows.
        needed: usize,
    },
    /// Rows that are all the same.
    #[error("there is nothing to foretell: the rows never change")]
    Unchanging,
    /// Windows that are not each other's neighbours.
    #[error("windows of {} s every {} s do not follow on one another", window.0, hop.0)]
    Overlapping {
        /// Length of a window.
        window: Seconds,
        /// From one to the next.
        hop: Seconds,
    },
    /// A rate that no resampler goes to.
    #[error("there is no way to a rate of {rate} Hz")]
    NoRate {
        /// The rate.
        rate: u32,
    },
    /// Two rates without a way from one to the other.
    #[error("cannot go from {from} Hz to {to} Hz")]
    Resample {
        /// The one.
        from: u32,
        /// The other.
        to: u32,
        /// Why.
        source: Box<adm_audio::AudioError>,
    },
    /// A recording that cannot be learned from, or what cannot be asked of it.
    #[error(transparent)]
    Caw(#[from] crate::caw::CawError),
    /// Sound could not be read or written.
    #[error(transparent)]
    Audio(#[from] adm_audio::AudioError),
    /// The dataset could not be read.
    #[error(transparent)]
    Dataset(#[from] adm_dataset::DatasetError),
    /// The representation does not fit.
    #[error(transparent)]
    Spectral(#[from] adm_spectral::SpectralError),
    /// The run could not be read or written.
    #[error(transparent)]
    Train(#[from] adm_train::TrainError),
}

impl Hint for ModelError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownPreset { name, known, .. } => {
                let nearest = adm_core::nearest(name, known.iter().copied());
                Some(format!(
                    "use --config {} (there are {})",
                    nearest.or(known.first().copied()).unwrap_or_default(),
                    known.join(", ")
                ))
            }
            Self::Config { nearest, .. } => nearest.as_ref().map(|key| format!("did you mean {key}?")),
            Self::NotASetting { .. } => Some("write --set optimizer.generator_rate=0.0001, for example".into()),
            Self::Geometry { .. } => {
                Some("change the widths (one stage each), or representation.bins and representation.frames".into())
            }
            Self::Rate { expected, .. } => Some(format!(
                "prepare the recordings again with --sample-rate {expected}, or train with --set sample_rate=0 to take \
                 the dataset as it is"
            )),
            Self::OtherDataset { .. } => {
                Some("give --data the dataset the run began with, or start a new --run".into())
            }
            Self::TooFew { .. } => Some("prepare more recordings, or lower it with --set training.batch=…".into()),
            Self::NothingToOrder { .. } => {
                Some("tokenize more music, or with a lower --threshold, which tells more beats apart".into())
            }
            Self::NoLabels { dataset } => {
                Some(format!("make tokens with adm tokenize {}, or give a --config that is told no tokens", dataset.display()))
            }
            Self::OtherLabels { dataset, .. } => {
                Some(format!("make them again with adm tokenize {}", dataset.display()))
            }
            Self::OtherBook { .. } => {
                Some("tokenize the dataset with the book the run began with, or start a new --run".into())
            }
            Self::Unconditional => Some("train one that can with adm train gan --config conditional".into()),
            Self::NoGuidance => {
                Some("leave it out, or train one that is with adm train diffusion --config conditional".into())
            }
            Self::NoClasses => Some("use --config one-level, or make a token book with adm tokenize --levels 2".into()),
            Self::Caw(error) => error.hint(),
            Self::Audio(error) => error.hint(),
            Self::Dataset(error) => error.hint(),
            Self::Spectral(error) => error.hint(),
            Self::Train(error) => error.hint(),
            Self::Setting { key, allowed, .. } if key.starts_with("--") => {
                Some(format!("give {key} a value that is {allowed}"))
            }
            Self::Setting { key, .. } if key.contains('.') => Some(format!("change it with --set {key}=…")),
            Self::Setting { .. } => None,
            Self::OtherFamily { got, path, expected } => Some(format!(
                "name a run that adm train {expected} made; adm train {got} --run {} --resume goes on with this one",
                path.display()
            )),
            Self::UnknownFamily { .. } => Some("adm inspect RUN says what a folder is".into()),
            Self::NothingFollows { .. } => {
                Some("give more rows, or hear fewer of them first with --set training.warm_up=0".into())
            }
            Self::Unchanging => Some(
                "give rows of which at least one column changes, by more than a 10,000,000th of its values: subtract what all share".into(),
            ),
            Self::Overlapping { window, .. } => {
                Some(format!("prepare the recordings again, as beats or with --window {0} --hop {0}", window.0))
            }
            Self::Columns { .. } => Some("give rows of the length that the run learned from".into()),
            Self::TokenRange { .. }
            | Self::Conditional
            | Self::MakesNoBeats { .. }
            | Self::Resample { .. } => None,
            Self::NoRate { .. } => Some("use a sample rate of 1000 to 768000 Hz".into()),
        }
    }
}

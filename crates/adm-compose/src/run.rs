//! What runs are, and a sequencer's run with the token book in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adm_dataset::Dataset;
use adm_models::Family;
use adm_models::sequencer::Composer;
use adm_tokens::{Book, Sections, Token, Transcript};
use adm_train::RunDir;
use burn::tensor::Device;

use crate::ComposeError;

/// Folder of the token book within a sequencer's run.
pub const BOOK: &str = "book";

/// What a run does for music of beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Makes beats.
    Generator,
    /// Orders tokens.
    Sequencer,
}

impl RunKind {
    /// Reads from a run's configuration what it is a run of.
    ///
    /// # Errors
    /// No run, or one of a family that does neither.
    pub fn of(root: &Path) -> Result<Self, ComposeError> {
        match Family::of_run(root)? {
            Family::Gan | Family::Autoencoder | Family::Diffusion => Ok(Self::Generator),
            Family::Sequencer => Ok(Self::Sequencer),
            other => Err(ComposeError::NoBeats { path: root.to_owned(), family: other.name() }),
        }
    }

    /// What it does.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Sequencer => "sequencer",
        }
    }

    /// Checks that a run is of this kind.
    ///
    /// # Errors
    /// It is of another, or none.
    pub fn expect(self, root: &Path) -> Result<(), ComposeError> {
        match Self::of(root)? {
            kind if kind == self => Ok(()),
            other => {
                let (expected, got) = (self.name(), other.name());
                Err(ComposeError::OtherKind { path: root.to_owned(), expected, got })
            }
        }
    }
}

/// Who plays: at most one run of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Players {
    /// The run of a generator.
    pub generator: Option<PathBuf>,
    /// The run of a sequencer.
    pub sequencer: Option<PathBuf>,
}

impl Players {
    /// Sorts runs by their kind.
    ///
    /// # Errors
    /// A path that is no run; two of one kind.
    pub fn of(runs: &[PathBuf]) -> Result<Self, ComposeError> {
        let mut players = Self::default();
        for run in runs {
            let kind = RunKind::of(run)?;
            let place = match kind {
                RunKind::Generator => &mut players.generator,
                RunKind::Sequencer => &mut players.sequencer,
            };
            if let Some(other) = place.replace(run.clone()) {
                return Err(ComposeError::Two { kind: kind.name(), paths: [other, run.clone()] });
            }
        }
        Ok(players)
    }
}

/// A trained sequencer with its token book and the transcript it learned from.
pub struct SequencerRun {
    /// The network.
    pub composer: Arc<Composer>,
    /// What its tokens sound like.
    pub book: Book,
    /// The order it learned from.
    pub transcript: Transcript,
    /// What sections that order has.
    pub sections: Sections,
}

impl SequencerRun {
    /// Opens a run.
    ///
    /// # Errors
    /// A run of another kind, a damaged one, or a token book that is not the one it learned from.
    pub fn open(root: &Path, device: &Device) -> Result<Self, ComposeError> {
        RunKind::Sequencer.expect(root)?;
        let composer = Composer::open(&RunDir::open(root)?, device)?;
        let folder = root.join(BOOK);
        let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
        if composer.book() != book.fingerprint() {
            let (generator, book) = (composer.book().to_owned(), book.fingerprint().to_owned());
            return Err(ComposeError::OtherBeats { what: "token book", generator, book });
        }
        let classes: Vec<u32> = (0..book.len() as Token).map(|token| book.class_of(token)).collect();
        if composer.class_of() != classes {
            return Err(ComposeError::OtherClasses { path: root.to_owned() });
        }
        let sections = Sections::learn(&transcript, &book)?;
        Ok(Self { composer: Arc::new(composer), book, transcript, sections })
    }

    /// Opens the dataset that the tokens were taken from: where `moved` says, or where it lay.
    ///
    /// # Errors
    /// It is not there, or another one is.
    pub fn dataset(&self, moved: Option<&Path>) -> Result<Dataset, ComposeError> {
        let path: PathBuf = moved.unwrap_or_else(|| self.transcript.dataset_path()).to_owned();
        let dataset = Dataset::open(&path).map_err(|source| ComposeError::NoDataset { path: path.clone(), source })?;
        let (expected, got) = (self.transcript.dataset_fingerprint(), &dataset.manifest().fingerprint);
        if expected != got {
            return Err(ComposeError::OtherDataset { path, expected: expected.to_owned(), got: got.clone() });
        }
        Ok(dataset)
    }
}

/// Whether the dataset that a sequencer learned from is where it was, or at the place that is given.
pub fn has_dataset(sequencer: &Path, moved: Option<&Path>) -> bool {
    let Ok(transcript) = Transcript::open(&sequencer.join(BOOK)) else { return false };
    let dataset = Dataset::open(moved.unwrap_or_else(|| transcript.dataset_path()));
    dataset.is_ok_and(|dataset| dataset.manifest().fingerprint == transcript.dataset_fingerprint())
}

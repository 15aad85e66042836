//! A dataset with its token book, as they belong together.

use super::moved;
use crate::output::Hinted;
use crate::settings::TOKENS;
use adm_compose::{BOOK, corpus::corpus};
use adm_dataset::Dataset;
use adm_models::ModelError;
use adm_models::sequencer::Corpus;
use adm_tokens::{Book, Transcript};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A tokenized dataset.
pub struct Tokenized {
    pub book: Book,
    pub transcript: Transcript,
    pub dataset: Dataset,
    /// Where the book and the transcript are.
    pub folder: PathBuf,
}

impl Tokenized {
    /// The book and the dataset of a path that names either.
    pub fn open(path: &Path) -> Result<Self> {
        let folder = if path.join(TOKENS).is_dir() { path.join(TOKENS) } else { path.to_owned() };
        let is_book = folder.join(adm_tokens::book::BOOK_FILE).is_file();
        if !is_book {
            Dataset::open(path)?;
            let hint = format!("make its tokens first: adm tokenize {}", path.display());
            anyhow::bail!(Hinted::new(format!("{} has no tokens to learn from", path.display()), hint));
        }
        let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
        let place = if folder == path { transcript.dataset_path() } else { path };
        let gone = |error| match folder == path {
            false => moved(error, place),
            true => anyhow::Error::new(error).context(Hinted::new(
                format!("cannot open the dataset {} that the book was made of", place.display()),
                "put it back, or tokenize it where it is: adm tokenize DATASET",
            )),
        };
        let dataset = Dataset::open(place).map_err(gone)?;
        Self { book, transcript, dataset, folder }.checked()
    }

    /// Those of a run, whose dataset may have moved.
    pub fn of_run(run: &Path, data: Option<&Path>) -> Result<Self> {
        let folder = run.join(BOOK);
        let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
        let place = data.unwrap_or_else(|| transcript.dataset_path()).to_owned();
        let dataset = Dataset::open(&place).map_err(|error| moved(error, &place))?;
        Self { book, transcript, dataset, folder }.checked()
    }

    fn checked(self) -> Result<Self> {
        self.transcript.check(&self.book)?;
        let (expected, got) = (self.transcript.dataset_fingerprint(), &self.dataset.manifest().fingerprint);
        if expected != got {
            let (path, expected, got) = (self.dataset.dir().to_owned(), expected.to_owned(), got.clone());
            return Err(adm_compose::ComposeError::OtherDataset { path, expected, got }.into());
        }
        Ok(self)
    }

    /// What a sequencer learns from.
    pub fn corpus(&self) -> Result<Corpus, ModelError> {
        corpus(&self.book, &self.transcript, &self.dataset.manifest().splits)
    }
}

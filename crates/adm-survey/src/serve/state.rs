//! What outlives a restart.

use crate::SurveyError;
use adm_core::{lock, persist, regular};
use adm_http::Token;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

const FORMAT: &str = "adm-collector";
const VERSION: u32 = 1;

/// Takes the folder of answers for one collector alone.
pub(super) fn hold(folder: &Path) -> Result<File, SurveyError> {
    let path = folder.join(".collector.lock");
    let failed = |source| SurveyError::Write { path: path.clone(), source };
    fs::create_dir_all(folder).map_err(|source| SurveyError::Write { path: folder.to_owned(), source })?;
    lock::lock(&path).map_err(failed)?.ok_or_else(|| SurveyError::Collected { path: folder.to_owned() })
}

/// What a collector knows from one start to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    format: String,
    version: u32,
    /// The bundle that answers are to.
    bundle: String,
    /// Sheets that were handed out.
    sheets: u64,
    /// The token for other machines, once there was one.
    token: Option<String>,
}

/// The file `.collector` in a folder of answers.
#[derive(Debug)]
pub(super) struct State {
    path: PathBuf,
    kept: Kept,
}

impl State {
    /// Reads the file, or begins with none handed out.
    pub(super) fn open(folder: &Path, bundle: &str) -> Result<Self, SurveyError> {
        let path = folder.join(".collector");
        let fresh =
            Kept { format: FORMAT.to_owned(), version: VERSION, bundle: bundle.to_owned(), sheets: 0, token: None };
        let kept = match regular::read(&path) {
            Ok(bytes) => read(&path, &bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => fresh,
            Err(source) => return Err(SurveyError::Read { path, source }),
        };
        if kept.bundle != bundle {
            let (expected, actual) = (bundle.to_owned(), kept.bundle);
            return Err(SurveyError::OtherBundle { path: folder.to_owned(), expected, actual });
        }
        let state = Self { path, kept };
        // Written at once, so that one that cannot be written is known before the first participant comes.
        state.write()?;
        Ok(state)
    }

    /// The number of the next sheet to hand out, from 0; and whether that could be written down.
    pub(super) fn next(&mut self) -> (u64, Result<(), SurveyError>) {
        let number = self.kept.sheets;
        self.kept.sheets = number.wrapping_add(1);
        (number, self.write())
    }

    /// The token; drawn the first time that it is asked for.
    pub(super) fn token(&mut self) -> Result<Token, SurveyError> {
        if let Some(token) = self.kept.token.as_deref().and_then(Token::parse) {
            return Ok(token);
        }
        let token = Token::draw()?;
        self.kept.token = Some(token.text().to_owned());
        self.write()?;
        Ok(token)
    }

    fn write(&self) -> Result<(), SurveyError> {
        let json = serde_json::to_vec(&self.kept)
            .map_err(|source| SurveyError::Json { what: "a collector's state".to_owned(), source })?;
        persist::write_bytes(&self.path, &json).map_err(|source| SurveyError::Write { path: self.path.clone(), source })
    }
}

fn read(path: &Path, bytes: &[u8]) -> Result<Kept, SurveyError> {
    let damaged = |reason: String| SurveyError::CollectorState { path: path.to_owned(), reason };
    let kept: Kept = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
    if kept.format != FORMAT || kept.version != VERSION {
        let Kept { format, version, .. } = kept;
        return Err(damaged(format!("it is {format} {version}, expected {FORMAT} {VERSION}")));
    }
    if kept.token.as_deref().is_some_and(|token| Token::parse(token).is_none()) {
        return Err(damaged("its token is not 32 hexadecimal digits".to_owned()));
    }
    Ok(kept)
}

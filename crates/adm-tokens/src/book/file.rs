//! `book.json`.

use super::{Book, SliceForm, TokenRow};
use crate::json;
use crate::measures::Measure;
use crate::vote::{Levels, PerMeasure, Thresholds, Unknown, VoteSettings};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// File name of the description inside a book's folder.
pub const BOOK_FILE: &str = "book.json";
/// File name of the exemplars' measures inside a book's folder.
pub const MEASURES_FILE: &str = "measures.npy";
/// File name of the exemplars' sound inside a book's folder.
pub const EXEMPLARS_FILE: &str = "exemplars.npy";

/// What `format` says in every book.
const FORMAT: &str = "adm-token-book";
/// Changes with the form of the file and with what the measures mean.
const VERSION: u32 = 1;

/// Most slices that all tokens may stand for together, far above all music; more would leave the range of what is added up.
const MOST_SLICES: u64 = 1 << 53;

/// What stands in `book.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookFile {
    format: String,
    version: u32,
    pub fingerprint: String,
    pub levels: Levels,
    pub thresholds: Thresholds,
    pub slices: SliceForm,
    /// BLAKE3 hash of the measures' values.
    pub measures: String,
    /// BLAKE3 hash of the exemplars' samples.
    pub exemplars: String,
    pub tokens: Vec<TokenRow>,
}

impl BookFile {
    /// Describes a book whose exemplars' samples have the hash `exemplars`.
    pub fn of(book: &Book, exemplars: String) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            fingerprint: book.fingerprint.clone(),
            levels: book.levels,
            thresholds: book.thresholds,
            slices: book.form,
            measures: hash(bytemuck::cast_slice(book.measures.values())),
            exemplars,
            tokens: book.rows.clone(),
        }
    }

    /// Reads and checks what can be checked without the arrays.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut file: Self = json::parse(bytes, FORMAT, VERSION)?;
        file.tokens = file.tokens.into_iter().map(TokenRow::rounded).collect();
        file.contradiction().map_or(Ok(file), Err)
    }

    fn contradiction(&self) -> Option<String> {
        let SliceForm { channels, slice_frames, .. } = self.slices;
        if !matches!(channels, 1 | 2) || slice_frames == 0 {
            return Some(format!("its slices have {slice_frames} frames of {channels} channels"));
        }
        if self.tokens.is_empty() {
            return Some("it has no token".to_owned());
        }
        let settings = VoteSettings { levels: self.levels, thresholds: self.thresholds, unknown: Unknown::Born };
        if let Err(error) = settings.validate() {
            return Some(error.to_string());
        }
        let counted = self.tokens.iter().try_fold(0u64, |sum, row| sum.checked_add(row.count));
        if counted.is_none_or(|sum| sum > MOST_SLICES) {
            return Some(format!("its tokens stand for more than {MOST_SLICES} slices"));
        }
        self.misclassed()
    }

    /// What is wrong with the classes.
    fn misclassed(&self) -> Option<String> {
        let mut classes = 0;
        for (token, row) in self.tokens.iter().enumerate() {
            let alone = self.levels == Levels::One;
            if row.class > classes || (alone && row.class != classes) {
                return Some(format!("token {token} is of class {}, but {classes} are born by then", row.class));
            }
            classes += u32::from(row.class == classes);
        }
        None
    }
}

pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// What [`Book::fingerprint`] must be for the rest of the book.
pub(super) fn fingerprint(book: &Book) -> String {
    let SliceForm { sample_rate, channels, slice_frames, .. } = book.form;
    let mut text = format!("{FORMAT} {VERSION}\n{} {channels} {slice_frames}\n", sample_rate.hz());
    let thresholds = |of: &PerMeasure| Measure::ALL.map(|measure| format!("{:.9}", of.get(measure))).join(" ");
    let (coarse, fine) = (thresholds(&book.thresholds.coarse), thresholds(&book.thresholds.fine));
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{}\n{coarse}\n{fine}", u8::from(book.levels));
    let classes: Vec<String> = book.rows.iter().map(|row| row.class.to_string()).collect();
    let _ = writeln!(text, "{}\n{}", classes.join(" "), hash(bytemuck::cast_slice(book.measures.values())));
    hash(text.as_bytes())
}

//! Inputs, told apart and cut: everything before the dataset is put together.

use super::part::Part;
use super::recording::Recording;
use super::staging::Staging;
use super::tally::RunningTally;
use super::{Failure, PrepareSettings, inputs};
use crate::error::DatasetError;
use crate::jobs;
use crate::manifest::{DuplicateRow, Manifest};
use crate::panics;
use crate::recipe::{GridChoice, Recipe, Slicing};
use adm_audio::{Decoder, Source};
use adm_core::Observer;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

/// A recording, named by its bytes.
pub(crate) struct Input {
    pub path: PathBuf,
    /// BLAKE3 hash of the file.
    pub content: String,
}

/// What the settings' inputs turn out to be.
pub(super) struct Inputs {
    pub recordings: Vec<Input>,
    pub duplicates: Vec<DuplicateRow>,
    pub failed: Vec<Failure>,
}

impl Inputs {
    /// Finds the recordings and hashes them.
    ///
    /// # Errors
    /// `Interrupted`; what single files cannot give is among `failed`.
    pub(super) fn read(settings: &PrepareSettings, observer: &dyn Observer) -> Result<Self, DatasetError> {
        let (files, failed) = inputs::collect(&settings.inputs);
        let bytes: u64 = files.iter().filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum();
        observer.begin("reading", Some(bytes >> 20));
        let hashes = jobs::map(settings.jobs, &files, |file| harmless(inputs::hash(file, observer)))?;
        observer.end();
        let mut read = Self { recordings: Vec::new(), duplicates: Vec::new(), failed };
        read.tell_apart(files.into_iter().zip(hashes));
        Ok(read)
    }

    fn tell_apart(&mut self, hashed: impl Iterator<Item = (PathBuf, Result<String, DatasetError>)>) {
        let mut seen: HashMap<String, String> = HashMap::new();
        for (path, hash) in hashed {
            match hash {
                Err(error) => self.failed.push(Failure { path, error }),
                Ok(content) => match seen.get(&content) {
                    Some(same_as) => {
                        let path = path.display().to_string();
                        self.duplicates.push(DuplicateRow { path, same_as: same_as.clone() });
                    }
                    None => {
                        seen.insert(content.clone(), path.display().to_string());
                        self.recordings.push(Input { path, content });
                    }
                },
            }
        }
    }

    /// Whether `manifest` was made of exactly these inputs.
    pub(super) fn are_those_of(&self, manifest: &Manifest) -> bool {
        let failed = |path: &Path| manifest.failed.iter().any(|row| row.path == path.display().to_string());
        let doubled = |path: &Path| manifest.duplicates.iter().any(|row| row.path == path.display().to_string());
        let used = self.recordings.iter().filter(|input| !failed(&input.path) && !doubled(&input.path));
        let used = used.map(|input| &input.content);
        self.failed.iter().all(|failure| failed(&failure.path))
            && used.eq(manifest.recordings.iter().map(|row| &row.content))
    }
}

/// All that goes into the dataset.
pub(crate) struct Gathered {
    pub parts: Vec<(Input, Part)>,
    pub duplicates: Vec<DuplicateRow>,
    pub failed: Vec<Failure>,
    /// How many parts were whole already.
    pub resumed: usize,
}

/// Cuts the recordings whose parts are not whole yet, several at once.
///
/// # Errors
/// A disk that takes nothing more; `Interrupted`; inputs none of which can be used.
pub(super) fn gather(
    inputs: Inputs,
    settings: &PrepareSettings,
    recipe: &Recipe,
    staging: &Staging,
    observer: &dyn Observer,
) -> Result<Gathered, DatasetError> {
    let tally = RunningTally::default();
    let whole: Vec<Option<Part>> =
        inputs.recordings.iter().map(|input| staging.load(&input.content, recipe.slice_bytes())).collect();
    let resumed = whole.iter().flatten().inspect(|part| tally.count_part(part)).count();
    let missing: Vec<&Input> =
        inputs.recordings.iter().zip(&whole).filter(|(_, part)| part.is_none()).map(|(input, _)| input).collect();
    observer.begin("slicing", seconds_to_decode(&missing, recipe));
    let cut = jobs::map(settings.jobs, &missing, |input| {
        let given = settings.grids.of(&input.path);
        let recording = Recording { path: &input.path, recipe, given, tally: &tally, observer };
        harmless(cut_and_save(&recording, &input.content, staging))
    })?;
    observer.end();
    let parts = whole.into_iter().scan(cut.into_iter(), |cut, part| part.map(Ok).or_else(|| cut.next()));
    let gathered = sort(inputs.recordings.into_iter().zip(parts), inputs.duplicates, inputs.failed, resumed);
    gathered.warn(observer);
    gathered.unless_empty()
}

fn cut_and_save(recording: &Recording<'_>, content: &str, staging: &Staging) -> Result<Part, DatasetError> {
    // A decoder that breaks over one strange file must not take hours of work on the others with it.
    let part = panics::catch(|| recording.cut(&staging.samples_path(content)));
    let part = part.map_err(|reason| DatasetError::Broke { path: recording.path.to_owned(), reason })??;
    staging.save(content, &part)?;
    recording.observer.status(&recording.tally.text());
    Ok(part)
}

fn sort(
    parts: impl Iterator<Item = (Input, Result<Part, DatasetError>)>,
    duplicates: Vec<DuplicateRow>,
    failed: Vec<Failure>,
    resumed: usize,
) -> Gathered {
    let mut gathered = Gathered { parts: Vec::new(), duplicates, failed, resumed };
    // Files of other bytes may hold the same sound: another header, or another format without loss.
    let mut heard: HashMap<String, String> = HashMap::new();
    for (input, part) in parts {
        match part {
            Err(error) => gathered.failed.push(Failure { path: input.path, error }),
            Ok(part) => match heard.entry(part.samples.clone()) {
                Entry::Occupied(same_as) => {
                    let (path, same_as) = (input.path.display().to_string(), same_as.get().clone());
                    gathered.duplicates.push(DuplicateRow { path, same_as });
                }
                Entry::Vacant(place) => {
                    place.insert(input.path.display().to_string());
                    gathered.parts.push((input, part));
                }
            },
        }
    }
    gathered
}

impl Gathered {
    fn warn(&self, observer: &dyn Observer) {
        self.parts.iter().flat_map(|(_, part)| &part.warnings).for_each(|warning| observer.warn(warning));
        for duplicate in &self.duplicates {
            observer.warn(&format!("{} is left out: it is the same as {}", duplicate.path, duplicate.same_as));
        }
    }

    fn unless_empty(mut self) -> Result<Self, DatasetError> {
        if !self.parts.is_empty() || self.failed.is_empty() {
            return Ok(self);
        }
        let inputs = self.failed.len();
        Err(DatasetError::NothingUsable { inputs, source: Box::new(self.failed.swap_remove(0).error) })
    }
}

/// Separates what ends everything (outer error) from what ends one recording (inner error).
fn harmless<T>(result: Result<T, DatasetError>) -> Result<Result<T, DatasetError>, DatasetError> {
    match result {
        Err(error @ (DatasetError::Interrupted { .. } | DatasetError::Write { .. })) => Err(error),
        result => Ok(result),
    }
}

/// Seconds of audio that will be decoded, as far as headers tell; finding beats decodes everything once more.
fn seconds_to_decode(missing: &[&Input], recipe: &Recipe) -> Option<u64> {
    let finds_beats =
        matches!(recipe.slicing, Slicing::Beats { grid: GridChoice::Auto { .. } | GridChoice::File { .. }, .. });
    let mut sum = 0u64;
    for input in missing {
        // What cannot be opened will not be decoded either.
        let Ok(Ok(decoder)) = panics::catch(|| Decoder::open(&input.path)) else { continue };
        sum = sum.saturating_add(decoder.duration_hint()?.0 / u64::from(decoder.rate().hz()));
    }
    Some(sum.saturating_mul(if finds_beats { 2 } else { 1 }))
}

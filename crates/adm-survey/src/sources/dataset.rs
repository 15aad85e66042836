//! Passages of a dataset: runs of neighbouring slices.

use super::raw::{Found, Slices};
use super::stretches::{Stretch, choose, stretches};
use crate::SurveyError;
use adm_core::Seeds;
use adm_dataset::{Dataset, DatasetError, Slicing, Split};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What was taken of each dataset, so that no two stimuli have a slice in common.
#[derive(Debug, Default)]
pub(super) struct Datasets {
    taken: BTreeMap<PathBuf, Vec<Range<usize>>>,
    /// Passages of items, by dataset, split and item: versions of one item are of the same passage.
    items: BTreeMap<(PathBuf, String, String), Vec<Range<usize>>>,
}

/// What is asked of a dataset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub id: &'a str,
    /// The item that its sounds are versions of.
    pub item: Option<&'a str>,
    pub path: &'a Path,
    pub split: &'a str,
    pub seconds: f64,
    pub count: usize,
    pub seeds: Seeds,
}

impl Datasets {
    /// Passages long enough for what is asked, spread over recordings, none of which was given out before, unless to another
    /// version of the same item. They begin with a bar where the dataset knows bars.
    ///
    /// # Errors
    /// An unreadable dataset, an unknown split, windows with gaps between them, too few passages.
    pub(super) fn passages(&mut self, request: Request<'_>) -> Result<Vec<Found>, SurveyError> {
        let broken = |source: DatasetError| SurveyError::Dataset { id: request.id.to_owned(), source };
        let dataset = Dataset::open(request.path).map_err(broken)?;
        let split = split_of(request)?;
        let slices = slices_of(&dataset, request)?;
        let length = slices.count((request.seconds * dataset.rate().as_f64()).ceil() as usize);
        let item = request.item.map(|item| (request.path.to_owned(), request.split.to_owned(), item.to_owned()));
        let known = item.as_ref().and_then(|item| self.items.get(item)).filter(|known| known.len() == request.count);
        let chosen = match known {
            Some(known) => known.clone(),
            None => self.choose(request, &dataset, split, length)?,
        };
        if let Some(item) = item {
            self.items.insert(item, chosen.clone());
        }
        chosen.into_iter().map(|passage| found(&dataset, passage, slices).map_err(broken)).collect()
    }

    fn choose(
        &mut self,
        request: Request<'_>,
        dataset: &Dataset,
        split: Option<Split>,
        length: usize,
    ) -> Result<Vec<Range<usize>>, SurveyError> {
        let taken = self.taken.entry(request.path.to_owned()).or_default();
        let stretches = stretches(dataset.manifest(), split, taken);
        let mut random = request.seeds.stream(&format!("survey passages {}", request.id), 0);
        let chosen = choose(&stretches, length, request.count, &mut random);
        if chosen.len() < request.count {
            return Err(too_few(request, &stretches, length, chosen.len()));
        }
        taken.extend(chosen.iter().cloned());
        Ok(chosen)
    }
}

/// A split, or none for slices of any.
fn split_of(request: Request<'_>) -> Result<Option<Split>, SurveyError> {
    if request.split == "any" {
        return Ok(None);
    }
    let found = Split::ALL.into_iter().find(|split| split.to_string() == request.split);
    found.map(Some).ok_or_else(|| SurveyError::SoundSetting {
        key: format!("dataset.split of stimulus \"{}\"", request.id),
        expected: "\"train\", \"validation\", \"test\" or \"any\"".to_owned(),
        actual: format!("\"{}\"", request.split),
    })
}

fn slices_of(dataset: &Dataset, request: Request<'_>) -> Result<Slices, SurveyError> {
    let (rate, frames) = (dataset.rate().as_f64(), dataset.slice_frames());
    let (every, beats) = match dataset.manifest().slicing {
        Slicing::Beats { bpm, beats_per_slice, .. } => (rate * bpm.beat().0 * beats_per_slice as f64, beats_per_slice),
        Slicing::Windows { hop, .. } => (rate * hop.0, 0),
    };
    let touch = every >= 1.0 && every <= frames as f64 + 0.5;
    if touch {
        return Ok(Slices { frames, every, beats });
    }
    Err(SurveyError::SoundSetting {
        key: format!("dataset.path of stimulus \"{}\"", request.id),
        expected: "a dataset whose windows touch".to_owned(),
        actual: format!("windows of {frames} frames that start every {every:.0} frames"),
    })
}

fn too_few(request: Request<'_>, stretches: &[Stretch], slices: usize, found: usize) -> SurveyError {
    SurveyError::TooFewPassages {
        id: request.id.to_owned(),
        path: request.path.to_owned(),
        split: request.split.to_owned(),
        wanted: request.count,
        found,
        slices,
        longest: stretches.iter().map(|stretch| stretch.slices.len()).max().unwrap_or(0),
    }
}

fn found(dataset: &Dataset, passage: Range<usize>, slices: Slices) -> Result<Found, DatasetError> {
    let origin = dataset.origin(passage.start);
    let origin = origin.map(|origin| format!(", {} at {}", origin.recording.path, origin.start)).unwrap_or_default();
    let size = dataset.slice_samples();
    let mut samples = vec![0.0; passage.len() * size];
    for (index, slice) in passage.clone().zip(samples.chunks_exact_mut(size.max(1))) {
        dataset.read_f32(index, slice)?;
    }
    Ok(Found {
        source: format!("{}, slices {} to {}{origin}", dataset.dir().display(), passage.start, passage.end - 1),
        samples,
        channels: dataset.channels(),
        rate: dataset.rate(),
        slices: Some(slices),
    })
}

//! Tensors from elsewhere into a dataset of their own.

use super::export::depth_last;
use super::plan::Plan;
use crate::error::DatasetError;
use crate::manifest::{MANIFEST_FILE, Manifest, SLICES_FILE};
use crate::npy::{self, SliceWriter};
use crate::prepare::{Failure, Gathered, Input, KeptSpan, Part, Tally, describe};
use crate::splits::SplitRule;
use crate::store::quantise;
use crate::{folder, jobs};
use adm_core::{Bpm, Frames, Observer, SampleRate};
use adm_spectral::{Representation, RepresentationConfig, Scratch, Tensor};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Tensors that one job takes at a time; what bounds the memory.
const CHUNK: usize = 16;
/// Why a tensor is left out, as it is named in the manifest.
const REJECTED: &str = "rejected";

/// What to import, how, and where to.
///
/// What is `None` is read from the sidecar of an export, or is the founding document's where that has a default.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportSettings {
    /// The folder with the `.npy` files; their names' order is the order of the slices.
    pub input: PathBuf,
    /// The dataset to make.
    pub output: PathBuf,
    /// How the tensors were made of slices.
    pub representation: Option<RepresentationConfig>,
    /// Frames a second of the slices.
    pub rate: Option<SampleRate>,
    /// Tempo of the slices.
    pub bpm: Option<Bpm>,
    /// Beats in a slice.
    pub beats_per_slice: Option<usize>,
    /// 1 (mono) or 2 (left, right).
    pub channels: Option<usize>,
    /// How to draw the splits.
    pub split_rule: SplitRule,
    /// Files to read at once, at least 1.
    pub jobs: usize,
}

impl ImportSettings {
    /// All from the sidecar or the founding document, one file at a time.
    pub fn new(input: PathBuf, output: PathBuf) -> Self {
        Self {
            input,
            output,
            representation: None,
            rate: None,
            bpm: None,
            beats_per_slice: None,
            channels: None,
            split_rule: SplitRule::default(),
            jobs: 1,
        }
    }
}

/// What was imported.
#[derive(Debug)]
pub struct ImportReport {
    /// The manifest of the dataset as it was written.
    pub manifest: Manifest,
    /// Files that hold no such tensor, each with its reason; the rest was imported without them.
    pub failed: Vec<Failure>,
}

/// Makes a dataset of a folder of `.npy` tensors.
///
/// The tensors are taken for neighbours in the order of their names, so splits keep their distance in it. Samples beyond
/// full scale are clipped, and how many slices had some is a warning in the manifest. Stage for the observer:
/// `importing` (in files).
///
/// # Errors
/// An output that exists; a folder without `.npy` files; neither a sidecar nor the settings that it would hold; no file
/// that could be used; whatever the file system returns; `Interrupted`. Nothing is left behind then.
pub fn import(settings: &ImportSettings, observer: &dyn Observer) -> Result<ImportReport, DatasetError> {
    let plan = Plan::new(settings)?;
    let files = tensors_in(&settings.input)?;
    observer.begin("importing", Some(files.len() as u64));
    let report = folder::create(&settings.output, |folder| {
        let mut intake = Intake::new(&plan, &folder.join(SLICES_FILE))?;
        for files in files.chunks(CHUNK * settings.jobs.max(1)) {
            if observer.stop_requested() {
                return Err(DatasetError::Interrupted { hint: None });
            }
            let chunks: Vec<&[PathBuf]> = files.chunks(CHUNK).collect();
            let slices = jobs::map(settings.jobs, &chunks, |chunk| Ok(plan.slices_of(chunk)))?;
            for (path, slice) in files.iter().zip(slices.into_iter().flatten()) {
                intake.take(path, slice)?;
            }
            observer.advance(files.len() as u64);
        }
        let report = intake.finish(&settings.input)?;
        report.manifest.save(&folder.join(MANIFEST_FILE))?;
        Ok(report)
    })?;
    observer.end();
    Ok(report)
}

fn tensors_in(dir: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let entries = fs::read_dir(dir).map_err(DatasetError::reading(dir))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(DatasetError::reading(dir))?;
    paths.retain(|path| path.extension().and_then(OsStr::to_str) == Some("npy"));
    paths.sort();
    if paths.is_empty() {
        return Err(DatasetError::NothingInside { path: dir.to_owned(), what: ".npy file" });
    }
    Ok(paths)
}

/// One imported slice.
struct Imported {
    samples: Vec<i16>,
    /// Hash of the tensor's values.
    content: blake3::Hash,
    clipped: bool,
}

impl Plan {
    fn slices_of(&self, paths: &[PathBuf]) -> Vec<Result<Imported, DatasetError>> {
        let mut scratch = Scratch::new();
        paths.iter().map(|path| self.slice_of(path, &mut scratch)).collect()
    }

    fn slice_of(&self, path: &Path, scratch: &mut Scratch) -> Result<Imported, DatasetError> {
        let representation: &dyn Representation = self.representation.as_ref();
        let values = npy::read_tensor(path, &depth_last(representation))?;
        let tensor = Tensor::from_depth_last(representation.shape(), &values)?;
        let mut slice = vec![0.0; representation.slice_frames() * representation.slice_channels()];
        representation.decode(tensor.data(), &mut slice, scratch)?;
        Ok(Imported {
            samples: slice.iter().copied().map(quantise).collect(),
            content: blake3::hash(bytemuck::cast_slice(&values)),
            clipped: slice.iter().any(|sample| sample.abs() > 1.0),
        })
    }
}

/// Takes slices in order and keeps the books.
struct Intake<'a> {
    plan: &'a Plan,
    writer: SliceWriter,
    samples: blake3::Hasher,
    content: blake3::Hasher,
    spans: Vec<KeptSpan>,
    tally: Tally,
    failed: Vec<Failure>,
    clipped: usize,
}

impl<'a> Intake<'a> {
    fn new(plan: &'a Plan, path: &Path) -> Result<Self, DatasetError> {
        Ok(Self {
            plan,
            writer: SliceWriter::create(path, plan.recipe.slice_frames(), plan.recipe.channels)?,
            samples: blake3::Hasher::new(),
            content: blake3::Hasher::new(),
            spans: Vec::new(),
            tally: Tally::default(),
            failed: Vec::new(),
            clipped: 0,
        })
    }

    fn take(&mut self, path: &Path, slice: Result<Imported, DatasetError>) -> Result<(), DatasetError> {
        let number = (self.spans.len() + self.failed.len()) as u64;
        let KeptSpan(position, start, end) = self.plan.span(number);
        match slice {
            Ok(slice) => {
                self.spans.push(KeptSpan(position, start, end));
                self.samples.update(bytemuck::cast_slice(&slice.samples));
                self.content.update(slice.content.as_bytes());
                self.clipped += usize::from(slice.clipped);
                self.writer.append(&slice.samples)
            }
            Err(error) => {
                let seconds = |frame| Frames(frame).seconds(self.plan.recipe.sample_rate);
                let step = self.plan.recipe.slicing.position_step();
                self.tally.add(REJECTED, position, step, seconds(start), seconds(end));
                self.failed.push(Failure { path: path.to_owned(), error });
                Ok(())
            }
        }
    }

    fn finish(mut self, dir: &Path) -> Result<ImportReport, DatasetError> {
        if self.spans.is_empty() && !self.failed.is_empty() {
            let inputs = self.failed.len();
            let source = Box::new(self.failed.swap_remove(0).error);
            return Err(DatasetError::NothingUsable { inputs, source });
        }
        self.writer.finish()?;
        let recipe = &self.plan.recipe;
        let clipped = format!("{} slices exceeded full scale and were clipped", self.clipped);
        let part = Part {
            samples: self.samples.finalize().to_hex().to_string(),
            duration: Frames(self.spans.last().map_or(0, |span| span.2)).seconds(recipe.sample_rate),
            grid: None,
            warnings: if self.clipped == 0 { Vec::new() } else { vec![clipped] },
            tally: self.tally,
            spans: self.spans,
            bar_beats: Vec::new(),
        };
        let content = self.content.finalize().to_hex().to_string();
        let parts = vec![(Input { path: dir.to_owned(), content }, part)];
        let gathered = Gathered { parts, duplicates: Vec::new(), failed: self.failed, resumed: 0 };
        Ok(ImportReport { manifest: describe(recipe, &gathered), failed: gathered.failed })
    }
}

//! Slices out.

use super::sidecar::Sidecar;
use crate::error::DatasetError;
use crate::splits::Split;
use crate::store::Dataset;
use crate::{folder, jobs, npy};
use adm_audio::{AudioError, WavFormat, WavWriter};
use adm_core::Observer;
use adm_spectral::{Representation, RepresentationConfig, Scratch, Tensor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Slices that one job takes at a time.
const CHUNK: usize = 32;

/// What to export, how, and where to.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportSettings {
    /// The folder to make.
    pub output: PathBuf,
    /// What each file holds.
    pub format: ExportFormat,
    /// One split's slices only; `None` for all.
    pub split: Option<Split>,
    /// Files to write at once, at least 1.
    pub jobs: usize,
}

/// What each file of an export holds.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportFormat {
    /// The slice's tensor as it comes from this representation, unscaled.
    Npy(RepresentationConfig),
    /// The slice itself as a 16-bit WAV.
    Wav,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// Number of files, besides the sidecar.
    pub files: usize,
}

/// Writes one file a slice into a new folder, named by the slice's index.
///
/// Stage for the observer: `exporting` (in slices).
///
/// # Errors
/// An output that exists; a representation that does not fit the slices; an empty split; whatever the file system
/// returns; `Interrupted`. Nothing is left behind then.
pub fn export(
    dataset: &Dataset,
    settings: &ExportSettings,
    observer: &dyn Observer,
) -> Result<ExportReport, DatasetError> {
    let indices = settings.split.map_or_else(|| (0..dataset.len()).collect(), |split| dataset.indices(split));
    if let (true, Some(split)) = (indices.is_empty(), settings.split) {
        return Err(DatasetError::EmptySplit { split });
    }
    let kind = Kind::new(dataset, &settings.format)?;
    observer.begin("exporting", Some(indices.len() as u64));
    folder::create(&settings.output, |folder| {
        let chunks: Vec<&[usize]> = indices.chunks(CHUNK).collect();
        jobs::map(settings.jobs, &chunks, |chunk| write_chunk(dataset, &kind, chunk, folder, observer))?;
        let config = if let ExportFormat::Npy(config) = &settings.format { Some(config.clone()) } else { None };
        Sidecar::new(dataset, config)?.save(folder)
    })?;
    observer.end();
    Ok(ExportReport { files: indices.len() })
}

enum Kind {
    Npy(Arc<dyn Representation>),
    Wav,
}

impl Kind {
    fn new(dataset: &Dataset, format: &ExportFormat) -> Result<Self, DatasetError> {
        match format {
            ExportFormat::Wav => Ok(Self::Wav),
            ExportFormat::Npy(config) => {
                Ok(Self::Npy(config.build(dataset.slice_frames(), dataset.rate(), dataset.channels())?))
            }
        }
    }
}

fn write_chunk(
    dataset: &Dataset,
    kind: &Kind,
    chunk: &[usize],
    folder: &Path,
    observer: &dyn Observer,
) -> Result<(), DatasetError> {
    let mut slice = vec![0.0; dataset.slice_samples()];
    let mut scratch = Scratch::new();
    for &index in chunk {
        if observer.stop_requested() {
            return Err(DatasetError::Interrupted { hint: None });
        }
        dataset.read_f32(index, &mut slice)?;
        match kind {
            Kind::Wav => write_wav(&folder.join(format!("{index:06}.wav")), dataset, &slice)?,
            Kind::Npy(representation) => {
                let path = folder.join(format!("{index:06}.npy"));
                write_tensor(&path, representation.as_ref(), &slice, &mut scratch)?;
            }
        }
        observer.advance(1);
    }
    Ok(())
}

fn write_tensor(
    path: &Path,
    representation: &dyn Representation,
    slice: &[f32],
    scratch: &mut Scratch,
) -> Result<(), DatasetError> {
    let mut tensor = Tensor::zeros(representation.shape());
    representation.encode(slice, tensor.data_mut(), scratch)?;
    npy::write_tensor(path, &depth_last(representation), &tensor.to_depth_last())
}

/// The shape of an exchanged file: `(bins, frames, channels)`.
pub(super) fn depth_last(representation: &dyn Representation) -> [usize; 3] {
    let shape = representation.shape();
    [shape.bins, shape.frames, shape.channels]
}

fn write_wav(path: &Path, dataset: &Dataset, slice: &[f32]) -> Result<(), DatasetError> {
    let write = || {
        let mut writer = WavWriter::create(path, dataset.rate(), dataset.channels(), WavFormat::Pcm16)?;
        writer.write(slice)?;
        writer.finish().map(drop)
    };
    write().map_err(|error| match error {
        AudioError::Write { path, source } => DatasetError::Write { path, source },
        source => DatasetError::Audio { path: path.to_owned(), source },
    })
}

//! The folder of an export.

use crate::commands::round_trip::RoundTrip;
use crate::output::text::{Rows, channels, count};
use adm_core::SampleRate;
use adm_dataset::exchange::{SIDECAR_FILE, Sidecar};
use adm_dataset::npy::read_tensor;
use adm_spectral::{RepresentationConfig, Tensor};
use anyhow::Context;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Reads an export's sidecar and counts its files.
///
/// # Errors
/// A damaged sidecar, an unreadable folder.
pub fn look(path: &Path) -> anyhow::Result<Found> {
    let missing = || format!("{} is not there", path.join(SIDECAR_FILE).display());
    let sidecar = Sidecar::load(path)?.with_context(missing)?;
    let entries = path.read_dir().with_context(|| format!("cannot read {}", path.display()))?;
    let is_slice = |name: &Path| name.extension().is_some_and(|it| it == "npy" || it == "wav");
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| is_slice(path)).collect();
    files.sort();
    let first = files.first().map(|path| path.as_path());
    let tensors = |config| Tensors::new(config, &sidecar, first);
    Ok(Found {
        kind: "export",
        folder: path.display().to_string(),
        files: files.len(),
        tensors: sidecar.representation.as_ref().map(tensors).transpose()?,
        slice_frames: sidecar.slice_frames,
        sample_rate: sidecar.sample_rate,
        channels: sidecar.channels,
        representation: sidecar.representation,
        fingerprint: sidecar.fingerprint,
    })
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    folder: String,
    files: usize,
    slice_frames: usize,
    sample_rate: SampleRate,
    channels: usize,
    representation: Option<RepresentationConfig>,
    tensors: Option<Tensors>,
    /// Of the dataset that was exported.
    fingerprint: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frames = count(self.slice_frames as u64);
        let holds = self.tensors.as_ref().map_or("slices as they are".to_owned(), Tensors::sentence);
        let rows = Rows::default()
            .row("export", self.folder.clone())
            .row("files", format!("{}: {holds}", count(self.files as u64)))
            .maybe("holds", self.tensors.as_ref().map(|tensors| tensors.planes.join(", ")))
            .maybe("size", self.tensors.as_ref().map(|it| format!("{:.2} numbers a sample", it.relative_size)))
            .maybe("comes back", self.tensors.as_ref().and_then(Tensors::round_trip))
            .row("slices", format!("{frames} frames, {}, {}", channels(self.channels), self.sample_rate))
            .row("of dataset", self.fingerprint.clone());
        write!(f, "{rows}")
    }
}

/// What the tensors of an export are.
#[derive(Debug, Serialize)]
struct Tensors {
    name: &'static str,
    /// `(bins, frames, channels)`.
    shape: [usize; 3],
    planes: Vec<String>,
    relative_size: f64,
    exact: bool,
    /// Measured on the first of them.
    round_trip: Option<RoundTrip>,
}

impl Tensors {
    fn new(config: &RepresentationConfig, sidecar: &Sidecar, first: Option<&Path>) -> anyhow::Result<Self> {
        let built = config.build(sidecar.slice_frames, sidecar.sample_rate, sidecar.channels)?;
        let (representation, shape) = (built.as_ref(), built.shape());
        let round_trip = |path: &Path| -> anyhow::Result<RoundTrip> {
            let values = read_tensor(path, &[shape.bins, shape.frames, shape.channels])?;
            Ok(RoundTrip::of_tensor(representation, &Tensor::from_depth_last(shape, &values)?)?)
        };
        Ok(Self {
            name: representation.name(),
            shape: [shape.bins, shape.frames, shape.channels],
            planes: representation.planes().iter().map(ToString::to_string).collect(),
            relative_size: representation.relative_size(),
            exact: representation.is_exact(),
            round_trip: first.map(round_trip).transpose()?,
        })
    }

    fn sentence(&self) -> String {
        let [bins, frames, _] = self.shape;
        format!("{} tensors of {bins} bins and {frames} frames", self.name)
    }

    fn round_trip(&self) -> Option<String> {
        self.round_trip.as_ref().map(|measured| measured.sentence(self.exact))
    }
}

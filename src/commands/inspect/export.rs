//! The folder of an export.

use crate::output::text::{Rows, channels, count};
use adm_core::SampleRate;
use adm_dataset::exchange::{SIDECAR_FILE, Sidecar};
use adm_spectral::RepresentationConfig;
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
    Ok(Found {
        kind: "export",
        folder: path.display().to_string(),
        files: entries.flatten().filter(|entry| is_slice(&entry.path())).count(),
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
    /// Of the dataset that was exported.
    fingerprint: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frames = count(self.slice_frames as u64);
        let form = match &self.representation {
            Some(RepresentationConfig::StereoComplex(config)) => {
                format!("stereo-complex tensors of {} bins and {} frames", config.bins, config.frames)
            }
            Some(config) => format!("{} tensors", config.name()),
            None => "slices as they are".to_owned(),
        };
        let rows = Rows::default()
            .row("export", self.folder.clone())
            .row("files", format!("{}: {form}", count(self.files as u64)))
            .row("slices", format!("{frames} frames, {}, {}", channels(self.channels), self.sample_rate))
            .row("of dataset", self.fingerprint.clone());
        write!(f, "{rows}")
    }
}

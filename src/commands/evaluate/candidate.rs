//! From a path to the slices of a candidate.

use super::slices::{Form, Slices};
use crate::commands::prepare::{the_only_one, warn_of};
use crate::output::{Hinted, Output};
use crate::settings::EvaluateSettings;
use adm_dataset::manifest::MANIFEST_FILE;
use adm_dataset::recipe::{GridChoice, Slicing};
use adm_dataset::{Dataset, PrepareSettings};
use adm_models::Family;
use adm_models::Sampler;
use adm_models::provenance::Provenance;
use adm_train::RunDir;
use adm_train::device::Picked;
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// Where slices came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Dataset,
    Run,
    Recordings,
}

/// What is judged.
pub struct Candidate {
    /// As it was typed.
    pub name: String,
    pub kind: Kind,
    pub slices: Slices,
    /// Of a run: how consistent its tensors are, in dB ([`Sampler::consistency_db`]).
    pub consistency_db: Option<f64>,
    /// Of a run: the step of its checkpoint.
    pub step: Option<u64>,
    /// What is worth knowing about it.
    pub notes: Vec<String>,
    /// The slices of recordings, as long as they are needed.
    pub cut: Option<TempDir>,
}

/// Tensors that a run's consistency is taken from.
const CONSISTENT: usize = 64;

/// Opens what lies at a path: slices of the reference's form.
///
/// # Errors
/// A path that is neither dataset, nor run, nor recording; slices of another form.
pub fn open(
    path: &Path,
    settings: &EvaluateSettings,
    reference: &Arc<Dataset>,
    picked: &Picked,
    output: &Output,
) -> Result<Candidate> {
    if path.join(MANIFEST_FILE).is_file() && RunDir::open(path).is_err() {
        return stored(path, reference);
    }
    if RunDir::open(path).is_ok() {
        return picked.watch(|| generated(path, settings, reference, picked))?;
    }
    recorded(path, settings, reference, output).with_context(|| format!("cannot judge {}", path.display()))
}

fn stored(path: &Path, reference: &Dataset) -> Result<Candidate> {
    let dataset = Dataset::open(path)?;
    check(path, Form::of(&dataset), Form::of(reference))?;
    let same = dataset.manifest().fingerprint == reference.manifest().fingerprint;
    let note =
        same.then(|| "it has the fingerprint of the reference: its training beats are found as copies".to_owned());
    let slices = Slices::Stored { indices: (0..dataset.len()).collect(), dataset: Arc::new(dataset) };
    Ok(Candidate { notes: note.into_iter().collect(), ..Candidate::new(path, Kind::Dataset, slices) })
}

fn generated(path: &Path, settings: &EvaluateSettings, reference: &Dataset, picked: &Picked) -> Result<Candidate> {
    let how = match Family::of_run(path)? {
        Family::Gan | Family::Autoencoder | Family::Diffusion => None,
        Family::Sequencer => Some(("a sequencer", "adm generate --run GAN --run SEQUENCER -o OUT.wav")),
        Family::Mdn => Some(("a network of rows", "adm generate --run RUN -o OUT.wav")),
        Family::Caw => Some(("a pyramid of waveforms", "adm generate --run RUN -o OUT.wav")),
    };
    if let Some((what, command)) = how {
        let message = format!("{} is {what}, which makes no beats of its own", path.display());
        anyhow::bail!(Hinted::new(message, format!("judge what it plays: {command}")));
    }
    let run = RunDir::open(path)?;
    let sampler = Sampler::open(&run, &picked.device)?;
    let form = Form { rate: sampler.rate(), channels: sampler.channels(), frames: sampler.slice_frames() };
    check(path, form, Form::of(reference))?;
    let slices = sampler.random(settings.beats, settings.seeds, "evaluate")?;
    let learned = Provenance::load(&run.dataset())?;
    let other = learned.fingerprint != reference.manifest().fingerprint;
    let note = other.then(|| {
        let learned = learned.path.display();
        format!("it learned from {learned}: only with that as --reference are copies of what it learned from found")
    });
    Ok(Candidate {
        consistency_db: Some(sampler.consistency_db(CONSISTENT, settings.seeds, "evaluate")?),
        step: Some(sampler.step),
        notes: sampler.skipped.iter().cloned().chain(note).collect(),
        ..Candidate::new(path, Kind::Run, Slices::Made(Arc::new(slices)))
    })
}

/// Cuts recordings as the reference was cut.
fn recorded(path: &Path, settings: &EvaluateSettings, reference: &Dataset, output: &Output) -> Result<Candidate> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let recipe = reference.manifest().recipe();
    let slicing = match recipe.slicing {
        Slicing::Beats { bpm, beats_per_slice, fit, .. } => {
            Slicing::Beats { bpm, beats_per_slice, fit, grid: settings.grid.unwrap_or(GridChoice::FOUND) }
        }
        windows @ Slicing::Windows { .. } => windows,
    };
    let prepared = PrepareSettings {
        rate: recipe.sample_rate,
        channels: recipe.channels,
        slicing,
        split_rule: recipe.split_rule,
        jobs: settings.jobs,
        ..PrepareSettings::new(vec![path.to_owned()], folder.path().join("beats"))
    };
    let report = adm_dataset::prepare(&prepared, &output.progress).map_err(the_only_one)?;
    warn_of(&report.failed, output);
    let dataset = Dataset::open(&prepared.output)?;
    let slices = Slices::Stored { indices: (0..dataset.len()).collect(), dataset: Arc::new(dataset) };
    Ok(Candidate { cut: Some(folder), ..Candidate::new(path, Kind::Recordings, slices) })
}

impl Candidate {
    fn new(path: &Path, kind: Kind, slices: Slices) -> Self {
        let name = path.display().to_string();
        Self { name, kind, slices, consistency_db: None, step: None, notes: Vec::new(), cut: None }
    }
}

fn check(path: &Path, got: Form, expected: Form) -> Result<()> {
    if got == expected {
        return Ok(());
    }
    let words = |form: Form| {
        let channels = crate::output::text::channels(form.channels);
        format!("{} frames, {channels}, at {}", form.frames, form.rate)
    };
    let message = format!("{} has slices of {}, the reference {}", path.display(), words(got), words(expected));
    anyhow::bail!(Hinted::new(
        message,
        "prepare both with the same --sample-rate and --target-bpm, and --mono for both or none"
    ))
}

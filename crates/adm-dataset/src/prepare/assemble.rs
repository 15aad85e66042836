//! From parts to a dataset, in the order of the inputs.

use super::gather::{Gathered, Input};
use super::part::{KeptSpan, Part, passages};
use super::staging::Staging;
use crate::error::DatasetError;
use crate::manifest::{FORMAT, FailedRow, MANIFEST_FILE, Manifest, RecordingRow, SLICES_FILE, VERSION};
use crate::npy::SliceWriter;
use crate::recipe::Recipe;
use crate::splits::{Span, Splits};
use adm_core::Observer;
use std::fs::File;
use std::path::Path;

/// Writes `slices.npy` and `dataset.json` into the staging folder's `dataset`.
///
/// # Errors
/// Whatever the file system returns; `Interrupted`.
pub(super) fn assemble(
    staging: &Staging,
    recipe: &Recipe,
    gathered: &Gathered,
    observer: &dyn Observer,
) -> Result<Manifest, DatasetError> {
    let dir = staging.fresh_dataset_dir()?;
    let manifest = describe(recipe, gathered);
    observer.begin("writing", Some(manifest.slices as u64));
    write_slices(&dir.join(SLICES_FILE), staging, recipe, gathered, observer)?;
    observer.end();
    manifest.save(&dir.join(MANIFEST_FILE))?;
    Ok(manifest)
}

fn write_slices(
    path: &Path,
    staging: &Staging,
    recipe: &Recipe,
    gathered: &Gathered,
    observer: &dyn Observer,
) -> Result<(), DatasetError> {
    let frames = recipe.slice_frames();
    // Some 64 MiB between two looks at whether to stop.
    let at_once = ((1 << 25) / (frames * recipe.channels)).max(1);
    let mut writer = SliceWriter::create(path, frames, recipe.channels)?;
    for (input, part) in &gathered.parts {
        let part_path = staging.samples_path(&input.content);
        let mut file = File::open(&part_path).map_err(DatasetError::reading(&part_path))?;
        for spans in part.spans.chunks(at_once) {
            if observer.stop_requested() {
                return Err(DatasetError::Interrupted { hint: None });
            }
            writer.append_part(&mut file, &part_path, spans.len())?;
            observer.advance(spans.len() as u64);
        }
    }
    writer.finish().map(drop)
}

pub(crate) fn describe(recipe: &Recipe, gathered: &Gathered) -> Manifest {
    let spans: Vec<Vec<Span>> = gathered.parts.iter().map(|(_, part)| spans_of(part)).collect();
    let recordings = rows(recipe, &gathered.parts);
    let failed = gathered.failed.iter();
    let failed = failed.map(|it| FailedRow { path: it.path.display().to_string(), reason: it.error.reason() });
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        fingerprint: String::new(),
        sample_rate: recipe.sample_rate,
        channels: recipe.channels,
        slice_frames: recipe.slice_frames(),
        slices: recordings.last().map_or(0, |row| row.slices.end),
        slicing: recipe.slicing,
        recordings,
        failed: failed.collect(),
        duplicates: gathered.duplicates.clone(),
        splits: Splits::assign(&spans, recipe.sample_rate, recipe.split_rule),
    };
    manifest.fingerprint = manifest.expected_fingerprint();
    manifest
}

fn spans_of(part: &Part) -> Vec<Span> {
    part.spans.iter().map(|&KeptSpan(_, start, end)| Span { start, end }).collect()
}

fn rows(recipe: &Recipe, parts: &[(Input, Part)]) -> Vec<RecordingRow> {
    let mut first = 0;
    let row = |(input, part): &(Input, Part)| {
        let slices = first..first + part.spans.len();
        first = slices.end;
        RecordingRow {
            path: input.path.display().to_string(),
            content: input.content.clone(),
            samples: part.samples.clone(),
            duration: part.duration,
            grid: part.grid.clone(),
            kept: slices.len(),
            slices,
            left_out: part.tally.left_out.clone(),
            passages: passages(&part.spans, &part.bar_beats, recipe.slicing.position_step(), recipe.sample_rate),
            skipped: part.tally.skipped.clone(),
            warnings: part.warnings.clone(),
        }
    };
    parts.iter().map(row).collect()
}

//! What a run learned from.

use super::recorded::Recorded;
use crate::output::text::{channels, count};
use adm_dataset::{Dataset, Split};
use adm_models::Family;
use adm_models::provenance::Provenance;
use adm_report::Facts;

pub fn facts(run: &Recorded) -> Facts {
    let Some(provenance) = &run.provenance else { return Facts::new().fact("dataset.json", "cannot be read") };
    if run.family == Family::Caw {
        return of_recording(provenance);
    }
    if provenance.path.is_file() {
        return of_file(provenance);
    }
    let tempo = provenance.bpm.map(|bpm| format!("{} BPM", bpm.get()));
    let facts = Facts::new()
        .fact("place", provenance.path.display())
        .fact("tempo", tempo.unwrap_or_else(|| "windows without a tempo".to_owned()))
        .fact("beats in a slice", provenance.beats_per_slice);
    let facts = match Dataset::open(&provenance.path) {
        Ok(dataset) if provenance.check(&dataset).is_ok() => contents(facts, &dataset),
        Ok(_) => facts.fact("contents", "another dataset is there now"),
        Err(_) => facts.fact("contents", "the dataset is no longer there"),
    };
    facts.fact("fingerprint", short(provenance))
}

/// Of a file of rows, which is not read again: it may be large.
fn of_file(provenance: &Provenance) -> Facts {
    Facts::new().fact("rows of", provenance.path.display()).fact("fingerprint", short(provenance))
}

/// Of one recording, of which the run has a copy.
fn of_recording(provenance: &Provenance) -> Facts {
    Facts::new().fact("recording", provenance.path.display()).fact("fingerprint", short(provenance))
}

/// Enough of a fingerprint to tell two datasets apart by eye.
pub fn short(provenance: &Provenance) -> String {
    provenance.fingerprint.chars().take(12).collect()
}

fn contents(facts: Facts, dataset: &Dataset) -> Facts {
    let slices = |split| count(dataset.indices(split).len() as u64);
    let seconds = dataset.slice_frames() as f64 / f64::from(dataset.rate().hz());
    facts
        .fact("slices", count(dataset.len() as u64))
        .fact("learned from", slices(Split::Train))
        .fact("held out", format!("{} and {}", slices(Split::Validation), slices(Split::Test)))
        .fact("recordings", count(dataset.manifest().recordings.len() as u64))
        .fact("sound", format!("{}, {} Hz", channels(dataset.channels()), count(u64::from(dataset.rate().hz()))))
        .fact("a slice", format!("{} samples, {seconds:.3} s", count(dataset.slice_frames() as u64)))
}

//! A reference, its two yardsticks and the candidates between them.

use super::candidate::{Candidate, Kind, open};
use super::copies::Copies;
use super::instruments::{Instruments, Portrait, heed};
use super::reference::Reference;
use super::slices::Slices;
use super::sound::{Sound, sound};
use crate::output::text::plural;
use crate::output::{Hinted, Output};
use crate::settings::EvaluateSettings;
use adm_core::{Observer, Seeds};
use adm_dataset::Dataset;
use adm_eval::audit::{AuditConfig, Fingerprint, Library, audit};
use adm_eval::{Collapse, Distances, Judge, Measure, MeasureConfig, Variety, noise_like};
use adm_train::device;
use anyhow::Result;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// Most reference slices that distances are taken to: they grow with the square.
const MOST_COMPARED: usize = 2_000;

/// What was judged, and how.
#[derive(Serialize)]
pub struct Evaluation {
    pub reference: PathBuf,
    /// Slices that candidates are compared with, and that were held out.
    pub training: usize,
    pub held_out: usize,
    /// Slices of every set that figures are taken from which depend on their number.
    pub compared: usize,
    pub notes: Vec<String>,
    /// Held-out beats: how good it can get.
    pub floor: Judged,
    /// Noise as loud: how bad it can get.
    pub ceiling: Judged,
    pub candidates: Vec<Judged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PathBuf>,
    pub seconds: f64,
}

/// One set's figures.
#[derive(Serialize)]
pub struct Judged {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    pub beats: usize,
    pub distances: Distances,
    pub sound: Sound,
    /// Different tokens among the compared ones.
    pub tokens: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistency_db: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variety: Option<Collapse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    #[serde(skip)]
    pub slices: Slices,
    #[serde(skip)]
    prints: Vec<Fingerprint>,
    /// Where recordings were cut to slices, as long as these are needed.
    #[serde(skip)]
    _cut: Option<TempDir>,
}

/// A set on its way to figures.
struct Seen {
    name: String,
    slices: Slices,
    portrait: Portrait,
}

/// What all sets are measured with.
struct Bench {
    reference: Reference,
    measure: Measure,
    library: Library,
    held_out: Vec<Fingerprint>,
    compared: usize,
    /// What is worth knowing about that.
    note: Option<String>,
    seeds: Seeds,
}

impl Evaluation {
    /// Judges what the settings name.
    ///
    /// # Errors
    /// Whatever cannot be opened, read or compared.
    pub fn of(settings: &EvaluateSettings, output: &Output) -> Result<Self> {
        let began = Instant::now();
        let reference = Reference::of(Dataset::open(&settings.reference)?)?;
        let picked = device::pick(settings.device)?;
        let opened = settings.candidates.iter();
        let opened: Vec<Candidate> =
            opened.map(|path| open(path, settings, &reference.dataset, &picked, output)).collect::<Result<_>>()?;
        let progress = &output.progress;
        let instruments = Instruments::of(&reference.dataset, progress)?;
        heed(progress)?;
        let held_out = reference.held_out.at_most(MOST_COMPARED);
        let noise = Slices::Made(Arc::new(noise_like(&held_out.read(0..held_out.len())?, settings.seeds)));
        let floor = ("held out", held_out.clone());
        let ceiling = ("noise", noise);
        let given = opened.iter().map(|candidate| (candidate.name.as_str(), candidate.slices.at_most(settings.beats)));
        let sets: Vec<(&str, Slices)> = [floor, ceiling].into_iter().chain(given).collect();
        progress.begin("looking at beats", Some(sets.iter().map(|(_, slices)| slices.len() as u64).sum()));
        let look = |(name, slices): (&str, Slices)| {
            Ok(Seen { name: name.to_owned(), portrait: instruments.portrait(&slices, progress)?, slices })
        };
        let seen = sets.into_iter().map(look).collect::<Result<Vec<Seen>>>()?;
        progress.end();
        let bench = Bench::new(reference, &instruments, &seen, settings, progress)?;
        let mut judged = seen.into_iter().map(|seen| heed(progress).and_then(|()| bench.judge(seen)));
        let (floor, ceiling) = (next(&mut judged)?, next(&mut judged)?);
        let candidates = opened.into_iter().zip(judged);
        let candidates = candidates.map(|(candidate, judged)| bench.finish(candidate, judged?, &floor));
        let candidates = candidates.collect::<Result<Vec<Judged>>>()?;
        Ok(Self {
            reference: settings.reference.clone(),
            training: bench.reference.training.len(),
            held_out: bench.reference.held_out.len(),
            compared: bench.compared,
            notes: bench.note.into_iter().collect(),
            floor,
            ceiling,
            candidates,
            page: None,
            seconds: began.elapsed().as_secs_f64(),
        })
    }
}

fn next(judged: &mut impl Iterator<Item = Result<Judged>>) -> Result<Judged> {
    judged.next().unwrap_or_else(|| anyhow::bail!("nothing was judged"))
}

/// As many beats as the smallest set has, and a word where that is a candidate with far fewer than were held out.
fn compared(seen: &[Seen]) -> Result<(usize, Option<String>)> {
    let held_out = seen.first().map_or(0, |floor| floor.slices.len());
    let Some(smallest) = seen.iter().min_by_key(|seen| seen.slices.len()) else { return Ok((0, None)) };
    let (name, count) = (&smallest.name, smallest.slices.len());
    if count < Judge::LEAST {
        let message = format!("{name} has {}, of which {} are needed", plural(count, "beat"), Judge::LEAST);
        anyhow::bail!(Hinted::new(message, "leave it out, or give more of it"));
    }
    let note = (2 * count < held_out).then(|| {
        format!(
            "{name} has {} only: all figures that depend on their number are taken of as many",
            plural(count, "beat")
        )
    });
    Ok((count, note))
}

impl Bench {
    fn new(
        reference: Reference,
        instruments: &Instruments,
        seen: &[Seen],
        settings: &EvaluateSettings,
        progress: &dyn Observer,
    ) -> Result<Self> {
        let (compared, note) = compared(seen)?;
        let near = reference.training.at_most(MOST_COMPARED);
        let features = instruments.features(&near, progress)?;
        let config = MeasureConfig { group: near.together(), most: MOST_COMPARED, ..MeasureConfig::default() };
        let measure = Measure::new(&features, config, settings.seeds)?;
        let library = Library::new(instruments.prints(&reference.training, progress)?);
        let held_out = seen.first().map(|floor| floor.portrait.prints.clone()).unwrap_or_default();
        Ok(Self { reference, measure, library, held_out, compared, note, seeds: settings.seeds })
    }

    fn judge(&self, seen: Seen) -> Result<Judged> {
        let Seen { name, slices, portrait } = seen;
        Ok(Judged {
            name,
            kind: None,
            step: None,
            beats: slices.len(),
            distances: self.measure.distances_of_passages(&portrait.features, self.compared, slices.together())?,
            sound: sound(&slices, &self.reference.dataset, self.seeds)?,
            tokens: portrait.distinct(self.compared),
            consistency_db: None,
            variety: None,
            copies: None,
            notes: Vec::new(),
            slices,
            prints: portrait.prints,
            _cut: None,
        })
    }

    /// Whether a candidate copies.
    fn copies(&self, judged: &Judged) -> Result<Copies> {
        let Reference { training, dataset, .. } = &self.reference;
        let found = audit(&self.library, &self.held_out, &judged.prints, &AuditConfig::default())?;
        Copies::new(&found, &judged.slices, training, dataset)
    }

    /// Adds what is known of a candidate alone, and what its figures mean beside the floor's.
    fn finish(&self, candidate: Candidate, judged: Judged, floor: &Judged) -> Result<Judged> {
        let variety = Variety {
            diversity: judged.distances.diversity.value / floor.distances.diversity.value.max(f64::MIN_POSITIVE),
            tokens: Some(judged.tokens as f64 / floor.tokens.max(1) as f64),
        };
        Ok(Judged {
            copies: Some(self.copies(&judged)?),
            kind: Some(candidate.kind),
            step: candidate.step,
            consistency_db: candidate.consistency_db,
            variety: Some(variety.verdict()),
            notes: candidate.notes,
            _cut: candidate.cut,
            ..judged
        })
    }
}

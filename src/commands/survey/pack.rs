//! `adm survey-pack`: a study to one offline folder, and its key.

use super::player::Runs;
use crate::cli::SurveyPackArgs;
use crate::commands::{Outcome, refuse_existing};
use crate::output::text::{Rows, bytes, count, duration, plural};
use crate::output::{Hinted, Output};
use crate::settings::{self, PackSettings, Session};
use adm_core::{Observer, SampleRate, Seeds};
use adm_survey::bundle::{Assembled, Counts, assemble};
use adm_survey::design::Salt;
use adm_survey::key::Key;
use adm_survey::presets;
use adm_survey::sound::{Leak, Severity, notes};
use adm_survey::sources::{Loading, RawSound, load};
use adm_survey::study::Study;
use anyhow::{Result, anyhow, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Packs a study.
///
/// # Errors
/// Whatever the libraries return; a bundle that would give its answers away.
pub fn run(args: SurveyPackArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_pack(args, session)?;
    refuse_existing(&settings.bundle)?;
    refuse_existing(&settings.key)?;
    output.printer.print(&pack(&settings, output)?)?;
    Ok(Outcome::Done)
}

fn pack(settings: &PackSettings, output: &Output) -> Result<Packed> {
    let began = Instant::now();
    let (study, base) = presets::study(&settings.study)?;
    let (salt, seeds) = secrets(settings)?;
    let sounds = sounds(settings, &study, &base, seeds, output)?;
    let assembled = assemble(&study, &sounds, &salt, seeds.root())?;
    say_leaks(&assembled, output)?;
    say_uneven(assembled.counts, output);
    assembled.write(&settings.bundle, &settings.key)?;
    Ok(Packed::new(settings, &study, &sounds, &assembled, began.elapsed().as_secs_f64()))
}

/// What names and orders are drawn from: of an earlier key, or new.
fn secrets(settings: &PackSettings) -> Result<(Salt, Seeds)> {
    match &settings.like {
        Some(path) => {
            let key = Key::open(path)?;
            Ok((Salt::from_hex(&key.salt)?, Seeds::new(key.seed()?)))
        }
        None => {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system gives no random numbers: {error}"))?;
            Ok((Salt::new(bytes), settings.seeds))
        }
    }
}

fn sounds(settings: &PackSettings, study: &Study, base: &Path, seeds: Seeds, output: &Output) -> Result<Vec<RawSound>> {
    let rate = SampleRate::new(study.sound.sample_rate)?;
    let loading = Loading { base, seconds: study.sound.seconds, rate, seeds };
    let mut runs = Runs::new(settings.device, output);
    Ok(load(&study.stimuli, &loading, &mut runs, &output.progress)?)
}

/// Refuses a bundle that would give its answers away, and says what might.
fn say_leaks(assembled: &Assembled, output: &Output) -> Result<()> {
    let of = |severity: Severity| assembled.leaks.iter().filter(move |leak| leak.severity == severity);
    if let Some(leak) = of(Severity::Error).next() {
        bail!(not_blind(leak));
    }
    for leak in of(Severity::Warning) {
        output.progress.warn(&leak.to_string());
        leak.mend.iter().for_each(|mend| output.progress.hint(mend));
    }
    notes(&assembled.leaks).iter().for_each(|note| output.progress.note(note));
    Ok(())
}

/// Says where balance had to be left unfinished.
fn say_uneven(counts: Counts, output: &Output) {
    if !counts.even {
        let sheets = plural(counts.sheets, "sheet");
        output.progress.note(&format!(
            "over {sheets} not every trial is heard equally often, at every place, but nearly so; other numbers of trials or \
             per_participant come out even with fewer sheets"
        ));
    }
}

fn not_blind(leak: &Leak) -> anyhow::Error {
    let message = format!("the test would not be blind: {leak}");
    match &leak.mend {
        Some(mend) => Hinted::new(message, mend.clone()).into(),
        None => anyhow!(message),
    }
}

/// What was packed.
#[derive(Debug, Serialize)]
struct Packed {
    bundle: PathBuf,
    key: PathBuf,
    id: String,
    title: String,
    /// Sounds of each truth.
    sounds: BTreeMap<String, usize>,
    stimuli: usize,
    #[serde(flatten)]
    counts: Counts,
    seconds_of_each: f64,
    loudness_lufs: f64,
    /// By how much that is below what was asked for, so that no peak passes its limit.
    lowered_lu: f64,
    bandwidth_hz: Option<f64>,
    /// The sound that decides on it.
    dullest: Option<String>,
    bytes: u64,
    seconds: f64,
}

impl Packed {
    fn new(settings: &PackSettings, study: &Study, sounds: &[RawSound], assembled: &Assembled, seconds: f64) -> Self {
        let mut of_truth = BTreeMap::new();
        sounds.iter().for_each(|sound| *of_truth.entry(sound.truth.clone()).or_default() += 1);
        let prepared = &assembled.prepared;
        Self {
            bundle: settings.bundle.clone(),
            key: settings.key.clone(),
            id: assembled.id(),
            title: study.title.clone(),
            sounds: of_truth,
            stimuli: prepared.stimuli.len(),
            counts: assembled.counts,
            seconds_of_each: study.sound.seconds,
            loudness_lufs: prepared.loudness,
            lowered_lu: prepared.lowered,
            bandwidth_hz: prepared.bandwidth,
            dullest: prepared.dullest.clone(),
            bytes: prepared.stimuli.iter().map(|stimulus| stimulus.wav.len() as u64).sum(),
            seconds,
        }
    }
}

impl fmt::Display for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sounds =
            self.sounds.iter().map(|(truth, number)| format!("{number} {truth}")).collect::<Vec<_>>().join(", ");
        let lowered = match self.lowered_lu {
            lowered if lowered < 0.05 => String::new(),
            lowered => format!(" ({lowered:.1} below what was asked for, for the sake of peaks)"),
        };
        let dullest = self.dullest.as_ref().map(|id| format!(", where {id} begins to end")).unwrap_or_default();
        let bandwidth = match self.bandwidth_hz {
            Some(hz) => format!("up to {} Hz{dullest}", count(hz.round() as u64)),
            None => "each with its own bandwidth".to_owned(),
        };
        let Counts { trials, heard, sheets, .. } = self.counts;
        let rows = Rows::default()
            .row("bundle", format!("{}: open index.html in it", self.bundle.display()))
            .row("key", format!("{}: keep it from participants", self.key.display()))
            .row("sounds", format!("{sounds}; {} of {}", plural(self.stimuli, "file"), duration(self.seconds_of_each)))
            .row("alike in", format!("{:.1} LUFS{lowered}; {bandwidth}", self.loudness_lufs))
            .row("trials", format!("{}, of which each participant has {heard}", count(trials as u64)))
            .row("sheets", count(sheets as u64))
            .row("size", bytes(self.bytes))
            .row("time", duration(self.seconds));
        write!(f, "{rows}")
    }
}

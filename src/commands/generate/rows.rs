//! A network of rows to a file of them, or to sound.

use crate::commands::refuse_existing;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{RowsLength, RowsSettings};
use adm_audio::{AudioError, Memory, Resampler, WavWriter, read_all};
use adm_core::{Observer, persist};
use adm_dataset::Vectors;
use adm_models::Family;
use adm_models::mdn::{Dream, Dreamer, Frames, PRIMER, Sampling, change, is_steady};
use adm_train::RunDir;
use adm_train::device::{self, Picked};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Rows, or seconds of sound, where nobody says how many.
const ROWS: usize = 256;
const SECONDS: f64 = 16.0;

/// Rows between two looks at whether to stop.
const AT_ONCE: usize = 16;

/// Sound is no louder than this, 1 dB below full scale.
const LOUDEST: f32 = 0.891;

/// What was made.
#[derive(Debug, Serialize)]
pub struct MadeRows {
    pub output: PathBuf,
    pub rows: usize,
    pub columns: usize,
    /// Of sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasts: Option<f64>,
    pub sampling: String,
    pub checkpoint_step: u64,
    /// How much a row differs from the one before, where 1 is what recorded ones do.
    pub change: f64,
    /// Whether it has come to rest at its end.
    pub steady: bool,
    pub seconds: f64,
}

/// Whether these runs are one of rows.
pub fn plays(runs: &[PathBuf]) -> bool {
    runs.iter().any(|run| Family::of_run(run).is_ok_and(|family| family == Family::Mdn))
}

/// Makes rows as the settings say.
pub fn generate(settings: &RowsSettings, output: &Output) -> Result<MadeRows> {
    refuse_existing(&settings.output)?;
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| generate_on(&picked, settings, output))?
}

fn generate_on(picked: &Picked, settings: &RowsSettings, output: &Output) -> Result<MadeRows> {
    let began = Instant::now();
    let dreamer = Arc::new(Dreamer::open(&RunDir::open(&settings.run)?, &picked.device)?);
    dreamer.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    let frames = dreamer.resolved().frames()?;
    check_output(settings, frames.is_some())?;
    check_sampling(settings, &dreamer)?;
    let primer = Vectors::read(settings.primer.as_deref().unwrap_or(&settings.run.join(PRIMER)))?;
    let sampling = settings.sampling.unwrap_or_else(|| Sampling::usual(frames.is_some()));
    let count = length(settings.length, frames.as_ref())?;
    frames.as_ref().map_or(Ok(()), |frames| check_sound(frames, count))?;
    let dream = Dream::primed(dreamer.clone(), &primer, sampling, settings.seeds)?;
    let rows = taken(dream, count, output)?;
    match &frames {
        None => rows.write(&settings.output)?,
        Some(frames) => write_sound(frames.sound_of(&rows)?, frames, settings)?,
    }
    let config = &dreamer.resolved().rows;
    Ok(MadeRows {
        output: settings.output.clone(),
        rows: rows.len(),
        columns: rows.columns(),
        lasts: frames.map(|frames| (rows.len() - 1) as f64 / frames.per_second()),
        sampling: sampling.to_string(),
        checkpoint_step: dreamer.step,
        change: change(&rows, &config.standard) / config.change,
        steady: is_steady(&rows, &config.standard, config.change),
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// Refuses a name that promises something else than what is written, a place that takes no file, and flags of sound where none is made.
fn check_output(settings: &RowsSettings, sounds: bool) -> Result<()> {
    if let (false, Some(flag)) = (sounds, settings.of_sound) {
        let message = format!("this run makes rows of numbers: it cannot heed {flag}");
        anyhow::bail!(Hinted::new(message, format!("leave out {flag}")));
    }
    let output = &settings.output;
    let (expected, what) = if sounds { ("wav", "sound") } else { ("csv", "rows of numbers") };
    if !output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(expected)) {
        let message = format!("this run makes {what}, and {} does not end in .{expected}", output.display());
        anyhow::bail!(Hinted::new(message, format!("name it -o {}", output.with_extension(expected).display())));
    }
    persist::check_place(output).with_context(|| format!("cannot write {}", output.display()))
}

/// Refuses a way of taking rows from a distribution where there is none.
fn check_sampling(settings: &RowsSettings, dreamer: &Dreamer) -> Result<()> {
    match settings.sampling {
        Some(Sampling::Greedy) | None => Ok(()),
        Some(_) if dreamer.resolved().mdn.mixture.components > 0 => Ok(()),
        Some(other) => {
            let message = format!(
                "this run foretells one row and no distribution: there is nothing that --sampling {other} could take"
            );
            anyhow::bail!(Hinted::new(message, "leave it out, or train a mixture: adm train mdn --config lstm"))
        }
    }
}

/// Refuses what cannot become sound before any of it is made.
fn check_sound(frames: &Frames, count: usize) -> Result<()> {
    let hint = if count < 2 { "give 2 --rows or more" } else { "give fewer --seconds or --rows" };
    let refused = || Hinted::new(format!("{count} rows cannot become one sound"), hint);
    frames.check(count).map_err(|error| anyhow::Error::new(error).context(refused()))
}

/// Of sound, where it is not in rows.
fn seconds(length: RowsLength) -> Option<f64> {
    match length {
        RowsLength::Rows(_) => None,
        RowsLength::Seconds(seconds) => Some(seconds),
        RowsLength::Open => Some(SECONDS),
    }
}

fn length(length: RowsLength, frames: Option<&Frames>) -> Result<usize> {
    // A frame more than there are steps between them.
    let of_seconds = |seconds: f64, frames: &Frames| (seconds * frames.per_second()).ceil() as usize + 1;
    Ok(match (length, frames) {
        (RowsLength::Rows(rows), _) => rows,
        (RowsLength::Seconds(seconds), Some(frames)) => of_seconds(seconds, frames),
        (RowsLength::Open, Some(frames)) => of_seconds(SECONDS, frames),
        (RowsLength::Open, None) => ROWS,
        (RowsLength::Seconds(_), None) => {
            anyhow::bail!(Hinted::new("these rows have no place in time that --seconds could mean", "use --rows"))
        }
    })
}

/// So many rows of a dream, or those until it was stopped.
fn taken(mut dream: Dream, count: usize, output: &Output) -> Result<Vectors> {
    let columns = dream.columns();
    output.progress.begin("generate", Some(count as u64));
    let mut values = Vec::with_capacity(count * columns);
    while values.len() < count * columns {
        if output.progress.stop_requested() {
            return Err(AudioError::Interrupted.into());
        }
        let rows = dream.rows(AT_ONCE.min(count - values.len() / columns));
        let wild = || Hinted::new("the network's rows grow without bound", "train with a lower --set optimizer.rate");
        let rows = rows.ok_or_else(wild)?;
        values.extend_from_slice(rows.values());
        output.progress.advance(rows.len() as u64);
    }
    output.progress.end();
    Vectors::new(columns, values).context("no rows were asked for")
}

fn write_sound(sound: Vec<f32>, frames: &Frames, settings: &RowsSettings) -> Result<()> {
    let source = Memory::new(sound, frames.channels(), frames.rate());
    let mut sound = read_all(&mut Resampler::new(source, settings.rate)?)?;
    if let Some(seconds) = seconds(settings.length) {
        sound.truncate((seconds * settings.rate.as_f64()).round() as usize * frames.channels());
    }
    let peak = sound.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
    if peak > LOUDEST {
        sound.iter_mut().for_each(|sample| *sample *= LOUDEST / peak);
    }
    write_wav(&settings.output, &sound, frames.channels(), settings)
}

fn write_wav(path: &Path, sound: &[f32], channels: usize, settings: &RowsSettings) -> Result<()> {
    let wav = WavWriter::create(path, settings.rate, channels, settings.format)?;
    let mut wav = wav.with_dither(settings.seeds);
    wav.write(sound)?;
    wav.finish()?;
    Ok(())
}

impl fmt::Display for MadeRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = if self.steady { "; it comes to rest" } else { "" };
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("rows", format!("{} of {} columns", count(self.rows as u64), count(self.columns as u64)))
            .maybe("length", self.lasts.map(duration))
            .row("taken", &self.sampling)
            .row("change", format!("{:.2} of what recorded rows do{rest}", self.change))
            .row("model", format!("checkpoint of step {}", self.checkpoint_step))
            .row("time", duration(self.seconds));
        write!(f, "{rows}")
    }
}

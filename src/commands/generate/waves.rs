//! A pyramid of waveforms to sound: new, varied, filled, extended or without its noise.

use crate::commands::refuse_existing;
use crate::commands::train::recording_of;
use crate::interrupt;
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings::{Task, WaveSettings};
use adm_audio::WavWriter;
use adm_core::{Observer, persist};
use adm_models::Family;
use adm_models::caw::{CawSampler, Made, Recording};
use adm_models::provenance::Provenance;
use adm_train::RunDir;
use adm_train::device::{self, Picked};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

/// Sound is no louder than this, 1 dB below full scale.
const LOUDEST: f32 = 0.891;

/// What was made.
#[derive(Debug, Serialize)]
pub struct MadeWaves {
    pub output: PathBuf,
    /// The flag that asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<&'static str>,
    pub lasts: f64,
    /// The highest rate that the run has learned, in Hz.
    pub learned_rate: u32,
    pub scales: usize,
    pub scales_in_all: usize,
    pub checkpoint_step: u64,
    pub seconds: f64,
}

/// Whether these runs are one of waveforms.
pub fn plays(runs: &[PathBuf]) -> bool {
    runs.iter().any(|run| Family::of_run(run).is_ok_and(|family| family == Family::Caw))
}

/// Makes sound as the settings say.
pub fn generate(settings: &WaveSettings, output: &Output) -> Result<MadeWaves> {
    refuse_existing(&settings.output)?;
    let place = settings.output.display();
    persist::check_place(&settings.output).with_context(|| format!("cannot write {place}"))?;
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| generate_on(&picked, settings, output))?
}

fn generate_on(picked: &Picked, settings: &WaveSettings, output: &Output) -> Result<MadeWaves> {
    let began = Instant::now();
    let sampler = CawSampler::open(&RunDir::open(&settings.run)?, &picked.device)?;
    sampler.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    let (scales, scales_in_all) = (sampler.rates().len(), sampler.resolved().sound.rates.len());
    if scales < scales_in_all {
        output.progress.note(&format!("only {scales} of {scales_in_all} scales are trained yet"));
    }
    let Made { signal, rate } = interrupt::at_once(|| made(&sampler, settings))?;
    let to = settings.rate;
    let length = (signal.length() as f64 * to.as_f64() / f64::from(rate)).round() as usize;
    let length = exact(settings).unwrap_or(length);
    let mut sound = signal.resampled(rate, to.hz(), length)?.interleaved();
    let peak = sound.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
    // What was there stays as loud as it was, as far as a file can hold it.
    let loudest = if matches!(settings.task, Task::Generate(_) | Task::Vary(_)) { LOUDEST } else { 1.0 };
    if peak > loudest {
        sound.iter_mut().for_each(|sample| *sample *= loudest / peak);
    }
    let wav = WavWriter::create(&settings.output, to, signal.channels, settings.format)?;
    let mut wav = wav.with_dither(settings.seeds);
    wav.write(&sound)?;
    let lasts = wav.finish()?.seconds(to).0;
    Ok(MadeWaves {
        output: settings.output.clone(),
        task: settings.task.flag(),
        lasts,
        learned_rate: rate,
        scales,
        scales_in_all,
        checkpoint_step: sampler.step,
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// Samples of what was asked for by its length.
fn exact(settings: &WaveSettings) -> Option<usize> {
    match settings.task {
        Task::Generate(Some(seconds)) => Some((seconds * settings.rate.as_f64()).round() as usize),
        _ => None,
    }
}

fn made(sampler: &CawSampler, settings: &WaveSettings) -> Result<Made> {
    let (seeds, sound) = (settings.seeds, &sampler.resolved().sound);
    let recording = || -> Result<Recording> {
        let began = Provenance::load(&RunDir::open(&settings.run)?.dataset())?;
        recording_of(&settings.run, sound.channels, &began)
    };
    Ok(match &settings.task {
        Task::Generate(seconds) => sampler.generate(seconds.unwrap_or(sound.seconds()), seeds)?,
        Task::Vary(rate) => sampler.vary(&recording()?, *rate, seeds)?,
        Task::Inpaint => sampler.inpaint(&recording()?, seeds)?,
        Task::Extend(low) => sampler.extend(&Recording::read_plain(low, sound.channels)?, seeds)?,
        Task::Denoise => sampler.reconstruction(usize::MAX)?,
    })
}

impl fmt::Display for MadeWaves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("length", duration(self.lasts))
            .row("learned up to", format!("{} Hz", count(u64::from(self.learned_rate))))
            .row("scales", format!("{} of {}", self.scales, self.scales_in_all))
            .row("model", format!("checkpoint of step {}", self.checkpoint_step))
            .row("time", duration(self.seconds));
        write!(f, "{rows}")
    }
}

//! `adm generate`: a run to music.

use super::{Outcome, refuse_existing};
use crate::cli::GenerateArgs;
use crate::output::text::{Rows, duration};
use crate::output::{Hinted, Output};
use crate::settings::{self, GenerateSettings, Session};
use adm_audio::{Memory, Resampler, read_all};
use adm_core::Observer;
use adm_models::gan::Sampler;
use adm_models::provenance::Provenance;
use adm_render::{Material, RenderReport, RenderSettings, Walk, render};
use adm_train::device::{self, Picked};
use adm_train::{RunDir, TrainError};
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

/// Slices generated at once.
const BATCH: u64 = 16;

/// Generates music and says what came out.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: GenerateArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::generate(args, session)?;
    refuse_existing(&settings.output)?;
    output.printer.print(&generate(&settings, output)?)?;
    Ok(Outcome::Done)
}

/// What was generated.
#[derive(Debug, Clone, Serialize)]
pub struct Generated {
    pub output: PathBuf,
    pub beats: u64,
    pub bpm: f64,
    pub sample_rate: u32,
    pub frames: u64,
    pub loudness_lufs: f64,
    pub true_peak_dbtp: f64,
    pub checkpoint_step: u64,
    pub seconds: f64,
    pub times_real_time: f64,
}

/// Generates music as the settings say.
pub fn generate(settings: &GenerateSettings, output: &Output) -> Result<Generated> {
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| play(settings, &picked, output)).map_err(without_gpu)?
}

/// A GPU that failed at what a CPU does in no time.
fn without_gpu(error: TrainError) -> anyhow::Error {
    anyhow::Error::new(error).context(Hinted::new("cannot generate there", "use --device cpu"))
}

/// Generates music on a device that is open.
fn play(settings: &GenerateSettings, picked: &Picked, output: &Output) -> Result<Generated> {
    let began = Instant::now();
    let run = RunDir::open(&settings.run)?;
    let provenance = Provenance::load(&run.dataset())?;
    let sampler = Sampler::open(&run, &picked.device)?;
    for skipped in &sampler.skipped {
        output.progress.warn(&format!("passed over a checkpoint: {skipped}; using that of step {}", sampler.step));
    }
    let timeline = settings.timeline(provenance.bpm, provenance.beats_per_slice)?;
    let walk = Walk::new(sampler.latent_length(), settings.walk, settings.seeds)?;
    let slices = (0..timeline.slots()).step_by(BATCH as usize).flat_map(|first| {
        let last = (first + BATCH).min(timeline.slots());
        generated(&sampler, &walk, first..last, settings)
    });
    let rendering = RenderSettings {
        channels: sampler.channels(),
        format: settings.format,
        dither: Some(settings.seeds),
        ..RenderSettings::default()
    };
    let report = render(&settings.output, timeline, slices, &rendering, &output.progress)?;
    Ok(Generated::new(settings, &timeline, &report, sampler.step, began.elapsed().as_secs_f64()))
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Slices of some beats at the rate of the output; one error in their place if there is one.
fn generated(
    sampler: &Sampler,
    walk: &Walk,
    beats: std::ops::Range<u64>,
    settings: &GenerateSettings,
) -> Vec<Result<Material, AnyError>> {
    let kind = sampler.noise();
    let of_normal = |vector: Vec<f32>| vector.into_iter().map(|value| kind.of_normal(value)).collect();
    let noise: Vec<Vec<f32>> = beats.map(|beat| of_normal(walk.latent(beat))).collect();
    match sampler.slices(&noise) {
        Ok(slices) => slices.into_iter().map(|slice| resampled(slice, sampler, settings)).collect(),
        Err(error) => vec![Err(error.into())],
    }
}

fn resampled(slice: Vec<f32>, sampler: &Sampler, settings: &GenerateSettings) -> Result<Material, AnyError> {
    if sampler.rate() == settings.rate {
        return Ok(slice.into());
    }
    let source = Memory::new(slice, sampler.channels(), sampler.rate());
    Ok(read_all(&mut Resampler::new(source, settings.rate)?)?.into())
}

impl Generated {
    fn new(
        settings: &GenerateSettings,
        timeline: &adm_render::Timeline,
        report: &RenderReport,
        checkpoint_step: u64,
        seconds: f64,
    ) -> Self {
        Self {
            output: settings.output.clone(),
            beats: timeline.beats(),
            bpm: timeline.bpm().get(),
            sample_rate: timeline.rate().hz(),
            frames: report.frames.0,
            loudness_lufs: report.master.after.integrated_lufs,
            true_peak_dbtp: report.master.after.true_peak_dbtp,
            checkpoint_step,
            seconds,
            times_real_time: report.frames.seconds(timeline.rate()).0 / seconds.max(1e-9),
        }
    }
}

impl fmt::Display for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.frames as f64 / f64::from(self.sample_rate);
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("length", format!("{} beats at {} BPM, {}", self.beats, self.bpm, duration(length)))
            .row("format", format!("{} Hz, {} frames", self.sample_rate, self.frames))
            .row("level", format!("{:.1} LUFS, {:.1} dBTP", self.loudness_lufs, self.true_peak_dbtp))
            .row("model", format!("checkpoint of step {}", self.checkpoint_step))
            .row("time", format!("{} ({:.1} × real time)", duration(self.seconds), self.times_real_time));
        write!(f, "{rows}")
    }
}

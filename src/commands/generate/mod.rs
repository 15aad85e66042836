//! `adm generate`: runs to music.

mod order;
mod walk;

use super::{Outcome, refuse_existing};
use crate::cli::GenerateArgs;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{self, GenerateSettings, Session};
use adm_compose::RunKind;
use adm_compose::arranger::Counts;
use adm_compose::bank::BankReport;
use adm_render::{RenderReport, Timeline};
use adm_train::TrainError;
use adm_train::device::{self, Picked};
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

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
    pub checkpoint_step: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Ordered>,
    pub seconds: f64,
    pub times_real_time: f64,
}

/// How a sequencer's tokens were played.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Ordered {
    pub sequencer_step: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<BankReport>,
    #[serde(flatten)]
    pub counts: Counts,
}

/// What was played, and by whom.
struct Played {
    timeline: Timeline,
    report: RenderReport,
    generator_step: Option<u64>,
    order: Option<Ordered>,
}

/// Generates music as the settings say.
pub fn generate(settings: &GenerateSettings, output: &Output) -> Result<Generated> {
    let players = Players::of(&settings.runs)?;
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| play(players, settings, &picked, output)).map_err(without_gpu)?
}

/// A GPU that failed at what a CPU does in no time.
fn without_gpu(error: TrainError) -> anyhow::Error {
    anyhow::Error::new(error).context(Hinted::new("cannot generate there", "use --device cpu"))
}

/// Who plays.
#[derive(Debug, Default)]
struct Players {
    generator: Option<PathBuf>,
    sequencer: Option<PathBuf>,
}

impl Players {
    /// The runs by their kind: at most one of each.
    fn of(runs: &[PathBuf]) -> Result<Self> {
        let mut players = Self::default();
        for run in runs {
            let kind = RunKind::of(run)?;
            let place = match kind {
                RunKind::Generator => &mut players.generator,
                RunKind::Sequencer => &mut players.sequencer,
            };
            if let Some(other) = place.replace(run.clone()) {
                let message = format!("{} and {} are both runs of a {}", other.display(), run.display(), kind.name());
                anyhow::bail!(Hinted::new(message, "give --run once for a generator and once for a sequencer"));
            }
        }
        Ok(players)
    }
}

/// Generates music on a device that is open.
fn play(players: Players, settings: &GenerateSettings, picked: &Picked, output: &Output) -> Result<Generated> {
    let began = Instant::now();
    let played = match players {
        Players { generator, sequencer: Some(sequencer) } => {
            order::play((generator, sequencer), settings, picked, output)?
        }
        Players { generator: Some(generator), sequencer: None } => walk::play(&generator, settings, picked, output)?,
        Players { .. } => anyhow::bail!(Hinted::new("there is no run to draw from", "give one with --run")),
    };
    Ok(Generated::new(settings, played, began.elapsed().as_secs_f64()))
}

impl Generated {
    fn new(settings: &GenerateSettings, played: Played, seconds: f64) -> Self {
        let Played { timeline, report, generator_step, order } = played;
        Self {
            output: settings.output.clone(),
            beats: timeline.beats(),
            bpm: timeline.bpm().get(),
            sample_rate: timeline.rate().hz(),
            frames: report.frames.0,
            loudness_lufs: report.master.after.integrated_lufs,
            true_peak_dbtp: report.master.after.true_peak_dbtp,
            checkpoint_step: generator_step,
            order,
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
            .maybe("model", self.checkpoint_step.map(|step| format!("checkpoint of step {step}")))
            .maybe("order", self.order.map(|order| format!("sequencer's checkpoint of step {}", order.sequencer_step)))
            .maybe("bank", self.order.and_then(|order| order.bank).map(banked))
            .maybe("tokens", self.order.map(|order| recognised(order.counts)))
            .row("time", format!("{} ({:.1} × real time)", duration(self.seconds), self.times_real_time));
        write!(f, "{rows}")
    }
}

fn banked(bank: BankReport) -> String {
    format!(
        "{} of {} tokens have a generated beat, after {} tries",
        count(bank.tokens as u64),
        count(bank.of_tokens as u64),
        count(bank.tried)
    )
}

fn recognised(counts: Counts) -> String {
    let nearest = counts.beats - counts.exact;
    let recorded = if counts.recorded > 0 { format!(", {} recorded", count(counts.recorded)) } else { String::new() };
    format!("{} played as asked for, {} by the nearest beat{recorded}", count(counts.exact), count(nearest))
}

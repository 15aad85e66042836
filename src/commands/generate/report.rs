//! What `adm generate` says of what it made.

use super::Played;
use crate::output::text::{Rows, count, duration};
use crate::settings::GenerateSettings;
use adm_compose::arranger::Counts;
use adm_compose::bank::BankReport;
use adm_render::StemsReport;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stems: Option<Apart>,
    pub seconds: f64,
    pub times_real_time: f64,
}

/// The mix taken apart.
#[derive(Debug, Clone, Serialize)]
pub struct Apart {
    pub files: Vec<PathBuf>,
    pub gain_db: f64,
    /// How much less that is than the gain of the mix.
    pub below_mix_db: f64,
}

impl Apart {
    fn of(report: StemsReport) -> Self {
        let StemsReport { files, gain_db, below_mix_db } = report;
        Self { files, gain_db, below_mix_db }
    }

    /// Their names, and how they add up to the mix.
    fn said(&self) -> String {
        let name = |file: &PathBuf| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names: Vec<String> = self.files.iter().map(name).collect();
        let level = match self.below_mix_db {
            below if below < 0.05 => "as loud as in the mix".to_owned(),
            below => format!("{below:.1} dB quieter than in the mix, so that the loudest fits"),
        };
        format!("{}; {level}", names.join(", "))
    }
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

impl Ordered {
    /// How much of what was asked for was played, in words.
    pub fn played(&self) -> String {
        recognised(self.counts)
    }
}

impl Generated {
    pub(super) fn new(settings: &GenerateSettings, played: Played, seconds: f64) -> Self {
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
            stems: report.stems.map(Apart::of),
            seconds,
            times_real_time: report.frames.seconds(timeline.rate()).0 / seconds.max(1e-9),
        }
    }
}

impl fmt::Display for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.frames as f64 / f64::from(self.sample_rate);
        // A tempo that follows from the length of windows has many digits.
        let bpm = (self.bpm * 100.0).round() / 100.0;
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("length", format!("{} beats at {bpm} BPM, {}", self.beats, duration(length)))
            .row("format", format!("{} Hz, {} frames", self.sample_rate, self.frames))
            .row("level", format!("{:.1} LUFS, {:.1} dBTP", self.loudness_lufs, self.true_peak_dbtp))
            .maybe("model", self.checkpoint_step.map(|step| format!("checkpoint of step {step}")))
            .maybe("order", self.order.map(|order| format!("sequencer's checkpoint of step {}", order.sequencer_step)))
            .maybe("bank", self.order.and_then(|order| order.bank).map(banked))
            .maybe("tokens", self.order.map(|order| order.played()))
            .maybe("stems", self.stems.as_ref().map(Apart::said))
            .row("time", format!("{} ({:.1} × real time)", duration(self.seconds), self.times_real_time));
        write!(f, "{rows}")
    }
}

fn banked(bank: BankReport) -> String {
    let [found, near, all] = [bank.tokens, bank.nearest, bank.of_tokens].map(|tokens| count(tokens as u64));
    format!(
        "{found} of {all} tokens have a beat that is recognised, {near} one that is nearest, after {} tries",
        count(bank.tried)
    )
}

fn recognised(counts: Counts) -> String {
    let [found, near, other] =
        [counts.recognised, counts.nearest, counts.beats - counts.recognised - counts.nearest].map(count);
    let recorded = if counts.recorded > 0 { format!("; {} recorded", count(counts.recorded)) } else { String::new() };
    format!("{found} recognised as what was asked for, {near} nearest to it, {other} nearer to another{recorded}")
}

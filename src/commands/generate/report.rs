//! What `adm generate` says of what it made.

use super::Played;
use crate::output::text::{Rows, count, duration};
use crate::settings::GenerateSettings;
use adm_compose::arranger::Counts;
use adm_compose::bank::BankReport;
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
            .maybe("tokens", self.order.map(|order| order.played()))
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

//! What a run came to, in one row.

use crate::commands::run_report::{Best, Recorded, short};
use crate::output::text::{count, duration};
use adm_eval::course::Course;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A run in short.
#[derive(Debug, Serialize)]
pub struct Compared {
    pub run: PathBuf,
    pub family: &'static str,
    pub preset: Option<&'static str>,
    /// Settings that are not the preset's.
    pub changed: Vec<String>,
    #[serde(skip)]
    origin: String,
    pub dataset: Option<PathBuf>,
    pub fingerprint: Option<String>,
    #[serde(skip)]
    dataset_name: String,
    pub steps: u64,
    pub seconds: f64,
    pub steps_per_second: Option<f64>,
    pub device: Option<String>,
    pub judgements: usize,
    /// What `best.distance` is: a mel kernel distance × 1,000, a perplexity or a doubt.
    pub unit: &'static str,
    pub best: Option<Best>,
    #[serde(flatten)]
    pub course: Course,
    pub verdict: Option<String>,
    pub sittings: usize,
    pub damaged_lines: usize,
    pub report: Option<PathBuf>,
}

impl Compared {
    /// Of a run at the place that was given.
    pub fn of(root: &Path, run: &Recorded, report: Option<PathBuf>) -> Self {
        let provenance = run.provenance.as_ref();
        Self {
            run: root.to_owned(),
            family: run.family.name(),
            preset: run.configuration.preset(),
            changed: run.configuration.changed().into_iter().map(str::to_owned).collect(),
            origin: run.configuration.origin(),
            dataset: provenance.map(|provenance| provenance.path.clone()),
            fingerprint: provenance.map(|provenance| provenance.fingerprint.clone()),
            dataset_name: dataset(run),
            steps: run.steps(),
            seconds: run.seconds(),
            steps_per_second: run.rate(),
            device: run.device().map(str::to_owned),
            judgements: run.judged.points.len(),
            unit: run.judged.unit.name(),
            best: run.judged.best,
            course: run.judged.course,
            verdict: run.judged.verdict(),
            sittings: run.sittings.len(),
            damaged_lines: run.damaged,
            report,
        }
    }

    /// Labels and values for people, alike for every run.
    pub fn cells(&self) -> [(&'static str, String); 12] {
        let none = || "–".to_owned();
        let share = |of: fn(&Best) -> Option<f64>| {
            self.best.as_ref().and_then(of).map_or_else(none, |share| format!("{share:.2}"))
        };
        let best = |best: &Best| format!("{} {:.1} at step {}", self.unit, best.distance, count(best.step));
        [
            ("run", self.run.display().to_string()),
            ("verdict", self.verdict.clone().unwrap_or_else(|| "not judged".to_owned())),
            ("best", self.best.as_ref().map_or_else(none, best)),
            ("coverage", share(|best| best.coverage)),
            ("diversity", share(|best| best.diversity)),
            ("steps", count(self.steps)),
            ("time", duration(self.seconds)),
            ("steps/s", self.steps_per_second.map_or_else(none, |rate| format!("{rate:.2}"))),
            ("preset", self.origin.clone()),
            ("dataset", self.dataset_name.clone()),
            ("device", self.device.clone().unwrap_or_else(none)),
            ("report", self.report.as_ref().map_or_else(none, |path| path.display().to_string())),
        ]
    }
}

/// Name and beginning of the fingerprint: two datasets may have one name.
fn dataset(run: &Recorded) -> String {
    match &run.provenance {
        None => "–".to_owned(),
        Some(provenance) => format!("{} ({})", run.dataset_name(), short(provenance)),
    }
}

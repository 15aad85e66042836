//! What a training did, in words.

use crate::commands::train::{report_of, summary_json};
use crate::output::text::{Rows, count, duration};
use adm_train::{Ended, Summary};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// What a training did.
#[derive(Debug, Serialize)]
pub struct Trained {
    pub run: PathBuf,
    pub device: String,
    pub weights: usize,
    pub rows: usize,
    pub held_out_rows: usize,
    pub columns: usize,
    pub seconds: f64,
    #[serde(flatten, serialize_with = "summary_as_json")]
    pub summary: Summary,
}

fn summary_as_json<S: serde::Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    summary_json(summary, "best_doubt").serialize(serializer)
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, best } = &self.summary;
        let [rows, held_out, columns] = [self.rows, self.held_out_rows, self.columns].map(|n| count(n as u64));
        let rows = Rows::default()
            .row("run", self.run.display().to_string())
            .row("device", &self.device)
            .row("weights", count(self.weights as u64))
            .row("learned from", format!("{rows} rows of {columns} columns, {held_out} more held out"))
            .row("steps", format!("{} ({steps_per_second:.1} a second)", count(*step)))
            .row("time", duration(self.seconds))
            .row("report", report_of(&self.run))
            .maybe(
                "best",
                best.map(|best| format!("a doubt of {best:.0} about held-out rows (1,000 is knowing nothing)")),
            );
        match ended {
            Ended::Done => write!(f, "{rows}"),
            Ended::Early(reason) => write!(f, "{}", rows.row("ended early", reason)),
            Ended::Interrupted => write!(f, "{}", rows.row("stopped", "everything is saved; go on with --resume")),
        }
    }
}

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
    /// Of the generator and of the critic of a scale.
    pub weights: [usize; 2],
    /// Seconds that were learned from.
    pub recording: f64,
    /// What of them was missing: where each hole begins and ends.
    pub holes: Vec<(f64, f64)>,
    /// Of all scales, in Hz.
    pub rates: Vec<u32>,
    /// The one in training, counted from 1.
    pub scale: usize,
    pub seconds: f64,
    #[serde(flatten, serialize_with = "summary_as_json")]
    pub summary: Summary,
}

fn summary_as_json<S: serde::Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    summary_json(summary, "best_lacking").serialize(serializer)
}

impl Trained {
    /// Where holes are, in seconds; none where there are none.
    fn missing(&self) -> Option<String> {
        let holes = self.holes.iter().map(|(from, to)| format!("{from:.3} to {to:.3} s"));
        let holes: Vec<String> = holes.collect();
        (!holes.is_empty()).then(|| holes.join(", "))
    }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, best } = &self.summary;
        let [generator, critic] = self.weights.map(|weights| count(weights as u64));
        let rate = self.rates.get(self.scale - 1).copied().unwrap_or_default();
        let rows = Rows::default()
            .row("run", self.run.display().to_string())
            .row("device", &self.device)
            .row("weights", format!("{generator} + {critic} a scale"))
            .row("learned from", duration(self.recording))
            .maybe("missing", self.missing())
            .row("scale", format!("{} of {}, {} Hz", self.scale, self.rates.len(), count(u64::from(rate))))
            .row("steps", format!("{} ({steps_per_second:.1} a second)", count(*step)))
            .row("time", duration(self.seconds))
            .row("report", report_of(&self.run))
            .maybe("reconstruction", best.map(|best| format!("lacks {:.1} % of the recording's energy", best / 10.0)));
        match ended {
            Ended::Done => write!(f, "{rows}"),
            Ended::Early(reason) => write!(f, "{}", rows.row("ended early", reason)),
            Ended::Interrupted => write!(f, "{}", rows.row("stopped", "everything is saved; go on with --resume")),
        }
    }
}

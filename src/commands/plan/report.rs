//! The table of a plan.

use super::apart::{Answer, Refusal};
use super::fits;
use super::forecast::{Costs, Forecast};
use super::measured::Measured;
use crate::output::text::{Rows, bytes, count, duration};
use crate::settings::{Candidate, FamilyConfig, TrialSettings, Until};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// What configurations take on this machine.
#[derive(Debug, Serialize)]
pub struct Plan {
    family: &'static str,
    device: String,
    /// The dataset; made-up data where there is none.
    data: Option<PathBuf>,
    /// Slices, or beats, that are learned from; what a made-up dataset is said to have.
    items: Option<usize>,
    rows: Vec<Row>,
    fits: Option<String>,
}

/// One configuration: its figures, or why there are none.
#[derive(Debug, Serialize)]
pub struct Row {
    pub preset: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Figures(Box<Figures>),
    Skipped(Refusal),
}

/// The figures of one configuration.
#[derive(Debug, Serialize)]
pub struct Figures {
    seconds_a_step: f64,
    steps_a_minute: f64,
    /// Whether a step takes at least that long: the first was not done when patience ended.
    at_least: bool,
    measured: Measured,
    /// For how long: what the command line says, or the configuration.
    #[serde(skip)]
    until: Until,
    /// What that takes.
    budget: Forecast,
    /// What the configuration's own budget takes, where it has one.
    own: Option<Forecast>,
    #[serde(skip)]
    own_minutes: Option<f64>,
}

impl Row {
    /// From what became of a trial; `until` is what the command line says of how long.
    pub fn new(candidate: &Candidate, answer: Answer, until: Until) -> Self {
        let outcome = match answer {
            Answer::Measured(measured) => Figures::outcome(&candidate.config, measured, until),
            Answer::Refused(refusal) => Outcome::Skipped(refusal),
        };
        Self { preset: candidate.name.clone(), outcome }
    }

    /// Its figures, where it has any.
    pub fn figures(&self) -> Option<&Figures> {
        match &self.outcome {
            Outcome::Figures(figures) => Some(figures),
            Outcome::Skipped(_) => None,
        }
    }
}

impl Figures {
    /// From what was measured, unless nobody says how long.
    fn outcome(config: &FamilyConfig, measured: Measured, until: Until) -> Outcome {
        let course = config.course();
        let until = if until.is_open() { course.own } else { until };
        let costs = Costs::new(&course, &measured);
        let own = costs.forecast(course.own);
        match costs.forecast(until) {
            Some(budget) => {
                let seconds_a_step = measured.found.seconds_a_step();
                Outcome::Figures(Box::new(Self {
                    seconds_a_step,
                    steps_a_minute: 60.0 / seconds_a_step.max(1e-9),
                    at_least: measured.found.tried().is_none(),
                    measured,
                    until,
                    budget,
                    own,
                    own_minutes: course.own.minutes,
                }))
            }
            None => Outcome::Skipped(Refusal {
                reason: "it goes on until it is stopped".to_owned(),
                hint: Some("give --minutes, --steps or --epochs, or set training.epochs".to_owned()),
            }),
        }
    }

    /// Seconds of the configuration's own budget, where that is known: neither without one nor where all is at least.
    pub fn own_seconds(&self) -> Option<f64> {
        // What is written at the end of a budget in minutes comes after them.
        let by_minutes = self.own_minutes.map(|minutes| minutes * 60.0);
        let known = self.own.filter(|_| !self.at_least).map(|own| own.seconds);
        by_minutes.into_iter().chain(known).reduce(f64::min)
    }

    /// The cells of a row, as [`TITLES`] names them.
    fn cells(&self) -> [String; 9] {
        let Self { measured, budget, .. } = self;
        let tried = measured.found.tried();
        let [least, most] = if self.at_least { ["≥ ", "≤ "] } else { ["", ""] };
        let unknown = || "?".to_owned();
        // Where minutes are what ends it, they are known and the steps are not.
        let (steps, takes) = if self.until.minutes.is_some() { (most, "") } else { ("", least) };
        [
            measured.weights.iter().map(|&weights| count(weights as u64)).collect::<Vec<_>>().join(" + "),
            format!("{least}{}", step_time(self.seconds_a_step)),
            format!("{most}{}", rate(self.steps_a_minute)),
            wish(self.until),
            format!("{steps}{}", count(budget.steps)),
            format!("{steps}{:.1}", budget.epochs),
            format!("{takes}{}", duration(budget.seconds)),
            measured.peak_memory.map_or_else(unknown, bytes),
            format!(
                "{} of {}",
                tried.map_or_else(unknown, |tried| bytes(tried.checkpoint.bytes)),
                budget.run_bytes.map_or_else(unknown, bytes)
            ),
        ]
    }
}

/// `0.092 s`, `1.31 s`, `23.5 s`
fn step_time(seconds: f64) -> String {
    if seconds < 1.0 { format!("{seconds:.3} s") } else { duration(seconds) }
}

/// Steps a minute: whole ones where there are many.
fn rate(steps: f64) -> String {
    if steps < 9.95 { format!("{steps:.1}") } else { count(steps.round() as u64) }
}

/// A budget: `100 epochs`, `4 minutes`, `2,000 steps or 5 minutes`
fn wish(until: Until) -> String {
    let of = |number: f64, text: String, one: &str| format!("{text} {one}{}", if number == 1.0 { "" } else { "s" });
    let steps = until.steps.map(|steps| of(steps as f64, count(steps), "step"));
    let epochs = until.epochs.map(|epochs| of(epochs, epochs.to_string(), "epoch"));
    let minutes = until.minutes.map(|minutes| of(minutes, minutes.to_string(), "minute"));
    steps.into_iter().chain(epochs).chain(minutes).collect::<Vec<_>>().join(" or ")
}

impl Plan {
    /// Of configurations that were tried on a device.
    pub fn new(settings: &TrialSettings, device: String, rows: Vec<Row>) -> Self {
        let family = settings.candidates.first().map_or("", |candidate| candidate.config.family());
        let items = rows.iter().find_map(Row::figures).map(|figures| figures.measured.items);
        let fits = fits::sentence(&rows, settings.until.minutes);
        Self { family, device, data: settings.data.clone(), items, rows, fits }
    }

    /// Number of configurations.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Why some have no figures.
    pub fn skipped(&self) -> impl Iterator<Item = &Refusal> {
        self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Figures(_) => None,
            Outcome::Skipped(refusal) => Some(refusal),
        })
    }

    fn data(&self) -> String {
        let (made_up, what) = match self.family {
            "gan" | "autoencoder" => ("made-up beats at 130 BPM", "slices"),
            "mdn" => ("made-up rows", "rows"),
            "caw" => ("a made-up recording of 25 s", "recording"),
            _ => ("a made-up transcript", "beats"),
        };
        let items = self.items.map(|items| format!("{} {what} to learn from", count(items as u64)));
        match (&self.data, items) {
            (Some(data), None) => data.display().to_string(),
            (Some(data), Some(items)) => format!("{}, {items}", data.display()),
            (None, None) => format!("{made_up}; --data takes yours"),
            (None, Some(items)) => format!("{made_up}, as if there were {items}; --data takes yours"),
        }
    }

    fn table(&self) -> Vec<Vec<String>> {
        let titles = TITLES.iter().map(|title| (*title).to_owned()).collect();
        let cells = |row: &Row| Some([row.preset.clone()].into_iter().chain(row.figures()?.cells()).collect());
        std::iter::once(titles).chain(self.rows.iter().filter_map(cells)).collect()
    }
}

/// The columns.
const TITLES: [&str; 10] =
    ["preset", "weights", "a step", "a minute", "budget", "steps", "epochs", "takes", "memory", "checkpoint of run"];

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", Rows::default().row("device", &self.device).row("data", self.data()))?;
        let table = self.table();
        if table.len() > 1 {
            let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            for row in &table {
                let cells = row.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column)));
                writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
            }
        }
        for row in &self.rows {
            if let Outcome::Skipped(Refusal { reason, hint }) = &row.outcome {
                let hint = hint.as_ref().map_or(String::new(), |hint| format!("\n  hint: {hint}"));
                writeln!(f, "{} is skipped: {reason}{hint}", row.preset)?;
            }
        }
        self.fits.as_ref().map_or(Ok(()), |fits| writeln!(f, "\n{fits}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_rates_and_budgets_are_readable() {
        assert_eq!([0.0921, 1.309, 23.46].map(step_time), ["0.092 s", "1.31 s", "23.5 s"]);
        assert_eq!([2.56, 9.96, 651.4].map(rate), ["2.6", "10", "651"]);
        let both = Until { steps: Some(2_000), epochs: None, minutes: Some(0.5) };
        assert_eq!(wish(both), "2,000 steps or 0.5 minutes");
        assert_eq!(wish(Until { epochs: Some(100.0), ..Until::default() }), "100 epochs");
        assert_eq!(wish(Until { steps: Some(1), epochs: None, minutes: Some(1.0) }), "1 step or 1 minute");
    }
}

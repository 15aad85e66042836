//! The judge's words through a training.

use adm_eval::course::{Course, Point, course};
use adm_models::Family;
use adm_train::metrics::Row;
use serde::Serialize;

/// What a family's judge measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Mel kernel distance × 1,000 to held-out beats.
    Distance,
    /// Perplexity on held-out beats.
    Perplexity,
    /// Doubt about held-out rows, × 1,000 ([`adm_models::mdn::doubt`]).
    Doubt,
    /// Energy of the recording that the reconstruction lacks, × 1,000.
    Lacking,
}

impl Unit {
    pub fn of(family: Family) -> Self {
        match family {
            Family::Gan | Family::Autoencoder | Family::Diffusion => Self::Distance,
            Family::Sequencer => Self::Perplexity,
            Family::Mdn => Self::Doubt,
            Family::Caw => Self::Lacking,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Distance => "distance",
            Self::Perplexity => "perplexity",
            Self::Doubt => "doubt",
            Self::Lacking => "lacking",
        }
    }

    /// What it is of.
    pub fn title(self) -> &'static str {
        match self {
            Self::Distance => "Mel kernel distance to held-out beats, × 1,000",
            Self::Perplexity => "Perplexity on held-out beats",
            Self::Doubt => "Doubt about held-out rows, × 1,000",
            Self::Lacking => "Energy of the recording that the reconstruction lacks, × 1,000",
        }
    }

    /// Which way is better, short enough for a phone.
    pub fn axis(self) -> &'static str {
        match self {
            Self::Distance => "distance (lower is nearer)",
            Self::Perplexity => "perplexity (lower is better)",
            Self::Doubt => "doubt (lower is surer)",
            Self::Lacking => "lacking (lower is nearer)",
        }
    }
}

/// The best judgement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Best {
    pub step: u64,
    /// In the unit of the family.
    pub distance: f64,
    pub coverage: Option<f64>,
    pub density: Option<f64>,
    pub diversity: Option<f64>,
}

/// All judgements of a run.
pub struct Judged {
    pub unit: Unit,
    pub points: Vec<Point>,
    /// The first of the lowest; this is the checkpoint that is kept as `best`.
    pub best: Option<Best>,
    pub course: Course,
}

impl Judged {
    /// Finds them among the rows of `metrics.jsonl`: they have a `judge`.
    pub fn of(rows: &[Row], unit: Unit) -> Self {
        let judged = || rows.iter().filter(|row| row.values.get("judge").is_some_and(|judge| judge.is_finite()));
        let points: Vec<Point> = judged().map(point).collect();
        let lower = |a: &&Row, b: &&Row| a.values["judge"].total_cmp(&b.values["judge"]);
        Self { unit, best: judged().min_by(lower).map(best), course: course(&points), points }
    }

    /// The verdict; nothing where the run was never judged.
    pub fn verdict(&self) -> Option<String> {
        (!self.points.is_empty()).then(|| self.course.to_string())
    }
}

fn point(row: &Row) -> Point {
    let value = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
    Point { step: row.step, distance: value("judge"), coverage: value("coverage"), diversity: value("diversity") }
}

fn best(row: &Row) -> Best {
    let value = |name: &str| row.values.get(name).copied();
    let [coverage, density, diversity] = ["coverage", "density", "diversity"].map(value);
    Best { step: row.step, distance: row.values["judge"], coverage, density, diversity }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(step: u64, values: &[(&str, f64)]) -> Row {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Row { step, seconds: 0.0, values }
    }

    #[test]
    fn the_first_of_the_lowest_is_the_best_and_figures_may_be_missing() {
        let rows = [
            row(5, &[("generator_loss", 1.0)]),
            row(10, &[("judge", 9.0), ("coverage", 0.2), ("diversity", 0.5)]),
            row(20, &[("judge", 7.0)]),
            row(30, &[("judge", 7.0), ("coverage", 0.3)]),
            row(40, &[("judge", f64::NAN)]),
        ];
        let judged = Judged::of(&rows, Unit::Distance);
        assert_eq!((judged.points.len(), judged.best.unwrap().step), (3, 20));
        assert_eq!((judged.points[0].coverage, judged.best.unwrap().coverage), (0.2, None));
        assert_eq!(judged.verdict().as_deref(), Some("too early to tell"));
        assert_eq!(Judged::of(&rows[..1], Unit::Distance).verdict(), None);
    }
}

//! Curves through a training.

use super::recorded::Recorded;
use adm_report::{Chart, Section};
use adm_train::metrics::Row;
use std::collections::BTreeSet;

/// Figures that are drawn on their own, or say the same as another.
const APART: [&str; 3] = ["judge", "held_out_perplexity", "reconstruction_db"];

pub fn section(run: &Recorded) -> Section {
    let curves = Curves(&run.rows);
    let section = Section::new("Through time").with(judge(run));
    let section = match curves.names(is_share).is_empty() {
        true => section,
        false => section.with(shares(&[("", curves)], &curves.names(is_share))),
    };
    let losses = Chart::new("Losses", "step", "loss").smoothed();
    let norms = Chart::new("Gradient norms", "step", "norm").smoothed().logarithmic();
    section.with(curves.ending(losses, "_loss")).with(curves.ending(norms, "_norm"))
}

/// The judge's word with the best marked.
fn judge(run: &Recorded) -> Chart {
    let judged = &run.judged;
    let chart = Chart::new(judged.unit.title(), "step", judged.unit.axis()).logarithmic();
    let points = judged.points.iter().map(|point| (point.step as f64, point.distance));
    let chart = chart.series(judged.unit.name(), points);
    match judged.best {
        None => chart,
        Some(best) => chart.series(format!("best: step {}", best.step), [(best.step as f64, best.distance)]),
    }
}

/// Coverage, density, diversity and the like, of one run or of several by their names.
pub fn shares(runs: &[(&str, Curves<'_>)], names: &[&str]) -> Chart {
    let chart = Chart::new("What else the judge measured", "step", "share, or times the reference's");
    let pairs = runs.iter().flat_map(|run| names.iter().map(move |name| (run, *name)));
    pairs.fold(chart, |chart, ((run, curves), name)| {
        chart.series(format!("{run} {}", words(name)).trim().to_owned(), curves.of(name))
    })
}

/// Whether a figure comes from the judge beside its main one.
fn is_share(name: &str) -> bool {
    !name.ends_with("_loss") && !name.ends_with("_norm") && !APART.contains(&name)
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The rows of `metrics.jsonl` as curves.
#[derive(Clone, Copy)]
pub struct Curves<'a>(pub &'a [Row]);

impl<'a> Curves<'a> {
    /// A figure by step.
    pub fn of(self, name: &str) -> Vec<(f64, f64)> {
        self.0.iter().filter_map(|row| Some((row.step as f64, *row.values.get(name)?))).collect()
    }

    /// Names of figures that are wanted, in alphabetical order.
    pub fn names(self, wanted: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let names: BTreeSet<&str> = self.0.iter().flat_map(|row| row.values.keys()).map(String::as_str).collect();
        names.into_iter().filter(|name| wanted(name)).collect()
    }

    /// A chart with every figure whose name ends so, named without the ending.
    fn ending(self, chart: Chart, ending: &str) -> Chart {
        let names = self.names(|name| name.ends_with(ending));
        names.iter().fold(chart, |chart, name| chart.series(words(name.trim_end_matches(ending)), self.of(name)))
    }
}

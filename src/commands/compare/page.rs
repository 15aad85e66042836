//! The comparison as a page.

use super::Comparison;
use super::row::Compared;
use crate::commands::run_report::{Curves, Recorded, Unit, latest, shares};
use adm_report::{Card, Cards, Chart, Page, Section, Table};

/// Most runs whose latest preview the page carries.
const HEARD: usize = 8;

/// All runs over one another.
pub fn page(comparison: &Comparison, runs: &[Recorded]) -> Page {
    let names: Vec<String> = comparison.runs.iter().map(|row| row.run.display().to_string()).collect();
    let named: Vec<(&str, &Recorded)> = names.iter().map(String::as_str).zip(runs).collect();
    let page = Page::new("Trainings side by side")
        .summary(names.join(", "))
        .section(what_they_came_to(comparison))
        .section(curves(&named))
        .section(differing(comparison, &names));
    match heard(&named) {
        None => page,
        Some(section) => page.section(section),
    }
}

fn what_they_came_to(comparison: &Comparison) -> Section {
    let cells: Vec<_> = comparison.runs.iter().map(Compared::cells).collect();
    // Reports lie elsewhere; a page that is sent around does not reach them.
    let shown = cells.first().map_or(0, |cells| cells.len() - 1);
    let labels = cells.iter().take(1).flat_map(|cells| cells[..shown].iter().map(|(label, _)| *label));
    let table = Table::new("The best judgement of each, and what it took", labels);
    let table = cells.iter().fold(table, |table, cells| table.row(cells[..shown].iter().map(|(_, value)| value)));
    let notes = comparison.notes.iter().map(|note| {
        let mut letters = note.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect::<String>()
    });
    Section::new("What they came to").with(notes.collect::<Vec<_>>().join("\n\n")).with(table)
}

fn curves(named: &[(&str, &Recorded)]) -> Section {
    let section = Section::new("Through time");
    let section = [Unit::Distance, Unit::Perplexity, Unit::Doubt].into_iter().fold(section, |section, unit| {
        let of_unit: Vec<_> =
            named.iter().filter(|(_, run)| run.judged.unit == unit && run.judged.best.is_some()).collect();
        if of_unit.is_empty() {
            return section;
        }
        section.with(by_step(&of_unit, unit)).with(by_minute(&of_unit, unit))
    });
    let figures = ["coverage", "diversity"].map(|name| {
        let runs: Vec<(&str, Curves<'_>)> = named.iter().map(|(name, run)| (*name, Curves(&run.rows))).collect();
        let measured: Vec<_> = runs.into_iter().filter(|(_, curves)| !curves.of(name).is_empty()).collect();
        (!measured.is_empty()).then(|| shares(&measured, &[name]))
    });
    figures.into_iter().flatten().fold(section, Section::with)
}

fn by_step(named: &[&(&str, &Recorded)], unit: Unit) -> Chart {
    let chart = Chart::new(title(named, unit, "by step"), "step", unit.axis()).logarithmic();
    named.iter().fold(chart, |chart, (name, run)| chart.series(*name, Curves(&run.rows).of("judge")))
}

/// With the run's name where there is one, as one line has no legend.
fn title(named: &[&(&str, &Recorded)], unit: Unit, over: &str) -> String {
    match named {
        [(name, _)] => format!("{name}: {}, {over}", unit.title()),
        _ => format!("{}, {over}", unit.title()),
    }
}

fn by_minute(named: &[&(&str, &Recorded)], unit: Unit) -> Chart {
    let chart = Chart::new(title(named, unit, "by time"), "minutes of training", unit.axis()).logarithmic();
    named.iter().fold(chart, |chart, (name, run)| {
        let judged = run.rows.iter().filter_map(|row| Some((row.seconds / 60.0, *row.values.get("judge")?)));
        chart.series(*name, judged)
    })
}

fn differing(comparison: &Comparison, names: &[String]) -> Section {
    let section = Section::new("Settings that differ");
    if comparison.differing.is_empty() {
        return section.with("None, or none that can be compared.");
    }
    let columns = std::iter::once("setting".to_owned()).chain(names.iter().cloned());
    section.with(comparison.differing.iter().fold(
        Table::new("The value in each run", columns),
        |table, (key, values)| {
            let shown = values.iter().map(|value| value.clone().unwrap_or_else(|| "–".to_owned()));
            table.row(std::iter::once(key.clone()).chain(shown))
        },
    ))
}

fn heard(named: &[(&str, &Recorded)]) -> Option<Section> {
    let cards: Vec<Card> = named.iter().filter_map(|(name, run)| latest(run, name)).take(HEARD).collect();
    let section =
        Section::new("Latest previews").with("Each run's own noise, so only the kind of sound is comparable.");
    (!cards.is_empty()).then(|| section.with(cards.into_iter().collect::<Cards>()))
}

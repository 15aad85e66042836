//! The page.

use super::sheet::Sheet;
use super::summary::plural;
use super::{Material, figures, methods, sheets, summary};
use crate::analysis::{Findings, Share};
use adm_report::{Facts, Page, Section};

/// The whole page: plain words first, then tables, then how they came about.
pub(super) fn page(findings: &Findings, material: &Material<'_>) -> Page {
    let title = format!("{}: what listeners said", findings.title);
    let page = Page::new(title).summary(lead(findings));
    let sections = [in_short(findings), people(findings, material)].into_iter().chain(found(findings));
    let page = sections.chain([method(findings)]).fold(page, Page::section);
    page.footer(
        "Written by adm survey-report. Every number is in report.json, and every table in a CSV file beside this page.",
    )
}

/// What was found, part by part; nothing of nobody.
fn found(findings: &Findings) -> impl Iterator<Item = Section> {
    let of = [right, points, ratings, counted, samples, background, reliability];
    let is_empty = findings.everybody.people == 0;
    of.into_iter().filter(move |_| !is_empty).filter_map(|part| part(findings))
}

fn lead(findings: &Findings) -> String {
    let all = &findings.everybody;
    format!("{}, {}.", plural(all.people, "participant", "participants"), plural(all.answers, "answer", "answers"))
}

fn paragraphs(section: Section, words: Vec<String>) -> Section {
    // One block for each: words of participants or studies may hold blank lines.
    words.into_iter().fold(section, |section, words| section.with(words))
}

/// A section with those of its tables that hold something.
fn tables(section: Section, sheets: impl IntoIterator<Item = Sheet>) -> Section {
    let shown = sheets.into_iter().filter(|sheet| !sheet.rows.is_empty());
    shown.fold(section, |section, sheet| section.with(sheet.table()))
}

fn in_short(findings: &Findings) -> Section {
    let section = paragraphs(Section::new("In short"), summary::paragraphs(findings));
    match figures::shares(findings) {
        Some(figure) => section.with(figure),
        None => section,
    }
}

fn people(findings: &Findings, material: &Material<'_>) -> Section {
    let merged = material.merged;
    let left_out = findings.persons.iter().filter(|person| !person.left_out.is_empty()).count();
    let minutes: Vec<f64> =
        findings.persons.iter().map(|person| person.minutes).filter(|minutes| *minutes > 0.0).collect();
    let median = adm_stats::mean::quantile(&minutes, 0.5);
    let facts = Facts::new()
        .fact("Found in all", merged.found)
        .fact("Accepted", findings.everybody.people)
        .fact("Listed, not accepted", merged.listed.len())
        .fact("Screened out", left_out)
        .fact("Preferred not to say", findings.everybody.declined)
        .fact("Median minutes", median.map_or("–".to_owned(), |median| format!("{median:.1}")));
    let section = Section::new("Who took part").with(facts);
    let section = match merged.not_found.is_empty() {
        true => section,
        false => section.with(format!("To be left out, but not found: {}.", merged.not_found.join(", "))),
    };
    let listed = [sheets::listed_by_reason(&merged.listed), sheets::listed(&merged.listed)];
    let section = tables(tables(section, listed), [sheets::screened_out(findings)]);
    tables(section, [sheets::background(findings), sheets::texts(findings)])
}

fn right(findings: &Findings) -> Option<Section> {
    (!findings.everybody.shares.is_empty()).then(|| {
        let of = [
            sheets::right,
            sheets::intervals,
            sheets::tests,
            sheets::clusters,
            sheets::detection,
            sheets::confusion,
            sheets::leaning,
            sheets::truths,
        ];
        tables(Section::new("Right or wrong"), of.map(|sheet| sheet(findings)))
    })
}

fn points(findings: &Findings) -> Option<Section> {
    let points = findings.everybody.points.as_ref()?;
    let section = match points.incomplete {
        0 => Section::new("Points"),
        1 => Section::new("Points").with("One person's total is left out: they answered fewer trials than others."),
        some => Section::new("Points")
            .with(format!("The totals of {some} people are left out: they answered fewer trials than others.")),
    };
    let section = match figures::points(&points.total) {
        Some(figure) => section.with(figure),
        None => section,
    };
    Some(tables(section, [sheets::points(findings), sheets::points_summary(findings)]))
}

fn ratings(findings: &Findings) -> Option<Section> {
    let scales = &findings.everybody.scales;
    (!scales.is_empty()).then(|| {
        let section = scales
            .iter()
            .filter_map(|scale| figures::scale(findings, scale))
            .fold(Section::new("Ratings"), |section, figure| section.with(figure));
        let of = [sheets::conditions, sheets::friedman, sheets::comparisons, sheets::rated_items];
        tables(section, of.map(|sheet| sheet(findings)))
    })
}

fn counted(findings: &Findings) -> Option<Section> {
    let all = &findings.everybody;
    (!all.choices.is_empty() || !all.words.is_empty()).then(|| {
        let section = Section::new("Choices and words");
        let untested = all.choices.iter().filter_map(|found| Some((found, found.independence.why()?)));
        let section = untested.fold(section, |section, (found, why)| {
            section.with(format!("{}: no test of the table. {}.", found.asked.name(), capital(why)))
        });
        tables(section, [sheets::choices(findings), sheets::within(findings), sheets::words(findings)])
    })
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn samples(findings: &Findings) -> Option<Section> {
    let all = &findings.everybody;
    let share = |asked| all.shares.iter().find(|share: &&Share| share.asked == asked);
    (!all.grouped.is_empty()).then(|| {
        let section = all
            .grouped
            .iter()
            .flat_map(|grouped| {
                let share = share(grouped.asked.clone());
                [figures::trials(grouped, share), figures::items(grouped, share)]
            })
            .flatten()
            .fold(Section::new("Trials and samples"), |section, figure| section.with(figure));
        tables(section, [sheets::trials(findings), sheets::items(findings)])
    })
}

fn background(findings: &Findings) -> Option<Section> {
    let background = findings.everybody.background.get()?;
    let score = background.score.as_deref()?;
    let section = Section::new("Scores by what people are").with(format!(
        "A person's score is their {score}. Each person counts once. Figures draw groups of two people and more."
    ));
    let section =
        figures::traits(&background.traits, score).into_iter().fold(section, |section, figure| section.with(figure));
    Some(tables(section, [sheets::traits_ranks(findings), sheets::traits_classes(findings), sheets::traits(findings)]))
}

fn reliability(findings: &Findings) -> Option<Section> {
    let of = [sheets::agreement, sheets::effort, sheets::persons];
    Some(tables(Section::new("How reliable, how careful"), of.map(|sheet| sheet(findings))))
}

fn method(findings: &Findings) -> Section {
    paragraphs(Section::new("Methods"), methods::paragraphs(findings))
}

//! `adm survey-report`: answers to statistics.

use crate::cli::SurveyReportArgs;
use crate::commands::Outcome;
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings::{self, ReportSettings, Session};
use adm_core::Observer;
use adm_survey::analysis::{Findings, analyse};
use adm_survey::answers::{Listed, Merged, merge};
use adm_survey::bundle;
use adm_survey::report::{Material, paragraphs, write};
use adm_survey::scoring::{read_key, score};
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

/// Answers that cannot be used and are named one by one on the terminal; the report lists all.
const MOST_WARNINGS: usize = 20;

/// Reports on the answers to a bundle.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: SurveyReportArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_report(args, session)?;
    let reported = report(&settings, output)?;
    output.printer.print(&reported)?;
    let all_used = reported.listed.is_empty() && reported.not_found.is_empty();
    Ok(if all_used { Outcome::Done } else { Outcome::Skipped })
}

fn report(settings: &ReportSettings, output: &Output) -> Result<Reported> {
    let began = Instant::now();
    let opened = bundle::open(&settings.bundle)?;
    let key = read_key(&settings.key, &opened.manifest)?;
    let merged = merge(&settings.answers, &opened.manifest, &opened.id, &settings.merge)?;
    warn(&merged.listed, output);
    merged.not_found.iter().for_each(|uuid| output.progress.warn(&format!("there are no answers of {uuid}")));
    let scored = score(&opened.manifest, &key, &merged.accepted)?;
    let findings = analyse(&scored, &key, &opened.manifest, settings.seeds);
    let page = write(&settings.output, &findings, &Material { merged: &merged, scored: &scored, key: &key })?;
    Ok(Reported::new(page, findings, merged, began.elapsed().as_secs_f64()))
}

/// Says which answers cannot be used: the first of them, and how many more there are.
fn warn(listed: &[Listed], output: &Output) {
    let (said, more) = listed.split_at(listed.len().min(MOST_WARNINGS));
    said.iter().for_each(|listed| output.progress.warn(&listed.to_string()));
    if !more.is_empty() {
        output.progress.warn(&format!("and {} more, which the report lists", count(more.len() as u64)));
    }
}

/// What was found.
#[derive(Debug, Serialize)]
struct Reported {
    page: PathBuf,
    participants: usize,
    found: usize,
    listed: Vec<Listed>,
    /// Participants who were to be left out, and gave no answers.
    not_found: Vec<String>,
    findings: Findings,
    seconds: f64,
}

impl Reported {
    fn new(page: PathBuf, findings: Findings, merged: Merged, seconds: f64) -> Self {
        let participants = merged.accepted.len();
        Self {
            page,
            participants,
            found: merged.found,
            listed: merged.listed,
            not_found: merged.not_found,
            findings,
            seconds,
        }
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        self.listed.iter().for_each(|listed| *reasons.entry(listed.reason.to_string()).or_default() += 1);
        let left_out = reasons.iter().map(|(reason, times)| format!("{times} {reason}")).collect::<Vec<_>>().join(", ");
        let rows = Rows::default()
            .row("report", self.page.display().to_string())
            .row("participants", count(self.participants as u64))
            .maybe("left out", (!left_out.is_empty()).then_some(left_out))
            .row("time", duration(self.seconds));
        write!(f, "{rows}")?;
        paragraphs(&self.findings).iter().try_for_each(|words| write!(f, "\n{words}\n"))
    }
}

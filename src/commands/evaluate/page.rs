//! An evaluation as a page: what it says in words, figures, and suspicious beats to listen to beside their sources.

use super::copies::{Copies, Suspicious};
use super::evaluation::{Evaluation, Judged};
use super::figures::GROUPS;
use crate::commands::heard;
use crate::output::text::{count, duration, plural};
use adm_dataset::Dataset;
use adm_report::{Bar, Bars, Card, Cards, Facts, Page, Section, Table};
use adm_spectral::picture::Sound;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Beats of each candidate to listen to.
const HEARD: usize = 6;

/// Suspicious beats to listen to.
const COMPARED: usize = 6;

const FIGURES: &str = "Figures of log-mel statistics, not comparable with those of any network. Held-out beats were never learned \
from and say how good it can get with so many beats; noise of the same power says how bad. In brackets: what another draw of beats would \
give, with 95 %.";

const COPIED: &str = "Dance music repeats itself, so a beat that is like a training beat proves nothing. Suspicious are those that \
lie nearer to one than held-out beats do.";

/// Writes the page and returns its path.
///
/// # Errors
/// A folder that takes no files, slices that cannot be read.
pub fn write(evaluation: &Evaluation, folder: &Path) -> Result<PathBuf> {
    let dataset = Dataset::open(&evaluation.reference)?;
    let page = Page::new("adm evaluate")
        .summary("Candidates between recorded beats that were held out and noise.")
        .section(words(evaluation))
        .section(figures(evaluation));
    let mut of_candidates = evaluation.candidates.iter().enumerate();
    let page = of_candidates
        .try_fold(page, |page, (at, candidate)| anyhow::Ok(page.section(listening(at, candidate, &dataset)?)))?;
    Ok(page.write(folder)?)
}

fn words(evaluation: &Evaluation) -> Section {
    let facts = Facts::new()
        .fact("reference", evaluation.reference.display())
        .fact("training beats", count(evaluation.training as u64))
        .fact("held-out beats", count(evaluation.held_out as u64))
        .fact("compared of each", count(evaluation.compared as u64))
        .fact("time", duration(evaluation.seconds));
    let section = Section::new("In words").with(facts);
    let section = evaluation.notes.iter().fold(section, |section, note| section.with(note.as_str()));
    evaluation.candidates.iter().fold(section, |section, candidate| {
        let words = candidate.words(&evaluation.floor, &evaluation.ceiling).join("; ");
        section.with(format!("{}: {words}.", candidate.name))
    })
}

fn figures(evaluation: &Evaluation) -> Section {
    let section = Section::new("Figures").with(FIGURES).with(distances(evaluation));
    GROUPS.iter().fold(section, |section, (about, figures)| {
        let heading =
            ["figure", "better"].map(str::to_owned).into_iter().chain(evaluation.sets().map(Judged::short_name));
        let table = evaluation.rows(figures).fold(Table::new(*about, heading), |table, (figure, cells)| {
            table.row([figure.name, figure.better].map(str::to_owned).into_iter().chain(cells))
        });
        section.with(table)
    })
}

/// The two figures that say most, with their intervals.
fn distances(evaluation: &Evaluation) -> Bars {
    let names = evaluation.sets().map(Judged::short_name);
    let bars = evaluation.sets().map(|set| {
        let coverage = set.distances.coverage;
        Bar::new(coverage.value).interval(coverage.low, coverage.high)
    });
    Bars::new("Coverage", "share of reference beats with one of the set near by", names)
        .lying()
        .percent()
        .series("coverage", bars.collect::<Vec<_>>())
}

fn listening(at: usize, candidate: &Judged, dataset: &Dataset) -> Result<Section> {
    let section = Section::new(candidate.short_name()).with(format!("{} judged.", plural(candidate.beats, "beat")));
    let first = (0..candidate.beats.min(HEARD)).map(|beat| ours(at, candidate, beat, dataset));
    let section = section.with(first.collect::<Result<Cards>>()?);
    let Some(copies) = &candidate.copies else { return Ok(section) };
    let section = section.with(COPIED).with(format!("{}.", copies.sentence()));
    if copies.suspicious.is_empty() {
        return Ok(section);
    }
    let section = section.with(copied(copies));
    let pairs = copies
        .suspicious
        .iter()
        .take(COMPARED)
        .map(|beat| Ok([ours(at, candidate, beat.beat, dataset)?, theirs(at, beat, dataset)?]));
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    Ok(section.with(pairs.into_iter().flatten().collect::<Cards>()))
}

fn copied(copies: &Copies) -> Table {
    let columns = ["beat", "recording", "at", "similarity", "shift", "gain", "waveform"];
    let table = Table::new("beats nearer to training beats than held-out beats are", columns);
    copies.suspicious.iter().fold(table, |table, beat| {
        table.row([
            beat.beat.to_string(),
            beat.recording.clone(),
            duration(beat.at.0),
            format!("{:.3}", beat.similarity),
            format!("{:+.0} ms", 1_000.0 * beat.shift.0),
            format!("{:+.1} dB", beat.gain_db),
            format!("{:.2}", beat.waveform),
        ])
    })
}

fn ours(at: usize, candidate: &Judged, beat: usize, dataset: &Dataset) -> Result<Card> {
    let samples = candidate.slices.read(beat..beat + 1)?.concat();
    let title = format!("beat {beat}");
    heard::card(&title, &title, &format!("candidate-{at}-beat-{beat}"), sound(&samples, dataset))
}

fn theirs(at: usize, beat: &Suspicious, dataset: &Dataset) -> Result<Card> {
    let mut samples = vec![0.0; dataset.slice_samples()];
    dataset.read_f32(beat.slice, &mut samples)?;
    let title = format!("{} at {}", beat.recording, duration(beat.at.0));
    let heard = format!("training beat {} ({:.3})", beat.slice, beat.similarity);
    heard::card(&title, &heard, &format!("candidate-{at}-source-of-{}", beat.beat), sound(&samples, dataset))
}

fn sound<'a>(samples: &'a [f32], dataset: &Dataset) -> Sound<'a> {
    Sound { samples, channels: dataset.channels(), rate: dataset.rate() }
}

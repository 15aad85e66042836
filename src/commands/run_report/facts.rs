//! The verdict in words, and the run in figures.

use super::recorded::Recorded;
use crate::output::text::{count, duration, plural};
use adm_eval::course::Course;
use adm_report::{Facts, Section};

pub fn section(run: &Recorded) -> Section {
    let paragraphs = [verdict(run), run.state.sentence(run.steps()), damaged(run)];
    let words = paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    Section::new(heading(run)).with(words).with(facts(run))
}

/// The verdict as a heading.
fn heading(run: &Recorded) -> String {
    let verdict = run.judged.verdict().unwrap_or_else(|| "not judged".to_owned());
    // Advice has its place below.
    capitalised(verdict.split(':').next().unwrap_or_default())
}

fn capitalised(text: &str) -> String {
    text.chars().take(1).flat_map(char::to_uppercase).chain(text.chars().skip(1)).collect()
}

fn verdict(run: &Recorded) -> Option<String> {
    let Some(best) = run.judged.best else {
        return Some(
            "Nothing was compared with held-out beats: training.schedule.judge_every is 0, no judgement is due yet, or the \
             dataset holds out too few beats."
                .to_owned(),
        );
    };
    let (unit, judged) = (run.judged.unit.name(), plural(run.judged.points.len(), "judgement"));
    let nearest = format!("The best of {judged} is a {unit} of {:.1} at step {}.", best.distance, count(best.step));
    Some(format!("{} {nearest}", advice(&run.judged.course)))
}

/// What a verdict means for whoever waits.
fn advice(course: &Course) -> String {
    match course {
        Course::TooEarly => "There are too few judgements to tell noise from progress.".to_owned(),
        Course::Improving => "More steps have made it better of late, and may go on to.".to_owned(),
        Course::Plateaued { since } => format!(
            "Since about step {since} more steps have changed nothing beyond noise: other settings or more music may help more."
        ),
        Course::Worsening { since } => {
            format!(
                "It was best around step {since}; what came after is worse beyond noise. The best checkpoint is kept."
            )
        }
        Course::Collapsing { .. } => {
            format!("{}.", capitalised(course.to_string().trim_start_matches("collapsing: ")))
        }
    }
}

fn damaged(run: &Recorded) -> Option<String> {
    (run.damaged > 0).then(|| format!("{} of metrics.jsonl could not be read.", plural(run.damaged, "line")))
}

fn facts(run: &Recorded) -> Facts {
    let best = run.judged.best;
    let facts = [
        ("preset", Some(run.configuration.origin())),
        ("steps", Some(count(run.steps()))),
        ("steps a second", run.rate().map(|rate| format!("{rate:.2}"))),
        ("time", Some(duration(run.seconds()))),
        ("best", best.map(|best| format!("{:.1} at step {}", best.distance, count(best.step)))),
        ("coverage there", best.and_then(|best| best.coverage).map(|share| format!("{share:.2}"))),
        ("diversity there", best.and_then(|best| best.diversity).map(|share| format!("{share:.2}"))),
        ("device", run.device().map(str::to_owned)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

//! Tables of people, of what they said of themselves, and of what was not accepted.

use super::super::sheet::{Cell, Sheet, level};
use super::both;
use crate::analysis::{Background, Crossed, Findings, Known, Tested, TraitFound};
use crate::answers::Listed;
use crate::key::Key;
use crate::scoring::Scored;
use std::collections::BTreeMap;

/// Every person.
pub fn persons(findings: &Findings) -> Sheet {
    let columns = [
        "person",
        "answers",
        "scored",
        "right",
        "share",
        "points",
        "attention",
        "repeats",
        "reference missed",
        "anchor missed",
        "minutes",
        "left out",
    ];
    let mut sheet = Sheet::new("people", "Every person", &columns);
    for person in &findings.persons {
        sheet.push([
            Cell::text(person.id.clone()),
            person.answers.into(),
            person.scored.into(),
            person.right.into(),
            Cell::share(&person.share),
            Cell::text(person.points.to_string()),
            Cell::of(person.attention),
            Cell::of(person.repeats),
            Cell::of(person.missed_reference),
            Cell::of(person.missed_anchor),
            Cell::Number(person.minutes),
            match person.left_out.is_empty() {
                true => Cell::Empty,
                false => "yes".into(),
            },
        ]);
    }
    sheet
}

/// Who was screened out, and why.
pub fn screened_out(findings: &Findings) -> Sheet {
    let mut sheet = Sheet::new("screened-out", "Left out of the screened analysis", &["person", "why"]);
    for person in findings.persons.iter().filter(|person| !person.left_out.is_empty()) {
        sheet.push([Cell::text(person.id.clone()), Cell::text(person.left_out.join("; "))]);
    }
    sheet
}

/// What was found and not accepted.
pub fn listed(listed: &[Listed]) -> Sheet {
    let columns = ["reason", "file", "line", "participant", "what exactly"];
    let mut sheet = Sheet::new("listed", "Found, and not accepted", &columns);
    for found in listed {
        sheet.push([
            Cell::text(found.reason.to_string()),
            Cell::text(found.file.display().to_string()),
            found.line.map_or(Cell::Empty, Cell::Count),
            found.participant.as_deref().map_or(Cell::Empty, Cell::from),
            Cell::text(found.words.clone()),
        ]);
    }
    sheet
}

/// How much was not accepted for which reason.
pub fn listed_by_reason(listed: &[Listed]) -> Sheet {
    let mut counts = BTreeMap::<_, u64>::new();
    listed.iter().for_each(|found| *counts.entry(found.reason).or_default() += 1);
    let mut sheet = Sheet::new("listed-by-reason", "Found, and not accepted, by reason", &["reason", "found"]);
    counts.into_iter().for_each(|(reason, count)| sheet.push([Cell::text(reason.to_string()), count.into()]));
    sheet
}

/// How many said what, and their scores.
pub fn traits(findings: &Findings) -> Sheet {
    let caption = format!(
        "What people said of themselves, and their {} with t intervals at {}",
        score(&findings.everybody.background),
        level(findings.plan.alpha)
    );
    let columns =
        ["who", "question", "answer", "people", "share of people", "with a score", "mean score", "interval…", "SD"];
    let mut sheet = Sheet::new("background", caption, &columns);
    let is_share = score(&findings.everybody.background).starts_with("share");
    let number = |value| if is_share { Cell::share(value) } else { Cell::number(value) };
    let span = |value| if is_share { Cell::shares(value) } else { Cell::span(value) };
    for (who, results) in both(findings) {
        for found in results.background.get().iter().flat_map(|background| &background.traits) {
            let all: u64 = found.answers.iter().map(|(_, count)| count).sum();
            for (answer, count) in &found.answers {
                let described = found.groups.iter().find(|group| group.name == *answer);
                sheet.push([
                    who.clone(),
                    Cell::text(found.name()),
                    Cell::text(answer.clone()),
                    (*count).into(),
                    Cell::Share(*count as f64 / all as f64),
                    described.map_or(Cell::Empty, |group| group.n.into()),
                    described.map_or(Cell::Empty, |group| number(&group.mean)),
                    described.map_or(Cell::Empty, |group| span(&group.interval)),
                    described.map_or(Cell::Empty, |group| number(&group.sd)),
                ]);
            }
        }
    }
    sheet
}

fn score(background: &Known<Background>) -> &str {
    background.get().and_then(|background| background.score.as_deref()).unwrap_or("scores")
}

/// Scores against what people said of themselves, by ranks.
pub fn traits_ranks(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "people", "H or U", "p", "p, Holm", "effect", "measure", "method"];
    let mut sheet = Sheet::new("background-ranks", "Do scores depend on what people are? By ranks", &columns);
    each_crossed(findings, |who, found, crossed| {
        let test = crossed.ranks.get();
        let effect = test.and_then(|test| test.effect.as_ref());
        sheet.push([
            who,
            Cell::text(found.name()),
            people(crossed),
            test.map_or(Cell::Empty, |test| Cell::Number(test.statistic)),
            Cell::p(test.map(|test| test.p)),
            Cell::p(crossed.ranks_holm),
            effect.map_or(Cell::Empty, |(_, value)| Cell::Number(*value)),
            effect.map_or(Cell::Empty, |(measure, _)| Cell::text(measure.clone())),
            method(&crossed.ranks),
        ]);
    });
    sheet
}

/// Scores against what people said of themselves, as tables of two classes.
pub fn traits_classes(findings: &Findings) -> Sheet {
    let caption = "Do scores depend on what people are? By two classes of scores";
    let columns = ["who", "question", "people", "p", "p, Holm", "Cramér's V", "V, corrected", "method"];
    let mut sheet = Sheet::new("background-classes", caption, &columns);
    each_crossed(findings, |who, found, crossed| {
        sheet.push([
            who,
            Cell::text(found.name()),
            people(crossed),
            Cell::p(crossed.independence.get().map(|test| test.p)),
            Cell::p(crossed.independence_holm),
            Cell::number(&crossed.cramers_v),
            Cell::number(&crossed.cramers_v_corrected),
            method(&crossed.independence),
        ]);
    });
    sheet
}

/// The tables of two classes themselves.
pub fn traits_counts(findings: &Findings) -> Sheet {
    let columns = ["who", "question", "answer", "class of scores", "people"];
    let mut sheet = Sheet::new("background-counts", "People by answer and class of scores", &columns);
    each_crossed(findings, |who, found, crossed| {
        for (answer, counts) in crossed.classes.answers.iter().zip(&crossed.classes.counts) {
            for (class, count) in crossed.classes.names.iter().zip(counts) {
                let words = [found.name(), answer.clone(), class.clone()].map(Cell::Text);
                sheet.push([who.clone()].into_iter().chain(words).chain([(*count).into()]));
            }
        }
    });
    sheet
}

fn each_crossed(findings: &Findings, mut with: impl FnMut(Cell, &TraitFound, &Crossed)) {
    for (who, results) in both(findings) {
        for found in results.background.get().iter().flat_map(|background| &background.traits) {
            if let Some(crossed) = &found.crossed {
                with(who.clone(), found, crossed);
            }
        }
    }
}

fn people(crossed: &Crossed) -> Cell {
    crossed.classes.counts.iter().flatten().sum::<u64>().into()
}

fn method(test: &Known<Tested>) -> Cell {
    match (test.get(), test.why()) {
        (Some(test), _) => Cell::text(test.method.clone()),
        (None, why) => Cell::text(format!("not tested: {}", why.unwrap_or_default())),
    }
}

/// What people wrote of themselves.
pub fn texts(findings: &Findings) -> Sheet {
    let mut sheet = Sheet::new("background-words", "What people wrote of themselves", &["question", "text", "person"]);
    let background = findings.everybody.background.get();
    for (question, text) in background.iter().flat_map(|background| &background.texts) {
        sheet.push([question.as_str().into(), Cell::text(text.text.clone()), Cell::text(text.person.clone())]);
    }
    sheet
}

/// The columns of [`scored`].
const SCORED: [&str; 20] = [
    "person",
    "left_out",
    "block",
    "trial",
    "position",
    "repeated",
    "attention",
    "question",
    "sample",
    "truth",
    "slot",
    "response",
    "meaning",
    "declined",
    "right",
    "points",
    "chance",
    "ms",
    "plays",
    "heard",
];

/// Every response, with what it means and whether it is right.
pub fn scored(scored: &Scored, key: &Key, findings: &Findings) -> Sheet {
    let mut sheet = Sheet::new("scored", "Every response", &SCORED);
    let yes = |is: bool| Cell::from(if is { "true" } else { "false" });
    for response in &scored.responses {
        let trial = key.trials.get(response.trial);
        let stimulus = response.stimulus.and_then(|index| key.stimuli.get(index));
        let person = findings.persons.get(response.person);
        sheet.push([
            person.map_or(Cell::Empty, |person| Cell::text(person.id.clone())),
            yes(person.is_some_and(|person| !person.left_out.is_empty())),
            trial.map_or(Cell::Empty, |trial| Cell::text(trial.block.clone())),
            trial.map_or(Cell::Empty, |trial| Cell::text(trial.id.clone())),
            (response.position as u64).into(),
            yes(response.repeated),
            yes(response.attention),
            response.question.as_str().into(),
            stimulus.map_or(Cell::Empty, |stimulus| Cell::text(stimulus.id.clone())),
            stimulus.map_or(Cell::Empty, |stimulus| Cell::text(stimulus.truth.clone())),
            response.slot.map_or(Cell::Empty, |slot| (slot as u64).into()),
            response.value.as_str().into(),
            response.meaning.as_str().into(),
            yes(response.declined),
            response.right.map_or(Cell::Empty, yes),
            response.points.map_or(Cell::Empty, Cell::Number),
            response.chance.map_or(Cell::Empty, Cell::Number),
            response.ms.into(),
            u64::from(response.plays).into(),
            u64::from(response.heard).into(),
        ]);
    }
    sheet
}

/// What each person said of themselves, one row an answer.
pub fn said(scored: &Scored) -> Sheet {
    let mut sheet = Sheet::new("people-said", "What each person said of themselves", &["person", "question", "answer"]);
    for person in &scored.people {
        for (question, answer) in &person.background {
            sheet.push([person.id.as_str().into(), question.as_str().into(), answer.as_str().into()]);
        }
    }
    sheet
}

/// How many of all said what; of questions with many answers, how many gave each.
pub fn background(findings: &Findings) -> Sheet {
    let columns = ["question", "answer", "people", "share of people"];
    let mut sheet = Sheet::new("background", "What people said of themselves", &columns);
    let background = findings.everybody.background.get();
    for found in background.iter().flat_map(|background| &background.traits) {
        let all: u64 = found.answers.iter().map(|(_, count)| count).sum();
        let is_said = |answer: &str| found.option.is_none() || answer == "yes";
        for (answer, count) in found.answers.iter().filter(|(answer, _)| is_said(answer)) {
            sheet.push([
                Cell::text(found.question.clone()),
                Cell::text(found.option.clone().unwrap_or_else(|| answer.clone())),
                (*count).into(),
                Cell::Share(*count as f64 / all as f64),
            ]);
        }
    }
    sheet
}

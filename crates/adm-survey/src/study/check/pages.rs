//! Whether the pages make a test: consent first, every block once, closing last.

use super::trials::known_sound;
use super::unknown;
use crate::SurveyError;
use crate::study::{PageSpec, QuestionSpec, Study};
use std::collections::BTreeSet;

/// Kinds of pages.
const KINDS: [&str; 7] = ["consent", "text", "volume", "training", "questions", "block", "closing"];

/// Most examples of a training page; they are on one page.
const MOST_EXAMPLES: usize = 12;

pub(super) fn check(study: &Study) -> Result<(), SurveyError> {
    let kinds: Vec<&str> = study.pages.iter().map(|page| &*page.kind).collect();
    for (number, page) in study.pages.iter().enumerate() {
        let place = format!("pages.{}", number + 1);
        check_page(page, study).map_err(|problem| SurveyError::study(&place, problem))?;
        page.samples.iter().try_for_each(|sample| known_sound(&place, &sample.id, study))?;
    }
    let once = |kind: &str, place: Option<&&str>| {
        place == Some(&kind) && kinds.iter().filter(|other| **other == kind).count() == 1
    };
    if !once("consent", kinds.first()) {
        return Err(SurveyError::study("pages", "the first page, and no other, must ask for consent"));
    }
    if !once("closing", kinds.last()) {
        return Err(SurveyError::study("pages", "the last page, and no other, must be of kind closing"));
    }
    check_blocks(study)?;
    check_asked(study)
}

/// Whether a page has what its kind needs and nothing else.
fn check_page(page: &PageSpec, study: &Study) -> Result<(), String> {
    if !KINDS.contains(&&*page.kind) {
        return Err(unknown("there is no kind", &page.kind, KINDS));
    }
    for (kind, field, given) in [
        ("questions", "questions", !page.questions.is_empty()),
        ("block", "block", page.block.is_some()),
        ("training", "samples", !page.samples.is_empty()),
        ("text", "text", page.text.is_some() || page.kind != "text"),
    ] {
        if (page.kind == kind) != given && !(kind == "text" && given) {
            let has = if given { "has no" } else { "needs" };
            return Err(format!("a page of kind \"{}\" {has} {field}", page.kind));
        }
    }
    if page.samples.len() > MOST_EXAMPLES {
        return Err(format!("a training page has at most {MOST_EXAMPLES} samples, not {}", page.samples.len()));
    }
    let mut before: Vec<&QuestionSpec> = Vec::new();
    for id in &page.questions {
        let known = || study.questions.iter().map(|question| &*question.id);
        let question = study.questions.iter().find(|question| question.id == *id);
        let question = question.ok_or_else(|| unknown("there is no question", id, known()))?;
        if question.each_sample || question.kind == "samples" {
            return Err(format!("{id} is about samples, and there are none on this page"));
        }
        if let Some(when) = &question.when
            && !before.iter().any(|asked| asked.id == when.question)
        {
            return Err(format!("{id} depends on {}, which must be asked before it on this page", when.question));
        }
        before.push(question);
    }
    Ok(())
}

/// Whether every block has its page.
fn check_blocks(study: &Study) -> Result<(), SurveyError> {
    let shown: Vec<&str> = study.pages.iter().filter_map(|page| page.block.as_deref()).collect();
    let known: Vec<&str> = study.blocks.iter().map(|block| &*block.id).collect();
    if let Some(block) = shown.iter().find(|block| !known.contains(block)) {
        return Err(SurveyError::study("pages", unknown("there is no block", block, known)));
    }
    for block in known {
        match shown.iter().filter(|shown| **shown == block).count() {
            1 => {}
            0 => {
                let hint = format!("add [[pages]] with kind = \"block\" and block = \"{block}\"");
                return Err(SurveyError::study("pages", format!("block {block} is on no page")).or(hint));
            }
            _ => return Err(SurveyError::study("pages", format!("block {block} is on two pages"))),
        }
    }
    Ok(())
}

/// Whether every question is asked, and none in two places, where answers could not be told apart.
fn check_asked(study: &Study) -> Result<(), SurveyError> {
    let on_pages = study.pages.iter().flat_map(|page| &page.questions);
    let mut in_blocks = BTreeSet::new();
    study.blocks.iter().for_each(|block| in_blocks.extend(&block.questions));
    let mut on_page = BTreeSet::new();
    for id in on_pages {
        if !on_page.insert(id) || in_blocks.contains(id) {
            return Err(SurveyError::study(format!("questions.{id}"), "is asked in two places"));
        }
    }
    match study.questions.iter().find(|question| !on_page.contains(&question.id) && !in_blocks.contains(&question.id)) {
        Some(question) => {
            let hint = "name it on a page, in a block, or take it out";
            Err(SurveyError::study(format!("questions.{}", question.id), "is never asked").or(hint))
        }
        None => Ok(()),
    }
}

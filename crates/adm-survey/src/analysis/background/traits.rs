//! What people said of themselves, as groups of people.

use crate::analysis::choices::Text;
use crate::analysis::view::View;
use crate::manifest::{Choice, PageKind, QuestionKind};
use std::collections::BTreeMap;

/// One question about people, or one option of many.
pub(super) struct Trait {
    pub question: String,
    pub option: Option<String>,
    pub text: String,
    /// Each answer that somebody gave, in the order of the options or of numbers, and who gave it.
    pub answers: Vec<(String, Vec<usize>)>,
}

/// Every trait that pages ask, in their order. Attention items are none.
pub(super) fn traits(view: View<'_>) -> Vec<Trait> {
    questions(view).flat_map(|question| of_question(view, question)).collect()
}

/// All texts, with the question's id.
pub(super) fn texts(view: View<'_>) -> Vec<(String, Text)> {
    let is_text = |question: &&str| {
        let kind = view.manifest.questions.get(*question).map(|question| &question.kind);
        matches!(kind, Some(QuestionKind::Text { .. }))
    };
    let text = |person: usize, words: &str| Text {
        person: view.scored.people.get(person).map(|person| person.id.clone()).unwrap_or_default(),
        item: String::new(),
        truth: String::new(),
        text: words.to_owned(),
    };
    let of = |question: &str| -> Vec<(String, Text)> {
        let said = said(view, question).into_iter().filter(|(_, words)| !words.trim().is_empty());
        said.map(|(person, words)| (question.to_owned(), text(person, words))).collect()
    };
    questions(view).filter(is_text).flat_map(of).collect()
}

fn questions<'a>(view: View<'a>) -> impl Iterator<Item = &'a str> {
    let on_page = |page: &'a crate::manifest::Page| match &page.kind {
        PageKind::Questions { questions } => questions.as_slice(),
        _ => &[],
    };
    let is_attention = move |id: &str| {
        let mut specs = view.key.study.questions.iter();
        specs.any(|spec| spec.id == id && spec.expect.is_some())
    };
    view.manifest.pages.iter().flat_map(on_page).map(String::as_str).filter(move |id| !is_attention(id))
}

fn said<'a>(view: View<'a>, question: &str) -> Vec<(usize, &'a str)> {
    let people = view.scored.people.iter().enumerate().filter(|(index, _)| view.people.get(*index) == Some(&true));
    people.filter_map(|(index, person)| Some((index, person.background.get(question)?.as_str()))).collect()
}

fn of_question(view: View<'_>, question: &str) -> Vec<Trait> {
    let Some(asked) = view.manifest.questions.get(question) else { return Vec::new() };
    let said = said(view, question);
    let found = |option: Option<&Choice>, answers| Trait {
        question: question.to_owned(),
        option: option.map(|option| option.label.clone()),
        text: asked.text.clone(),
        answers,
    };
    match &asked.kind {
        QuestionKind::Choice { options } => vec![found(None, by_option(options, &said))],
        QuestionKind::Many { options } => {
            options.iter().map(|option| found(Some(option), yes_and_no(option, &said))).collect()
        }
        QuestionKind::Scale { .. } => vec![found(None, by_number(&said))],
        QuestionKind::Text { .. } | QuestionKind::Samples { .. } => Vec::new(),
    }
}

fn by_option(options: &[Choice], said: &[(usize, &str)]) -> Vec<(String, Vec<usize>)> {
    let chose = |option: &Choice| -> Vec<usize> {
        said.iter().filter(|(_, value)| *value == option.value).map(|(person, _)| *person).collect()
    };
    let groups = options.iter().map(|option| (option.label.clone(), chose(option)));
    groups.filter(|(_, people)| !people.is_empty()).collect()
}

fn yes_and_no(option: &Choice, said: &[(usize, &str)]) -> Vec<(String, Vec<usize>)> {
    let has = |value: &str| value.split('|').any(|value| value == option.value);
    let (yes, no): (Vec<_>, Vec<_>) = said.iter().partition(|(_, value)| has(value));
    let people = |group: Vec<(usize, &str)>| group.into_iter().map(|(person, _)| person).collect::<Vec<_>>();
    let groups = [("yes".to_owned(), people(yes)), ("no".to_owned(), people(no))];
    groups.into_iter().filter(|(_, people)| !people.is_empty()).collect()
}

fn by_number(said: &[(usize, &str)]) -> Vec<(String, Vec<usize>)> {
    let mut groups = BTreeMap::<i64, Vec<usize>>::new();
    for (person, value) in said {
        if let Ok(number) = value.parse() {
            groups.entry(number).or_default().push(*person);
        }
    }
    groups.into_iter().map(|(number, people)| (number.to_string(), people)).collect()
}

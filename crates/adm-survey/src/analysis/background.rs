//! Who took part, and whether scores depend on that: document 000's figures 8 to 10, and 12.

mod cross;
mod traits;

pub use cross::{Classes, Crossed};

use super::choices::Text;
use super::numbers::{Described, Known, holm};
use super::view::View;
use serde::Serialize;
use std::collections::BTreeMap;
use traits::Trait;

/// What people said of themselves, and their scores by that.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Background {
    /// What a person's score is, in words; nothing where the study scores none.
    pub score: Option<String>,
    /// One for each question, and of questions with many answers one for each option.
    pub traits: Vec<TraitFound>,
    /// What was written.
    pub texts: Vec<(String, Text)>,
}

/// One thing that people said of themselves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TraitFound {
    /// The question's id.
    pub question: String,
    /// The option, of a question with many answers: it is answered by yes or no.
    pub option: Option<String>,
    /// What was asked.
    pub text: String,
    /// How many gave each answer.
    pub answers: Vec<(String, u64)>,
    /// Scores by answer.
    pub groups: Vec<Described>,
    /// Scores against answers; nothing where there are no scores.
    pub crossed: Option<Crossed>,
}

impl TraitFound {
    /// How tables name it: `genres: techno`.
    pub fn name(&self) -> String {
        match &self.option {
            Some(option) => format!("{}: {option}", self.question),
            None => self.question.clone(),
        }
    }
}

/// How people score.
#[derive(Debug, Clone)]
pub(super) struct Scores {
    /// In words.
    pub words: String,
    /// Each person's.
    pub of: BTreeMap<usize, f64>,
    /// What guessing gives, where it is one number.
    pub chance: Option<f64>,
}

/// What people said of themselves; nothing where no page asked.
pub(super) fn background(view: View<'_>) -> Known<Background> {
    let traits = traits::traits(view);
    let texts = traits::texts(view);
    if traits.is_empty() && texts.is_empty() {
        return Known::not("no page asked people about themselves");
    }
    let scores = scores(view);
    let mut found: Vec<_> = traits.into_iter().map(|asked| one(view, asked, scores.as_ref())).collect();
    holm(crossed(&mut found).map(|crossed| (&crossed.ranks, &mut crossed.ranks_holm)));
    holm(crossed(&mut found).map(|crossed| (&crossed.independence, &mut crossed.independence_holm)));
    Known::Is(Background { score: scores.map(|scores| scores.words), traits: found, texts })
}

fn crossed(found: &mut [TraitFound]) -> impl Iterator<Item = &mut Crossed> {
    found.iter_mut().filter_map(|found| found.crossed.as_mut())
}

fn one(view: View<'_>, asked: Trait, scores: Option<&Scores>) -> TraitFound {
    let of = |people: &[usize]| -> Vec<(usize, f64)> {
        let score = |person: &usize| Some((*person, *scores?.of.get(person)?));
        people.iter().filter_map(score).collect()
    };
    let groups: Vec<(String, Vec<(usize, f64)>)> =
        asked.answers.iter().map(|(name, people)| (name.clone(), of(people))).collect();
    TraitFound {
        answers: asked.answers.iter().map(|(name, people)| (name.clone(), people.len() as u64)).collect(),
        crossed: scores.map(|scores| cross::cross(view, &groups, scores)),
        groups: match scores {
            Some(_) => groups.iter().map(|(name, own)| Described::new(name.clone(), own, view.level())).collect(),
            None => Vec::new(),
        },
        question: asked.question,
        option: asked.option,
        text: asked.text,
    }
}

/// A person's score: points in all where the study gives points, of those who answered all that gives some; else the share of right
/// answers.
fn scores(view: View<'_>) -> Option<Scores> {
    if let Some(totals) = super::points::totals(view) {
        return Some(Scores { words: "points in all".to_owned(), of: totals.into_iter().collect(), chance: None });
    }
    let scored: Vec<_> = view.responses().filter(|response| view.is_judged(response)).collect();
    let first = scored.first()?;
    let values: Vec<_> =
        scored.iter().map(|answer| (answer.person, f64::from(u8::from(answer.right == Some(true))))).collect();
    Some(Scores {
        words: "share of right answers".to_owned(),
        of: super::numbers::person_means(&values).into_iter().collect(),
        chance: first.chance.filter(|chance| scored.iter().all(|answer| answer.chance == Some(*chance))),
    })
}

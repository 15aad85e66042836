//! Ratings on scales, MUSHRA's among them.

use super::compare::{Comparison, Conditions, compare};
use super::numbers::Described;
use super::view::{Asked, View};
use crate::key::{KeyStimulus, Role};
use crate::manifest::MUSHRA;
use crate::manifest::QuestionKind;
use crate::scoring::Response;
use serde::Serialize;

/// Ratings that one question of trials was given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scale {
    /// What was asked.
    pub asked: Asked,
    /// The lowest number that could be given.
    pub low: i64,
    /// The highest.
    pub high: i64,
    /// All ratings together.
    pub all: Described,
    /// Ratings by what the samples are; of MUSHRA by condition, hidden reference and anchors by their names.
    pub conditions: Vec<Described>,
    /// Ratings by sample, or by trial where the question is about all of its samples; of MUSHRA by condition and sample.
    pub items: Vec<Described>,
    /// Conditions compared within people.
    pub comparison: Option<Comparison>,
}

/// Ratings of all scales.
pub(super) fn scales(view: View<'_>) -> Vec<Scale> {
    view.asked().into_iter().filter_map(|asked| scale(view, asked)).collect()
}

fn scale(view: View<'_>, asked: Asked) -> Option<Scale> {
    let (low, high) = match view.kind(&asked) {
        Some(QuestionKind::Scale { low, high, .. }) => (*low, *high),
        None if asked.question == MUSHRA => (0, 100),
        _ => return None,
    };
    let mut conditions = Conditions::new();
    let mut items = Conditions::new();
    let mut all = Vec::new();
    for answer in view.answers(&asked) {
        let Ok(rating) = answer.value.parse::<f64>() else { continue };
        let rated = (answer.person, rating);
        let condition = condition(view, answer);
        let item = match condition.is_empty() {
            true => view.item_name(answer),
            false => format!("{}: {condition}", view.item_name(answer)),
        };
        all.push(rated);
        items.entry(item).or_default().push(rated);
        if !condition.is_empty() {
            conditions.entry(condition).or_default().push(rated);
        }
    }
    let describe =
        |groups: &Conditions| groups.iter().map(|(name, values)| Described::new(name, values, view.level())).collect();
    Some(Scale {
        low,
        high,
        all: Described::new("all", &all, view.level()),
        conditions: describe(&conditions),
        items: describe(&items),
        comparison: compare(&conditions),
        asked,
    })
}

/// What was rated: a truth, or what a sound of MUSHRA is for.
fn condition(view: View<'_>, answer: &Response) -> String {
    let role = |stimulus: &KeyStimulus| match stimulus.role {
        Role::HiddenReference => Some("hidden reference".to_owned()),
        Role::LowAnchor => Some("low anchor (3.5 kHz)".to_owned()),
        Role::MidAnchor => Some("mid anchor (7 kHz)".to_owned()),
        _ => None,
    };
    let stimulus = answer.stimulus.and_then(|index| view.key.stimuli.get(index));
    let special = stimulus.and_then(role);
    special.unwrap_or_else(|| view.truth(answer).unwrap_or_default().to_owned())
}

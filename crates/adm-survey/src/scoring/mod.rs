//! From answers to responses that are right, wrong or worth points.
//!
//! This is the only place where answers and key meet. What comes out is plain data in which people, trials and stimuli
//! are indices, so that every table and test runs over the same list.
//!
//! ```text
//! KEY.json ─check: the one that was promised─▶ Key ─┐
//! Manifest, merged Answers ─────────────────────────┴ shown: who heard what where ─ judge: right, points ─▶ Scored
//! ```

mod check;
mod index;
mod judge;
mod person;
mod responses;
mod shown;

pub use check::{check_key, read_key};
pub use responses::{Person, Response, Scored};

use crate::SurveyError;
use crate::answers::Answers;
use crate::key::Key;
use crate::manifest::Manifest;
use index::Index;

/// Holds answers against the key.
///
/// Optional questions that were left empty give no response.
///
/// # Errors
/// Answers that do not fit the manifest, or a manifest that does not fit the key: [`crate::answers::merge`] lets none of the
/// first through, [`check_key`] none of the second.
pub fn score(manifest: &Manifest, key: &Key, answers: &[Answers]) -> Result<Scored, SurveyError> {
    let index = Index::new(manifest, key);
    let mut order: Vec<&Answers> = answers.iter().collect();
    order.sort_by(|a, b| a.participant.cmp(&b.participant));
    let mut scored = Scored { people: Vec::new(), responses: Vec::new() };
    for (number, answers) in order.into_iter().enumerate() {
        let (person, responses) = person::score(&index, number, answers)
            .map_err(|what| SurveyError::Unscorable { participant: answers.participant.clone(), what })?;
        scored.people.push(person);
        scored.responses.extend(responses);
    }
    Ok(scored)
}

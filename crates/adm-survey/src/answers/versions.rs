//! Several answers of one participant, of which one counts.

use super::limits::{Held, weight};
use super::listed::{Listed, Reason};
use super::record::Answers;
use std::collections::{BTreeMap, HashMap};

/// The best answers so far of each participant.
#[derive(Default)]
pub(super) struct Versions(BTreeMap<String, Version>);

struct Version {
    number: usize,
    listed: Listed,
    answers: Answers,
}

impl Answers {
    /// Which of a participant's versions counts: the higher. Finished before unfinished, a later end before an earlier one, more
    /// answers before fewer.
    pub(crate) fn rank(&self) -> (bool, &str, usize) {
        (!self.finished.is_empty(), &self.finished, self.rows.len())
    }
}

impl Version {
    /// Lists this version.
    fn list(self, reason: Reason, words: String, held: &mut Held, list: &mut Vec<(usize, Listed)>) {
        held.free(weight(&self.answers));
        list.push((self.number, Listed { reason, words, ..self.listed }));
    }
}

impl Versions {
    /// Takes the piece of a number, and lists what does not count any more.
    pub(super) fn add(
        &mut self,
        number: usize,
        listed: Listed,
        answers: Answers,
        held: &mut Held,
        list: &mut Vec<(usize, Listed)>,
    ) {
        let new = Version { number, listed, answers };
        let Some(old) = self.0.remove(&new.answers.participant) else {
            self.0.insert(new.answers.participant.clone(), new);
            return;
        };
        let (kept, dropped, reason) = match old.answers.checksum == new.answers.checksum {
            true => (old, new, Reason::Duplicate),
            false if new.answers.rank() > old.answers.rank() => (new, old, Reason::Superseded),
            false => (old, new, Reason::Superseded),
        };
        let words = format!("{} is kept, {}", kept.listed.file.display(), state(&kept.answers));
        dropped.list(reason, words, held, list);
        self.0.insert(kept.answers.participant.clone(), kept);
    }

    /// What counts in the end, in order of UUIDs.
    pub(super) fn settle(self, unfinished: bool, list: &mut Vec<(usize, Listed)>) -> Vec<Answers> {
        let mut held = Held::default();
        let copies = copies(&self.0);
        let mut accepted = Vec::new();
        for (uuid, version) in self.0 {
            if let Some(original) = copies.get(&uuid) {
                let words = format!("every answer and time is that of participant {original}");
                version.list(Reason::Copied, words, &mut held, list);
            } else if version.answers.finished.is_empty() && !unfinished {
                let words = format!(
                    "{} answers before the last page; unfinished answers are left out",
                    version.answers.rows.len()
                );
                version.list(Reason::Unfinished, words, &mut held, list);
            } else {
                accepted.push(version.answers);
            }
        }
        accepted
    }
}

fn state(answers: &Answers) -> String {
    match &*answers.finished {
        "" => format!("unfinished, with {} answers", answers.rows.len()),
        finished => format!("finished at {finished}"),
    }
}

/// Participants whose answers are, to the millisecond, those of one who was found earlier, and who that is.
fn copies(versions: &BTreeMap<String, Version>) -> BTreeMap<String, String> {
    let mut found: Vec<&Version> = versions.values().filter(|version| !version.answers.rows.is_empty()).collect();
    found.sort_by_key(|version| version.number);
    let mut originals: HashMap<String, &str> = HashMap::new();
    let mut copies = BTreeMap::new();
    for version in found {
        let uuid = &*version.answers.participant;
        // The checksum of all but the UUID.
        let mut nameless = version.answers.clone();
        nameless.participant.clear();
        let original = *originals.entry(nameless.expected_checksum()).or_insert(uuid);
        if original != uuid {
            copies.insert(uuid.to_owned(), original.to_owned());
        }
    }
    copies
}

//! Studies, keys and scored answers made by hand, for tests. Included by `tests/cohorts.rs` too, hence `survey` for the crate.

use super::survey::key::{Key, KeyStimulus, KeyTrial, Measured, Role};
use super::survey::manifest::{Choice, Manifest, Page, PageKind, Question, QuestionKind, SoundFormat};
use super::survey::scoring::{Person, Response, Scored};
use super::survey::study::{OptionSpec, QuestionSpec, Study};
use std::collections::BTreeMap;

/// A study with its key, its manifest, and answers.
pub struct Lab {
    pub key: Key,
    pub manifest: Manifest,
    pub scored: Scored,
}

impl Lab {
    /// A study from its TOML text, less `title` and `stimuli`, without answers.
    pub fn new(study: &str) -> Self {
        let study: Study = toml::from_str(&format!("title = 'A test'\nstimuli = []\n{study}")).unwrap();
        let questions = study.questions.iter().map(|spec| (spec.id.clone(), question(spec))).collect();
        let page = |questions: &Vec<String>| Page {
            kind: PageKind::Questions { questions: questions.clone() },
            title: None,
            text: None,
        };
        let pages = study.pages.iter().map(|spec| page(&spec.questions)).collect();
        Self {
            key: key(study),
            manifest: manifest(questions, pages),
            scored: Scored { people: vec![], responses: vec![] },
        }
    }

    /// Adds a sample; its number.
    pub fn stimulus(&mut self, id: &str, truth: &str) -> usize {
        self.stimulus_for(id, truth, Role::Sample)
    }

    /// Adds a sound for something; its number.
    pub fn stimulus_for(&mut self, id: &str, truth: &str, role: Role) -> usize {
        self.key.stimuli.push(KeyStimulus {
            name: format!("hash-{id}-{role:?}"),
            id: id.to_owned(),
            truth: truth.to_owned(),
            role,
            item: None,
            source: String::new(),
            measured: Measured { lufs: -14.0, true_peak: -1.0, bandwidth: 11_000.0, gain: 0.0 },
        });
        self.key.stimuli.len() - 1
    }

    /// Adds a trial; its number.
    pub fn trial(&mut self, id: &str, block: &str, samples: &[usize]) -> usize {
        self.key.trials.push(KeyTrial {
            name: format!("hash-{id}"),
            id: id.to_owned(),
            block: block.to_owned(),
            samples: samples.iter().map(|sample| self.key.stimuli[*sample].name.clone()).collect(),
            copies: vec![],
            expect: BTreeMap::new(),
        });
        self.key.trials.len() - 1
    }

    /// Adds a person with what they said of themselves; their number.
    pub fn person(&mut self, background: &[(&str, &str)]) -> usize {
        let said = background.iter().map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned()));
        self.scored.people.push(Person {
            id: format!("00000000-0000-4000-8000-{:012}", self.scored.people.len()),
            background: said.collect(),
            attention: (0, 0),
            repeats: (0, 0),
            missed_reference: (0, 0),
            missed_anchor: (0, 0),
            declined: 0,
            seconds: 600.0,
        });
        self.scored.people.len() - 1
    }

    /// Adds a response without a score, and gives it to be completed.
    pub fn answer(&mut self, person: usize, trial: usize, question: &str, value: &str) -> &mut Response {
        let index = self.scored.responses.len();
        self.scored.responses.push(Response {
            person,
            trial,
            position: trial,
            repeated: false,
            attention: false,
            question: question.to_owned(),
            stimulus: None,
            slot: None,
            value: value.to_owned(),
            meaning: value.to_owned(),
            declined: false,
            points: None,
            right: None,
            chance: None,
            ms: 4_000,
            plays: 2,
            heard: 100,
        });
        &mut self.scored.responses[index]
    }

    /// Adds a label of a sample, `ai` or `human`, scored.
    pub fn label(
        &mut self,
        person: usize,
        trial: usize,
        question: &str,
        stimulus: usize,
        value: &str,
    ) -> &mut Response {
        let is_right = self.key.stimuli[stimulus].truth == value;
        let response = self.answer(person, trial, question, value);
        response.stimulus = Some(stimulus);
        scored(response, is_right, Some(0.5))
    }

    /// Adds an answer that names places, scored.
    pub fn choice(
        &mut self,
        person: usize,
        trial: usize,
        question: &str,
        value: &str,
        is_right: bool,
    ) -> &mut Response {
        scored(self.answer(person, trial, question, value), is_right, Some(0.5))
    }
}

fn scored(response: &mut Response, is_right: bool, chance: Option<f64>) -> &mut Response {
    response.right = Some(is_right);
    response.points = Some(f64::from(u8::from(is_right)));
    response.chance = chance;
    response
}

fn question(spec: &QuestionSpec) -> Question {
    let options = spec.options.iter().map(|option| match option {
        OptionSpec::Word(word) => Choice { value: word.clone(), label: word.clone() },
        OptionSpec::Labelled(choice) => choice.clone(),
    });
    let kind = match spec.kind.as_str() {
        "choice" => QuestionKind::Choice { options: options.collect() },
        "many" => QuestionKind::Many { options: options.collect() },
        "scale" => QuestionKind::Scale {
            low: spec.low.unwrap_or(0),
            high: spec.high.unwrap_or(10),
            low_label: String::new(),
            high_label: String::new(),
            slider: false,
        },
        "text" => QuestionKind::Text { most: 1_000 },
        _ => QuestionKind::Samples { pick: spec.pick.unwrap() },
    };
    Question {
        text: spec.text.clone(),
        kind,
        each_sample: spec.each_sample,
        required: true,
        may_decline: false,
        when: None,
    }
}

fn key(study: Study) -> Key {
    Key {
        format: "adm-survey-key".to_owned(),
        version: 1,
        salt: "0".repeat(64),
        seed: "1".to_owned(),
        study,
        stimuli: vec![],
        trials: vec![],
    }
}

fn manifest(questions: BTreeMap<String, Question>, pages: Vec<Page>) -> Manifest {
    Manifest {
        format: "adm-bundle".to_owned(),
        version: 1,
        title: "A test".to_owned(),
        language: "en".to_owned(),
        texts: BTreeMap::new(),
        commitment: "0".repeat(64),
        seed: "1".to_owned(),
        sound: SoundFormat { rate: 44_100, channels: 2, frames: 441_000, looped: true, fade_ms: 5.0 },
        volume: None,
        pages,
        questions,
        blocks: BTreeMap::new(),
        trials: BTreeMap::new(),
        sheets: vec![],
    }
}

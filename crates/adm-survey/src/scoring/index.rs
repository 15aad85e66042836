//! Where everything is in the key.

use crate::key::{Key, KeyStimulus, KeyTrial, Role};
use crate::manifest::{Choice, Manifest, Pick, QuestionKind};
use crate::study::{QuestionSpec, Scoring};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A manifest and its key, with what is looked up by name.
pub(super) struct Index<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) key: &'a Key,
    stimuli: HashMap<&'a str, usize>,
    trials: HashMap<&'a str, usize>,
    questions: HashMap<&'a str, &'a QuestionSpec>,
    /// What samples can be.
    pub(super) truths: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(manifest: &'a Manifest, key: &'a Key) -> Self {
        let stimuli = key.stimuli.iter().enumerate().map(|(index, stimulus)| (&*stimulus.name, index));
        let trials = key.trials.iter().enumerate().map(|(index, trial)| (&*trial.name, index));
        let questions = key.study.questions.iter().map(|question| (&*question.id, question));
        let judged = key.stimuli.iter().filter(|stimulus| stimulus.role == Role::Sample);
        Self {
            manifest,
            key,
            stimuli: stimuli.collect(),
            trials: trials.collect(),
            questions: questions.collect(),
            truths: judged.map(|stimulus| &*stimulus.truth).collect(),
        }
    }

    /// A stimulus' index in the key, and what the key says of it.
    pub(super) fn stimulus(&self, name: &str) -> Option<(usize, &'a KeyStimulus)> {
        let index = *self.stimuli.get(name)?;
        Some((index, self.key.stimuli.get(index)?))
    }

    /// A trial's index in the key, and what the key says of it.
    pub(super) fn trial(&self, name: &str) -> Option<(usize, &'a KeyTrial)> {
        let index = *self.trials.get(name)?;
        Some((index, self.key.trials.get(index)?))
    }

    /// What the study says of a question.
    pub(super) fn spec(&self, question: &str) -> Option<&'a QuestionSpec> {
        self.questions.get(question).copied()
    }

    /// How a question is answered.
    pub(super) fn kind(&self, question: &str) -> Option<&'a QuestionKind> {
        self.manifest.questions.get(question).map(|question| &question.kind)
    }
}

/// How answers to a question are told right from wrong.
pub(super) enum Rule<'a> {
    /// A choice that names a truth.
    Truth { map: &'a BTreeMap<String, String>, options: &'a [Choice] },
    /// Samples of a truth.
    Target { truth: &'a str, points: crate::study::Points, pick: Pick },
}

impl<'a> Index<'a> {
    /// The rule of a question; `None` where answers are only counted.
    pub(super) fn rule(&self, question: &str) -> Option<Rule<'a>> {
        match (self.spec(question)?.scoring.as_ref()?, self.kind(question)?) {
            (Scoring::Truth(map), QuestionKind::Choice { options }) => Some(Rule::Truth { map, options }),
            (Scoring::Target { truth, points }, QuestionKind::Samples { pick }) => {
                Some(Rule::Target { truth, points: *points, pick: *pick })
            }
            _ => None,
        }
    }
}

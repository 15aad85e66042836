//! The answers that statistics run over.

use crate::key::{Key, Role};
use crate::manifest::{ABX, MUSHRA};
use crate::manifest::{Manifest, QuestionKind};
use crate::scoring::{Response, Scored};
use crate::study::{QuestionSpec, Scoring};
use adm_core::Seeds;
use adm_stats::bootstrap::Plan;
use serde::Serialize;

/// Something that trials of one block ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Asked {
    /// The block.
    pub block: String,
    /// The question's id; `abx` and `mushra` for what those trials ask by themselves.
    pub question: String,
    /// What was asked, in the words that participants saw.
    pub text: String,
}

impl Asked {
    /// How tables name it: `block · question`.
    pub fn name(&self) -> String {
        format!("{} · {}", self.block, self.question)
    }
}

/// Some people's answers: those that count for statistics, which are given the first time, and not to attention items.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub scored: &'a Scored,
    pub key: &'a Key,
    pub manifest: &'a Manifest,
    pub seeds: Seeds,
    /// Whether each person of [`Scored::people`] belongs to it.
    pub people: &'a [bool],
}

impl<'a> View<'a> {
    /// All answers that were given and count.
    pub fn responses(self) -> impl Iterator<Item = &'a Response> {
        let given = |response: &&Response| !response.repeated && !response.attention && !response.declined;
        self.everything().filter(given)
    }

    /// All that these people said in trials, repeats, attention items and declined questions too.
    pub fn everything(self) -> impl Iterator<Item = &'a Response> {
        self.scored.responses.iter().filter(move |response| self.people.get(response.person) == Some(&true))
    }

    /// The answers to one thing that was asked.
    pub fn answers(self, asked: &Asked) -> Vec<&'a Response> {
        self.responses().filter(|response| self.is_to(response, asked)).collect()
    }

    /// The answers to one thing that are right or wrong.
    pub fn judged(self, asked: &Asked) -> Vec<&'a Response> {
        self.answers(asked).into_iter().filter(|answer| self.is_judged(answer)).collect()
    }

    /// Whether an answer is right or wrong. Who is asked what a sample is and says something that no sample is, such as "not sure", did
    /// not guess: that counts as no answer, or it would look as if people heard the opposite.
    pub fn is_judged(self, answer: &Response) -> bool {
        let spec = self.key.study.questions.iter().find(|spec| spec.id == answer.question);
        let by_truth = matches!(spec.and_then(|spec| spec.scoring.as_ref()), Some(Scoring::Truth(_)));
        let samples = || self.key.stimuli.iter().filter(|stimulus| stimulus.role == Role::Sample);
        let names_a_truth = || samples().any(|stimulus| stimulus.truth == answer.meaning);
        answer.right.is_some() && (!by_truth || names_a_truth())
    }

    /// Whether a response is to this.
    pub fn is_to(self, response: &Response, asked: &Asked) -> bool {
        response.question == asked.question && self.block(response) == asked.block
    }

    /// The block in which something was answered.
    pub fn block(self, response: &Response) -> &'a str {
        self.key.trials.get(response.trial).map_or("", |trial| &trial.block)
    }

    /// What trials ask, in the order of blocks and their questions, whether answered or not.
    pub fn asked(self) -> Vec<Asked> {
        let asked = |block: &str, question: &str| Asked {
            block: block.to_owned(),
            question: question.to_owned(),
            text: self.words(question),
        };
        let blocks = self.key.study.blocks.iter();
        blocks
            .flat_map(|block| {
                let own = match block.kind {
                    crate::manifest::BlockKind::Samples => None,
                    crate::manifest::BlockKind::Abx => Some(ABX),
                    crate::manifest::BlockKind::Mushra => Some(MUSHRA),
                };
                own.into_iter()
                    .chain(block.questions.iter().map(String::as_str))
                    .map(|question| asked(&block.id, question))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn words(self, question: &str) -> String {
        match (self.manifest.questions.get(question), question) {
            (Some(question), _) => question.text.clone(),
            (None, ABX) => "Is X the same as A or as B?".to_owned(),
            (None, MUSHRA) => "How good is each, beside the reference?".to_owned(),
            (None, other) => other.to_owned(),
        }
    }

    /// How a question is answered; nothing for `abx` and `mushra`.
    pub fn kind(self, asked: &Asked) -> Option<&'a QuestionKind> {
        self.manifest.questions.get(&asked.question).map(|question| &question.kind)
    }

    /// The question as the study gives it.
    pub fn spec(self, asked: &Asked) -> Option<&'a QuestionSpec> {
        self.key.study.questions.iter().find(|question| question.id == asked.question)
    }

    /// How right answers to it are told from wrong ones.
    pub fn scoring(self, asked: &Asked) -> Option<&'a Scoring> {
        self.spec(asked).and_then(|question| question.scoring.as_ref())
    }

    /// Whether answers to it can be right or wrong.
    pub fn is_scored(self, asked: &Asked) -> bool {
        let scored = self.scoring(asked).is_some() || asked.question == ABX;
        scored || self.responses().any(|response| response.right.is_some() && self.is_to(response, asked))
    }

    /// What the sample is that was asked about; of a trial with one sample, that.
    pub fn truth(self, response: &Response) -> Option<&'a str> {
        let stimulus = response.stimulus.and_then(|index| self.key.stimuli.get(index));
        let only = || match self.key.trials.get(response.trial)?.samples.as_slice() {
            [name] => self.key.stimuli.iter().find(|stimulus| stimulus.name == *name),
            _ => None,
        };
        stimulus.or_else(only).map(|stimulus| stimulus.truth.as_str())
    }

    /// A number for what was judged: the sample, or the trial where the question is about all of its samples, as in ABX.
    pub fn item(self, response: &Response) -> usize {
        sample(response).unwrap_or(self.key.stimuli.len() + response.trial)
    }

    /// How tables name that.
    pub fn item_name(self, response: &Response) -> String {
        match sample(response).and_then(|index| self.key.stimuli.get(index)) {
            Some(stimulus) => stimulus.id.clone(),
            None => self.trial_name(response),
        }
    }

    /// How tables name the trial.
    pub fn trial_name(self, response: &Response) -> String {
        self.key.trials.get(response.trial).map_or_else(|| response.trial.to_string(), |trial| trial.id.clone())
    }

    /// How intervals of persons are resampled.
    pub fn plan(self) -> Plan {
        let resamples = u32::try_from(self.key.study.analysis.resamples).unwrap_or(u32::MAX);
        Plan { resamples, level: self.level(), ..Plan::default() }
    }

    /// The level of intervals.
    pub fn level(self) -> f64 {
        1.0 - self.key.study.analysis.alpha
    }
}

/// The sample that was judged. Of ABX the response names X, but what is judged is how it compares with A and B.
fn sample(response: &Response) -> Option<usize> {
    response.stimulus.filter(|_| response.question != ABX)
}

/// Names as numbers, from 0 in the order of the alphabet, and how often each comes.
pub(crate) fn kinds_of<'a>(names: impl Iterator<Item = &'a str> + Clone) -> (Vec<usize>, Vec<u64>) {
    let known: std::collections::BTreeSet<&str> = names.clone().collect();
    let known: Vec<&str> = known.into_iter().collect();
    let mut counts = vec![0; known.len()];
    let kinds = names.filter_map(|name| known.binary_search(&name).ok()).inspect(|kind| counts[*kind] += 1).collect();
    (kinds, counts)
}

/// Whether somebody among these answers comes up more than once, so that answers hang together.
pub(crate) fn is_clustered<'a>(responses: impl IntoIterator<Item = &'a Response>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    responses.into_iter().any(|response| !seen.insert(response.person))
}

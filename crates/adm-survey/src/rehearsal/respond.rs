//! What a pretended participant answers.

use crate::answers::{Asked, AskedKind};
use crate::key::{Key, KeyStimulus, KeyTrial, Role};
use crate::manifest::{Choice, Pick, QuestionKind};
use crate::study::{QuestionSpec, Scoring};
use adm_core::seeds::{RngExt, StreamRng};

pub(super) struct Respond<'a> {
    pub(super) key: &'a Key,
    /// The probability of a right answer.
    pub(super) right: f64,
    /// The probability of an attentive one.
    pub(super) attention: f64,
    pub(super) random: &'a mut StreamRng,
}

impl Respond<'_> {
    pub(super) fn to(&mut self, asked: &Asked<'_>) -> String {
        match asked.kind {
            AskedKind::Abx => self.abx(asked),
            AskedKind::Mushra => self.mushra(asked),
            AskedKind::Question(kind) => self.question(asked, kind),
        }
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.random.random::<f64>() < probability
    }

    fn one_of<'b, T>(&mut self, values: &'b [T]) -> Option<&'b T> {
        (!values.is_empty()).then(|| &values[self.random.random_range(0..values.len())])
    }

    fn trial(&self, asked: &Asked<'_>) -> Option<&KeyTrial> {
        self.key.trials.iter().find(|trial| trial.name == asked.trial)
    }

    /// A trial's samples by place on the page.
    fn stimuli(&self, asked: &Asked<'_>) -> Vec<&KeyStimulus> {
        let shown = asked.shown;
        let samples = self.trial(asked).map_or(&[][..], |trial| &trial.samples);
        let named = shown.iter().flat_map(|shown| &shown.slots).filter_map(|&sample| samples.get(sample));
        named.filter_map(|name| self.stimulus(name)).collect()
    }

    fn stimulus(&self, name: &str) -> Option<&KeyStimulus> {
        self.key.stimuli.iter().find(|stimulus| stimulus.name == name)
    }

    fn abx(&mut self, asked: &Asked<'_>) -> String {
        let x = asked.shown.and_then(|shown| {
            let sample = *self.trial(asked)?.copies.get(shown.x?)?;
            shown.slots.iter().position(|&slot| slot == sample)
        });
        let right = self.chance(self.right) == (x == Some(0));
        if right { "a" } else { "b" }.to_owned()
    }

    /// As good listeners do: the hidden reference at the top, anchors below, versions between.
    fn mushra(&mut self, asked: &Asked<'_>) -> String {
        let range = match self.stimulus(asked.stimulus).map(|stimulus| stimulus.role) {
            Some(Role::HiddenReference) => 92..101,
            Some(Role::LowAnchor) => 10..35,
            Some(Role::MidAnchor) => 35..60,
            _ => 45..90,
        };
        self.random.random_range(range).to_string()
    }

    fn question(&mut self, asked: &Asked<'_>, kind: &QuestionKind) -> String {
        let spec = self.key.study.questions.iter().find(|spec| spec.id == asked.question).cloned();
        if let Some(expected) = self.expected(asked, kind, spec.as_ref())
            && self.chance(self.attention)
        {
            return expected;
        }
        match kind {
            QuestionKind::Choice { options } => self.choice(asked, options, spec.as_ref()),
            QuestionKind::Samples { pick } => self.samples(asked, *pick, spec.as_ref()),
            QuestionKind::Many { options } => {
                let chosen: Vec<&str> =
                    options.iter().map(|option| &*option.value).filter(|_| self.random.random::<f64>() < 0.4).collect();
                let first = options.first().map(|option| option.value.clone()).unwrap_or_default();
                if chosen.is_empty() && asked.required { first } else { chosen.join("|") }
            }
            QuestionKind::Scale { low, high, .. } => self.random.random_range(*low..=*high).to_string(),
            QuestionKind::Text { most } if asked.required => "rehearsed".chars().take(*most).collect(),
            QuestionKind::Text { .. } => String::new(),
        }
    }

    /// The answer that an attention item asks for, as the page gives it: trials expect truths or ids of samples, whose places
    /// differ between participants. `None` where nothing is expected, and where these samples cannot be named so.
    fn expected(&self, asked: &Asked<'_>, kind: &QuestionKind, spec: Option<&QuestionSpec>) -> Option<String> {
        match (self.trial(asked).and_then(|trial| trial.expect.get(asked.question)), kind) {
            (Some(words), QuestionKind::Samples { .. }) => {
                let wanted: Vec<&str> = words.split('|').filter(|word| *word != "none").collect();
                let placed = self.stimuli(asked).into_iter();
                let (ids, truths): (Vec<&str>, Vec<&str>) = placed.map(|it| (&*it.id, &*it.truth)).unzip();
                places(&wanted, &ids).or_else(|| places(&wanted, &truths)).map(|places| joined(&places))
            }
            (Some(words), _) => Some(words.clone()),
            (None, _) => spec?.expect.clone(),
        }
    }

    fn choice(&mut self, asked: &Asked<'_>, options: &[Choice], spec: Option<&QuestionSpec>) -> String {
        let truth = self.stimulus(asked.stimulus).map(|stimulus| stimulus.truth.clone()).unwrap_or_default();
        let is_right = |option: &&Choice| match spec.and_then(|spec| spec.scoring.as_ref()) {
            Some(Scoring::Truth(map)) => map.get(&option.value).unwrap_or(&option.value) == &truth,
            _ => false,
        };
        let (right, wrong): (Vec<_>, Vec<_>) = options.iter().partition(is_right);
        let wishes = if right.is_empty() || (!wrong.is_empty() && !self.chance(self.right)) { wrong } else { right };
        self.one_of(&wishes).map(|option| option.value.clone()).unwrap_or_default()
    }

    fn samples(&mut self, asked: &Asked<'_>, pick: Pick, spec: Option<&QuestionSpec>) -> String {
        let stimuli = self.stimuli(asked);
        let is_right = |place: &usize| match spec.and_then(|spec| spec.scoring.as_ref()) {
            Some(Scoring::Target { truth, .. }) => stimuli.get(place - 1).is_some_and(|it| it.truth == *truth),
            _ => false,
        };
        let (right, wrong): (Vec<usize>, Vec<usize>) = (1..=asked.samples).partition(is_right);
        let knows = self.chance(self.right);
        match pick {
            Pick::One => {
                let wishes = if right.is_empty() || (!knows && !wrong.is_empty()) { wrong } else { right };
                self.one_of(&wishes).map_or_else(|| "1".to_owned(), ToString::to_string)
            }
            Pick::Any if knows => joined(&right),
            Pick::Any => {
                let any: Vec<usize> = (1..=asked.samples).filter(|_| self.random.random()).collect();
                joined(&any)
            }
        }
    }
}

/// For each word a place of its own, from 1 and in order, that has it; `None` where one has none.
fn places(words: &[&str], at: &[&str]) -> Option<Vec<usize>> {
    let mut found: Vec<usize> = Vec::new();
    for word in words {
        let is_left = |&place: &usize| at[place - 1] == *word && !found.contains(&place);
        let place = (1..=at.len()).find(is_left)?;
        found.push(place);
    }
    found.sort_unstable();
    Some(found)
}

fn joined(places: &[usize]) -> String {
    match places {
        [] => "none".to_owned(),
        places => places.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
    }
}

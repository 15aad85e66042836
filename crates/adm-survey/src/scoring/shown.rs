//! What a participant heard where.

use super::index::Index;
use super::judge::{Verdict, judge, meaning, places};
use super::responses::Response;
use crate::answers::{Answers, Row};
use crate::key::KeyTrial;
use crate::manifest::{self, ABX, QuestionKind};

/// A trial as a participant saw it.
pub(super) struct Shown<'a> {
    /// Index into the key's trials.
    pub(super) number: usize,
    pub(super) trial: &'a KeyTrial,
    /// Place in the participant's sheet, from 0.
    pub(super) position: usize,
    /// Names of the samples, by place from the left.
    pub(super) names: Vec<&'a str>,
    /// What they are.
    truths: Vec<&'a str>,
    /// Which place has the sample that X is.
    x: Option<usize>,
}

impl<'a> Shown<'a> {
    /// What the row of a trial is about.
    pub(super) fn of(index: &Index<'a>, answers: &Answers, row: &Row) -> Result<Self, String> {
        let position = row.position.parse().map_err(|_| format!("a trial at position {:?}", row.position))?;
        let sheet = index.manifest.sheets.get(answers.sheet).and_then(|sheet| sheet.get(&row.block));
        let shown = sheet
            .and_then(|shown| shown.get(position))
            .filter(|shown: &&manifest::Shown| shown.trial == row.trial)
            .ok_or_else(|| {
                format!("sheet {} does not show trial {:?} at position {position}", answers.sheet, row.trial)
            })?;
        let unknown = || format!("the key does not know trial {:?}", row.trial);
        let (number, trial) = index.trial(&row.trial).ok_or_else(unknown)?;
        let samples: Option<Vec<_>> = shown.slots.iter().map(|&sample| trial.samples.get(sample)).collect();
        let names: Vec<&str> = samples.ok_or_else(unknown)?.into_iter().map(String::as_str).collect();
        let truths: Option<Vec<_>> = names.iter().map(|name| index.stimulus(name).map(|(_, it)| &*it.truth)).collect();
        let x =
            shown.x.and_then(|x| trial.copies.get(x)).and_then(|x| shown.slots.iter().position(|sample| sample == x));
        Ok(Self { number, trial, position, names, truths: truths.ok_or_else(unknown)?, x })
    }

    /// Whether the trial is there to see who attends.
    pub(super) fn is_attention(&self) -> bool {
        !self.trial.expect.is_empty()
    }

    /// A row as a response; its person is still to be said.
    pub(super) fn response(&self, index: &Index<'a>, row: &Row, repeated: bool) -> Result<Response, String> {
        let slot: Option<usize> = row.slot.parse().ok();
        let about = slot.and_then(|slot| self.names.get(slot.wrapping_sub(1))).copied();
        // A question about all samples of which there is one is about that.
        let only = (self.names.len() == 1).then(|| self.names.first().copied()).flatten();
        let x = (row.question == ABX).then_some(&*row.stimulus);
        let stimulus = about.or(x).or(only);
        let found = stimulus.map(|name| index.stimulus(name).ok_or_else(|| format!("the key does not know {name:?}")));
        let found = found.transpose()?;
        let verdict = match row.declined {
            true => Verdict::counted(""),
            false => self.judge(index, row, found.map(|(_, stimulus)| &*stimulus.truth)),
        };
        Ok(Response {
            person: 0,
            trial: self.number,
            position: self.position,
            repeated,
            attention: self.is_attention() || index.spec(&row.question).is_some_and(|spec| spec.expect.is_some()),
            question: row.question.clone(),
            stimulus: found.map(|(number, _)| number),
            slot,
            value: row.response.clone(),
            meaning: verdict.meaning,
            declined: row.declined,
            points: verdict.points,
            right: verdict.right,
            chance: verdict.chance,
            ms: row.ms,
            plays: row.plays,
            heard: row.heard,
        })
    }

    fn judge(&self, index: &Index<'a>, row: &Row, asked: Option<&str>) -> Verdict {
        if row.question == ABX {
            return self.judge_abx(&row.response);
        }
        if let Some(rule) = index.rule(&row.question) {
            let common = self.truths.first().filter(|first| self.truths.iter().all(|truth| truth == *first)).copied();
            return judge(&rule, &row.response, &self.truths, asked.or(common), &index.truths);
        }
        match index.kind(&row.question) {
            Some(QuestionKind::Samples { .. }) => Verdict::counted(meaning(&row.response, &self.truths)),
            _ => Verdict::counted(&*row.response),
        }
    }

    fn judge_abx(&self, response: &str) -> Verdict {
        let place = usize::from(response == "b");
        let meaning = self.truths.get(place).copied().unwrap_or_default();
        let right = self.x == Some(place);
        Verdict::of(meaning, right, f64::from(u8::from(right)), Some(0.5))
    }

    /// Names of the samples that a response names, in an order of their own.
    pub(super) fn named(&self, response: &str) -> Vec<&'a str> {
        let mut named: Vec<&str> = places(response).filter_map(|place| self.names.get(place - 1)).copied().collect();
        named.sort_unstable();
        named
    }
}

//! What a sheet asks, in the order in which the page writes answers.

use super::record::Row;
use crate::manifest::{ABX, Block, BlockKind, MUSHRA, Manifest, PageKind, QuestionKind, Shown, Trial, When};

/// One thing that is asked, unless its `when` says otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) page: usize,
    pub(crate) block: &'a str,
    pub(crate) position: Option<usize>,
    pub(crate) trial: &'a str,
    pub(crate) question: &'a str,
    pub(crate) slot: Option<usize>,
    pub(crate) stimulus: &'a str,
    pub(crate) kind: AskedKind<'a>,
    pub(crate) required: bool,
    pub(crate) may_decline: bool,
    pub(crate) when: Option<&'a When>,
    /// How many samples the trial has.
    pub(crate) samples: usize,
    /// How the sheet shows the trial.
    pub(crate) shown: Option<&'a Shown>,
}

/// How it is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AskedKind<'a> {
    Question(&'a QuestionKind),
    Abx,
    Mushra,
}

impl Asked<'_> {
    /// Whether a row answers this.
    pub(crate) fn is_of(&self, row: &Row) -> bool {
        row.page == self.page
            && row.question == self.question
            && row.trial == self.trial
            && row.block == self.block
            && row.stimulus == self.stimulus
            && row.position == number(self.position)
            && row.slot == number(self.slot)
    }

    /// Whether a row is of the same page and trial.
    pub(crate) fn is_beside(&self, row: &Row) -> bool {
        row.page == self.page && row.position == number(self.position)
    }

    /// Whether a row of the same page and trial is about the same sample, or either is about all of them.
    pub(crate) fn is_about(&self, row: &Row) -> bool {
        row.slot.is_empty() || self.slot.is_none() || row.slot == number(self.slot)
    }

    /// In words, for errors.
    pub(crate) fn words(&self) -> String {
        describe(self.question, self.position, self.slot, self.page)
    }
}

/// A number as rows have it.
fn number(number: Option<usize>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

/// A question's place in words: `question label of sample 2, trial 3 (page 4)`.
fn describe(question: &str, position: Option<usize>, slot: Option<usize>, page: usize) -> String {
    let sample = slot.map_or(String::new(), |slot| format!(" of sample {slot}"));
    let trial = position.map_or(String::new(), |position| format!(", trial {}", position.saturating_add(1)));
    format!("question {question:?}{sample}{trial} (page {})", page.saturating_add(1))
}

/// All that a sheet asks. Of blocks, first what their kind asks by itself, then their questions; of questions about each
/// sample, one for every place from the left. What the manifest names but does not have is left out.
pub(crate) fn asked<'a>(manifest: &'a Manifest, sheet: usize) -> Vec<Asked<'a>> {
    let mut all = Vec::new();
    for (page, spec) in manifest.pages.iter().enumerate() {
        match &spec.kind {
            PageKind::Questions { questions } => {
                let place = Asked { page, ..nowhere() };
                questions.iter().for_each(|question| place.ask(manifest, question, &[], &mut all));
            }
            PageKind::Block { block: id } => {
                let Some(block) = manifest.blocks.get(id) else { continue };
                let shown = manifest.sheets.get(sheet).and_then(|sheet| sheet.get(id)).map_or(&[][..], Vec::as_slice);
                for (position, shown) in shown.iter().enumerate() {
                    let Some((trial, spec)) = manifest.trials.get_key_value(&shown.trial) else { continue };
                    let position = Some(position);
                    let samples = spec.samples.len();
                    let place = Asked { page, block: id, position, trial, samples, shown: Some(shown), ..nowhere() };
                    place.trial(manifest, (block, spec, shown), &mut all);
                }
            }
            _ => {}
        }
    }
    all
}

fn nowhere<'a>() -> Asked<'a> {
    Asked {
        page: 0,
        block: "",
        position: None,
        trial: "",
        question: "",
        slot: None,
        stimulus: "",
        kind: AskedKind::Abx,
        required: true,
        may_decline: false,
        when: None,
        samples: 0,
        shown: None,
    }
}

impl<'a> Asked<'a> {
    fn trial(
        &self,
        manifest: &'a Manifest,
        (block, trial, shown): (&'a Block, &'a Trial, &Shown),
        all: &mut Vec<Self>,
    ) {
        let places: Vec<&'a str> =
            shown.slots.iter().filter_map(|&sample| trial.samples.get(sample)).map(String::as_str).collect();
        match block.kind {
            BlockKind::Samples => {}
            BlockKind::Abx => {
                let x = shown.x.and_then(|x| trial.copies.get(x)).map_or("", String::as_str);
                all.push(Self { question: ABX, stimulus: x, ..self.clone() });
            }
            BlockKind::Mushra => {
                let own = Self { question: MUSHRA, kind: AskedKind::Mushra, ..self.clone() };
                own.of_each(&places, all);
            }
        }
        block.questions.iter().for_each(|question| self.ask(manifest, question, &places, all));
    }

    fn ask(&self, manifest: &'a Manifest, question: &str, places: &[&'a str], all: &mut Vec<Self>) {
        let Some((id, spec)) = manifest.questions.get_key_value(question) else { return };
        let asked = Self {
            question: id,
            kind: AskedKind::Question(&spec.kind),
            required: spec.required,
            may_decline: spec.may_decline,
            when: spec.when.as_ref(),
            ..self.clone()
        };
        if spec.each_sample { asked.of_each(places, all) } else { all.push(asked) }
    }

    fn of_each(self, places: &[&'a str], all: &mut Vec<Self>) {
        let each = (1..).zip(places).map(|(slot, stimulus)| Self { slot: Some(slot), stimulus, ..self.clone() });
        all.extend(each);
    }
}

//! What the statistics run over.

use std::collections::BTreeMap;

/// All that was answered, held against the key.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Participants, in order of their UUIDs.
    pub people: Vec<Person>,
    /// Responses in trials, by person and in the order in which they were given.
    pub responses: Vec<Response>,
}

/// A participant.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The UUID.
    pub id: String,
    /// What was answered on pages of questions: responses by question. Declined, unasked and empty ones are left out, and those
    /// that ask for attention. Of `many`, the values joined by `|`, empty for none.
    pub background: BTreeMap<String, String>,
    /// Attention items that were answered as they ask, and how many there were.
    pub attention: (usize, usize),
    /// Responses to repeated trials that were as the first time, and how many there were. Samples are compared by what they are,
    /// not by their places; ABX by whether it was right; ratings agree up to a tenth of their scale; texts are not compared.
    pub repeats: (usize, usize),
    /// MUSHRA trials in which the hidden reference was rated below [`crate::study::Screening::reference_score`], and how many there
    /// were, repeated ones left out.
    pub missed_reference: (usize, usize),
    /// Likewise those in which the mid anchor was rated above it: a rule of its own.
    pub missed_anchor: (usize, usize),
    /// Questions on pages that were declined.
    pub declined: usize,
    /// Seconds from consent to the last page; 0 where that was not reached, or where the clock was set back meanwhile.
    pub seconds: f64,
}

/// One response in a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Index into [`Scored::people`].
    pub person: usize,
    /// Index into [`crate::key::Key::trials`].
    pub trial: usize,
    /// The trial's place in the participant's sheet, from 0.
    pub position: usize,
    /// Whether the participant had answered this trial before; statistics leave such responses out.
    pub repeated: bool,
    /// Whether this is an attention item; statistics leave such responses out.
    pub attention: bool,
    /// The question's id; `abx` and `mushra` for what those trials ask by themselves.
    pub question: String,
    /// Index into [`crate::key::Key::stimuli`] of the sample that is asked about: of ABX, X; of a trial with one sample, that.
    pub stimulus: Option<usize>,
    /// The place on the page, from 1, of that sample.
    pub slot: Option<usize>,
    /// What was answered, as in [`crate::answers::Row::response`]; of questions that name samples, places on the page.
    pub value: String,
    /// The same with places replaced by truths, joined by `|` in the order of the alphabet: `ai`, `ai|human`, `none`. Of other
    /// questions, the value, mapped as the scoring says.
    pub meaning: String,
    /// Whether "prefer not to say" was chosen; then there is no score.
    pub declined: bool,
    /// Points, where the question is scored; right answers have 1 where no points are given.
    pub points: Option<f64>,
    /// Whether the answer is right, where the question has right answers: a truth that no option names has none. Of samples,
    /// whether all of the target and nothing else was named; of a forced choice, whether one of the target was.
    pub right: Option<bool>,
    /// The probability that a guess is right. Of a choice, over the options that name some truth, so that "not sure" is no guess;
    /// of a forced choice among samples, over these; `None` where any number of samples may be named.
    pub chance: Option<f64>,
    /// Milliseconds.
    pub ms: u64,
    /// How often the sample, or the trial's samples, were started.
    pub plays: u32,
    /// How much was heard, in percent.
    pub heard: u32,
}

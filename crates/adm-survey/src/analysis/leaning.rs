//! Whether people lean to one place or to one answer, whatever they hear.

use super::detection::{is_of_two, places, two_names};
use super::leave_one_out::{Tallies, Tally};
use super::numbers::{Known, Span, Tested, count};
use super::share::ratio;
use super::view::{Asked, View};
use crate::manifest::ABX;
use crate::scoring::Response;
use adm_stats::bootstrap::Record;
use adm_stats::{Sides, binomial, proportion};
use serde::Serialize;

/// How often one of two was named, beside how often it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaning {
    /// What was asked.
    pub asked: Asked,
    /// What was named: a place or an answer.
    pub to: String,
    /// Answers.
    pub n: u64,
    /// Those that named it.
    pub named: u64,
    /// The share of answers that named it; where there are two kinds of samples, or of places for the right one, the mean of both kinds'
    /// shares, so that it does not matter of which there were more.
    pub share: Known<f64>,
    /// That share where nobody leans.
    pub expected: Known<f64>,
    /// The interval of the share for other people.
    pub by_person: Known<Span>,
    /// The test against the expected share: exact where everybody answered once and there were as many of both kinds, by persons elsewhere.
    pub test: Known<Tested>,
}

/// What answers lean to, of all scored questions with two places or two names.
pub(super) fn leanings(view: View<'_>) -> Vec<Leaning> {
    view.asked()
        .into_iter()
        .flat_map(|asked| {
            let answers = view.judged(&asked);
            [to_place(view, &asked, &answers), to_name(view, &asked, &answers), by_place(view, &asked, &answers)]
        })
        .flatten()
        .collect()
}

/// To the first place, or to A, of two. Answers are of two kinds, by the place that held the right one.
fn to_place(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let first = |place: &str| usize::from(place == "1" || place == "a");
    let answer = |answer: &&Response| {
        let (there, named) = places(answer)?;
        Some(Named { person: answer.person, kind: first(&there), is: first(&named) == 1 })
    };
    if !is_of_two(view, asked, answers) {
        return None;
    }
    let to = if asked.question == ABX { "A" } else { "the first place" };
    leaning(view, asked, to.to_owned(), &answers.iter().filter_map(answer).collect::<Vec<_>>())
}

/// To one of two names. Answers are of two kinds, by what the sample is.
fn to_name(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let signal = two_names(view, asked, answers)?;
    let answer = |answer: &&Response| Named {
        person: answer.person,
        kind: usize::from(view.truth(answer) == Some(signal)),
        is: answer.meaning == signal,
    };
    leaning(view, asked, format!("the answer “{signal}”"), &answers.iter().map(answer).collect::<Vec<_>>())
}

/// Of the answers that give one name, those about the sample in the first place, beside how many there would be if that name were given
/// as readily in every place: then only what is there matters.
fn by_place(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let signal = two_names(view, asked, answers)?;
    let placed: Vec<_> = answers.iter().filter(|answer| answer.slot.is_some()).collect();
    if placed.iter().all(|answer| answer.slot == Some(1)) {
        return None;
    }
    let is_called = |answer: &Response| answer.meaning == signal;
    let place = |answer: &Response| {
        let bit = |is: bool, value: usize| if is { value } else { 0 };
        bit(view.truth(answer) == Some(signal), 4) + bit(answer.slot == Some(1), 2) + bit(is_called(answer), 1)
    };
    let tallies = Tallies::new(placed.iter().map(|answer| (answer.person, place(answer))));
    let called = placed.iter().filter(|answer| is_called(answer));
    let named: Vec<_> = called.map(|answer| (answer.person, answer.slot == Some(1))).collect();
    let (n, hits) = (named.len() as u64, count(&named, |(_, is)| *is));
    let away = |tally: &Tally| first_place(tally).map(|(share, expected)| share - expected);
    Some(Leaning {
        asked: asked.clone(),
        to: format!("the first place, among answers “{signal}”"),
        n,
        named: hits,
        share: ratio(hits, n),
        expected: match first_place(&tallies.all) {
            Some((_, expected)) => Known::Is(expected),
            None => Known::not("there are no such answers"),
        },
        by_person: person_interval(view, &named),
        test: tallies.test(0.0, away),
    })
}

/// Among answers that gave the name, the share of the first place, and that which is expected; nothing without such answers.
fn first_place(tally: &Tally) -> Option<(f64, f64)> {
    let (mut named, mut first, mut expected) = (0.0, 0.0, 0.0);
    for kind in tally.chunks(4) {
        let [other, other_called, at_first, first_called] = [0, 1, 2, 3].map(|place| kind[place] as f64);
        let (all, called) = (other + other_called + at_first + first_called, other_called + first_called);
        named += called;
        first += first_called;
        // How many of this kind are called so, wherever they are.
        expected += if all > 0.0 { called * (at_first + first_called) / all } else { 0.0 };
    }
    (named > 0.0).then(|| (first / named, expected / named))
}

/// An answer that names one of two, or not.
struct Named {
    person: usize,
    /// 0 or 1: of which kind the trial or sample is.
    kind: usize,
    is: bool,
}

/// The share that names one of two, both kinds alike: without leaning it is a half, however much is heard and however many there are of
/// each kind. Nothing where only one kind was judged.
fn leaning(view: View<'_>, asked: &Asked, to: String, answers: &[Named]) -> Option<Leaning> {
    let tallies = Tallies::new(answers.iter().map(|answer| (answer.person, 2 * answer.kind + usize::from(answer.is))));
    let (n, hits) = (answers.len() as u64, count(answers, |answer| answer.is));
    let share = balanced(&tallies.all)?;
    let (other, one) = (tallies.all[0] + tallies.all[1], tallies.all[2] + tallies.all[3]);
    let mut persons = std::collections::BTreeSet::new();
    let is_once = answers.iter().all(|answer| persons.insert(answer.person));
    let record = |answer: &Named| Record { person: answer.person, item: 0, value: f64::from(u8::from(answer.is)) };
    let records: Vec<_> = answers.iter().map(record).collect();
    let kinds: Vec<_> = answers.iter().map(|answer| answer.kind).collect();
    let by_person = Known::from(proportion::clustered(&records, &kinds, &view.plan(), view.seeds));
    Some(Leaning {
        asked: asked.clone(),
        to,
        n,
        named: hits,
        share: Known::Is(share),
        expected: Known::Is(0.5),
        by_person: by_person.map(|found| Span::of_share(found.interval, found.basis.to_string())),
        test: match is_once && one == other {
            true => binomial::exact(hits, n, 0.5, Sides::Two).into(),
            false => tallies.test(0.5, balanced),
        },
    })
}

/// The mean of both kinds' shares that name it; nothing without one of them.
fn balanced(tally: &Tally) -> Option<f64> {
    let of = |not: u64, is: u64| (not + is > 0).then(|| is as f64 / (not + is) as f64);
    Some((of(tally[0], tally[1])? + of(tally[2], tally[3])?) / 2.0)
}

/// The interval of a share that resamples persons.
pub(super) fn person_interval(view: View<'_>, hits: &[(usize, bool)]) -> Known<Span> {
    let record = |(person, hit): &(usize, bool)| Record { person: *person, item: 0, value: f64::from(u8::from(*hit)) };
    let records: Vec<_> = hits.iter().map(record).collect();
    let found = proportion::clustered(&records, &vec![0; records.len()], &view.plan(), view.seeds);
    Known::from(found).map(|found| Span::of_share(found.interval, found.basis.to_string()))
}

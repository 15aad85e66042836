//! The participants of document 002, who had to say which of two samples, if any, sounded generated.

use crate::fixture::{bundle, csv, golden, key, manifest, uuid};
use adm_survey::answers::{Answers, MergeOptions, Row, merge};
use adm_survey::key::Key;
use adm_survey::manifest::{Block, Manifest, PageKind, Shown, Trial};
use adm_survey::scoring::score;
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    printed: Counts,
    by_question: Participants,
    by_total: Participants,
}

#[derive(Deserialize)]
struct Counts {
    questions: Vec<Vec<usize>>,
    totals: Vec<usize>,
}

#[derive(Deserialize)]
struct Participants {
    #[serde(flatten)]
    counts: Counts,
    /// Three scores each.
    participants: Vec<String>,
}

/// The bundle with one block of three trials: generated and recorded, recorded and generated, both generated.
fn bundle_002() -> (Manifest, Key) {
    let (mut manifest, mut key) = (manifest(), key());
    let pages = manifest.pages.drain(..).filter(|page| match &page.kind {
        PageKind::Block { block } => block == "pairs",
        kind => !matches!(kind, PageKind::Questions { .. }),
    });
    manifest.pages = pages.collect();
    let block = Block { questions: vec!["any".to_owned()], ..manifest.blocks["pairs"].clone() };
    manifest.blocks = [("pairs".to_owned(), block)].into();
    let shown = |trial: &str| Shown { trial: trial.to_owned(), slots: vec![0, 1], x: None };
    manifest.trials.retain(|_, Trial { block, .. }| block == "pairs");
    manifest.sheets = vec![[("pairs".to_owned(), ["t1", "t2", "t3"].map(shown).to_vec())].into()];
    key.trials.truncate(3);
    key.trials.iter_mut().for_each(|trial| trial.expect.clear());
    (manifest, key)
}

/// What someone answered who has these points: of nothing, some say the wrong one and some none.
fn response(question: usize, points: char, number: usize) -> &'static str {
    let wrong = if number.is_multiple_of(2) { "none" } else { ["2", "1", "none"][question] };
    match (question, points) {
        (_, '0') => wrong,
        (2, '1') => ["1", "2"][number % 2],
        (_, '1') | (2, _) => "1|2",
        (0, _) => "1",
        _ => "2",
    }
}

fn answers(number: usize, scores: &str) -> Answers {
    let row = |(question, points): (usize, char)| Row {
        page: 3,
        block: "pairs".to_owned(),
        position: question.to_string(),
        trial: ["t1", "t2", "t3"][question].to_owned(),
        question: "any".to_owned(),
        slot: String::new(),
        stimulus: String::new(),
        response: response(question, points, number).to_owned(),
        declined: false,
        ms: 4_000 + 17 * number as u64,
        plays: 2,
        heard: 100,
    };
    let mut answers = Answers {
        format: "adm-answers".to_owned(),
        version: 1,
        bundle: bundle(),
        participant: uuid(number),
        sheet: 0,
        started: "2026-05-01T12:00:00.000Z".to_owned(),
        finished: "2026-05-01T12:02:00.000Z".to_owned(),
        device_rate: 44_100,
        rows: scores.chars().enumerate().map(row).collect(),
        checksum: String::new(),
    };
    answers.checksum = answers.expected_checksum();
    answers
}

/// Counts of points by question, and of totals, of what participants answered, through a file and the scoring.
fn counts(participants: &Participants) -> (Vec<Vec<usize>>, Vec<usize>) {
    let (manifest, key) = bundle_002();
    let everybody: Vec<_> =
        participants.participants.iter().enumerate().map(|(n, scores)| answers(n, scores)).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answers.csv");
    std::fs::write(&file, csv(&everybody)).unwrap();
    let merged = merge(&[file], &manifest, &bundle(), &MergeOptions::default()).unwrap();
    assert_eq!((merged.accepted.len(), merged.listed.len()), (137, 0), "{:?}", merged.listed.first());
    let scored = score(&manifest, &key, &merged.accepted).unwrap();
    let (mut questions, mut totals) = (vec![vec![0; 3]; 3], vec![0; 7]);
    for person in 0..scored.people.len() {
        let points: Vec<usize> =
            scored.responses.iter().filter(|it| it.person == person).map(|it| it.points.unwrap() as usize).collect();
        points.iter().enumerate().for_each(|(question, &points)| questions[question][points] += 1);
        totals[points.iter().sum::<usize>()] += 1;
    }
    (questions, totals)
}

#[test]
fn answers_come_out_as_the_printed_counts() {
    let document: Document = serde_json::from_slice(&golden("document-002.json")).unwrap();
    let (questions, totals) = counts(&document.by_question);
    assert_eq!(questions, document.printed.questions);
    assert_eq!(totals, document.by_question.counts.totals);
    let (questions, totals) = counts(&document.by_total);
    assert_eq!(totals, document.printed.totals);
    assert_eq!(questions, document.by_total.counts.questions);
}

#[test]
fn the_printed_counts_contradict_each_other_by_one_point() {
    let Document { printed, .. } = serde_json::from_slice(&golden("document-002.json")).unwrap();
    let points = |counts: &Vec<usize>| counts.iter().enumerate().map(|(points, count)| points * count).sum::<usize>();
    assert!(printed.questions.iter().chain([&printed.totals]).all(|counts| counts.iter().sum::<usize>() == 137));
    assert_eq!((printed.questions.iter().map(points).sum::<usize>(), points(&printed.totals)), (448, 447));
}

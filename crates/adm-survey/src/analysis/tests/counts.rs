//! Points, ratings, choices, backgrounds and agreement.

use super::*;
use crate::key::Role;
use crate::manifest::MUSHRA;

const POINTS: &str = "
questions = [{ id = 'which', text = 'Which sound AI?', kind = 'samples', pick = 'any', scoring = { target = { truth = 'ai', points = { exact = 2, mixed = 1, part = 1 } } } }]
blocks = [{ id = 'b', questions = ['which'] }]
";

/// What document 002 prints, in its figures 4.20, 4.22, 4.24 and 4.25: N, percent, confidence interval.
const DOCUMENT_002: [&[&str]; 4] = [
    &["55 40.15% (31.94, 48.35)", "14 10.22% (5.15, 15.29)", "68 49.63% (41.26, 58.01)"],
    &["55 40.15% (31.94, 48.35)", "6 4.38% (0.95, 7.80)", "76 55.47% (47.15, 63.80)"],
    &["11 8.03% (3.48, 12.58)", "112 81.75% (75.28, 88.22)", "14 10.22% (5.15, 15.29)"],
    &[
        "1 0.73% (0, 2.16)",
        "32 23.36% (16.27, 30.44)",
        "11 8.03% (3.48, 12.58)",
        "32 23.36% (16.27, 30.44)",
        "13 9.49% (4.58, 14.40)",
        "43 31.39% (23.62, 39.16)",
        "5 3.65% (0.51, 6.79)",
    ],
];

/// Two of the document's figures are cut off where all others are rounded: 49.635 and 7.806.
fn rounded(printed: &str) -> String {
    printed.replace("49.63%", "49.64%").replace("7.80)", "7.81)")
}

fn as_printed(row: &Reached) -> String {
    let span = row.interval.get().unwrap();
    let low = if span.low == 0.0 { "0".to_owned() } else { format!("{:.2}", 100.0 * span.low) };
    format!("{} {:.2}% ({low}, {:.2})", row.n, 100.0 * row.share, 100.0 * span.high)
}

/// The document's participants, of whom its questions and its totals disagree by one point: one list of three scores each for either.
fn document_002(list: &str) -> Findings {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/golden/document-002.json")).unwrap();
    let mut lab = Lab::new(POINTS);
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trials = ["1", "2", "3"].map(|question| lab.trial(question, "b", &samples));
    for scores in golden[list]["participants"].as_array().unwrap() {
        let person = lab.person(&[]);
        for (trial, points) in trials.iter().zip(scores.as_str().unwrap().chars()) {
            let points = points.to_digit(10).unwrap();
            let meaning = ["human", "ai|human", "ai"][points as usize];
            let response = lab.answer(person, *trial, "which", meaning);
            (response.points, response.right) = (Some(f64::from(points)), Some(points == 2));
        }
    }
    found(&lab)
}

#[test]
fn points_are_printed_as_document_002_has_them() {
    let (questions, totals) = (document_002("by_question"), document_002("by_total"));
    let of = |findings: &Findings| findings.everybody.points.clone().unwrap();
    let tables = of(&questions).questions.into_iter().chain([of(&totals).total]);
    for (table, printed) in tables.zip(DOCUMENT_002) {
        let rows: Vec<_> = table.rows.iter().map(as_printed).collect();
        assert_eq!(rows, printed.iter().map(|row| rounded(row)).collect::<Vec<_>>(), "{}", table.name);
        assert_eq!(table.n, 137);
    }
    let share = &questions.everybody.shares[0];
    assert_eq!(share.verdict.finding, Finding::Untested);
    assert!(share.chance.why().unwrap().contains("any number of samples"));
    // What was named is counted as well, trial by trial.
    let choices = &questions.everybody.choices[0];
    assert_eq!(
        (choices.rows.len(), choices.options.as_slice()),
        (3, &["ai", "ai|human", "human"].map(str::to_owned)[..])
    );
}

#[test]
fn totals_are_of_those_who_answered_all() {
    let mut lab = Lab::new(POINTS);
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trials = [lab.trial("q1", "b", &samples), lab.trial("q2", "b", &samples)];
    for given in [&[2.0, 1.0][..], &[2.0, 2.0], &[0.0]] {
        let person = lab.person(&[]);
        for (trial, points) in trials.iter().zip(given) {
            lab.answer(person, *trial, "which", "1").points = Some(*points);
        }
    }
    let findings = found(&lab);
    let points = findings.everybody.points.as_ref().unwrap();
    assert_eq!(points.incomplete, 1);
    let totals: Vec<_> = points.total.rows.iter().map(|row| (row.points, row.n)).collect();
    assert_eq!(totals, [(0.0, 0), (1.0, 0), (2.0, 0), (3.0, 1), (4.0, 1)]);
}

#[test]
fn ratings_are_compared_within_people() {
    let mut lab = Lab::new(
        "questions = [{ id = 'music', text = 'How musical?', kind = 'scale', each_sample = true }]
        blocks = [{ id = 'b', questions = ['music'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for (one, other) in [(2, 3), (4, 6), (3, 6), (1, 5), (0, 5)] {
        let person = lab.person(&[]);
        for (sample, rating) in [(ai, one), (human, other)] {
            lab.answer(person, trial, "music", &rating.to_string()).stimulus = Some(sample);
        }
    }
    let scale = &found(&lab).everybody.scales[0];
    assert_eq!((scale.low, scale.high, scale.all.n, scale.all.persons), (0, 10, 10, 5));
    let ai = &scale.conditions[0];
    assert_eq!((ai.name.as_str(), ai.mean.get()), ("ai", Some(&2.0)));
    // SD √2.5, t(.975, 4) 2.776445: 2 ± 1.963243.
    close(ai.interval.get().unwrap().low, 0.03676);
    let pair = &scale.comparison.as_ref().unwrap().pairs[0];
    assert_eq!((pair.persons, pair.difference.get()), (5, Some(&-3.0)));
    close(pair.test.get().unwrap().p, 0.0625);
}

#[test]
fn mushra_names_its_reference_and_anchors() {
    let mut lab = Lab::new("blocks = [{ id = 'm', kind = 'mushra' }]");
    let sounds = [
        lab.stimulus_for("x", "original", Role::HiddenReference),
        lab.stimulus_for("x", "original", Role::LowAnchor),
        lab.stimulus_for("x", "original", Role::MidAnchor),
        lab.stimulus("y", "codec"),
    ];
    let trial = lab.trial("t", "m", &sounds);
    for jitter in 0..6 {
        let person = lab.person(&[]);
        for (sound, rating) in sounds.iter().zip([100, 20, 50, 80]) {
            lab.answer(person, trial, MUSHRA, &(rating - jitter).to_string()).stimulus = Some(*sound);
        }
    }
    lab.scored.people[0].missed_reference = (1, 1);
    let findings = found(&lab);
    let scale = &findings.everybody.scales[0];
    let names: Vec<_> = scale.conditions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["codec", "hidden reference", "low anchor (3.5 kHz)", "mid anchor (7 kHz)"]);
    assert_eq!(scale.conditions[1].quartiles.get().unwrap()[1], 97.5);
    // Six people in full agreement: χ² = 6 × 3.
    let all = scale.comparison.as_ref().unwrap().all.as_ref().unwrap();
    close(all.get().unwrap().statistic, 18.0);
    assert_eq!(findings.screened.as_ref().unwrap().people, 5);
    assert!(findings.persons[0].left_out[0].contains("BS.1534"));
}

#[test]
fn counts_that_people_enter_twice_are_not_tested_as_a_table() {
    let study = "
        questions = [{ id = 'mood', text = 'Inspiring?', kind = 'choice', options = ['yes', 'no'], each_sample = true }]
        blocks = [{ id = 'b', questions = ['mood'] }]";
    let build = |often: bool| {
        let mut lab = Lab::new(study);
        let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
        let trial = lab.trial("t", "b", &[ai, human]);
        for index in 0..40 {
            let person = lab.person(&[]);
            let said = if index % 4 == 0 { "yes" } else { "no" };
            if often || index % 2 == 0 {
                lab.answer(person, trial, "mood", said).stimulus = Some(ai);
            }
            if often || index % 2 == 1 {
                lab.answer(person, trial, "mood", "yes").stimulus = Some(human);
            }
        }
        found(&lab).everybody.choices.remove(0)
    };
    let often = build(true);
    assert_eq!(often.counts, [[30, 10], [0, 40]]);
    assert!(often.independence.why().unwrap().contains("more than once"));
    let (option, within) = &often.within[1];
    assert_eq!((option.as_str(), within.pairs[0].difference.get()), ("yes", Some(&-0.75)));
    let once = build(false);
    assert!(once.independence.get().unwrap().p < 0.01);
}

#[test]
fn scores_are_crossed_with_every_background() {
    let mut lab = Lab::new(
        "questions = [
            { id = 'real', text = 'AI?', kind = 'choice', options = ['ai', 'human'], each_sample = true, scoring = { truth = {} } },
            { id = 'plays', text = 'Do you play?', kind = 'choice', options = ['never', 'often'] },
            { id = 'genres', text = 'What?', kind = 'many', options = ['techno', 'house'] },
            { id = 'years', text = 'How long?', kind = 'scale', low = 0, high = 9 },
            { id = 'note', text = 'Anything?', kind = 'text' },
            { id = 'check', text = 'Say no', kind = 'choice', options = ['yes', 'no'], expect = 'no' },
        ]
        blocks = [{ id = 'b', questions = ['real'] }]
        pages = [{ kind = 'questions', questions = ['plays', 'genres', 'years', 'note', 'check'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trials = [lab.trial("t", "b", &[ai, human])];
    for index in 0..20 {
        let plays = if index < 10 { "often" } else { "never" };
        let genres = if index % 2 == 0 { "house|techno" } else { "" };
        let person =
            lab.person(&[("plays", plays), ("genres", genres), ("years", "3"), ("note", "=1"), ("check", "no")]);
        // Whoever plays hears both, nobody else hears either.
        let (first, second) = if index < 10 { ("ai", "human") } else { ("human", "ai") };
        lab.label(person, trials[0], "real", ai, first);
        lab.label(person, trials[0], "real", human, second);
    }
    let findings = found(&lab);
    let background = findings.everybody.background.get().unwrap();
    let names: Vec<_> = background.traits.iter().map(TraitFound::name).collect();
    assert_eq!(names, ["plays", "genres: techno", "genres: house", "years"]);
    assert_eq!(background.traits[0].answers, [("never".to_owned(), 10), ("often".to_owned(), 10)]);
    let crossed = background.traits[0].crossed.as_ref().unwrap();
    assert_eq!(crossed.classes.counts, [[10, 0], [0, 10]]);
    close(*crossed.cramers_v.get().unwrap(), 1.0);
    let test = crossed.independence.get().unwrap();
    // χ² of that table is 20 with one degree of freedom; three traits can be tested.
    close(test.statistic, 20.0);
    assert!((crossed.independence_holm.unwrap() - 3.0 * test.p).abs() < 1e-12);
    assert!(crossed.ranks.get().unwrap().method.starts_with("Mann–Whitney"));
    let years = background.traits[3].crossed.as_ref().unwrap();
    assert_eq!(years.ranks.why(), Some("all gave the same answer"));
    assert_eq!(background.texts.len(), 20);
}

#[test]
fn agreement_is_with_others_and_with_oneself() {
    let mut lab = labels("");
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for index in 0..4 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", ai, "ai");
        lab.label(person, trial, "real", human, "human");
        lab.label(person, trial, "real", ai, if index == 0 { "human" } else { "ai" }).repeated = true;
        lab.label(person, trial, "real", human, "human").attention = true;
    }
    let findings = found(&lab);
    let agreement = &findings.everybody.agreement[0];
    assert_eq!((agreement.raters, agreement.items), (4, 2));
    assert_eq!(agreement.fleiss.get(), Some(&1.0));
    assert_eq!(agreement.krippendorff[0].1.get(), Some(&1.0));
    let repeated = agreement.repeated.get().unwrap();
    assert_eq!((repeated.n, repeated.equal), (4, 0.75));
    assert_eq!(findings.everybody.shares[0].n, 8, "repeats and attention items enter nothing else");
}

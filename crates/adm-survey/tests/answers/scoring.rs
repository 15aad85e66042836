//! Scores worked out by hand; golden/answers.py says what was shown and answered.

use crate::fixture::{answers, changed, key, manifest, participant};
use adm_survey::answers::Answers;
use adm_survey::scoring::{Person, Response, Scored, score};

fn scored(answers: &[Answers]) -> Scored {
    score(&manifest(), &key(), answers).unwrap()
}

fn person(answers: Answers) -> Person {
    scored(&[answers]).people.into_iter().next().unwrap()
}

/// Position, slot, meaning, whether it is right, points.
type Outcome = (usize, Option<usize>, String, Option<bool>, Option<f64>);

/// What was meant by the answers to one question, and what came of it.
fn outcomes(scored: &Scored, question: &str) -> Vec<Outcome> {
    let of = scored.responses.iter().filter(|response| response.question == question);
    of.map(|it| (it.position, it.slot, it.meaning.clone(), it.right, it.points)).collect()
}

fn name(response: &Response) -> String {
    response.stimulus.map_or(String::new(), |stimulus| key().stimuli[stimulus].name.clone())
}

#[test]
fn labels_are_right_where_they_name_the_truth() {
    let scored = scored(&[answers()]);
    let expected: Vec<_> = [
        // Position 0 shows s1 (ai) and s2 (human), called fake and real.
        (0, 1, "ai", true),
        (0, 2, "human", true),
        // Position 1 shows s4 (ai) and s3 (human), both called real.
        (1, 1, "human", false),
        (1, 2, "human", true),
        // Position 2 shows two of ai, both called fake.
        (2, 1, "ai", true),
        (2, 2, "ai", true),
        // Position 3 shows s2 (human) and s1 (ai) again, called fake and real.
        (3, 1, "ai", false),
        (3, 2, "human", false),
    ]
    .map(|(position, slot, meaning, right)| {
        (position, Some(slot), meaning.to_owned(), Some(right), Some(f64::from(u8::from(right))))
    })
    .into();
    assert_eq!(outcomes(&scored, "label"), expected);
    let labels: Vec<_> = scored.responses.iter().filter(|response| response.question == "label").collect();
    assert!(labels.iter().all(|label| label.chance == Some(0.5)));
    assert_eq!(labels.iter().map(|it| name(it)).collect::<Vec<_>>(), ["s1", "s2", "s4", "s3", "s5", "s6", "s2", "s1"]);
    assert_eq!(labels.iter().map(|it| it.repeated).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 1, 1].map(|it| it == 1));
    assert_eq!(labels.iter().map(|it| it.attention).collect::<Vec<_>>(), [0, 0, 0, 0, 1, 1, 0, 0].map(|it| it == 1));
    assert_eq!((labels[0].trial, labels[0].value.as_str(), labels[0].plays, labels[0].heard), (0, "fake", 3, 97));
}

#[test]
fn samples_of_a_truth_are_worth_points() {
    let scored = scored(&[answers()]);
    let row = |position, meaning: &str, right, points| (position, None, meaning.to_owned(), Some(right), Some(points));
    // "1" of ai and human; "2" of ai and human; "2" of two of ai, either of which is right; "2" of human and ai.
    let expected =
        [row(0, "ai", true, 1.0), row(1, "human", false, 0.0), row(2, "ai", true, 1.0), row(3, "ai", true, 1.0)];
    assert_eq!(outcomes(&scored, "which"), expected);
    let chances: Vec<_> = scored.responses.iter().filter(|it| it.question == "which").map(|it| it.chance).collect();
    assert_eq!(chances, [0.5, 0.5, 1.0, 0.5].map(Some));
    let expected = [
        row(0, "ai", true, 2.0),
        row(1, "ai|human", false, 1.0),
        row(2, "ai|ai", true, 2.0),
        row(3, "none", false, 0.0),
    ];
    assert_eq!(outcomes(&scored, "any"), expected);
    assert!(scored.responses.iter().filter(|it| it.question == "any").all(|it| it.chance.is_none()));
}

#[test]
fn every_relation_of_what_is_named_to_what_is_right_has_its_points() {
    use adm_survey::study::{Points, Scoring};
    let points = Points { exact: 6.0, mixed: 5.0, part: 4.0, muddled: 3.0, wrong: 2.0, none: 1.0 };
    let mut key = key();
    let question = key.study.questions.iter_mut().find(|question| question.id == "any").unwrap();
    question.scoring = Some(Scoring::Target { truth: "ai".to_owned(), points });
    // The first trial has four samples now: ai, human, human, ai.
    let mut manifest = manifest();
    let four = ["s1", "s2", "s3", "s4"].map(str::to_owned).to_vec();
    manifest.trials.get_mut("t1").unwrap().samples = four.clone();
    manifest.sheets[0].get_mut("pairs").unwrap()[0].slots = vec![0, 1, 2, 3];
    key.trials[0].samples = four;
    for (value, meaning, expected) in [
        ("1|4", "ai|ai", 6.0),
        ("1|2|4", "ai|ai|human", 5.0),
        ("4", "ai", 4.0),
        ("1|2", "ai|human", 3.0),
        ("2|3", "human|human", 2.0),
        ("none", "none", 1.0),
    ] {
        let answers = changed(|answers| {
            answers.rows.retain(|row| row.question == "any" && row.position == "0");
            answers.rows[0].response = value.to_owned();
        });
        let scored = score(&manifest, &key, &[answers]).unwrap();
        let response = &scored.responses[0];
        assert_eq!(
            (&*response.meaning, response.points, response.right),
            (meaning, Some(expected), Some(expected == 6.0))
        );
    }
}

#[test]
fn abx_is_right_where_the_sample_is_x() {
    let scored = scored(&[answers()]);
    let row = |position, meaning: &str, right| {
        (position, None, meaning.to_owned(), Some(right), Some(f64::from(u8::from(right))))
    };
    // X is a copy of s7 (ai), which is A; then of s8 (human), which is A too.
    assert_eq!(outcomes(&scored, "abx"), [row(0, "ai", true), row(1, "human", true)]);
    let wrong = changed(|answers| {
        answers.rows.iter_mut().filter(|row| row.question == "abx").for_each(|row| row.response = "b".to_owned());
    });
    assert_eq!(outcomes(&self::scored(&[wrong]), "abx"), [row(0, "human", false), row(1, "ai", false)]);
    let x: Vec<_> = scored.responses.iter().filter(|it| it.question == "abx").map(|it| (name(it), it.chance)).collect();
    assert_eq!(x, [("c1".to_owned(), Some(0.5)), ("c2".to_owned(), Some(0.5))]);
}

#[test]
fn ratings_are_counted_by_what_they_are_of() {
    let scored = scored(&[answers()]);
    let ratings: Vec<_> = scored.responses.iter().filter(|response| response.question == "mushra").collect();
    let named: Vec<_> = ratings.iter().map(|rating| format!("{} {}", name(rating), rating.meaning)).collect();
    assert_eq!(named, ["m3 60", "m1 100", "m4 45", "m2 20", "n1 89", "n2 15", "n3 50", "n4 70"]);
    assert!(ratings.iter().all(|rating| rating.right.is_none() && rating.points.is_none() && rating.chance.is_none()));
}

#[test]
fn a_person_is_what_they_said_of_themselves_and_how_they_attended() {
    let person = person(answers());
    let background: Vec<_> = person.background.iter().map(|(question, value)| format!("{question} {value}")).collect();
    assert!(
        background[0].starts_with("gear Two \"303s\"") && background[1..] == ["genres techno|trance", "skill much"]
    );
    // Asked to answer 3, and in the third trial to find both of ai.
    assert_eq!(person.attention, (2, 2));
    // The first trial came back with its samples the other way round: both labels changed, the same sample was chosen, another
    // set was named; X was heard both times.
    assert_eq!(person.repeats, (2, 5));
    // The second hidden reference has 89.
    assert_eq!((person.missed_reference, person.missed_anchor), ((1, 2), (0, 2)));
    assert_eq!(person.seconds, 1_263.25);
}

#[test]
fn with_a_clock_that_was_set_back_nobody_knows_how_long_it_took() {
    let person = person(changed(|answers| answers.finished = "2026-05-01T11:00:00.000Z".to_owned()));
    assert_eq!(person.seconds, 0.0);
}

#[test]
fn who_does_not_attend_is_found() {
    let set = |question: &'static str, position: &'static str, value: &'static str| {
        person(changed(|answers| {
            let row = answers.rows.iter_mut().find(|row| row.question == question && row.position == position).unwrap();
            row.response = value.to_owned();
        }))
    };
    assert_eq!(set("check", "", "4").attention, (1, 2));
    assert_eq!(set("any", "2", "1").attention, (1, 2));
    // The mid anchor of the first trial above 90.
    let missed = |value| {
        let person = set("mushra", "0", value);
        (person.missed_reference, person.missed_anchor)
    };
    assert_eq!(missed("91"), ((1, 2), (1, 2)));
    assert_eq!(missed("90"), ((1, 2), (0, 2)));
    // The same labels as the first time.
    let same = person(changed(|answers| {
        let again = answers.rows.iter_mut().filter(|row| row.question == "label" && row.position == "3");
        again.zip(["real", "fake"]).for_each(|(row, label)| row.response = label.to_owned());
    }));
    assert_eq!(same.repeats, (4, 5));
}

#[test]
fn what_is_declined_or_left_empty_has_no_score() {
    let declined = changed(|answers| {
        let rows = answers
            .rows
            .iter_mut()
            .filter(|row| row.question == "label" && row.position == "0" || row.question == "skill");
        rows.for_each(|row| (row.response, row.declined) = (String::new(), true));
    });
    let scored = scored(&[declined]);
    assert_eq!(outcomes(&scored, "label")[0], (0, Some(1), String::new(), None, None));
    assert!(!scored.people[0].background.contains_key("skill"));
    // Notes of the first trial are empty.
    assert_eq!(outcomes(&scored, "note").iter().map(|note| note.0).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn not_sure_is_no_guess_and_a_truth_without_an_option_has_no_right_answer() {
    use adm_survey::manifest::{Choice, QuestionKind};
    let mut manifest = manifest();
    let QuestionKind::Choice { options } = &mut manifest.questions.get_mut("label").unwrap().kind else { panic!() };
    options.push(Choice { value: "unsure".to_owned(), label: "?".to_owned() });
    options.push(Choice { value: "ai".to_owned(), label: "surely fake".to_owned() });
    let mut key = key();
    key.stimuli[1].truth = "third".to_owned();
    let unsure = changed(|answers| answers.rows[4].response = "unsure".to_owned());
    let scored = score(&manifest, &key, &[unsure]).unwrap();
    let of = |slot| scored.responses.iter().find(|it| it.question == "label" && it.slot == Some(slot)).unwrap();
    // Two of the three options that name a truth say ai.
    assert_eq!((&*of(1).meaning, of(1).right, of(1).chance), ("unsure", Some(false), Some(2.0 / 3.0)));
    assert_eq!((&*of(2).meaning, of(2).right, of(2).chance), ("human", None, None));
}

#[test]
fn people_are_in_order_and_responses_name_them() {
    let scored = scored(&[participant(2), participant(1), answers()]);
    assert!(scored.people.is_sorted_by(|a, b| a.id < b.id));
    assert!(scored.responses.is_sorted_by_key(|response| response.person));
    let of = |person| scored.responses.iter().filter(|it| it.person == person).count();
    assert_eq!([of(0), of(1), of(2)], [33, 33, 33], "38 rows less four of pages and an empty note");
}

#[test]
fn answers_to_something_else_are_an_error() {
    let cases: &[fn(&mut Answers)] = &[
        |answers| answers.sheet = 7,
        |answers| answers.rows[4].trial = "t9".to_owned(),
        |answers| answers.rows[4].position = "x".to_owned(),
        |answers| answers.rows[4].position = "99".to_owned(),
    ];
    for change in cases {
        let error = score(&manifest(), &key(), &[changed(change)]).unwrap_err().to_string();
        assert!(error.starts_with("the answers of participant 0b8f5a52-"), "{error}");
    }
    let mut key = key();
    key.trials.clear();
    assert!(
        score(&manifest(), &key, &[answers()]).unwrap_err().to_string().contains("the key does not know trial \"t1\"")
    );
}

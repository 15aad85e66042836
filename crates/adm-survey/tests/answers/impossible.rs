//! Answers that the page cannot have given.

use crate::fixture::{answers, changed, golden, json, merged};
use adm_survey::answers::{Answers, Listed, MergeOptions, Reason, Row};

fn only_listed(file: &[u8]) -> Listed {
    let merged = merged(&[file], &MergeOptions { unfinished: true, ..MergeOptions::default() });
    assert!(merged.accepted.is_empty() && merged.listed.len() == 1, "{merged:?}");
    merged.listed.into_iter().next().unwrap()
}

/// The row of a question, the first of that name from the `nth`.
fn row<'a>(answers: &'a mut Answers, question: &str, nth: usize) -> &'a mut Row {
    answers.rows.iter_mut().filter(|row| row.question == question).nth(nth).unwrap()
}

type Change = fn(&mut Answers);

#[test]
fn each_is_listed_with_what_is_wrong() {
    let cases: &[(Change, &str)] = &[
        (|a| a.participant = "me".to_owned(), "the participant is \"me\", expected a UUID"),
        (|a| a.participant = a.participant.to_uppercase(), "expected a UUID"),
        (|a| a.sheet = 2, "sheet 2 of 2"),
        (|a| a.sheet = 1, "question \"label\" of sample 1, trial 1 (page 5) has no answer"),
        (|a| a.started = "yesterday".to_owned(), "started is \"yesterday\""),
        (|a| a.finished = "tomorrow".to_owned(), "finished is \"tomorrow\""),
        (|a| drop(a.rows.remove(0)), "question \"skill\" (page 4) has no answer"),
        (|a| drop(a.rows.pop()), "question \"mushra\" of sample 4, trial 2 (page 7) has no answer"),
        (|a| a.rows.swap(4, 5), "question \"label\" of sample 1, trial 1 (page 5) has no answer"),
        (
            |a| a.rows.insert(3, a.rows[3].clone()),
            "row 5 is page 3, block \"\", position \"\", trial \"\", question \"check\"",
        ),
        (|a| a.rows.push(a.rows[0].clone()), "is not asked: page 3"),
        (|a| row(a, "skill", 0).response = "lots".to_owned(), "the response \"lots\", expected [\"none\""),
        (|a| row(a, "skill", 0).response.clear(), "no response, which it needs"),
        (|a| row(a, "skill", 0).response = "some".to_owned(), "question \"gear\" (page 4) was answered, but not asked"),
        (|a| row(a, "skill", 0).declined = true, "declined, and yet answered"),
        (|a| row(a, "check", 0).declined = true, "declined, which it does not offer"),
        (|a| row(a, "gear", 0).response = "x".repeat(201), "expected at most 200 characters"),
        (|a| row(a, "genres", 0).response = "house|house".to_owned(), "\"house|house\""),
        (|a| row(a, "genres", 0).response = "house|".to_owned(), "\"house|\""),
        (|a| row(a, "check", 0).response = "6".to_owned(), "a whole number from 1 to 5"),
        (|a| row(a, "check", 0).response = "03".to_owned(), "a whole number from 1 to 5"),
        (
            |a| row(a, "label", 0).response = "real".to_owned(),
            "\"sure\" of sample 1, trial 1 (page 5) was answered, but not asked",
        ),
        (|a| row(a, "label", 1).response = "fake".to_owned(), "\"sure\" of sample 2, trial 1 (page 5) has no answer"),
        (|a| row(a, "label", 0).stimulus = "s2".to_owned(), "has no answer where it should be"),
        (|a| row(a, "label", 0).slot = "2".to_owned(), "has no answer where it should be"),
        (|a| row(a, "label", 0).slot = "01".to_owned(), "has no answer where it should be"),
        (|a| row(a, "label", 0).position = "1".to_owned(), "has no answer where it should be"),
        (|a| row(a, "which", 0).response = "1|2".to_owned(), "expected one of 2 samples"),
        (|a| row(a, "which", 0).response = "none".to_owned(), "expected one of 2 samples"),
        (|a| row(a, "which", 0).response = "3".to_owned(), "expected one of 2 samples"),
        (|a| row(a, "any", 0).response = "1|1".to_owned(), "expected any of 2 samples"),
        (|a| row(a, "any", 0).response = "0".to_owned(), "expected any of 2 samples"),
        (|a| row(a, "abx", 0).response = "x".to_owned(), "expected a or b"),
        (|a| row(a, "abx", 0).stimulus = "c2".to_owned(), "has no answer where it should be"),
        (|a| row(a, "mushra", 0).response = "101".to_owned(), "a whole number from 0 to 100"),
        (|a| row(a, "mushra", 0).response = "-0".to_owned(), "a whole number from 0 to 100"),
        (|a| row(a, "mushra", 0).heard = 101, "101 % of it heard"),
    ];
    for (number, (change, words)) in cases.iter().enumerate() {
        let changed = changed(change);
        for file in [json(std::slice::from_ref(&changed)), changed.to_csv().into_bytes()] {
            let listed = only_listed(&file);
            assert_eq!(listed.reason, Reason::Impossible, "case {number}: {}", listed.words);
            assert!(listed.words.contains(words), "case {number}: {} should say {words}", listed.words);
        }
    }
}

#[test]
fn other_bundles_formats_and_changed_answers_are_listed_as_such() {
    let cases: &[(Change, Reason, &str)] = &[
        (|a| a.bundle = "00".repeat(32), Reason::OtherBundle, "expected \"34398d"),
        (|a| a.version = 2, Reason::OtherFormat, "version 2 of the format; this program knows version 1"),
        (|a| a.format = "other".to_owned(), Reason::OtherFormat, "its format is \"other\""),
    ];
    for (change, reason, words) in cases {
        for file in [json(&[changed(change)]), changed(change).to_csv().into_bytes()] {
            let listed = only_listed(&file);
            assert_eq!(listed.reason, *reason);
            assert!(listed.words.contains(words), "{}", listed.words);
        }
    }
    // Every single field is under the checksum.
    let text = String::from_utf8(golden("answers.json")).unwrap();
    let fields = ["\"response\": \"8\"", "\"ms\": 1007", "\"plays\": 3", "\"heard\": 97", "\"device_rate\": 48000"];
    for field in fields {
        let listed = only_listed(text.replacen(field, &field.replace(['8', '7', '3'], "4"), 1).as_bytes());
        assert_eq!(listed.reason, Reason::Tampered, "{field}: {}", listed.words);
        assert_eq!(listed.participant.as_deref(), Some("0b8f5a52-6a3e-4c1d-9f27-5d0e8c7b4a19"));
    }
}

#[test]
fn missing_extra_and_wrong_fields_are_named_with_their_line() {
    let text = String::from_utf8(golden("answers.json")).unwrap();
    for (from, to, words) in [
        (" \"sheet\": 0,\n", "", "missing field `sheet` (line"),
        ("\"sheet\": 0", "\"sheet\": 0, \"mail\": \"a@b\"", "unknown field `mail`"),
        ("\"sheet\": 0", "\"sheet\": 0, \"sheet\": 1", "duplicate field `sheet` (line 6, column"),
        ("\"sheet\": 0", "\"sheet\": -1", "invalid value: integer `-1`"),
        ("\"sheet\": 0", "\"sheet\": \"0\"", "invalid type: string \"0\""),
        ("\"declined\": false", "\"declined\": null", "invalid type: null"),
        ("\"plays\": 3", "\"plays\": 4294967296", "invalid value"),
    ] {
        let listed = only_listed(text.replacen(from, to, 1).as_bytes());
        assert_eq!(listed.reason, Reason::Fields, "{to}: {}", listed.words);
        assert!(listed.words.contains(words), "{} should say {words}", listed.words);
    }
    let table = String::from_utf8(golden("answers.csv")).unwrap();
    for (from, to, words) in [
        (",heard,", ",", "20 columns, expected 21; missing: [\"heard\"], extra: []"),
        (",heard,", ",hearing,", "missing: [\"heard\"], extra: [\"hearing\"]"),
        (",1007,", ",soon,", "line 2: ms is \"soon\", expected a whole number"),
        ("false,1007", "perhaps,1007", "line 2: declined is \"perhaps\""),
    ] {
        let listed = only_listed(table.replacen(from, to, 1).as_bytes());
        assert_eq!(listed.reason, Reason::Fields, "{to}: {}", listed.words);
        assert!(listed.words.contains(words), "{} should say {words}", listed.words);
    }
}

#[test]
fn what_may_differ_is_accepted() {
    let cases: &[Change] = &[
        |a| a.finished = a.started.clone(),
        // The clock was set back during the test.
        |a| a.finished = "2026-05-01T11:00:00.000Z".to_owned(),
        |a| a.rows.retain(|row| row.question != "gear" && row.question != "genres" && row.question != "note"),
        |a| {
            row(a, "skill", 0).response.clear();
            row(a, "skill", 0).declined = true;
            a.rows.retain(|row| row.question != "gear");
        },
        |a| row(a, "gear", 0).response.clear(),
        |a| row(a, "gear", 0).response = "é".repeat(200),
        |a| row(a, "genres", 0).response.clear(),
        |a| row(a, "any", 0).response = "2|1".to_owned(),
        |a| row(a, "mushra", 0).ms = u64::MAX,
    ];
    for (number, change) in cases.iter().enumerate() {
        let changed = changed(change);
        let merged = merged(&[&json(std::slice::from_ref(&changed))], &MergeOptions::default());
        assert_eq!(merged.accepted, [changed], "case {number}: {:?}", merged.listed);
    }
    assert_eq!(answers().rows.len(), 38);
}

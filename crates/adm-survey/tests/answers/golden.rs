//! What a third program wrote.

use crate::fixture::{answers, csv, golden, json, merged};
use adm_survey::answers::MergeOptions;

#[test]
fn python_and_rust_write_the_same_checksum_and_csv() {
    let answers = answers();
    assert_eq!(answers.checksum, answers.expected_checksum());
    assert_eq!(answers.to_csv().into_bytes(), golden("answers.csv"));
}

#[test]
fn both_files_hold_the_same_answers_and_fit_their_manifest() {
    for file in ["answers.json", "answers.csv"] {
        let merged = merged(&[&golden(file)], &MergeOptions::default());
        assert_eq!(merged.accepted, [answers()], "{file}: {:?}", merged.listed);
    }
}

#[test]
fn answers_survive_json_and_csv() {
    let text = answers().to_json().unwrap();
    assert!(!text.contains('\n'), "one line");
    let everybody: Vec<_> = (1..40).map(crate::fixture::participant).collect();
    for file in [json(&everybody), csv(&everybody).into_bytes()] {
        assert_eq!(merged(&[&file], &MergeOptions::default()).accepted, everybody);
    }
    assert_eq!(merged(&[text.as_bytes()], &MergeOptions::default()).accepted, [answers()]);
}

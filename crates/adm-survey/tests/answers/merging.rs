//! Many files, and several versions of one participant's answers.

use crate::fixture::{answers, bundle, changed, csv, golden, json, manifest, merged, participant, uuid};
use adm_survey::answers::{Answers, COLUMNS, MergeOptions, Merged, Reason, merge};
use std::path::Path;

fn reasons(merged: &Merged) -> Vec<Reason> {
    merged.listed.iter().map(|listed| listed.reason).collect()
}

/// Someone who left after some rows.
fn left_after(rows: usize) -> Answers {
    changed(|answers| {
        answers.finished.clear();
        answers.rows.truncate(rows);
    })
}

#[test]
fn of_several_versions_the_finished_and_latest_is_kept() {
    let later = changed(|answers| answers.finished = "2026-05-02T00:00:00.000Z".to_owned());
    let versions = [left_after(11), answers(), later.clone(), left_after(25), answers(), later.clone()];
    let files: Vec<_> = versions.iter().map(|version| json(std::slice::from_ref(version))).collect();
    let merged = merged(&files.iter().map(|file| &**file).collect::<Vec<_>>(), &MergeOptions::default());
    assert_eq!(merged.accepted, [later]);
    use Reason::{Duplicate, Superseded};
    assert_eq!(reasons(&merged), [Superseded, Superseded, Superseded, Superseded, Duplicate]);
    let places: Vec<_> = merged.listed.iter().map(|listed| listed.file.file_name().unwrap().to_owned()).collect();
    assert_eq!(places, ["000.txt", "001.txt", "003.txt", "004.txt", "005.txt"]);
    assert!(merged.listed[4].words.contains("002.txt is kept, finished at 2026-05-02"), "{}", merged.listed[4].words);
}

#[test]
fn who_did_not_finish_is_left_out_unless_wanted() {
    for rows in [0, 2, 4, 6, 11, 25, 38] {
        let file = json(&[left_after(rows), participant(1)]);
        let without = merged(&[&file], &MergeOptions::default());
        assert_eq!((without.accepted.len(), reasons(&without)), (1, vec![Reason::Unfinished]), "{rows}");
        let with = merged(&[&file], &MergeOptions { unfinished: true, ..MergeOptions::default() });
        assert_eq!(with.accepted.len(), 2, "{rows}: {:?}", with.listed);
    }
    let gap = changed(|answers| {
        answers.finished.clear();
        answers.rows.remove(6);
    });
    assert_eq!(reasons(&merged(&[&json(&[gap])], &MergeOptions::default())), [Reason::Impossible]);
}

#[test]
fn who_wants_to_be_forgotten_is_left_out_whatever_state_the_answers_are_in() {
    let broken = String::from_utf8(json(&[participant(2)])).unwrap();
    let files =
        [json(&[participant(1), participant(2), participant(3)]), broken.as_bytes()[..broken.len() / 2].to_vec()];
    let exclude = [uuid(2).to_uppercase(), uuid(9)].into();
    let options = MergeOptions { exclude, ..MergeOptions::default() };
    let merged = merged(&[&files[0], &files[1]], &options);
    assert_eq!(merged.accepted, [participant(1), participant(3)]);
    assert_eq!(reasons(&merged), [Reason::Excluded, Reason::Excluded]);
    assert_eq!(merged.not_found, [uuid(9)]);
}

#[test]
fn the_same_answers_under_another_name_are_listed() {
    let copy = changed(|answers| answers.participant = uuid(1));
    let merged = merged(&[&json(&[answers(), copy])], &MergeOptions::default());
    assert_eq!((merged.accepted.len(), reasons(&merged)), (1, vec![Reason::Copied]));
    assert_eq!(merged.accepted, [answers()], "the one that was found first is kept");
}

#[test]
fn csv_comes_as_tools_and_spreadsheets_leave_it() {
    let everybody: Vec<_> = (1..4).map(participant).collect();
    let [one, two] = [csv(&everybody[..2]), csv(&everybody[2..])];
    let semicolons = csv(&everybody).replace("a,b", "a;b").replace(',', ";");
    assert!(semicolons.contains("a;b"), "a comma in a text would be another text now");
    let variants = [
        ("put together with both headers", format!("{one}{two}")),
        ("a byte order mark", format!("\u{feff}{one}\u{feff}{two}")),
        ("truth values in capitals", format!("{one}{two}").replace(",false,", ",FALSE,")),
        ("columns in another order", reversed(&everybody)),
        ("lines of participants mixed", mixed(&everybody)),
        ("empty lines", format!("\r\n\r\n{one}\r\n{two}\r\n\r\n")),
    ];
    for (what, file) in variants {
        let merged = merged(&[file.as_bytes()], &MergeOptions::default());
        assert_eq!(merged.accepted, everybody, "{what}: {:?}", merged.listed);
    }
}

#[test]
fn csv_with_semicolons_or_tabs_is_read() {
    // Without commas and line ends in its texts, which would need quotes.
    let plain = changed(|answers| answers.rows.retain(|row| row.question != "gear" && row.question != "note"));
    for separator in [";", "\t"] {
        for end in ["\r\n", "\n"] {
            let file = plain.to_csv().replace(',', separator).replace("\r\n", end);
            let merged = merged(&[file.as_bytes()], &MergeOptions::default());
            assert_eq!(merged.accepted, std::slice::from_ref(&plain), "{separator:?}: {:?}", merged.listed);
        }
    }
}

/// All columns from the right to the left.
fn reversed(answers: &[Answers]) -> String {
    let plain = csv(answers);
    let mut output = String::new();
    let mut reader = csv_core::Reader::new();
    let (mut input, mut fields, mut ends) = (plain.as_bytes(), vec![0; 4_096], [0; 32]);
    loop {
        let (result, read, _, count) = reader.read_record(input, &mut fields, &mut ends);
        input = &input[read..];
        if !matches!(result, csv_core::ReadRecordResult::Record) {
            return output;
        }
        let starts = std::iter::once(0).chain(ends);
        let texts = starts.zip(&ends[..count]).map(|(start, &end)| std::str::from_utf8(&fields[start..end]).unwrap());
        let quoted: Vec<_> = texts.map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect();
        output += &quoted.into_iter().rev().collect::<Vec<_>>().join(",");
        output += "\n";
    }
}

/// The first row of everybody, then the second of everybody.
fn mixed(answers: &[Answers]) -> String {
    let rows = (0..answers[0].rows.len()).flat_map(|row| answers.iter().map(move |one| (one, row)));
    rows.map(|(one, row)| Answers { rows: vec![one.rows[row].clone()], ..one.clone() }.to_csv()).collect()
}

#[test]
fn a_file_that_breaks_off_says_where_and_what_came_before_is_kept() {
    let file = json(&[participant(1), participant(2)]);
    let broken = merged(&[&file[..file.len() - 100]], &MergeOptions::default());
    assert_eq!(broken.accepted, [participant(1)]);
    let listed = &broken.listed[0];
    assert_eq!((listed.reason, listed.participant.clone()), (Reason::Damaged, Some(uuid(2))));
    assert!(listed.words.starts_with("the file breaks off on line "), "{}", listed.words);
    let table = csv(&[participant(1), participant(2)]);
    let broken = merged(&[&table.as_bytes()[..table.len() - 100]], &MergeOptions::default());
    assert_eq!(broken.accepted, [participant(1)]);
    assert_eq!(reasons(&broken), [Reason::Tampered, Reason::Fields], "rows are missing, and a line broke off");
    assert!(broken.listed.iter().all(|listed| listed.participant == Some(uuid(2))));
    // The golden texts have line breaks, so that lines are more than rows.
    let last = table.matches('\n').count() as u64;
    assert_eq!(broken.listed[1].line, Some(last));
}

#[test]
fn what_holds_no_answers_is_listed_too() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    let header = format!("{}\r\n", COLUMNS.join(","));
    for (file, reason) in [
        (b"".as_slice(), Reason::NotAnswers),
        (b"[]", Reason::NotAnswers),
        (header.as_bytes(), Reason::NotAnswers),
        (b"name;age\nx;1\n", Reason::NotAnswers),
        (png, Reason::NotAnswers),
        (b"{}", Reason::OtherFormat),
        (b"[1]", Reason::Damaged),
        (b"[{},", Reason::OtherFormat),
    ] {
        let merged = merged(&[file, &golden("answers.json")], &MergeOptions::default());
        assert_eq!((merged.accepted.len(), reasons(&merged)[0]), (1, reason), "{file:?}");
    }
}

#[test]
fn folders_are_read_to_their_depths_and_what_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("b/c")).unwrap();
    for (number, name) in ["b/c/1.json", "a.json", "b/2.json"].iter().enumerate() {
        std::fs::write(folder.path().join(name), json(&[participant(number)])).unwrap();
    }
    let merge = |path: &Path| merge(&[path.to_owned()], &manifest(), &bundle(), &MergeOptions::default());
    // What a server and a file manager leave there is nobody's answers, and nothing to complain of.
    for name in [".collector", "b/.DS_Store"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let all = merge(folder.path()).unwrap();
    assert_eq!((all.accepted.len(), all.listed.len()), (3, 0));
    let error = merge(&folder.path().join("gone")).unwrap_err().to_string();
    assert!(error.starts_with("cannot read ") && error.ends_with("gone"), "{error}");
}

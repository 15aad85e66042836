//! Many megabytes of answers, or of what looks like them.

use crate::fixture::{csv, golden, merged, participant};
use adm_survey::answers::{MOST_BYTES, MergeOptions, Reason};

/// More than is held of anything: what is larger still is only read to its end.
const SIZE: usize = 2 * MOST_BYTES + (1 << 20);

/// A piece again and again, up to [`SIZE`], between a beginning and an end.
fn filled(start: &str, piece: &str, end: &str) -> Vec<u8> {
    let mut bytes = start.as_bytes().to_vec();
    while bytes.len() < SIZE {
        bytes.extend(piece.as_bytes());
    }
    bytes.extend(end.as_bytes());
    bytes
}

#[test]
fn megabytes_that_nobody_answered_are_a_clear_fault() {
    let line = String::from_utf8(golden("answers.csv")).unwrap();
    let (header, rest) = line.split_once("\r\n").unwrap();
    let row = format!("{}\r\n", rest.split_once("\r\n").unwrap().0);
    let header = format!("{header}\r\n");
    let cases = [
        ("one text", filled("{\"format\":\"", "xxxxxxxxxxxxxxxx", "\"}"), Reason::TooLarge, 1),
        ("one list", filled("{\"rows\":[", "[[[[[[[[[[[[[[[[", ""), Reason::TooLarge, 1),
        ("many objects", filled("[", "{},", "{}]"), Reason::OtherFormat, 1_000),
        ("one field", filled(&header, "xxxxxxxxxxxxxxxx", ""), Reason::TooLarge, 1),
        ("many fields", filled(&header, ",,,,,,,,", ""), Reason::TooLarge, 1),
        ("a quotation mark", filled(&format!("{header}\""), "x,\n", ""), Reason::TooLarge, 1),
        ("one participant's rows", filled(&header, &row, ""), Reason::TooLarge, 1),
        ("many short lines", filled(&header, "x\n", ""), Reason::Fields, 1_000),
        ("one line", filled("", "xxxxxxxxxxxxxxxx", ""), Reason::TooLarge, 1),
    ];
    for (what, file, reason, count) in cases {
        let merged = merged(&[&file], &MergeOptions::default());
        let listed = &merged.listed;
        assert_eq!((merged.accepted.len(), listed.len()), (0, count), "{what}: {:?}", listed.first());
        assert!(
            listed.iter().all(|listed| listed.reason == reason && listed.words.len() < 1_000),
            "{what}: {listed:?}"
        );
    }
}

#[test]
fn many_participants_are_read_whatever_the_size() {
    let everybody: Vec<_> = (0..1_000).map(participant).collect();
    let file = csv(&everybody);
    let merged = merged(&[file.as_bytes()], &MergeOptions::default());
    assert_eq!((file.len() >> 20, merged.accepted.len(), merged.listed.len()), (10, 1_000, 0));
}

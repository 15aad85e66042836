//! Files that were damaged at random.

use crate::fixture::{csv, json, merged, participant};
use adm_core::Seeds;
use adm_core::seeds::{Rng, RngExt};
use adm_survey::answers::MergeOptions;

/// Damages of each kind of file.
const FILES: u64 = 300;

/// What parsers stumble over.
const STUMBLES: [&[u8]; 9] = [
    b"\"",
    b"\\",
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff\xfe",
    b"1e999",
    b"99999999999999999999999",
    b"\"\\ud800\"",
    b"[[[[{{{{",
];

/// Does one to three things to some bytes.
fn damage(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..4) {
        match rng.random_range(0..3) {
            0 => lines(bytes, rng),
            _ => stretch(bytes, rng),
        }
    }
}

/// Damages a stretch of up to 200 bytes.
fn stretch(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    let at = rng.random_range(0..=bytes.len());
    let end = bytes.len().min(at + rng.random_range(1..200));
    let piece = bytes[at..end].to_vec();
    let insert =
        |bytes: &mut Vec<u8>, at: usize, piece: &[u8]| bytes.splice(at..at, piece.iter().copied()).for_each(drop);
    match rng.random_range(0..9) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let some: Vec<u8> = b"{}[],;\"\n\r\\:\0\xff1".iter().copied().filter(|_| rng.random()).collect();
            insert(bytes, at, &some);
        }
        3 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte ^= 1 << rng.random_range(0..8)),
        4 => insert(bytes, at, &piece),
        5 => bytes[at..end].reverse(),
        6 => bytes[at..end].iter_mut().for_each(|byte| *byte = rng.random()),
        7 => insert(bytes, at, STUMBLES[rng.random_range(0..STUMBLES.len())]),
        _ => {
            bytes.drain(at..end);
            let to = rng.random_range(0..=bytes.len());
            insert(bytes, to, &piece);
        }
    }
}

/// Damages whole lines.
fn lines(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    if lines.is_empty() {
        return;
    }
    let [one, other] = [rng.random_range(0..lines.len()), rng.random_range(0..lines.len())];
    match rng.random_range(0..4) {
        0 => drop(lines.remove(one)),
        1 => lines.swap(one, other),
        2 => lines.insert(other, lines[one]),
        _ => lines[one] = lines[one].trim_ascii_end(),
    }
    *bytes = lines.concat();
}

#[test]
fn damage_never_panics_and_everything_found_is_accepted_or_listed() {
    let everybody = [participant(1), participant(2), participant(3)];
    let (mut accepted, mut listed) = (0, 0);
    for (kind, whole) in [("json", json(&everybody)), ("csv", csv(&everybody).into_bytes())] {
        for number in 0..FILES {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut Seeds::new(1).stream(kind, number));
            // `merged` checks that the counts add up.
            let merged = merged(&[&bytes], &MergeOptions::default());
            assert!(merged.found > 0, "{kind} {number}");
            for answers in &merged.accepted {
                assert!(everybody.contains(answers), "{kind} {number}: damaged answers were accepted");
            }
            // Nobody disappears, but with all traces: who is not accepted is listed, under a name or as a damaged piece.
            if bytes != whole && merged.accepted.len() < everybody.len() {
                assert!(!merged.listed.is_empty() || bytes.len() + 500 < whole.len(), "{kind} {number}");
            }
            accepted += merged.accepted.len();
            listed += merged.listed.len();
        }
    }
    // Damage is such that much of both is found; otherwise the above would check little.
    assert!(accepted > 300 && listed > 600, "{accepted} accepted, {listed} listed");
}

//! Files that were damaged at random.

use crate::fixture::{csv, json, merged, participant};
use adm_core::Seeds;
use adm_core::seeds::{Rng, RngExt};
use adm_survey::answers::MergeOptions;

/// Damages of each kind of file.
const FILES: u64 = 2_000;

/// Does one to three things to some bytes.
fn damage(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..=bytes.len());
        let end = bytes.len().min(at + rng.random_range(1..200));
        match rng.random_range(0..6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                bytes.splice(at..at, b"{}[],;\"\n\r\\:\0\xff1".iter().copied().filter(|_| rng.random())).for_each(drop)
            }
            3 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte ^= 1 << rng.random_range(0..8)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece).for_each(drop);
            }
            _ => bytes[at..end].reverse(),
        }
    }
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
    assert!(accepted > 2_000 && listed > 4_000, "{accepted} accepted, {listed} listed");
}

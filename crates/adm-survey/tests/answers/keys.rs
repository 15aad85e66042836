//! The key must be the one that was promised.

use crate::fixture::{golden, key, manifest};
use adm_core::Hint;
use adm_survey::SurveyError;
use adm_survey::key::Key;
use adm_survey::manifest::Manifest;
use adm_survey::scoring::{check_key, read_key};
use sha2::{Digest, Sha256};
use std::path::Path;

/// A manifest that promises a key of these bytes.
fn promising(bytes: &[u8]) -> Manifest {
    let commitment = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Manifest { commitment, ..manifest() }
}

#[test]
fn the_key_of_a_bundle_is_taken_and_any_other_refused() {
    let path = Path::new("golden.key.json");
    let bytes = golden("answers-key.json");
    assert_eq!(check_key(path, &bytes, &manifest()).unwrap(), key());
    let mut other = bytes.clone();
    other.push(b'\n');
    let error = check_key(path, &other, &manifest()).unwrap_err();
    assert!(matches!(&error, SurveyError::OtherKey { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with("golden.key.json is not the key of this bundle") && text.contains(&manifest().commitment));
    assert!(error.hint().unwrap().contains("--key"));
}

#[test]
fn a_missing_key_says_which_one_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let error = read_key(&folder.path().join("gone.json"), &manifest()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read the key ") && error.hint().unwrap().contains("--key"));
    std::fs::write(folder.path().join("key.json"), golden("answers-key.json")).unwrap();
    assert_eq!(read_key(&folder.path().join("key.json"), &manifest()).unwrap(), key());
}

#[test]
fn a_key_that_does_not_fit_says_what() {
    type Change = fn(&mut Key);
    let cases: &[(Change, &str)] = &[
        (|key| key.version = 2, "version 2, expected \"adm-survey-key\" version 1"),
        (|key| drop(key.trials.remove(0)), "it has no trial \"t1\""),
        (|key| key.trials[0].name = "t9".to_owned(), "it has trial \"t9\", which the bundle has not"),
        (|key| key.trials.push(key.trials[0].clone()), "it names a trial twice"),
        (|key| key.trials[0].samples.reverse(), "trial \"t1\" has other samples"),
        (|key| key.trials[3].copies[1] = 2, "X a copy of sample 2 of 2"),
        (|key| key.trials[3].copies.clear(), "trial \"t4\" has other samples"),
        (|key| drop(key.stimuli.remove(0)), "it does not know the sound \"s1\""),
        (|key| key.stimuli.retain(|stimulus| stimulus.name != "r2"), "it does not know the sound \"r2\""),
        (|key| key.stimuli.retain(|stimulus| stimulus.name != "e1"), "it does not know the sound \"e1\""),
        (|key| key.stimuli[1].name = "s1".to_owned(), "it names a sound twice"),
    ];
    for (change, words) in cases {
        let mut key = key();
        change(&mut key);
        let bytes = serde_json::to_vec(&key).unwrap();
        let error = check_key(Path::new("k"), &bytes, &promising(&bytes)).unwrap_err().to_string();
        assert!(error.starts_with("the key k does not fit the bundle: ") && error.contains(words), "{error}: {words}");
    }
    let error = check_key(Path::new("k"), b"{", &promising(b"{")).unwrap_err().to_string();
    assert!(error.contains("EOF while parsing"), "{error}");
}

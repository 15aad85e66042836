//! What is broken or was changed on disk.

use super::client::{ask, get, post};
use super::{Place, text, write_bundle};
use crate::SurveyError;
use crate::serve::Event;
use adm_core::Hint;
use std::fs;
use std::time::Duration;

/// Says that starting fails, with which words and hint.
fn refused(place: &Place, words: &str, hint: &str) {
    let error = place.start().err().unwrap();
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.hint().unwrap_or_default().contains(hint), "{error}: {:?}", error.hint());
}

#[test]
fn a_bundle_that_is_not_whole_is_not_served() {
    let place = Place::new();
    fs::remove_file(place.bundle().join("audio/s2.js")).unwrap();
    refused(&place, "s2.js was changed or is damaged: the study needs it, and it is not there", "pack the study again");
    let place = Place::new();
    fs::remove_file(place.bundle().join("index.html")).unwrap();
    refused(&place, "index.html", "");
    let place = Place::new();
    fs::remove_file(place.bundle().join("study.js")).unwrap();
    refused(&place, "holds no bundle", "adm survey-pack");
    assert!(!place.answers().exists(), "nothing was begun");
    let place = Place::new();
    let study = fs::read_to_string(place.bundle().join("study.js")).unwrap();
    fs::write(place.bundle().join("study.js"), study.replace("A test", "A toast")).unwrap();
    refused(&place, "SHA-256", "pack the study again");
}

#[test]
fn a_bundle_that_is_packed_again_meanwhile_is_not_half_served() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let sound = place.bundle().join("audio/s1.js");
    let tag = get(collector.address(), "/audio/s1.js").header("etag").unwrap().to_owned();
    fs::write(&sound, "other").unwrap();
    let reply = get(collector.address(), "/audio/s1.js");
    assert_eq!(reply.status, 500);
    assert!(!reply.error().contains("audio"), "paths of this machine are not for others: {}", reply.error());
    let Some(Event::Trouble { what }) = collector.event(Duration::ZERO) else { panic!("nobody was told") };
    assert!(what.contains("s1.js") && what.contains("no longer what it was"), "{what}");
    fs::remove_file(&sound).unwrap();
    assert_eq!(get(collector.address(), "/audio/s1.js").status, 500);
    assert_eq!(get(collector.address(), "/audio/s2.js").status, 200);
    // What a browser has is still what the study was.
    let kept = ask(collector.address(), "GET", "/audio/s1.js", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(kept.status, 304);
}

#[test]
fn one_folder_is_one_collector_s_and_one_bundle_s() {
    let place = Place::new();
    let first = place.start().unwrap();
    refused(&place, "answers are already being collected in", "-o ANSWERS");
    drop(first);
    place.start().unwrap();
    let other = write_bundle(&place.bundle(), "Another test");
    let error = place.start().err().unwrap();
    assert!(matches!(error, SurveyError::OtherBundle { .. }), "{error}");
    assert!(error.to_string().contains(&place.id) && error.to_string().contains(&other), "{error}");
}

#[test]
fn a_damaged_count_is_told_and_not_guessed() {
    let place = Place::new();
    place.start().unwrap();
    let path = place.answers().join(".collector");
    let good = fs::read_to_string(&path).unwrap();
    for (bad, words) in [
        (String::new(), "EOF"),
        (good[..good.len() / 2].to_owned(), "EOF"),
        (good.replace("\"version\":1", "\"version\":9"), "it is adm-collector 9, expected adm-collector 1"),
        (good.replace("null", "\"x\""), "its token is not 32 hexadecimal digits"),
        (good.replace("\"sheets\":0", "\"sheets\":-1"), "invalid value"),
    ] {
        fs::write(&path, bad).unwrap();
        refused(&place, words, "delete ");
    }
    fs::remove_file(&path).unwrap();
    place.start().unwrap();
}

#[test]
fn answers_that_somebody_damaged_are_not_overwritten() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let answers = place.answered(1, 2);
    let path = place.stored(&answers.participant);
    fs::write(&path, "half of i").unwrap();
    let reply = post(collector.address(), &text(&answers));
    assert!(reply.status == 500 && reply.error().contains("keep them"), "{reply:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "half of i");
    let Some(Event::Trouble { what }) = collector.event(Duration::ZERO) else { panic!("nobody was told") };
    assert!(what.contains(&answers.participant), "{what}");
}

#[test]
fn a_disk_that_takes_nothing_is_told_to_both_sides() {
    let place = Place::new();
    let collector = place.start().unwrap();
    // Not even root writes into a folder that is not there; it is made again where that can be, so a file takes its place.
    fs::remove_dir_all(place.answers()).unwrap();
    fs::write(place.answers(), "").unwrap();
    assert_eq!(post(collector.address(), &text(&place.answered(1, 1))).status, 500);
    assert!(matches!(collector.event(Duration::ZERO), Some(Event::Trouble { .. })));
    assert_eq!(get(collector.address(), "/collect").json()["sheet"], 0, "participants come all the same");
    assert_eq!(get(collector.address(), "/collect").json()["sheet"], 1);
    assert_eq!((collector.received(), collector.participants()), (0, 0));
}

//! `adm evaluate`.

use crate::support::{Samples, Sandbox};
use crate::trained::{CPU, SMALL_GAN, pattern, tokenized};

/// Bars of the pattern that are enough for every figure.
const ENOUGH: &str = "--beats 40";

#[test]
fn runs_datasets_and_recordings_stand_between_held_out_beats_and_noise() {
    let sandbox = tokenized();
    sandbox.adm(&format!("train gan --data d --run gan --steps 2 {SMALL_GAN}")).done();
    sandbox.wav("music.wav", 2, &pattern(20), Samples::Pcm16);
    let ran = sandbox
        .adm(&format!("evaluate --reference d --candidate gan music.wav -o page --json {CPU} {ENOUGH} --bpm 120"));
    assert_eq!(ran.code, Some(1), "what was recorded again holds copies");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["compared"], json["held_out"]);
    let kad = |set: &serde_json::Value| set["distances"]["kad"]["value"].as_f64().unwrap();
    let [gan, music] = [0, 1].map(|at| &json["candidates"][at]);
    assert_eq!((&gan["kind"], &gan["step"], &music["kind"]), (&"run".into(), &2.into(), &"recordings".into()));
    assert!(kad(&json["ceiling"]) > 300.0 && kad(&json["floor"]) < 100.0, "{json}");
    assert!(kad(gan) > kad(music) + 100.0, "two steps are noise, the same music is not");
    assert_eq!(music["copies"]["verdict"], "copies");
    assert_eq!(gan["copies"]["verdict"], "clean");
    assert!(json["floor"]["copies"].is_null() && json["ceiling"]["copies"].is_null(), "yardsticks are not audited");
    let consistency = gan["consistency_db"].as_f64().unwrap();
    assert!((-40.0..3.0).contains(&consistency) && music["consistency_db"].is_null(), "{consistency}");
    assert!(music["sound"]["tempo_error_percent"].as_f64().unwrap() < 0.2, "{}", music["sound"]);
    let page = String::from_utf8(sandbox.read("page/index.html")).unwrap();
    for words in ["In words", "Figures", "mel-KAD", "gan", "music.wav", "candidate-0-beat-0.wav"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"));
}

#[test]
fn copies_are_told_and_fail() {
    let sandbox = Sandbox::new();
    sandbox.recording("set.wav", 70.0, 1);
    sandbox.adm("prepare set.wav -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    let ran = sandbox.adm(&format!("evaluate --reference d --candidate d {CPU} {ENOUGH}"));
    let (out, err) = (&ran.stdout, &ran.stderr);
    assert_eq!(ran.code, Some(1));
    assert!(out.contains("it has the fingerprint of the reference: its training beats are found as copies"), "{out}");
    assert!(out.contains("copies of the training set"), "{out}");
    assert!(out.contains("is like set.wav at "), "{out}");
    assert!(err.starts_with("error: d holds copies of the training set\n\nhint: do not publish this"), "{err}");
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let sandbox = tokenized();
    sandbox.write("notes.txt", b"nothing");
    sandbox.adm("prepare set.wav -o other --bpm 120 --target-bpm 100 --sample-rate 8000").done();
    let refused = |words: &str| {
        let ran = sandbox.adm(&format!("evaluate {words} {CPU}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        ran.stderr
    };
    assert_eq!(
        refused("--reference d --candidate other"),
        "error: other has slices of 4800 frames, stereo, at 8000 Hz, the reference 4000 frames, stereo, at 8000 Hz\n\n\
         hint: prepare both with the same --sample-rate and --target-bpm, and --mono for both or none\n"
    );
    assert!(refused("--reference d --candidate missing").starts_with("error: cannot judge missing\n"));
    assert!(refused("--reference d --candidate notes.txt").starts_with("error: cannot judge notes.txt\n"));
    assert!(refused("--reference missing --candidate d").starts_with("error: "));
    sandbox.write("page/kept", b"mine");
    assert!(refused("--reference d --candidate d -o page").starts_with("error: page exists\n"));
    sandbox.wav("short.wav", 2, &pattern(2), Samples::Pcm16);
    sandbox.adm("prepare short.wav -o short --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    assert_eq!(
        refused("--reference short --candidate d"),
        "error: short has too few slices: 20 to learn from and 20 held out are needed\n\n\
         hint: prepare more music, or with fewer --beats-per-slice\n"
    );
}

//! Every kind of trial goes the whole way: packed, opened, answered by pretended participants, merged, scored, analysed, reported.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::{Hint, SampleRate, Seeds};
use adm_survey::analysis::analyse;
use adm_survey::answers::{MergeOptions, merge};
use adm_survey::bundle::{self, Assembled, Opened, assemble};
use adm_survey::design::{Salt, sheets_of};
use adm_survey::key::Key;
use adm_survey::presets::PRESETS;
use adm_survey::rehearsal::{Rehearsal, rehearse};
use adm_survey::report::{Material, write};
use adm_survey::scoring::{Scored, read_key, score};
use adm_survey::sources::RawSound;
use adm_survey::study::Study;
use std::collections::BTreeSet;
use std::f32::consts::TAU;
use std::fs;
use std::path::Path;

const RATE: u32 = 8_000;

/// Every kind of block and of question.
const STUDY: &str = include_str!("golden/whole.toml");

/// Three seconds of a beat over a chord that nobody else has.
fn sound(id: &str, truth: &str, item: Option<String>, number: usize) -> RawSound {
    let root = 110.0 * 2f32.powf(number as f32 / 12.0);
    let at = |frame: usize| {
        let (t, since) = (frame as f32 / RATE as f32, (frame % 4_000) as f32 / RATE as f32);
        let noise = ((frame as f32 * 12.9898 + number as f32).sin() * 43_758.547).fract();
        let kick = (TAU * 60.0 * since).sin() * (-since * 9.0).exp();
        let chord: f32 = [1.0, 1.26, 1.5].iter().map(|ratio| (TAU * root * ratio * t).sin()).sum();
        0.4 * kick + 0.08 * chord + 0.05 * noise * (-since * 20.0).exp()
    };
    RawSound {
        id: id.to_owned(),
        truth: truth.to_owned(),
        item,
        source: "made for a test".to_owned(),
        round_trip: None,
        samples: (0..RATE as usize * 3).flat_map(|frame| [at(frame); 2]).collect(),
        channels: 2,
        rate: SampleRate::new(RATE).unwrap(),
        slices: None,
    }
}

/// As many sounds as a study wants.
fn sounds_of(study: &Study) -> Vec<RawSound> {
    let named = study.stimuli.iter().flat_map(|spec| (1..=spec.count.unwrap()).map(move |number| (spec, number)));
    let made = (1..).zip(named).map(|(root, (spec, number))| {
        let of_group = |name: &str| format!("{name}-{number}");
        sound(&of_group(&spec.id), &spec.truth, spec.item.as_deref().map(of_group), root)
    });
    made.collect()
}

fn packed(salt: u8, seed: u64) -> Assembled {
    let study = Study::parse(STUDY, "whole.toml").unwrap();
    assemble(&study, &sounds_of(&study), &Salt::new([salt; 32]), seed).unwrap()
}

/// A bundle on disk, and its key.
fn written(folder: &Path) -> (Opened, Key) {
    on_disk(folder, &packed(7, 3))
}

fn on_disk(folder: &Path, assembled: &Assembled) -> (Opened, Key) {
    assembled.write(&folder.join("study"), &folder.join("study.key.json")).unwrap();
    let opened = bundle::open(&folder.join("study")).unwrap();
    let key = read_key(&folder.join("study.key.json"), &opened.manifest).unwrap();
    (opened, key)
}

fn rehearsed(folder: &Path, opened: &Opened, key: &Key, right: f64) -> Scored {
    let settings = Rehearsal { people: 40, right, spread: 0.0, attention: 0.9 };
    let answers = rehearse(opened, key, &settings, Seeds::new(5)).unwrap();
    let file = folder.join(format!("answers-{right}.json"));
    fs::write(&file, serde_json::to_vec(&answers).unwrap()).unwrap();
    let merged = merge(&[file], &opened.manifest, &opened.id, &MergeOptions::default()).unwrap();
    assert_eq!(merged.listed, [], "the page could have given every answer");
    assert_eq!(merged.accepted.len(), 40);
    let scored = score(&opened.manifest, key, &merged.accepted).unwrap();
    let findings = analyse(&scored, key, &opened.manifest, Seeds::new(0));
    let report = folder.join(format!("report-{right}"));
    write(&report, &findings, &Material { merged: &merged, scored: &scored, key }).unwrap();
    assert!(fs::read_to_string(report.join("report.html")).unwrap().contains("The whole of it"));
    scored
}

#[test]
fn who_is_always_right_is_found_to_be_so_in_every_kind_of_trial() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, key) = written(folder.path());
    let scored = rehearsed(folder.path(), &opened, &key, 1.0);
    let rights: BTreeSet<(&str, Option<bool>)> =
        scored.responses.iter().filter(|one| !one.attention).map(|one| (&*one.question, one.right)).collect();
    for question in ["origin", "machine", "which", "abx"] {
        assert!(rights.contains(&(question, Some(true))) && !rights.contains(&(question, Some(false))), "{rights:?}");
    }
    let scored = rehearsed(folder.path(), &opened, &key, 0.0);
    let right = scored.responses.iter().filter(|one| one.question == "abx" && one.right == Some(true)).count();
    assert_eq!(right, 0);
}

#[test]
fn who_attends_answers_as_attention_items_ask_wherever_their_samples_are() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, key) = written(folder.path());
    let settings = Rehearsal { people: 40, right: 0.5, spread: 0.0, attention: 1.0 };
    let answers = rehearse(&opened, &key, &settings, Seeds::new(5)).unwrap();
    let scored = score(&opened.manifest, &key, &answers).unwrap();
    // On a page of questions, by a truth, and by ids.
    assert!(scored.people.iter().all(|person| person.attention == (3, 3)), "{:?}", scored.people[0]);
    let places: BTreeSet<&str> = scored
        .responses
        .iter()
        .filter(|one| one.attention && one.question == "machine")
        .map(|one| &*one.value)
        .collect();
    assert_eq!(places, BTreeSet::from(["1", "2"]), "the same sample at either place");
}

#[test]
fn every_preset_can_be_rehearsed() {
    let whole = Study::parse(STUDY, "whole.toml").unwrap();
    for (name, text) in PRESETS {
        let folder = tempfile::tempdir().unwrap();
        let study = Study { sound: whole.sound.clone(), ..Study::parse(text, name).unwrap() };
        let assembled = assemble(&study, &sounds_of(&study), &Salt::new([7; 32]), 3).unwrap();
        let (opened, key) = on_disk(folder.path(), &assembled);
        let settings = Rehearsal { people: 40, right: 0.6, spread: 1.0, attention: 0.9 };
        let answers =
            rehearse(&opened, &key, &settings, Seeds::new(5)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!score(&opened.manifest, &key, &answers).unwrap().responses.is_empty(), "{name}");
    }
}

#[test]
fn what_the_page_cannot_give_is_an_error_that_names_the_question() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, mut key) = written(folder.path());
    let care = key.study.questions.iter_mut().find(|question| question.id == "care").unwrap();
    care.expect = Some("perhaps".to_owned());
    let settings = Rehearsal { people: 1, right: 0.5, spread: 0.0, attention: 1.0 };
    let error = rehearse(&opened, &key, &settings, Seeds::new(5)).unwrap_err();
    let words = "the rehearsal gave impossible answers: question \"care\" (page 2) has the response \"perhaps\"";
    assert!(error.to_string().starts_with(words), "{error}");
    assert!(error.hint().unwrap().contains("expect"));
}

#[test]
fn a_half_hearing_cohort_is_near_half_in_every_scored_question() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, key) = written(folder.path());
    let scored = rehearsed(folder.path(), &opened, &key, 0.5);
    for question in ["origin", "machine", "abx"] {
        let judged: Vec<bool> = scored
            .responses
            .iter()
            .filter(|one| one.question == question && !one.attention)
            .filter_map(|one| one.right)
            .collect();
        let share = judged.iter().filter(|right| **right).count() as f64 / judged.len() as f64;
        // Four standard deviations of so many fair coins.
        let tolerance = 4.0 * (0.25 / judged.len() as f64).sqrt();
        assert!((share - 0.5).abs() < tolerance, "{question}: {share} of {}", judged.len());
    }
}

#[test]
fn the_same_salt_and_seed_give_the_same_bundle_and_others_another() {
    let (one, same) = (packed(7, 3), packed(7, 3));
    assert_eq!((&one.manifest, &one.key, &one.prepared), (&same.manifest, &same.key, &same.prepared));
    let (salted, seeded) = (packed(8, 3), packed(7, 4));
    assert_ne!(one.manifest, salted.manifest);
    assert_ne!(one.manifest, seeded.manifest);
    assert_eq!(one.prepared, seeded.prepared, "the public seed changes no sound");
}

#[test]
fn sheets_are_drawn_again_from_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, key) = written(folder.path());
    assert_eq!(sheets_of(&key).unwrap(), opened.manifest.sheets);
}

#[test]
fn nothing_in_the_folder_says_what_is_what() {
    let folder = tempfile::tempdir().unwrap();
    let (opened, key) = written(folder.path());
    let bundle = folder.path().join("study");
    let mut sizes = BTreeSet::new();
    for entry in fs::read_dir(bundle.join("audio")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(name.len() == 17 && name[1..].bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        let text = fs::read_to_string(&path).unwrap();
        let base64 = text.strip_prefix(&format!("adm.sound(\"{name}\",\"")).unwrap().strip_suffix("\");\n").unwrap();
        sizes.insert(base64.len());
        let head = &base64[..60];
        // RIFF, WAVE, fmt and data at once: no other chunk.
        assert!(head.starts_with("UklGR") && base64.len() % 4 == 0, "{head}");
    }
    assert_eq!(sizes.len(), 1, "all sounds have one size: {sizes:?}");
    // Ids, truths as data, sources and the salt are in the key alone. Options name truths, as questions must.
    let study = fs::read_to_string(bundle.join("study.js")).unwrap();
    assert!(!study.contains(&key.salt) && !study.contains("made for a test"));
    for stimulus in &key.stimuli {
        assert!(study.contains(&stimulus.name) || stimulus.name.is_empty());
        assert!(stimulus.id.is_empty() || !study.contains(&stimulus.id), "{}", stimulus.id);
    }
    for word in ["truth", "scoring", "expect", "target"] {
        assert!(!study.contains(word), "{word}");
    }
    // An X or a hidden reference is not, byte for byte, what it is a copy of.
    let files: BTreeSet<Vec<u8>> = key
        .stimuli
        .iter()
        .map(|stimulus| {
            let text = fs::read_to_string(bundle.join(format!("audio/{}.js", stimulus.name))).unwrap();
            text.into_bytes().split_off(40)
        })
        .collect();
    assert_eq!(files.len(), key.stimuli.len());
    assert!(!fs::read_dir(&bundle).unwrap().any(|entry| entry.unwrap().file_name().to_str().unwrap().contains("key")));
    assert_eq!(opened.manifest.commitment.len(), 64);
}

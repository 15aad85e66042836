//! Bundles of whole studies, with short sounds.

use super::assemble;
use crate::SurveyError;
use crate::design::Salt;
use crate::sources::RawSound;
use crate::study::Study;
use adm_core::{Hint, SampleRate};

const RATE: u32 = 8_000;

/// A second of a chord that no other number has.
fn sound(truth: &str, number: usize) -> RawSound {
    let root = 110.0 * 2f32.powf((number % 24) as f32 / 12.0);
    let at = |frame: usize| {
        let phase = std::f32::consts::TAU * root * frame as f32 / RATE as f32;
        let noise = ((frame as f32 * 12.9898 + number as f32).sin() * 43_758.547).fract();
        0.1 * (phase.sin() + (1.26 * phase).sin() + noise)
    };
    RawSound {
        id: format!("{truth}-{number}"),
        truth: truth.to_owned(),
        item: None,
        source: "made for a test".to_owned(),
        round_trip: None,
        samples: (0..RATE as usize).map(at).collect(),
        channels: 1,
        rate: SampleRate::new(RATE).unwrap(),
        slices: None,
    }
}

/// Sounds of both truths, each heard alone.
fn study(each: usize, participants: usize, more: &str) -> (Study, Vec<RawSound>) {
    let stimuli: String = ["ai", "human"]
        .iter()
        .map(|truth| {
            format!("[[stimuli]]\nid = '{truth}'\ntruth = '{truth}'\ncount = {each}\nfolder = {{ path = '{truth}' }}\n")
        })
        .collect();
    let text = format!(
        "title = 'x'\nparticipants = {participants}\n[sound]\nseconds = 1.0\nsample_rate = {RATE}\nchannels = 1\n{stimuli}\
         [[questions]]\nid = 'origin'\ntext = 'x'\nkind = 'choice'\noptions = ['ai', 'human']\neach_sample = true\n\
         [[blocks]]\nid = 'all'\nquestions = ['origin']\nalone = ['ai', 'human']\n{more}"
    );
    let sounds = ["ai", "human"].iter().flat_map(|truth| (1..=each).map(|number| sound(truth, number))).collect();
    (Study::parse(&text, "study.toml").unwrap(), sounds)
}

fn salt() -> Salt {
    Salt::new([1; 32])
}

#[test]
fn what_could_not_be_opened_again_is_not_made() {
    let (study, sounds) = study(70, 10_000, "");
    let error = assemble(&study, &sounds, &salt(), 0).map(drop).unwrap_err();
    assert!(matches!(&error, SurveyError::Study { place, .. } if place == "participants"), "{error}");
    assert!(error.to_string().contains("with sheets of 140 trials for 10000 people, study.js would have "), "{error}");
    assert!(error.hint().unwrap().contains("per_participant"));
}

#[test]
fn manifests_have_no_spaces_between_sheets() {
    let (study, sounds) = study(2, 10, "");
    let manifest = assemble(&study, &sounds, &salt(), 0).unwrap().manifest;
    assert!(!manifest.contains('\n') && manifest.contains("\",\"slots\":[0]}"), "{manifest}");
}

#[test]
fn sheets_that_do_not_come_out_even_are_told() {
    let (study, sounds) = study(4, 10, "per_participant = 3\n");
    assert!(assemble(&study, &sounds, &salt(), 0).unwrap().counts.even);
    let (large, sounds) = self::study(4, 2_001, "per_participant = 3\n");
    assert!(!assemble(&large, &sounds, &salt(), 0).unwrap().counts.even);
}

//! Whether sounds can be had and made alike.

use super::{distinct, known_truth, named, unknown, within};
use crate::SurveyError;
use crate::study::{Bandwidth, DatasetPlace, FilePlace, Place, StimulusSpec, Study, representation};
use adm_core::nearest_key;
use adm_dataset::Split;

/// Shortest and longest stimulus in seconds. Loudness is measured in blocks of 0.4 s; longer ones tire people, and bundles have to be
/// loaded.
const SECONDS: [f64; 2] = [1.0, 600.0];

/// Rates in Hz that every browser must play (Web Audio API, section 1.2.5).
const RATES: [u32; 2] = [8_000, 96_000];

/// Loudest stimulus in LUFS, and the quietest.
const LOUDNESS: [f64; 2] = [-60.0, -5.0];

/// Lowest and highest limit of true peaks, in dBTP.
const TRUE_PEAK: [f64; 2] = [-20.0, 0.0];

/// Share of a stimulus that its fade in may take, and its fade out again.
const EDGE: f64 = 0.25;

/// Lowest limit of bandwidth, in Hz; the highest is half the rate.
const BANDWIDTH: f64 = 500.0;

/// Slowest and fastest tempo whose beats are slices.
const BPM: [f64; 2] = [40.0, 300.0];

/// The latest start of a passage, in seconds: a day.
const LATEST: f64 = 86_400.0;

/// Most sounds of a group.
const MOST: usize = 10_000;

/// What all stimuli have in common.
pub(super) fn check(study: &Study) -> Result<(), SurveyError> {
    let sound = &study.sound;
    between("sound.seconds", sound.seconds, SECONDS)?;
    between("sound.sample_rate", sound.sample_rate, RATES)?;
    between("sound.channels", sound.channels, [1, 2])?;
    between("sound.loudness", sound.loudness, LOUDNESS)?;
    between("sound.true_peak", sound.true_peak, TRUE_PEAK)?;
    between("sound.edge", sound.edge, [0.0, EDGE * sound.seconds])?;
    if let Bandwidth::Hz(hz) = sound.bandwidth {
        between("sound.bandwidth.hz", hz, [BANDWIDTH, f64::from(sound.sample_rate) / 2.0])?;
    }
    let Some(round_trip) = &sound.round_trip else { return Ok(()) };
    between("sound.round_trip.bpm", round_trip.bpm, BPM)?;
    round_trip.sample_rate.map_or(Ok(()), |rate| between("sound.round_trip.sample_rate", rate, RATES))?;
    check_representation("sound.round_trip.representation", &round_trip.representation)?;
    let known = study.truths();
    round_trip.truths.iter().try_for_each(|truth| known_truth("sound.round_trip", truth, &known))
}

/// What stimuli are called, and where they come from.
pub(super) fn check_stimuli(study: &Study) -> Result<(), SurveyError> {
    if study.stimuli.is_empty() {
        return Err(SurveyError::study("stimuli", "there are none"));
    }
    distinct("stimuli", study.stimuli.iter().map(|stimulus| &*stimulus.id))?;
    study.stimuli.iter().try_for_each(check_stimulus)
}

fn check_stimulus(stimulus: &StimulusSpec) -> Result<(), SurveyError> {
    let place = format!("stimuli.{}", stimulus.id);
    let of = |key: &str| format!("{place}.{key}");
    named(&place, "a truth", &stimulus.truth)?;
    stimulus.item.as_deref().map_or(Ok(()), |item| named(&place, "an item", item))?;
    stimulus.count.map_or(Ok(()), |count| between(&of("count"), count, [1, MOST]))?;
    stimulus.round_trip.as_deref().map_or(Ok(()), |name| check_representation(&of("round_trip"), name))?;
    match &stimulus.place {
        Place::File(FilePlace { start, .. }) => between(&of("file.start"), *start, [0.0, LATEST]),
        Place::Dataset(DatasetPlace { split, .. }) => check_split(&of("dataset.split"), split),
        Place::Folder(_) | Place::Run(_) => Ok(()),
    }
}

fn check_split(place: &str, split: &str) -> Result<(), SurveyError> {
    let known: Vec<String> = Split::ALL.iter().map(Split::to_string).chain(["any".to_owned()]).collect();
    if known.iter().any(|name| name == split) {
        return Ok(());
    }
    let problem = unknown("there is no split", split, known.iter().map(String::as_str));
    Err(SurveyError::study(place, problem).or(format!("choose one of {}", known.join(", "))))
}

/// Music may be generated for an hour before a round trip is made, so its name is looked at beforehand.
fn check_representation(place: &str, name: &str) -> Result<(), SurveyError> {
    let Err(error) = representation(name) else { return Ok(()) };
    // "unknown variant `x`, expected one of `stereo-complex`, `log-frequency`, …"
    let message = error.to_string();
    let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
    let near = nearest_key(&message).map(|near| format!(", but {near}")).unwrap_or_default();
    Err(SurveyError::study(place, format!("there is no representation \"{name}\"{near}"))
        .or(format!("choose one of {}", known.join(", "))))
}

fn between<T: PartialOrd + std::fmt::Display>(place: &str, value: T, [low, high]: [T; 2]) -> Result<(), SurveyError> {
    within(place, value, low, high)
}

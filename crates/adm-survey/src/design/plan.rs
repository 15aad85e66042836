//! Which sounds meet in which trial.

use super::planner::Planner;
use super::predictable;
use crate::SurveyError;
use crate::key::Role;
use crate::study::{BlockSpec, Order, Study};
use adm_core::Seeds;
use std::collections::{BTreeMap, BTreeSet};

/// What planning needs to know of a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is.
    pub truth: &'a str,
    /// The passage that it is a version of.
    pub item: Option<&'a str>,
}

/// A sample of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedSample {
    /// Index of the sound.
    pub sound: usize,
    /// What it is for.
    pub role: Role,
}

/// A trial before it has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTrial {
    /// What reports call it.
    pub id: String,
    /// Its block.
    pub block: String,
    /// Its samples, in an order drawn under the salt; as given where the block says so.
    pub samples: Vec<PlannedSample>,
    /// The open reference of a MUSHRA trial.
    pub reference: Option<PlannedSample>,
    /// Of an ABX trial: which of `samples` each candidate for X is, in an order drawn under the salt.
    pub copies: Vec<usize>,
    /// Answers that show attention, as in [`KeyTrial::expect`](crate::key::KeyTrial::expect).
    pub expect: BTreeMap<String, String>,
}

/// Plans all trials of a study, block by block.
///
/// `seeds` are the salt's: whoever knows them knows what the bundle hides.
///
/// # Errors
/// [`SurveyError::Study`] for ids that no sound has, too few sounds, versions that do not match, and orders that would give the
/// answers away.
pub fn plan(study: &Study, sounds: &[Sound<'_>], seeds: Seeds) -> Result<Vec<PlannedTrial>, SurveyError> {
    let mut ids = BTreeSet::new();
    if let Some(twice) = sounds.iter().find(|sound| !ids.insert(sound.id)) {
        return Err(SurveyError::study("stimuli", format!("two sounds are called \"{}\"", twice.id)));
    }
    let examples = examples(study, sounds)?;
    let mut used = examples.clone();
    let mut trials = Vec::new();
    for (number, block) in study.blocks.iter().enumerate() {
        let mut planner =
            Planner { block, sounds, used, examples: &examples, random: seeds.stream("trials", number as u64) };
        let planned = planner.plan()?;
        used = planner.used;
        check_numbers(block, &planned)?;
        if block.order == Order::AsGiven {
            predictable::check(block, &planned, sounds)?;
        }
        trials.extend(planned);
    }
    Ok(trials)
}

/// The sounds whose truth is told beforehand.
fn examples(study: &Study, sounds: &[Sound<'_>]) -> Result<BTreeSet<usize>, SurveyError> {
    let samples = study.pages.iter().flat_map(|page| &page.samples);
    samples.map(|sample| find(sounds, &sample.id, "pages")).collect()
}

pub(super) fn find(sounds: &[Sound<'_>], id: &str, place: &str) -> Result<usize, SurveyError> {
    let found = sounds.iter().position(|sound| sound.id == id);
    found.ok_or_else(|| {
        let near = adm_core::nearest(id, sounds.iter().map(|sound| sound.id));
        let near = near.map(|near| format!(", but {near}")).unwrap_or_default();
        SurveyError::study(place, format!("there is no stimulus \"{id}\"{near}"))
    })
}

/// Whether each participant can hear as many trials as the block says.
fn check_numbers(block: &BlockSpec, planned: &[PlannedTrial]) -> Result<(), SurveyError> {
    let normal = planned.iter().filter(|trial| trial.expect.is_empty()).count();
    let heard = block.per_participant.unwrap_or(normal);
    let place = format!("blocks.{}", block.id);
    if heard > normal {
        return Err(SurveyError::study(place, format!("per_participant is {heard}, but there are {normal} trials")));
    }
    if block.repeats > heard {
        return Err(SurveyError::study(
            place,
            format!("repeats is {}, but each participant hears {heard}", block.repeats),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = include_str!("../study/small.toml");

    fn sounds(real: usize, fake: usize) -> Vec<(String, &'static str, String)> {
        let of = |id: &'static str, truth: &'static str, count| {
            (1..=count).map(move |number| (format!("{id}-{number}"), truth, format!("song-{number}")))
        };
        of("real", "human", real).chain(of("fake", "ai", fake)).collect()
    }

    fn planned(
        text: &str,
        sounds: &[(String, &'static str, String)],
        seed: u64,
    ) -> Result<Vec<PlannedTrial>, SurveyError> {
        let sounds: Vec<_> = sounds.iter().map(|(id, truth, item)| Sound { id, truth, item: Some(item) }).collect();
        plan(&Study::parse(text, "study.toml").unwrap(), &sounds, Seeds::new(seed))
    }

    #[test]
    fn every_trial_has_the_truths_that_were_asked_for_and_no_sound_comes_twice() {
        let sounds = sounds(4, 4);
        let trials = planned(SMALL, &sounds, 1).unwrap();
        let mut seen = BTreeSet::new();
        assert_eq!(trials.len(), 3);
        for trial in &trials {
            let mut truths: Vec<_> = trial.samples.iter().map(|sample| sounds[sample.sound].1).collect();
            truths.sort_unstable();
            assert_eq!(truths, ["ai", "human"]);
            trial.samples.iter().for_each(|sample| assert!(seen.insert(sample.sound)));
        }
    }

    #[test]
    fn the_hidden_order_has_no_favourite() {
        let sounds = sounds(4, 4);
        let first = |seed| sounds[planned(SMALL, &sounds, seed).unwrap()[0].samples[0].sound].1 == "ai";
        let count = (0..400).filter(|&seed| first(seed)).count();
        // Five standard deviations of 400 fair coins.
        assert!((150..250).contains(&count), "{count}");
    }

    #[test]
    fn sounds_alone_are_what_other_trials_leave() {
        let sounds = sounds(4, 4);
        let text = SMALL.replace("count = 3", "count = 3\nalone = ['ai', 'human']");
        let trials = planned(&text, &sounds, 1).unwrap();
        assert_eq!(trials.iter().map(|trial| trial.samples.len()).collect::<Vec<_>>(), [2, 2, 2, 1, 1]);
        let second = SMALL.to_owned() + "[[blocks]]\nid = 'more'\nquestions = ['origin']\nalone = ['ai']\n";
        let trials = planned(&second, &sounds, 1).unwrap();
        assert_eq!(trials.iter().filter(|trial| trial.block == "more").count(), 1);
        let error = planned(&second.replace("count = 3", "count = 4"), &sounds, 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.more: has no sounds left; other blocks have them all");
    }

    #[test]
    fn matched_trials_have_versions_of_one_item() {
        let sounds = sounds(4, 3);
        let text = SMALL.replace("count = 3", "matched = true");
        let trials = planned(&text, &sounds, 1).unwrap();
        assert_eq!(trials.len(), 3);
        assert!(trials.iter().all(|trial| sounds[trial.samples[0].sound].2 == sounds[trial.samples[1].sound].2));
        let error = planned(&text.replace("matched = true", "matched = true\ncount = 4"), &sounds, 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.pairs: needs 4 items that have all versions, and there are 3");
    }

    #[test]
    fn too_few_sounds_are_counted() {
        let error = planned(SMALL, &sounds(4, 2), 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.pairs: needs 3 sounds of the truth \"ai\", and there are 2");
        let more = SMALL.replace("count = 3", "count = 3\nper_participant = 4");
        let error = planned(&more, &sounds(4, 4), 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.pairs: per_participant is 4, but there are 3 trials");
    }

    #[test]
    fn a_mushra_trial_has_hidden_reference_anchors_and_all_versions() {
        let sounds: Vec<(String, &'static str, String)> = ["original", "coarse", "fine"]
            .iter()
            .flat_map(|&truth| {
                (1..=2).map(move |number| (format!("{truth}-{number}"), truth, format!("song-{number}")))
            })
            .collect();
        let text = "title = 'Codecs'\n[[stimuli]]\nid = 'a'\ntruth = 'original'\nfile = { path = 'a.wav' }\n\
                    [[blocks]]\nid = 'rate'\nkind = 'mushra'\ndraw = { original = 1 }\n";
        let trials = planned(text, &sounds, 3).unwrap();
        assert_eq!(trials.len(), 2);
        for trial in &trials {
            let mut roles: Vec<_> = trial.samples.iter().map(|sample| sample.role).collect();
            roles.sort_unstable();
            assert_eq!(roles, [Role::Sample, Role::Sample, Role::HiddenReference, Role::LowAnchor, Role::MidAnchor]);
            let reference = trial.reference.unwrap();
            assert!(trial.samples.iter().all(|sample| sounds[sample.sound].2 == sounds[reference.sound].2));
        }
    }

    #[test]
    fn orders_that_give_the_answer_away_are_refused() {
        let trials: String = (1..=3)
            .map(|number| format!("[[blocks.trials]]\nsamples = ['fake-{number}', 'real-{number}']\n"))
            .collect();
        let text = SMALL.replace("draw = { ai = 1, human = 1 }\ncount = 3\n", "order = 'as-given'\n") + &trials;
        let error = planned(&text, &sounds(4, 4), 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.pairs: with order = \"as-given\", place 1 is \"ai\" in every trial");
        let mixed = text
            .replace("'fake-2', 'real-2'", "'real-2', 'fake-2'")
            .replace("'fake-3', 'real-3'", "'real-3', 'fake-3'");
        planned(&mixed, &sounds(4, 4), 1).unwrap();
    }
}

//! Which sounds meet in which trial.

use super::predictable;
use crate::SurveyError;
use crate::key::Role;
use crate::manifest::{BlockKind, MOST_SAMPLES};
use crate::study::{BlockSpec, Order, Study};
use adm_core::Seeds;
use adm_core::seeds::{StreamRng, shuffle};
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
    /// Answers that show attention.
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
    let mut used = examples(study, sounds)?;
    let mut trials = Vec::new();
    for (number, block) in study.blocks.iter().enumerate() {
        let mut planner = Planner { block, sounds, used, random: seeds.stream("trials", number as u64) };
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

fn find(sounds: &[Sound<'_>], id: &str, place: &str) -> Result<usize, SurveyError> {
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

/// Plans the trials of one block.
struct Planner<'a> {
    block: &'a BlockSpec,
    sounds: &'a [Sound<'a>],
    /// Sounds that are examples or in a trial already.
    used: BTreeSet<usize>,
    random: StreamRng,
}

impl Planner<'_> {
    fn place(&self) -> String {
        format!("blocks.{}", self.block.id)
    }

    /// Trials that are given, then those that are drawn, then sounds alone.
    fn plan(&mut self) -> Result<Vec<PlannedTrial>, SurveyError> {
        let mut planned = self.given()?;
        self.remember(&planned);
        let drawn = self.drawn(planned.len())?;
        self.remember(&drawn);
        planned.extend(drawn);
        let alone: Vec<usize> = self.block.alone.iter().flat_map(|truth| self.pool(truth)).collect();
        let first = planned.len();
        planned.extend(alone.into_iter().enumerate().map(|(number, sound)| self.trial(vec![sound], first + number)));
        self.remember(&planned);
        match planned.is_empty() {
            true => Err(SurveyError::study(self.place(), "has no sounds left; other blocks have them all")),
            false => Ok(planned),
        }
    }

    fn remember(&mut self, planned: &[PlannedTrial]) {
        self.used.extend(planned.iter().flat_map(|trial| &trial.samples).map(|sample| sample.sound));
    }

    /// The trials that the study names.
    fn given(&mut self) -> Result<Vec<PlannedTrial>, SurveyError> {
        let mut planned = Vec::new();
        for (number, trial) in self.block.trials.iter().enumerate() {
            let place = self.place();
            let sounds: Vec<usize> =
                trial.samples.iter().map(|id| find(self.sounds, id, &place)).collect::<Result<_, _>>()?;
            if let Some(known) = sounds.iter().find(|sound| self.used.contains(sound)) {
                let problem = format!("\"{}\" is an example, or in another block", self.sounds[*known].id);
                return Err(SurveyError::study(place, problem));
            }
            let mut made = self.trial(sounds, number);
            made.expect = trial.expect.clone();
            planned.push(made);
        }
        Ok(planned)
    }

    /// The trials that are drawn, the first of them the block's `first`.
    fn drawn(&mut self, first: usize) -> Result<Vec<PlannedTrial>, SurveyError> {
        if self.block.draw.is_empty() {
            return Ok(Vec::new());
        }
        if self.block.kind == BlockKind::Mushra {
            return self.versions();
        }
        let groups = if self.block.matched { self.matched()? } else { self.any()? };
        Ok(groups.into_iter().enumerate().map(|(number, sounds)| self.trial(sounds, first + number)).collect())
    }

    /// Sounds of one truth that may be drawn.
    fn pool(&self, truth: &str) -> Vec<usize> {
        let free = |sound: &usize| !self.used.contains(sound);
        (0..self.sounds.len()).filter(|&sound| self.sounds[sound].truth == truth).filter(free).collect()
    }

    /// Groups of any sounds of the wanted truths.
    fn any(&mut self) -> Result<Vec<Vec<usize>>, SurveyError> {
        let mut pools = Vec::new();
        for (truth, &count) in &self.block.draw {
            let mut pool = self.pool(truth);
            shuffle(&mut pool, &mut self.random);
            pools.push((truth, count, pool));
        }
        let most = pools.iter().map(|(_, count, pool)| pool.len() / count).min().unwrap_or(0);
        let wanted = self.block.count.unwrap_or(most.max(1));
        if let Some((truth, count, pool)) = pools.iter().find(|(_, count, pool)| pool.len() / count < wanted) {
            return Err(self.too_few(truth, wanted * *count, pool.len()));
        }
        let group = |number: usize| {
            pools
                .iter()
                .flat_map(|(_, count, pool)| pool[number * count..(number + 1) * count].iter().copied())
                .collect()
        };
        Ok((0..wanted).map(group).collect())
    }

    fn too_few(&self, truth: &str, needed: usize, there: usize) -> SurveyError {
        let plural = if there == 1 { "is" } else { "are" };
        let problem = format!("needs {needed} sounds of the truth \"{truth}\", and there {plural} {there}");
        SurveyError::study(self.place(), problem)
            .or(format!("raise count of the stimuli, or lower count of block {}", self.block.id))
    }

    /// Groups of versions of one item, with the wanted truths.
    fn matched(&mut self) -> Result<Vec<Vec<usize>>, SurveyError> {
        let mut items: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (truth, &count) in &self.block.draw {
            for (item, mut versions) in self.by_item(self.pool(truth)) {
                versions.truncate(count);
                items.entry(item).or_default().extend(versions);
            }
        }
        let size: usize = self.block.draw.values().sum();
        let mut groups: Vec<_> = items.into_values().filter(|group| group.len() == size).collect();
        let wanted = self.block.count.unwrap_or(groups.len().max(1));
        if groups.len() < wanted {
            let problem = format!("needs {wanted} items that have all versions, and there are {}", groups.len());
            return Err(SurveyError::study(self.place(), problem)
                .or("give stimuli the same item, or leave matched out to pair any sounds"));
        }
        shuffle(&mut groups, &mut self.random);
        groups.truncate(wanted);
        Ok(groups)
    }

    /// Sounds by the item that they are versions of.
    fn by_item(&self, pool: Vec<usize>) -> BTreeMap<&str, Vec<usize>> {
        let mut items: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for sound in pool {
            if let Some(item) = self.sounds[sound].item {
                items.entry(item).or_default().push(sound);
            }
        }
        items
    }

    /// MUSHRA trials: every version of an item against its reference.
    fn versions(&mut self) -> Result<Vec<PlannedTrial>, SurveyError> {
        let truth = self.block.draw.keys().next().cloned().unwrap_or_default();
        let references = self.pool(&truth);
        let wanted = self.block.count.unwrap_or(references.len().max(1));
        if references.len() < wanted {
            return Err(self.too_few(&truth, wanted, references.len()));
        }
        references.into_iter().take(wanted).enumerate().map(|(number, sound)| self.mushra(sound, number)).collect()
    }

    fn mushra(&mut self, reference: usize, number: usize) -> Result<PlannedTrial, SurveyError> {
        let Sound { id, truth, item } = self.sounds[reference];
        let wrong = |problem: String| {
            Err(SurveyError::study(self.place(), problem)
                .or("give the reference and all its versions the same item, and each version a truth of its own"))
        };
        let Some(item) = item else { return wrong(format!("the reference \"{id}\" has no item")) };
        let versions: Vec<usize> = (0..self.sounds.len())
            .filter(|&other| self.sounds[other].item == Some(item) && self.sounds[other].truth != truth)
            .collect();
        if versions.is_empty() {
            return wrong(format!("the reference \"{id}\" has no other version of item {item}"));
        }
        let judged = versions.into_iter().map(|sound| PlannedSample { sound, role: Role::Sample });
        let mut samples: Vec<PlannedSample> = judged.collect();
        samples.push(PlannedSample { sound: reference, role: Role::HiddenReference });
        if self.block.anchors {
            samples.extend([Role::LowAnchor, Role::MidAnchor].map(|role| PlannedSample { sound: reference, role }));
        }
        if samples.len() > MOST_SAMPLES {
            let problem = format!(
                "the trial of item {item} has {} conditions; a MUSHRA trial has at most {MOST_SAMPLES}",
                samples.len()
            );
            return Err(SurveyError::study(self.place(), problem));
        }
        let mut trial = self.arranged(samples, number);
        trial.reference = Some(PlannedSample { sound: reference, role: Role::Reference });
        Ok(trial)
    }

    fn trial(&mut self, sounds: Vec<usize>, number: usize) -> PlannedTrial {
        let samples = sounds.into_iter().map(|sound| PlannedSample { sound, role: Role::Sample }).collect();
        let mut trial = self.arranged(samples, number);
        if self.block.kind == BlockKind::Abx {
            trial.copies = vec![0, 1];
            shuffle(&mut trial.copies, &mut self.random);
        }
        trial
    }

    /// A trial whose samples are in an order that says nothing, unless the study wants its own.
    fn arranged(&mut self, mut samples: Vec<PlannedSample>, number: usize) -> PlannedTrial {
        if self.block.order == Order::Random {
            shuffle(&mut samples, &mut self.random);
        }
        PlannedTrial {
            id: format!("{}-{}", self.block.id, number + 1),
            block: self.block.id.clone(),
            samples,
            reference: None,
            copies: Vec::new(),
            expect: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = include_str!("../study/small.toml");

    fn sounds(real: usize, fake: usize) -> Vec<(String, &'static str, String)> {
        let of = |truth: &'static str, count| {
            (1..=count).map(move |number| (format!("{truth}-{number}"), truth, format!("song-{number}")))
        };
        of("human", real).chain(of("ai", fake)).collect()
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
        let trials: String =
            (1..=3).map(|number| format!("[[blocks.trials]]\nsamples = ['ai-{number}', 'human-{number}']\n")).collect();
        let text = SMALL.replace("draw = { ai = 1, human = 1 }\ncount = 3\n", "order = 'as-given'\n") + &trials;
        let error = planned(&text, &sounds(4, 4), 1).unwrap_err();
        assert_eq!(error.to_string(), "blocks.pairs: with order = \"as-given\", place 1 is \"ai\" in every trial");
        let mixed =
            text.replace("'ai-2', 'human-2'", "'human-2', 'ai-2'").replace("'ai-3', 'human-3'", "'human-3', 'ai-3'");
        planned(&mixed, &sounds(4, 4), 1).unwrap();
    }
}

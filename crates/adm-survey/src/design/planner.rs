//! The trials of one block: given, drawn, alone.

use super::plan::{PlannedSample, PlannedTrial, Sound, find};
use crate::SurveyError;
use crate::key::Role;
use crate::manifest::{BlockKind, MOST_SAMPLES};
use crate::study::{BlockSpec, Order};
use adm_core::seeds::{StreamRng, shuffle};
use std::collections::{BTreeMap, BTreeSet};

/// Plans the trials of one block.
pub(super) struct Planner<'a> {
    pub block: &'a BlockSpec,
    pub sounds: &'a [Sound<'a>],
    /// Sounds that are examples or in a trial already.
    pub used: BTreeSet<usize>,
    /// Sounds whose truth is told beforehand.
    pub examples: &'a BTreeSet<usize>,
    pub random: StreamRng,
}

impl Planner<'_> {
    fn place(&self) -> String {
        format!("blocks.{}", self.block.id)
    }

    /// Trials that are given, then those that are drawn, then sounds alone.
    pub(super) fn plan(&mut self) -> Result<Vec<PlannedTrial>, SurveyError> {
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
                let problem = format!("\"{}\" is an example, or in another trial", self.sounds[*known].id);
                return Err(SurveyError::study(place, problem));
            }
            self.used.extend(&sounds);
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
        if let Some(known) = versions.iter().find(|version| self.examples.contains(version)) {
            return wrong(format!("the version \"{}\" is an example whose truth is told", self.sounds[*known].id));
        }
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

//! From a study and its sounds to all that a bundle holds.

use super::open::MOST_BYTES;
use super::words::words;
use crate::SurveyError;
use crate::design::{PlannedSample, PlannedTrial, Salt, Sound, come_out_even, plan, shapes, sheets};
use crate::digest::sha256;
use crate::key::{Key, KeyStimulus, KeyTrial, Role};
use crate::manifest::{Block, Manifest, Page, PageKind, Question, SoundFormat, Trial};
use crate::sound::{Audited, Leak, Prepared, Wanted, audit, prepare};
use crate::sources::RawSound;
use crate::study::{BlockSpec, PageSpec, Study};
use adm_core::Seeds;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Length of the cross-fade between samples, as BS.1534 test software has it.
const FADE_MS: f64 = 5.0;

/// All that a bundle and its key hold, in memory.
#[derive(Debug)]
pub struct Assembled {
    /// The manifest's JSON text; its SHA-256 is the bundle's id.
    pub manifest: String,
    /// The key's JSON text.
    pub key: String,
    /// The stimuli.
    pub prepared: Prepared,
    /// Trials, and sheets to see them by.
    pub counts: Counts,
    /// What tells truths apart without listening.
    pub leaks: Vec<Leak>,
}

/// How large a bundle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Trials of all blocks.
    pub trials: usize,
    /// Trials that one participant hears, repeated ones included.
    pub heard: usize,
    /// Sheets.
    pub sheets: usize,
    /// Whether over all sheets every trial is heard equally often, and every sample at every place; if not, nearly so.
    pub even: bool,
}

/// Puts a bundle together.
///
/// `seed` is public and gives the sheets; `salt` is the key's and gives names, hidden orders and dither.
///
/// # Errors
/// A study that its sounds do not suffice for, sounds that cannot be used, words that are missing, more sheets than a bundle holds.
pub fn assemble(study: &Study, sounds: &[RawSound], salt: &Salt, seed: u64) -> Result<Assembled, SurveyError> {
    let texts = words(study)?;
    let known: Vec<Sound<'_>> =
        sounds.iter().map(|sound| Sound { id: &sound.id, truth: &sound.truth, item: sound.item.as_deref() }).collect();
    let trials = plan(study, &known, salt.seeds())?;
    let namer = Namer { salt, sounds: &known };
    let wanted = namer.wanted(study, &trials)?;
    let prepared = prepare(sounds, &wanted, &study.sound, &salt.to_hex())?;
    let leaks = leaks(study, &trials, &namer, &prepared);
    let key = key(study, sounds, &namer, &trials, &wanted, &prepared, seed);
    let shapes = shapes(study, &key.trials);
    let sheets = sheets(&shapes, study.participants, Seeds::new(seed));
    let key = serde_json::to_string_pretty(&key).map_err(not_json)?;
    let manifest = Manifest {
        format: crate::manifest::FORMAT.to_owned(),
        version: crate::manifest::VERSION,
        title: study.title.clone(),
        language: study.language.clone(),
        texts,
        commitment: sha256(key.as_bytes()),
        seed: seed.to_string(),
        sound: SoundFormat {
            rate: study.sound.sample_rate,
            channels: study.sound.channels as u16,
            frames: prepared.frames as u64,
            looped: study.sound.looped,
            fade_ms: FADE_MS,
        },
        volume: namer.volume(study),
        pages: study.pages.iter().map(|page| namer.page(page)).collect(),
        questions: questions(study)?,
        blocks: study.blocks.iter().map(|block| (block.id.clone(), shown_block(block))).collect(),
        trials: trials.iter().map(|trial| (namer.trial(trial), namer.shown_trial(trial))).collect(),
        sheets,
    };
    let heard = manifest.sheets.first().map_or(0, |sheet| sheet.values().map(Vec::len).sum());
    let even = come_out_even(&shapes, manifest.sheets.len());
    let counts = Counts { trials: trials.len(), heard, sheets: manifest.sheets.len(), even };
    // Thousands of sheets: without spaces between them.
    let manifest = serde_json::to_string(&manifest).map_err(not_json)?;
    let assembled = Assembled { manifest, key, prepared, counts, leaks };
    check_size(assembled.study_script().map_err(not_json)?.len() as u64, study, heard)?;
    Ok(assembled)
}

fn not_json(source: serde_json::Error) -> SurveyError {
    SurveyError::Json { what: "a bundle".to_owned(), source }
}

/// Refuses a bundle that nothing would open again.
fn check_size(bytes: u64, study: &Study, heard: usize) -> Result<(), SurveyError> {
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let problem = format!(
        "with sheets of {heard} trials for {} people, study.js would have {} MiB; {} MiB are the most that is opened",
        study.participants,
        bytes.div_ceil(1 << 20),
        MOST_BYTES >> 20
    );
    let advice = "lower participants (sheets are handed out again after the last), or per_participant of the blocks";
    Err(SurveyError::study("participants", problem).or(advice))
}

/// Gives names that say nothing.
struct Namer<'a> {
    salt: &'a Salt,
    sounds: &'a [Sound<'a>],
}

impl Namer<'_> {
    /// A sound has one name for each thing that it is for, so that a copy is not known by its name.
    fn stimulus(&self, id: &str, role: Role) -> String {
        self.salt.name('s', &format!("{id}\0{role:?}"))
    }

    fn sample(&self, sample: PlannedSample) -> String {
        self.stimulus(self.sounds[sample.sound].id, sample.role)
    }

    fn trial(&self, trial: &PlannedTrial) -> String {
        self.salt.name('t', &trial.id)
    }

    fn volume(&self, study: &Study) -> Option<String> {
        study.pages.iter().any(|page| page.kind == "volume").then(|| self.stimulus("", Role::Volume))
    }

    /// Everything that the bundle must hold, each once, in the order of names.
    fn wanted(&self, study: &Study, trials: &[PlannedTrial]) -> Result<Vec<Wanted>, SurveyError> {
        let mut wanted = BTreeMap::new();
        let mut want = |id: &str, role: Role| {
            let name = self.stimulus(id, role);
            wanted.insert(name.clone(), Wanted { name, id: id.to_owned(), role });
        };
        for trial in trials {
            let copies = trial.copies.iter().map(|&copied| PlannedSample { role: Role::Copy, ..trial.samples[copied] });
            for sample in trial.samples.iter().copied().chain(trial.reference).chain(copies) {
                want(self.sounds[sample.sound].id, sample.role);
            }
        }
        study.pages.iter().flat_map(|page| &page.samples).for_each(|sample| want(&sample.id, Role::Training));
        if self.volume(study).is_some() {
            want("", Role::Volume);
        }
        Ok(wanted.into_values().collect())
    }

    fn page(&self, page: &PageSpec) -> Page {
        let kind = match &*page.kind {
            "consent" => PageKind::Consent,
            "volume" => PageKind::Volume,
            "training" => {
                let named = |sample: &crate::study::TrainingSample| {
                    (self.stimulus(&sample.id, Role::Training), sample.label.clone())
                };
                PageKind::Training { samples: page.samples.iter().map(named).collect() }
            }
            "questions" => PageKind::Questions { questions: page.questions.clone() },
            "block" => PageKind::Block { block: page.block.clone().unwrap_or_default() },
            "closing" => PageKind::Closing,
            _ => PageKind::Text,
        };
        Page { kind, title: page.title.clone(), text: page.text.clone() }
    }

    fn shown_trial(&self, trial: &PlannedTrial) -> Trial {
        let copy = |&copied: &usize| self.sample(PlannedSample { role: Role::Copy, ..trial.samples[copied] });
        Trial {
            block: trial.block.clone(),
            samples: trial.samples.iter().map(|&sample| self.sample(sample)).collect(),
            reference: trial.reference.map(|reference| self.sample(reference)),
            copies: trial.copies.iter().map(copy).collect(),
        }
    }
}

fn shown_block(block: &BlockSpec) -> Block {
    Block { kind: block.kind, text: block.text.clone(), questions: block.questions.clone(), heard: block.heard }
}

fn questions(study: &Study) -> Result<BTreeMap<String, Question>, SurveyError> {
    let in_trials: BTreeSet<&String> = study.blocks.iter().flat_map(|block| &block.questions).collect();
    let resolved = study
        .questions
        .iter()
        .map(|question| Ok((question.id.clone(), question.resolved(in_trials.contains(&question.id))?)));
    resolved.collect()
}

/// The key.
fn key(
    study: &Study,
    sounds: &[RawSound],
    namer: &Namer<'_>,
    trials: &[PlannedTrial],
    wanted: &[Wanted],
    prepared: &Prepared,
    seed: u64,
) -> Key {
    let by_id: BTreeMap<&str, &RawSound> = sounds.iter().map(|sound| (&*sound.id, sound)).collect();
    let stimulus = |(wanted, made): (&Wanted, &crate::sound::Stimulus)| {
        let sound = by_id.get(&*wanted.id);
        KeyStimulus {
            name: wanted.name.clone(),
            id: wanted.id.clone(),
            truth: sound.map(|sound| sound.truth.clone()).unwrap_or_default(),
            role: wanted.role,
            item: sound.and_then(|sound| sound.item.clone()),
            source: sound.map_or_else(|| "pink noise".to_owned(), |sound| sound.source.clone()),
            measured: made.measured,
        }
    };
    let trial = |trial: &PlannedTrial| KeyTrial {
        name: namer.trial(trial),
        id: trial.id.clone(),
        block: trial.block.clone(),
        samples: trial.samples.iter().map(|&sample| namer.sample(sample)).collect(),
        copies: trial.copies.clone(),
        expect: trial.expect.clone(),
    };
    Key {
        format: crate::key::FORMAT.to_owned(),
        version: crate::key::VERSION,
        salt: namer.salt.to_hex(),
        seed: seed.to_string(),
        study: study.clone(),
        stimuli: wanted.iter().zip(&prepared.stimuli).map(stimulus).collect(),
        trials: trials.iter().map(trial).collect(),
    }
}

/// Audits what is judged: anchors are meant to differ, and references are open.
fn leaks(study: &Study, trials: &[PlannedTrial], namer: &Namer<'_>, prepared: &Prepared) -> Vec<Leak> {
    let wavs: BTreeMap<&str, &[u8]> =
        prepared.stimuli.iter().map(|stimulus| (&*stimulus.name, &*stimulus.wav)).collect();
    let judged: BTreeSet<PlannedSample> = trials
        .iter()
        .filter(|trial| trial.reference.is_none() && trial.expect.is_empty())
        .flat_map(|trial| trial.samples.iter().copied())
        .collect();
    let audited: Vec<Audited<'_>> = judged
        .iter()
        .filter_map(|&sample| {
            let wav = wavs.get(&*namer.sample(sample))?;
            Some(Audited { truth: namer.sounds[sample.sound].truth, wav })
        })
        .collect();
    audit(&audited, study.sound.bandwidth)
}

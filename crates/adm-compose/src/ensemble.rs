//! A sequencer, what plays its tokens, and how: everything that music is arranged from, opened from runs.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adm_core::{BEATS_PER_BAR, Bpm, SampleRate, Seconds, Seeds};
use adm_dataset::Dataset;
use adm_dataset::manifest::RecordingRow;
use adm_models::diffusion::SamplingWish;
use adm_models::provenance::Provenance;
use adm_models::sequencer::{SamplingSettings, TokenStream};
use adm_models::{Family, Sampler};
use adm_render::WalkSettings;
use adm_tokens::{Book, Form, Stretch, Token};
use adm_train::RunDir;
use burn::tensor::Device;

use crate::corpus::clock;
use crate::generated::check;
use crate::{
    Arranger, BankSettings, BeatSource, ComposeError, Conditional, Generated, Letters, Mixed, Plan, Planner, Players,
    Recorded, RunKind, SequencerRun, Walked,
};

/// Whose beats play.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SourceChoice {
    /// A generator's.
    Generated,
    /// The dataset's own.
    Recorded,
    /// Both, in the share that is [wished](crate::Wishes::mix).
    Mixed,
}

/// A place in a recording to go on from.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The end of the recording's path; none where there is only one recording.
    pub recording: Option<String>,
    /// When it is in the recording.
    pub at: Seconds,
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.recording.iter().try_for_each(|name| write!(f, "{name}@"))?;
        write!(f, "{}", self.at)
    }
}

/// Flags that were given, the first of each kind: some ensembles have no use for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// One that only a sequencer heeds.
    pub of_sequencer: Option<&'static str>,
    /// One that only generated beats heed.
    pub of_generator: Option<&'static str>,
    /// One that only a bank of generated beats heeds.
    pub of_bank: Option<&'static str>,
    /// One that only a diffusion model heeds.
    pub of_diffusion: Option<&'static str>,
}

/// What is played, and by whom.
#[derive(Debug, Clone)]
pub struct EnsembleSettings {
    /// The runs.
    pub players: Players,
    /// How a generator without a sequencer moves through its noise.
    pub walk: WalkSettings,
    /// Flags that not every ensemble heeds.
    pub given: Given,
    /// Whose beats play; the generator's where there is one.
    pub source: Option<SourceChoice>,
    /// How tokens are drawn.
    pub sampling: SamplingSettings,
    /// Which section when.
    pub form: Option<Form>,
    /// What to go on from.
    pub from: Option<Region>,
    /// The tokenized dataset, where it has moved.
    pub data: Option<PathBuf>,
    /// How the generator's beats are found.
    pub bank: BankSettings,
    /// How a generator that is a diffusion model samples.
    pub wish: SamplingWish,
    /// The seed, and the one that is morphed to.
    pub seeds: [Seeds; 2],
    /// Rate of what comes out.
    pub rate: SampleRate,
}

/// Everything that music is arranged from.
pub struct Ensemble {
    /// The plan, and what plays it.
    pub arranger: Arranger,
    /// Tempo of the beats; none for windows.
    pub bpm: Option<Bpm>,
    /// Tempo at which slices are as long as their slots: that of the beats; of a generator's windows one at which `beats_per_slice`
    /// beats last as long. None for a sequencer's windows.
    pub pace: Option<Bpm>,
    /// Channels of the beats.
    pub channels: usize,
    /// Whose beats play.
    pub plays: SourceChoice,
    /// Some beats as they are, one after the other, to measure how loud they are: interleaved, at `sample_rate`.
    pub sample: Vec<f32>,
    /// Rate of `sample`.
    pub sample_rate: SampleRate,
    /// Beats in a slice; of a generator's windows, as many as last about as long.
    pub beats_per_slice: usize,
    /// How many beats of each class of tokens there are in what was learned from; a walk has letters for classes.
    pub classes: Vec<u64>,
    /// Step of the generator's checkpoint, where there is one.
    pub generator_step: Option<u64>,
    /// Step of the sequencer's.
    pub sequencer_step: Option<u64>,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
}

/// Beats that are measured for how loud they are.
const SAMPLED: usize = 16;

/// Tokens of a region that are heard before the first is drawn: as many as the longest memory of a preset.
const HEARD: usize = 128;

impl Ensemble {
    /// Opens runs, and the dataset where it is needed.
    ///
    /// # Errors
    /// Runs or a dataset that are missing, damaged or do not belong together; a region that is not there; a flag that nobody
    /// would heed.
    pub fn open(settings: &EnsembleSettings, device: &Device) -> Result<Self, ComposeError> {
        settings.given.check(settings)?;
        let open = |path| Generator::open(path, settings.wish, device);
        let generator = settings.players.generator.as_deref().map(open).transpose()?;
        match (&settings.players.sequencer, generator) {
            (Some(sequencer), generator) => {
                let run = SequencerRun::open(sequencer, device)?;
                Self::ordered(settings, &run, generator.map(|generator| generator.sampler))
            }
            (None, Some(generator)) => Self::walked(settings, generator),
            (None, None) => Err(ComposeError::NoRun),
        }
    }

    /// A generator alone.
    fn walked(settings: &EnsembleSettings, generator: Generator) -> Result<Self, ComposeError> {
        let Generator { sampler, provenance } = generator;
        let (pace, beats_per_slice) = provenance.pace(sampler.slice_frames(), sampler.rate());
        let letters = Letters::new(settings.walk.pattern, beats_per_slice as u64);
        let source = Walked::new(sampler.clone(), settings.walk, settings.seeds, beats_per_slice, settings.rate)?;
        Ok(Self {
            arranger: Arranger::new(Plan::Letters(letters), Box::new(source)),
            bpm: provenance.bpm,
            pace: Some(pace),
            channels: sampler.channels(),
            plays: SourceChoice::Generated,
            sample: sampler.random(SAMPLED, settings.seeds[0], "how loud")?.concat(),
            sample_rate: sampler.rate(),
            beats_per_slice,
            classes: vec![1; 4],
            generator_step: Some(sampler.step),
            sequencer_step: None,
            skipped: passed_over(&sampler.skipped, sampler.step),
        })
    }

    /// A sequencer, and a generator where there is one.
    fn ordered(
        settings: &EnsembleSettings,
        run: &SequencerRun,
        sampler: Option<Arc<Sampler>>,
    ) -> Result<Self, ComposeError> {
        let dataset = needs_dataset(settings).then(|| run.dataset(settings.data.as_deref())).transpose()?.map(Arc::new);
        let asked = sampler.clone().filter(|_| !wants(settings, SourceChoice::Recorded));
        let generated = asked.map(|sampler| generated(settings, run, sampler)).transpose()?;
        let recorded = dataset.as_ref().map(|dataset| Recorded::new(dataset.clone(), &run.transcript, settings.rate));
        let stream = open_stream(settings, run, dataset.as_deref())?;
        let beats_per_slice = run.transcript.beats_per_slice();
        let form = (&run.sections, settings.form.clone());
        let planner = Planner::new(stream, &run.book, form, settings.sampling, beats_per_slice as u64);
        let mut skipped = passed_over(&run.composer.skipped, run.composer.step);
        skipped.extend(sampler.iter().flat_map(|sampler| passed_over(&sampler.skipped, sampler.step)));
        Ok(Self {
            arranger: Arranger::new(Plan::Tokens(Box::new(planner)), source(settings, generated, recorded)?),
            bpm: run.book.bpm(),
            pace: run.book.bpm(),
            channels: run.book.channels(),
            plays: chosen(settings),
            sample: sample(&run.book),
            sample_rate: run.book.rate(),
            beats_per_slice,
            classes: class_counts(&run.book),
            generator_step: sampler.filter(|_| !wants(settings, SourceChoice::Recorded)).map(|sampler| sampler.step),
            sequencer_step: Some(run.composer.step),
            skipped,
        })
    }
}

impl Given {
    /// What can be told before any run is opened.
    fn check(&self, settings: &EnsembleSettings) -> Result<(), ComposeError> {
        let Players { generator, sequencer } = &settings.players;
        let diffuses = || {
            generator.as_deref().is_some_and(|run| Family::of_run(run).is_ok_and(|family| family == Family::Diffusion))
        };
        if let Some(flag) = self.of_diffusion.filter(|_| !diffuses()) {
            return Err(ComposeError::NoDiffusion { flag });
        }
        match (self.of_sequencer, self.of_generator.or(self.of_bank)) {
            (Some(flag), _) if generator.is_some() && sequencer.is_none() => Err(ComposeError::NoSequencer { flag }),
            (_, Some(flag)) if wants(settings, SourceChoice::Recorded) => Err(ComposeError::OnlyRecorded { flag }),
            _ => Ok(()),
        }
    }
}

/// What damaged checkpoints are said to be, and which was taken instead.
fn passed_over(skipped: &[String], step: u64) -> Vec<String> {
    skipped.iter().map(|why| format!("passed over a checkpoint: {why}; using that of step {step}")).collect()
}

/// The exemplars of the most frequent tokens.
fn sample(book: &Book) -> Vec<f32> {
    let mut tokens: Vec<Token> = (0..book.len() as Token).collect();
    tokens.sort_by_key(|&token| std::cmp::Reverse(book.rows()[token as usize].count));
    tokens.into_iter().take(SAMPLED).filter_map(|token| book.exemplar(token)).flatten().collect()
}

fn class_counts(book: &Book) -> Vec<u64> {
    let mut counts = vec![0; book.classes()];
    for row in book.rows() {
        counts[row.class as usize] += row.count;
    }
    counts
}

/// A generator's run.
struct Generator {
    sampler: Arc<Sampler>,
    provenance: Provenance,
}

impl Generator {
    fn open(path: &Path, wish: SamplingWish, device: &Device) -> Result<Self, ComposeError> {
        RunKind::Generator.expect(path)?;
        let run = RunDir::open(path)?;
        let provenance = Provenance::load(&run.dataset())?;
        Ok(Self { sampler: Arc::new(Sampler::open_wishing(&run, device, wish)?), provenance })
    }
}

/// Whose beats play: as it was said, or those of a generator where there is one.
fn chosen(settings: &EnsembleSettings) -> SourceChoice {
    let of_runs = if settings.players.generator.is_some() { SourceChoice::Generated } else { SourceChoice::Recorded };
    settings.source.unwrap_or(of_runs)
}

fn wants(settings: &EnsembleSettings, choice: SourceChoice) -> bool {
    chosen(settings) == choice
}

/// One that was named is looked at in any case, so that it is said what is wrong with it.
fn needs_dataset(settings: &EnsembleSettings) -> bool {
    settings.from.is_some() || settings.data.is_some() || !wants(settings, SourceChoice::Generated)
}

/// A generator's beats: as it is told, or out of a bank.
fn generated(
    settings: &EnsembleSettings,
    run: &SequencerRun,
    sampler: Arc<Sampler>,
) -> Result<Box<dyn BeatSource>, ComposeError> {
    check(&sampler, &run.book)?;
    let Some(shares) = sampler.condition().cloned() else {
        return Ok(Box::new(Generated::new(sampler, &run.book, settings.bank, settings.seeds, settings.rate)));
    };
    match settings.given.of_bank {
        Some(flag) => Err(ComposeError::NoBank { flag }),
        None => {
            let truncation = settings.bank.truncation;
            Ok(Box::new(Conditional::new(sampler, shares, &run.book, truncation, settings.rate)?))
        }
    }
}

fn source(
    settings: &EnsembleSettings,
    generated: Option<Box<dyn BeatSource>>,
    recorded: Option<Recorded>,
) -> Result<Box<dyn BeatSource>, ComposeError> {
    match (generated, recorded) {
        (Some(generated), Some(recorded)) if wants(settings, SourceChoice::Mixed) => {
            Ok(Box::new(Mixed::new(generated, Box::new(recorded))))
        }
        (Some(generated), _) => Ok(generated),
        (None, Some(recorded)) if wants(settings, SourceChoice::Recorded) => Ok(Box::new(recorded)),
        _ => Err(ComposeError::NoGenerator),
    }
}

fn open_stream(
    settings: &EnsembleSettings,
    run: &SequencerRun,
    dataset: Option<&Dataset>,
) -> Result<TokenStream, ComposeError> {
    let (composer, seeds) = (run.composer.clone(), settings.seeds[0]);
    let Some((region, dataset)) = settings.from.as_ref().zip(dataset) else {
        return Ok(TokenStream::new(composer, seeds));
    };
    let (tokens, first) = before(region, run, dataset)?;
    Ok(TokenStream::primed(composer, seeds, &tokens, first)?)
}

/// The tokens that were played before a place in a recording, up to the last end of a bar, and the clock of the first.
fn before(region: &Region, run: &SequencerRun, dataset: &Dataset) -> Result<(Vec<Token>, u64), ComposeError> {
    let nothing = || ComposeError::NoRegion { at: region.to_string() };
    let recording = recording(region, dataset)?;
    let started = |slice: &usize| dataset.origin(*slice).is_some_and(|origin| origin.start.0 <= region.at.0);
    let end = recording.clone().rev().find(started).filter(|&end| end > recording.start).ok_or_else(nothing)?;
    let of = |stretch: &&Stretch| stretch.slices.contains(&(end - 1));
    let stretch = run.transcript.stretches().iter().find(of).ok_or_else(nothing)?;
    let first = clock(stretch, run.transcript.beats_per_slice());
    let clock_of = |slice: usize| first + (slice - stretch.slices.start) as u64;
    let ends = (stretch.slices.start + 1..=end).rev();
    let end = ends.into_iter().find(|&end| clock_of(end).is_multiple_of(BEATS_PER_BAR)).ok_or_else(nothing)?;
    let start = end.saturating_sub(HEARD).max(stretch.slices.start);
    Ok((run.transcript.tokens()[start..end].to_vec(), clock_of(start)))
}

/// The slices of the one recording that a region can mean.
fn recording(region: &Region, dataset: &Dataset) -> Result<Range<usize>, ComposeError> {
    let recordings = &dataset.manifest().recordings;
    let named = |path: &str| region.recording.as_ref().is_none_or(|name| Path::new(path).ends_with(name));
    let rows: Vec<_> = recordings.iter().filter(|row| named(&row.path)).collect();
    let paths = |rows: &mut dyn Iterator<Item = &RecordingRow>| rows.map(|row| row.path.clone()).collect();
    match rows.as_slice() {
        [row] if region.at.0 <= row.duration.0 => Ok(row.slices.clone()),
        [row] => Err(ComposeError::PastEnd { at: region.to_string(), path: row.path.clone(), lasts: row.duration }),
        [] => {
            let name = region.recording.clone().unwrap_or_default();
            Err(ComposeError::NoRecording { name, paths: paths(&mut recordings.iter()) })
        }
        several => {
            let paths = paths(&mut several.iter().copied());
            Err(ComposeError::ManyRegions { at: region.to_string(), paths })
        }
    }
}

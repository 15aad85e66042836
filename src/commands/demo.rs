//! `adm demo`: the whole way on a synthesised DJ set, from nothing to a page that shows what was learned.

mod order;
mod page;
mod sound;

use super::generate::{Generated, generate};
use super::judging::HeldOut;
use super::train::{Trained, train};
use super::{Outcome, refuse_existing};
use crate::cli::DemoArgs;
use crate::output::Output;
use crate::output::text::{Rows, duration};
use crate::settings::{self, DemoSettings, GenerateSettings, Length, OrderSettings, Session, Start, TrainSettings};
use adm_audio::WavFormat;
use adm_core::{Bpm, SampleRate, Seconds};
use adm_dataset::{Dataset, PrepareReport, PrepareSettings, Split, SplitRule};
use adm_eval::Judgement;
use adm_models::Sampler;
use adm_models::diffusion::SamplingWish;
use adm_models::gan::GanConfig;
use adm_render::WalkSettings;
use adm_synth::{DjSet, SetSettings, TempoPlan};
use adm_train::{Ended, RunDir, device};
use anyhow::{Context, Result};
use order::{Song, song};
use serde::Serialize;
use sound::Sound;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Beats generated to be judged.
const JUDGED: usize = 256;

/// Shares of training, validation and test. Recorded beats stand 2 to 78 away from a tenth of a set of five minutes,
/// whichever places are drawn, and 0 to 25 from a fifth: less would judge the draw and not the model.
const SHARES: [f64; 3] = [0.7, 0.1, 0.2];

/// Runs the demo and says where its page is.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: DemoArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::demo(args, session)?;
    refuse_existing(&settings.dir)?;
    let Some(demo) = Demo::run(&settings, output)? else { return Ok(Outcome::Interrupted) };
    output.printer.print(&demo)?;
    Ok(Outcome::Done)
}

/// How near generated beats are to held-out ones, beside the best and the worst there is.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Verdict {
    generated: Judgement,
    recorded: Judgement,
    noise: Judgement,
}

/// All that the demo did.
#[derive(Debug, Serialize)]
struct Demo {
    page: PathBuf,
    prepared_slices: usize,
    trained: Trained,
    generated: Generated,
    song: Song,
    verdict: Option<Verdict>,
    sound: Sound,
    /// The same of the set that was learned from: its breakdowns have no kicks either.
    set_sound: Sound,
    /// What ran, and for how many seconds.
    stages: Vec<(&'static str, f64)>,
}

/// The places of the demo's folder.
struct Places<'a>(&'a Path);

impl Places<'_> {
    fn set(&self) -> PathBuf {
        self.0.join("set.wav")
    }
    fn annotations(&self) -> PathBuf {
        self.0.join("set.beats.json")
    }
    fn dataset(&self) -> PathBuf {
        self.0.join("beats")
    }
    fn run(&self) -> PathBuf {
        self.0.join("run")
    }
    fn music(&self) -> PathBuf {
        self.0.join("generated.wav")
    }
    fn sequencer(&self) -> PathBuf {
        self.0.join("sequencer")
    }
    fn song(&self) -> PathBuf {
        self.0.join("song.wav")
    }
    fn report(&self) -> PathBuf {
        self.0.join("report")
    }
}

impl Demo {
    /// The whole demo; nothing where the user stopped its training.
    fn run(settings: &DemoSettings, output: &Output) -> Result<Option<Self>> {
        let places = Places(&settings.dir);
        let mut stages = Vec::new();
        let mut timed = |name, began: Instant| stages.push((name, began.elapsed().as_secs_f64()));
        let began = Instant::now();
        std::fs::create_dir_all(places.0).with_context(|| format!("cannot create {}", places.0.display()))?;
        synthesise(settings, &places, output)?;
        timed("synthesise a DJ set", began);
        let began = Instant::now();
        let prepared = prepare(settings, &places, output)?;
        timed("prepare its beats", began);
        let began = Instant::now();
        let trained = train(&training(settings, &places), output)?;
        timed("train on them", began);
        if trained.summary.ended == Ended::Interrupted {
            let run = places.run();
            let run = run.display();
            output.progress.note(&format!("training is saved; go on with: adm train gan --run {run} --resume"));
            return Ok(None);
        }
        let began = Instant::now();
        let generated = generate(&generation(settings, &places), output)?;
        timed("generate", began);
        let began = Instant::now();
        let song = song(settings, &places, output)?;
        timed("learn the order of beats, and generate in such an order", began);
        let began = Instant::now();
        let dataset = Dataset::open(&places.dataset())?;
        let verdict = judge(settings, &places, &dataset)?;
        let sound = Sound::of(&places.music(), generated.bpm, generated.beats)?;
        let set_sound = Sound::of(&places.set(), Bpm::FOUNDING.get(), dataset.len() as u64)?;
        timed("judge", began);
        let parts = page::Parts {
            places: &places,
            dataset: &dataset,
            prepared: &prepared,
            trained: &trained,
            song: &song,
            sound: &sound,
            set_sound: &set_sound,
        };
        let page = page::write(&parts, &generated, verdict.as_ref(), &stages)?;
        let prepared_slices = dataset.len();
        Ok(Some(Self { page, prepared_slices, trained, generated, song, verdict, sound, set_sound, stages }))
    }
}

fn synthesise(settings: &DemoSettings, places: &Places<'_>, output: &Output) -> Result<()> {
    let set = DjSet::new(SetSettings {
        seed: settings.seeds.root(),
        duration: Seconds(settings.set_minutes * 60.0),
        tempo: TempoPlan::Constant(Bpm::FOUNDING),
        ..SetSettings::default()
    })?;
    set.write_wav(&places.set(), WavFormat::Pcm16, &output.progress)?;
    Ok(set.write_annotations(&places.annotations())?)
}

fn prepare(settings: &DemoSettings, places: &Places<'_>, output: &Output) -> Result<PrepareReport> {
    let rate = SampleRate::new(settings.config.sample_rate).unwrap_or(SampleRate::CD);
    let split_rule = SplitRule { fractions: SHARES, ..SplitRule::default() };
    let settings = PrepareSettings { rate, split_rule, ..PrepareSettings::new(vec![places.set()], places.dataset()) };
    Ok(adm_dataset::prepare(&settings, &output.progress)?)
}

fn training(settings: &DemoSettings, places: &Places<'_>) -> TrainSettings<GanConfig> {
    TrainSettings {
        run: places.run(),
        start: Start::New { config: Box::new(settings.config.clone()), data: places.dataset() },
        until: settings.until,
        device: settings.device,
    }
}

fn generation(settings: &DemoSettings, places: &Places<'_>) -> GenerateSettings {
    GenerateSettings {
        runs: vec![places.run()],
        output: places.music(),
        length: Length::Beats(settings.bars as u64 * 4),
        bpm: None,
        rate: SampleRate::CD,
        walk: WalkSettings::default(),
        format: WavFormat::Pcm16,
        looped: false,
        stems: false,
        midi: None,
        cue: None,
        order: OrderSettings::default(),
        wish: SamplingWish::default(),
        morph: None,
        seeds: settings.seeds,
        device: settings.device,
    }
}

fn judge(settings: &DemoSettings, places: &Places<'_>, dataset: &Dataset) -> Result<Option<Verdict>> {
    // Test alone: the checkpoint was chosen on validation.
    let Some(held_out) = HeldOut::of(dataset, &[Split::Test])? else { return Ok(None) };
    let picked = device::pick(settings.device)?;
    let slices = picked.watch(|| {
        let sampler = Sampler::open(&RunDir::open(&places.run())?, &picked.device)?;
        sampler.random(JUDGED, settings.seeds, "demo-judge")
    })??;
    Ok(Some(Verdict {
        generated: held_out.judge(&slices)?,
        recorded: held_out.judge_recorded(dataset)?,
        noise: held_out.judge_noise(settings.seeds)?,
    }))
}

impl fmt::Display for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.stages.iter().map(|(name, seconds)| format!("{name}: {}", duration(*seconds)));
        let verdict = self.verdict.map(|Verdict { generated, recorded, noise }| {
            format!(
                "kernel distance to held-out beats {:.0} (recorded beats {:.0}, white noise {:.0}), diversity {:.2}",
                generated.kernel_distance, recorded.kernel_distance, noise.kernel_distance, generated.diversity
            )
        });
        let rows = Rows::default()
            .row("page", self.page.display().to_string())
            .row("music", self.generated.output.display().to_string())
            .row("song", format!("{}, of {} tokens", self.song.generated.output.display(), self.song.tokens))
            .row("beats", format!("{} learned from in {} steps", self.prepared_slices, self.trained.summary.step))
            .maybe("judge", verdict)
            .row("sound", self.sound.to_string())
            .row("the set's", self.set_sound.to_string())
            .list("time", times);
        write!(f, "{rows}")
    }
}

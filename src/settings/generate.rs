//! `adm generate`.

use super::caw::of_waves;
use super::inpaint::{of_diffusion, sampling};
use super::rows::of_rows;
use super::slice::wav_format;
use super::{Session, Usage};
use crate::cli::{GenerateArgs, OrderArgs, SoundArgs, SourceName, WavBits};
use adm_audio::WavFormat;
use adm_compose::{BankSettings, ComposeError, EnsembleSettings, Given, Players, Region, SourceChoice, Wishes};
use adm_core::{BEATS_PER_BAR, Bpm, SampleRate, Seconds, Seeds};
use adm_models::diffusion::SamplingWish;
use adm_models::sequencer::SamplingSettings;
use adm_render::{Morph, RenderError, RenderSettings, Timeline, WalkSettings};
use adm_tokens::Form;
use adm_train::DeviceChoice;
use std::path::{Path, PathBuf};

/// How long the music is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    Beats(u64),
    Lasting(Seconds),
}

/// What to generate, and where to.
#[derive(Debug, Clone)]
pub struct GenerateSettings {
    pub runs: Vec<PathBuf>,
    pub output: PathBuf,
    pub length: Length,
    pub bpm: Option<Bpm>,
    pub rate: SampleRate,
    pub walk: WalkSettings,
    pub format: WavFormat,
    pub looped: bool,
    pub stems: bool,
    pub midi: Option<PathBuf>,
    pub cue: Option<PathBuf>,
    pub order: OrderSettings,
    /// How a diffusion model samples.
    pub wish: SamplingWish,
    pub morph: Option<Move>,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// How a sequencer's tokens become music.
#[derive(Debug, Clone, Default)]
pub struct OrderSettings {
    /// Whose beats play; the generator's where there is one.
    pub source: Option<SourceChoice>,
    /// Flags that were given and not every ensemble heeds.
    pub given: Given,
    /// Share of recorded beats, where both play.
    pub mix: f64,
    pub sampling: SamplingSettings,
    pub form: Option<Form>,
    pub from: Option<Region>,
    pub data: Option<PathBuf>,
    pub bank: BankSettings,
}

/// From one seed to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub seeds: [Seeds; 2],
    /// Bars that it takes; the whole length where none are given.
    pub bars: Option<u64>,
}

impl GenerateSettings {
    /// Who plays, and how.
    pub fn ensemble(&self) -> Result<EnsembleSettings, ComposeError> {
        let order = &self.order;
        Ok(EnsembleSettings {
            players: Players::of(&self.runs)?,
            walk: self.walk,
            given: order.given,
            source: order.source,
            sampling: order.sampling,
            form: order.form.clone(),
            from: order.from.clone(),
            data: order.data.clone(),
            bank: order.bank,
            wish: self.wish,
            seeds: self.both_seeds(),
            rate: self.rate,
        })
    }

    fn both_seeds(&self) -> [Seeds; 2] {
        self.morph.map_or([self.seeds; 2], |morph| morph.seeds)
    }

    /// The move between two seeds, over so many bars or the whole length.
    pub fn morph(&self, timeline: &Timeline) -> Result<Option<Morph>, RenderError> {
        let whole = timeline.beats().div_ceil(BEATS_PER_BAR);
        self.morph.map(|Move { seeds: [from, to], bars }| Morph::new(from, to, bars.unwrap_or(whole))).transpose()
    }

    /// What is to be said where the music ends before its form does.
    pub fn cut_form(&self, timeline: &Timeline) -> Option<String> {
        let (form, bars) = (self.order.form.as_ref()?, timeline.beats().div_ceil(BEATS_PER_BAR));
        (form.bars() > bars).then(|| format!("the form has {} bars, and its first {bars} are played", form.bars()))
    }

    /// What is wished for from a beat on.
    pub fn wishes(&self, beat: u64, morph: Option<&Morph>) -> Wishes {
        let morph = morph.map_or(0.0, |morph| morph.fraction(beat));
        Wishes { seeds: self.both_seeds(), morph, mix: self.order.mix }
    }

    /// How the file is made, whoever plays.
    pub fn rendering(&self) -> RenderSettings {
        RenderSettings {
            format: self.format,
            dither: Some(self.seeds),
            looped: self.looped,
            ..RenderSettings::default()
        }
    }

    /// When what plays, at the tempo of the run's slices where no other is asked for.
    pub fn timeline(&self, of_run: Option<Bpm>, beats_per_slice: usize) -> anyhow::Result<Timeline> {
        let bpm = self.bpm.or(of_run).unwrap_or(Bpm::FOUNDING);
        let timeline = match self.length {
            Length::Beats(beats) => Timeline::new(bpm, self.rate, beats)?,
            Length::Lasting(seconds) => Timeline::lasting(bpm, self.rate, seconds)?,
        };
        Ok(timeline.with_beats_per_slice(beats_per_slice as u64)?)
    }
}

/// Below it the loudness of EBU R 128 means nothing.
const LOWEST_RATE: u32 = 8_000;

/// Refuses rates at which the loudness of music cannot be measured.
pub fn music_rate(rate: SampleRate) -> Result<(), Usage> {
    if rate.hz() >= LOWEST_RATE {
        return Ok(());
    }
    let message = format!("--sample-rate must be at least {LOWEST_RATE} Hz for music, got {}", rate.hz());
    Err(Usage::new(message, "44100 is the default"))
}

/// Refuses names that promise something else than the WAV file which is written.
pub fn wav_name(flag: &str, path: &Path) -> Result<(), Usage> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wav")) {
        return Ok(());
    }
    let message = format!("{flag} writes a WAV file, and {} does not end in .wav", path.display());
    let named = if path.file_name().is_some() { path.with_extension("wav") } else { path.join("music.wav") };
    Err(Usage::new(message, format!("name it {flag} {}", named.display())))
}

/// How the samples of `adm generate` are stored.
pub fn sound_format(args: SoundArgs) -> WavFormat {
    wav_format(args.format.unwrap_or(WavBits::Pcm24))
}

/// Sample rate of what `adm generate` makes.
pub fn sound_rate(args: SoundArgs) -> SampleRate {
    args.sample_rate.unwrap_or(SampleRate::CD)
}

/// What to generate, and where to.
pub fn generate(args: GenerateArgs, session: &Session) -> Result<GenerateSettings, Usage> {
    if let Some(flag) = of_rows(&args) {
        return Err(Usage::new(format!("only a run of the family mdn heeds {flag}"), format!("leave out {flag}")));
    }
    if let Some(flag) = of_waves(&args) {
        return Err(Usage::new(format!("only a run of the family caw heeds {flag}"), format!("leave out {flag}")));
    }
    let walk = walk(args.truncation)?;
    let of_generator = first([("--morph", args.morph.is_some()), ("--truncation", args.truncation.is_some())]);
    let rate = sound_rate(args.sound);
    music_rate(rate)?;
    wav_name("-o", &args.output)?;
    let mut order = order(args.order, walk.truncation, of_generator)?;
    order.given.of_diffusion = of_diffusion(args.diffusion);
    let of_form = order.form.as_ref().map(Form::bars);
    let length = match (args.seconds, args.beats, args.bars) {
        (Some(seconds), ..) => Length::Lasting(Seconds(seconds)),
        (None, Some(beats), _) => Length::Beats(beats as u64),
        (None, None, bars) => Length::Beats(BEATS_PER_BAR * bars.map(|bars| bars as u64).or(of_form).unwrap_or(16)),
    };
    Ok(GenerateSettings {
        runs: args.runs,
        output: args.output,
        length,
        bpm: args.bpm,
        rate,
        walk,
        format: sound_format(args.sound),
        looped: args.looped,
        stems: args.stems,
        midi: args.midi,
        cue: args.cue,
        order,
        wish: sampling(args.diffusion)?,
        morph: morph(args.morph, args.morph_bars)?,
        seeds: session.seeds,
        device: session.device,
    })
}

/// How a generator without a sequencer moves through its noise.
pub fn walk(truncation: Option<f64>) -> Result<WalkSettings, Usage> {
    let walk = WalkSettings { truncation: truncation.unwrap_or(1.0), ..WalkSettings::default() };
    walk.validate()?;
    Ok(walk)
}

/// How a sequencer's tokens become music.
///
/// `of_generator` is a flag that was given and only generated beats heed.
pub fn order(args: OrderArgs, truncation: f64, of_generator: Option<&'static str>) -> Result<OrderSettings, Usage> {
    let plain = SamplingSettings::default();
    let sampling = SamplingSettings {
        temperature: args.temperature.unwrap_or(plain.temperature),
        top_k: args.top_k.unwrap_or(plain.top_k),
        top_p: args.top_p.unwrap_or(plain.top_p),
        repetition: args.repetition.unwrap_or(plain.repetition),
    };
    sampling.validate()?;
    let bank = BankSettings { truncation, ..BankSettings::default() };
    Ok(OrderSettings {
        given: Given {
            of_sequencer: of_sequencer(&args),
            of_generator,
            of_bank: first([("--budget", args.budget.is_some())]),
            of_diffusion: None,
        },
        source: args.source.map(choice),
        mix: share(args.source),
        sampling,
        form: args.form.as_deref().map(Form::parse).transpose()?,
        from: args.from.as_deref().map(region).transpose()?,
        data: args.data,
        bank: BankSettings { budget: args.budget.map_or(bank.budget, |budget| budget as u64), ..bank },
    })
}

/// The first flag that only a sequencer heeds.
pub fn of_sequencer(args: &OrderArgs) -> Option<&'static str> {
    first([
        ("--source", args.source.is_some()),
        ("--temperature", args.temperature.is_some()),
        ("--top-k", args.top_k.is_some()),
        ("--top-p", args.top_p.is_some()),
        ("--repetition", args.repetition.is_some()),
        ("--form", args.form.is_some()),
        ("--from", args.from.is_some()),
        ("--data", args.data.is_some()),
        ("--budget", args.budget.is_some()),
    ])
}

/// The first of these flags that was given.
pub fn first<const N: usize>(flags: [(&'static str, bool); N]) -> Option<&'static str> {
    flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
}

/// `3:7`, over so many bars.
fn morph(seeds: Option<(u64, u64)>, bars: Option<usize>) -> Result<Option<Move>, Usage> {
    match (seeds, bars) {
        (None, Some(_)) => Err(Usage::new("--morph-bars needs two seeds to go between", "give them with --morph 1:2")),
        (seeds, bars) => {
            Ok(seeds.map(|(from, to)| Move { seeds: [from, to].map(Seeds::new), bars: bars.map(|bars| bars as u64) }))
        }
    }
}

fn choice(source: SourceName) -> SourceChoice {
    match source {
        SourceName::Generated => SourceChoice::Generated,
        SourceName::Dataset => SourceChoice::Recorded,
        SourceName::Mix(_) => SourceChoice::Mixed,
    }
}

/// The share of recorded beats.
fn share(source: Option<SourceName>) -> f64 {
    if let Some(SourceName::Mix(share)) = source { share } else { 0.0 }
}

/// `set.wav@1:30`, `1:30` or `90`.
fn region(text: &str) -> Result<Region, Usage> {
    let (recording, time) = text.rsplit_once('@').map_or((None, text), |(name, time)| (Some(name.to_owned()), time));
    let (minutes, seconds) = time.rsplit_once(':').unwrap_or(("0", time));
    let most = if time.contains(':') { 60.0 } else { 1e9 };
    let seconds = seconds.parse::<f64>().ok().filter(|seconds| (0.0..most).contains(seconds));
    let at = minutes.parse::<u32>().ok().zip(seconds).map(|(minutes, seconds)| 60.0 * f64::from(minutes) + seconds);
    let at = at.ok_or_else(|| {
        Usage::new(format!("--from takes a time, got \"{text}\""), "write --from 1:30, or set.wav@1:30")
    })?;
    Ok(Region { recording, at: Seconds(at) })
}

//! `adm train caw` and `adm generate` with its runs.

use super::generate::{first, sound_format, sound_rate, wav_name};
use super::inpaint::{of_diffusion, of_region};
use super::model::train;
use super::rows::{of_beats, of_rows};
use super::{Session, TrainSettings, Usage};
use crate::cli::{GenerateArgs, TrainArgs};
use adm_audio::WavFormat;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_models::caw::{self, CawConfig, PRESETS};
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// What to train on one recording.
#[derive(Debug, Clone)]
pub struct CawSettings {
    pub train: TrainSettings<CawConfig>,
    pub holes: Vec<HoleSpec>,
    /// The tempo that beats count by; they are found where none is given.
    pub bpm: Option<Bpm>,
}

/// A stretch that is missing, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HoleSpec {
    Seconds(f64, f64),
    Beats(f64, f64),
}

/// What to train on one recording, with what missing, where, and for how long.
pub fn train_caw(mut args: TrainArgs, session: &Session) -> Result<CawSettings, Usage> {
    refuse_others(&args)?;
    let holes = args.holes.iter().map(|hole| HoleSpec::parse(hole)).collect::<Result<Vec<_>, Usage>>()?;
    if args.resume && !holes.is_empty() {
        let hint = "leave out --hole, or start a new --run";
        return Err(Usage::new("a run keeps the holes that it began with", hint));
    }
    if !args.resume && args.recording.is_none() {
        return Err(Usage::new("there is no recording to learn from", "give one with --recording"));
    }
    let in_beats = holes.iter().any(|hole| matches!(hole, HoleSpec::Beats(..)));
    if args.bpm.is_some() && !in_beats {
        let hint = "leave out --bpm, or give holes in beats, as in --hole 16b-18b";
        return Err(Usage::new("--bpm says when beats are, and no --hole counts by them", hint));
    }
    args.data = args.recording.take();
    let bpm = args.bpm;
    let train = train(args, session, |name, settings, seed| {
        let mut config = caw::load(name.unwrap_or(PRESETS[0].0), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })?;
    Ok(CawSettings { train, holes, bpm })
}

/// Refuses what other families learn from, and how long they do.
fn refuse_others(args: &TrainArgs) -> Result<(), Usage> {
    let given = first([("--data", args.data.is_some()), ("--csv", args.csv.is_some())]);
    if let Some(flag) = given {
        let message = format!("a caw learns from one recording and cannot take {flag}");
        return Err(Usage::new(message, "give a file of 20 to 100 seconds with --recording"));
    }
    if args.augment.is_some() {
        return Err(Usage::new("a caw learns its one recording as it is", "leave out --augment"));
    }
    match args.epochs {
        None => Ok(()),
        Some(_) => Err(Usage::new(
            "an epoch of a caw is one step, of every scale in turn",
            "give steps a scale with --set training.steps=N, or --minutes for all of them",
        )),
    }
}

impl HoleSpec {
    fn parse(text: &str) -> Result<Self, Usage> {
        let refused = || {
            let message = format!("--hole takes a start and a later end, got {text:?}");
            Usage::new(message, "write --hole 3.5-4 for seconds, or --hole 16b-18b for beats")
        };
        let (from, to) = text.split_once('-').ok_or_else(refused)?;
        let beats = |text: &str| text.strip_suffix('b').and_then(|text| text.parse::<f64>().ok());
        let pair = match (from.parse::<f64>(), to.parse::<f64>()) {
            (Ok(from), Ok(to)) => Some(Self::Seconds(from, to)),
            _ => beats(from).zip(beats(to)).map(|(from, to)| Self::Beats(from, to)),
        };
        match pair {
            Some(Self::Seconds(from, to) | Self::Beats(from, to))
                if !(from.is_finite() && from < to && to.is_finite()) =>
            {
                Err(refused())
            }
            Some(spec) => Ok(spec),
            None => Err(refused()),
        }
    }
}

/// What sound to make, and where to.
#[derive(Debug, Clone)]
pub struct WaveSettings {
    pub run: PathBuf,
    pub output: PathBuf,
    pub task: Task,
    pub format: WavFormat,
    pub rate: SampleRate,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// What is made of a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// New sound of so many seconds; as long as the recording where nobody says.
    Generate(Option<f64>),
    /// The recording below a rate, and what is above it anew.
    Vary(u32),
    Inpaint,
    Extend(PathBuf),
    Denoise,
}

/// What sound to make, and where to.
pub fn waves(args: GenerateArgs, session: &Session) -> Result<WaveSettings, Usage> {
    let other = of_rows(&args).or_else(|| of_beats(&args));
    if let Some(flag) = other.or(of_diffusion(args.diffusion)).or(of_region(&args)) {
        let message = format!("a caw makes waveforms and no beats: it cannot heed {flag}");
        return Err(Usage::new(message, format!("leave out {flag}")));
    }
    wav_name("-o", &args.output)?;
    let task = match (args.waves.vary, args.waves.extend, args.waves.fill, args.waves.denoise) {
        (Some(rate), ..) => Task::Vary(rate as u32),
        (_, Some(low), ..) => Task::Extend(low),
        (_, _, true, _) => Task::Inpaint,
        (_, _, _, true) => Task::Denoise,
        _ => Task::Generate(args.seconds),
    };
    if let (Some(flag), true) = (task.flag(), args.seconds.is_some()) {
        let message = format!("what {flag} makes is as long as what it is made of");
        return Err(Usage::new(message, "leave out --seconds"));
    }
    let run = match <[PathBuf; 1]>::try_from(args.runs) {
        Ok([run]) => run,
        Err(_) => return Err(Usage::new("a caw plays alone", "give one --run")),
    };
    Ok(WaveSettings {
        run,
        output: args.output,
        task,
        format: sound_format(args.sound),
        rate: sound_rate(args.sound),
        seeds: session.seeds,
        device: session.device,
    })
}

impl Task {
    /// The flag that asks for it; none for new sound.
    pub fn flag(&self) -> Option<&'static str> {
        match self {
            Self::Generate(_) => None,
            Self::Vary(_) => Some("--vary"),
            Self::Inpaint => Some("--fill"),
            Self::Extend(_) => Some("--extend"),
            Self::Denoise => Some("--denoise"),
        }
    }
}

/// The first flag that only waveforms heed.
pub fn of_waves(args: &GenerateArgs) -> Option<&'static str> {
    let waves = &args.waves;
    first([
        ("--vary", waves.vary.is_some()),
        ("--fill", waves.fill),
        ("--extend", waves.extend.is_some()),
        ("--denoise", waves.denoise),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_in_seconds_or_in_beats() {
        assert_eq!(HoleSpec::parse("3.5-4").unwrap(), HoleSpec::Seconds(3.5, 4.0));
        assert_eq!(HoleSpec::parse("16b-18.5b").unwrap(), HoleSpec::Beats(16.0, 18.5));
        for text in ["", "3", "4-3", "3-3", "1b-2", "a-b", "0-inf", "NaN-2", "-1-2"] {
            assert!(HoleSpec::parse(text).is_err(), "{text}");
        }
    }
}

//! `adm generate --inpaint`.

use super::caw::of_waves;
use super::generate::{first, sound_format, sound_rate, wav_name};
use super::rows::{of_beats, of_rows};
use super::{Session, Usage};
use crate::cli::{DiffusionArgs, GenerateArgs};
use adm_audio::WavFormat;
use adm_core::{SampleRate, Seeds};
use adm_models::diffusion::SamplingWish;
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// Of which beat to make what anew, and where to.
#[derive(Debug, Clone)]
pub struct InpaintSettings {
    pub run: PathBuf,
    pub beat: PathBuf,
    /// Where the region begins and ends, in beats.
    pub region: (f64, f64),
    pub output: PathBuf,
    pub sampling: SamplingWish,
    pub format: WavFormat,
    pub rate: SampleRate,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// Of which beat to make what anew, and where to.
pub fn inpaint(args: GenerateArgs, session: &Session) -> Result<InpaintSettings, Usage> {
    let guided = args.diffusion.guidance.map(|_| "--guidance");
    if let Some(flag) = of_beats(&args).or(of_rows(&args)).or(of_waves(&args)).or(guided) {
        let message = format!("a region is made anew of nothing but a beat: it cannot heed {flag}");
        return Err(Usage::new(message, format!("leave out {flag}")));
    }
    if args.seconds.is_some() {
        let message = "a beat of which a region is made anew keeps its length: it cannot heed --seconds";
        return Err(Usage::new(message, "leave out --seconds"));
    }
    wav_name("-o", &args.output)?;
    let sampling = sampling(args.diffusion)?;
    let run = match <[PathBuf; 1]>::try_from(args.runs) {
        Ok([run]) => run,
        Err(_) => return Err(Usage::new("one run makes a region anew", "give one --run")),
    };
    let (Some(beat), Some(region)) = (args.inpaint.inpaint, args.inpaint.region) else {
        return Err(Usage::new("there is no region to make anew", "give a beat with --inpaint, and --region"));
    };
    Ok(InpaintSettings {
        run,
        beat,
        region,
        output: args.output,
        sampling,
        format: sound_format(args.sound),
        rate: sound_rate(args.sound),
        seeds: session.seeds,
        device: session.device,
    })
}

/// What is to be otherwise than the run's configuration says.
pub fn sampling(args: DiffusionArgs) -> Result<SamplingWish, Usage> {
    match args.guidance {
        Some(guidance) if !(0.0..=100.0).contains(&guidance) => {
            let message = format!("--guidance must be between 0 and 100, got {guidance}");
            Err(Usage::new(message, "1 is what was learned"))
        }
        guidance => Ok(SamplingWish { steps: args.sampling_steps, guidance }),
    }
}

/// The first flag that only a diffusion model heeds.
pub fn of_diffusion(args: DiffusionArgs) -> Option<&'static str> {
    first([("--sampling-steps", args.sampling_steps.is_some()), ("--guidance", args.guidance.is_some())])
}

/// The first flag that says what is to be made anew.
pub fn of_region(args: &GenerateArgs) -> Option<&'static str> {
    first([("--inpaint", args.inpaint.inpaint.is_some()), ("--region", args.inpaint.region.is_some())])
}

//! `adm export`, `import`, `analyze` and `render`: slices, tensors and what stands between them.

use super::tensor::with_phase;
use super::{Session, Usage};
use crate::cli::{
    AnalyzeArgs, ExportArgs, ExportKind, ImportArgs, RenderArgs, SliceArgs, SplitName, TensorArgs, WavBits,
};
use adm_audio::WavFormat;
use adm_core::{Bpm, SampleRate, Seconds};
use adm_dataset::exchange::{ExportFormat, ExportSettings, ImportSettings, Sidecar};
use adm_dataset::{DatasetError, Fit, GridChoice, Recipe, Slicing, Split, SplitRule};
use adm_spectral::{PhaseMethod, Representation, RepresentationConfig, SpectralError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to export, how, and where to.
pub fn export(args: &ExportArgs, session: &Session) -> Result<ExportSettings, Usage> {
    let format = match (args.format, args.tensor.config()?) {
        (ExportKind::Npy, config) => ExportFormat::Npy(config.unwrap_or_default()),
        (ExportKind::Wav, None) => ExportFormat::Wav,
        (ExportKind::Wav, Some(_)) => {
            return Err(Usage::new(
                "WAV files hold slices and no tensors",
                "leave out --representation, --bins and --frames, or use --format npy",
            ));
        }
    };
    let split = args.split.map(|split| match split {
        SplitName::Train => Split::Train,
        SplitName::Validation => Split::Validation,
        SplitName::Test => Split::Test,
    });
    Ok(ExportSettings { output: args.output.clone(), format, split, jobs: session.jobs(args.jobs) })
}

/// What to import, how, and where to.
///
/// # Errors
/// A form that no tensor has.
pub fn import(args: ImportArgs, session: &Session) -> Result<ImportSettings, Usage> {
    Ok(ImportSettings {
        representation: args.slice.tensor.config()?,
        rate: args.slice.sample_rate,
        bpm: args.slice.bpm,
        beats_per_slice: args.slice.beats_per_slice,
        channels: args.slice.mono.then_some(1),
        split_rule: SplitRule { seed: session.seeds.root(), ..SplitRule::default() },
        jobs: session.jobs(args.jobs),
        ..ImportSettings::new(args.input, args.output)
    })
}

/// Which stretch of a recording becomes a tensor.
#[derive(Debug)]
pub struct AnalyzeSettings {
    pub input: PathBuf,
    pub output: PathBuf,
    pub start: Seconds,
    pub rate: SampleRate,
    pub representation: Arc<dyn Representation>,
}

/// Which stretch of a recording becomes a tensor, and of which form.
pub fn analyze(args: AnalyzeArgs) -> Result<AnalyzeSettings, Usage> {
    if !(0.0..=1e7).contains(&args.start) {
        let message = format!("the start must be a time in seconds from 0, got {}", args.start);
        return Err(Usage::new(message, "for example --start 30"));
    }
    let form = Form::new(&args.slice, None)?;
    Ok(AnalyzeSettings {
        input: args.input,
        output: args.output,
        start: Seconds(args.start),
        rate: form.rate,
        representation: form.build()?,
    })
}

/// Which tensor becomes sound.
#[derive(Debug)]
pub struct RenderSettings {
    pub input: PathBuf,
    pub output: PathBuf,
    pub rate: SampleRate,
    pub format: WavFormat,
    /// How phases are found, where they have to be.
    pub phase: Option<PhaseMethod>,
    pub representation: Arc<dyn Representation>,
}

/// Which tensor becomes sound, and what slice it stands for.
///
/// # Errors
/// Flags that do not go together, and a damaged `export.json` beside the tensor.
pub fn render(args: RenderArgs, session: &Session) -> anyhow::Result<RenderSettings> {
    let mut form = Form::new(&args.slice, sidecar_beside(&args.input)?)?;
    form.config = with_phase(form.config, args.phase, session.seed)?;
    Ok(RenderSettings {
        input: args.input,
        output: args.output,
        rate: form.rate,
        format: wav_format(args.format),
        phase: form.config.inversion().map(|inversion| inversion.method),
        representation: form.build()?,
    })
}

/// What a tensor of the shape `(bins, frames, channels)` that lies at `path` stands for, as far as can be told without
/// flags: the representation of its slices and their rate.
///
/// # Errors
/// A damaged `export.json` beside it, a shape that no slice has.
pub fn representation_beside(
    path: &Path,
    [bins, frames, depth]: [usize; 3],
) -> anyhow::Result<(Arc<dyn Representation>, SampleRate)> {
    let sidecar = sidecar_beside(path)?;
    let known = sidecar.as_ref().is_some_and(|sidecar| sidecar.representation.is_some());
    // Without a word about it a tensor is taken for what the founding work has.
    let (bins, frames) = if known { (None, None) } else { (Some(bins), Some(frames)) };
    let tensor = TensorArgs { representation: None, bins, frames };
    let mono = !known && depth == 2;
    let args = SliceArgs { bpm: None, beats_per_slice: None, sample_rate: None, mono, tensor };
    let form = Form::new(&args, sidecar)?;
    Ok((form.build()?, form.rate))
}

fn sidecar_beside(path: &Path) -> Result<Option<Sidecar>, DatasetError> {
    Sidecar::load(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// How samples are stored.
pub fn wav_format(bits: WavBits) -> WavFormat {
    match bits {
        WavBits::Pcm16 => WavFormat::Pcm16,
        WavBits::Pcm24 => WavFormat::Pcm24,
        WavBits::Float => WavFormat::Float32,
    }
}

/// A slice and the tensor that stands for it.
struct Form {
    slicing: Slicing,
    rate: SampleRate,
    channels: usize,
    config: RepresentationConfig,
}

impl Form {
    /// Flags before the sidecar before the founding document's values.
    fn new(args: &SliceArgs, sidecar: Option<Sidecar>) -> Result<Self, Usage> {
        let exported = sidecar.as_ref().map(|it| it.slicing);
        let slicing = match exported {
            Some(windows @ Slicing::Windows { .. }) if args.bpm.is_none() && args.beats_per_slice.is_none() => windows,
            _ => beats(args, exported),
        };
        Ok(Self {
            slicing,
            rate: args.sample_rate.or(sidecar.as_ref().map(|it| it.sample_rate)).unwrap_or(SampleRate::CD),
            channels: if args.mono { 1 } else { sidecar.as_ref().map_or(2, |it| it.channels) },
            config: args.tensor.config()?.or(sidecar.and_then(|it| it.representation)).unwrap_or_default(),
        })
    }

    fn build(&self) -> Result<Arc<dyn Representation>, Usage> {
        let (sample_rate, channels, slicing) = (self.rate, self.channels, self.slicing);
        let recipe = Recipe { sample_rate, channels, slicing, split_rule: SplitRule::default() };
        recipe.validate()?;
        self.config.build(recipe.slice_frames(), sample_rate, channels).map_err(|error| match wider(&error) {
            Some(hint) => Usage::new(error.to_string(), hint),
            None => Usage::from(error),
        })
    }
}

fn beats(args: &SliceArgs, exported: Option<Slicing>) -> Slicing {
    let (bpm, beats) = match exported {
        Some(Slicing::Beats { bpm, beats_per_slice, .. }) => (bpm, beats_per_slice),
        _ => (Bpm::FOUNDING, 1),
    };
    Slicing::Beats {
        bpm: args.bpm.unwrap_or(bpm),
        beats_per_slice: args.beats_per_slice.unwrap_or(beats),
        fit: Fit::Place,
        grid: GridChoice::Imported,
    }
}

/// The flags of these verbs that make a tensor large enough for its slice.
pub fn wider(error: &SpectralError) -> Option<String> {
    match error {
        SpectralError::HopTooLarge { enough_frames, enough_bins, .. } => {
            Some(format!("use --frames {enough_frames} or --bins {enough_bins}"))
        }
        _ => None,
    }
}

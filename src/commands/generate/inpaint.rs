//! A beat with a region of time made anew by a diffusion model.

use crate::commands::refuse_existing;
use crate::commands::train::expect;
use crate::interrupt;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::InpaintSettings;
use adm_audio::{Memory, OpenSettings, Resampler, WavFormat, WavWriter, open, read_all};
use adm_core::{Observer, persist};
use adm_models::Family;
use adm_models::diffusion::{Repaint, Repainter, normals};
use adm_models::provenance::Provenance;
use adm_train::RunDir;
use adm_train::device::{self, Picked};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

/// Times that each stride is taken: with fewer, what is made does not fit what it stands beside.
const TIMES: usize = 4;

/// Share of a slice by which a beat may be longer or shorter than one, when its end is cut off or filled with silence.
const ROOM: f64 = 0.01;

/// What was made.
#[derive(Debug, Serialize)]
pub struct Inpainted {
    pub output: PathBuf,
    pub beat: PathBuf,
    /// In beats, or as shares of a window.
    pub region: (f64, f64),
    /// Which of them.
    #[serde(skip)]
    unit: &'static str,
    pub sampling_steps: usize,
    pub checkpoint_step: u64,
    pub seconds: f64,
}

/// Makes a region anew as the settings say.
pub fn inpaint(settings: &InpaintSettings, output: &Output) -> Result<Inpainted> {
    refuse_existing(&settings.output)?;
    expect(Family::Diffusion, &settings.run)?;
    persist::check_place(&settings.output).with_context(|| format!("cannot write {}", settings.output.display()))?;
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| inpaint_on(&picked, settings, output))?
}

fn inpaint_on(picked: &Picked, settings: &InpaintSettings, output: &Output) -> Result<Inpainted> {
    let began = Instant::now();
    let run = RunDir::open(&settings.run)?;
    let provenance = Provenance::load(&run.dataset())?;
    let (length, unit) = match provenance.bpm {
        Some(_) => (provenance.beats_per_slice as f64, "beats of"),
        None => (1.0, "of the window"),
    };
    let painter = Repainter::open(&run, &picked.device, settings.sampling)?;
    painter.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    let (start, end) = settings.region;
    if end > length {
        let has = provenance.bpm.map_or("is a window from 0 to 1".to_owned(), |_| format!("has {length} beats"));
        let message = format!("--region ends at {end}, and a slice of this run {has}");
        anyhow::bail!(Hinted::new(message, format!("give one that ends at {length} or before")));
    }
    let slice = slice(settings, &painter)?;
    let repaint = Repaint { region: start / length..end / length, times: TIMES };
    let noise = normals(settings.seeds, "inpaint", 0, painter.painter().shape().size());
    let made = interrupt::at_once(|| painter.repainted(&slice, &repaint, &noise))?;
    write(made, &painter, settings)?;
    Ok(Inpainted {
        output: settings.output.clone(),
        beat: settings.beat.clone(),
        region: settings.region,
        unit,
        sampling_steps: painter.painter().sampling().steps,
        checkpoint_step: painter.step,
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// The recorded beat as the run has its slices.
fn slice(settings: &InpaintSettings, painter: &Repainter) -> Result<Vec<f32>> {
    let (representation, rate) = (&painter.frontend().representation, painter.frontend().rate);
    let (frames, channels) = (representation.slice_frames(), representation.slice_channels());
    let path = &settings.beat;
    let mut sound = read_all(&mut *open(path, OpenSettings { rate, channels: Some(channels) })?)?;
    let off = (sound.len() / channels).abs_diff(frames);
    if off as f64 > ROOM * frames as f64 {
        let seconds = |frames: usize| frames as f64 / rate.as_f64();
        let [got, expected] = [seconds(sound.len() / channels), seconds(frames)];
        let message = format!("{} lasts {got:.3} s, and a slice of this run lasts {expected:.3} s", path.display());
        anyhow::bail!(Hinted::new(message, "adm export DATASET -o DIR --format wav writes slices"));
    }
    sound.resize(frames * channels, 0.0);
    let peak = sound.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
    if peak > 1.0 && settings.format != WavFormat::Float32 {
        let message =
            format!("{} is louder than full scale (its peak is {peak:.2}), and would be clipped", path.display());
        anyhow::bail!(Hinted::new(message, "store what is made with --format float"));
    }
    Ok(sound)
}

fn write(made: Vec<f32>, painter: &Repainter, settings: &InpaintSettings) -> Result<()> {
    let channels = painter.frontend().representation.slice_channels();
    let source = Memory::new(made, channels, painter.frontend().rate);
    let sound = read_all(&mut Resampler::new(source, settings.rate)?)?;
    let wav = WavWriter::create(&settings.output, settings.rate, channels, settings.format)?;
    let mut wav = wav.with_dither(settings.seeds);
    wav.write(&sound)?;
    wav.finish()?;
    Ok(())
}

impl fmt::Display for Inpainted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = self.region;
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("made anew", format!("{start} to {end} {} {}", self.unit, self.beat.display()))
            .row("sampling", format!("{} steps", count(self.sampling_steps as u64)))
            .row("model", format!("checkpoint of step {}", self.checkpoint_step))
            .row("time", duration(self.seconds));
        write!(f, "{rows}")
    }
}

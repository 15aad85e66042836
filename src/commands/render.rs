//! `adm render`: one tensor back to sound.

use super::{Outcome, refuse_existing};
use crate::cli::RenderArgs;
use crate::output::text::{Rows, channels, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{RenderSettings, Session, render};
use adm_audio::WavWriter;
use adm_core::{Frames, Observer};
use adm_dataset::{DatasetError, npy};
use adm_spectral::{Decoded, PhaseMethod, Scratch, Tensor};
use serde::Serialize;
use std::fmt;

/// Inverts a tensor and writes the slice.
///
/// # Errors
/// A tensor that cannot be read or has another form, an output that exists or cannot be written.
pub fn run(args: RenderArgs, session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    let settings = render(args, session)?;
    refuse_existing(&settings.output)?;
    let representation = settings.representation.as_ref();
    let mut slice = vec![0.0; representation.slice_frames() * representation.slice_channels()];
    let decoded = representation.decode(read(&settings)?.data(), &mut slice, &mut Scratch::new())?;
    let over = slice.iter().filter(|sample| sample.abs() > 1.0).count();
    if over > 0 && settings.format != adm_audio::WavFormat::Float32 {
        output.progress.warn(&format!(
            "{} samples exceed full scale and are clipped; --format float keeps them",
            count(over as u64)
        ));
    }
    let mut writer =
        WavWriter::create(&settings.output, settings.rate, representation.slice_channels(), settings.format)?;
    writer.write(&slice)?;
    let frames = writer.finish()?;
    output.printer.print(&Rendered::new(&settings, frames, decoded))?;
    Ok(Outcome::Done)
}

fn read(settings: &RenderSettings) -> anyhow::Result<Tensor> {
    let shape = settings.representation.shape();
    let values = npy::read_tensor(&settings.input, &[shape.bins, shape.frames, shape.channels]);
    let values = values.map_err(|error| match &error {
        DatasetError::WrongShape { .. } => {
            let message = format!("cannot render {}", settings.input.display());
            anyhow::Error::from(error)
                .context(Hinted::new(message, "say what it holds with --bins, --frames and --mono"))
        }
        _ => error.into(),
    })?;
    Ok(Tensor::from_depth_last(shape, &values)?)
}

#[derive(Debug, Serialize)]
struct Rendered {
    wav: String,
    frames: u64,
    sample_rate: u32,
    channels: usize,
    representation: &'static str,
    /// How phases were found, and how near their magnitudes come in dB, where they had to be.
    phase: Option<PhaseMethod>,
    convergence_db: Option<f64>,
}

impl Rendered {
    fn new(settings: &RenderSettings, frames: Frames, decoded: Decoded) -> Self {
        Self {
            wav: settings.output.display().to_string(),
            frames: frames.0,
            sample_rate: settings.rate.hz(),
            channels: settings.representation.slice_channels(),
            representation: settings.representation.name(),
            phase: settings.phase,
            convergence_db: decoded.convergence.map(|convergence| convergence.decibels()),
        }
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasts = duration(self.frames as f64 / f64::from(self.sample_rate));
        let length = format!("{lasts} ({} frames)", count(self.frames));
        let rows = Rows::default()
            .row("wav", self.wav.clone())
            .row("length", format!("{length}, {}, {} Hz", channels(self.channels), self.sample_rate));
        let rows = match self.phase.zip(self.convergence_db) {
            Some((phase, db)) => rows.row("phases", format!("{phase}: spectral convergence {db:.1} dB")),
            None => rows,
        };
        write!(f, "{rows}")
    }
}

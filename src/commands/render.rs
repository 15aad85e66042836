//! `adm render`: one tensor back to sound.

use super::{Outcome, refuse_existing};
use crate::cli::RenderArgs;
use crate::output::text::{Rows, channels, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{RenderSettings, render};
use adm_audio::WavWriter;
use adm_core::{Frames, Observer};
use adm_dataset::{DatasetError, npy};
use adm_spectral::Tensor;
use serde::Serialize;
use std::fmt;

/// Inverts a tensor and writes the slice.
///
/// # Errors
/// A tensor that cannot be read or has another form, an output that exists or cannot be written.
pub fn run(args: RenderArgs, output: &Output) -> anyhow::Result<Outcome> {
    let settings = render(args)?;
    refuse_existing(&settings.output)?;
    let representation = settings.representation.as_ref();
    let slice = representation.slice_of(&read(&settings)?)?;
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
    output.printer.print(&Rendered::new(&settings, frames))?;
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
}

impl Rendered {
    fn new(settings: &RenderSettings, frames: Frames) -> Self {
        Self {
            wav: settings.output.display().to_string(),
            frames: frames.0,
            sample_rate: settings.rate.hz(),
            channels: settings.representation.slice_channels(),
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
        write!(f, "{rows}")
    }
}

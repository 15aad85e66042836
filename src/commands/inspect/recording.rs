//! A recording.

use crate::output::Output;
use crate::output::text::{Rows, channels, count, duration};
use adm_audio::{AudioError, Decoder, Loudness, Meter, Source};
use adm_core::{Frames, Observer, SampleRate};
use anyhow::Context;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Decodes a recording from start to end and measures it.
///
/// # Errors
/// A recording that cannot be decoded.
pub fn look(path: &Path, output: &Output) -> anyhow::Result<Found> {
    listen(path, output).with_context(|| format!("cannot tell what {} is", path.display()))
}

fn listen(path: &Path, output: &Output) -> Result<Found, AudioError> {
    let mut source = Decoder::open(path)?;
    let (rate, channels) = (source.rate(), source.channels());
    let mut meter = Meter::new(channels, rate)?;
    let seconds = |frames: u64| frames / u64::from(rate.hz());
    output.progress.begin("listening", source.duration_hint().map(|length| seconds(length.0)));
    let (mut frames, mut block) = (0, Vec::new());
    while let read @ 1.. = source.read(&mut block)? as u64 {
        if output.progress.stop_requested() {
            return Err(AudioError::Interrupted);
        }
        meter.add(&block)?;
        block.clear();
        output.progress.advance(seconds(frames + read) - seconds(frames));
        frames += read;
    }
    output.progress.end();
    Ok(Found::new(path, rate, channels, frames, meter.loudness(), source.warnings()))
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    path: String,
    sample_rate: SampleRate,
    channels: usize,
    frames: u64,
    seconds: f64,
    integrated_lufs: f64,
    range_lu: f64,
    true_peak_dbtp: f64,
    sample_peak_dbfs: f64,
    warnings: Vec<String>,
}

impl Found {
    fn new(
        path: &Path,
        sample_rate: SampleRate,
        channels: usize,
        frames: u64,
        loudness: Loudness,
        warnings: &[String],
    ) -> Self {
        Self {
            kind: "recording",
            path: path.display().to_string(),
            sample_rate,
            channels,
            frames,
            seconds: Frames(frames).seconds(sample_rate).0,
            integrated_lufs: loudness.integrated_lufs,
            range_lu: loudness.range_lu,
            true_peak_dbtp: loudness.true_peak_dbtp,
            sample_peak_dbfs: loudness.sample_peak_dbfs,
            warnings: warnings.to_vec(),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level =
            |value: f64, unit| if value.is_finite() { format!("{value:.1} {unit}") } else { "silent".to_owned() };
        let peaks = (level(self.true_peak_dbtp, "dBTP"), level(self.sample_peak_dbfs, "dBFS"));
        let length = format!("{} ({} frames)", duration(self.seconds), count(self.frames));
        let rows = Rows::default()
            .row("recording", self.path.clone())
            .row("length", format!("{length}, {}, {}", channels(self.channels), self.sample_rate))
            .row("loudness", format!("{}, range {:.1} LU", level(self.integrated_lufs, "LUFS"), self.range_lu))
            .row("peak", format!("{}, {}", peaks.0, peaks.1))
            .list("warnings", self.warnings.clone());
        write!(f, "{rows}")
    }
}

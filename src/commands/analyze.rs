//! `adm analyze`: one tensor out of a recording.

use super::round_trip::RoundTrip;
use super::{Outcome, refuse_existing};
use crate::cli::AnalyzeArgs;
use crate::output::text::{Rows, channels, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{AnalyzeSettings, analyze};
use adm_audio::{AudioError, OpenSettings, Placement, Slicer, Source, Span, Verdict};
use adm_core::{Frames, Observer};
use adm_dataset::npy;
use anyhow::Context;
use serde::Serialize;
use std::fmt;

/// Cuts one slice and writes its tensor.
///
/// # Errors
/// A recording that cannot be read or ends before the slice begins, an output that exists or cannot be written.
pub fn run(args: AnalyzeArgs, output: &Output) -> anyhow::Result<Outcome> {
    let settings = analyze(args)?;
    refuse_existing(&settings.output)?;
    let (slice, is_whole) = cut(&settings, output)?;
    if !is_whole {
        output.progress.warn(&format!("{} ends within the slice; the rest is silence", settings.input.display()));
    }
    let tensor = settings.representation.tensor_of(&slice)?;
    let back = RoundTrip::of(settings.representation.as_ref(), &slice, &tensor)?;
    let shape = tensor.shape();
    npy::write_tensor(&settings.output, &[shape.bins, shape.frames, shape.channels], &tensor.to_depth_last())?;
    output.printer.print(&Analyzed::new(&settings, back))?;
    Ok(Outcome::Done)
}

/// The slice, and whether the recording lasts as long as it does.
fn cut(settings: &AnalyzeSettings, output: &Output) -> anyhow::Result<(Vec<f32>, bool)> {
    let representation = settings.representation.as_ref();
    let (length, channels) = (representation.slice_frames(), representation.slice_channels());
    let opened = OpenSettings { rate: settings.rate, channels: Some(channels) };
    let mut source =
        adm_audio::open(&settings.input, opened).with_context(|| format!("cannot use {}", settings.input.display()))?;
    let start = settings.start.frames(settings.rate).0;
    let span = Span { index: 0, start, end: start + length as u64 };
    let mut slicer = Slicer::new([span].into_iter(), Placement::new(length, settings.rate), channels);
    let mut cut = None;
    let mut block = Vec::new();
    let mut passed = 0;
    while cut.is_none() {
        if output.progress.stop_requested() {
            return Err(AudioError::Interrupted.into());
        }
        block.clear();
        let read = source.read(&mut block)?;
        if read == 0 {
            break;
        }
        passed += read as u64;
        slicer.push(&block, &mut |slice| cut = Some((slice.samples.to_vec(), true)));
    }
    if cut.is_none() {
        slicer.finish(&mut |slice| cut = Some((slice.samples.to_vec(), slice.verdict != Verdict::TooShort)));
    }
    let lasts = duration(Frames(passed).seconds(settings.rate).0);
    let message = || format!("{} lasts {lasts} and ends before the slice begins", settings.input.display());
    cut.ok_or_else(|| Hinted::new(message(), "give an earlier --start").into())
}

#[derive(Debug, Serialize)]
struct Analyzed {
    tensor: String,
    representation: &'static str,
    /// What each channel holds.
    planes: Vec<String>,
    /// Numbers of the tensor over samples of the slice.
    relative_size: f64,
    /// Whether it gives the slice back to float precision.
    exact: bool,
    round_trip: RoundTrip,
    /// `(bins, frames, channels)`.
    shape: [usize; 3],
    fft_size: usize,
    hop: usize,
    window: String,
    start_seconds: f64,
    slice_frames: usize,
    sample_rate: u32,
    channels: usize,
}

impl Analyzed {
    fn new(settings: &AnalyzeSettings, round_trip: RoundTrip) -> Self {
        let representation = settings.representation.as_ref();
        let (shape, transform) = (representation.shape(), representation.transform());
        Self {
            tensor: settings.output.display().to_string(),
            representation: representation.name(),
            planes: representation.planes().iter().map(ToString::to_string).collect(),
            relative_size: representation.relative_size(),
            exact: representation.is_exact(),
            round_trip,
            shape: [shape.bins, shape.frames, shape.channels],
            fft_size: transform.n_fft,
            hop: transform.hop_length,
            window: transform.window,
            start_seconds: settings.start.0,
            slice_frames: representation.slice_frames(),
            sample_rate: settings.rate.hz(),
            channels: representation.slice_channels(),
        }
    }
}

impl fmt::Display for Analyzed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [bins, frames, depth] = self.shape;
        let slice = format!(
            "{} frames from {} s, {}, {} Hz",
            count(self.slice_frames as u64),
            self.start_seconds,
            channels(self.channels),
            self.sample_rate
        );
        let rows = Rows::default()
            .row("tensor", self.tensor.clone())
            .row("shape", format!("({bins}, {frames}, {depth}) {}", self.representation))
            .row("holds", self.planes.join(", "))
            .row("size", format!("{:.2} numbers a sample", self.relative_size))
            .row("comes back", self.round_trip.sentence(self.exact))
            .row("spectra", format!("FFT of {}, hop of {}, {} window", self.fft_size, self.hop, self.window))
            .row("slice", slice);
        write!(f, "{rows}")
    }
}

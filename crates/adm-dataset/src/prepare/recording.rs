//! One recording, from its file to its part: find its beats, then cut it while it streams by.

use super::bars;
use super::part::{Part, PartWriter};
use super::tally::RunningTally;
use super::watched::Watched;
use crate::error::DatasetError;
use crate::manifest::GridRow;
use crate::recipe::{Recipe, Slicing};
use adm_audio::{
    AudioError, Decoder, Grid, OpenSettings, SliceOut, Slicer, Source, Span, Verdict, grid, spans_of_grid,
    spans_of_windows,
};
use adm_core::{Frames, Observer, Seconds};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

/// Samples that a block has room for from the start, so that streaming allocates nothing.
const BLOCK_SAMPLES: usize = 1 << 16;
/// Frames between two progress lines.
const STATUS_FRAMES: u64 = 1 << 21;

/// One recording at work.
pub(super) struct Recording<'a> {
    pub path: &'a Path,
    pub recipe: &'a Recipe,
    /// Its grid, where one was given.
    pub given: Option<&'a Grid>,
    pub tally: &'a RunningTally,
    pub observer: &'a dyn Observer,
}

impl Recording<'_> {
    /// Cuts the recording into `part_path`.
    ///
    /// It is decoded twice where its beats are to be found first; the first time neither resampled nor remixed.
    ///
    /// # Errors
    /// What the recording cannot give, what the disk does not take, and `Interrupted`.
    pub(super) fn cut(&self, part_path: &Path) -> Result<Part, DatasetError> {
        let grid = self.find_grid().map_err(|source| self.unusable(source))?;
        let settings = OpenSettings { rate: self.recipe.sample_rate, channels: Some(self.recipe.channels) };
        let source = adm_audio::open(self.path, settings).map_err(|source| self.unusable(source))?;
        let mut source = Watched::new(source, self.observer);
        let step = self.recipe.slicing.position_step();
        let mut writer = PartWriter::create(part_path, self.recipe.sample_rate, step)?;
        self.stream(&mut source, grid.as_ref(), &mut writer)?;
        let duration = source.frames().seconds(self.recipe.sample_rate);
        let (samples, tally, spans) = writer.finish()?;
        if spans.is_empty() {
            let reason = why_none(duration, &tally.left_out);
            return Err(DatasetError::NoSlices { path: self.path.to_owned(), reason });
        }
        let warnings = source.warnings().to_vec();
        let bar_beats = grid.as_ref().map_or_else(Vec::new, |grid| bars::beats_of(&spans, grid));
        Ok(Part { samples, duration, grid: grid.as_ref().map(row), warnings, tally, spans, bar_beats })
    }

    /// The recording's beats; `None` where windows are wanted.
    fn find_grid(&self) -> Result<Option<Grid>, AudioError> {
        let Slicing::Beats { grid: choice, .. } = self.recipe.slicing else { return Ok(None) };
        if let Some(given) = self.given {
            return Ok(Some(given.clone()));
        }
        let Some(request) = choice.request() else { return Ok(None) };
        let mut source = Watched::new(Decoder::open(self.path)?, self.observer);
        grid::find(&mut source, &request, &Quiet(self.observer)).map(Some)
    }

    fn stream(
        &self,
        source: &mut dyn Source,
        grid: Option<&Grid>,
        writer: &mut PartWriter,
    ) -> Result<(), DatasetError> {
        // Headers lie about lengths and some say nothing, so spans are laid out endlessly and end with the stream.
        let end = Cell::new(u64::MAX);
        let mut slicer = Slicer::new(self.spans(grid, &end), self.recipe.placement(), self.recipe.channels);
        let mut block = Vec::with_capacity(BLOCK_SAMPLES);
        let mut frames = 0;
        loop {
            block.clear();
            let read = source.read(&mut block).map_err(|source| self.unusable(source))? as u64;
            if read == 0 {
                break;
            }
            slicer.push(&block, &mut |slice| self.take(slice, grid, writer));
            writer.check()?;
            frames += read;
            if frames % STATUS_FRAMES < read {
                self.observer.status(&self.tally.text());
            }
        }
        end.set(frames);
        slicer.finish(&mut |slice| self.take(slice, grid, writer));
        Ok(())
    }

    fn take(&self, mut slice: SliceOut<'_>, grid: Option<&Grid>, writer: &mut PartWriter) {
        if slice.verdict == Verdict::TooShort && matches!(self.recipe.slicing, Slicing::Windows { .. }) {
            // Windows have no place of their own, so one that the end cuts off was never due.
            return;
        }
        if slice.verdict == Verdict::Keep && grid.is_some_and(|grid| self.is_uncertain(slice.span, grid)) {
            slice.verdict = Verdict::Uncertain;
        }
        self.tally.count(slice.verdict);
        writer.take(slice);
    }

    fn is_uncertain(&self, span: Span, grid: &Grid) -> bool {
        let Slicing::Beats { grid: choice, .. } = self.recipe.slicing else { return false };
        grid.confidence_at(Frames(span.start).seconds(self.recipe.sample_rate).0) < choice.least_confidence()
    }

    /// The spans that start before `end`; of windows, those that lie wholly before it.
    fn spans<'a>(&self, grid: Option<&'a Grid>, end: &'a Cell<u64>) -> Box<dyn Iterator<Item = Span> + 'a> {
        const ENDLESS: Frames = Frames(1 << 52);
        let rate = self.recipe.sample_rate;
        match (self.recipe.slicing, grid) {
            (Slicing::Windows { window, hop }, _) => {
                let windows = spans_of_windows(window, hop, rate, ENDLESS);
                Box::new(windows.take_while(|span| span.end <= end.get()))
            }
            (Slicing::Beats { beats_per_slice, .. }, Some(grid)) => {
                let beats = spans_of_grid(grid, rate, beats_per_slice, ENDLESS);
                Box::new(beats.take_while(|span| span.start < end.get()))
            }
            (Slicing::Beats { .. }, None) => Box::new(std::iter::empty()),
        }
    }

    fn unusable(&self, source: AudioError) -> DatasetError {
        match source {
            AudioError::Interrupted => DatasetError::Interrupted { hint: None },
            source => DatasetError::Audio { path: self.path.to_owned(), source },
        }
    }
}

fn row(grid: &Grid) -> GridRow {
    let offset = Seconds(grid.beats.first().copied().unwrap_or(0.0));
    let regions = grid.regions.clone();
    GridRow { method: grid.method, bpm: grid.bpm, offset, confidence: grid.confidence, regions }
}

fn why_none(duration: Seconds, left_out: &BTreeMap<String, usize>) -> String {
    let counts: Vec<String> = left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    match counts.as_slice() {
        [] => format!("it lasts {duration}, less than one slice"),
        counts => format!("in its {duration} all slices were left out ({})", counts.join(", ")),
    }
}

/// Hands on the wish to stop and the warnings; progress is what [`Watched`] reports.
struct Quiet<'a>(&'a dyn Observer);

impl Observer for Quiet<'_> {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, text: &str) {
        self.0.warn(text);
    }
    fn stop_requested(&self) -> bool {
        self.0.stop_requested()
    }
}

//! A source at work: its bars, and what it does between them.

use super::lead::Lead;
use super::made::{Made, make};
use super::spare::Spare;
use crate::LiveError;
use crate::bar::{BarSource, Format};
use crate::controls::Board;
use std::sync::Arc;
use std::time::Duration;

/// Makes bars in their order, and knows whether there is time for anything else.
pub(crate) struct Maker {
    source: Box<dyn BarSource>,
    board: Arc<Board>,
    format: Format,
    lead: Lead,
    spare: Spare,
    /// Bars that were begun.
    begun: u64,
    /// What went wrong between bars.
    fault: Option<LiveError>,
}

impl Maker {
    /// A source that has made nothing yet, for a player that has `ahead` bars ahead.
    pub(crate) fn new(source: Box<dyn BarSource>, board: Arc<Board>, format: Format, ahead: usize) -> Self {
        let (lead, spare) = (Lead::new(ahead), Spare::default());
        Self { source, board, format, lead, spare, begun: 0, fault: None }
    }

    /// Bars that were begun.
    pub(crate) fn begun(&self) -> u64 {
        self.begun
    }

    /// The next bar.
    ///
    /// # Errors
    /// The source's, now or between this bar and the one before, or [`LiveError::BadBar`].
    pub(crate) fn make(&mut self) -> Result<Made, LiveError> {
        let index = self.begun;
        self.begun += 1;
        self.fault.take().map_or(Ok(()), Err)?;
        make(self.source.as_mut(), &self.board, self.format, index)
    }

    /// Whether, now that a bar of `samples` samples has been handed over whose making `took` so long, there is time for more
    /// before the next one must be begun. What sounds goes on for `sounding`.
    pub(crate) fn has_time(&mut self, samples: usize, took: Duration, sounding: Duration) -> bool {
        self.lead.learn(took);
        let frames = self.format.frames(samples);
        let more = (frames - self.lead.frames(frames, self.format)) as f64 / self.format.rate.as_f64();
        self.spare.fits(sounding + Duration::from_secs_f64(more), took)
    }

    /// Has the source do what it does between bars. An error of it is the next bar's.
    pub(crate) fn between(&mut self) {
        let bar = self.begun;
        self.fault = self.source.between_bars().err().map(|source| LiveError::Source { bar, source });
    }

    /// What was done between bars took so long.
    pub(crate) fn learn(&mut self, took: Duration) {
        self.spare.learn(took);
    }
}

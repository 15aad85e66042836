//! A bar that is made, checked and ready to be sent.

use crate::LiveError;
use crate::bar::{BarSource, BeatNote, Format};
use crate::controls::Board;
use crate::wire;
use bytes::Bytes;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A bar with all that the player needs, so that the player has nothing to work out.
pub(crate) struct Made {
    pub samples: Vec<f32>,
    pub wire: Bytes,
    pub bpm: f64,
    pub beats: Arc<[BeatNote]>,
    pub section: Arc<str>,
    /// The controls' revision when it was begun.
    pub revision: u64,
    /// How long it took.
    pub took: Duration,
}

/// Has `source` make bar `index` with the controls as they are.
pub(crate) fn make(source: &mut dyn BarSource, board: &Board, format: Format, index: u64) -> Result<Made, LiveError> {
    let begun = Instant::now();
    let asked = board.asked();
    let bar = source.next_bar(&asked.controls).map_err(|source| LiveError::Source { bar: index, source })?;
    if let Some(reason) = format.fault(&bar) {
        return Err(LiveError::BadBar { bar: index, reason });
    }
    let (wire, beats, section) = (wire::encode(&bar.samples), bar.beats.into(), bar.section.into());
    let (samples, bpm, revision) = (bar.samples, bar.bpm, asked.revision);
    Ok(Made { samples, wire, bpm, beats, section, revision, took: begun.elapsed() })
}

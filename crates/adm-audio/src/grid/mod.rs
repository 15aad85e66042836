//! The beat times of a recording.
//!
//! [`GridRequest::Auto`] follows the beat of a whole DJ set, whose tempo may be constant, step from track to track or
//! glide, and whose drums may be gone for a minute:
//!
//! ```text
//! recording ─curves→ onsets of bands, level ─tempogram→ tempi by moment ─path→ one tempo at each moment
//!           ─level→ the beat's own multiple of it ─chains→ stretches where the beat is clear
//!           ─link→ their beats, tempi and bars ─route→ one count of beats and bars through all of them
//!           ─beats, pieces→ few constant or even tempi ─attack→ where kicks start ─pieces→ the grid, with a confidence
//! ```
//!
//! Nothing is decided where it is heard: tempo, its octave, off-beat hypotheses, the place of the bars and of tempo changes
//! are each chosen for the whole recording at once, by dynamic programming, so a breakdown without drums cannot pull the
//! grid over to the off-beat hats. Tempo by a tempogram and a path of least cost through it is Grosche and Müller's idea
//! ("Extracting predominant local pulse information from music recordings", IEEE TASLP 19, 2011), beats as the cheapest
//! explanation of a whole recording Ellis's ("Beat tracking by dynamic programming", JNMR 36, 2007); plans of drums, chains
//! and pieces are made for music that a machine plays, whose tempo is even for minutes.
//!
//! Only the curves grow with the recording: about 3 kB a second.

mod adjust;
mod assemble;
mod attack;
mod bands;
mod bars;
mod beats;
mod chains;
mod confidence;
mod curves;
mod drums;
mod file;
mod glide;
mod layout;
mod least_squares;
mod level;
mod link;
mod meter;
mod path;
mod phase;
mod piece;
mod pieces;
mod route;
mod tempogram;
mod track;

pub use adjust::{Adjustment, Level};
pub use file::FORMAT;
pub use layout::{Grid, GridMethod, TempoRegion};

use crate::{AudioError, Source};
use adm_core::{Bpm, Frames, Observer, Seconds};
use curves::Listener;
use serde::{Deserialize, Serialize};
use track::track;

/// Less sound than this has too few beats to tell a tempo from.
const SHORTEST: Seconds = Seconds(4.0);
/// Below this confidence the grid is no better than what noise gives.
const LEAST_CONFIDENCE: f64 = 0.25;
/// The tempi that are looked for where nothing else is asked for, in BPM.
pub const USUAL_RANGE: (f64, f64) = (60.0, 200.0);

/// What kind of grid is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GridRequest {
    /// Beats at `offset + k·60/bpm` for all `k ≥ 0` that are not negative times.
    Fixed {
        /// The tempo.
        bpm: Bpm,
        /// When the first beat starts. Whatever sounds before it is in no beat.
        offset: Seconds,
    },
    /// Followed through the recording.
    Auto(Search),
}

/// How beats are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// The lowest and the highest tempo, [`USUAL_RANGE`] where there is none. A range of less than an octave decides which
    /// multiple of a tempo is the beat's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<(Bpm, Bpm)>,
    /// What is done to what was found.
    #[serde(skip_serializing_if = "Adjustment::is_none")]
    pub adjustment: Adjustment,
}

impl Search {
    /// What is done where nothing else is asked for.
    pub const USUAL: Self = Self { range: None, adjustment: Adjustment { half_beat: false, level: Level::Same } };
}

/// Finds the beats of a recording; reads `source` to its end unless the request and the header's length are enough.
///
/// `observer` is advanced by every frame read and asked whether to stop; stages are the caller's, so that recordings can
/// be read side by side.
///
/// # Errors
/// Whatever the source returns; [`AudioError::TooShortForGrid`] and [`AudioError::NoBeat`] where there is nothing to
/// follow; [`AudioError::Interrupted`] when `observer` asks to stop.
pub fn find(source: &mut dyn Source, request: &GridRequest, observer: &dyn Observer) -> Result<Grid, AudioError> {
    match *request {
        GridRequest::Fixed { bpm, offset } => {
            let length = match source.duration_hint() {
                Some(length) => length,
                None => listen(source, observer, |_| {})?,
            };
            Ok(Grid::fixed(bpm, offset, length.seconds(source.rate())))
        }
        GridRequest::Auto(search) => Ok(search.adjustment.apply(follow(source, search, observer)?)),
    }
}

fn follow(source: &mut dyn Source, search: Search, observer: &dyn Observer) -> Result<Grid, AudioError> {
    let (rate, channels) = (source.rate(), source.channels());
    let mut listener = Listener::new(rate, channels);
    let length = listen(source, observer, |block| listener.add(block))?.seconds(rate);
    if length < SHORTEST {
        return Err(AudioError::TooShortForGrid { needed: SHORTEST, actual: length });
    }
    let curves = listener.finish();
    let (lowest, highest) = search.range.map_or(USUAL_RANGE, |(low, high)| (low.get(), high.get()));
    let tracked = track(&curves, (lowest / 60.0, highest / 60.0), length.0).ok_or(AudioError::NoBeat)?;
    let grid = assemble::grid(&tracked, &curves, length).ok_or(AudioError::NoBeat)?;
    if grid.confidence < LEAST_CONFIDENCE { Err(AudioError::NoBeat) } else { Ok(grid) }
}

/// Reads a source to its end, block by block, and returns its length.
fn listen(
    source: &mut dyn Source,
    observer: &dyn Observer,
    mut take: impl FnMut(&[f32]),
) -> Result<Frames, AudioError> {
    let (mut block, mut length) = (Vec::new(), 0);
    loop {
        block.clear();
        match source.read(&mut block)? {
            0 => return Ok(Frames(length)),
            frames => {
                take(&block);
                length += frames as u64;
                observer.advance(frames as u64);
            }
        }
        if observer.stop_requested() {
            return Err(AudioError::Interrupted);
        }
    }
}

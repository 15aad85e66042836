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
mod attack;
mod bands;
mod bars;
mod beats;
mod chains;
mod confidence;
mod curves;
mod drums;
mod file;
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
use curves::{Curves, Listener};
use layout::{BAR, BEFORE_START};
use serde::{Deserialize, Serialize};
use track::{Tracked, track};

/// Less sound than this has too few beats to tell a tempo from.
const SHORTEST: Seconds = Seconds(4.0);
/// Below this confidence the grid is no better than what noise gives.
const LEAST_CONFIDENCE: f64 = 0.25;
/// Neighbouring parts whose confidences differ by less are one region.
const SAME_CONFIDENCE: f64 = 0.15;
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
    let grid = grid(&tracked, &curves, length).ok_or(AudioError::NoBeat)?;
    if grid.confidence < LEAST_CONFIDENCE { Err(AudioError::NoBeat) } else { Ok(grid) }
}

/// The beats that were tracked while something sounds; `None` where that is no beat.
fn grid(tracked: &Tracked, curves: &Curves, length: Seconds) -> Option<Grid> {
    let time = |beat: i64| pieces::time_of(&tracked.pieces, beat);
    let (sounds, falls_silent) = curves.sounding();
    // A beat of which most is silence before the music is none, and none starts after it.
    let sounding = |beat: &i64| {
        let (start, end) = (time(*beat), time(*beat + 1));
        let middle = 0.5 * (start + end);
        start >= -BEFORE_START && start < length.0.min(falls_silent) && middle > sounds && end > start
    };
    let mut beats: Vec<i64> = tracked.beats.clone().filter(sounding).collect();
    // Where pieces do not meet, a beat may come out of turn.
    let mut last = f64::NEG_INFINITY;
    beats.retain(|&beat| {
        let keep = time(beat) > last;
        last = if keep { time(beat) } else { last };
        keep
    });
    let start = |beat: i64| time(beat).max(0.0);
    let grid = Grid {
        bpm: 60.0 * tracked.pieces.first()?.frequency(time(*beats.first()?)),
        confidence: 0.0,
        method: GridMethod::Tracked,
        regions: regions(tracked, *beats.first()?, *beats.last()?),
        downbeats: beats.iter().filter(|beat| beat.rem_euclid(BAR as i64) == 0).map(|&beat| start(beat)).collect(),
        beats: beats.iter().map(|&beat| start(beat)).collect(),
    };
    Some(grid.summarised())
}

/// Stretches of one piece and about one confidence between two beats.
fn regions(tracked: &Tracked, first: i64, last: i64) -> Vec<TempoRegion> {
    let mut regions: Vec<(usize, std::ops::Range<i64>, f64)> = Vec::new();
    for beat in first..=last {
        let piece = tracked.pieces.partition_point(|piece| piece.end <= beat).min(tracked.pieces.len() - 1);
        let block = ((beat - tracked.beats.start) / confidence::BLOCK) as usize;
        let sure = tracked.confidences.get(block).copied().unwrap_or(0.0);
        match regions.last_mut() {
            Some((on, beats, mean)) if *on == piece && (sure - *mean).abs() < SAME_CONFIDENCE => {
                *mean += (sure - *mean) / (beats.end - beats.start + 1) as f64;
                beats.end += 1;
            }
            _ => regions.push((piece, beat..beat + 1, sure)),
        }
    }
    let region = |(piece, beats, confidence): &(usize, std::ops::Range<i64>, f64)| {
        let piece = &tracked.pieces[*piece];
        let (start, end) = (piece.time_of(beats.start as f64).max(0.0), piece.time_of(beats.end as f64));
        let bpm = |time: f64| (60.0 * piece.frequency(time)).clamp(20.0, 400.0);
        TempoRegion { start, end, start_bpm: bpm(start), end_bpm: bpm(end), confidence: *confidence }
    };
    let mut regions: Vec<TempoRegion> = regions.iter().map(region).collect();
    // Where pieces do not meet to the microsecond, the later one begins on time.
    for at in 1..regions.len() {
        regions[at - 1].end = regions[at - 1].end.min(regions[at].start);
    }
    regions.retain(|region| region.end > region.start);
    regions
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

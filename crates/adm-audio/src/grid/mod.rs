//! The beat times of a recording.
//!
//! [`GridRequest::Auto`] assumes one tempo and lets the whole recording vote on it, so that a breakdown without drums
//! cannot pull the grid over to the off-beat hats:
//!
//! 1. `envelope` reduces the recording, as it streams by, to two short curves: the energy of the low band (35–160 Hz,
//!    where kicks are and hats are not) and the level of the whole band once every millisecond.
//! 2. `tempo` finds the beat frequency whose comb of harmonics holds the most energy of the low-band onsets over the
//!    whole recording, and its phase.
//! 3. `phase` moves that phase from the middle of the low-band rise to the start of the attack.

mod envelope;
mod phase;
mod tempo;

use crate::{AudioError, Source};
use adm_core::{Bpm, Frames, Observer, Seconds};
use envelope::Envelope;
use serde::{Deserialize, Serialize};

/// Less sound than this has too few beats to tell a tempo from.
const SHORTEST: Seconds = Seconds(4.0);
/// Below this confidence the fit is no better than what noise gives.
const LEAST_CONFIDENCE: f64 = 0.1;
/// A beat estimated this little before the first frame is the first frame.
const BEFORE_START: f64 = 0.02;

/// How a grid came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GridMethod {
    /// Laid out from a given tempo and offset.
    Fixed,
    /// One tempo and phase fitted to the low band of the whole recording.
    ConstantTempo,
    /// Changed or written by hand.
    Edited,
}

/// The beat times of one recording; they hold for it at every sample rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The tempo in BPM, 20 to 400.
    pub bpm: f64,
    /// How sure the grid is, from 0 (a guess) to 1. For [`GridMethod::ConstantTempo`] it is the share of the low-band
    /// onsets within 30 ms of a beat, less what chance would put there: 0.4 and more on a steady set, while a set whose
    /// tempo changes stays low.
    pub confidence: f64,
    /// How the grid came about.
    pub method: GridMethod,
    /// When each beat starts, in seconds from the first frame, strictly ascending, none negative. The last beat ends one
    /// beat length after its start.
    pub beats: Vec<f64>,
}

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
    /// One tempo and phase, fitted to the whole recording: 60 to 200 BPM, of the octaves of a tempo rather the one
    /// between 90 and 180.
    Auto,
}

/// Finds the beats of a recording; reads `source` to its end unless the request and the header's length are enough.
///
/// `observer` is advanced by every frame read and asked whether to stop; stages are the caller's, so that recordings can
/// be read side by side.
///
/// # Errors
/// Whatever the source returns; [`AudioError::TooShortForGrid`] and [`AudioError::NoBeat`] where there is nothing to
/// fit to; [`AudioError::Interrupted`] when `observer` asks to stop.
pub fn find(source: &mut dyn Source, request: &GridRequest, observer: &dyn Observer) -> Result<Grid, AudioError> {
    match *request {
        GridRequest::Fixed { bpm, offset } => {
            let length = match source.duration_hint() {
                Some(length) => length,
                None => listen(source, observer, |_| {})?,
            };
            Ok(Grid::fixed(bpm, offset, length.seconds(source.rate())))
        }
        GridRequest::Auto => find_constant_tempo(source, observer),
    }
}

fn find_constant_tempo(source: &mut dyn Source, observer: &dyn Observer) -> Result<Grid, AudioError> {
    let (rate, channels) = (source.rate(), source.channels());
    let mut envelope = Envelope::new(rate, channels);
    let length = listen(source, observer, |block| envelope.add(block))?.seconds(rate);
    if length < SHORTEST {
        return Err(AudioError::TooShortForGrid { needed: SHORTEST, actual: length });
    }
    let (level, onsets) = envelope.finish();
    let found = tempo::search(&onsets).ok_or(AudioError::NoBeat)?;
    if found.confidence < LEAST_CONFIDENCE {
        return Err(AudioError::NoBeat);
    }
    let first = phase::attack(&level, &onsets, &found);
    Ok(Grid::regular(60.0 * found.frequency, first, length, GridMethod::ConstantTempo, found.confidence))
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

impl Grid {
    /// The beats of `bpm` from `offset` on, over a recording of length `length`.
    pub fn fixed(bpm: Bpm, offset: Seconds, length: Seconds) -> Self {
        let beat = bpm.beat().0;
        let missed = (-offset.0 / beat).ceil().max(0.0);
        let mut grid = Self::regular(bpm.get(), offset.0 + missed * beat, length, GridMethod::Fixed, 1.0);
        // Beats before the offset are none, however long the time is that a negative offset would leave for them.
        grid.beats.retain(|&time| time >= offset.0);
        grid
    }

    /// Beats at all times `through + k·60/bpm` that lie within the recording.
    fn regular(bpm: f64, through: f64, length: Seconds, method: GridMethod, confidence: f64) -> Self {
        let beat = 60.0 / bpm;
        let first = -((through + BEFORE_START.min(beat / 8.0)) / beat).floor();
        let times = (0u32..).map(|k| (through + (first + f64::from(k)) * beat).max(0.0));
        Self { bpm, confidence, method, beats: times.take_while(|&time| time < length.0).collect() }
    }

    /// When beat `index` starts, in seconds. One past the last beat it is where the last one ends; beyond that, `None`.
    pub fn start_of(&self, index: usize) -> Option<f64> {
        match (self.beats.get(index), self.beats.last()) {
            (Some(&time), _) => Some(time),
            (None, Some(&last)) if index == self.beats.len() => Some(last + 60.0 / self.bpm),
            _ => None,
        }
    }

    /// Checks a grid that came from outside.
    ///
    /// # Errors
    /// [`AudioError::BadGrid`] where a time is not finite, negative or not above the one before it, or where tempo or
    /// confidence are outside their ranges.
    pub fn check(&self) -> Result<(), AudioError> {
        let bad = |reason: String| Err(AudioError::BadGrid { reason });
        if let Err(error) = Bpm::new(self.bpm) {
            return bad(error.to_string());
        }
        if !(0.0..=1.0).contains(&self.confidence) {
            return bad(format!("its confidence must be between 0 and 1, got {}", self.confidence));
        }
        if let Some(time) = self.beats.iter().find(|time| !time.is_finite() || **time < 0.0) {
            return bad(format!("a beat cannot start at {time} seconds"));
        }
        match self.beats.windows(2).find(|pair| pair[0] >= pair[1]) {
            Some(pair) => bad(format!("beat times must ascend, but {} follows {}", pair[1], pair[0])),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(bpm: f64, offset: f64, length: f64) -> Vec<f64> {
        Grid::fixed(Bpm::new(bpm).unwrap(), Seconds(offset), Seconds(length)).beats
    }

    #[test]
    fn a_fixed_grid_starts_at_its_offset_and_ends_with_the_recording() {
        assert_eq!(fixed(120.0, 0.0, 2.0), [0.0, 0.5, 1.0, 1.5]);
        assert_eq!(fixed(120.0, 0.7, 2.0), [0.7, 1.2, 1.7]);
        assert_eq!(fixed(120.0, -0.8, 1.0).len(), 2);
        assert!((fixed(120.0, -0.8, 1.0)[0] - 0.2).abs() < 1e-12);
        assert!(fixed(120.0, 3.0, 2.0).is_empty());
        let late = fixed(130.0, 10.25, 7200.0);
        assert!((late[15_000] - (10.25 + 15_000.0 * 60.0 / 130.0)).abs() < 1e-9, "rounding must not add up");
    }

    #[test]
    fn grids_from_outside_are_checked() {
        let grid = Grid { bpm: 128.0, confidence: 0.9, method: GridMethod::Edited, beats: vec![0.1, 0.6] };
        assert!(grid.check().is_ok());
        assert_eq!(grid.start_of(2), Some(0.6 + 60.0 / 128.0));
        assert_eq!(grid.start_of(3), None);
        let message = |change: &dyn Fn(&mut Grid)| {
            let mut bad = grid.clone();
            change(&mut bad);
            bad.check().unwrap_err().to_string()
        };
        for (change, expected) in [
            (
                &(|grid: &mut Grid| grid.bpm = 5.0) as &dyn Fn(&mut Grid),
                "the tempo in BPM must be between 20 and 400, got 5",
            ),
            (&|grid| grid.confidence = f64::NAN, "its confidence must be between 0 and 1, got NaN"),
            (&|grid| grid.beats[0] = -0.5, "a beat cannot start at -0.5 seconds"),
            (&|grid| grid.beats[1] = f64::INFINITY, "a beat cannot start at inf seconds"),
            (&|grid| grid.beats[1] = 0.1, "beat times must ascend, but 0.1 follows 0.1"),
        ] {
            assert_eq!(message(change), format!("the beat grid is not usable: {expected}"));
        }
    }
}

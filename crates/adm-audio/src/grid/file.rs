//! A grid as a file that a person can read and edit.
//!
//! ```json
//! {
//!   "format": "adm-grid",
//!   "version": 1,
//!   "bpm": 128.0,
//!   "confidence": 0.97,
//!   "method": "tracked",
//!   "regions": [
//!     {"start": 0.31, "end": 61.2, "start_bpm": 128.0, "end_bpm": 128.0, "confidence": 0.99}
//!   ],
//!   "downbeats": [0.31, 2.185],
//!   "beats": [0.31, 0.77875]
//! }
//! ```
//!
//! `beats` are what counts. Who would rather edit the regions deletes `beats` (and `downbeats`): they are laid out from the
//! regions then, and the first beat of each region begins a bar.

use super::layout::{BAR, Grid, GridMethod, TempoRegion};
use crate::AudioError;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// What every grid file says it is.
pub const FORMAT: &str = "adm-grid";
/// The version of the format that is written; older files have none and are read too.
pub const VERSION: u32 = 1;
/// Numbers in a line of the lists.
const IN_A_LINE: usize = 8;
/// Most beats that regions may be laid out to: a week at 400 BPM.
const MOST_BEATS: f64 = 4e6;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default = "format")]
    format: String,
    #[serde(default = "version")]
    version: u32,
    bpm: f64,
    confidence: f64,
    method: GridMethod,
    #[serde(default)]
    regions: Vec<TempoRegion>,
    downbeats: Option<Vec<f64>>,
    beats: Option<Vec<f64>>,
}

fn format() -> String {
    FORMAT.to_owned()
}

fn version() -> u32 {
    VERSION
}

impl Grid {
    /// Reads a grid file.
    ///
    /// # Errors
    /// [`AudioError::BadGrid`] for what is no JSON, no grid or contradicts itself.
    pub fn from_json(bytes: &[u8]) -> Result<Self, AudioError> {
        let bad = |reason: String| AudioError::BadGrid { reason };
        let read: Document = serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
        if read.format != FORMAT || read.version != VERSION {
            let (format, version) = (&read.format, read.version);
            return Err(bad(format!("it says {format:?} {version}, expected {FORMAT:?} {VERSION}")));
        }
        let beats_given = read.beats.is_some();
        let mut grid = Self {
            bpm: read.bpm,
            confidence: read.confidence,
            method: read.method,
            regions: read.regions,
            downbeats: read.downbeats.unwrap_or_default(),
            beats: read.beats.unwrap_or_default(),
        };
        grid.check()?;
        if !beats_given {
            grid.lay_out().map_err(bad)?;
            grid.check()?;
        }
        Ok(grid)
    }

    /// The beats of its regions.
    fn lay_out(&mut self) -> Result<(), String> {
        if self.regions.is_empty() {
            return Err("it has neither beats nor regions".to_owned());
        }
        let count = |region: &TempoRegion| (region.end - region.start) * region.start_bpm.max(region.end_bpm) / 60.0;
        let expected: f64 = self.regions.iter().map(count).sum();
        if expected > MOST_BEATS {
            return Err(format!("its regions have {expected:.0} beats, expected {MOST_BEATS} at most"));
        }
        let bars_given = !self.downbeats.is_empty();
        for region in &self.regions {
            let beats: Vec<f64> = region.beats().filter(|&time| time >= 0.0).collect();
            if !bars_given {
                self.downbeats.extend(beats.iter().step_by(BAR));
            }
            self.beats.extend(beats);
        }
        Ok(())
    }

    /// The text of a grid file: a line a region, a few times a line.
    pub fn to_json(&self) -> String {
        let method = serde_json::to_string(&self.method).unwrap_or_default();
        let mut text = format!(
            "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},\n  \"bpm\": {},\n  \"confidence\": {},\n  \
             \"method\": {method},\n  \"regions\": [",
            rounded(self.bpm, 4),
            rounded(self.confidence, 3),
        );
        for (index, region) in self.regions.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            // Writing into a string cannot fail.
            let _ = write!(
                text,
                "{comma}\n    {{\"start\": {}, \"end\": {}, \"start_bpm\": {}, \"end_bpm\": {}, \"confidence\": {}}}",
                rounded(region.start, 6),
                rounded(region.end, 6),
                rounded(region.start_bpm, 4),
                rounded(region.end_bpm, 4),
                rounded(region.confidence, 3),
            );
        }
        text += if self.regions.is_empty() { "]" } else { "\n  ]" };
        list(&mut text, "downbeats", &self.downbeats);
        list(&mut text, "beats", &self.beats);
        text + "\n}\n"
    }
}

fn list(text: &mut String, name: &str, times: &[f64]) {
    let _ = write!(text, ",\n  \"{name}\": [");
    for (line, times) in times.chunks(IN_A_LINE).enumerate() {
        let numbers: Vec<String> = times.iter().map(|&time| rounded(time, 6).to_string()).collect();
        let _ = write!(text, "{}\n    {}", if line > 0 { "," } else { "" }, numbers.join(", "));
    }
    *text += if times.is_empty() { "]" } else { "\n  ]" };
}

/// A number as it stands in a file: a microsecond is far below what any ear or slice can tell.
fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, Seconds};

    fn grid() -> Grid {
        Grid::fixed(Bpm::new(128.0).unwrap(), Seconds(0.31), Seconds(20.0))
    }

    #[test]
    fn a_grid_reads_back_to_the_microsecond() {
        let (grid, read) = (grid(), Grid::from_json(grid().to_json().as_bytes()).unwrap());
        assert_eq!((read.method, read.bpm, read.confidence), (grid.method, grid.bpm, grid.confidence));
        assert_eq!(read.downbeats.len(), grid.downbeats.len());
        assert!(read.beats.iter().zip(&grid.beats).all(|(a, b)| (a - b).abs() <= 5.01e-7));
        assert_eq!(Grid::from_json(read.to_json().as_bytes()).unwrap(), read);
        let none = Grid { beats: vec![], downbeats: vec![], regions: vec![], ..grid };
        assert_eq!(Grid::from_json(none.to_json().as_bytes()).unwrap(), none);
    }

    #[test]
    fn without_beats_the_regions_lay_them_out() {
        let text = r#"{"bpm": 120, "confidence": 1, "method": "edited", "regions": [
            {"start": 1, "end": 5, "start_bpm": 120, "end_bpm": 120, "confidence": 1},
            {"start": 5, "end": 7, "start_bpm": 180, "end_bpm": 180, "confidence": 0.5}]}"#;
        let grid = Grid::from_json(text.as_bytes()).unwrap();
        assert_eq!((grid.beats.len(), grid.beats[8]), (14, 5.0));
        assert_eq!(grid.downbeats[..3], [1.0, 3.0, 5.0]);
    }

    #[test]
    fn a_grid_of_before_is_read() {
        let text = r#"{"bpm": 120, "confidence": 0.5, "method": "constant-tempo", "beats": [0.5, 1.0]}"#;
        let grid = Grid::from_json(text.as_bytes()).unwrap();
        assert_eq!((grid.method, grid.beats.len()), (GridMethod::Tracked, 2));
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        let text = grid().to_json();
        for length in (0..text.len() - 2).step_by(11) {
            assert!(Grid::from_json(&text.as_bytes()[..length]).is_err(), "cut to {length} bytes");
        }
        let message = |text: &str| Grid::from_json(text.as_bytes()).unwrap_err().to_string();
        let start = r#""bpm": 120, "confidence": 1, "method": "edited""#;
        assert_eq!(message(&format!("{{{start}}}")), "the beat grid is not usable: it has neither beats nor regions");
        assert!(message(&format!("{{{start}, \"beat\": []}}")).contains("unknown field `beat`"));
        assert_eq!(
            message(&format!("{{\"version\": 2, {start}}}")),
            "the beat grid is not usable: it says \"adm-grid\" 2, expected \"adm-grid\" 1"
        );
        let endless = format!(
            r#"{{{start}, "regions": [{{"start": 0, "end": 1e12, "start_bpm": 120, "end_bpm": 120, "confidence": 1}}]}}"#
        );
        assert!(message(&endless).contains("beats, expected 4000000 at most"));
    }
}

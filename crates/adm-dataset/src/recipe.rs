//! What decides a dataset's bytes besides its recordings.

use crate::error::DatasetError;
use crate::splits::SplitRule;
pub use adm_audio::Fit;
use adm_audio::grid::Adjustment;
use adm_audio::{GridRequest, Placement, Search};
use adm_core::{Bpm, SampleRate, Seconds};
use serde::{Deserialize, Serialize};

/// Confidence of a grid below which beats are left out unless another is asked for.
pub const LEAST_CONFIDENCE: f64 = 0.3;
/// The longest slice in seconds: what bounds the memory of a job.
const LONGEST_SLICE: f64 = 60.0;

/// How recordings became slices of one length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "by", deny_unknown_fields)]
pub enum Slicing {
    /// Cut at the beats of a grid and fitted to the length of `beats_per_slice` beats at `bpm`.
    Beats {
        /// The tempo of the slices (not of the recordings), 130 by default. A higher one gives shorter slices.
        bpm: Bpm,
        /// Beats in a slice, 1 by default. More give longer, fewer slices.
        beats_per_slice: usize,
        /// How a recording's beat becomes a slice's.
        fit: Fit,
        /// Where the recordings' beats come from.
        grid: GridChoice,
    },
    /// Cut into windows without regard to beats.
    Windows {
        /// Length of a window. A longer one gives each slice more context.
        window: Seconds,
        /// Distance between the starts of two windows. A shorter one gives more slices, which overlap if it is shorter
        /// than the window.
        hop: Seconds,
    },
}

/// Where the beats of recordings come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "from", deny_unknown_fields)]
pub enum GridChoice {
    /// Found in each recording.
    Auto {
        /// How they are looked for.
        #[serde(default)]
        search: Search,
        /// Beats in parts of a recording of which the grid is less sure than this are left out, 0 to 1.
        #[serde(default)]
        least_confidence: f64,
    },
    /// Read from grid files; found where a recording has none.
    File {
        /// Hash of the files.
        hash: u64,
        /// As for [`Self::Auto`].
        least_confidence: f64,
    },
    /// Beats at `offset + k·60/bpm` in every recording.
    Fixed {
        /// The recordings' tempo.
        bpm: Bpm,
        /// When the first beat starts.
        offset: Seconds,
    },
    /// There were no recordings: beats came one by one.
    Imported,
}

impl GridChoice {
    /// Found, but for parts of which the grid is not sure.
    pub const FOUND: Self = Self::Auto { search: Search::USUAL, least_confidence: LEAST_CONFIDENCE };

    /// Beats in parts of which the grid is less sure than this are left out.
    pub fn least_confidence(self) -> f64 {
        match self {
            Self::Auto { least_confidence, .. } | Self::File { least_confidence, .. } => least_confidence,
            Self::Fixed { .. } | Self::Imported => 0.0,
        }
    }

    /// What to ask of a recording; `None` where there is none to ask.
    pub fn request(self) -> Option<GridRequest> {
        match self {
            Self::Auto { search, .. } => Some(GridRequest::Auto(search)),
            Self::File { .. } => Some(GridRequest::Auto(Search::USUAL)),
            Self::Fixed { bpm, offset } => Some(GridRequest::Fixed { bpm, offset }),
            Self::Imported => None,
        }
    }
}

impl Slicing {
    /// Slices of one beat at the founding work's 130 BPM, on beats that are found (document 000, section 5.3).
    pub const FOUNDING: Self =
        Self::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid: GridChoice::FOUND };

    /// The tempo of the slices, where they have one.
    pub fn bpm(&self) -> Option<Bpm> {
        match self {
            Self::Beats { bpm, .. } => Some(*bpm),
            Self::Windows { .. } => None,
        }
    }

    /// Length of every slice in frames: `round(rate·60·beats_per_slice/bpm)`, or `round(rate·window)`.
    pub fn slice_frames(&self, rate: SampleRate) -> usize {
        match self {
            Self::Beats { bpm, beats_per_slice, .. } => {
                (rate.as_f64() * 60.0 * *beats_per_slice as f64 / bpm.get()).round() as usize
            }
            Self::Windows { window, .. } => window.frames(rate).0 as usize,
        }
    }

    /// Distance between the positions of slices that follow each other: a slice's position is the index of its first
    /// beat, or the window's number.
    pub fn position_step(&self) -> u64 {
        match self {
            Self::Beats { beats_per_slice, .. } => *beats_per_slice as u64,
            Self::Windows { .. } => 1,
        }
    }
}

/// All that decides a dataset's bytes besides its recordings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// Frames a second of the slices.
    pub sample_rate: SampleRate,
    /// 1 (mono) or 2 (left, right).
    pub channels: usize,
    /// How recordings are cut.
    pub slicing: Slicing,
    /// How splits are drawn.
    pub split_rule: SplitRule,
}

impl Recipe {
    /// Length of every slice in frames.
    pub fn slice_frames(&self) -> usize {
        self.slicing.slice_frames(self.sample_rate)
    }

    /// How spans of a recording are put on slices. Windows have the slices' length and are copied.
    pub fn placement(&self) -> Placement {
        let placement = Placement::new(self.slice_frames(), self.sample_rate);
        match self.slicing {
            Slicing::Beats { fit, beats_per_slice, .. } => placement.with_fit(fit, beats_per_slice),
            Slicing::Windows { .. } => placement,
        }
    }

    /// Size of every slice as stored, in bytes.
    pub fn slice_bytes(&self) -> u64 {
        (self.slice_frames() * self.channels * size_of::<i16>()) as u64
    }

    /// Checks what the types alone do not.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn validate(&self) -> Result<(), DatasetError> {
        if !matches!(self.channels, 1 | 2) {
            return Err(bad("the number of channels", "1 or 2", self.channels, "leave out --mono, or give it for 1"));
        }
        if !self.split_rule.is_valid() {
            let got = format!("{:?}", self.split_rule.fractions);
            return Err(bad("the split's shares", "three numbers from 0 to 1 that sum to 1", got, "0.8, 0.1 and 0.1"));
        }
        self.validate_slicing()
    }

    fn validate_slicing(&self) -> Result<(), DatasetError> {
        let least = 2.0 / self.sample_rate.as_f64();
        match &self.slicing {
            Slicing::Windows { window, .. } if !(least..=LONGEST_SLICE).contains(&window.0) => {
                Err(bad("the window", "from two frames to 60 seconds long", window.0, "--window 4.05"))
            }
            Slicing::Windows { hop: Seconds(hop), .. } if !(least..=3_600.0).contains(hop) => {
                Err(bad("the hop", "from two frames to an hour long", hop, "--hop 0.13655"))
            }
            Slicing::Beats { beats_per_slice: 0, .. } => {
                Err(bad("the number of beats in a slice", "at least 1", 0, "--beats-per-slice 1"))
            }
            Slicing::Beats { beats_per_slice, bpm, .. } if *beats_per_slice as f64 * bpm.beat().0 > LONGEST_SLICE => {
                let beats = format!("{beats_per_slice} beats at {bpm}");
                Err(bad("a slice", "60 seconds long at most", beats, "--beats-per-slice 1"))
            }
            Slicing::Beats { grid, .. } if !(0.0..=1.0).contains(&grid.least_confidence()) => {
                Err(bad("the least confidence", "between 0 and 1", grid.least_confidence(), "--min-confidence 0.3"))
            }
            Slicing::Beats { grid: GridChoice::Fixed { offset, .. }, .. } if !offset.0.is_finite() => {
                Err(bad("the offset", "a time in seconds", offset.0, "--offset 0"))
            }
            _ => Ok(()),
        }
    }

    /// One line a setting. Numbers are rounded to nine digits, so that no reader's or writer's last bit makes two equal
    /// recipes differ.
    pub fn lines(&self) -> Vec<String> {
        let [train, validation, test] = self.split_rule.fractions;
        let mut lines = vec![format!("sample rate {}", self.sample_rate), format!("channels {}", self.channels)];
        match &self.slicing {
            Slicing::Beats { bpm, beats_per_slice, fit, grid } => {
                lines.push(format!("slices of {beats_per_slice} beats at {:.9} BPM, fit {fit}", bpm.get()));
                lines.push(match grid {
                    GridChoice::Auto { search, least_confidence } => auto_line(search, *least_confidence),
                    GridChoice::File { hash, least_confidence } => {
                        format!("grid files {hash:016x}, confidence {least_confidence:.9}")
                    }
                    GridChoice::Fixed { bpm, offset } => format!("grid {:.9} BPM from {:.9} s", bpm.get(), offset.0),
                    GridChoice::Imported => "grid imported".to_owned(),
                });
            }
            Slicing::Windows { window, hop } => {
                lines.push(format!("windows of {:.9} s every {:.9} s", window.0, hop.0));
            }
        }
        lines.push(format!("splits {train:.9} {validation:.9} {test:.9}, seed {}", self.split_rule.seed));
        lines
    }
}

/// How beats are looked for, in a line.
fn auto_line(search: &Search, least_confidence: f64) -> String {
    let mut line = format!("grid auto, confidence {least_confidence:.9}");
    if let Some((lowest, highest)) = search.range {
        line += &format!(", {:.9} to {:.9} BPM", lowest.get(), highest.get());
    }
    let Adjustment { half_beat, level } = search.adjustment;
    if half_beat {
        line += ", half a beat later";
    }
    if level != adm_audio::grid::Level::Same {
        line += &format!(", {level:?}").to_lowercase();
    }
    line
}

/// A setting out of its range.
pub(crate) fn bad(
    what: &'static str,
    expected: &'static str,
    actual: impl ToString,
    hint: &'static str,
) -> DatasetError {
    DatasetError::BadSetting { what, expected, actual: actual.to_string(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_as_long_as_exact_arithmetic_says() {
        let beats = |bpm: f64, beats_per_slice| Slicing::Beats {
            bpm: Bpm::new(bpm).unwrap(),
            beats_per_slice,
            fit: Fit::Place,
            grid: GridChoice::FOUND,
        };
        assert_eq!(Slicing::FOUNDING.slice_frames(SampleRate::CD), 20_354);
        // Four beats last 81,415.38 frames; four rounded beats would be 81,416.
        assert_eq!(beats(130.0, 4).slice_frames(SampleRate::CD), 81_415);
        assert_eq!(beats(120.0, 1).slice_frames(SampleRate::new(48_000).unwrap()), 24_000);
        let windows = Slicing::Windows { window: Seconds(4.05), hop: Seconds(0.136_55) };
        assert_eq!(windows.slice_frames(SampleRate::CD), 178_605);
    }

    #[test]
    fn recipes_differ_in_the_line_that_differs() {
        let recipe = Recipe {
            sample_rate: SampleRate::CD,
            channels: 2,
            slicing: Slicing::FOUNDING,
            split_rule: SplitRule::default(),
        };
        let other = Recipe { channels: 1, ..recipe };
        let differing: Vec<_> = recipe.lines().into_iter().zip(other.lines()).filter(|(a, b)| a != b).collect();
        assert_eq!(differing, [("channels 2".to_owned(), "channels 1".to_owned())]);
        assert_eq!(
            recipe.lines().join("; "),
            "sample rate 44100 Hz; channels 2; slices of 1 beats at 130.000000000 BPM, \
            fit place; grid auto, confidence 0.300000000; splits 0.800000000 0.100000000 0.100000000, seed 0"
        );
        let beats = |fit| Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit, grid: GridChoice::FOUND };
        for fit in [Fit::Place, Fit::Resample, Fit::Stretch] {
            let fitted = Recipe { slicing: beats(fit), ..recipe };
            assert_eq!(fitted.lines()[2], format!("slices of 1 beats at 130.000000000 BPM, fit {}", fit.name()));
            assert_eq!(fitted.placement().fit, fit);
        }
    }
}

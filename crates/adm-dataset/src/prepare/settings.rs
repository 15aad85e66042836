//! What `prepare` is asked for.

use super::Grids;
use crate::error::DatasetError;
use crate::recipe::{GridChoice, Recipe, Slicing, bad};
use crate::splits::SplitRule;
use adm_core::SampleRate;
use std::path::PathBuf;

/// What to prepare, how, and where to.
#[derive(Debug, Clone, PartialEq)]
pub struct PrepareSettings {
    /// Recordings, and folders to look for recordings in.
    pub inputs: Vec<PathBuf>,
    /// The folder to make. While it is being made its parts lie beside it in `.NAME.partial`.
    pub output: PathBuf,
    /// How to cut the recordings.
    pub slicing: Slicing,
    /// Frames a second of the slices. Higher keeps higher frequencies and costs disk in proportion.
    pub rate: SampleRate,
    /// 1 (mono) or 2 (left, right).
    pub channels: usize,
    /// Grids that were read from files, where the slicing's grid is [`GridChoice::File`].
    pub grids: Grids,
    /// How to draw the splits.
    pub split_rule: SplitRule,
    /// Recordings to work on at once, at least 1. The dataset is the same whatever it is.
    pub jobs: usize,
    /// Go on where an earlier, interrupted preparation stopped.
    pub resume: bool,
    /// Replace a dataset that is at `output`, in one step when the new one is whole.
    pub overwrite: bool,
}

impl PrepareSettings {
    /// One beat a slice at 130 BPM on a grid that is found, 44,100 Hz, stereo, one recording at a time.
    pub fn new(inputs: Vec<PathBuf>, output: PathBuf) -> Self {
        Self {
            inputs,
            output,
            slicing: Slicing::FOUNDING,
            rate: SampleRate::CD,
            channels: 2,
            grids: Grids::default(),
            split_rule: SplitRule::default(),
            jobs: 1,
            resume: false,
            overwrite: false,
        }
    }

    /// What of it decides the dataset's bytes.
    pub fn recipe(&self) -> Recipe {
        let (sample_rate, channels, slicing, split_rule) = (self.rate, self.channels, self.slicing, self.split_rule);
        Recipe { sample_rate, channels, slicing, split_rule }
    }

    /// Checks what the types alone do not.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn validate(&self) -> Result<(), DatasetError> {
        if self.inputs.is_empty() {
            return Err(bad(
                "the list of inputs",
                "at least one file or folder",
                "none",
                "adm prepare INPUT -o DATASET",
            ));
        }
        if let Slicing::Beats { grid: GridChoice::Imported, .. } = self.slicing {
            return Err(bad("the grid", "found or fixed", "imported", "--bpm auto"));
        }
        self.recipe().validate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Fit;
    use adm_core::{Bpm, Hint, Seconds};

    #[test]
    fn absurd_settings_are_refused_with_a_flag_to_mend_them() {
        let base = || PrepareSettings::new(vec!["a.wav".into()], "out".into());
        base().validate().unwrap();
        let windows = |window, hop| Slicing::Windows { window: Seconds(window), hop: Seconds(hop) };
        let beats = |beats_per_slice, offset| Slicing::Beats {
            bpm: Bpm::FOUNDING,
            beats_per_slice,
            fit: Fit::Place,
            grid: GridChoice::Fixed { bpm: Bpm::FOUNDING, offset: Seconds(offset) },
        };
        let cases = [
            (
                PrepareSettings { inputs: Vec::new(), ..base() },
                "the list of inputs must be at least one file or folder, got none",
            ),
            (PrepareSettings { channels: 3, ..base() }, "the number of channels must be 1 or 2, got 3"),
            (
                PrepareSettings { slicing: windows(0.0, 1.0), ..base() },
                "the window must be from two frames to 60 seconds long, got 0",
            ),
            (
                PrepareSettings { slicing: windows(f64::NAN, 1.0), ..base() },
                "the window must be from two frames to 60 seconds long, got NaN",
            ),
            (
                PrepareSettings { slicing: windows(1.0, -1.0), ..base() },
                "the hop must be from two frames to an hour long, got -1",
            ),
            (
                PrepareSettings { slicing: beats(0, 0.0), ..base() },
                "the number of beats in a slice must be at least 1, got 0",
            ),
            (
                PrepareSettings { slicing: beats(1_000, 0.0), ..base() },
                "a slice must be 60 seconds long at most, got 1000 beats at 130 BPM",
            ),
            (
                PrepareSettings { slicing: beats(1, f64::INFINITY), ..base() },
                "the offset must be a time in seconds, got inf",
            ),
        ];
        for (settings, message) in cases {
            let error = settings.validate().unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(error.hint().is_some());
        }
        let rule = SplitRule { fractions: [0.9, 0.9, 0.1], seed: 0 };
        assert!(PrepareSettings { split_rule: rule, ..base() }.validate().is_err());
    }
}

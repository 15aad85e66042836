//! Sound to rows and back: the frames of a dataset's music, slice after slice.

use std::ops::Range;
use std::sync::Arc;

use adm_core::SampleRate;
use adm_dataset::{Dataset, Slicing, Split, Vectors};
use adm_spectral::{Representation, RepresentationConfig, Scratch};
use rayon::prelude::*;

use super::shift::Shift;
use super::{MdnConfig, Passage, Series};
use crate::ModelError;
use crate::ranges::count;

/// Seconds of sound that are analysed at once; longer music is several passages.
const LONGEST: f64 = 100.0;

/// What frames of sound are.
#[derive(Debug, Clone)]
pub struct Frames {
    config: RepresentationConfig,
    rate: SampleRate,
    channels: usize,
    /// Samples from one frame to the next.
    hop: usize,
    /// Values in a frame.
    columns: usize,
}

impl Frames {
    /// Frames of sound at `rate` with `channels` channels.
    ///
    /// # Errors
    /// A representation that is none of frames without an end, or settings out of range.
    pub fn new(config: &MdnConfig, rate: SampleRate, channels: usize) -> Result<Self, ModelError> {
        config.bands()?;
        // A second, to learn its shape.
        let second = config.representation.build(rate.hz() as usize, rate, channels)?;
        let (hop, shape) = (second.transform().hop_length, second.shape());
        Ok(Self { config: config.representation.clone(), rate, channels, hop, columns: shape.channels * shape.bins })
    }

    /// Values in a frame: bands, and as often again where both channels are kept.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Frames a second.
    pub fn per_second(&self) -> f64 {
        self.rate.as_f64() / self.hop as f64
    }

    /// Sample rate of the sound.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Channels of the sound that comes out.
    pub fn channels(&self) -> usize {
        self.channels
    }

    fn representation(&self, slice_frames: usize) -> Result<Arc<dyn Representation>, ModelError> {
        Ok(self.config.build(slice_frames, self.rate, self.channels)?)
    }

    /// All passages of a dataset: slices that follow one another are one sound.
    ///
    /// # Errors
    /// Windows that overlap or leave gaps, and as for [`Series::new`].
    pub fn series(&self, dataset: &Dataset) -> Result<Series, ModelError> {
        check_slicing(dataset)?;
        let parts: Vec<(Split, Range<usize>)> = passages(dataset);
        let rows = |(split, slices): (Split, Range<usize>)| {
            let rows = self.rows_of(&sound(dataset, slices)?)?;
            Ok(Passage { split, rows })
        };
        Series::new(parts.into_par_iter().map(rows).collect::<Result<_, ModelError>>()?)
    }

    /// The frames of a sound.
    ///
    /// # Shapes
    /// `sound`: `[samples, channels]` interleaved
    ///
    /// # Errors
    /// A sound that is too short or too long.
    pub fn rows_of(&self, sound: &[f32]) -> Result<Vectors, ModelError> {
        let representation = self.representation(sound.len() / self.channels)?;
        let frames = representation.shape().frames;
        let mut tensor = vec![0.0; representation.shape().size()];
        representation.encode(sound, &mut tensor, &mut Scratch::new())?;
        let values = (0..frames).flat_map(|frame| tensor.iter().skip(frame).step_by(frames).copied()).collect();
        Vectors::new(self.columns, values).ok_or(ModelError::Columns { expected: self.columns, got: 0 })
    }

    /// The sound of rows, `[samples, channels]` interleaved, with phases found.
    ///
    /// # Errors
    /// Rows of other lengths, fewer than two of them, or more than can be inverted at once.
    pub fn sound_of(&self, rows: &Vectors) -> Result<Vec<f32>, ModelError> {
        if rows.columns() != self.columns {
            return Err(ModelError::Columns { expected: self.columns, got: rows.columns() });
        }
        let representation = self.representation_of(rows.len())?;
        let samples = representation.slice_frames();
        let frames = representation.shape().frames;
        let mut tensor = vec![0.0; representation.shape().size()];
        for (frame, row) in rows.rows().take(frames).enumerate() {
            tensor.iter_mut().skip(frame).step_by(frames).zip(row).for_each(|(to, &value)| *to = value);
        }
        let mut sound = vec![0.0; samples * self.channels];
        representation.decode_generated(&mut tensor, &mut sound, &mut Scratch::new())?;
        Ok(sound)
    }

    /// Whether so many rows can become sound, before any is made.
    ///
    /// # Errors
    /// Fewer than two of them, or more than can be inverted at once.
    pub fn check(&self, rows: usize) -> Result<(), ModelError> {
        self.representation_of(rows).map(drop)
    }

    fn representation_of(&self, rows: usize) -> Result<Arc<dyn Representation>, ModelError> {
        count("the rows of a sound", rows, 2, usize::MAX)?;
        self.representation(self.hop.saturating_mul(rows - 1))
    }

    /// What makes a row one at another pitch: none for it as it is, and every semitone up to so many higher and lower.
    pub(super) fn shifts(&self, semitones: usize) -> Result<Vec<Option<Shift>>, ModelError> {
        let second = self.representation(self.rate.hz() as usize)?;
        let most = semitones as i32;
        let shift = |by| if by == 0 { Ok(None) } else { Shift::of(&*second, by).map(Some) };
        (-most..=most).map(shift).collect()
    }
}

/// Refuses windows that are not each other's neighbours.
fn check_slicing(dataset: &Dataset) -> Result<(), ModelError> {
    match dataset.manifest().recipe().slicing {
        Slicing::Windows { window, hop } if (window.0 - hop.0).abs() * dataset.rate().as_f64() > 1.0 => {
            Err(ModelError::Overlapping { window, hop })
        }
        _ => Ok(()),
    }
}

/// Slices without a gap, all of one split, none longer than can be analysed at once.
fn passages(dataset: &Dataset) -> Vec<(Split, Range<usize>)> {
    let manifest = dataset.manifest();
    let most = (LONGEST * dataset.rate().as_f64() / dataset.slice_frames() as f64).ceil() as usize;
    let mut found = Vec::new();
    for recording in &manifest.recordings {
        let mut first = recording.slices.start;
        for passage in &recording.passages {
            let end = first + passage.slices;
            for split in Split::ALL {
                let shared =
                    manifest.splits.ranges(split).iter().map(|range| range.start.max(first)..range.end.min(end));
                found.extend(shared.flat_map(|range| pieces(range, most)).map(|range| (split, range)));
            }
            first = end;
        }
    }
    found
}

/// A range in pieces of so many, the last one shorter; none of an empty one.
fn pieces(range: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(most).map(move |start| start..(start + most).min(end))
}

/// The sound of slices, one after another.
fn sound(dataset: &Dataset, slices: Range<usize>) -> Result<Vec<f32>, ModelError> {
    let length = dataset.slice_samples();
    let mut sound = vec![0.0; slices.len() * length];
    for (index, samples) in slices.zip(sound.chunks_exact_mut(length)) {
        dataset.read_f32(index, samples)?;
    }
    Ok(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_and_no_longer_than_asked() {
        assert_eq!(pieces(3..10, 3).collect::<Vec<_>>(), [3..6, 6..9, 9..10]);
        let mut whole = pieces(3..6, 3);
        assert_eq!((whole.next(), whole.next()), (Some(3..6), None));
        assert_eq!(pieces(5..5, 3).count() + pieces(Range { start: 7, end: 5 }, 3).count(), 0);
    }
}

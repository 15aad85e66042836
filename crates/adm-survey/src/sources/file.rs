//! Passages of a recording.

use super::raw::Found;
use crate::SurveyError;
use adm_audio::{AudioError, Decoder, Source};
use adm_core::Seconds;
use std::path::Path;

/// `count` passages of `seconds` each, one after the other from `start`.
///
/// # Errors
/// A recording that cannot be read or ends before the last passage does.
pub(super) fn passages(
    id: &str,
    path: &Path,
    start: f64,
    seconds: f64,
    count: usize,
) -> Result<Vec<Found>, SurveyError> {
    let broken = |source: AudioError| SurveyError::Sound { id: id.to_owned(), source };
    let mut decoder = Decoder::open(path).map_err(broken)?;
    let (rate, channels) = (decoder.rate(), decoder.channels());
    let frame = |time: f64| Seconds(time).frames(rate).0 as usize;
    let length = (seconds * rate.as_f64()).ceil() as usize;
    let begins = |passage: usize| frame(start + passage as f64 * seconds);
    let wanted = begins(0)..begins(count - 1) + length;
    let (samples, read) = read(&mut decoder, wanted.start * channels, wanted.end * channels).map_err(broken)?;
    if read < wanted.end * channels {
        let (actual, needed) = ((read / channels) as f64 / rate.as_f64(), start + count as f64 * seconds);
        return Err(SurveyError::TooShort { id: id.to_owned(), from: path.display().to_string(), actual, needed });
    }
    let passage = |index: usize| {
        let from = (begins(index) - wanted.start) * channels;
        let samples = samples[from..from + length * channels].to_vec();
        let source = format!("{} at {}", path.display(), Seconds(start + index as f64 * seconds));
        Found { source, samples, channels, rate, slices: None }
    };
    Ok((0..count).map(passage).collect())
}

/// The samples from `start` to `end` as far as there are any, and how many there were up to `end`.
fn read(source: &mut dyn Source, start: usize, end: usize) -> Result<(Vec<f32>, usize), AudioError> {
    let (mut kept, mut block, mut position) = (Vec::new(), Vec::new(), 0);
    while position < end {
        block.clear();
        if source.read(&mut block)? == 0 {
            break;
        }
        let (from, to) = (start.saturating_sub(position).min(block.len()), (end - position).min(block.len()));
        kept.extend_from_slice(block.get(from..to).unwrap_or_default());
        position += block.len();
    }
    Ok((kept, position.min(end)))
}

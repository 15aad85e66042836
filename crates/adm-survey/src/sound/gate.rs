//! Which sounds can be heard in a test at all.

use super::format::Format;
use crate::SurveyError;
use crate::sources::{RawSound, check_length};
use adm_audio::AudioError;
use adm_audio::slice::verdict::{CLIPPED_SHARE, FLATNESS, FULL_SCALE, SHORTEST_RUN};

/// The least loudness, in LUFS: what is quieter would be raised until its noise is what is judged.
const LEAST_LUFS: f64 = -60.0;

/// Refuses what is no sound of 1 or 2 channels, too short, not finite or clipped.
pub(super) fn check(raw: &RawSound, format: &Format) -> Result<(), SurveyError> {
    check_shape(raw)?;
    check_length(raw, format.seconds)?;
    if let Some(at) = raw.samples.iter().position(|sample| !sample.is_finite()) {
        let (id, from, at) = (raw.id.clone(), raw.source.clone(), seconds(raw, at / raw.channels));
        return Err(SurveyError::SoundNotFinite { id, from, at });
    }
    check_clipping(raw, format)
}

/// Refuses what is too quiet; `lufs` is its loudness.
pub(super) fn check_loudness(raw: &RawSound, lufs: f64) -> Result<(), SurveyError> {
    if lufs >= LEAST_LUFS {
        return Ok(());
    }
    Err(SurveyError::SilentSound { id: raw.id.clone(), from: raw.source.clone(), lufs, least: LEAST_LUFS })
}

fn check_shape(raw: &RawSound) -> Result<(), SurveyError> {
    let wrong = |what: &'static str, expected: &str, actual: usize| SurveyError::Sound {
        id: raw.id.clone(),
        source: AudioError::WrongShape { what, expected: expected.to_owned(), actual },
    };
    if !matches!(raw.channels, 1 | 2) {
        return Err(wrong("the number of channels", "1 or 2", raw.channels));
    }
    let whole = raw.slices.map_or(1, |slices| slices.frames.max(1)) * raw.channels;
    if !raw.samples.len().is_multiple_of(whole) {
        return Err(wrong("the number of samples", &format!("a multiple of {whole}"), raw.samples.len()));
    }
    Ok(())
}

/// What is heard of a sound decides, not what comes after it. What is clipped is `adm prepare`'s to say: what is fit to learn from
/// is fit to be heard.
fn check_clipping(raw: &RawSound, format: &Format) -> Result<(), SurveyError> {
    let heard = match raw.slices {
        Some(_) => raw.samples.len(),
        None => raw.samples.len().min((format.seconds * raw.rate.as_f64()).ceil() as usize * raw.channels),
    };
    let runs = (0..raw.channels).map(|channel| flat_runs(&raw.samples[..heard], raw.channels, channel));
    let (count, first) = runs.fold((0, None), |(sum, first): (usize, Option<usize>), (count, at)| {
        (sum + count, first.into_iter().chain(at).min())
    });
    let share = count as f64 / heard.max(1) as f64;
    match first {
        Some(at) if share >= CLIPPED_SHARE => {
            let (id, from, at) = (raw.id.clone(), raw.source.clone(), seconds(raw, at));
            Err(SurveyError::Clipped { id, from, at, share, refused: CLIPPED_SHARE })
        }
        _ => Ok(()),
    }
}

/// Samples of one channel in flat runs at full scale, and the frame of the first.
fn flat_runs(samples: &[f32], channels: usize, channel: usize) -> (usize, Option<usize>) {
    let (mut count, mut first, mut run, mut level) = (0, None, 0, 0.0f32);
    let mut close = |run: usize, end: usize| {
        if run >= SHORTEST_RUN {
            count += run;
            first = first.or(Some(end - run));
        }
    };
    let frames = samples.len() / channels;
    for (frame, sample) in samples.iter().skip(channel).step_by(channels).enumerate() {
        let sample = sample.clamp(-1.0, 1.0);
        if sample.abs() >= FULL_SCALE && run > 0 && (sample - level).abs() <= FLATNESS {
            run += 1;
            continue;
        }
        close(run, frame);
        (run, level) = (usize::from(sample.abs() >= FULL_SCALE), sample);
    }
    close(run, frames);
    (count, first)
}

fn seconds(raw: &RawSound, frame: usize) -> f64 {
    frame as f64 / raw.rate.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_must_be_long_flat_and_in_one_channel() {
        let runs = |samples: &[f32]| flat_runs(samples, 1, 0);
        assert_eq!(runs(&[1.0; 7]), (0, None));
        assert_eq!(runs(&[1.0; 8]), (8, Some(0)));
        assert_eq!(runs(&[&[0.0; 5][..], &[-1.5; 9], &[0.2]].concat()), (9, Some(5)));
        assert_eq!(runs(&[[1.0; 4], [-1.0; 4]].concat()), (0, None));
        let left: Vec<f32> = (0..10).flat_map(|_| [1.0, 0.0]).collect();
        assert_eq!((flat_runs(&left, 2, 0), flat_runs(&left, 2, 1)), ((10, Some(0)), (0, None)));
    }
}

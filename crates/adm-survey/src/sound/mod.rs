//! From sounds to stimuli that are alike in all but what is judged.
//!
//! ```text
//! RawSound ─gate─ channels ─round trip, join─ rate ─cut─┬─ measure: where does its spectrum begin to end?
//!                                                       ▼
//!   one low-pass for all, half a frame late (anchors: theirs too) ─ fade the edges ─ measure: how loud, how high a peak?
//!                                                       ▼
//!   one loudness for all, lowered for all where a peak asks for it ─ dither ─ 16-bit WAV
//! ```
//!
//! Every step that makes sounds alike is the same for all of them and comes before the only one that differs, which is the dither;
//! so nothing that is matched is undone later. The half frame takes away the grid on which samples lie that were rounded before: its
//! histogram would tell by how much a sound was raised. What wraps (a loop without edges) is treated as a circle throughout: its end leads
//! in to its beginning in resamplers, joins and filters.

mod audit;
mod bandwidth;
mod filter;
mod format;
mod gate;
mod join;
mod level;
mod noise;
mod prepared;
mod shape;
mod spectrum;
mod trip;
mod version;
mod wav;

pub use audit::{Audited, Found, Leak, Severity, audit, notes};
pub use prepared::{Prepared, Stimulus, Wanted};

use crate::SurveyError;
use crate::sources::RawSound;
use crate::study::SoundSpec;
use adm_audio::{Loudness, loudness};
use format::Format;
use rayon::prelude::*;
use spectrum::Spectrum;
use trip::Trip;
use version::Versions;

/// Makes stimuli of sounds.
///
/// `salt` is the key's: dither is drawn from it and each stimulus's name, so that copies of one sound differ. Sounds that nothing
/// wants are left out. The result does not depend on the number of threads.
///
/// # Errors
/// A sample rate or a round trip out of its range; sounds that are too short, silent, clipped or not finite, by id.
pub fn prepare(raw: &[RawSound], wanted: &[Wanted], settings: &SoundSpec, salt: &str) -> Result<Prepared, SurveyError> {
    let format = Format::new(settings)?;
    let sounds = Sounds::new(raw, wanted, settings, &format)?;
    let (end, dullest) = bandwidth::end(settings, &sounds, &format);
    let versions = Versions::new(&sounds, wanted, end, &format, salt)?;
    let (loudness, stimuli) = versions.finish(settings, wanted, &format, salt)?;
    Ok(Prepared {
        stimuli,
        frames: format.frames,
        loudness,
        lowered: settings.loudness - loudness,
        bandwidth: end,
        dullest: dullest.and_then(|index| sounds.raw.get(index)).map(|raw| raw.id.clone()),
    })
}

/// The sounds that are wanted, in one format.
struct Sounds<'a> {
    raw: Vec<&'a RawSound>,
    shaped: Vec<Vec<f32>>,
    /// How loud each is before it is matched.
    loudness: Vec<Loudness>,
    /// Where each spectrum ends, in Hz.
    bandwidths: Vec<f64>,
    /// Up to where each has not begun to fall, in Hz.
    unfallen: Vec<f64>,
}

impl<'a> Sounds<'a> {
    fn new(raw: &'a [RawSound], wanted: &[Wanted], settings: &SoundSpec, format: &Format) -> Result<Self, SurveyError> {
        let is_wanted = |raw: &&RawSound| wanted.iter().any(|wanted| !wanted.is_volume() && wanted.id == raw.id);
        let raw: Vec<&RawSound> = raw.iter().filter(is_wanted).collect();
        let shaped = in_order(&raw, |raw| {
            gate::check(raw, format)?;
            let samples = shape::shape(raw, Trip::of(raw, settings)?.as_ref(), format)?;
            let broken = |source| SurveyError::Sound { id: raw.id.clone(), source };
            let loudness = loudness::measure(&samples, format.channels, format.rate).map_err(broken)?;
            gate::check_loudness(raw, loudness.integrated_lufs)?;
            Ok((samples, loudness))
        })?;
        let (shaped, loudness): (Vec<_>, Vec<_>) = shaped.into_iter().unzip();
        let measure = |samples: &Vec<f32>| {
            let spectrum = Spectrum::of(samples, format.channels, format.rate);
            (spectrum.bandwidth(), bandwidth::unfallen(&spectrum))
        };
        let (bandwidths, unfallen) = shaped.par_iter().map(measure).collect::<Vec<_>>().into_iter().unzip();
        Ok(Self { raw, shaped, loudness, bandwidths, unfallen })
    }
}

/// What becomes of each item, all at once; of several errors the first in order, whichever thread is faster.
fn in_order<T: Sync, U: Send>(
    items: &[T],
    make: impl Fn(&T) -> Result<U, SurveyError> + Sync + Send,
) -> Result<Vec<U>, SurveyError> {
    let made: Vec<Result<U, SurveyError>> = items.par_iter().map(make).collect();
    made.into_iter().collect()
}

#[cfg(test)]
pub(crate) mod tests;

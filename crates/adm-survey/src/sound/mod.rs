//! From sounds to stimuli that are alike in all but what is judged.

mod audit;
mod prepared;

pub use audit::{Audited, Leak, Severity, audit};
pub use prepared::{Prepared, Stimulus, Wanted};

use crate::SurveyError;
use crate::sources::RawSound;
use crate::study::SoundSpec;

/// Makes stimuli of sounds.
///
/// `salt` is the key's: dither is drawn from it and each stimulus's name, so that copies of one sound differ in every byte.
///
/// # Errors
/// Settings out of their range; sounds that are too short, silent, clipped or not finite, by id.
pub fn prepare(raw: &[RawSound], wanted: &[Wanted], settings: &SoundSpec, salt: &str) -> Result<Prepared, SurveyError> {
    let _ = (raw, wanted, settings, salt);
    todo!()
}

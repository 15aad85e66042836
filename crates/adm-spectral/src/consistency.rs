//! Whether there is a sound that a tensor is the transform of.
//!
//! Overlapping windows say everything several times. Where the values of a made-up tensor contradict each other, no sound has
//! them: what its sound has instead is the nearest there is (Le Roux, Ono & Sagayama, "Explicit consistency constraints for STFT
//! spectrograms", SAPA 2008). For tensors without phases it is what finding phases leaves over.

use crate::error::{SpectralError, check_length};
use crate::representation::Representation;
use crate::scratch::Scratch;

/// Least energy of a tensor that anything is said of, and least share of it that is told apart from nothing: −200 dB.
const LEAST: f64 = 1e-20;

/// The energy of what differs between a tensor and the transform of its sound, relative to that of the tensor, in decibels: at most
/// about 0 for values that have nothing to do with each other, −60 and less for the tensor of a sound where nothing but Nyquist is lost
/// (see [`Representation::is_exact`]), never less than −200. −200 for a tensor of zeros.
///
/// # Errors
/// A tensor of another shape, values that are not finite.
pub fn consistency_db(
    representation: &dyn Representation,
    tensor: &[f32],
    scratch: &mut Scratch,
) -> Result<f64, SpectralError> {
    let size = representation.shape().size();
    check_length("the tensor", size, tensor.len())?;
    let mut cleaned = tensor.to_vec();
    let mut slice = vec![0.0; representation.slice_frames() * representation.slice_channels()];
    representation.decode_generated(&mut cleaned, &mut slice, scratch)?;
    let mut back = vec![0.0; size];
    representation.encode(&slice, &mut back, scratch)?;
    let square = |value: f32| f64::from(value).powi(2);
    let all: f64 = cleaned.iter().map(|&value| square(value)).sum();
    let left: f64 = cleaned.iter().zip(&back).map(|(a, b)| square(a - b)).sum();
    Ok(10.0 * (left / all.max(LEAST)).max(LEAST).log10())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::representation::RepresentationConfig;
    use adm_core::SampleRate;

    fn built(name: &str) -> std::sync::Arc<dyn Representation> {
        let text = format!("{{\"name\": \"{name}\", \"bins\": 64, \"frames\": 64}}");
        let config: RepresentationConfig = serde_json::from_str(&text).unwrap();
        config.build(3_000, SampleRate::new(8_000).unwrap(), 2).unwrap()
    }

    fn of(representation: &dyn Representation, tensor: &[f32]) -> f64 {
        consistency_db(representation, tensor, &mut Scratch::new()).unwrap()
    }

    #[test]
    fn a_sound_s_tensor_is_consistent_and_the_less_so_the_more_is_added_to_it() {
        let sound: Vec<f32> =
            (0..6_000).map(|n| 0.4 * (n as f32 * 0.21).sin() * (-(n as f32) / 2_000.0).exp()).collect();
        for (name, exact) in [("stereo-complex", true), ("log-mel", false)] {
            let representation = built(name);
            let tensor = representation.tensor_of(&sound).unwrap();
            let tensor = tensor.data();
            let reach = tensor.iter().fold(0.0f32, |most, value| most.max(value.abs()));
            let noisy = |level: f32| -> Vec<f32> {
                tensor.iter().enumerate().map(|(n, v)| v + level * reach * (n as f32 * 12.9898).sin()).collect()
            };
            let mut before = of(&*representation, tensor);
            assert!(!exact || before < -60.0, "{name}: {before}");
            for level in [0.02, 0.1, 0.5] {
                let now = of(&*representation, &noisy(level));
                assert!(now > before && now < 3.0, "{name} at {level}: {now} after {before}");
                before = now;
            }
        }
    }

    #[test]
    fn nothing_is_consistent_and_damage_is_refused() {
        let representation = built("stereo-complex");
        let size = representation.shape().size();
        assert_eq!(of(&*representation, &vec![0.0; size]), -200.0);
        assert!(consistency_db(&*representation, &vec![0.0; size - 1], &mut Scratch::new()).is_err());
        assert!(consistency_db(&*representation, &vec![f32::NAN; size], &mut Scratch::new()).is_err());
    }
}

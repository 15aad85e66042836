//! A round trip through tensors, slice by slice.

use super::join::Cut;
use crate::SurveyError;
use crate::sources::RawSound;
use crate::study::SoundSpec;
use adm_core::units::OutOfRange;
use adm_core::{Bpm, SampleRate};
use adm_spectral::{RepresentationConfig, Scratch, SpectralError};

/// The representations' names, for errors.
const NAMES: &str = "\"stereo-complex\", \"log-frequency\", \"exponential\", \"mag-if\", \"magnitude\", \"mel\", \"log-mel\", \
                     \"log-band\" or \"waveform\"";

/// Share of a sound's power that may be lost for its slices to go on into each other still: 20 dB. Estimated phases give back
/// other waves altogether.
const CONTINUOUS: f64 = 0.01;

/// A round trip.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trip {
    config: RepresentationConfig,
    /// Rate of the slices; the sound's own where none is said.
    pub rate: Option<SampleRate>,
    /// Tempo whose beats are the slices: the study's, for sounds with a representation of their own too; 130 where it has none.
    pub bpm: Bpm,
}

impl Trip {
    /// The round trip that a sound takes, if any: its own, or the study's where that is for its truth.
    ///
    /// # Errors
    /// An unknown representation, a rate or tempo out of its range.
    pub fn of(raw: &RawSound, settings: &SoundSpec) -> Result<Option<Self>, SurveyError> {
        let study = settings.round_trip.as_ref();
        let for_all = study.filter(|trip| trip.truths.contains(&raw.truth));
        let (key, name) = match (&raw.round_trip, for_all) {
            (Some(name), _) => (format!("round_trip of stimulus \"{}\"", raw.id), name.as_str()),
            (None, Some(trip)) => ("sound.round_trip.representation".to_owned(), trip.representation.as_str()),
            (None, None) => return Ok(None),
        };
        let rate = study.and_then(|trip| trip.sample_rate).map(SampleRate::new).transpose();
        let bpm = study.map_or(Ok(Bpm::FOUNDING), |trip| Bpm::new(trip.bpm));
        let out = |key: &str, error: OutOfRange| SurveyError::SoundSetting {
            key: format!("sound.round_trip.{key}"),
            expected: format!("{} to {}", error.low, error.high),
            actual: error.got.to_string(),
        };
        let (rate, bpm) = (rate.map_err(|error| out("sample_rate", error))?, bpm.map_err(|error| out("bpm", error))?);
        Ok(Some(Self { config: config(key, name)?, rate, bpm }))
    }

    /// Takes every slice there and back.
    ///
    /// # Errors
    /// A representation that slices of this length, rate or channels do not have.
    pub fn take(&self, id: &str, cut: &mut Cut) -> Result<(), SurveyError> {
        self.try_take(cut).map_err(|source| SurveyError::RoundTrip {
            id: id.to_owned(),
            representation: self.config.name().to_owned(),
            source,
        })
    }

    fn try_take(&self, cut: &mut Cut) -> Result<(), SpectralError> {
        let representation = self.config.build(cut.layout.frames, cut.rate, cut.channels)?;
        let (mut tensor, mut scratch) = (vec![0.0; representation.shape().size()], Scratch::new());
        let (mut signal, mut error) = (0.0, 0.0);
        for slice in &mut cut.slices {
            representation.encode(slice, &mut tensor, &mut scratch)?;
            let before = std::mem::replace(slice, vec![0.0; slice.len()]);
            representation.decode(&tensor, slice, &mut scratch)?;
            let square = |value: f32| f64::from(value).powi(2);
            signal += before.iter().map(|&x| square(x)).sum::<f64>();
            error += before.iter().zip(&*slice).map(|(x, y)| square(x - y)).sum::<f64>();
        }
        cut.continuous = error <= CONTINUOUS * signal;
        Ok(())
    }
}

fn config(key: String, name: &str) -> Result<RepresentationConfig, SurveyError> {
    let named = serde_json::json!({ "name": name });
    serde_json::from_value(named).map_err(|_| SurveyError::SoundSetting {
        key,
        expected: NAMES.to_owned(),
        actual: format!("\"{name}\""),
    })
}

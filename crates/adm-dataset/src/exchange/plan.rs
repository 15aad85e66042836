//! How to read a folder of tensors: the settings, completed from the export's sidecar.

use super::import::ImportSettings;
use super::sidecar::Sidecar;
use crate::error::DatasetError;
use crate::prepare::KeptSpan;
use crate::recipe::{Fit, GridChoice, Recipe, Slicing};
use adm_core::SampleRate;
use adm_spectral::Representation;
use std::sync::Arc;

/// All that is needed to turn tensors into a dataset.
#[derive(Debug)]
pub(super) struct Plan {
    pub recipe: Recipe,
    pub representation: Arc<dyn Representation>,
}

impl Plan {
    /// Settings before sidecar before the founding document's values.
    ///
    /// # Errors
    /// A damaged sidecar; no sidecar and no tempo or rate; a representation that does not fit such slices.
    pub(super) fn new(settings: &ImportSettings) -> Result<Self, DatasetError> {
        let sidecar = Sidecar::load(&settings.input)?;
        let sample_rate = settings.rate.or(sidecar.as_ref().map(|it| it.sample_rate));
        let sample_rate: SampleRate = sample_rate.ok_or_else(|| unknown(settings, "sample rate"))?;
        let channels = settings.channels.or(sidecar.as_ref().map(|it| it.channels)).unwrap_or(2);
        let slicing = slicing(settings, sidecar.as_ref())?;
        let config = settings.representation.clone().or(sidecar.and_then(|it| it.representation)).unwrap_or_default();
        let recipe = Recipe { sample_rate, channels, slicing, split_rule: settings.split_rule };
        recipe.validate()?;
        Ok(Self { recipe, representation: config.build(recipe.slice_frames(), sample_rate, channels)? })
    }

    /// Where the tensor with this number would lie in one long recording.
    pub(super) fn span(&self, number: u64) -> KeptSpan {
        let length = self.recipe.slice_frames() as u64;
        let start = match self.recipe.slicing {
            Slicing::Beats { .. } => number.saturating_mul(length),
            Slicing::Windows { hop, .. } => (number as f64 * hop.0 * self.recipe.sample_rate.as_f64()).round() as u64,
        };
        KeptSpan(number.saturating_mul(self.recipe.slicing.position_step()), start, start.saturating_add(length))
    }
}

fn slicing(settings: &ImportSettings, sidecar: Option<&Sidecar>) -> Result<Slicing, DatasetError> {
    let exported = sidecar.map(|it| it.slicing);
    if let (Some(Slicing::Windows { window, hop }), None) = (exported, settings.bpm) {
        return Ok(Slicing::Windows { window, hop });
    }
    let (exported_bpm, exported_beats) = match exported {
        Some(Slicing::Beats { bpm, beats_per_slice, .. }) => (Some(bpm), Some(beats_per_slice)),
        _ => (None, None),
    };
    Ok(Slicing::Beats {
        bpm: settings.bpm.or(exported_bpm).ok_or_else(|| unknown(settings, "tempo"))?,
        beats_per_slice: settings.beats_per_slice.or(exported_beats).unwrap_or(1),
        fit: Fit::Place,
        grid: GridChoice::Imported,
    })
}

fn unknown(settings: &ImportSettings, what: &'static str) -> DatasetError {
    DatasetError::Unknown { what, path: settings.input.clone() }
}

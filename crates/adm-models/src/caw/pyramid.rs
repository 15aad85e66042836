//! The recording at every rate.
//!
//! ```text
//! recording ─resample→ 320 Hz ─→ 400 Hz ─→ … ─→ its own rate        the first scale is the first with enough energy
//! ```

use super::holes::{is_clear, shown};
use super::signal::{Signal, lasting};
use super::{CawConfig, CawError, Hole, Recording};
use crate::ModelError;

/// The recording at one rate.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Samples of a channel a second.
    pub rate: u32,
    /// The recording; nothing within holes.
    pub real: Signal,
    /// Mean square of what this rate holds and the one below does not; all of it at the first scale.
    pub added: f64,
    /// 0 within holes, 1 elsewhere, where there are holes.
    pub shown: Option<Vec<f32>>,
}

/// All scales, from the lowest rate to the highest.
#[derive(Debug, Clone)]
pub struct Pyramid {
    /// The scales.
    pub scales: Vec<Scale>,
    /// Samples of the recording, and their rate.
    pub full: [u32; 2],
}

impl Pyramid {
    /// Of a recording with holes in it, where the layers hear `reach` samples.
    ///
    /// # Errors
    /// A recording that is too quiet for any scale or sampled below every rate; holes that leave no scale.
    pub fn of(recording: &Recording, config: &CawConfig, holes: &[Hole], reach: usize) -> Result<Self, ModelError> {
        super::check_holes(holes, recording.length().0)?;
        let (rate, length) = (recording.rate.hz(), recording.signal.length());
        let filled = recording.without(holes);
        let rates: Vec<u32> = config.pyramid.rates.iter().copied().filter(|&at| at <= rate).collect();
        if rates.is_empty() {
            return Err(CawError::NoScale { rate }.into());
        }
        let (mut scales, mut loudest): (Vec<Scale>, f64) = (Vec::new(), 0.0);
        for to in rates {
            let real = filled.signal.resampled(rate, to, lasting(length, rate, to))?;
            let energy = real.energy();
            loudest = loudest.max(energy);
            let clear = holes.is_empty() || is_clear(holes, to, real.length(), reach);
            if scales.is_empty() && (energy < config.pyramid.first_energy || !clear) {
                continue;
            }
            let added = match scales.last() {
                None => energy,
                Some(below) => real.with(&below.risen(to, real.length())?, |here, below| here - below).energy(),
            };
            let shown = (!holes.is_empty()).then(|| shown(holes, to, real.length()));
            scales.push(Scale { rate: to, real, added, shown });
        }
        match scales.is_empty() {
            false => Ok(Self { scales, full: [length as u32, rate] }),
            true if loudest < config.pyramid.first_energy => {
                Err(CawError::Quiet { got: loudest, needed: config.pyramid.first_energy }.into())
            }
            true => {
                let covered: f64 = holes.iter().map(|hole| hole.to - hole.from).sum();
                Err(CawError::HolesCover { share: covered / recording.length().0 }.into())
            }
        }
    }

    /// All rates.
    pub fn rates(&self) -> Vec<u32> {
        self.scales.iter().map(|scale| scale.rate).collect()
    }
}

impl Scale {
    fn risen(&self, to: u32, length: usize) -> Result<Signal, ModelError> {
        self.real.resampled(self.rate, to, length)
    }
}

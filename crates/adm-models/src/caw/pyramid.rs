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
        check_audible(holes, config, rate)?;
        let (filled, first) = (recording.without(holes), config.pyramid.first_energy);
        let (mut scales, mut loudest): (Vec<Scale>, f64) = (Vec::new(), 0.0);
        for to in rates(config, rate)? {
            let real = filled.signal.resampled(rate, to, lasting(length, rate, to))?;
            loudest = loudest.max(real.energy());
            let can_begin = real.energy() >= first && (holes.is_empty() || is_clear(holes, to, real.length(), reach));
            if can_begin || !scales.is_empty() {
                scales.push(Scale::above(scales.last(), to, real, holes)?);
            }
        }
        if scales.is_empty() {
            Err(nothing(recording, holes, loudest, first).into())
        } else {
            Ok(Self { scales, full: [length as u32, rate] })
        }
    }

    /// All rates.
    pub fn rates(&self) -> Vec<u32> {
        self.scales.iter().map(|scale| scale.rate).collect()
    }
}

impl Scale {
    /// Of a recording at a rate, above the scale of the rate below.
    fn above(below: Option<&Self>, rate: u32, real: Signal, holes: &[Hole]) -> Result<Self, ModelError> {
        let length = real.length();
        let added = match below {
            None => real.energy(),
            Some(below) => {
                let risen = below.real.resampled(below.rate, rate, length)?;
                real.with(&risen, |here, below| here - below).energy()
            }
        };
        let shown = (!holes.is_empty()).then(|| shown(holes, rate, length));
        Ok(Self { rate, real, added, shown })
    }
}

/// Refuses holes that lie between two samples of the highest rate.
fn check_audible(holes: &[Hole], config: &CawConfig, rate: u32) -> Result<(), CawError> {
    let highest = rates(config, rate)?.last().copied().unwrap_or(rate);
    match holes.iter().find(|hole| hole.samples(highest, usize::MAX).is_empty()) {
        Some(&Hole { from, to }) => Err(CawError::HoleTooShort { from, to, rate: highest }),
        None => Ok(()),
    }
}

/// The pyramid's rates that a recording has.
fn rates(config: &CawConfig, rate: u32) -> Result<Vec<u32>, CawError> {
    let rates: Vec<u32> = config.pyramid.rates.iter().copied().filter(|&at| at <= rate).collect();
    if rates.is_empty() { Err(CawError::NoScale { rate }) } else { Ok(rates) }
}

/// Why a recording has no scale.
fn nothing(recording: &Recording, holes: &[Hole], loudest: f64, needed: f64) -> CawError {
    if loudest < needed {
        return CawError::Quiet { got: loudest, needed };
    }
    let covered: f64 = holes.iter().map(|hole| hole.to - hole.from).sum();
    CawError::HolesCover { share: covered / recording.length().0 }
}

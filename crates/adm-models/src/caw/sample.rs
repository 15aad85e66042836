//! A run's checkpoint + seed → sound: new music, variations, filled holes, a band that was missing, the recording without what is not learned.

use adm_core::Seeds;
use adm_train::{RunDir, checkpoint};
use burn::tensor::Device;

use super::account::Account;
use super::holes::shown;
use super::ladder::{Climb, Rung};
use super::noise::Source;
use super::signal::{Signal, lasting};
use super::trainee::climb;
use super::{CawError, Recording, Resolved};
use crate::ModelError;

/// Seconds over which a filled hole's edges are faded.
const FADE: f64 = 0.02;

/// The scales of a run, as many as are trained.
pub struct CawSampler {
    resolved: Resolved,
    rungs: Vec<Rung>,
    device: Device,
    /// Step of the checkpoint.
    pub step: u64,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
}

/// Sound at a rate of the pyramid, which may be below any that a file has.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The samples.
    pub signal: Signal,
    /// Samples of a channel a second.
    pub rate: u32,
}

impl CawSampler {
    /// Opens the newest checkpoint of a run on `device`.
    ///
    /// # Errors
    /// No run of this family, or one without a usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        let resolved = Resolved::load(&run.config())?;
        let mut rungs = Vec::new();
        let loaded = checkpoint::load(run, checkpoint::Which::Latest, |folder| {
            rungs = Account::load(&resolved, folder, device)?.1;
            Ok(())
        })?;
        let nothing = || adm_train::TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let loaded = loaded.ok_or_else(nothing)?;
        let (step, skipped) = (loaded.checkpoint.step, loaded.skipped);
        Ok(Self { resolved, rungs, device: device.clone(), step, skipped })
    }

    /// The run's configuration.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// Rates of the scales that are trained, in Hz; the last one may still be in training.
    pub fn rates(&self) -> Vec<u32> {
        self.rungs.iter().map(|rung| rung.rate).collect()
    }

    /// The rate of what is made, in Hz.
    pub fn rate(&self) -> u32 {
        self.rungs.last().map_or(0, |rung| rung.rate)
    }

    fn fixed(&self) -> Seeds {
        Seeds::new(self.resolved.caw.seed)
    }

    fn made(&self, climb: Climb<'_>) -> Result<Made, ModelError> {
        self.made_to(climb, self.rungs.len())
    }

    fn made_to(&self, climb: Climb<'_>, scales: usize) -> Result<Made, ModelError> {
        let top = climb.up(&self.rungs[..scales], &self.device)?.below;
        let (signal, rate) = top.ok_or(CawError::Account { scales: 0, most: self.rungs.len() })?;
        Ok(Made { signal, rate })
    }

    /// New sound of any length.
    ///
    /// # Errors
    /// None that a run that was read can cause.
    pub fn generate(&self, seconds: f64, seeds: Seeds) -> Result<Made, ModelError> {
        let free = climb(&self.resolved, Source::Free { seeds, name: "generate", index: 0 });
        let length = (seconds * f64::from(free.full[1])).round().max(1.0) as u32;
        self.made(Climb { full: [length, free.full[1]], holes: &[], ..free })
    }

    /// What the scales up to so many remember of the recording; all of them where that is more than there are.
    ///
    /// # Errors
    /// None that a run that was read can cause.
    pub fn reconstruction(&self, scales: usize) -> Result<Made, ModelError> {
        self.made_to(climb(&self.resolved, Source::Fixed(self.fixed())), scales.clamp(1, self.rungs.len()))
    }

    /// The recording as far as a rate holds it, with all above made anew.
    ///
    /// # Errors
    /// A rate that is none of the scales below the highest.
    pub fn vary(&self, recording: &Recording, rate: u32, seeds: Seeds) -> Result<Made, ModelError> {
        let rates = self.rates();
        let below = rates.iter().take(rates.len().saturating_sub(1)).position(|&known| known == rate);
        let Some(scale) = below else {
            let known = rates[..rates.len().saturating_sub(1)].to_vec();
            return Err(CawError::NoSuchRate { got: rate, known }.into());
        };
        let free = climb(&self.resolved, Source::Free { seeds, name: "vary", index: 0 });
        let signal = at(recording, rate)?;
        self.made(Climb { first: scale + 1, below: Some((signal, rate)), holes: &[], ..free })
    }

    /// The recording with its holes filled; another seed fills them otherwise.
    ///
    /// # Errors
    /// A run without holes.
    pub fn inpaint(&self, recording: &Recording, seeds: Seeds) -> Result<Made, ModelError> {
        let holes = &self.resolved.sound.holes;
        if holes.is_empty() {
            return Err(CawError::NoHole.into());
        }
        let Made { signal: made, rate } =
            self.made(climb(&self.resolved, Source::Filling { fixed: self.fixed(), seeds }))?;
        let real = at(&recording.without(holes), rate)?;
        let shares = faded(&shown(holes, rate, made.length()), (FADE * f64::from(rate)) as usize);
        let mixed = |index: usize| {
            let share = shares[index % shares.len()];
            real.values[index] + share * (made.values[index] - real.values[index])
        };
        let signal = Signal { values: (0..made.values.len()).map(mixed).collect(), channels: made.channels };
        Ok(Made { signal, rate })
    }

    /// Sound of a lower rate with what is above it made anew; what it holds stays.
    ///
    /// # Errors
    /// Sound at a rate below the lowest scale, or not below the highest.
    pub fn extend(&self, low: &Recording, seeds: Seeds) -> Result<Made, ModelError> {
        let (rates, from) = (self.rates(), low.rate.hz());
        let below = rates.iter().rposition(|&rate| rate <= from).filter(|&scale| scale + 1 < rates.len());
        let Some(scale) = below else {
            let [lowest, highest] = [rates.first(), rates.last()].map(|rate| rate.copied().unwrap_or(0));
            return Err(CawError::NothingToExtend { got: from, lowest, highest }.into());
        };
        let free = climb(&self.resolved, Source::Free { seeds, name: "extend", index: 0 });
        let full = [low.signal.length() as u32, from];
        let signal = at(low, rates[scale])?;
        let made =
            self.made(Climb { first: scale + 1, below: Some((signal, rates[scale])), holes: &[], full, ..free })?;
        let length = made.signal.length();
        let kept = low.signal.resampled(from, made.rate, length)?;
        let lows = made.signal.resampled(made.rate, from, low.signal.length())?.resampled(from, made.rate, length)?;
        let highs = made.signal.with(&lows, |all, low| all - low);
        Ok(Made { signal: kept.with(&highs, |low, high| low + high), rate: made.rate })
    }
}

/// A recording at a rate of the pyramid.
fn at(recording: &Recording, rate: u32) -> Result<Signal, ModelError> {
    let (from, length) = (recording.rate.hz(), recording.signal.length());
    recording.signal.resampled(from, rate, lasting(length, from, rate))
}

/// How much of what was made is heard: all of it within holes, and less and less over `fade` samples around them.
fn faded(shown: &[f32], fade: usize) -> Vec<f32> {
    let near = |mut distance: usize, shown: f32| {
        distance = if shown == 0.0 { 0 } else { distance.saturating_add(1) };
        distance
    };
    let mut apart = vec![usize::MAX; shown.len()];
    let mut distance = usize::MAX;
    for (apart, &shown) in apart.iter_mut().zip(shown) {
        distance = near(distance, shown);
        *apart = distance;
    }
    distance = usize::MAX;
    for (apart, &shown) in apart.iter_mut().zip(shown).rev() {
        distance = near(distance, shown);
        *apart = distance.min(*apart);
    }
    apart.into_iter().map(|apart| (1.0 - apart as f32 / (fade + 1) as f32).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fade_falls_away_from_holes_on_both_sides() {
        let shown = [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let expected = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0, 0.0];
        let got = faded(&shown, 2);
        assert!(got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-6), "{got:?}");
        assert!(faded(&[1.0; 4], 2).iter().all(|&share| share == 0.0));
    }
}

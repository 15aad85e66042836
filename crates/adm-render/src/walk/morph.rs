//! From one seed's music to another's.

use super::{Walk, WalkSettings, slerp};
use crate::RenderError;
use crate::error::within;
use adm_core::BEATS_PER_BAR;
use adm_core::Seeds;

/// A move from one seed to another over some bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Morph {
    /// The seed that the music sets out from.
    pub from: Seeds,
    /// The seed that it arrives at, and stays with.
    pub to: Seeds,
    bars: u64,
}

impl Morph {
    /// A move over `bars` bars, 1 to 100,000. More move more slowly.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for bars outside their range.
    pub fn new(from: Seeds, to: Seeds, bars: u64) -> Result<Self, RenderError> {
        let setting = ("the bars of a morph", Some("--morph-bars"));
        within(setting, 1.0..=100_000.0, "from 1 to 100000", bars as f64)?;
        Ok(Self { from, to, bars })
    }

    /// Bars from one seed to the other.
    pub fn bars(&self) -> u64 {
        self.bars
    }

    /// How far the move has come at a beat, counted from 0: evenly from 0 at the first beat to 1 at the first beat after
    /// its bars, and 1 from there on. Two noise vectors, one of each seed, are to be [`slerp`]ed by it.
    pub fn fraction(&self, beat: u64) -> f64 {
        (beat as f64 / (self.bars * BEATS_PER_BAR) as f64).min(1.0)
    }
}

/// The walks of two seeds, and what lies between them.
#[derive(Debug, Clone)]
pub struct MorphedWalk {
    from: Walk,
    to: Walk,
}

impl MorphedWalk {
    /// Walks through a noise space of `dimension` axes.
    ///
    /// # Errors
    /// As [`Walk::new`].
    pub fn new(dimension: usize, settings: WalkSettings, [from, to]: [Seeds; 2]) -> Result<Self, RenderError> {
        let walk = |seeds| Walk::new(dimension, settings, seeds);
        Ok(Self { from: walk(from)?, to: walk(to)? })
    }

    /// The latent of one beat, counted from 0, at a fraction of the way, 0 to 1, shape `[dimension]`. Both walks go on while
    /// it moves from one to the other, so the bar's pattern is held throughout.
    pub fn latent(&self, beat: u64, fraction: f64) -> Vec<f32> {
        match fraction {
            fraction if fraction <= 0.0 => self.from.latent(beat),
            fraction if fraction >= 1.0 => self.to.latent(beat),
            fraction => slerp(&self.from.latent(beat), &self.to.latent(beat), fraction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    const DIMENSION: usize = 128;

    fn cosine(a: &[f32], b: &[f32]) -> f64 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn it_moves_evenly_from_one_seed_to_the_other_and_stays() {
        let seeds = [3, 9].map(Seeds::new);
        let (morph, settings) = (Morph::new(seeds[0], seeds[1], 4).unwrap(), WalkSettings::default());
        let walks = MorphedWalk::new(DIMENSION, settings, seeds).unwrap();
        let morphed = |beat: u64| walks.latent(beat, morph.fraction(beat));
        let [from, to] = seeds.map(|seeds| Walk::new(DIMENSION, settings, seeds).unwrap());
        assert_eq!(morphed(0), from.latent(0));
        for beat in 16..40 {
            assert_eq!(morphed(beat), to.latent(beat), "beat {beat}");
        }
        for beat in 1..16 {
            let (latent, fraction) = (morphed(beat), beat as f64 / 16.0);
            let whole = cosine(&from.latent(beat), &to.latent(beat)).acos();
            let gone = cosine(&from.latent(beat), &latent).acos();
            assert!((gone - fraction * whole).abs() < 1e-3, "beat {beat}: {gone} of {whole}");
            let norm = latent.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
            assert!((norm / (DIMENSION as f64).sqrt() - 1.0).abs() < 0.25, "beat {beat}: norm {norm}");
        }
    }

    #[test]
    fn fractions_are_those_of_the_bars() {
        let morph = Morph::new(Seeds::new(1), Seeds::new(2), 8).unwrap();
        assert_eq!([0, 8, 16, 32, 33, u64::MAX].map(|beat| morph.fraction(beat)), [0.0, 0.25, 0.5, 1.0, 1.0, 1.0]);
        assert_eq!(morph.bars(), 8);
    }

    #[test]
    fn what_is_no_morph_is_refused_with_its_flag() {
        for bars in [0, 100_001] {
            assert!(
                Morph::new(Seeds::new(1), Seeds::new(2), bars).unwrap_err().hint().unwrap().contains("--morph-bars")
            );
        }
        assert!(MorphedWalk::new(0, WalkSettings::default(), [1, 2].map(Seeds::new)).is_err());
    }
}

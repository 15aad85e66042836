//! From one seed's music to another's.

use super::{Walk, WalkSettings, slerp};
use crate::RenderError;
use crate::error::within;
use crate::timeline::BEATS_PER_BAR;
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

    /// The same between seeds written as `A:B`.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for anything but two whole numbers with a colon between.
    pub fn parse(seeds: &str, bars: u64) -> Result<Self, RenderError> {
        let pair = seeds.split_once(':').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let (from, to) = pair.ok_or_else(|| RenderError::BadSetting {
            what: "a morph",
            expected: "two seeds with a colon between, as 1:2",
            actual: format!("{seeds:?}"),
            flag: Some("--morph"),
        })?;
        Self::new(Seeds::new(from), Seeds::new(to), bars)
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

/// Latent vectors that move from the walk of one seed to that of another.
#[derive(Debug, Clone)]
pub struct MorphedWalk {
    from: Walk,
    to: Walk,
    morph: Morph,
}

impl MorphedWalk {
    /// A walk through a noise space of `dimension` axes.
    ///
    /// # Errors
    /// As [`Walk::new`].
    pub fn new(dimension: usize, settings: WalkSettings, morph: Morph) -> Result<Self, RenderError> {
        let walk = |seeds| Walk::new(dimension, settings, seeds);
        Ok(Self { from: walk(morph.from)?, to: walk(morph.to)?, morph })
    }

    /// The latent of one beat, counted from 0, shape `[dimension]`. Both walks go on while it moves from one to the other,
    /// so the bar's pattern is held throughout.
    pub fn latent(&self, beat: u64) -> Vec<f32> {
        match self.morph.fraction(beat) {
            0.0 => self.from.latent(beat),
            1.0 => self.to.latent(beat),
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
        let morph = Morph::parse("3:9", 4).unwrap();
        let settings = WalkSettings::default();
        let morphed = MorphedWalk::new(DIMENSION, settings, morph).unwrap();
        let [from, to] = [3, 9].map(|seed| Walk::new(DIMENSION, settings, Seeds::new(seed)).unwrap());
        assert_eq!(morphed.latent(0), from.latent(0));
        for beat in 16..40 {
            assert_eq!(morphed.latent(beat), to.latent(beat), "beat {beat}");
        }
        for beat in 1..16 {
            let (latent, fraction) = (morphed.latent(beat), beat as f64 / 16.0);
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
        for bad in ["", "1", "1:", ":2", "a:b", "1:2:3", "-1:2", "1.5:2"] {
            let error = Morph::parse(bad, 4).unwrap_err();
            let expected = format!("a morph must be two seeds with a colon between, as 1:2, got {bad:?}");
            assert_eq!(error.to_string(), expected);
            assert!(error.hint().unwrap().starts_with("give --morph a value"));
        }
        for bars in [0, 100_001] {
            assert!(Morph::parse("1:2", bars).unwrap_err().hint().unwrap().contains("--morph-bars"));
        }
        assert!(MorphedWalk::new(0, WalkSettings::default(), Morph::parse("1:2", 4).unwrap()).is_err());
    }
}

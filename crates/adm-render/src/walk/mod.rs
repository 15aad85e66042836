//! A seeded walk in the generator's noise space that holds a beat pattern over each bar.
//!
//! A piece has a *home*: one latent vector. Each letter of the bar's [`Pattern`] (A B A C, say) turns away from home
//! towards a direction of its own, so the beats of a bar are cousins; each phrase turns every letter a little further
//! towards an anchor of the phrase, and the bars of a phrase move evenly from this phrase's anchor to the next one's.
//! On top lie a small variation of every beat and a fill over the second half of a phrase's last bar:
//!
//! ```text
//! home ─contrast→ letter ─drift→ anchor of (phrase, letter)
//! latent(beat) = anchor(phrase) ─bar of the phrase→ anchor(phrase + 1) ─fill→ ─variation→
//! ```
//!
//! Every arrow is a [`slerp`] by a fraction in [0, 1], so that norms stay those of the Gaussian that the generator was
//! trained on (White, "Sampling Generative Networks", 2016, section 2.1). Every vector is drawn from the stream of its
//! own name and index: the latent of any beat is computed without those before it.

mod gaussian;
mod morph;
mod pattern;
mod settings;
mod slerp;

pub use gaussian::Gaussian;
pub use morph::{Morph, MorphedWalk};
pub use pattern::Pattern;
pub use settings::WalkSettings;
pub use slerp::slerp;

use crate::RenderError;
use adm_core::BEATS_PER_BAR;
use adm_core::Seeds;

/// Latent vectors for the beats of a piece.
#[derive(Debug, Clone)]
pub struct Walk {
    dimension: usize,
    settings: WalkSettings,
    gaussian: Gaussian,
    seeds: Seeds,
}

impl Walk {
    /// The walk of a seed through a noise space of `dimension` axes.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for a setting outside its range or no axes.
    pub fn new(dimension: usize, settings: WalkSettings, seeds: Seeds) -> Result<Self, RenderError> {
        settings.validate()?;
        if dimension == 0 {
            let what = "the generator's noise dimension";
            return Err(RenderError::BadSetting { what, expected: "above 0", actual: "0".into(), flag: None });
        }
        Ok(Self { dimension, gaussian: Gaussian::truncated(settings.truncation), settings, seeds })
    }

    /// The latent of one beat, counted from 0, shape `[dimension]`.
    pub fn latent(&self, beat: u64) -> Vec<f32> {
        let (bar, position) = (beat / BEATS_PER_BAR, (beat % BEATS_PER_BAR) as usize);
        let (phrase, bar) = (bar / self.settings.phrase_bars, bar % self.settings.phrase_bars);
        let moved = self.between_anchors(phrase, bar, self.settings.pattern.letter(position));
        let filled = match self.fill_amount(bar, position) {
            0.0 => moved,
            amount => slerp(&moved, &self.draw("walk/fill", phrase), amount),
        };
        slerp(&filled, &self.draw("walk/variation", beat), self.settings.variation)
    }

    fn between_anchors(&self, phrase: u64, bar: u64, letter: u64) -> Vec<f32> {
        let fraction = bar as f64 / self.settings.phrase_bars as f64;
        slerp(&self.anchor(phrase, letter), &self.anchor(phrase + 1, letter), fraction)
    }

    fn anchor(&self, phrase: u64, letter: u64) -> Vec<f32> {
        let letter_latent =
            slerp(&self.draw("walk/home", 0), &self.draw("walk/letter", letter), self.settings.contrast);
        let index = phrase.wrapping_mul(BEATS_PER_BAR).wrapping_add(letter);
        slerp(&letter_latent, &self.draw("walk/phrase", index), self.settings.drift)
    }

    /// A fill rises over the third and fourth beat of a phrase's last bar. A phrase of one bar has no room for one.
    fn fill_amount(&self, bar: u64, position: usize) -> f64 {
        match position {
            _ if bar + 1 < self.settings.phrase_bars || self.settings.phrase_bars == 1 => 0.0,
            2 => self.settings.fill / 2.0,
            3 => self.settings.fill,
            _ => 0.0,
        }
    }

    fn draw(&self, name: &str, index: u64) -> Vec<f32> {
        self.gaussian.vector(self.dimension, self.seeds, name, index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIMENSION: usize = 128;

    fn walk(seed: u64) -> Walk {
        Walk::new(DIMENSION, WalkSettings::default(), Seeds::new(seed)).unwrap()
    }

    fn norm(latent: &[f32]) -> f64 {
        latent.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt()
    }

    fn distance(a: &[f32], b: &[f32]) -> f64 {
        norm(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
    }

    #[test]
    fn a_beat_is_its_seed_and_number_alone() {
        let (forwards, backwards) = (walk(7), walk(7));
        let latents: Vec<_> = (0..40).map(|beat| forwards.latent(beat)).collect();
        for beat in (0..40).rev() {
            assert_eq!(backwards.latent(beat), latents[beat as usize], "beat {beat}");
        }
        assert_ne!(walk(8).latent(0), latents[0]);
    }

    /// Two random latents are √(2n) apart; the same place in neighbouring bars must be far nearer than that, and
    /// different letters of one bar clearly further apart than the same letter.
    #[test]
    fn bars_hold_the_pattern() {
        let random = (2.0 * DIMENSION as f64).sqrt();
        for seed in 0..5 {
            let walk = walk(seed);
            for bar in 0..6 {
                let at = |bar: u64, position: u64| walk.latent(4 * bar + position);
                for position in 0..4 {
                    let step = distance(&at(bar, position), &at(bar + 1, position));
                    assert!(step < 0.25 * random, "bar {bar} position {position}: {step} of {random}");
                }
                let (same, other) = (distance(&at(bar, 0), &at(bar, 2)), distance(&at(bar, 0), &at(bar, 1)));
                assert!(same < 0.25 * random, "A to A: {same}");
                assert!(other > 2.0 * same, "A to B {other}, A to A {same}");
            }
        }
    }

    #[test]
    fn a_phrase_ends_with_a_fill_and_the_next_one_is_elsewhere() {
        let walk = walk(3);
        let fill = distance(&walk.latent(4 * 7 + 3), &walk.latent(4 * 6 + 3));
        let plain = distance(&walk.latent(4 * 7 + 1), &walk.latent(4 * 6 + 1));
        assert!(fill > 2.0 * plain, "fill {fill}, plain {plain}");
        let (bar, phrase) = (distance(&walk.latent(0), &walk.latent(4)), distance(&walk.latent(0), &walk.latent(32)));
        assert!(phrase > 2.0 * bar, "a phrase moves {phrase}, a bar {bar}");
    }

    #[test]
    fn norms_are_a_gaussians_times_the_truncation() {
        for truncation in [1.0, 0.8, 0.5, 0.1] {
            let settings = WalkSettings { truncation, ..WalkSettings::default() };
            let walk = Walk::new(DIMENSION, settings, Seeds::new(11)).unwrap();
            let norms: Vec<f64> = (0..128).map(|beat| norm(&walk.latent(beat))).collect();
            let typical = truncation * (DIMENSION as f64).sqrt();
            let mean = norms.iter().sum::<f64>() / norms.len() as f64;
            assert!((mean / typical - 1.0).abs() < 0.1, "ψ {truncation}: mean norm {mean}, typical {typical}");
            assert!(norms.iter().all(|norm| (norm / typical - 1.0).abs() < 0.25), "ψ {truncation}: {norms:?}");
        }
    }

    #[test]
    fn one_axis_and_one_bar_phrases_work() {
        let settings = WalkSettings { phrase_bars: 1, ..WalkSettings::default() };
        let walk = Walk::new(1, settings, Seeds::new(1)).unwrap();
        assert!((0..32).all(|beat| walk.latent(beat)[0].is_finite()));
        assert!(Walk::new(0, WalkSettings::default(), Seeds::new(1)).is_err());
    }
}

//! Choosing the next token. Pure: what varies is in the arguments.

use serde::{Deserialize, Serialize};

use super::evaluate::likeliest;
use crate::ModelError;

/// How the next token is chosen from what the network thinks likely.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SamplingSettings {
    /// 0 to 4: 0 always takes the likeliest, 1 draws as the network says, more draws the unlikely more often.
    pub temperature: f64,
    /// Only so many of the likeliest tokens may be drawn; 0 lets all.
    pub top_k: usize,
    /// Only the likeliest tokens that have this share of the probability together may be drawn, above 0 to 1.
    pub top_p: f64,
    /// By what the probability of tokens heard in the last four bars is multiplied, 0 to 10: below 1 there is less
    /// repetition, above 1 more.
    pub repetition: f64,
}

impl Default for SamplingSettings {
    /// As the network says.
    fn default() -> Self {
        Self { temperature: 1.0, top_k: 0, top_p: 1.0, repetition: 1.0 }
    }
}

/// How far back repetition is looked for: four bars.
pub(super) const RECENT: usize = 16;

impl SamplingSettings {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        let refuse = |key, allowed: &str, got: f64| {
            Err(ModelError::Setting { key, allowed: allowed.to_owned(), got: got.to_string() })
        };
        match *self {
            Self { temperature, .. } if !(0.0..=4.0).contains(&temperature) => {
                refuse("--temperature", "between 0 and 4", temperature)
            }
            Self { top_p, .. } if !(top_p > 0.0 && top_p <= 1.0) => refuse("--top-p", "above 0 and up to 1", top_p),
            Self { repetition, .. } if !(0.0..=10.0).contains(&repetition) => {
                refuse("--repetition", "between 0 and 10", repetition)
            }
            _ => Ok(()),
        }
    }
}

/// The next token, from the logarithms of all probabilities, those heard lately, and a number drawn evenly from 0 to 1.
///
/// `bias` is added to the logarithms, where a section of a form wants some tokens more than others.
pub fn draw(
    log_probabilities: &[f32],
    bias: Option<&[f32]>,
    recent: &[u32],
    settings: &SamplingSettings,
    uniform: f64,
) -> u32 {
    let mut scores: Vec<f32> = log_probabilities.to_vec();
    if let Some(bias) = bias {
        scores.iter_mut().zip(bias).for_each(|(score, bias)| *score += bias);
    }
    weigh_repeated(&mut scores, recent, settings.repetition);
    if settings.temperature == 0.0 {
        return likeliest(&scores) as u32;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // Equals stay in the order of their numbers, so that the draw is the same everywhere.
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    if settings.top_k > 0 {
        order.truncate(settings.top_k);
    }
    let highest = f64::from(scores[order[0]]);
    let weight = |index: usize| ((f64::from(scores[index]) - highest) / settings.temperature).exp();
    let weights: Vec<f64> = order.iter().map(|&index| weight(index)).collect();
    let kept = nucleus(&weights, settings.top_p);
    order[pick(&weights[..kept], uniform)] as u32
}

/// Each token once, however often it was heard.
fn weigh_repeated(scores: &mut [f32], recent: &[u32], repetition: f64) {
    if repetition == 1.0 {
        return;
    }
    // Of nothing but repeated tokens, one is still drawn.
    let shift = (repetition.max(1e-30)).ln() as f32;
    for (token, score) in (0u32..).zip(scores) {
        *score += if recent.contains(&token) { shift } else { 0.0 };
    }
}

/// How many of the largest weights have the share `top_p` together, at least one.
fn nucleus(weights: &[f64], top_p: f64) -> usize {
    let wanted = top_p * weights.iter().sum::<f64>();
    let mut sum = 0.0;
    let reached = weights.iter().position(|weight| {
        sum += weight;
        sum >= wanted
    });
    reached.map_or(weights.len(), |last| last + 1)
}

fn pick(weights: &[f64], uniform: f64) -> usize {
    let mut left = uniform * weights.iter().sum::<f64>();
    let picked = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    picked.unwrap_or(weights.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f32; 4] = [0.5, 0.3, 0.15, 0.05];

    /// Shares of what is drawn when the number runs through its whole range.
    fn shares(settings: SamplingSettings, bias: Option<&[f32]>, recent: &[u32]) -> [f64; 4] {
        let logs = P.map(f32::ln);
        let mut counts = [0.0; 4];
        for k in 0..10_000 {
            let token = draw(&logs, bias, recent, &settings, (f64::from(k) + 0.5) / 10_000.0);
            counts[token as usize] += 1e-4;
        }
        counts
    }

    fn assert_near(got: [f64; 4], expected: [f64; 4]) {
        // A draw on a border may fall on either side.
        assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 5e-4), "{got:?} instead of {expected:?}");
    }

    #[test]
    fn plainly_it_draws_what_the_network_says() {
        assert_near(shares(SamplingSettings::default(), None, &[]), P.map(f64::from));
    }

    #[test]
    fn every_setting_does_what_it_says() {
        let settings = SamplingSettings::default();
        let of = |weights: [f64; 4]| weights.map(|weight| weight / weights.iter().sum::<f64>());
        let p = P.map(f64::from);
        assert_near(shares(SamplingSettings { temperature: 0.5, ..settings }, None, &[]), of(p.map(|p| p * p)));
        assert_near(shares(SamplingSettings { temperature: 0.0, ..settings }, None, &[]), [1.0, 0.0, 0.0, 0.0]);
        assert_near(shares(SamplingSettings { top_k: 2, ..settings }, None, &[]), of([0.5, 0.3, 0.0, 0.0]));
        assert_near(shares(SamplingSettings { top_p: 0.8, ..settings }, None, &[]), of([0.5, 0.3, 0.0, 0.0]));
        assert_near(shares(SamplingSettings { top_p: 0.81, ..settings }, None, &[]), of([0.5, 0.3, 0.15, 0.0]));
        let less = SamplingSettings { repetition: 0.5, ..settings };
        assert_near(shares(less, None, &[0, 0, 3]), of([0.25, 0.3, 0.15, 0.025]));
        let never = SamplingSettings { repetition: 0.0, ..settings };
        assert_near(shares(never, None, &[0, 1, 2]), [0.0, 0.0, 0.0, 1.0]);
        assert_near(shares(never, None, &[0, 1, 2, 3]), p);
        let bias = [0.0, 2.0f32.ln(), 0.0, 0.0];
        assert_near(shares(settings, Some(&bias), &[]), of([0.5, 0.6, 0.15, 0.05]));
    }

    #[test]
    fn values_out_of_range_are_refused_by_their_flag() {
        let settings = SamplingSettings::default();
        for (bad, message) in [
            (SamplingSettings { temperature: -0.1, ..settings }, "--temperature must be between 0 and 4, got -0.1"),
            (SamplingSettings { temperature: f64::NAN, ..settings }, "--temperature must be between 0 and 4, got NaN"),
            (SamplingSettings { top_p: 0.0, ..settings }, "--top-p must be above 0 and up to 1, got 0"),
            (SamplingSettings { repetition: 11.0, ..settings }, "--repetition must be between 0 and 10, got 11"),
        ] {
            assert_eq!(bad.validate().unwrap_err().to_string(), message);
        }
        settings.validate().unwrap();
    }
}

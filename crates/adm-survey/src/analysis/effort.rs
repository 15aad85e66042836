//! How long people took and how often they listened.

use super::numbers::Known;
use super::view::{Asked, View};
use crate::scoring::Response;
use adm_stats::mean;
use serde::Serialize;

/// Times and plays of one question: the lower quartile, the median and the upper quartile of each.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effort {
    /// What was asked.
    pub asked: Asked,
    /// Answers.
    pub n: u64,
    /// Seconds from when it was asked to when it was last changed.
    pub seconds: Known<[f64; 3]>,
    /// How often the sample, or the trial's samples, were started.
    pub plays: Known<[f64; 3]>,
    /// How much was heard, in percent.
    pub heard: Known<[f64; 3]>,
}

/// The effort of every question of trials.
pub(super) fn efforts(view: View<'_>) -> Vec<Effort> {
    let one = |asked: Asked| {
        let answers = view.answers(&asked);
        Effort {
            n: answers.len() as u64,
            seconds: quartiles(&answers, |answer| answer.ms as f64 / 1_000.0),
            plays: quartiles(&answers, |answer| f64::from(answer.plays)),
            heard: quartiles(&answers, |answer| f64::from(answer.heard)),
            asked,
        }
    };
    view.asked().into_iter().map(one).collect()
}

fn quartiles(answers: &[&Response], of: impl Fn(&Response) -> f64) -> Known<[f64; 3]> {
    let values: Vec<f64> = answers.iter().map(|answer| of(answer)).collect();
    Known::from(mean::summary(&values)).map(|summary| [summary.lower_quartile, summary.median, summary.upper_quartile])
}

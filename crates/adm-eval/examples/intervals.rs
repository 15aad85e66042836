//! How often the intervals hold, by simulation from synthesised beats:
//! `cargo run --release -p adm-eval --example intervals -- [BEATS] [TRIALS]` (100 and 200).
//!
//! Every trial draws a reference and a candidate anew from two large sets of independent beats. What an interval should
//! hold is the mean of all trials' figures. A wide interval that always holds is printed with its width over that of the
//! figures' own scatter: 1 is as wide as it should be.

#![expect(clippy::print_stdout, reason = "an example talks")]

#[path = "../tests/band/mod.rs"]
mod band;

use adm_core::Seeds;
use adm_core::seeds::shuffle;
use adm_eval::{Distances, Estimate, EvalError, Features, Measure, MeasureConfig};
use band::{beats, degraded, features, with_noise};

/// Beats that references and candidates are drawn from.
const POPULATION: u64 = 3_000;

fn main() -> Result<(), EvalError> {
    let arguments: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let count = arguments.first().copied().unwrap_or(100);
    let trials = arguments.get(1).copied().unwrap_or(200);
    let reference = features(&beats(1, POPULATION));
    let held_out = beats(2, POPULATION);
    for (name, candidate) in [
        ("the same kind of beats", features(&held_out)),
        ("a little noise", degraded(&held_out, |beat| with_noise(beat, 0.008))),
        ("noisy beats", degraded(&held_out, |beat| with_noise(beat, 0.02))),
    ] {
        let results: Result<Vec<Distances>, EvalError> =
            (0..trials as u64).map(|trial| one(&reference, &candidate, count, trial)).collect();
        println!("{name}, {count} beside {count} beats, {trials} trials");
        report(&results?);
    }
    Ok(())
}

fn one(reference: &[Features], candidate: &[Features], count: usize, trial: u64) -> Result<Distances, EvalError> {
    let config = MeasureConfig { replicates: 100, group: 1, ..MeasureConfig::default() };
    let measure = Measure::new(&drawn(reference, count, 2 * trial), config, Seeds::new(trial))?;
    measure.distances(&drawn(candidate, count, 2 * trial + 1), count)
}

fn drawn(from: &[Features], count: usize, index: u64) -> Vec<Features> {
    let mut order: Vec<usize> = (0..from.len()).collect();
    shuffle(&mut order, &mut Seeds::new(9).stream("trial", index));
    order[..count].iter().map(|&at| from[at].clone()).collect()
}

fn report(results: &[Distances]) {
    for figure in 0..9 {
        let estimates: Vec<Estimate> = results.iter().map(|result| result.named()[figure].1).collect();
        let count = estimates.len() as f64;
        let mean = estimates.iter().map(|estimate| estimate.value).sum::<f64>() / count;
        let variance = estimates.iter().map(|estimate| (estimate.value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let holds = estimates.iter().filter(|estimate| estimate.low <= mean && mean <= estimate.high).count();
        let width = estimates.iter().map(|estimate| estimate.high - estimate.low).sum::<f64>() / count;
        let relative = if variance > 0.0 { width / (2.0 * 1.96 * variance.sqrt()) } else { 1.0 };
        let name = results[0].named()[figure].0;
        println!("  {name:>13} mean {mean:9.3}  holds {:3.0} %  width {relative:5.2}", 100.0 * holds as f64 / count);
    }
}

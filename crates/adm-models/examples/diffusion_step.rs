//! Times whole steps of a diffusion model on made-up beats, and sampling: `diffusion_step PRESET STEPS [cpu|gpu|cuda:N] [KEY=VALUE]…`;
//! prints the median of seconds a training step, seconds a beat at the preset's own sampling, and the number of weights.
#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use adm_core::Seeds;
use adm_models::BeatTrainee;
use adm_models::diffusion::{load, made_up};
use adm_train::{Batches, DeviceChoice, StepContext, Trainee};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Beats that are sampled.
const BEATS: usize = 16;

fn main() -> Result<(), AnyError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &'static str| arguments.get(index).map_or(default, String::as_str);
    let settings = arguments.get(3..).unwrap_or_default();
    let mut config = load(argument(0, "ddpm"), settings)?;
    config.training.judge_steps = config.sampling.steps;
    let steps: u64 = argument(1, "8").parse()?;
    let picked = adm_train::device::pick(argument(2, "cpu").parse::<DeviceChoice>()?)?;
    let (mut trainee, made_up) = made_up(&config, &picked.device)?;
    let mut batches = made_up.batches()?;
    let mut seconds = Vec::new();
    for step in 0..steps + 2 {
        let (batch, start) = (batches.next()?, Instant::now());
        trainee.step(StepContext { step, measure: true }, batch)?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let mut timed = seconds.split_off(2);
    timed.sort_by(f64::total_cmp);
    let sampler = trainee.sampler();
    let start = Instant::now();
    sampler.random(BEATS, Seeds::new(1), "test")?;
    let sampled = start.elapsed().as_secs_f64() / BEATS as f64;
    println!(
        "{:.4} s a step, {sampled:.4} s a beat, {} weights",
        timed[timed.len() / 2],
        trainee.parameter_counts()[0].1
    );
    Ok(())
}

//! Times whole GAN steps on random tensors: `gan_step MODEL BATCH STEPS [cpu|gpu|cuda:N]`; prints seconds a step, the median.
//!
//! MODEL is `training-4` (256 × 256 × 4), `complex`, `adm`, `cpu`, `conditional` (with 100 tokens), or `djset-3`, the third model of document 002
//! (tables 4.3 and 4.4): 100 values of noise to 128 × 128 × 1. `benches/peers/gan_step.sh` runs it beside the same networks in Keras.
#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use adm_models::gan::{Content, Duel, GanConfig, Learned, NormKind, Recorded, load};
use adm_models::labels::{Label, POSITIONS, Shares, label_tensor};
use adm_spectral::Shape;
use adm_train::{DeviceChoice, StepContext};
use burn::tensor::{Distribution, Tensor, TensorData};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Beats with a code, where there are codes.
const BEATS: usize = 1_000;

fn model(name: &str) -> Result<(GanConfig, Shape), AnyError> {
    if name != "djset-3" {
        let shape = match name {
            "adm" => Shape::new(2, 256, 64),
            "cpu" | "conditional" => Shape::new(2, 128, 64),
            "complex" => Shape::new(4, 128, 128),
            _ => Shape::new(4, 256, 256),
        };
        return Ok((load(name, &[])?, shape));
    }
    let mut config = load("training-3", &[])?;
    config.generator.latent = 100;
    config.generator.widths = vec![1024, 512, 256, 128, 64];
    config.generator.slope = 0.0;
    config.discriminator.widths = vec![16, 32, 64, 128, 256];
    config.discriminator.norm = NormKind::Batch;
    config.discriminator.dropout = 0.0;
    config.discriminator.dense = Vec::new();
    Ok((config, Shape::new(1, 128, 128)))
}

fn main() -> Result<(), AnyError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &'static str| arguments.get(index).map_or(default, String::as_str);
    let (config, shape) = model(argument(0, "djset-3"))?;
    let (batch, steps): (usize, u64) = (argument(1, "8").parse()?, argument(2, "8").parse()?);
    let picked = adm_train::device::pick(argument(3, "cpu").parse::<DeviceChoice>()?)?;
    let shares = || Shares { book: String::new(), counts: vec![[1; POSITIONS]; 100] };
    let beats = config.codes.map_or(0, |_| BEATS);
    let learned = Learned { shares: config.condition.map(|_| shares()), beats };
    let mut duel = Duel::new(&config, shape, learned, &picked.device)?;
    let label = |at: usize| Label { token: (at % 100) as u32, position: (at % POSITIONS) as u8 };
    let labels = config.condition.map(|_| label_tensor(&(0..batch).map(label).collect::<Vec<_>>(), duel.device()));
    let dims = [batch, shape.channels, shape.bins, shape.frames];
    let real = Tensor::random(dims, Distribution::Uniform(-0.5, 0.5), duel.device());
    let rows: Vec<i32> = (0..batch as i32).collect();
    let levels = || Content::Levels { per_decibel: vec![0.01; shape.channels], middles: Vec::new() };
    let content = if shape.channels == 2 { levels() } else { Content::Complex { mid_side: false } };
    let mut seconds = Vec::new();
    for step in 0..steps + 2 {
        let start = Instant::now();
        let beats = (beats > 0).then(|| Tensor::from_data(TensorData::from(&rows[..]), duel.device()));
        let recorded = Recorded { tensors: real.clone(), labels: labels.clone(), beats };
        duel.step(recorded, &content, StepContext { step, measure: true });
        seconds.push(start.elapsed().as_secs_f64());
    }
    let mut timed = seconds.split_off(2);
    timed.sort_by(f64::total_cmp);
    println!("{:.6}", timed[timed.len() / 2]);
    Ok(())
}

//! What it takes to bring a batch to a GPU: in one piece, and in parts that are joined there.
//!
//! ```text
//! cargo run --release -p adm-kernels --example upload
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and stops where it cannot measure")]

use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};

/// Times that each is measured.
const ROUNDS: usize = 6;

/// Values to a part.
const PART: usize = 1 << 20;

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn whole(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), device)
}

fn in_parts(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::cat(values.chunks(PART).map(|part| whole(part.to_vec(), device)).collect(), 0)
}

/// Milliseconds to make values, to hand them over, and until they are there.
fn measure(count: usize, parts: bool, device: &Device) -> [f64; 3] {
    let start = Instant::now();
    let values: Vec<f32> = (0..count).map(|at| at as f32).collect();
    let made = milliseconds(start);
    let start = Instant::now();
    let tensor = if parts { in_parts(&values, device) } else { whole(values, device) };
    let handed = milliseconds(start);
    let start = Instant::now();
    let first: f32 = (tensor * 2.0).narrow(0, 0, 1).into_scalar();
    assert_eq!(first, 0.0, "the first value");
    [made, handed, milliseconds(start)]
}

fn main() {
    let device = Device::wgpu(burn::tensor::DeviceKind::DiscreteGpu(0));
    println!("values     MB    way       made, handed over, there (ms; fastest of {ROUNDS} rounds, and the median)");
    for count in [1 << 18, 1 << 20, 1 << 22, 1 << 23] {
        for parts in [false, true] {
            let mut rounds: Vec<[f64; 3]> = (0..ROUNDS).map(|_| measure(count, parts, &device)).collect();
            rounds.sort_by(|a, b| a.iter().sum::<f64>().total_cmp(&b.iter().sum()));
            let way = if parts { "in parts" } else { "whole" };
            let show = |[made, handed, there]: [f64; 3]| format!("{made:7.1} {handed:7.1} {there:7.1}");
            println!(
                "{count:8} {:6.1}   {way:9} {}   {}",
                count as f64 * 4e-6,
                show(rounds[0]),
                show(rounds[ROUNDS / 2])
            );
        }
    }
}

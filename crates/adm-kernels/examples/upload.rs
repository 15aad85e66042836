//! What it takes to bring a batch to a GPU.
//!
//! ```text
//! cargo run --release -p adm-kernels --example upload
//! ```
#![allow(clippy::print_stdout, reason = "a measurement prints")]

use std::time::Instant;

use burn::tensor::{Device, DeviceType, Tensor, TensorData};

/// Times that each is measured.
const ROUNDS: usize = 6;

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Milliseconds to make so many values, and until the GPU has reckoned with them.
fn measure(count: usize, device: &Device) -> [f64; 2] {
    let start = Instant::now();
    let values: Vec<f32> = (0..count).map(|at| at as f32).collect();
    let made = milliseconds(start);
    let start = Instant::now();
    let tensor = Tensor::<1>::from_data(TensorData::new(values, [count]), device);
    let first: f32 = (tensor * 2.0).narrow(0, 0, 1).into_scalar();
    assert_eq!(first, 0.0, "the first value");
    [made, milliseconds(start)]
}

fn main() {
    let Some(device) = Device::enumerate(DeviceType::Wgpu).into_vec().into_iter().next() else {
        return println!("there is no GPU");
    };
    println!("    MB    made   there (ms, the fastest of {ROUNDS} rounds)");
    for count in [1 << 18, 1 << 20, 1 << 22, 1 << 23] {
        let rounds = (0..ROUNDS).map(|_| measure(count, &device));
        let [made, there] = rounds.fold([f64::INFINITY; 2], |[a, b], [c, d]| [a.min(c), b.min(d)]);
        println!("{:6.1} {made:7.1} {there:7.1}", count as f64 * 4e-6);
    }
}

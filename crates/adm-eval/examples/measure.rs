//! How long it takes to measure a candidate and its two yardsticks, from synthesised beats:
//! `cargo run --release -p adm-eval --example measure -- [BEATS] [REPLICATES] [THREADS]` (2,000, 200 and 2).

#![expect(clippy::print_stdout, reason = "an example talks")]

#[path = "../tests/band/mod.rs"]
mod band;

use adm_core::Seeds;
use adm_eval::{Distances, EvalError, Features, Measure, MeasureConfig, noise_like};
use band::{beats, degraded, features, with_noise};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let [count, replicates, threads] =
        [(0, 2_000), (1, 200), (2, 2)].map(|(at, or)| arguments.get(at).copied().unwrap_or(or));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let start = Instant::now();
    let reference = features(&beats(1, count as u64));
    let floor = beats(2, count as u64);
    let sets: [(&str, Vec<Features>); 3] = [
        ("noisy", degraded(&floor, |beat| with_noise(beat, 0.02))),
        ("noise", features(&noise_like(&floor, Seeds::new(1)))),
        ("floor", features(&floor)),
    ];
    drop(floor);
    println!("features  {:6.2} s", start.elapsed().as_secs_f64());
    measure(&reference, &sets, MeasureConfig { replicates, ..MeasureConfig::default() })?;
    println!("peak memory: {}", peak().unwrap_or_else(|| "unknown".into()));
    Ok(())
}

fn measure(reference: &[Features], sets: &[(&str, Vec<Features>)], config: MeasureConfig) -> Result<(), EvalError> {
    let start = Instant::now();
    let measure = Measure::new(reference, config, Seeds::new(1))?;
    println!("reference {:6.2} s", start.elapsed().as_secs_f64());
    for (name, set) in sets {
        let again = Instant::now();
        let distances = measure.distances(set, set.len())?;
        println!("{name}     {:6.2} s", again.elapsed().as_secs_f64());
        print(&distances);
    }
    println!("together  {:6.2} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn print(distances: &Distances) {
    for (name, figure) in distances.named() {
        println!("    {name:>13} {:9.3} [{:9.3}, {:9.3}]", figure.value, figure.low, figure.high);
    }
}

/// The system's count of the most memory that was in use (Linux).
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|size| size.trim().to_owned())
}

//! Inverts the magnitudes of a recording with every method and prints how near each comes and how fast it is.
//!
//! ```sh
//! cargo run --release -p adm-spectral --example inversion -- MUSIC.wav [N_FFT HOP [SECONDS]]
//! ```
//!
//! Each row is a method on one thread: the spectral convergence in dB (lower is better), the same on a fixed transform of
//! 2,048 samples at a hop of 128 (which compares different shapes), and seconds of sound a second, the best of three runs.
//! `benches/peers/inversion.py` prints librosa's figures for the same file.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

use adm_spectral::inversion::CentredStft;
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use std::error::Error;
use std::time::Instant;

const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("usage: inversion MUSIC.wav [N_FFT HOP [SECONDS]]")?;
    let number = |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (n_fft, hop, seconds) = (number(1, 2_048)?, number(2, 512)?, number(3, 10)?);
    let (signal, rate) = mono(path, seconds)?;
    println!("{path}: {:.1} s at {rate} Hz, n_fft {n_fft}, hop {hop}", signal.len() as f64 / f64::from(rate));
    println!("{:20} {:>10} {:>8} {:>10} {:>8}", "method", "iterations", "dB", "2048/128", "× real");
    for (method, iterations) in methods() {
        let config = InversionConfig { method, iterations, ..Default::default() };
        let shape = StftShape { n_fft, win_length: n_fft, hop, samples: signal.len() };
        row(&config, shape, &signal, rate)?;
    }
    Ok(())
}

/// Every method as it is by default, and `auto` going further.
fn methods() -> impl Iterator<Item = (PhaseMethod, Option<usize>)> {
    PhaseMethod::ALL.into_iter().map(|method| (method, None)).chain([(PhaseMethod::Auto, Some(32))])
}

/// The channels' mean, from the file's start.
fn mono(path: &str, seconds: usize) -> Result<(Vec<f32>, u32), Box<dyn Error>> {
    let mut reader = hound::WavReader::open(path)?;
    let spec = reader.spec();
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
        hound::SampleFormat::Int => {
            let scale = 0.5f32.powi(i32::from(spec.bits_per_sample) - 1);
            reader
                .samples::<i32>()
                .map(|sample| sample.map(|sample| sample as f32 * scale))
                .collect::<Result<_, _>>()?
        }
    };
    let frames = samples.chunks_exact(usize::from(spec.channels)).take(seconds * spec.sample_rate as usize);
    let mean = |frame: &[f32]| frame.iter().sum::<f32>() / f32::from(spec.channels);
    Ok((frames.map(mean).collect(), spec.sample_rate))
}

fn row(config: &InversionConfig, shape: StftShape, signal: &[f32], rate: u32) -> Result<(), Box<dyn Error>> {
    let inverter = Inverter::new(shape, ChannelLayout::Mono, config)?;
    let mut scratch = InversionScratch::new();
    let wanted = magnitudes(inverter.stft(), signal, &mut scratch)?;
    let mut got = vec![0.0; signal.len()];
    let (mut best, mut convergence) = (f64::INFINITY, Default::default());
    for _ in 0..RUNS {
        let begin = Instant::now();
        convergence = inverter.invert(&wanted, &mut got, &mut scratch)?;
        best = best.min(begin.elapsed().as_secs_f64());
    }
    let fixed = CentredStft::new(StftShape { n_fft: 2_048, win_length: 2_048, hop: 128, samples: signal.len() })?;
    let fixed_wanted = magnitudes(&fixed, signal, &mut scratch)?;
    let on_fixed = fixed.convergence(&fixed_wanted, &got, &mut scratch)?;
    let speed = signal.len() as f64 / f64::from(rate) / best;
    let (name, db, fixed_db) = (format!("{:?}", config.method), convergence.decibels(), on_fixed.decibels());
    println!("{name:20} {:>10} {db:>8.2} {fixed_db:>10.2} {speed:>8.1}", config.iterations());
    Ok(())
}

fn magnitudes(stft: &CentredStft, signal: &[f32], scratch: &mut InversionScratch) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut spectrum = vec![Default::default(); stft.shape().points()];
    stft.analyse(signal, &mut spectrum, scratch)?;
    Ok(spectrum.iter().map(|point| point.norm()).collect())
}

//! Inverts the magnitudes of a recording with every method and prints how near each comes and how fast it is.
//!
//! ```sh
//! cargo run --release -p adm-spectral --example inversion -- MUSIC.wav [N_FFT HOP [SECONDS]]
//! ```
//!
//! Each row is a method on one thread: the spectral convergence in dB (lower is better), the same on a fixed transform
//! of 2,048 samples at a hop of 128 (which compares different shapes), both the medians of five seeds, and seconds of
//! sound a second, the best of five. Seeds matter: from random phases the figures scatter by 3 dB.
//! `benches/peers/inversion.py` prints librosa's figures for the same file.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

use adm_spectral::inversion::{CentredStft, LivePghi};
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use std::error::Error;
use std::time::Instant;

const SEEDS: u64 = 5;

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
    stream(StftShape { n_fft, win_length: n_fft, hop, samples: signal.len() }, &signal, rate)
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
    let fixed = CentredStft::new(StftShape { n_fft: 2_048, win_length: 2_048, hop: 128, ..shape })?;
    let mut scratch = InversionScratch::new();
    let fixed_wanted = magnitudes(&fixed, signal, &mut scratch)?;
    let (mut best, mut own, mut on_fixed) = (f64::INFINITY, Vec::new(), Vec::new());
    let mut got = vec![0.0; signal.len()];
    for seed in 0..SEEDS {
        let inverter = Inverter::new(shape, ChannelLayout::Mono, &InversionConfig { seed, ..config.clone() })?;
        let wanted = magnitudes(inverter.stft(), signal, &mut scratch)?;
        let begin = Instant::now();
        own.push(inverter.invert(&wanted, &mut got, &mut scratch)?.decibels());
        best = best.min(begin.elapsed().as_secs_f64());
        on_fixed.push(fixed.convergence(&fixed_wanted, &got, &mut scratch)?.decibels());
    }
    let speed = signal.len() as f64 / f64::from(rate) / best;
    let (name, own, on_fixed) = (format!("{:?}", config.method), median(own), median(on_fixed));
    println!("{name:20} {:>10} {own:>8.2} {on_fixed:>10.2} {speed:>8.1}", config.iterations());
    Ok(())
}

/// PGHI frame by frame; speed is that of the stream, which waits for nothing here.
fn stream(shape: StftShape, signal: &[f32], rate: u32) -> Result<(), Box<dyn Error>> {
    let (stft, mut scratch) = (CentredStft::new(shape)?, InversionScratch::new());
    let wanted = magnitudes(&stft, signal, &mut scratch)?;
    let (mut own, mut best, mut got) = (Vec::new(), f64::INFINITY, Vec::new());
    for seed in 0..SEEDS {
        let mut live = LivePghi::new(shape.n_fft, shape.win_length, shape.hop, ChannelLayout::Mono, seed)?;
        let silence = vec![0.0; shape.bins() * (2 + live.delay().div_ceil(shape.hop))];
        got.resize((shape.frames() + silence.len() / shape.bins()) * shape.hop, 0.0);
        let frames = wanted.chunks_exact(shape.bins()).chain(silence.chunks_exact(shape.bins()));
        let begin = Instant::now();
        for (frame, out) in frames.zip(got.chunks_exact_mut(shape.hop)) {
            live.push(frame, out)?;
        }
        best = best.min(begin.elapsed().as_secs_f64());
        own.push(stft.convergence(&wanted, &got[live.delay()..][..shape.samples], &mut scratch)?.decibels());
    }
    let speed = signal.len() as f64 / f64::from(rate) / best;
    println!("{:20} {:>10} {:>8.2} {:>10} {speed:>8.1}", "LivePghi", 0, median(own), "");
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn magnitudes(stft: &CentredStft, signal: &[f32], scratch: &mut InversionScratch) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut spectrum = vec![Default::default(); stft.shape().points()];
    stft.analyse(signal, &mut spectrum, scratch)?;
    Ok(spectrum.iter().map(|point| point.norm()).collect())
}

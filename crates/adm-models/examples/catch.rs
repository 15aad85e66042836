//! What a pyramid of waveforms has learned: `catch RUN [COUNT [SECONDS]]`; prints, of a finished run, for each scale how near its reconstruction
//! is, then how far COUNT generations of SECONDS are from the recording in spectrum and in waveform, and how near filled holes are.
//!
//! Distances stand between a floor and a ceiling: one half of the recording beside the other, and noise of the recording's level. RUN is the
//! folder of `adm train caw`; its recording is compared as far as the highest rate holds it.
#![allow(clippy::print_stdout, missing_docs)]

use std::path::Path;

use adm_core::Seeds;
use adm_models::caw::{
    CawSampler, RECORDING, Recording, Signal, error_share, framewise_distance, largest_correlation, snr,
    spectral_distance,
};
use adm_train::RunDir;
use burn::tensor::Device;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// A part of one channel.
fn part(signal: &Signal, from: usize, to: usize) -> Signal {
    Signal { values: signal.values[from.min(signal.length())..to.min(signal.length())].to_vec(), channels: 1 }
}

/// Noise of a signal's level.
fn noise_like(signal: &Signal, seed: u64) -> Signal {
    use adm_core::seeds::RngExt;
    let (mut random, deviation) = (Seeds::new(seed).stream("level-matched noise", 0), signal.energy().sqrt());
    let uniform = (0..signal.length()).map(|_| (deviation * 3f64.sqrt() * (2.0 * random.random::<f64>() - 1.0)) as f32);
    Signal { values: uniform.collect(), channels: 1 }
}

/// A straight line across a hole of one channel.
fn straight(signal: &Signal, from: usize, to: usize) -> Signal {
    let (before, after) = (signal.values[from.saturating_sub(1)], signal.values[to.min(signal.length() - 1)]);
    let steps = (to - from + 1) as f32;
    let value = |step: usize| before + (after - before) * (step + 1) as f32 / steps;
    Signal { values: (0..to - from).map(value).collect(), channels: 1 }
}

/// 0 within the run's holes, 1 elsewhere.
fn shown(sampler: &CawSampler, rate: u32, length: usize) -> Vec<f32> {
    let mut shown = vec![1.0; length];
    sampler.resolved().sound.holes.iter().for_each(|hole| shown[hole.samples(rate, length)].fill(0.0));
    shown
}

fn scales(sampler: &CawSampler, recording: &Recording) -> Result<(), AnyError> {
    let rate = recording.rate.hz();
    println!("scale  rate   SNR at its rate  SNR of the whole");
    let top = sampler.rate();
    let whole = resampled(recording, top)?;
    for (index, at) in sampler.rates().into_iter().enumerate() {
        let made = sampler.reconstruction(index + 1)?;
        let real = recording.signal.resampled(rate, at, made.signal.length())?;
        let risen = made.signal.resampled(at, top, whole.length())?;
        let shown = |rate: u32, length: usize| shown(sampler, rate, length);
        let here = snr(&real, &made.signal, Some(&shown(at, real.length())));
        let all = snr(&whole, &risen, Some(&shown(top, whole.length())));
        println!("{index:5}  {at:5}  {here:12.1} dB  {all:13.1} dB");
    }
    Ok(())
}

fn resampled(recording: &Recording, to: u32) -> Result<Signal, AnyError> {
    let length = (recording.length().0 * f64::from(to)).round() as usize;
    Ok(recording.signal.resampled(recording.rate.hz(), to, length)?)
}

fn generations(sampler: &CawSampler, real: &Signal, count: u64, seconds: f64) -> Result<(), AnyError> {
    let half = real.length() / 2;
    let made = (0..count).map(|seed| Ok(sampler.generate(seconds, Seeds::new(seed))?.signal));
    let made = made.collect::<Result<Vec<Signal>, AnyError>>()?;
    let [first, second] = [part(real, 0, half), part(real, half, real.length())];
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
    println!("log-spectral distance to the recording, dB:");
    println!("  floor, one half of it to the other   {:5.2}", spectral_distance(&first, &second));
    println!(
        "  generations of {seconds} s                {:5.2}",
        mean(made.iter().map(|made| spectral_distance(made, real)).collect())
    );
    println!("  ceiling, noise of its level          {:5.2}", spectral_distance(&noise_like(real, 1), real));
    println!("largest correlation over all places:");
    println!("  one half of the recording, the other {:5.2}", largest_correlation(&first, &second));
    println!(
        "  generations, the recording           {:5.2}",
        mean(made.iter().map(|made| largest_correlation(made, real)).collect())
    );
    let pairs = made.windows(2).map(|pair| largest_correlation(&pair[0], &pair[1])).collect();
    println!("  one generation, the next             {:5.2}", mean(pairs));
    println!("  noise, the recording                 {:5.2}", largest_correlation(&noise_like(real, 1), real));
    let levels = made.iter().map(|made| 10.0 * (made.energy() / real.energy()).log10()).collect();
    println!("level of generations beside the recording: {:+.1} dB", mean(levels));
    Ok(())
}

fn holes(sampler: &CawSampler, recording: &Recording, real: &Signal, count: u64) -> Result<(), AnyError> {
    let rate = sampler.rate();
    for hole in &sampler.resolved().sound.holes {
        let range = hole.samples(rate, real.length());
        let truth = part(real, range.start, range.end);
        let silence = Signal { values: vec![0.0; truth.length()], channels: 1 };
        println!("hole {}-{} s       spectra apart  waveform's error", hole.from, hole.to);
        let say = |name: &str, fill: &Signal| {
            println!(
                "  {name:20} {:6.2} dB  {:14.2}",
                framewise_distance(&truth, fill),
                error_share(&truth, fill, None)
            );
        };
        for seed in 0..count {
            let filled = sampler.inpaint(recording, Seeds::new(seed))?.signal;
            say(&format!("filled, seed {seed}"), &part(&filled, range.start, range.end));
        }
        say("a straight line", &straight(real, range.start, range.end));
        say("silence", &silence);
        say("noise of its level", &noise_like(&truth, 2));
    }
    Ok(())
}

fn main() -> Result<(), AnyError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let run = RunDir::open(Path::new(arguments.first().ok_or("catch RUN [COUNT [SECONDS]]")?))?;
    let number = |at: usize, default: f64| arguments.get(at).map_or(Ok(default), |text| text.parse::<f64>());
    let sampler = CawSampler::open(&run, &Device::flex())?;
    let recording = Recording::read_plain(&run.root().join(RECORDING), 1)?;
    let (count, seconds) = (number(1, 5.0)? as u64, number(2, recording.length().0)?);
    println!("step {}", sampler.step);
    scales(&sampler, &recording)?;
    let real = resampled(&recording, sampler.rate())?;
    generations(&sampler, &real, count, seconds)?;
    holes(&sampler, &recording, &real, count)
}

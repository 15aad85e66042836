//! Why the founding document's exponential tensor could not be heard: its losses one by one.
//!
//! `cargo run --release -p adm-spectral --example exponential_loss -- WAV [BPM] [BEATS]`
//!
//! Over beats of the left channel:
//!
//! - *Cancelling*: what share of the spectrum's power is left once bins are pooled, and the round trip by the pseudo-inverse
//!   and by least squares, with phases that count from the window's start and from its middle, for longer and shorter
//!   windows; once for beats as they are, most of which is bass, which lies in bands of one bin, and once for their second
//!   differences, which are mostly treble.
//! - *Gaps* between frames: more frames, more iterations, and slopes that make high bands narrower.
//! - *Smear*: a click in the middle of a beat whose tensor is a tenth wrong at every point, and the share of the error's power
//!   that lands more than 10 ms before or after it.

#![expect(clippy::print_stdout, reason = "an example's result")]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_spectral::{Representation, RepresentationConfig, Scratch};
use std::error::Error;
use std::sync::Arc;

fn build(text: &str, frames: usize, rate: SampleRate) -> Result<Arc<dyn Representation>, Box<dyn Error>> {
    Ok(toml::from_str::<RepresentationConfig>(&text.replace("; ", "\n"))?.build(frames, rate, 1)?)
}

/// The power of complex planes, of which all bins but the first stand for their mirrors too.
fn power(values: &[f32], frames: usize) -> f64 {
    let sum = |values: &[f32]| values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
    let first = |plane: &[f32]| sum(&plane[..frames]);
    2.0 * sum(values) - values.chunks_exact(values.len() / 2).map(first).sum::<f64>()
}

/// The power of a round trip's error.
fn error(representation: &dyn Representation, beat: &[f32]) -> Result<f64, Box<dyn Error>> {
    let back = representation.slice_of(&representation.tensor_of(beat)?)?;
    Ok(beat.iter().zip(&back).map(|(a, b)| f64::from(a - b).powi(2)).sum())
}

/// The signal-to-noise ratio of the round trip of all beats, in dB.
fn snr(representation: &dyn Representation, beats: &[Vec<f32>]) -> Result<f64, Box<dyn Error>> {
    let (mut signal, mut noise) = (0.0, f64::MIN_POSITIVE);
    for beat in beats {
        signal += beat.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
        noise += error(representation, beat)?;
    }
    Ok(10.0 * (signal / noise).log10())
}

/// Power left by pooling, in percent, and the round trip in dB by the pseudo-inverse and by least squares.
fn row(bins: usize, phase: &str, beats: &[Vec<f32>], rate: SampleRate) -> Result<[f64; 3], Box<dyn Error>> {
    let frames = beats[0].len();
    let pooled = |iterations| {
        build(
            &format!("name = 'exponential'; linear_bins = {bins}; phase = '{phase}'; iterations = {iterations}"),
            frames,
            rate,
        )
    };
    let (whole, once, solved) =
        (build(&format!("name = 'stereo-complex'; bins = {bins}"), frames, rate)?, pooled(1)?, pooled(20)?);
    let (mut left, mut all) = (0.0, 0.0);
    for beat in beats {
        all += power(whole.tensor_of(beat)?.data(), 256);
        left += power(once.tensor_of(beat)?.data(), 256);
    }
    Ok([100.0 * left / all, snr(&*once, beats)?, snr(&*solved, beats)?])
}

/// The share of the error's power beyond 10 ms from a click, in percent.
fn smear(text: &str, frames: usize, rate: SampleRate) -> Result<f64, Box<dyn Error>> {
    let representation = build(text, frames, rate)?;
    let (mut click, at) = (vec![0.0; frames], frames / 2);
    click[at] = 1.0;
    let mut tensor = representation.tensor_of(&click)?;
    let mut rng = Seeds::new(0).stream("errors", 0);
    tensor.data_mut().iter_mut().for_each(|value| *value *= 1.0 + 0.1 * rng.random_range(-1.732f32..1.732));
    let mut back = vec![0.0; frames];
    representation.decode(tensor.data(), &mut back, &mut Scratch::new())?;
    let clean = representation.slice_of(&representation.tensor_of(&click)?)?;
    let near = rate.hz() as usize / 100;
    let (mut far, mut all) = (0.0, 0.0);
    for (index, (sample, clean)) in back.iter().zip(&clean).enumerate() {
        let power = f64::from(sample - clean).powi(2);
        all += power;
        far += if index.abs_diff(at) > near { power } else { 0.0 };
    }
    Ok(100.0 * far / all)
}

/// Each sample less the one before.
fn differences(samples: &[f32]) -> Vec<f32> {
    std::iter::once(&0.0).chain(samples).zip(samples).map(|(before, sample)| sample - before).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut reader = hound::WavReader::open(arguments.next().ok_or("which WAV, of floats?")?)?;
    let bpm = Bpm::new(arguments.next().map_or(Ok(130.0), |text| text.parse())?)?;
    let count: usize = arguments.next().map_or(Ok(8), |text| text.parse())?;
    let (rate, channels) = (SampleRate::new(reader.spec().sample_rate)?, usize::from(reader.spec().channels));
    let left: Vec<f32> = reader.samples::<f32>().step_by(channels).collect::<Result<_, _>>()?;
    let (frames, beats) = (bpm.beat_frames(rate), left.chunks_exact(bpm.beat_frames(rate)));
    let stride = (beats.len() / count.max(1)).max(1);
    let beats: Vec<Vec<f32>> = beats.step_by(stride).take(count).map(<[f32]>::to_vec).collect();
    let treble: Vec<Vec<f32>> = beats.iter().map(|beat| differences(&differences(beat))).collect();
    println!(
        "| linear bins | window ms | phases from | power left % | pseudo-inverse dB | least squares dB | treble % | dB | dB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for bins in [8_192, 4_096, 2_048, 1_024, 512] {
        for phase in ["window", "centre"] {
            let [left, once, solved] = row(bins, phase, &beats, rate)?;
            let window = 2e3 * bins as f64 / rate.as_f64();
            let high = row(bins, phase, &treble, rate)?.map(|value| format!("{value:.1}")).join(" | ");
            println!("| {bins} | {window:.0} | {phase} | {left:.1} | {once:.1} | {solved:.1} | {high} |");
        }
    }
    println!("\n| settings | beats dB | treble dB |\n|---|---|---|");
    for settings in [
        "frames = 256; iterations = 20",
        "frames = 256; iterations = 100",
        "frames = 512; iterations = 20",
        "frames = 512; iterations = 100",
        "slope = 0.0",
        "slope = 4.0",
        "slope = 8.0",
        "slope = 16.0",
    ] {
        let representation = build(&format!("name = 'exponential'; {settings}"), frames, rate)?;
        println!("| `{settings}` | {:.1} | {:.1} |", snr(&*representation, &beats)?, snr(&*representation, &treble)?);
    }
    println!("\n| a click, each point a tenth wrong | error beyond 10 ms % |\n|---|---|");
    for text in [
        "name = 'stereo-complex'; bins = 8192",
        "name = 'exponential'",
        "name = 'exponential'; phase = 'window'",
        "name = 'stereo-complex'",
        "name = 'log-frequency'",
    ] {
        println!("| `{}` | {:.1} |", text.replace("name = ", "").replace('\'', ""), smear(text, frames, rate)?);
    }
    Ok(())
}

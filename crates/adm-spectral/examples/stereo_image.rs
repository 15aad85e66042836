//! Inverts the magnitudes of a stereo recording and prints how much of its stereo image each way of relating the two
//! channels' phases keeps.
//!
//! ```sh
//! cargo run --release -p adm-spectral --example stereo_image -- MUSIC.wav [FROM SECONDS]
//! ```
//!
//! Columns: the spectral convergence of left and right together, in dB; the root mean square errors of the level
//! difference between the channels (dB) and of their correlation, and the mean error of the correlation, over 24 bands
//! and blocks of 93 ms within 40 dB of the band's loudest; times real time.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

use adm_spectral::inversion::{CentredStft, StereoPhase};
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use rustfft::num_complex::Complex32;
use std::error::Error;
use std::f32::consts::FRAC_1_SQRT_2;
use std::time::Instant;

/// Bands between 60 Hz and 16 kHz, a third of an octave each.
const BANDS: usize = 24;
/// Frames of a block: 93 ms at 44,100 Hz and a hop of 512.
const BLOCK: usize = 8;
/// Level differences are told up to here, in dB.
const WIDEST: f64 = 30.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("usage: stereo_image MUSIC.wav [FROM SECONDS]")?;
    let number = |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (signals, rate) = stereo(path, number(1, 0)?, number(2, 10)?)?;
    let shape = StftShape { n_fft: 2_048, win_length: 2_048, hop: 512, samples: signals.len() / 2 };
    let original = Image::of(&signals, shape, rate)?;
    println!(
        "{:12} {:10} {:12} {:>7} {:>9} {:>7} {:>7} {:>7}",
        "method", "layout", "phases", "dB", "levels dB", "corr.", "bias", "× real"
    );
    for method in [PhaseMethod::Pghi, PhaseMethod::Auto, PhaseMethod::FastGriffinLim] {
        for layout in [ChannelLayout::LeftRight, ChannelLayout::MidSide] {
            for stereo in [StereoPhase::Apart, StereoPhase::SharedStart, StereoPhase::Shared] {
                let config = InversionConfig { method, stereo: Some(stereo), ..Default::default() };
                let (got, speed) = inverted(&signals, shape, layout, &config, rate)?;
                let image = Image::of(&got, shape, rate)?;
                let [levels, correlation, bias] = original.errors(&image);
                let decibels = heard(&signals, &got, shape)?;
                let names = (format!("{method:?}"), format!("{layout:?}"), format!("{stereo:?}"));
                println!(
                    "{:12.12} {:10} {:12} {decibels:>7.2} {levels:>9.2} {correlation:>7.3} {bias:>7.3} {speed:>7.1}",
                    names.0, names.1, names.2
                );
            }
        }
    }
    Ok(())
}

/// Left, then right.
fn stereo(path: &str, from: usize, seconds: usize) -> Result<(Vec<f32>, u32), Box<dyn Error>> {
    let mut reader = hound::WavReader::open(path)?;
    let (rate, scale) = (reader.spec().sample_rate, 0.5f32.powi(i32::from(reader.spec().bits_per_sample) - 1));
    if reader.spec().channels != 2 || reader.spec().sample_format != hound::SampleFormat::Int {
        return Err("a stereo file of integers is needed".into());
    }
    reader.seek((from * rate as usize) as u32)?;
    let samples: Vec<i32> = reader.samples::<i32>().take(2 * seconds * rate as usize).collect::<Result<_, _>>()?;
    let channel = |channel: usize| samples.iter().skip(channel).step_by(2).map(|sample| *sample as f32 * scale);
    Ok((channel(0).chain(channel(1)).collect(), rate))
}

fn inverted(
    signals: &[f32],
    shape: StftShape,
    layout: ChannelLayout,
    config: &InversionConfig,
    rate: u32,
) -> Result<(Vec<f32>, f64), Box<dyn Error>> {
    let inverter = Inverter::new(shape, layout, config)?;
    let (left, right) = signals.split_at(shape.samples);
    let pairs = left.iter().zip(right);
    let coded: Vec<f32> = match layout {
        ChannelLayout::MidSide => {
            let side = pairs.clone().map(|(left, right)| FRAC_1_SQRT_2 * (left - right));
            pairs.clone().map(|(left, right)| FRAC_1_SQRT_2 * (left + right)).chain(side).collect()
        }
        _ => signals.to_vec(),
    };
    let mut scratch = InversionScratch::new();
    let magnitudes: Vec<f32> = spectra(&coded, shape)?.iter().map(|point| point.norm()).collect();
    let mut got = vec![0.0; signals.len()];
    inverter.invert(&magnitudes, &mut got, &mut scratch)?;
    let begin = Instant::now();
    inverter.invert(&magnitudes, &mut got, &mut scratch)?;
    Ok((got, shape.samples as f64 / f64::from(rate) / begin.elapsed().as_secs_f64()))
}

/// `[channels, frames, bins]`.
fn spectra(signals: &[f32], shape: StftShape) -> Result<Vec<Complex32>, Box<dyn Error>> {
    let stft = CentredStft::new(shape)?;
    let mut spectra = vec![Complex32::default(); signals.len() / shape.samples * shape.points()];
    for (signal, spectrum) in signals.chunks_exact(shape.samples).zip(spectra.chunks_exact_mut(shape.points())) {
        stft.analyse(signal, spectrum, &mut InversionScratch::new())?;
    }
    Ok(spectra)
}

/// The spectral convergence of left and right.
fn heard(wanted: &[f32], got: &[f32], shape: StftShape) -> Result<f64, Box<dyn Error>> {
    let stft = CentredStft::new(shape)?;
    let magnitudes: Vec<f32> = spectra(wanted, shape)?.iter().map(|point| point.norm()).collect();
    let pairs = magnitudes.chunks_exact(shape.points()).zip(got.chunks_exact(shape.samples));
    let channels = pairs.map(|(wanted, got)| stft.convergence(wanted, got, &mut InversionScratch::new()));
    Ok(channels.sum::<Result<adm_spectral::Convergence, _>>()?.decibels())
}

/// What two channels have of each other, band by band.
struct Image {
    /// `[blocks, BANDS]`: energy left, energy right, their product's real part.
    cells: Vec<[f64; 3]>,
}

impl Image {
    fn of(signals: &[f32], shape: StftShape, rate: u32) -> Result<Self, Box<dyn Error>> {
        let spectra = spectra(signals, shape)?;
        let (left, right) = spectra.split_at(shape.points());
        let mut cells = vec![[0.0; 3]; shape.frames().div_ceil(BLOCK) * BANDS];
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            let (frame, bin) = (at / shape.bins(), at % shape.bins());
            let hertz = bin as f64 * f64::from(rate) / shape.n_fft as f64;
            let band = (3.0 * (hertz / 60.0).log2()).floor();
            if (0.0..BANDS as f64).contains(&band) {
                let cell = &mut cells[frame / BLOCK * BANDS + band as usize];
                let product = (left * right.conj()).re;
                for (sum, value) in cell.iter_mut().zip([left.norm_sqr(), right.norm_sqr(), product]) {
                    *sum += f64::from(value);
                }
            }
        }
        Ok(Self { cells })
    }

    /// Root mean square errors of level differences and correlations, and the mean error of the latter.
    fn errors(&self, other: &Self) -> [f64; 3] {
        let loudest = |band: usize| self.cells.iter().skip(band).step_by(BANDS).map(energy).fold(0.0, f64::max);
        let floors: Vec<f64> = (0..BANDS).map(|band| 1e-4 * loudest(band)).collect();
        let loud =
            self.cells.iter().zip(&other.cells).enumerate().filter(|(at, (cell, _))| energy(cell) > floors[at % BANDS]);
        let (mut sums, mut count) = ([0.0; 3], 0.0);
        for (_, (wanted, got)) in loud {
            let correlation = correlation(got) - correlation(wanted);
            for (sum, value) in
                sums.iter_mut().zip([(level(got) - level(wanted)).powi(2), correlation.powi(2), correlation])
            {
                *sum += value;
            }
            count += 1.0;
        }
        [(sums[0] / count).sqrt(), (sums[1] / count).sqrt(), sums[2] / count]
    }
}

fn energy(cell: &[f64; 3]) -> f64 {
    cell[0] + cell[1]
}

fn level(cell: &[f64; 3]) -> f64 {
    (10.0 * (cell[0].max(1e-12) / cell[1].max(1e-12)).log10()).clamp(-WIDEST, WIDEST)
}

fn correlation(cell: &[f64; 3]) -> f64 {
    cell[2] / (cell[0] * cell[1]).sqrt().max(1e-12)
}

//! What each representation keeps of the beats of a recording.
//!
//! `cargo run --release -p adm-spectral --example round_trip -- WAV [BPM] [BEATS] [SETTINGS...]`
//!
//! Cuts up to `BEATS` (24) beats of a WAV at `BPM` (130), evenly spread, and prints for each representation the tensor's
//! shape, its values for each of the slice's, the signal-to-noise ratio of the round trip over all beats, its spectral
//! convergence on a transform of 2,048 samples every 128 (lower is better), and how many times faster than real time one
//! thread encodes and decodes. `SETTINGS` are representations to try instead, as TOML: `"name = 'mel'; bins = 64"`.

#![expect(clippy::print_stdout, reason = "an example's result")]

use adm_core::{Bpm, SampleRate};
use adm_spectral::inversion::CentredStft;
use adm_spectral::{Convergence, InversionScratch, Representation, RepresentationConfig, Scratch, StftShape};
use std::error::Error;
use std::time::Instant;

/// All representations with their defaults, the sizes that compare with the first one, and what documents 002, 003 and 004 had.
const SETTINGS: [&str; 14] = [
    "name = 'stereo-complex'",
    "name = 'log-frequency'",
    "name = 'exponential'",
    "name = 'exponential'; iterations = 1",
    "name = 'exponential'; phase = 'window'",
    "name = 'mag-if'",
    "name = 'magnitude'",
    "name = 'magnitude'; bins = 512; frames = 128",
    "name = 'magnitude'; bins = 256; frames = 256",
    "name = 'mel'",
    "name = 'log-mel'",
    "name = 'log-mel'; bins = 256; frames = 256",
    "name = 'log-band'",
    "name = 'waveform'",
];

/// Beats of a recording.
struct Beats {
    slices: Vec<Vec<f32>>,
    frames: usize,
    channels: usize,
    rate: SampleRate,
}

impl Beats {
    fn read(path: &str, bpm: f64, count: usize) -> Result<Self, Box<dyn Error>> {
        let mut reader = hound::WavReader::open(path)?;
        let spec = reader.spec();
        let samples: Vec<f32> = match spec.sample_format {
            hound::SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
            hound::SampleFormat::Int => {
                let full = 2f32.powi(i32::from(spec.bits_per_sample) - 1);
                reader
                    .samples::<i32>()
                    .map(|sample| sample.map(|sample| sample as f32 / full))
                    .collect::<Result<_, _>>()?
            }
        };
        let (rate, channels) = (SampleRate::new(spec.sample_rate)?, usize::from(spec.channels));
        let frames = Bpm::new(bpm)?.beat_frames(rate);
        let all = samples.chunks_exact(frames * channels);
        let stride = (all.len() / count.max(1)).max(1);
        Ok(Self { slices: all.step_by(stride).take(count).map(<[f32]>::to_vec).collect(), frames, channels, rate })
    }

    fn seconds(&self) -> f64 {
        (self.slices.len() * self.frames) as f64 / self.rate.as_f64()
    }
}

/// Sums over all beats.
#[derive(Default)]
struct Kept {
    signal: f64,
    error: f64,
    convergence: Convergence,
    encoding: f64,
    decoding: f64,
}

impl Kept {
    fn of(representation: &dyn Representation, beats: &Beats) -> Result<Self, Box<dyn Error>> {
        let judge = CentredStft::new(StftShape { n_fft: 2_048, win_length: 2_048, hop: 128, samples: beats.frames })?;
        let (mut kept, mut scratch) = (Self::default(), Scratch::new());
        let (mut tensor, mut back) =
            (vec![0.0; representation.shape().size()], vec![0.0; beats.frames * beats.channels]);
        // Once for the buffers, then for the clock.
        representation.encode(&beats.slices[0], &mut tensor, &mut scratch)?;
        representation.decode(&tensor, &mut back, &mut scratch)?;
        for slice in &beats.slices {
            let start = Instant::now();
            representation.encode(slice, &mut tensor, &mut scratch)?;
            let middle = Instant::now();
            representation.decode(&tensor, &mut back, &mut scratch)?;
            kept.encoding += (middle - start).as_secs_f64();
            kept.decoding += middle.elapsed().as_secs_f64();
            kept.compare(slice, &back, &judge, beats.channels)?;
        }
        Ok(kept)
    }

    fn compare(
        &mut self,
        slice: &[f32],
        back: &[f32],
        judge: &CentredStft,
        channels: usize,
    ) -> Result<(), Box<dyn Error>> {
        for (sample, other) in slice.iter().zip(back) {
            self.signal += f64::from(*sample).powi(2);
            self.error += (f64::from(*sample) - f64::from(*other)).powi(2);
        }
        let (points, mut scratch) = (judge.shape().points(), InversionScratch::new());
        let mut spectrum = vec![Default::default(); points];
        for channel in 0..channels {
            let of = |slice: &[f32]| -> Vec<f32> { slice.iter().skip(channel).step_by(channels).copied().collect() };
            judge.analyse(&of(slice), &mut spectrum, &mut scratch)?;
            let magnitudes: Vec<f32> = spectrum.iter().map(|point| point.norm()).collect();
            self.convergence = self.convergence + judge.convergence(&magnitudes, &of(back), &mut scratch)?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which WAV?")?;
    let bpm = arguments.next().map_or(Ok(130.0), |text| text.parse())?;
    let count = arguments.next().map_or(Ok(24), |text| text.parse())?;
    let given: Vec<String> = arguments.collect();
    let settings: Vec<&str> =
        if given.is_empty() { SETTINGS.to_vec() } else { given.iter().map(String::as_str).collect() };
    let beats = Beats::read(&path, bpm, count)?;
    println!("{} beats of {} frames, {} channels, {}", beats.slices.len(), beats.frames, beats.channels, beats.rate);
    println!(
        "| settings | tensor | values | SNR dB | convergence dB | encode × | decode × |\n|---|---|---|---|---|---|---|"
    );
    for text in settings {
        let config: RepresentationConfig = toml::from_str(&text.replace("; ", "\n"))?;
        let representation = config.build(beats.frames, beats.rate, beats.channels)?;
        let kept = Kept::of(&*representation, &beats)?;
        let shape = representation.shape();
        println!(
            "| `{}` | {} × {} × {} | {:.2} | {:.1} | {:.1} | {:.0} | {:.2} |",
            text.replace("name = ", "").replace('\'', ""),
            shape.bins,
            shape.frames,
            shape.channels,
            representation.relative_size(),
            10.0 * (kept.signal / kept.error.max(f64::MIN_POSITIVE)).log10(),
            kept.convergence.decibels(),
            beats.seconds() / kept.encoding,
            beats.seconds() / kept.decoding,
        );
    }
    Ok(())
}

//! Signals, files and measures that the tests share.

use adm_audio::{AudioError, Decoder, Source, read_all};
use adm_core::{Frames, SampleRate};
use std::f64::consts::TAU;
use std::path::PathBuf;
use tempfile::TempDir;

/// The recording that all golden files were made from, shape `[frames, 2]`: see `tests/golden/make.py`.
pub fn chirp(frames: usize) -> Vec<f32> {
    let sample = |n: usize, (low, high): (f64, f64)| {
        let t = n as f64 / 44_100.0;
        (0.5 * (TAU * (low * t + (high - low) * t * t / 2.0)).cos()) as f32
    };
    (0..frames).flat_map(|n| [sample(n, (200.0, 4000.0)), sample(n, (300.0, 6000.0))]).collect()
}

/// A golden file's path.
pub fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// All golden files.
pub const GOLDEN: [&str; 8] =
    ["chirp.flac", "lame.mp3", "ffmpeg.mp3", "chirp.ogg", "paged.ogg", "chirp.m4a", "faststart.m4a", "fragmented.m4a"];

/// A private folder that holds one file.
pub fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// What comes of decoding a file with these bytes: samples and warnings.
pub fn decode(bytes: &[u8]) -> Result<(Vec<f32>, Vec<String>), AudioError> {
    let (_folder, path) = file("recording", bytes);
    let mut decoder = Decoder::open(&path)?;
    let samples = read_all(&mut decoder)?;
    Ok((samples, decoder.warnings().to_vec()))
}

/// How the samples of a WAV or AIFF file are stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stored {
    Int(u16),
    Float(u16),
}

impl Stored {
    pub fn bits(self) -> u16 {
        match self {
            Self::Int(bits) | Self::Float(bits) => bits,
        }
    }

    /// One sample, least significant byte first.
    fn bytes(self, sample: f32) -> Vec<u8> {
        match self {
            // Eight bits are unsigned in WAV.
            Self::Int(8) => vec![(f64::from(sample) * 128.0 + 128.0).round().clamp(0.0, 255.0) as u8],
            Self::Int(bits) => {
                let scale = 2f64.powi(i32::from(bits) - 1);
                let value = (f64::from(sample) * scale).round().clamp(-scale, scale - 1.0) as i64;
                value.to_le_bytes()[..usize::from(bits / 8)].to_vec()
            }
            Self::Float(64) => f64::from(sample).to_le_bytes().to_vec(),
            Self::Float(_) => sample.to_le_bytes().to_vec(),
        }
    }
}

/// The bytes of a WAV file.
pub fn wav(stored: Stored, rate: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|&sample| stored.bytes(sample)).collect();
    let frame = channels * stored.bits() / 8;
    let format = if matches!(stored, Stored::Float(_)) { 3u16 } else { 1 };
    let mut bytes = [&b"RIFF"[..], &(36 + data.len() as u32).to_le_bytes(), b"WAVEfmt ", &16u32.to_le_bytes()].concat();
    bytes.extend(format.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * u32::from(frame)).to_le_bytes());
    bytes.extend(frame.to_le_bytes());
    bytes.extend(stored.bits().to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

/// The bytes of an AIFF file of integers.
pub fn aiff(bits: u16, channels: u16, samples: &[f32]) -> Vec<u8> {
    let big_endian = |sample: f32| {
        let mut bytes = Stored::Int(bits).bytes(sample);
        bytes.reverse();
        bytes
    };
    let data: Vec<u8> = samples.iter().flat_map(|&sample| big_endian(sample)).collect();
    let frames = samples.len() as u32 / u32::from(channels);
    let mut bytes = [&b"FORM"[..], &(46 + data.len() as u32).to_be_bytes(), b"AIFFCOMM", &18u32.to_be_bytes()].concat();
    bytes.extend(channels.to_be_bytes());
    bytes.extend(frames.to_be_bytes());
    bytes.extend(bits.to_be_bytes());
    // 44,100 as an 80-bit float: 2^15 times 1.3458….
    bytes.extend([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
    bytes.extend(b"SSND");
    bytes.extend((8 + data.len() as u32).to_be_bytes());
    bytes.extend([0; 8]);
    bytes.extend(data);
    bytes
}

/// How far `actual` lies above its difference from `expected`, in dB.
pub fn snr(expected: &[f32], actual: &[f32]) -> f64 {
    assert_eq!(expected.len(), actual.len(), "only equally long signals can be compared");
    let energy = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
    let signal = energy(&mut expected.iter().map(|&sample| f64::from(sample)));
    let error = energy(&mut expected.iter().zip(actual).map(|(&a, &b)| f64::from(a) - f64::from(b)));
    10.0 * (signal / error.max(1e-30)).log10()
}

/// By how many frames the left channel of `actual` comes later than `expected`, looked for up to 2,500 frames either way.
pub fn lag(expected: &[f32], actual: &[f32]) -> i64 {
    let left = |samples: &[f32]| samples.iter().step_by(2).copied().collect::<Vec<_>>();
    let (expected, actual) = (left(expected), left(actual));
    let product = |lag: i64| -> f64 {
        let shifted =
            |n: usize| usize::try_from(n as i64 + lag).ok().and_then(|n| actual.get(n)).copied().unwrap_or(0.0);
        expected.iter().enumerate().map(|(n, &sample)| f64::from(sample) * f64::from(shifted(n))).sum()
    };
    (-2500..=2500).max_by(|&a, &b| product(a).total_cmp(&product(b))).unwrap()
}

/// Samples in memory, handed out in blocks of uneven sizes.
pub struct Memory {
    pub rate: SampleRate,
    pub channels: usize,
    pub samples: Vec<f32>,
    pub at: usize,
}

impl Memory {
    pub fn new(rate: u32, channels: usize, samples: Vec<f32>) -> Self {
        Self { rate: SampleRate::new(rate).unwrap(), channels, samples, at: 0 }
    }
}

impl Source for Memory {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        self.channels
    }
    fn duration_hint(&self) -> Option<Frames> {
        Some(Frames((self.samples.len() / self.channels) as u64))
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let left = self.samples.len() / self.channels - self.at;
        let frames = (1 + self.at * 7 % 1500).min(left);
        into.extend_from_slice(&self.samples[self.at * self.channels..(self.at + frames) * self.channels]);
        self.at += frames;
        Ok(frames)
    }
}

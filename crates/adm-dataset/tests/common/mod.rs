//! Recordings and settings that the tests share.

#![allow(dead_code, reason = "each test binary uses its own part of it")]

use adm_core::{Bpm, Observer, SampleRate, Seconds};
use adm_dataset::{Fit, GridChoice, PrepareSettings, Slicing};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

pub const BEAT: usize = 21_168;
/// The tempo at which a beat lasts exactly [`BEAT`] frames at 44,100 Hz.
pub const TEMPO: f64 = 125.0;

/// Stereo 16-bit music of a kind: a decaying kick on each beat, a pad that differs left and right, noise.
pub fn music(seed: u32, beats: usize) -> Vec<i16> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut samples = Vec::with_capacity(beats * BEAT * 2);
    for frame in 0..beats * BEAT {
        let (t, within) = (frame as f64 / 44_100.0, (frame % BEAT) as f64 / 44_100.0);
        let kick = 0.6 * (-within * 18.0).exp() * (std::f64::consts::TAU * 55.0 * within).sin();
        for channel in 0..2u32 {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = f64::from(state as i32) / f64::from(i32::MAX) * 0.02;
            let pad = 0.1 * (std::f64::consts::TAU * f64::from(200 + 3 * channel + seed % 50) * t).sin();
            samples.push(((kick + pad + noise) * 32_767.0) as i16);
        }
    }
    samples
}

pub fn write_wav(path: &Path, rate: u32, channels: u16, samples: &[i16]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let spec =
        hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let mut block = writer.get_i16_writer(samples.len() as u32);
    samples.iter().for_each(|sample| block.write_sample(*sample));
    block.flush().unwrap();
    writer.finalize().unwrap();
}

/// `count` recordings of different lengths in `dir`.
pub fn crate_of_records(dir: &Path, count: usize) -> PathBuf {
    let folder = dir.join("records");
    for number in 0..count {
        let samples = music(number as u32 + 1, 12 + 5 * (number % 4));
        write_wav(&folder.join(format!("{number:02}.wav")), 44_100, 2, &samples);
    }
    folder
}

/// One beat a slice at 130 BPM, on a grid that lies exactly on the beats of [`music`].
pub fn on_the_beat(inputs: &[impl AsRef<Path>], output: &Path) -> PrepareSettings {
    let inputs = inputs.iter().map(|input| input.as_ref().to_owned()).collect();
    PrepareSettings { slicing: beats(1), ..PrepareSettings::new(inputs, output.to_owned()) }
}

pub fn beats(beats_per_slice: usize) -> Slicing {
    let grid = GridChoice::Fixed { bpm: Bpm::new(TEMPO).unwrap(), offset: Seconds(0.0) };
    Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice, fit: Fit::Place, grid }
}

pub fn windows(window: f64, hop: f64) -> Slicing {
    Slicing::Windows { window: Seconds(window), hop: Seconds(hop) }
}

/// All files below `dir` with their bytes.
pub fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        files.push((name, fs::read(&path).unwrap()));
    }
    files.sort();
    files
}

pub fn staging_of(output: &Path) -> PathBuf {
    output.with_file_name(format!(".{}.partial", output.file_name().unwrap().to_str().unwrap()))
}

pub fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

/// Asks to stop when it was asked for the `n`th time whether to.
pub struct StopAfter(AtomicI64);

impl StopAfter {
    pub fn new(n: i64) -> Self {
        Self(AtomicI64::new(n))
    }

    /// How often it was asked since it was made with `n`.
    pub fn asked(&self, n: i64) -> i64 {
        n - self.0.load(Ordering::Relaxed)
    }
}

impl Observer for StopAfter {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, _text: &str) {}
    fn stop_requested(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) <= 0
    }
}

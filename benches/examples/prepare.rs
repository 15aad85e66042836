//! Measures `prepare` on a synthesised set of any length: speed against real time and peak resident memory.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --example prepare -- synth SET.wav 2
//! cargo run --release --manifest-path benches/Cargo.toml --example prepare -- prepare SET.wav OUTPUT auto
//! ```
//!
//! `prepare` takes `auto` (find the beats), `fixed` (they are where `synth` put them) or `windows`.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

use adm_core::{Bpm, Seconds, Silent};
use adm_dataset::{DatasetError, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

const RATE: u64 = 44_100;
/// At 126 BPM a beat lasts exactly this many frames.
const BEAT: usize = 21_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["synth", path, hours] => Ok(synth(Path::new(path), hours.parse()?)?),
        ["prepare", input, output, grid] => Ok(measure(Path::new(input), Path::new(output), grid)?),
        _ => Err("usage: synth SET.wav HOURS | prepare SET.wav OUTPUT auto|fixed|windows".into()),
    }
}

/// A stereo 16-bit WAV at 44,100 Hz; as RF64 where RIFF's 4 GiB do not suffice.
fn synth(path: &Path, hours: f64) -> io::Result<()> {
    let beats = (hours * 3_600.0 * RATE as f64 / BEAT as f64) as u64;
    let data = beats * BEAT as u64 * 4;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let short = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
    file.write_all(if data + 72 > u64::from(u32::MAX) { b"RF64" } else { b"RIFF" })?;
    file.write_all(&short(data + 72))?;
    file.write_all(b"WAVE")?;
    // In a plain RIFF file the same room is a chunk that readers skip.
    file.write_all(if data + 72 > u64::from(u32::MAX) { b"ds64" } else { b"JUNK" })?;
    file.write_all(&28u32.to_le_bytes())?;
    for field in [data + 72, data, beats * BEAT as u64] {
        file.write_all(&field.to_le_bytes())?;
    }
    file.write_all(&0u32.to_le_bytes())?;
    file.write_all(b"fmt \x10\0\0\0\x01\0\x02\0")?;
    file.write_all(&(RATE as u32).to_le_bytes())?;
    file.write_all(&(RATE as u32 * 4).to_le_bytes())?;
    file.write_all(b"\x04\0\x10\0data")?;
    file.write_all(&short(data))?;
    for beat in 0..beats {
        write_beat(&mut file, beat)?;
    }
    file.flush()
}

/// A kick, a hat on the off-beat, and a bass that walks; noise of its own in each channel.
fn write_beat(file: &mut impl Write, beat: u64) -> io::Result<()> {
    let mut state = (beat as u32).wrapping_mul(2_654_435_761) | 1;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as i32 as f32 / i32::MAX as f32
    };
    let pitch = [55.0, 55.0, 65.4, 49.0][(beat / 4 % 4) as usize];
    for frame in 0..BEAT {
        let t = frame as f32 / RATE as f32;
        let kick = 0.6 * (-18.0 * t).exp() * (std::f32::consts::TAU * 52.0 * t).sin();
        let hat = if frame > BEAT / 2 { 0.2 * (-80.0 * (t - 0.238)).exp() } else { 0.0 };
        let bass = 0.15 * (std::f32::consts::TAU * pitch * t).sin();
        for _ in 0..2 {
            let sample = kick + bass + (hat + 0.01) * noise();
            file.write_all(&((sample * 32_767.0) as i16).to_le_bytes())?;
        }
    }
    Ok(())
}

fn measure(input: &Path, output: &Path, grid: &str) -> Result<(), DatasetError> {
    let beats = |grid| Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid };
    let fixed = Bpm::new(126.0).map(|bpm| beats(GridChoice::Fixed { bpm, offset: Seconds(0.0) }));
    let slicing = match grid {
        "windows" => Slicing::Windows { window: Seconds(4.05), hop: Seconds(1.0) },
        "fixed" => fixed.unwrap_or(Slicing::FOUNDING),
        _ => Slicing::FOUNDING,
    };
    let settings = PrepareSettings {
        slicing,
        jobs: 2,
        resume: true,
        ..PrepareSettings::new(vec![PathBuf::from(input)], output.to_owned())
    };
    let began = Instant::now();
    let report = prepare(&settings, &Silent)?;
    let (took, lasts) = (began.elapsed().as_secs_f64(), report.manifest.recordings.iter().map(|row| row.duration.0));
    let lasts: f64 = lasts.sum();
    println!("{grid}: {lasts:.0} s of audio in {took:.1} s: {:.0} times real time", lasts / took);
    println!("{} slices kept, left out {:?}", report.manifest.slices, report.manifest.left_out());
    println!("dataset.json: {} bytes", fs::metadata(output.join("dataset.json")).map_or(0, |file| file.len()));
    println!("peak resident memory: {}", peak_memory());
    Ok(())
}

/// As Linux counts it; elsewhere use the system's own tools.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

//! The one recording that is learned from: read, checked, kept in the run, and with holes in it.

use std::path::Path;

use adm_audio::{Decoder, Remix, Source, WavFormat, WavWriter, read_all};
use adm_core::{SampleRate, Seconds};

use super::signal::Signal;
use super::{CawError, Hole, RecordingConfig};
use crate::ModelError;

/// Its file within a run.
pub const RECORDING: &str = "recording.wav";

/// Samples are silence where none is above this, in dB of full scale.
const SILENCE: f64 = -60.0;

/// What counts as full scale.
const FULL: f32 = 0.999;

/// Samples in a row at full scale that are a flat top.
const FLAT: usize = 3;

/// Sound and its rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The samples.
    pub signal: Signal,
    /// Samples of a channel a second.
    pub rate: SampleRate,
    /// What is wrong with its file without making it useless.
    pub warnings: Vec<String>,
}

impl Recording {
    /// Reads a recording as it is to be learned from.
    ///
    /// # Errors
    /// What cannot be decoded; one that is too short, too long, silent or clipped.
    pub fn read(path: &Path, config: &RecordingConfig) -> Result<Self, ModelError> {
        let decoder = Decoder::open(path)?;
        let (rate, channels) = (decoder.rate(), decoder.channels());
        // What is far too long is not read to its end.
        if let Some(frames) = decoder.duration_hint() {
            check_longest(frames.seconds(rate), config)?;
        }
        let mut source = Remix::new(decoder, channels)?;
        let samples = read_all(&mut source)?;
        check(&samples, channels, rate, config)?;
        let signal = Signal::from_interleaved(&samples, channels).with_channels(config.channels);
        Ok(Self { signal, rate, warnings: source.warnings().to_vec() })
    }

    /// Reads sound of so many channels with no more asked of it than that it is sound.
    ///
    /// # Errors
    /// What cannot be decoded.
    pub fn read_plain(path: &Path, channels: usize) -> Result<Self, ModelError> {
        let mut source = Decoder::open(path)?;
        let (rate, given) = (source.rate(), source.channels());
        let samples = read_all(&mut source)?;
        let signal = Signal::from_interleaved(&samples, given).with_channels(channels);
        Ok(Self { signal, rate, warnings: source.warnings().to_vec() })
    }

    /// Writes it so that reading gives the same samples.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        let mut wav = WavWriter::create(path, self.rate, self.signal.channels, WavFormat::Float32)?;
        wav.write(&self.signal.interleaved())?;
        wav.finish()?;
        Ok(())
    }

    /// How long it is.
    pub fn length(&self) -> Seconds {
        Seconds(self.signal.length() as f64 / self.rate.as_f64())
    }

    /// Hash of its samples: recordings with the same one train alike.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.rate.hz().to_le_bytes()).update(&(self.signal.channels as u64).to_le_bytes());
        self.signal.values.iter().for_each(|value| {
            hasher.update(&value.to_le_bytes());
        });
        hasher.finalize().to_hex().to_string()
    }

    /// The same with a straight line in place of every hole, so that nothing of what was there is learned.
    pub(super) fn without(&self, holes: &[Hole]) -> Self {
        let mut signal = self.signal.clone();
        let length = signal.length();
        for hole in holes {
            let range = hole.samples(self.rate.hz(), length);
            signal.values.chunks_mut(length.max(1)).for_each(|row| bridge(row, range.clone()));
        }
        Self { signal, ..self.clone() }
    }
}

/// A straight line from the sample before a range to the one after it.
pub(super) fn bridge(row: &mut [f32], range: std::ops::Range<usize>) {
    let before = range.start.checked_sub(1).map_or(0.0, |at| row[at]);
    let after = row.get(range.end).copied().unwrap_or(0.0);
    let steps = (range.len() + 1) as f32;
    for (step, value) in row[range].iter_mut().enumerate() {
        *value = before + (after - before) * (step + 1) as f32 / steps;
    }
}

impl Signal {
    /// Averaged to one channel, or one channel twice.
    fn with_channels(self, channels: usize) -> Self {
        let length = self.length();
        let values = match (self.channels, channels) {
            (2, 1) => (0..length).map(|at| 0.5 * (self.values[at] + self.values[length + at])).collect(),
            (1, 2) => self.values.repeat(2),
            _ => return self,
        };
        Self { values, channels }
    }
}

fn check_longest(length: Seconds, config: &RecordingConfig) -> Result<(), CawError> {
    if length.0 <= config.longest {
        return Ok(());
    }
    Err(CawError::TooLong { got: length, most: Seconds(config.longest) })
}

fn check(samples: &[f32], channels: usize, rate: SampleRate, config: &RecordingConfig) -> Result<(), CawError> {
    let length = Seconds((samples.len() / channels) as f64 / rate.as_f64());
    check_longest(length, config)?;
    if length.0 < config.shortest {
        return Err(CawError::TooShort { got: length, least: Seconds(config.shortest) });
    }
    let peak = samples.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
    if 20.0 * f64::from(peak).log10() < SILENCE {
        return Err(CawError::Silent { peak: SILENCE });
    }
    let share = flat_share(samples, channels);
    if share > config.clipped { Err(CawError::Clipped { share }) } else { Ok(()) }
}

/// Share of samples that belong to flat tops at full scale.
fn flat_share(samples: &[f32], channels: usize) -> f64 {
    let mut flat = 0;
    for channel in 0..channels {
        let row: Vec<f32> = samples.iter().skip(channel).step_by(channels).copied().collect();
        let same = |a: &f32, b: &f32| a.abs() >= FULL && (a - b).abs() < 1e-3;
        flat += row.chunk_by(same).filter(|run| run.len() >= FLAT).map(<[f32]>::len).sum::<usize>();
    }
    flat as f64 / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_tops_are_told_from_peaks() {
        let wave = |level: f32| -> Vec<f32> {
            (0..1_000).map(|at| (level * (at as f32 * 0.1).sin()).clamp(-1.0, 1.0)).collect()
        };
        assert_eq!(flat_share(&wave(0.99), 1), 0.0);
        // A sine that is cut off at half of its height is flat for two thirds of the time.
        assert!((flat_share(&wave(2.0), 1) - 2.0 / 3.0).abs() < 0.02);
        let quiet_left: Vec<f32> = wave(2.0).into_iter().flat_map(|right| [0.1, right]).collect();
        assert!((flat_share(&quiet_left, 2) - 1.0 / 3.0).abs() < 0.01);
    }

    #[test]
    fn a_bridge_is_straight_and_ends_are_silence() {
        let mut row = [1.0, 9.0, 9.0, 4.0, 9.0];
        bridge(&mut row, 1..3);
        assert_eq!(row, [1.0, 2.0, 3.0, 4.0, 9.0]);
        bridge(&mut row, 4..5);
        assert_eq!(row[4], 2.0);
    }
}

//! Previews of a training: a few beats as sound and as a picture.

use adm_audio::{WavFormat, WavWriter};
use adm_core::SampleRate;
use adm_models::{AnyError, WritePreview};
use adm_spectral::picture::{PictureConfig, Sound, spectrogram};
use std::path::Path;

/// Writes `PATH.wav` and `PATH.png` of slices one after another.
pub fn writer() -> WritePreview {
    Box::new(write)
}

fn write(slices: &[Vec<f32>], channels: usize, rate: SampleRate, path: &Path) -> Result<(), AnyError> {
    let samples = slices.concat();
    let mut wav = WavWriter::create(&path.with_extension("wav"), rate, channels, WavFormat::Pcm16)?;
    wav.write(&samples)?;
    wav.finish()?;
    let config = PictureConfig { bins: 512, ..PictureConfig::default() };
    let png = spectrogram(Sound { samples: &samples, channels, rate }, &config)?;
    Ok(adm_core::persist::write_bytes(&path.with_extension("png"), &png)?)
}

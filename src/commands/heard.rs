//! Beats on a page: a player above a spectrogram.

use adm_audio::{WavFormat, WavWriter};
use adm_report::{Audio, Card, Image, Media};
use adm_spectral::picture::{PictureConfig, Sound, spectrogram};
use anyhow::{Context, Result};

/// A card with a player and a picture of a sound, in files of this name beside the page.
///
/// # Errors
/// A sound that cannot be drawn or written.
pub fn card(title: &str, heard: &str, file: &str, sound: Sound<'_>) -> Result<Card> {
    let config = PictureConfig { width: 256, height: 200, ..PictureConfig::default() };
    let png = spectrogram(sound, &config)?;
    Ok(Card::new(title).with(Audio::new(heard, Media::written(format!("{file}.wav"), wav(sound)?))).with(Image::new(
        format!("spectrogram of {}", file.replace('-', " ")),
        Media::written(format!("{file}.png"), png),
    )))
}

/// A sound as the bytes of a WAV file.
fn wav(sound: Sound<'_>) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let path = folder.path().join("sound.wav");
    let mut writer = WavWriter::create(&path, sound.rate, sound.channels, WavFormat::Pcm16)?;
    writer.write(sound.samples)?;
    writer.finish()?;
    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

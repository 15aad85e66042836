//! A recording at the rate and with the channels that are wanted.

use crate::{AudioError, Decoder, Remix, Resampler, Source};
use adm_core::SampleRate;
use std::path::Path;

/// What a recording is turned into while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSettings {
    /// The rate to resample to. Higher keeps higher frequencies and costs time in proportion.
    pub rate: SampleRate,
    /// 1 (averaged) or 2 (mono is doubled); `None` keeps what the recording has.
    pub channels: Option<usize>,
}

/// Decodes, remixes and resamples `path`.
///
/// # Errors
/// Whatever [`Decoder::open`], [`Remix::new`] and [`Resampler::new`] return.
pub fn open(path: &Path, settings: OpenSettings) -> Result<Box<dyn Source>, AudioError> {
    let decoder = Decoder::open(path)?;
    let channels = settings.channels.unwrap_or(decoder.channels());
    // Whichever comes first, the resampler should see the fewer channels.
    if channels < decoder.channels() {
        Ok(Box::new(Resampler::new(Remix::new(decoder, channels)?, settings.rate)?))
    } else {
        Ok(Box::new(Remix::new(Resampler::new(decoder, settings.rate)?, channels)?))
    }
}

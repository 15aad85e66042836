//! A set on disk: a WAV file, and its annotations as JSON beside it.

use crate::error::SynthError;
use crate::set::{CHANNELS, DjSet};
use adm_audio::{WavFormat, WavWriter};
use adm_core::{Observer, persist};
use std::path::Path;

impl DjSet {
    /// Renders the set into a WAV file at `path`, block by block; progress counts frames.
    ///
    /// # Errors
    /// [`SynthError::Audio`] where the file cannot be written, [`SynthError::Stopped`] where the user asked to stop; in
    /// both cases there is no file.
    pub fn write_wav(&self, path: &Path, format: WavFormat, observer: &dyn Observer) -> Result<(), SynthError> {
        observer.begin("synthesise", Some(self.frames().0));
        let mut writer = WavWriter::create(path, self.settings().rate, CHANNELS, format)?;
        let mut renderer = self.render();
        while let Some(block) = renderer.next_block()? {
            if observer.stop_requested() {
                return Err(SynthError::Stopped);
            }
            writer.write(block)?;
            observer.advance((block.len() / CHANNELS) as u64);
        }
        writer.finish()?;
        observer.end();
        Ok(())
    }

    /// Writes the annotations to `path` as JSON.
    ///
    /// # Errors
    /// [`SynthError::Write`].
    pub fn write_annotations(&self, path: &Path) -> Result<(), SynthError> {
        let failed = |source| SynthError::Write { path: path.to_owned(), source };
        let json = serde_json::to_vec_pretty(&self.annotations()).map_err(|error| failed(error.into()))?;
        persist::write_bytes(path, &json).map_err(failed)
    }
}

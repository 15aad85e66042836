//! Slices in, a finished WAV out.

use crate::master::{Master, MasterReport, MasterSettings};
use crate::{Crossfade, Material, RenderError, Stitcher, Timeline};
use adm_audio::{WavFormat, WavWriter};
use adm_core::{Frames, Observer, Seeds};
use std::borrow::Borrow;
use std::error::Error;
use std::path::Path;

/// Everything about a rendering but its slices and their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderSettings {
    /// Channels of the slices and of the file, 1 or 2.
    pub channels: usize,
    /// How slices are joined.
    pub crossfade: Crossfade,
    /// How loud the whole becomes.
    pub master: MasterSettings,
    /// How the samples are stored.
    pub format: WavFormat,
    /// Seed of the dither of 16-bit files; `None` rounds plainly.
    pub dither: Option<Seeds>,
}

impl Default for RenderSettings {
    /// Stereo, 16 bits with dither.
    fn default() -> Self {
        Self {
            channels: 2,
            crossfade: Crossfade::default(),
            master: MasterSettings::default(),
            format: WavFormat::Pcm16,
            dither: Some(Seeds::new(0)),
        }
    }
}

/// What a rendering came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderReport {
    /// Length of the file.
    pub frames: Frames,
    /// What the master did.
    pub master: MasterReport,
}

/// Lays one slice a slot on `timeline`, masters the whole and writes it to `path`, whole or not at all.
///
/// `slices` are asked for one after the other and not kept, so a generator may make them as they are needed. Each is a
/// [`Material`] or a reference to one, of any length; see [`crossfade`](crate::crossfade) for what becomes of a misfit.
///
/// # Errors
/// See [`RenderError`]; whatever a slice fails with comes back as [`RenderError::Slice`]. The observer's wish to stop is
/// looked for at every slice and block and returns [`RenderError::Interrupted`].
pub fn render<M: Borrow<Material>, E: Into<Box<dyn Error + Send + Sync>>>(
    path: &Path,
    timeline: Timeline,
    slices: impl IntoIterator<Item = Result<M, E>>,
    settings: &RenderSettings,
    observer: &dyn Observer,
) -> Result<RenderReport, RenderError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut stitcher = Stitcher::new(timeline.rate(), settings.channels, settings.crossfade)?;
    let mut master = Master::new(timeline.rate(), settings.channels, settings.master, folder)?;
    let mut writer = create(path, timeline, settings)?;
    observer.begin("render", Some(timeline.slots()));
    let fed = feed(slices, timeline, &mut stitcher, &mut master, observer);
    observer.end();
    fed?;
    master.push(stitcher.finish())?;
    let report = master.finish(observer, |block| Ok(writer.write(block)?))?;
    Ok(RenderReport { master: report, frames: writer.finish()? })
}

fn create(path: &Path, timeline: Timeline, settings: &RenderSettings) -> Result<WavWriter, RenderError> {
    let writer = WavWriter::create(path, timeline.rate(), settings.channels, settings.format)?;
    Ok(match settings.dither {
        Some(seeds) => writer.with_dither(seeds),
        None => writer,
    })
}

/// Takes one slice a slot; a source that goes on for ever is left where the timeline ends.
fn feed<M: Borrow<Material>, E: Into<Box<dyn Error + Send + Sync>>>(
    slices: impl IntoIterator<Item = Result<M, E>>,
    timeline: Timeline,
    stitcher: &mut Stitcher,
    master: &mut Master,
    observer: &dyn Observer,
) -> Result<(), RenderError> {
    let (expected, mut actual) = (timeline.slots(), 0);
    for (slot, slice) in (0..expected).zip(slices) {
        if observer.stop_requested() {
            return Err(RenderError::Interrupted);
        }
        let slice = slice.map_err(|source| RenderError::Slice { slice: slot, source: source.into() })?;
        master.push(stitcher.push(slice.borrow(), timeline.slot_frames(slot))?)?;
        observer.advance(1);
        actual += 1;
    }
    if actual == expected { Ok(()) } else { Err(RenderError::WrongCount { expected, actual }) }
}

//! Slices in, a finished WAV out.

use crate::master::{Master, MasterReport, MasterSettings};
use crate::stems::{Cutter, Stems, StemsReport};
use crate::{Crossfade, Material, RenderError, Stitcher, Timeline};
use adm_audio::{WavFormat, WavWriter};
use adm_core::{Frames, Observer, Seeds};
use std::borrow::Borrow;
use std::error::Error;
use std::path::Path;

/// Everything about a rendering but its slices and their places.
#[derive(Debug, Clone, PartialEq)]
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
    /// Whether slices hold beats, so that they are stretched to the tempo; windows that know of none are placed.
    pub elastic: bool,
    /// Whether the end goes on at the start: the last slice is joined to the first as any other two, and the master
    /// neither begins nor ends.
    pub looped: bool,
    /// The mix taken apart by [`Material::class`], in files beside it.
    pub stems: Option<Stems>,
}

impl Default for RenderSettings {
    /// Stereo, 16 bits with dither, from a start to an end, in one file.
    fn default() -> Self {
        Self {
            channels: 2,
            crossfade: Crossfade::default(),
            master: MasterSettings::default(),
            format: WavFormat::Pcm16,
            dither: Some(Seeds::new(0)),
            elastic: true,
            looped: false,
            stems: None,
        }
    }
}

/// What a rendering came to.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderReport {
    /// Length of the file.
    pub frames: Frames,
    /// What the master did.
    pub master: MasterReport,
    /// The stems, where they were asked for.
    pub stems: Option<StemsReport>,
}

/// Lays one slice a slot on `timeline`, masters the whole and writes it to `path`, whole or not at all.
///
/// `slices` are asked for one after the other and not kept, so a generator may make them as they are needed. Each is a
/// [`Material`] or a reference to one, of any length; see [`crossfade`](crate::crossfade) for what becomes of a misfit.
/// Of a loop, the first one is kept until the end.
///
/// The mix and its [stems](RenderSettings::stems) appear together at the end. Stems are rounded without dither, because as
/// many dithers would add up.
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
    let beats = if settings.elastic { timeline.beats_per_slice() as usize } else { 0 };
    let stitcher = Stitcher::new(timeline.rate(), settings.channels, settings.crossfade)?;
    let stitcher = stitcher.with_beats(beats);
    let master = Master::new(timeline.rate(), settings.channels, settings.master, folder)?;
    let cutter = settings.stems.as_ref().map(|stems| Cutter::new(stems, folder));
    let mut line = Line { stitcher, master: master.with_loop(settings.looped), cutter };
    let mut writer = create(path, timeline, settings)?;
    observer.begin("render", Some(timeline.slots()));
    let fed = line.feed(slices, timeline, settings.looped, observer);
    observer.end();
    fed?;
    let Line { mut master, cutter, .. } = line;
    let report = master.finish(observer, |block| Ok(writer.write(block)?))?;
    let cut = |cutter: Cutter<'_>| cutter.write(path, timeline, settings, (&mut master, report.gain_db), observer);
    let stems = cutter.map(cut).transpose()?;
    Ok(RenderReport { master: report, frames: writer.finish()?, stems })
}

fn create(path: &Path, timeline: Timeline, settings: &RenderSettings) -> Result<WavWriter, RenderError> {
    let writer = WavWriter::create(path, timeline.rate(), settings.channels, settings.format)?;
    writer.expect(timeline.frames().0)?;
    Ok(match settings.dither {
        Some(seeds) => writer.with_dither(seeds),
        None => writer,
    })
}

/// What slices pass on their way into the mix.
struct Line<'a> {
    stitcher: Stitcher,
    master: Master,
    cutter: Option<Cutter<'a>>,
}

impl Line<'_> {
    /// Takes one slice a slot; a source that goes on for ever is left where the timeline ends.
    fn feed<M: Borrow<Material>, E: Into<Box<dyn Error + Send + Sync>>>(
        &mut self,
        slices: impl IntoIterator<Item = Result<M, E>>,
        timeline: Timeline,
        looped: bool,
        observer: &dyn Observer,
    ) -> Result<(), RenderError> {
        let (expected, mut actual, mut class, mut first) = (timeline.slots(), 0, 0, None);
        for (slot, slice) in (0..expected).zip(slices) {
            if observer.stop_requested() {
                return Err(RenderError::Interrupted);
            }
            let slice = slice.map_err(|source| RenderError::Slice { slice: slot, source: source.into() })?;
            self.master.push(self.stitcher.push(slice.borrow(), timeline.slot(slot))?)?;
            class = slice.borrow().class;
            self.cut(class)?;
            if looped && slot == 0 {
                first = Some(slice);
            }
            observer.advance(1);
            actual += 1;
        }
        if actual < expected {
            return Err(RenderError::WrongCount { expected, actual });
        }
        match first.as_ref().map(Borrow::borrow) {
            Some(first) => self.master.push(self.stitcher.close(first))?,
            None => self.master.push(self.stitcher.finish())?,
        }
        self.cut(first.map_or(class, |first| first.borrow().class))
    }

    /// Notes whose the parts are that the stitcher gave out last.
    fn cut(&mut self, class: usize) -> Result<(), RenderError> {
        self.cutter.as_mut().map_or(Ok(()), |cutter| cutter.push(class, self.stitcher.parts()))
    }
}

//! The mix taken apart: one file a class, beside it.
//!
//! ```text
//! mix    │ kick ╲╱ hat ╲╱ kick │      frame by frame the sum of the stems
//! kick   │ kick ╲______╱ kick  │
//! hat    │______╱ hat ╲________│
//! ```
//!
//! Outside of a join, one class alone sounds, and there the mix is its stem. So nothing is kept for the stems but what
//! leads to each slot, a tenth of the sound or less; they are cut from the mix when its gain is known. All have the length of
//! the mix and pass the DC filter of its master, each by itself: it is linear, so they add up to the mix before its limiter,
//! whose effects belong to no class alone. What the filter makes of a stem dies away within a tenth of a second of its slots.
//!
//! Their gain is that of the mix where the samples are floats. The limiter keeps the mix within full scale, not the stems; so
//! in 16 and 24 bits all of them are as much quieter as it takes for the loudest to fit.

use crate::crossfade::Parts;
use crate::error::within;
use crate::master::{DcBlocker, Master, Spool, TURN, linear};
use crate::{RenderError, RenderSettings, Timeline};
use adm_audio::{WavFormat, WavWriter};
use adm_core::Observer;
use std::path::{Path, PathBuf};

/// Most stems: each is an open file, and a mixing desk in a window is as wide.
pub const MOST_STEMS: usize = 16;

/// What the stems are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stems {
    names: Vec<String>,
}

/// What became of the stems.
#[derive(Debug, Clone, PartialEq)]
pub struct StemsReport {
    /// Their files, one a class.
    pub files: Vec<PathBuf>,
    /// Gain over all of them, in dB: that of the mix before its limiter, or less where a sample of an integer format would
    /// not hold the loudest of them.
    pub gain_db: f64,
    /// How much less that is than the gain of the mix, in dB, from 0 up: raised by it, they add up to the mix.
    pub below_mix_db: f64,
}

impl Stems {
    /// Stems by these names, the first for class 0.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for none or more than [`MOST_STEMS`], and for names that are no part of a file's name or
    /// there twice.
    pub fn new(names: Vec<String>) -> Result<Self, RenderError> {
        let flag = Some("--stems");
        within(("the number of stems", flag), 1.0..=MOST_STEMS as f64, "from 1 to 16", names.len() as f64)?;
        for (n, name) in names.iter().enumerate() {
            let plain = |c: char| c.is_alphanumeric() || "-_ +".contains(c);
            let fits = !name.trim().is_empty() && name.len() <= 64 && name.chars().all(plain);
            if !fits || names[..n].contains(name) {
                let (what, actual) = ("the name of a stem", format!("{name:?}"));
                let expected = "letters, digits, spaces, - + and _, and no other's name";
                return Err(RenderError::BadSetting { what, expected, actual, flag });
            }
        }
        Ok(Self { names })
    }

    /// Where the stems of a mix lie: `music.kick.wav` beside `music.wav`.
    pub fn files(&self, mix: &Path) -> Vec<PathBuf> {
        let extension = mix.extension().map_or("wav".into(), |extension| extension.to_string_lossy());
        self.names.iter().map(|name| mix.with_extension(format!("{name}.{extension}"))).collect()
    }

    fn check(&self, class: usize) -> Result<(), RenderError> {
        match class < self.names.len() {
            true => Ok(()),
            false => Err(RenderError::NoStem { class, stems: self.names.len() }),
        }
    }
}

/// How much of the mix one slot takes, in samples: its join, and then its body.
#[derive(Debug, Clone, Copy)]
struct Cut {
    class: usize,
    join: usize,
    body: usize,
}

/// Remembers which part of a mix is whose.
pub(crate) struct Cutter<'a> {
    stems: &'a Stems,
    lead_ins: Spool,
    /// One a slot: 24 bytes, a megabyte for a night.
    cuts: Vec<Cut>,
}

impl<'a> Cutter<'a> {
    /// A cutter that keeps its temporary file in `folder`.
    pub(crate) fn new(stems: &'a Stems, folder: &Path) -> Self {
        Self { stems, lead_ins: Spool::new(folder), cuts: Vec::new() }
    }

    /// Takes the parts of the mix that a slot of `class` gave.
    pub(crate) fn push(&mut self, class: usize, parts: &Parts) -> Result<(), RenderError> {
        self.stems.check(class)?;
        self.lead_ins.write(&parts.lead_in)?;
        self.cuts.push(Cut { class, join: parts.lead_in.len(), body: parts.body.len() });
        Ok(())
    }

    /// Cuts the mix that `master` holds into files beside `mix`, with the gain that the master gave to the mix.
    pub(crate) fn write(
        mut self,
        mix: &Path,
        timeline: Timeline,
        settings: &RenderSettings,
        (master, of_mix_db): (&mut Master, f64),
        observer: &dyn Observer,
    ) -> Result<StemsReport, RenderError> {
        let files = self.stems.files(mix);
        let stem = |path: &PathBuf| {
            let writer = WavWriter::create(path, timeline.rate(), settings.channels, settings.format)?;
            Ok::<_, RenderError>(Stem { writer, dc: DcBlocker::new(timeline.rate(), settings.channels), peak: 0.0 })
        };
        let mut desk = Desk { stems: files.iter().map(stem).collect::<Result<_, _>>()?, gain: None, sound: Vec::new() };
        for _ in 0..rehearsals(timeline, settings) {
            self.pass("measure stems", master.unmastered(), &mut desk, observer)?;
        }
        if !settings.looped {
            desk.stems.iter_mut().for_each(|stem| stem.dc = DcBlocker::new(timeline.rate(), settings.channels));
        }
        let gain_db = of_mix_db.min(desk.most_db(settings.format));
        desk.gain = Some(linear(gain_db));
        self.pass("stems", master.unmastered(), &mut desk, observer)?;
        desk.stems.into_iter().try_for_each(|stem| stem.writer.finish().map(|_| ()))?;
        Ok(StemsReport { files, gain_db, below_mix_db: of_mix_db - gain_db })
    }

    /// One pass over the mix under the observer's eyes.
    fn pass(
        &mut self,
        name: &str,
        mix: &mut Spool,
        desk: &mut Desk,
        observer: &dyn Observer,
    ) -> Result<(), RenderError> {
        observer.begin(name, Some(self.cuts.len() as u64));
        let cut = self.cut(mix, desk, observer);
        observer.end();
        cut
    }

    fn cut(&mut self, mix: &mut Spool, desk: &mut Desk, observer: &dyn Observer) -> Result<(), RenderError> {
        let (mut sound, mut lead_in) = (Vec::new(), Vec::new());
        let (mut at, mut led) = (0, 0);
        let mut ending = self.cuts.first().map_or(0, |cut| cut.class);
        for cut in &self.cuts {
            if observer.stop_requested() {
                return Err(RenderError::Interrupted);
            }
            mix.read(at, cut.join, &mut sound)?;
            self.lead_ins.read(led, cut.join, &mut lead_in)?;
            sound.iter_mut().zip(&lead_in).for_each(|(mix, lead_in)| *mix -= lead_in);
            desk.join((ending, &mut sound), (cut.class, &lead_in))?;
            mix.read(at + cut.join as u64, cut.body, &mut sound)?;
            desk.play(cut.class, &sound)?;
            (at, led) = (at + (cut.join + cut.body) as u64, led + cut.join as u64);
            ending = cut.class;
            observer.advance(1);
        }
        Ok(())
    }
}

/// How often stems are played before they are written: once where their peaks have to be known; of a loop, for as long as its
/// master plays before its start, too, so that their filters have forgotten that they began.
fn rehearsals(timeline: Timeline, settings: &RenderSettings) -> u64 {
    let before = (TURN * timeline.rate().as_f64()) as u64;
    match settings.looped {
        true => before.div_ceil(timeline.frames().0.max(1)),
        false => u64::from(settings.format != WavFormat::Float32),
    }
}

struct Stem {
    writer: WavWriter,
    dc: DcBlocker,
    /// Its highest sample before its gain.
    peak: f32,
}

/// All stems, played side by side.
struct Desk {
    stems: Vec<Stem>,
    /// None while they are only measured.
    gain: Option<f32>,
    sound: Vec<f32>,
}

impl Desk {
    /// The gain in dB at which a sample of a format still holds the loudest stem.
    fn most_db(&self, format: WavFormat) -> f64 {
        let peak = self.stems.iter().fold(0.0f32, |peak, stem| peak.max(stem.peak));
        match format {
            WavFormat::Float32 => f64::INFINITY,
            WavFormat::Pcm16 | WavFormat::Pcm24 => -20.0 * f64::from(peak).log10(),
        }
    }

    /// Plays the two sides of a join, which may be of one class.
    fn join(&mut self, ending: (usize, &mut [f32]), next: (usize, &[f32])) -> Result<(), RenderError> {
        if ending.0 == next.0 {
            ending.1.iter_mut().zip(next.1).for_each(|(sample, lead_in)| *sample += lead_in);
            return self.play(ending.0, ending.1);
        }
        self.write(
            |class| if class == ending.0 { Some(&*ending.1) } else { (class == next.0).then_some(next.1) },
            next.1.len(),
        )
    }

    /// Plays what one class has alone.
    fn play(&mut self, class: usize, sound: &[f32]) -> Result<(), RenderError> {
        self.write(|stem| (stem == class).then_some(sound), sound.len())
    }

    /// Gives every stem what it plays, or silence.
    fn write<'s>(&mut self, plays: impl Fn(usize) -> Option<&'s [f32]>, samples: usize) -> Result<(), RenderError> {
        for (class, stem) in self.stems.iter_mut().enumerate() {
            self.sound.clear();
            self.sound.extend_from_slice(plays(class).unwrap_or_default());
            self.sound.resize(samples, 0.0);
            stem.dc.process(&mut self.sound);
            match self.gain {
                None => stem.peak = self.sound.iter().fold(stem.peak, |peak, sample| peak.max(sample.abs())),
                Some(gain) => {
                    self.sound.iter_mut().for_each(|sample| *sample *= gain);
                    stem.writer.write(&self.sound)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_lie_beside_their_mix() {
        let stems = Stems::new(vec!["kick".into(), "off beat".into()]).unwrap();
        let files = stems.files(Path::new("a/music.wav"));
        assert_eq!(files, [Path::new("a/music.kick.wav"), Path::new("a/music.off beat.wav")]);
        assert_eq!(stems.files(Path::new("music"))[0], Path::new("music.kick.wav"));
        assert_eq!(stems.check(2).unwrap_err().to_string(), "a slice is of class 2, and there are 2 stems");
    }

    #[test]
    fn names_that_make_no_files_are_refused() {
        let seventeen = (0..17).map(|n| n.to_string()).collect();
        let twice = vec!["a".to_owned(), "a".to_owned()];
        let odd = ["", " ", "a/b", "..", "a\0", "a\nb"].map(|name| vec![name.to_owned()]);
        for names in odd.into_iter().chain([vec![], seventeen, twice, vec!["x".repeat(65)]]) {
            let error = Stems::new(names.clone()).unwrap_err();
            assert!(adm_core::Hint::hint(&error).unwrap().starts_with("give --stems"), "{names:?}: {error}");
        }
    }
}

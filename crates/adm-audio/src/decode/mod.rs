//! Files of every supported format as a [`Source`].
//!
//! The demuxers and decoders are symphonia's. Around them stands what a beat grid needs: frame 0 of a lossy file is
//! frame 0 of what went into its encoder (`mp4`, `timeline`), headers that lie about their length are put right
//! (`riff`), and whatever is damaged in the middle becomes silence of the same length, with a warning.

mod mp4;
mod patched;
mod riff;
mod stream;
mod timeline;

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate, Seconds};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use stream::{Decoded, Stream};
use timeline::Timeline;

/// Frames to hand out at a time: 93 ms at 44,100 Hz. Packets of most formats are shorter.
const BLOCK: usize = 4096;
/// A sample this far over full scale (24 dB) comes from a damaged packet; no encoder overshoots by that much.
const LOUDEST: f32 = 16.0;
/// A sample this far over full scale (80 dB) is of numbers that were never meant to be heard.
const NO_SOUND: f32 = 1e4;
/// No packet of any format holds more frames; a damaged one that claims to is not believed.
const LONGEST_PACKET: u64 = 1 << 16;
/// More warnings about one file help nobody.
const MOST_WARNINGS: usize = 16;

/// A recording being decoded.
pub struct Decoder {
    path: PathBuf,
    rate: SampleRate,
    channels: usize,
    length: Option<u64>,
    exact: bool,
    stream: Stream,
    timeline: Timeline,
    /// Frames of silence to hand out before `ready`.
    silence: u64,
    /// Decoded samples that were not yet handed out.
    ready: Vec<f32>,
    packet: Vec<f32>,
    decoded_packets: u64,
    first_problem: Option<String>,
    warnings: Vec<String>,
    ended: bool,
}

impl Decoder {
    /// Opens the recording at `path` and decodes its first block; the format is recognised by its bytes.
    ///
    /// WAV and AIFF (8 to 32-bit integers and floats; also RF64 and BW64), FLAC, MP3, Ogg Vorbis, and AAC-LC in M4A.
    ///
    /// # Errors
    /// Missing, unreadable, empty and non-audio files, folders, recordings of no frames or of three or more channels,
    /// and float samples that are not finite.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        let (file, length) = open_file(path)?;
        let (stream, facts) = Stream::open(path, file, length)?;
        let mut decoder = Self {
            path: path.to_owned(),
            rate: facts.rate,
            channels: 0,
            length: facts.length,
            exact: facts.exact,
            stream,
            timeline: facts.timeline,
            silence: 0,
            ready: Vec::new(),
            packet: Vec::new(),
            decoded_packets: 0,
            first_problem: None,
            warnings: Vec::new(),
            ended: false,
        };
        if facts.missing_bytes > 0 {
            decoder.warn(format!("is cut off: {} bytes are missing at its end", facts.missing_bytes));
        }
        decoder.fill()?;
        Ok(decoder)
    }

    /// Decodes until there is something to hand out or the recording is over. The first time it goes on until a packet
    /// was whole: some formats tell their channels only there.
    fn fill(&mut self) -> Result<(), AudioError> {
        while !self.ended && self.ready.is_empty() && (self.silence == 0 || self.decoded_packets == 0) {
            self.decode_packet()?;
        }
        let nothing = self.decoded_packets == 0 || self.timeline.position() == 0;
        if self.ended && nothing { Err(self.nothing_decoded()) } else { Ok(()) }
    }

    fn decode_packet(&mut self) -> Result<(), AudioError> {
        match self.stream.next(&self.path, &mut self.packet)? {
            Decoded::Frames { at } => self.take_packet(self.timeline.frames(at))?,
            Decoded::Damaged { at, ticks, reason } => {
                let (at, frames) = (self.timeline.frames(at), self.timeline.frames(ticks));
                self.take_damage(at, u64::try_from(frames).unwrap_or(0).min(LONGEST_PACKET), reason);
            }
            Decoded::Restart(ticks) => self.timeline.restart(ticks),
            Decoded::End(problem) => self.end(problem),
        }
        self.ended |= self.timeline.is_over();
        Ok(())
    }

    fn take_packet(&mut self, at: i64) -> Result<(), AudioError> {
        self.channels = self.stream.channels().unwrap_or(self.channels);
        if !(1..=2).contains(&self.channels) {
            return Err(AudioError::Channels { path: self.path.clone(), actual: self.channels });
        }
        let frames = (self.packet.len() / self.channels) as u64;
        let peak = peak(&self.packet);
        if !peak.is_finite() && self.stream.is_uncompressed() {
            return Err(AudioError::NotFinite {
                path: self.path.clone(),
                at: self.first(|sample| !sample.is_finite()),
            });
        }
        if peak > NO_SOUND && self.stream.is_uncompressed() {
            let (path, at) = (self.path.clone(), self.first(|sample| sample.abs() > NO_SOUND));
            return Err(AudioError::FarTooLoud { path, at, level: 20.0 * f64::from(peak).log10() });
        }
        if (!peak.is_finite() || peak > LOUDEST) && !self.stream.is_uncompressed() {
            self.take_damage(at, frames, "its samples are far out of range".to_owned());
            return Ok(());
        }
        self.decoded_packets += 1;
        let place = self.timeline.place(at, frames);
        self.note_gap(place.silence);
        self.silence += place.silence;
        let (from, to) = (place.skip as usize * self.channels, (place.skip + place.take) as usize * self.channels);
        self.ready.extend_from_slice(self.packet.get(from..to).unwrap_or_default());
        Ok(())
    }

    fn take_damage(&mut self, at: i64, frames: u64, reason: String) {
        let start = Frames(self.timeline.position()).seconds(self.rate);
        let place = self.timeline.place(at, frames);
        let lost = place.silence + place.take;
        self.silence += lost;
        if lost > 0 {
            let lasting = Frames(lost).seconds(self.rate).0;
            self.warn(format!("is damaged at {start}, {lasting:.3} s are silent instead: {reason}"));
        }
        self.first_problem.get_or_insert(reason);
    }

    fn note_gap(&mut self, silence: u64) {
        if silence > 0 {
            let start = Frames(self.timeline.position().saturating_sub(silence)).seconds(self.rate);
            let lasting = Frames(silence).seconds(self.rate).0;
            self.warn(format!("has lost {lasting:.3} s near {start}, which are silent instead"));
        }
    }

    fn end(&mut self, problem: Option<String>) {
        self.ended = true;
        let (reached, rate) = (self.timeline.position(), self.rate);
        if let Some(length) = self.length.filter(|&length| self.exact && length > reached) {
            let (reached, length) = (Frames(reached).seconds(rate), Frames(length).seconds(rate));
            self.warn(format!("ends at {reached}, but its header says {length}"));
        } else if let Some(problem) = &problem {
            self.warn(format!("ends early at {}: {problem}", Frames(reached).seconds(rate)));
        }
        self.first_problem = self.first_problem.take().or(problem);
    }

    fn warn(&mut self, what: String) {
        match self.warnings.len() {
            count if count + 1 < MOST_WARNINGS => self.warnings.push(format!("{} {what}", self.path.display())),
            count if count < MOST_WARNINGS => {
                self.warnings.push(format!("{} is damaged in more places", self.path.display()));
            }
            _ => {}
        }
    }

    /// When the first sample of the packet sounds that is so.
    fn first(&self, is_so: impl Fn(f32) -> bool) -> Seconds {
        let frame = self.packet.iter().position(|&sample| is_so(sample)).unwrap_or(0) / self.channels;
        Frames(self.timeline.position() + frame as u64).seconds(self.rate)
    }

    fn nothing_decoded(&mut self) -> AudioError {
        let path = self.path.clone();
        match self.first_problem.take() {
            Some(reason) => AudioError::NotAudio { path, reason },
            None => AudioError::NoFrames { path },
        }
    }
}

impl Source for Decoder {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn channels(&self) -> usize {
        self.channels
    }

    fn duration_hint(&self) -> Option<Frames> {
        self.length.map(Frames)
    }

    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let (before, wanted) = (into.len(), BLOCK * self.channels);
        while into.len() - before < wanted {
            self.fill()?;
            if self.silence > 0 {
                let frames = self.silence.min(BLOCK as u64);
                into.resize(into.len() + frames as usize * self.channels, 0.0);
                self.silence -= frames;
            } else if self.ready.is_empty() {
                break;
            } else {
                into.append(&mut self.ready);
            }
        }
        Ok((into.len() - before) / self.channels.max(1))
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// The largest magnitude, or something that is not finite if one of the samples is not. Without their sign, floats are in
/// the same order as the integers of their bits, with the infinities and then the NaNs at the end.
fn peak(samples: &[f32]) -> f32 {
    f32::from_bits(samples.iter().map(|sample| sample.abs().to_bits()).max().unwrap_or(0))
}

fn open_file(path: &Path) -> Result<(File, u64), AudioError> {
    let facts = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => AudioError::Missing { path: path.to_owned() },
        _ => AudioError::reading(path)(error),
    })?;
    if facts.is_dir() {
        return Err(AudioError::Folder { path: path.to_owned() });
    }
    if !facts.is_file() {
        return Err(AudioError::NotAudio { path: path.to_owned(), reason: "it is not a regular file".to_owned() });
    }
    if facts.len() == 0 {
        return Err(AudioError::Empty { path: path.to_owned() });
    }
    Ok((File::open(path).map_err(AudioError::reading(path))?, facts.len()))
}

//! A demuxer and its decoder, packet by packet.

use super::mp4::{Movie, Presentation};
use super::patched::PatchedFile;
use super::riff::Riff;
use super::timeline::Timeline;
use crate::AudioError;
use adm_core::SampleRate;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::FORMAT_ID_ISOMP4;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

/// What the header of a recording says.
pub(super) struct Facts {
    pub(super) rate: SampleRate,
    /// Frames that the header promises.
    pub(super) length: Option<u64>,
    /// Whether fewer frames than promised mean damage; an MP3 without a Xing header has only an estimate.
    pub(super) exact: bool,
    pub(super) timeline: Timeline,
    /// Bytes that the header claims beyond the end of the file.
    pub(super) missing_bytes: u64,
}

/// One packet of the recording, decoded.
pub(super) enum Decoded {
    /// Samples were put into the buffer; the first one has this timestamp in ticks.
    Frames { at: i64 },
    /// The packet was damaged; it should have held this many ticks.
    Damaged { at: i64, ticks: i64, reason: String },
    /// The stream starts over, with timestamps of its own.
    Restart(Option<TimeBase>),
    /// The stream is over; a reason where it should not have been.
    End(Option<String>),
}

/// A demuxer with the decoder of its audio track.
pub(super) struct Stream {
    format: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    track: u32,
    rate: u32,
    channels: Option<usize>,
    /// Whether a packet's trims come from the header and not from a guess at the length.
    trims: bool,
    /// Whether the packets' durations say, to the frame, how much of each is padding.
    pads: bool,
}

impl Stream {
    /// Recognises the format of `file`, which is `length` bytes long, and makes a decoder for its audio track.
    pub(super) fn open(path: &Path, mut file: File, length: u64) -> Result<(Self, Facts), AudioError> {
        let riff = Riff::inspect(&mut file, length).map_err(AudioError::reading(path))?;
        check_channels(path, riff.channels.map(usize::from))?;
        let movie = Movie::inspect(&mut file, length).map_err(AudioError::reading(path))?;
        let patches = [&riff.patches[..], &movie.patches].concat();
        let source = PatchedFile::new(file, length, patches).map_err(AudioError::reading(path))?;
        let source = MediaSourceStream::new(Box::new(source), Default::default());
        let (options, tags) = (FormatOptions::default(), MetadataOptions::default());
        let format = shielded(|| symphonia::default::get_probe().probe(&Hint::new(), source, options, tags))
            .unwrap_or(Err(Error::DecodeError("the demuxer gave up")))
            .map_err(|error| refused(path, error))?;
        let track = audio_track(path, &*format)?.clone();
        let facts = facts(path, &track, &riff, &movie.presentations)?;
        let parameters = parameters(path, &track)?;
        let trims = parameters.codec != CODEC_ID_MP3 || track.delay.is_some();
        let codec = make_decoder(path, parameters, trims)?;
        let channels = parameters.channels.as_ref().map(|channels| channels.count());
        let rate = facts.rate.hz();
        let pads = format.format_info().format == FORMAT_ID_ISOMP4 && track.time_base == TimeBase::try_new(1, rate);
        Ok((Self { format, codec, track: track.id, rate, channels, trims, pads }, facts))
    }

    /// Channels that the header or, where it says nothing, the first packet gave.
    pub(super) fn channels(&self) -> Option<usize> {
        self.channels
    }

    /// Whether samples come out as they went in, so that a bad one is the recording's and not the damage of a packet.
    pub(super) fn is_uncompressed(&self) -> bool {
        self.codec.codec_info().short_name.starts_with("pcm")
    }

    /// Decodes the next packet into `samples`, interleaved, replacing what is there.
    pub(super) fn next(&mut self, path: &Path, samples: &mut Vec<f32>) -> Result<Decoded, AudioError> {
        samples.clear();
        loop {
            let packet = shielded(|| self.format.next_packet());
            match packet.unwrap_or(Err(Error::DecodeError("the demuxer gave up"))) {
                Ok(Some(packet)) if packet.track_id == self.track => return self.decode(&packet, samples),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(Decoded::End(None)),
                Err(Error::ResetRequired) => return self.restart(path),
                Err(Error::IoError(error)) if !is_end(&error) => return Err(AudioError::reading(path)(error)),
                Err(Error::IoError(_)) => return Ok(Decoded::End(Some("the file ends in the middle".to_owned()))),
                Err(error) => return Ok(Decoded::End(Some(error.to_string()))),
            }
        }
    }

    fn decode(&mut self, packet: &Packet, samples: &mut Vec<f32>) -> Result<Decoded, AudioError> {
        let trimmed = if self.trims { packet.trim_start.get() } else { 0 };
        let at = packet.pts.get().saturating_add_unsigned(trimmed);
        let expected = (self.rate, self.channels);
        let frames = shielded(|| self.codec.decode(packet));
        let problem = match frames.unwrap_or(Err(Error::DecodeError("the decoder gave up"))) {
            Ok(frames) => {
                let channels = frames.spec().channels().count();
                if (frames.spec().rate(), self.channels.unwrap_or(channels)) == (expected.0, channels) {
                    frames.copy_to_vec_interleaved(samples);
                    if let (true, Ok(shown @ 1..)) = (self.pads, usize::try_from(packet.dur.get())) {
                        samples.truncate(shown.saturating_mul(channels));
                    }
                    self.channels = Some(channels);
                    return Ok(Decoded::Frames { at });
                }
                format!("a packet of {} Hz and {channels} channels", frames.spec().rate())
            }
            Err(error) => error.to_string(),
        };
        let ticks = if self.trims { packet.dur } else { packet.block_dur() };
        Ok(Decoded::Damaged { at, ticks: i64::try_from(ticks.get()).unwrap_or(0), reason: problem })
    }

    /// The demuxer found another stream behind the first, as in chained Ogg files; it goes on if it sounds the same.
    fn restart(&mut self, path: &Path) -> Result<Decoded, AudioError> {
        let track = audio_track(path, &*self.format)?.clone();
        let parameters = parameters(path, &track)?;
        if parameters.sample_rate != Some(self.rate)
            || parameters.channels.as_ref().map(|channels| channels.count()) != self.channels
        {
            return Ok(Decoded::End(Some("another stream of another rate or channels follows".to_owned())));
        }
        self.codec = make_decoder(path, parameters, self.trims)?;
        self.track = track.id;
        Ok(Decoded::Restart(track.time_base))
    }
}

/// Runs third-party code on untrusted bytes: a panic in it ends one recording, not the run over all of them.
fn shielded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn make_decoder(
    path: &Path,
    parameters: &AudioCodecParameters,
    gapless: bool,
) -> Result<Box<dyn AudioDecoder>, AudioError> {
    let options = AudioDecoderOptions::default().gapless(gapless);
    symphonia::default::get_codecs().make_audio_decoder(parameters, &options).map_err(|error| refused(path, error))
}

fn audio_track<'a>(path: &Path, format: &'a dyn FormatReader) -> Result<&'a Track, AudioError> {
    let none = || AudioError::NotAudio { path: path.to_owned(), reason: "it has no audio track".to_owned() };
    format.default_track(TrackType::Audio).ok_or_else(none)
}

fn parameters<'a>(path: &Path, track: &'a Track) -> Result<&'a AudioCodecParameters, AudioError> {
    let none = || AudioError::NotAudio { path: path.to_owned(), reason: "its codec is unknown".to_owned() };
    track.codec_params.as_ref().and_then(|parameters| parameters.audio()).ok_or_else(none)
}

/// Puts together what header, RIFF walk and edit list say.
fn facts(path: &Path, track: &Track, riff: &Riff, presentations: &[Presentation]) -> Result<Facts, AudioError> {
    let parameters = parameters(path, track)?;
    let rate = SampleRate::new(parameters.sample_rate.unwrap_or(0))
        .map_err(|source| AudioError::Rate { path: path.to_owned(), source })?;
    check_channels(path, parameters.channels.as_ref().map(|channels| channels.count()))?;
    let scale = Timeline::new(rate, track.time_base, 0, None);
    let frames = |ticks: u64| u64::try_from(scale.frames(i64::try_from(ticks).unwrap_or(i64::MAX))).unwrap_or(0);
    let mut length = track.num_frames.or(track.duration.map(|ticks| frames(ticks.get()))).filter(|&count| count > 0);
    if let (Some(bytes), Some(frame)) = (riff.audio_bytes, frame_bytes(parameters)) {
        length = Some(bytes / frame);
    }
    let exact = parameters.codec != CODEC_ID_MP3 || track.delay.is_some();
    let (mut priming, mut end) = (0, riff.audio_bytes.and(length));
    if let Some(shown) = presentations.iter().find(|shown| shown.track == track.id) {
        (priming, end) = (frames(shown.start), shown_length(shown, track).map(frames));
        length = end.or(length);
    }
    let timeline = Timeline::new(rate, track.time_base, priming, end);
    Ok(Facts { rate, length, exact, timeline, missing_bytes: riff.missing_bytes })
}

fn check_channels(path: &Path, channels: Option<usize>) -> Result<(), AudioError> {
    match channels.filter(|&count| count > 2) {
        Some(actual) => Err(AudioError::Channels { path: path.to_owned(), actual }),
        None => Ok(()),
    }
}

/// Length of the part that an MP4 shows, in ticks: what the samples add up to behind its start, unless the edit list is
/// shorter by more than its own rounding.
fn shown_length(shown: &Presentation, track: &Track) -> Option<u64> {
    let behind = track.duration.map(|all| all.get().saturating_sub(shown.start)).filter(|&ticks| ticks > 0);
    match (shown.length, behind) {
        (Some(stated), Some(behind)) if stated.ticks.saturating_add(stated.error) >= behind => Some(behind),
        (Some(stated), _) => Some(stated.ticks),
        (None, behind) => behind,
    }
}

/// Bytes of one uncompressed frame.
fn frame_bytes(parameters: &AudioCodecParameters) -> Option<u64> {
    use symphonia::core::codecs::audio::well_known::*;
    let sample = match parameters.codec {
        CODEC_ID_PCM_S8 | CODEC_ID_PCM_U8 | CODEC_ID_PCM_ALAW | CODEC_ID_PCM_MULAW => 1,
        CODEC_ID_PCM_S16LE | CODEC_ID_PCM_S16BE => 2,
        CODEC_ID_PCM_S24LE | CODEC_ID_PCM_S24BE => 3,
        CODEC_ID_PCM_S32LE | CODEC_ID_PCM_S32BE | CODEC_ID_PCM_F32LE | CODEC_ID_PCM_F32BE => 4,
        CODEC_ID_PCM_F64LE | CODEC_ID_PCM_F64BE => 8,
        _ => return None,
    };
    let channels = parameters.channels.as_ref()?.count() as u64;
    Some(sample * channels).filter(|&bytes| bytes > 0)
}

fn refused(path: &Path, error: Error) -> AudioError {
    match error {
        Error::IoError(error) if !is_end(&error) => AudioError::reading(path)(error),
        Error::IoError(_) => AudioError::NotAudio { path: path.to_owned(), reason: "it ends in its header".to_owned() },
        error => AudioError::NotAudio { path: path.to_owned(), reason: in_plain_words(&error) },
    }
}

/// The two refusals that users meet are put into words for them; the rest says what is wrong with which part of a file.
fn in_plain_words(error: &Error) -> String {
    match error {
        Error::Unsupported(what) if what.contains("no suitable format reader") => {
            "its bytes match no format".to_owned()
        }
        Error::Unsupported(what) if what.contains("unsupported audio codec") => "its codec is not supported".to_owned(),
        error => error.to_string(),
    }
}

fn is_end(error: &io::Error) -> bool {
    // The demuxers report a read past the end in their own words too, as errors of kind `Other`.
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::Other)
}

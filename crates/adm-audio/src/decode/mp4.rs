//! Which part of an MP4 track is the recording.
//!
//! AAC encoders put priming frames before the audio and padding behind it. The container says how many, in an edit list
//! (ISO/IEC 14496-12, section 8.6.6) or in Apple's `iTunSMPB` comment; the demuxer hands them out all the same, so what
//! it gives has to be cut here.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Boxes that a folder of boxes may have here; real files have a few dozen.
const MOST_BOXES: usize = 4096;
/// Nothing that is read whole here is longer.
const LONGEST_LEAF: u64 = 4096;

/// What an MP4 file says about one of its tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presentation {
    /// The track that this holds for.
    pub(super) track: u32,
    /// First frame of the recording, in ticks of the track.
    pub(super) start: u64,
    /// Length of the recording in ticks of the track; `None` means up to the end.
    pub(super) length: Option<Length>,
}

/// A length as exact as the file states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    /// Ticks of the track.
    pub(super) ticks: u64,
    /// How far the statement may be off by its own rounding, in ticks of the track.
    pub(super) error: u64,
}

/// Reads what `file`, `length` bytes long, says about its tracks; empty for files that are no MP4.
pub(super) fn presentations(file: &mut File, length: u64) -> io::Result<Vec<Presentation>> {
    let mut reader = Boxes { file };
    let Some((_, movie)) = reader.children(0..length)?.into_iter().find(|(kind, _)| kind == b"moov") else {
        return Ok(Vec::new());
    };
    let comment = reader.find_smpb(movie.clone())?;
    let movie_scale = match reader.find(movie.clone(), &[b"mvhd"])? {
        Some(header) => timescale(&reader.leaf(header)?),
        None => None,
    };
    let mut found = Vec::new();
    for (kind, track) in reader.children(movie)? {
        if kind == b"trak"[..] {
            found.extend(reader.presentation(track, movie_scale, comment)?);
        }
    }
    Ok(found)
}

struct Boxes<'a> {
    file: &'a mut File,
}

impl Boxes<'_> {
    /// The boxes in a stretch of the file, as type and payload. Damage ends the list.
    fn children(&mut self, within: Range<u64>) -> io::Result<Vec<([u8; 4], Range<u64>)>> {
        let (mut at, mut found) = (within.start, Vec::new());
        while at + 8 <= within.end && found.len() < MOST_BOXES {
            let mut header = [0; 16];
            let room = usize::try_from(within.end - at).unwrap_or(16).min(16);
            self.file.seek(SeekFrom::Start(at))?;
            if self.file.read_exact(&mut header[..room]).is_err() {
                break;
            }
            let [s0, s1, s2, s3, kind @ .., l0, l1, l2, l3, l4, l5, l6, l7] = header;
            let (head, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
                0 => (8, within.end - at),
                1 => (16, u64::from_be_bytes([l0, l1, l2, l3, l4, l5, l6, l7])),
                size => (8, u64::from(size)),
            };
            let Some(end) = at.checked_add(size).filter(|&end| size >= head && end <= within.end) else { break };
            found.push((kind, at + head..end));
            at = end;
        }
        Ok(found)
    }

    /// The payload of the first box down a path of types.
    fn find(&mut self, within: Range<u64>, path: &[&[u8; 4]]) -> io::Result<Option<Range<u64>>> {
        let mut here = within;
        for &kind in path {
            match self.children(here)?.into_iter().find(|(found, _)| found == kind) {
                Some((_, payload)) => here = payload,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    /// The first bytes of a payload.
    fn leaf(&mut self, payload: Range<u64>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(payload.start))?;
        let length = payload.end.saturating_sub(payload.start).min(LONGEST_LEAF);
        self.file.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn find_leaf(&mut self, within: &Range<u64>, path: &[&[u8; 4]]) -> io::Result<Option<Vec<u8>>> {
        match self.find(within.clone(), path)? {
            Some(payload) => self.leaf(payload).map(Some),
            None => Ok(None),
        }
    }

    fn presentation(
        &mut self,
        track: Range<u64>,
        movie_scale: Option<u64>,
        comment: Option<(u64, u64)>,
    ) -> io::Result<Option<Presentation>> {
        let Some(id) = self.find_leaf(&track, &[b"tkhd"])?.as_deref().and_then(track_id) else { return Ok(None) };
        if let Some((start, ticks)) = comment {
            return Ok(Some(Presentation { track: id, start, length: Some(Length { ticks, error: 0 }) }));
        }
        let scale = self.find_leaf(&track, &[b"mdia", b"mdhd"])?.as_deref().and_then(timescale);
        let edits = self.find_leaf(&track, &[b"edts", b"elst"])?;
        Ok(edits.as_deref().and_then(single_edit).map(|edit| edit.presentation(id, scale, movie_scale)))
    }

    /// Start and length from an `iTunSMPB` comment: ` 00000000 00000840 000001CA 00000000003F31F6 …` holds a zero, the
    /// priming, the padding and the true length, in frames.
    fn find_smpb(&mut self, movie: Range<u64>) -> io::Result<Option<(u64, u64)>> {
        let Some(meta) = self.find(movie, &[b"udta", b"meta"])? else { return Ok(None) };
        // Unlike other folders, `meta` begins with a version of four bytes.
        let Some(list) = self.find(meta.start + 4..meta.end, &[b"ilst"])? else { return Ok(None) };
        for (kind, entry) in self.children(list)? {
            let name = if kind == *b"----" { self.find_leaf(&entry, &[b"name"])? } else { None };
            if name.is_some_and(|name| name.ends_with(b"iTunSMPB")) {
                return Ok(self.find_leaf(&entry, &[b"data"])?.as_deref().and_then(parse_smpb));
            }
        }
        Ok(None)
    }
}

fn parse_smpb(data: &[u8]) -> Option<(u64, u64)> {
    // Type and locale come before the text.
    let text = std::str::from_utf8(data.get(8..)?).ok()?;
    let mut fields = text.split_whitespace().map(|field| u64::from_str_radix(field, 16));
    let (_, priming, _, length) = (fields.next()?, fields.next()?.ok()?, fields.next()?, fields.next()?.ok()?);
    (length > 0).then_some((priming, length))
}

/// One stretch of a track that is played from its start to its end.
struct Edit {
    /// Ticks of the movie.
    duration: u64,
    /// Ticks of the track.
    start: u64,
}

impl Edit {
    fn presentation(&self, track: u32, scale: Option<u64>, movie_scale: Option<u64>) -> Presentation {
        let length = scale.zip(movie_scale).filter(|_| self.duration > 0).and_then(|(scale, movie_scale)| {
            let ticks = u128::from(self.duration) * u128::from(scale) / u128::from(movie_scale);
            Some(Length { ticks: u64::try_from(ticks).ok()?, error: scale.div_ceil(movie_scale) })
        });
        Presentation { track, start: self.start, length }
    }
}

/// The one edit of a list that shows a single stretch; leading empty edits, which delay a track against a picture, are
/// passed over. Anything richer is a montage, which is decoded as it lies in the file.
fn single_edit(list: &[u8]) -> Option<Edit> {
    let version = *list.first()?;
    let count = u32::from_be_bytes(array(list, 4)?) as usize;
    let size = if version == 1 { 20 } else { 12 };
    let mut edits = Vec::new();
    for entry in list.get(8..)?.chunks_exact(size).take(count) {
        let (duration, start) = match version {
            1 => (u64::from_be_bytes(array(entry, 0)?), i64::from_be_bytes(array(entry, 8)?)),
            _ => (u64::from(u32::from_be_bytes(array(entry, 0)?)), i64::from(i32::from_be_bytes(array(entry, 4)?))),
        };
        edits.extend(u64::try_from(start).ok().map(|start| Edit { duration, start }));
    }
    (edits.len() == 1).then(|| edits.pop())?
}

/// The number of a track in its `tkhd`.
fn track_id(header: &[u8]) -> Option<u32> {
    let at = if *header.first()? == 1 { 20 } else { 12 };
    Some(u32::from_be_bytes(array(header, at)?))
}

/// Ticks a second in a `mvhd` or `mdhd`.
fn timescale(header: &[u8]) -> Option<u64> {
    let at = if *header.first()? == 1 { 20 } else { 12 };
    Some(u64::from(u32::from_be_bytes(array(header, at)?))).filter(|&scale| scale > 0)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

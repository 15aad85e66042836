//! Which part of an MP4 track is the recording.
//!
//! AAC encoders put priming frames before the audio and padding behind it. The container says how many, in an edit list
//! (ISO/IEC 14496-12, section 8.6.6) or in Apple's `iTunSMPB` comment; the demuxer hands them out all the same, so what
//! it gives has to be cut here. It also passes over a last box that is longer than the file, which in a file that was cut
//! off is the one with the audio; such a box is shown to it as long as it really is.

use super::patched::Patch;
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

/// What an MP4 file says about itself; empty for files of other formats.
#[derive(Debug, Default)]
pub(super) struct Movie {
    pub(super) presentations: Vec<Presentation>,
    /// Sizes to show the demuxer instead of the file's own.
    pub(super) patches: Vec<Patch>,
}

impl Movie {
    /// Looks into `file`, which is `length` bytes long.
    pub(super) fn inspect(file: &mut File, length: u64) -> io::Result<Self> {
        let mut reader = Boxes { file };
        let top = reader.children(0..length)?;
        if top.first().is_none_or(|(kind, _)| kind != b"ftyp") {
            return Ok(Self::default());
        }
        let end = top.last().map_or(0, |(_, payload)| payload.end);
        let patches = reader.overrun(end..length)?;
        let movie = top.into_iter().find(|(kind, _)| kind == b"moov");
        let presentations = movie.map_or(Ok(Vec::new()), |(_, movie)| reader.presentations(movie))?;
        Ok(Self { presentations, patches })
    }
}

struct Boxes<'a> {
    file: &'a mut File,
}

impl Boxes<'_> {
    /// The true size of a last box that claims to be longer than the file.
    fn overrun(&mut self, rest: Range<u64>) -> io::Result<Vec<Patch>> {
        let header = self.leaf(rest.clone())?;
        let Some(size) = array(&header, 0).map(u32::from_be_bytes) else { return Ok(Vec::new()) };
        let patch = |offset, size: u64| Patch { offset, bytes: (size as u32).to_be_bytes() };
        let actual = rest.end - rest.start;
        Ok(match (size, u32::try_from(actual)) {
            (1, _) if header.len() >= 16 => {
                vec![patch(rest.start + 8, actual >> 32), patch(rest.start + 12, actual)]
            }
            (_, Ok(_)) if size > 8 && header.len() >= 8 => vec![patch(rest.start, actual)],
            _ => Vec::new(),
        })
    }

    fn presentations(&mut self, movie: Range<u64>) -> io::Result<Vec<Presentation>> {
        let comment = self.find_smpb(movie.clone())?;
        let movie_scale = self.find_leaf(&movie, &[b"mvhd"])?.as_deref().and_then(timescale);
        let mut found = Vec::new();
        for (kind, track) in self.children(movie)? {
            if kind == *b"trak" {
                found.extend(self.presentation(track, movie_scale, comment)?);
            }
        }
        Ok(found)
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat()
    }

    fn header(scale: u32) -> Vec<u8> {
        [&[0; 12][..], &scale.to_be_bytes(), &[0; 8]].concat()
    }

    /// A track with edits of `(duration, start)`, version 0 or 1.
    fn track(id: u32, scale: u32, version: u8, edits: &[(u64, i64)]) -> Vec<u8> {
        let mut list = vec![version, 0, 0, 0];
        list.extend((edits.len() as u32).to_be_bytes());
        for &(duration, start) in edits {
            match version {
                0 => list.extend([(duration as u32).to_be_bytes(), (start as i32).to_be_bytes()].concat()),
                _ => list.extend([duration.to_be_bytes(), start.to_be_bytes()].concat()),
            }
            list.extend([0, 1, 0, 0]);
        }
        let parts = [
            boxed(b"tkhd", &[&[0; 12][..], &id.to_be_bytes(), &[0; 60]].concat()),
            boxed(b"edts", &boxed(b"elst", &list)),
            boxed(b"mdia", &boxed(b"mdhd", &header(scale))),
        ];
        boxed(b"trak", &parts.concat())
    }

    fn movie(parts: &[Vec<u8>]) -> Vec<u8> {
        let parts = [&boxed(b"mvhd", &header(1000))[..], &parts.concat()].concat();
        [boxed(b"ftyp", b"M4A isom"), boxed(b"moov", &parts)].concat()
    }

    fn inspect(bytes: &[u8]) -> Movie {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Movie::inspect(&mut file, bytes.len() as u64).unwrap()
    }

    fn shown(edits: &[(u64, i64)]) -> Option<Presentation> {
        let [v0, v1] = [0, 1].map(|version| inspect(&movie(&[track(7, 44_100, version, edits)])).presentations);
        assert_eq!(v0, v1);
        v0.into_iter().next()
    }

    #[test]
    fn one_edit_gives_start_and_length() {
        // 2 s of a movie that counts milliseconds, known to a millisecond of the track.
        let length = Some(Length { ticks: 88_200, error: 45 });
        let expected = Presentation { track: 7, start: 1024, length };
        assert_eq!(shown(&[(2000, 1024)]), Some(expected));
        assert_eq!(shown(&[(500, -1), (2000, 1024)]), Some(expected), "a leading delay is passed over");
        assert_eq!(shown(&[(0, 1024)]), Some(Presentation { length: None, ..expected }), "0 is up to the end");
        assert_eq!(shown(&[(1000, 0), (1000, 88_200)]), None, "a montage");
        assert_eq!(shown(&[]), None);
    }

    #[test]
    fn apples_comment_wins() {
        let text = b" 00000000 00000840 000001CA 0000000000000F00 00000000 00000000";
        let data = [&[0, 0, 0, 1, 0, 0, 0, 0][..], text].concat();
        let entry =
            [boxed(b"mean", b"\0\0\0\0com.apple.iTunes"), boxed(b"name", b"\0\0\0\0iTunSMPB"), boxed(b"data", &data)];
        let list = boxed(b"ilst", &[boxed(b"\xa9nam", b"title"), boxed(b"----", &entry.concat())].concat());
        let meta = boxed(b"udta", &boxed(b"meta", &[&[0; 4][..], &list].concat()));
        let found = inspect(&movie(&[track(3, 44_100, 0, &[(9, 9)]), meta])).presentations;
        assert_eq!(found, [Presentation { track: 3, start: 0x840, length: Some(Length { ticks: 0xf00, error: 0 }) }]);
    }

    #[test]
    fn a_last_box_beyond_the_end_is_shortened() {
        let whole = [movie(&[]), boxed(b"mdat", &[1; 100])].concat();
        assert!(inspect(&whole).patches.is_empty());
        let cut = &whole[..whole.len() - 30];
        let start = (whole.len() - 108) as u64;
        let patched = |bytes: &[u8]| inspect(bytes).patches.iter().map(|p| (p.offset, p.bytes)).collect::<Vec<_>>();
        assert_eq!(patched(cut), [(start, 78u32.to_be_bytes())]);
        let large = [&movie(&[])[..], &1u32.to_be_bytes(), b"mdat", &u64::MAX.to_be_bytes(), &[1; 50]].concat();
        assert_eq!(patched(&large), [(start + 8, [0; 4]), (start + 12, 66u32.to_be_bytes())]);
    }

    #[test]
    fn damage_gives_nothing() {
        let whole = movie(&[track(7, 44_100, 0, &[(2000, 1024)])]);
        for cut in 0..whole.len() {
            let found = inspect(&whole[..cut]);
            assert!(found.presentations.is_empty(), "cut at {cut}");
        }
        for (field, value) in [(whole.len() - 9, 0), (0, 0)] {
            let mut broken = whole.clone();
            broken[field..field + 4].fill(value);
            inspect(&broken);
        }
        assert!(inspect(&movie(&[track(7, 0, 0, &[(2000, 1024)])])).presentations[0].length.is_none(), "no timescale");
        assert!(inspect(b"RIFF....WAVE").presentations.is_empty());
    }
}

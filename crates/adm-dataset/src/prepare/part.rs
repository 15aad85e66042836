//! What one recording gives: its slices in a file of their own, and their description.

use super::bars;
use super::tally::reason;
use crate::error::DatasetError;
use crate::manifest::{GridRow, Passage, SkippedRegion};
use crate::store::quantise;
use adm_audio::SliceOut;
use adm_core::{Frames, SampleRate, Seconds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Description of a recording's slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// BLAKE3 hash of the slices' bytes.
    pub samples: String,
    pub duration: Seconds,
    pub grid: Option<GridRow>,
    pub warnings: Vec<String>,
    pub tally: Tally,
    pub spans: Vec<KeptSpan>,
    /// Position in the bar of each span's first beat; empty where bars are not known.
    #[serde(default)]
    pub bar_beats: Vec<u8>,
}

/// Where a kept slice lies in its recording: its position, its first frame and one past its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptSpan(pub u64, pub u64, pub u64);

/// What was left out, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub left_out: BTreeMap<String, usize>,
    pub skipped: Vec<SkippedRegion>,
    /// Position after the last skipped slice, where its region would grow.
    next: u64,
}

/// Sorts the slices of one recording as they are cut: the good ones onto disk, the rest into the tally.
pub(super) struct PartWriter {
    file: BufWriter<File>,
    path: PathBuf,
    hasher: blake3::Hasher,
    stored: Vec<i16>,
    rate: SampleRate,
    position_step: u64,
    pub tally: Tally,
    pub spans: Vec<KeptSpan>,
    failed: Option<io::Error>,
}

impl PartWriter {
    /// Starts the file at `path`; what an interrupted preparation left there is replaced.
    pub(super) fn create(path: &Path, rate: SampleRate, position_step: u64) -> Result<Self, DatasetError> {
        let file = File::create(path).map_err(DatasetError::writing(path))?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 18, file),
            path: path.to_owned(),
            hasher: blake3::Hasher::new(),
            stored: Vec::new(),
            rate,
            position_step,
            tally: Tally::default(),
            spans: Vec::new(),
            failed: None,
        })
    }

    /// Takes one slice; an error of the file system is kept for [`PartWriter::check`].
    pub(super) fn take(&mut self, slice: SliceOut<'_>) {
        let (position, start, end) = (slice.span.index as u64, slice.span.start, slice.span.end);
        match reason(slice.verdict) {
            None => {
                self.spans.push(KeptSpan(position, start, end));
                self.put(slice.samples);
            }
            Some(reason) => {
                let seconds = |frame| Frames(frame).seconds(self.rate);
                self.tally.add(reason, position, self.position_step, seconds(start), seconds(end));
            }
        }
    }

    /// The first error that the file system returned.
    pub(super) fn check(&mut self) -> Result<(), DatasetError> {
        self.failed.take().map_or(Ok(()), |source| Err(DatasetError::Write { path: self.path.clone(), source }))
    }

    /// Brings the slices to disk and returns their hash, what was left out and what was kept.
    pub(super) fn finish(mut self) -> Result<(String, Tally, Vec<KeptSpan>), DatasetError> {
        self.check()?;
        self.file.flush().and_then(|()| self.file.get_ref().sync_all()).map_err(DatasetError::writing(&self.path))?;
        Ok((self.hasher.finalize().to_hex().to_string(), self.tally, self.spans))
    }

    fn put(&mut self, samples: &[f32]) {
        self.stored.clear();
        self.stored.extend(samples.iter().copied().map(quantise));
        let bytes: &[u8] = bytemuck::cast_slice(&self.stored);
        self.hasher.update(bytes);
        if self.failed.is_none() {
            self.failed = self.file.write_all(bytes).err();
        }
    }
}

impl Tally {
    pub(crate) fn add(&mut self, reason: &str, position: u64, step: u64, start: Seconds, end: Seconds) {
        match self.left_out.get_mut(reason) {
            Some(count) => *count += 1,
            None => drop(self.left_out.insert(reason.to_owned(), 1)),
        }
        let follows = position == self.next;
        self.next = position.saturating_add(step);
        match self.skipped.last_mut() {
            Some(region) if follows && region.reason == reason => {
                region.end = end;
                region.slices += 1;
            }
            _ => self.skipped.push(SkippedRegion { reason: reason.to_owned(), start, end, slices: 1 }),
        }
    }
}

/// Kept slices that follow one another, merged. A passage ends where the count of the bar jumps, so that it can be counted
/// through from its first beat.
pub(super) fn passages(spans: &[KeptSpan], bar_beats: &[u8], step: u64, rate: SampleRate) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut next = None;
    for (index, &KeptSpan(position, start, end)) in spans.iter().enumerate() {
        let (start, end) = (Frames(start).seconds(rate), Frames(end).seconds(rate));
        let bar_beat = bar_beats.get(index).copied();
        match passages.last_mut() {
            Some(passage) if next == Some((position, bar_beat)) => {
                passage.slices += 1;
                passage.end = end;
            }
            _ => passages.push(Passage { position, slices: 1, start, end, bar_beat }),
        }
        let following = bar_beat.map(|beat| bars::later(beat, step));
        next = position.checked_add(step).map(|position| (position, following));
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_audio::{Span, Verdict};
    use std::fs;

    fn write(verdicts: &[(usize, Verdict)]) -> (Vec<u8>, String, Tally, Vec<KeptSpan>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part.i16");
        let mut writer = PartWriter::create(&path, SampleRate::new(1_000).unwrap(), 2).unwrap();
        for &(index, verdict) in verdicts {
            let span = Span { index, start: index as u64 * 50, end: index as u64 * 50 + 100 };
            writer.take(SliceOut { span, samples: &[index as f32 / 32_768.0; 2], verdict });
        }
        writer.check().unwrap();
        let (samples, tally, spans) = writer.finish().unwrap();
        (fs::read(&path).unwrap(), samples, tally, spans)
    }

    #[test]
    fn slices_are_sorted_counted_and_merged() {
        use Verdict::{Clipped, Keep, Silent, TooShort};
        let slices = [(0, Silent), (2, Silent), (4, Keep), (6, Keep), (8, Silent), (10, Clipped), (12, Clipped)];
        let slices = [&slices[..], &[(16, Clipped), (18, Keep), (20, TooShort)]].concat();
        let (bytes, samples, tally, spans) = write(&slices);
        assert_eq!(bytes, [4, 0, 4, 0, 6, 0, 6, 0, 18, 0, 18, 0]);
        assert_eq!(samples, blake3::hash(&bytes).to_hex().to_string());
        let counts: Vec<_> = tally.left_out.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
        assert_eq!(counts, [("clipped", 3), ("silent", 3), ("too-short", 1)]);
        let regions: Vec<_> = tally.skipped.iter().map(|r| (r.reason.as_str(), r.start.0, r.end.0, r.slices)).collect();
        assert_eq!(
            regions,
            [
                ("silent", 0.0, 0.2, 2),
                ("silent", 0.4, 0.5, 1),
                ("clipped", 0.5, 0.7, 2),
                ("clipped", 0.8, 0.9, 1),
                ("too-short", 1.0, 1.1, 1)
            ]
        );
        let passages = passages(&spans, &[], 2, SampleRate::new(1_000).unwrap());
        let seconds = |start, end| (Seconds(start), Seconds(end));
        let kept: Vec<_> = passages.iter().map(|p| (p.position, p.slices, (p.start, p.end))).collect();
        assert_eq!(kept, [(4, 2, seconds(0.2, 0.4)), (18, 1, seconds(0.9, 1.0))]);
    }

    #[test]
    fn passages_end_where_the_count_of_the_bar_jumps() {
        let spans: Vec<KeptSpan> = (0..9).map(|n| KeptSpan(n, n * 100, n * 100 + 100)).collect();
        let of = |bar_beats: &[u8]| {
            let passages = passages(&spans, bar_beats, 1, SampleRate::new(1_000).unwrap());
            passages.iter().map(|p| (p.position, p.slices, p.bar_beat)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[2, 3, 0, 1, 2, 3, 0, 1, 2]), [(0, 9, Some(2))]);
        assert_eq!(of(&[2, 3, 0, 1, 0, 1, 2, 3, 0]), [(0, 4, Some(2)), (4, 5, Some(0))]);
        assert_eq!(of(&[]), [(0, 9, None)]);
    }

    #[test]
    fn a_full_disk_is_reported_with_its_path() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let mut writer = PartWriter::create(full, SampleRate::CD, 1).unwrap();
        let span = Span { index: 0, start: 0, end: 1 << 18 };
        writer.take(SliceOut { span, samples: &vec![0.5; 1 << 18], verdict: Verdict::Keep });
        let error = writer.check().unwrap_err();
        assert_eq!(error.to_string(), "cannot write /dev/full");
        let hint = adm_core::Hint::hint(&error).unwrap();
        assert_eq!(hint, "free some space, or choose a place with more of it with -o");
    }
}

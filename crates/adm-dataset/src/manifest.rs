//! `dataset.json`: what a dataset holds, where it came from and why the rest was left out.

use crate::error::DatasetError;
use crate::recipe::{Recipe, Slicing};
use crate::splits::Splits;
use adm_audio::{GridMethod, TempoRegion};
use adm_core::{SampleRate, Seconds, persist};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

/// File name of the manifest inside a dataset's folder.
pub const MANIFEST_FILE: &str = "dataset.json";
/// File name of the samples inside a dataset's folder.
pub const SLICES_FILE: &str = "slices.npy";

/// What `format` says in every manifest.
pub const FORMAT: &str = "adm-dataset";
/// The format version that this build writes, and the only one it reads.
pub const VERSION: u32 = 1;

/// What error messages call it.
pub(crate) const WHAT: &str = "dataset manifest";

/// Everything about a dataset but its samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Hash of all that a training depends on: the samples, their layout and the splits, but no path and no date. Two
    /// datasets with one fingerprint train alike.
    pub fingerprint: String,
    /// Frames a second.
    pub sample_rate: SampleRate,
    /// 1 (mono) or 2 (left, right).
    pub channels: usize,
    /// Length of every slice in frames.
    pub slice_frames: usize,
    /// Number of slices.
    pub slices: usize,
    /// How the recordings were cut.
    pub slicing: Slicing,
    /// One row a recording that gave slices, in the order of their slices.
    pub recordings: Vec<RecordingRow>,
    /// Inputs that gave none, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedRow>,
    /// Inputs with the same bytes as an earlier one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<DuplicateRow>,
    /// Which slices train, which watch and which judge.
    pub splits: Splits,
}

/// One recording and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingRow {
    /// Where it was read from.
    pub path: String,
    /// BLAKE3 hash of the file's bytes.
    pub content: String,
    /// BLAKE3 hash of its slices' bytes as stored.
    pub samples: String,
    /// How long it lasts.
    pub duration: Seconds,
    /// The beat grid it was cut by; none for windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridRow>,
    /// Its slices: half-open range of slice indices.
    pub slices: Range<usize>,
    /// Number of its slices.
    pub kept: usize,
    /// Number of slices left out, by reason: `silent`, `clipped`, `too-short`, `uncertain`.
    pub left_out: BTreeMap<String, usize>,
    /// Where slices follow one another without a gap.
    pub passages: Vec<Passage>,
    /// Where slices were left out, neighbours with the same reason merged.
    pub skipped: Vec<SkippedRegion>,
    /// What was wrong with it without making it useless.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A beat grid in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridRow {
    /// How it was found.
    pub method: GridMethod,
    /// The recording's tempo in beats a minute (that of most beats where it changes).
    pub bpm: f64,
    /// Time of the first beat.
    pub offset: Seconds,
    /// 0 (a guess) to 1 (certain).
    pub confidence: f64,
    /// Where the tempo or the confidence is another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<TempoRegion>,
}

/// Slices that follow one another in a recording without a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Position of the first slice: the index of its first beat on the recording's grid, or its number as a window.
    pub position: u64,
    /// Number of slices.
    pub slices: usize,
    /// When the first one starts in the recording.
    pub start: Seconds,
    /// When the last one ends in the recording.
    pub end: Seconds,
    /// Position in the bar of the first slice's first beat: 0 begins a bar, 3 is the last of four. From there bars are
    /// counted on to the passage's end. None where bars are not known, and for windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bar_beat: Option<u8>,
}

/// Neighbouring slices that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkippedRegion {
    /// Why, as in [`RecordingRow::left_out`].
    pub reason: String,
    /// When the first one starts in the recording.
    pub start: Seconds,
    /// When the last one ends in the recording.
    pub end: Seconds,
    /// Number of slices.
    pub slices: usize,
}

/// An input that gave no slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailedRow {
    /// Where it was read from.
    pub path: String,
    /// Why it gave none.
    pub reason: String,
}

/// An input with the same bytes as an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRow {
    /// The input that was left out.
    pub path: String,
    /// The one that was used.
    pub same_as: String,
}

/// Read first, so that another version is told from damage.
#[derive(Deserialize)]
struct Preamble {
    format: String,
    version: u32,
}

impl Manifest {
    /// Reads and checks `dataset.json`.
    ///
    /// # Errors
    /// An unreadable file; no JSON or no manifest; another format version; counts, ranges or a fingerprint that
    /// contradict each other.
    pub fn load(path: &Path) -> Result<Self, DatasetError> {
        let bytes = adm_core::regular::read(path).map_err(DatasetError::reading(path))?;
        Self::parse(&bytes).map_err(|reason| DatasetError::Damaged { path: path.to_owned(), what: WHAT, reason })
    }

    /// Writes `dataset.json`; the file is whole or absent.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, path: &Path) -> Result<(), DatasetError> {
        let write = || {
            let mut text = serde_json::to_vec_pretty(self)?;
            text.push(b'\n');
            persist::write_bytes(path, &text)
        };
        write().map_err(DatasetError::writing(path))
    }

    /// What [`Manifest::fingerprint`] must be for the rest of the manifest.
    pub fn expected_fingerprint(&self) -> String {
        blake3::hash(self.fingerprinted().as_bytes()).to_hex().to_string()
    }

    /// What the dataset was made by.
    pub fn recipe(&self) -> Recipe {
        let (sample_rate, channels, slicing) = (self.sample_rate, self.channels, self.slicing);
        Recipe { sample_rate, channels, slicing, split_rule: self.splits.rule }
    }

    /// Slices left out in all recordings, by reason.
    pub fn left_out(&self) -> BTreeMap<String, usize> {
        let mut sum = BTreeMap::new();
        for (reason, count) in self.recordings.iter().flat_map(|row| &row.left_out) {
            *sum.entry(reason.clone()).or_default() += count;
        }
        sum
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let preamble: Preamble = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if preamble.format != FORMAT {
            return Err(format!("its format is \"{}\", expected \"{FORMAT}\"", preamble.format));
        }
        if preamble.version != VERSION {
            return Err(format!("its format version is {}, expected {VERSION}", preamble.version));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        manifest.contradiction().map_or(Ok(manifest), Err)
    }

    fn contradiction(&self) -> Option<String> {
        if !matches!(self.channels, 1 | 2) {
            return Some(format!("it has {} channels, expected 1 or 2", self.channels));
        }
        if self.slice_frames == 0 || self.slices == 0 {
            return Some("it describes no slices".to_owned());
        }
        let mut next = 0;
        for row in &self.recordings {
            let in_passages = row.passages.iter().try_fold(0usize, |sum, passage| sum.checked_add(passage.slices));
            let fits = row.slices.start == next && row.slices.end >= next && row.slices.len() == row.kept;
            if !fits || in_passages != Some(row.kept) {
                return Some(format!("the slices of {} are not counted consistently", row.path));
            }
            if row.passages.iter().any(|passage| passage.bar_beat.is_some_and(|beat| beat > 3)) {
                return Some(format!("a bar of {} has more than four beats", row.path));
            }
            next = row.slices.end;
        }
        if next != self.slices {
            return Some(format!("its recordings have {next} slices, expected {}", self.slices));
        }
        if !self.splits.fit(self.slices) {
            return Some("its splits overlap or exceed its slices".to_owned());
        }
        let expected = self.expected_fingerprint();
        (self.fingerprint != expected)
            .then(|| format!("its fingerprint is {}, expected {expected}: it was edited", self.fingerprint))
    }

    /// Numbers are rounded to nine digits, so that no reader's or writer's last bit changes the fingerprint.
    fn fingerprinted(&self) -> String {
        let mut text =
            format!("{FORMAT} {VERSION}\n{} {} {}\n", self.sample_rate.hz(), self.channels, self.slice_frames);
        // Writing into a string cannot fail.
        let _ = match &self.slicing {
            Slicing::Beats { bpm, beats_per_slice, fit, .. } => {
                writeln!(text, "beats {:.9} {beats_per_slice} {fit}", bpm.get())
            }
            Slicing::Windows { window, hop } => writeln!(text, "windows {:.9} {:.9}", window.0, hop.0),
        };
        for row in &self.recordings {
            let _ = writeln!(text, "{} {}", row.kept, row.samples);
        }
        let _ = writeln!(text, "{:?}", (&self.splits.train, &self.splits.validation, &self.splits.test));
        text
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one range is what is meant")]
pub(crate) mod tests {
    use super::*;
    use crate::splits::SplitRule;
    use std::fs;

    pub(crate) fn example() -> Manifest {
        let row = |path: &str, slices: Range<usize>| RecordingRow {
            path: path.to_owned(),
            content: "c".repeat(64),
            samples: blake3::hash(path.as_bytes()).to_hex().to_string(),
            duration: Seconds(61.25),
            grid: Some(GridRow {
                method: GridMethod::Fixed,
                bpm: 128.0,
                offset: Seconds(0.1),
                confidence: 1.0,
                regions: Vec::new(),
            }),
            kept: slices.len(),
            left_out: BTreeMap::from([("silent".to_owned(), 2)]),
            passages: vec![Passage {
                position: 0,
                slices: slices.len(),
                start: Seconds(0.0),
                end: Seconds(9.0),
                bar_beat: Some(2),
            }],
            skipped: vec![SkippedRegion {
                reason: "silent".to_owned(),
                start: Seconds(9.0),
                end: Seconds(10.0),
                slices: 2,
            }],
            warnings: Vec::new(),
            slices,
        };
        let mut manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            fingerprint: String::new(),
            sample_rate: SampleRate::CD,
            channels: 2,
            slice_frames: 20_354,
            slices: 30,
            slicing: Slicing::FOUNDING,
            recordings: vec![row("a.wav", 0..20), row("b.wav", 20..30)],
            failed: Vec::new(),
            duplicates: Vec::new(),
            splits: Splits {
                rule: SplitRule::default(),
                train: vec![0..24],
                validation: vec![25..27],
                test: vec![28..30],
            },
        };
        manifest.fingerprint = manifest.expected_fingerprint();
        manifest
    }

    fn saved(manifest: &Manifest) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(MANIFEST_FILE);
        manifest.save(&path).unwrap();
        fs::read_to_string(&path).unwrap()
    }

    #[test]
    fn a_manifest_reads_back() {
        let manifest = example();
        assert_eq!(Manifest::parse(saved(&manifest).as_bytes()).unwrap(), manifest);
        assert_eq!(manifest.left_out(), BTreeMap::from([("silent".to_owned(), 4)]));
    }

    #[test]
    fn the_fingerprint_follows_what_training_sees_and_nothing_else() {
        let base = example();
        let mut moved = base.clone();
        moved.recordings[0].path = "elsewhere/a.wav".to_owned();
        moved.recordings[0].duration = Seconds(1.0);
        moved.failed.push(FailedRow { path: "x".to_owned(), reason: "y".to_owned() });
        assert_eq!(moved.expected_fingerprint(), base.fingerprint);
        let changes: [fn(&mut Manifest); 5] = [
            |m| m.channels = 1,
            |m| m.slice_frames += 1,
            |m| m.recordings[1].samples = "0".repeat(64),
            |m| m.splits.validation = vec![24..27],
            |m| m.slicing = Slicing::Windows { window: Seconds(4.05), hop: Seconds(0.13655) },
        ];
        for (row, change) in changes.into_iter().enumerate() {
            let mut changed = base.clone();
            change(&mut changed);
            assert_ne!(changed.expected_fingerprint(), base.fingerprint, "change {row}");
        }
    }

    #[test]
    fn damage_is_named() {
        let text = saved(&example());
        let broken = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Manifest::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert!(Manifest::parse(b"").unwrap_err().starts_with("EOF while parsing a value"));
        assert!(Manifest::parse(b"[1, 2]").is_err());
        assert_eq!(broken("adm-dataset", "adm-run"), "its format is \"adm-run\", expected \"adm-dataset\"");
        assert_eq!(broken("\"version\": 1", "\"version\": 2"), "its format version is 2, expected 1");
        assert_eq!(broken("\"channels\": 2", "\"channels\": 3"), "it has 3 channels, expected 1 or 2");
        assert_eq!(broken("\"slices\": 30", "\"slices\": 31"), "its recordings have 30 slices, expected 31");
        assert_eq!(broken("\"kept\": 20", "\"kept\": 21"), "the slices of a.wav are not counted consistently");
        assert!(broken("\"kept\"", "\"keept\"").starts_with("unknown field `keept`"));
        assert!(broken("\"slice_frames\": 20354", "\"slice_frames\": 20355").ends_with("it was edited"));
        assert!(
            broken("\"sample_rate\": 44100", "\"sample_rate\": 12").contains("the sample rate in Hz must be between")
        );
        for length in (0..text.len() - 2).step_by(7) {
            assert!(Manifest::parse(&text.as_bytes()[..length]).is_err(), "cut to {length} bytes");
        }
    }
}

//! A dataset on disk, opened for reading.

use crate::error::DatasetError;
use crate::manifest::{MANIFEST_FILE, Manifest, RecordingRow, SLICES_FILE};
use crate::npy::MappedSlices;
use crate::splits::Split;
use adm_core::{SampleRate, Seconds};
use std::path::{Path, PathBuf};

/// Full scale of the stored 16-bit samples: -32,768 is -1.0.
const FULL_SCALE: f32 = 32_768.0;

/// A dataset: slices of one length, memory-mapped, with their manifest.
///
/// It may be shared between threads; nothing of it but the slices being read is ever in memory.
#[derive(Debug)]
pub struct Dataset {
    dir: PathBuf,
    manifest: Manifest,
    slices: MappedSlices,
}

/// Where a slice comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Origin<'a> {
    /// Its recording.
    pub recording: &'a RecordingRow,
    /// The index of its first beat on the recording's grid, or its number as a window.
    pub position: u64,
    /// When it starts in the recording, interpolated within its passage.
    pub start: Seconds,
}

impl Dataset {
    /// Opens the dataset in the folder `dir`.
    ///
    /// This costs no time however large the dataset is: sizes and counts are compared, samples are not read. Use
    /// [`Dataset::verify`] for those.
    ///
    /// # Errors
    /// A missing or unreadable file, a damaged manifest, samples that are truncated or do not fit the manifest.
    pub fn open(dir: &Path) -> Result<Self, DatasetError> {
        let manifest = Manifest::load(&dir.join(MANIFEST_FILE))?;
        let path = dir.join(SLICES_FILE);
        let slices = MappedSlices::open(&path)?;
        let expected = [manifest.slices, manifest.slice_frames, manifest.channels];
        if slices.shape() != expected {
            let (expected, actual) = (format!("{expected:?} as in {MANIFEST_FILE}"), format!("{:?}", slices.shape()));
            return Err(DatasetError::WrongShape { path, expected, actual });
        }
        Ok(Self { dir: dir.to_owned(), manifest, slices })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the dataset holds and where it came from.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Number of slices.
    #[expect(clippy::len_without_is_empty, reason = "a dataset without slices does not exist")]
    pub fn len(&self) -> usize {
        self.manifest.slices
    }

    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        self.manifest.sample_rate
    }

    /// 1 (mono) or 2 (left, right).
    pub fn channels(&self) -> usize {
        self.manifest.channels
    }

    /// Length of every slice in frames.
    pub fn slice_frames(&self) -> usize {
        self.manifest.slice_frames
    }

    /// Number of samples in a slice: frames times channels.
    pub fn slice_samples(&self) -> usize {
        self.slice_frames() * self.channels()
    }

    /// The slice indices of one split, ascending.
    pub fn indices(&self, split: Split) -> Vec<usize> {
        self.manifest.splits.indices(split)
    }

    /// One slice as stored: 16-bit PCM, `[frames, channels]` interleaved.
    ///
    /// # Errors
    /// An index past the end.
    pub fn slice(&self, index: usize) -> Result<&[i16], DatasetError> {
        self.slices.slice(index).ok_or(DatasetError::NoSuchSlice { index, len: self.len() })
    }

    /// Copies one slice into `samples`, `[frames, channels]` interleaved, in [-1, 1), and gives its pages back to the
    /// system, so that reading a whole dataset does not make it count as this process's memory.
    ///
    /// # Errors
    /// An index past the end, or a buffer that is not [`Dataset::slice_samples`] long.
    pub fn read_f32(&self, index: usize, samples: &mut [f32]) -> Result<(), DatasetError> {
        let slice = self.slice(index)?;
        if samples.len() != slice.len() {
            let (expected, actual) = (slice.len(), samples.len());
            return Err(DatasetError::WrongBuffer { what: "a slice", expected, actual });
        }
        for (sample, &stored) in samples.iter_mut().zip(slice) {
            *sample = f32::from(stored) / FULL_SCALE;
        }
        self.slices.release(index);
        Ok(())
    }

    /// Where a slice comes from; `None` past the end.
    pub fn origin(&self, index: usize) -> Option<Origin<'_>> {
        let row = self.manifest.recordings.partition_point(|row| row.slices.end <= index);
        let recording = self.manifest.recordings.get(row)?;
        let mut within = index.checked_sub(recording.slices.start)?;
        let passage = recording.passages.iter().find(|passage| {
            let here = within < passage.slices;
            within -= if here { 0 } else { passage.slices };
            here
        })?;
        let lasts = passage.end.0 - passage.start.0;
        let start = Seconds(passage.start.0 + lasts * within as f64 / passage.slices as f64);
        let steps = (within as u64).saturating_mul(self.manifest.slicing.position_step());
        Some(Origin { recording, position: passage.position.saturating_add(steps), start })
    }

    /// Reads every sample and compares it with the manifest's hashes.
    ///
    /// # Errors
    /// The first recording whose slices were changed after the dataset was made.
    pub fn verify(&self) -> Result<(), DatasetError> {
        for row in &self.manifest.recordings {
            let mut hasher = blake3::Hasher::new();
            for index in row.slices.clone() {
                hasher.update(bytemuck::cast_slice(self.slice(index)?));
                self.slices.release(index);
            }
            if hasher.finalize().to_hex().as_str() != row.samples {
                let reason = format!("the samples of {} were changed", row.path);
                return Err(DatasetError::Damaged { path: self.dir.join(SLICES_FILE), what: "slice file", reason });
            }
        }
        Ok(())
    }
}

/// Rounds a sample in [-1, 1] to 16 bits; what lies outside is clipped. The inverse of what [`Dataset::read_f32`] does,
/// so 16-bit recordings at the dataset's rate keep their bits.
pub fn quantise(sample: f32) -> i16 {
    // The cast saturates, and NaN, which decoding refuses, would become 0.
    (sample * FULL_SCALE).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::tests::example;
    use crate::npy::SliceWriter;
    use std::fs;

    /// Thirty slices of four stereo frames; slice `k` holds `8k..8k+8`.
    fn dataset(dir: &Path) -> Manifest {
        let mut manifest = example();
        manifest.slice_frames = 4;
        let mut writer = SliceWriter::create(&dir.join(SLICES_FILE), 4, 2).unwrap();
        for row in &mut manifest.recordings {
            let samples: Vec<i16> = (row.slices.start as i16 * 8..row.slices.end as i16 * 8).collect();
            writer.append(&samples).unwrap();
            row.samples = blake3::hash(bytemuck::cast_slice(&samples)).to_hex().to_string();
        }
        assert_eq!(writer.finish().unwrap(), 30);
        manifest.fingerprint = manifest.expected_fingerprint();
        manifest.save(&dir.join(MANIFEST_FILE)).unwrap();
        manifest
    }

    #[test]
    fn slices_come_out_as_they_went_in() {
        let dir = tempfile::tempdir().unwrap();
        let manifest = dataset(dir.path());
        let dataset = Dataset::open(dir.path()).unwrap();
        assert_eq!((dataset.len(), dataset.slice_frames(), dataset.channels()), (30, 4, 2));
        assert_eq!(dataset.slice(29).unwrap(), (232..240).collect::<Vec<i16>>());
        let mut samples = [0.0; 8];
        dataset.read_f32(29, &mut samples).unwrap();
        assert_eq!(samples[0], 232.0 / 32_768.0);
        assert_eq!(dataset.indices(Split::Validation), [25, 26]);
        assert_eq!(dataset.manifest(), &manifest);
        dataset.verify().unwrap();
    }

    #[test]
    fn origins_name_recording_position_and_time() {
        let dir = tempfile::tempdir().unwrap();
        dataset(dir.path());
        let dataset = Dataset::open(dir.path()).unwrap();
        let origin = dataset.origin(25).unwrap();
        assert_eq!((origin.recording.path.as_str(), origin.position, origin.start), ("b.wav", 5, Seconds(4.5)));
        assert_eq!(dataset.origin(0).unwrap().recording.path, "a.wav");
        assert!(dataset.origin(30).is_none());
    }

    #[test]
    fn misuse_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        dataset(dir.path());
        let dataset = Dataset::open(dir.path()).unwrap();
        assert_eq!(dataset.slice(30).unwrap_err().to_string(), "slice 30 was asked for, but the dataset has 30");
        let error = dataset.read_f32(0, &mut [0.0; 7]).unwrap_err();
        assert_eq!(error.to_string(), "the buffer for a slice must hold 8 values, got 7");
    }

    #[test]
    fn cut_foreign_and_edited_samples_are_noticed() {
        let dir = tempfile::tempdir().unwrap();
        dataset(dir.path());
        let path = dir.path().join(SLICES_FILE);
        let whole = fs::read(&path).unwrap();
        let open = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            Dataset::open(dir.path())
        };
        assert!(open(&whole[..whole.len() - 2]).unwrap_err().to_string().ends_with("has 606 bytes, expected 608"));
        let mut edited = whole.clone();
        edited[300] ^= 1;
        let error = open(&edited).unwrap().verify().unwrap_err().to_string();
        assert!(error.ends_with("is not a usable slice file: the samples of a.wav were changed"), "{error}");
        let mut writer = SliceWriter::create(&path, 8, 1).unwrap();
        writer.append(&[0; 240]).unwrap();
        writer.finish().unwrap();
        let error = Dataset::open(dir.path()).unwrap_err().to_string();
        assert!(error.ends_with("has the shape [30, 8, 1], expected [30, 4, 2] as in dataset.json"), "{error}");
        fs::remove_file(&path).unwrap();
        assert!(matches!(Dataset::open(dir.path()), Err(DatasetError::Read { .. })));
    }

    #[test]
    fn sixteen_bits_survive_the_way_through_floats() {
        for stored in i16::MIN..=i16::MAX {
            assert_eq!(quantise(f32::from(stored) / FULL_SCALE), stored);
        }
        assert_eq!(
            (quantise(1.0), quantise(1.5), quantise(-2.0), quantise(f32::NAN)),
            (i16::MAX, i16::MAX, i16::MIN, 0)
        );
    }
}

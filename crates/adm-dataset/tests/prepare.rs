//! `prepare` from recordings to a dataset, and all that can go wrong on the way.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::{Bpm, Hint, Observer, Silent};
use adm_dataset::{Dataset, DatasetError, Fit, GridChoice, PrepareSettings, Slicing, Split, prepare};
use common::{
    BEAT, StopAfter, beats, contents, crate_of_records, music, on_the_beat, rate, staging_of, windows, write_wav,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const SLICE: usize = 20_354;
/// Frames at a slice's end that the fade of a cropped beat may change: 5 ms.
const FADE: usize = 221;
/// Half a millisecond: the frames at which a beat starts without a step.
const BEND: usize = 22;

fn hint(error: &DatasetError) -> String {
    error.hint().unwrap_or_default()
}

#[test]
fn beats_are_stored_bit_for_bit_between_their_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("out"));
    let samples = music(1, 40);
    write_wav(&path, 44_100, 2, &samples);
    let report = prepare(&on_the_beat(&[&path], &output), &Silent).unwrap();
    assert!(report.failed.is_empty());
    let dataset = Dataset::open(&output).unwrap();
    dataset.verify().unwrap();
    assert_eq!((dataset.len(), dataset.slice_frames(), dataset.channels()), (40, SLICE, 2));
    for index in 0..40 {
        let unchanged = BEND * 2..(SLICE - FADE) * 2;
        let expected = &samples[index * BEAT * 2..][unchanged.clone()];
        assert_eq!(&dataset.slice(index).unwrap()[unchanged], expected, "beat {index}");
    }
    let row = &dataset.manifest().recordings[0];
    assert_eq!((row.path.as_str(), row.kept, row.slices.clone()), (path.to_str().unwrap(), 40, 0..40));
    assert!((row.duration.0 - (40 * BEAT) as f64 / 44_100.0).abs() < 1e-9);
    assert_eq!(row.grid.as_ref().map(|grid| grid.bpm), Some(125.0));
    assert_eq!(row.passages.len(), 1);
    assert_eq!(row.content, blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string());
    assert!(!staging_of(&output).exists());
    assert!(Split::ALL.iter().all(|&split| !dataset.indices(split).is_empty()));
    assert_eq!(dataset.origin(7).unwrap().position, 7);
}

#[test]
fn several_beats_make_one_slice() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("out"));
    write_wav(&path, 44_100, 2, &music(1, 40));
    prepare(&PrepareSettings { slicing: beats(4), ..on_the_beat(&[path], &output) }, &Silent).unwrap();
    let dataset = Dataset::open(&output).unwrap();
    assert_eq!((dataset.len(), dataset.slice_frames()), (10, 81_415));
    assert_eq!(dataset.origin(3).unwrap().position, 12);
    assert_eq!(dataset.manifest().recordings[0].passages.len(), 1);
}

#[test]
fn windows_are_stored_bit_for_bit() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("out"));
    let samples = music(3, 20);
    write_wav(&path, 44_100, 2, &samples);
    let settings = PrepareSettings { slicing: windows(1.0, 0.25), ..on_the_beat(&[path], &output) };
    prepare(&settings, &Silent).unwrap();
    let dataset = Dataset::open(&output).unwrap();
    assert_eq!(dataset.len(), (20 * BEAT - 44_100) / 11_025 + 1);
    for index in [0, 1, 17, dataset.len() - 1] {
        assert_eq!(dataset.slice(index).unwrap(), &samples[index * 11_025 * 2..][..88_200], "window {index}");
    }
    assert!(dataset.manifest().recordings[0].grid.is_none());
}

#[test]
fn what_is_left_out_is_counted_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("out"));
    let mut samples = music(1, 30);
    samples[5 * BEAT * 2..8 * BEAT * 2].fill(0);
    for (at, sample) in samples[20 * BEAT * 2..22 * BEAT * 2].iter_mut().enumerate() {
        *sample = if (at / 200) % 2 == 0 { i16::MAX } else { i16::MIN };
    }
    samples.truncate(samples.len() - BEAT);
    write_wav(&path, 44_100, 2, &samples);
    let report = prepare(&on_the_beat(&[path], &output), &Silent).unwrap();
    let row = &report.manifest.recordings[0];
    let reasons = [("silent", 3), ("clipped", 2), ("too-short", 1)];
    assert_eq!(
        row.left_out,
        reasons.map(|(reason, count)| (reason.to_owned(), count)).into_iter().collect::<BTreeMap<_, _>>()
    );
    assert_eq!(row.kept, 24);
    let regions: Vec<_> = row.skipped.iter().map(|region| (region.reason.as_str(), region.slices)).collect();
    assert_eq!(regions, [("silent", 3), ("clipped", 2), ("too-short", 1)]);
    assert!((row.skipped[0].start.0 - 5.0 * 0.48).abs() < 1e-4 && (row.skipped[0].end.0 - 8.0 * 0.48).abs() < 1e-4);
    assert_eq!(
        row.passages.iter().map(|passage| (passage.position, passage.slices)).collect::<Vec<_>>(),
        [(0, 5), (8, 12), (22, 7)]
    );
}

#[test]
fn mono_and_other_rates_are_brought_to_one_form() {
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("out");
    let samples = music(1, 30);
    let left: Vec<i16> = samples.iter().copied().step_by(2).collect();
    write_wav(&dir.path().join("in/mono.wav"), 44_100, 1, &left);
    write_wav(&dir.path().join("in/fast.wav"), 48_000, 2, &music(2, 30));
    prepare(&on_the_beat(&[dir.path().join("in")], &output), &Silent).unwrap();
    let dataset = Dataset::open(&output).unwrap();
    let rows = &dataset.manifest().recordings;
    // At 48,000 Hz the same samples last 44.1/48 as long, in which 27 beats of 125 BPM are whole.
    assert_eq!(rows.iter().map(|row| row.kept).collect::<Vec<_>>(), [27, 30]);
    let mono = dataset.slice(30).unwrap();
    assert!(mono.chunks_exact(2).all(|frame| frame[0] == frame[1]), "mono is doubled");

    let output = dir.path().join("mono");
    let settings = on_the_beat(&[dir.path().join("in/fast.wav")], &output);
    prepare(&PrepareSettings { channels: 1, rate: rate(22_050), ..settings }, &Silent).unwrap();
    let dataset = Dataset::open(&output).unwrap();
    assert_eq!((dataset.channels(), dataset.slice_frames(), dataset.rate()), (1, 10_177, rate(22_050)));
}

#[test]
fn beats_are_found_where_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("out"));
    write_wav(&path, 44_100, 2, &music(1, 120));
    let slicing = Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid: GridChoice::FOUND };
    let report = prepare(&PrepareSettings { slicing, ..on_the_beat(&[path], &output) }, &Silent).unwrap();
    let row = &report.manifest.recordings[0];
    let grid = row.grid.as_ref().unwrap();
    assert!((grid.bpm - 125.0).abs() < 0.05, "{grid:?}");
    assert!(row.kept >= 118, "{row:?}");
}

#[test]
fn a_bad_file_among_good_ones_is_named_and_the_rest_is_prepared() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 3), dir.path().join("out"));
    fs::write(folder.join("01b.wav"), b"this is no audio at all").unwrap();
    fs::write(folder.join("01c.mp3"), b"").unwrap();
    fs::copy(folder.join("00.wav"), folder.join("02b.wav")).unwrap();
    write_wav(&folder.join("03.wav"), 44_100, 2, &[100; 2_000]);
    let missing = dir.path().join("gone.flac");
    let warnings = Warnings::default();
    let report = prepare(&on_the_beat(&[&folder, &missing], &output), &warnings).unwrap();
    assert_eq!(report.manifest.recordings.len(), 3);
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut failed: Vec<_> =
        report.failed.iter().map(|failure| (name(&failure.path), failure.error.reason())).collect();
    failed.sort();
    assert_eq!(
        failed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["01b.wav", "01c.mp3", "03.wav", "gone.flac"]
    );
    assert!(failed[0].1.contains("is not a recording in a known format"), "{}", failed[0].1);
    assert!(failed[1].1.ends_with("01c.mp3 is empty"), "{}", failed[1].1);
    assert!(failed[2].1.contains("gives no slice: "), "{}", failed[2].1);
    assert!(failed[3].1.ends_with("gone.flac does not exist"), "{}", failed[3].1);
    assert_eq!(report.manifest.failed.len(), 4);
    let duplicate = &report.manifest.duplicates[0];
    assert!(duplicate.path.ends_with("02b.wav") && duplicate.same_as.ends_with("00.wav"));
    let warned = warnings.0.lock().unwrap().join("\n");
    assert!(warned.contains("02b.wav is left out: it is the same as"), "{warned}");
    Dataset::open(&output).unwrap().verify().unwrap();
}

#[derive(Default)]
struct Warnings(Mutex<Vec<String>>);

impl Observer for Warnings {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

#[test]
fn nothing_usable_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("out");
    let noise = dir.path().join("noise.wav");
    fs::write(&noise, vec![7; 5_000]).unwrap();
    let gone = dir.path().join("gone.wav");
    let error = prepare(&on_the_beat(&[&noise, &gone], &output), &Silent).unwrap_err();
    assert_eq!(error.to_string(), "none of the 2 inputs can be used; the first one:");
    fs::remove_file(noise).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn an_output_that_exists_is_kept_unless_it_is_a_dataset_to_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 1), dir.path().join("out"));
    let settings = on_the_beat(&[folder], &output);
    fs::create_dir(&output).unwrap();
    fs::write(output.join("thesis.txt"), b"years of work").unwrap();
    let error = prepare(&settings, &Silent).unwrap_err();
    assert_eq!(error.to_string(), format!("{} exists", output.display()));
    assert_eq!(hint(&error), "choose another place with -o, or delete it first");
    let overwrite = PrepareSettings { overwrite: true, ..settings.clone() };
    assert!(matches!(prepare(&overwrite, &Silent), Err(DatasetError::NotOverwritten { .. })));
    assert_eq!(fs::read(output.join("thesis.txt")).unwrap(), b"years of work");
    fs::remove_dir_all(&output).unwrap();

    prepare(&settings, &Silent).unwrap();
    assert!(matches!(prepare(&settings, &Silent), Err(DatasetError::OutputExists { .. })));
    let other = PrepareSettings { channels: 1, ..overwrite };
    prepare(&other, &Silent).unwrap();
    assert_eq!(Dataset::open(&output).unwrap().channels(), 1);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "the recordings and the dataset");
}

#[test]
fn the_number_of_jobs_changes_no_byte() {
    let dir = tempfile::tempdir().unwrap();
    let folder = crate_of_records(dir.path(), 7);
    let bytes = [1, 2, 5].map(|jobs| {
        let output = dir.path().join(format!("out{jobs}"));
        prepare(&PrepareSettings { jobs, ..on_the_beat(&[&folder], &output) }, &Silent).unwrap();
        contents(&output)
    });
    assert_eq!(bytes[0].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["dataset.json", "slices.npy"]);
    assert!(bytes[0] == bytes[1] && bytes[0] == bytes[2]);
}

#[test]
fn stopped_anywhere_and_resumed_it_ends_with_the_same_bytes() {
    const ROUNDS: i64 = 24;
    let dir = tempfile::tempdir().unwrap();
    let folder = crate_of_records(dir.path(), 4);
    let undisturbed = dir.path().join("undisturbed");
    let counter = StopAfter::new(i64::MAX);
    prepare(&on_the_beat(&[&folder], &undisturbed), &counter).unwrap();
    let (expected, questions) = (contents(&undisturbed), counter.asked(i64::MAX));
    assert!(questions > 2 * ROUNDS, "it asks often enough whether to stop: {questions}");
    for round in 0..ROUNDS {
        // The first and the last question are among those at which it is stopped.
        let patience = round * (questions - 1) / (ROUNDS - 1);
        let output = dir.path().join("out");
        let settings = on_the_beat(&[&folder], &output);
        let error = prepare(&settings, &StopAfter::new(patience)).unwrap_err();
        assert!(matches!(error, DatasetError::Interrupted { .. }), "{error}");
        assert_eq!(hint(&error), "go on with the same command and --resume");
        assert!(!output.exists(), "nothing half-made is in place");
        let staging = staging_of(&output);
        let error = prepare(&settings, &Silent).unwrap_err();
        assert_eq!(hint(&error), format!("go on with --resume, or delete {} to start afresh", staging.display()));
        let resuming = PrepareSettings { resume: true, jobs: 1 + round as usize % 3, ..settings };
        // Stopped once more where there is enough left to do, then left alone.
        let again = prepare(&resuming, &StopAfter::new(patience / 8));
        assert!(again.is_ok() == output.exists());
        let report = prepare(&resuming, &Silent).unwrap();
        assert_eq!(report.manifest.recordings.len(), 4);
        assert!(contents(&output) == expected, "stopped after {patience} questions");
        assert!(!staging.exists());
        fs::remove_dir_all(&output).unwrap();
    }
}

#[test]
fn resuming_uses_what_is_whole_and_refuses_other_settings() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 4), dir.path().join("out"));
    let settings = on_the_beat(&[&folder], &output);
    let mut patience = 1;
    let whole_parts = || {
        fs::read_dir(staging_of(&output)).map_or(0, |entries| {
            entries.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|it| it == "json")).count()
        })
    };
    while whole_parts() < 2 {
        let _ = fs::remove_dir_all(staging_of(&output));
        assert!(prepare(&settings, &StopAfter::new(patience)).is_err());
        patience += 25;
    }
    let resuming = PrepareSettings { resume: true, ..settings.clone() };
    let error = prepare(&PrepareSettings { channels: 1, ..resuming.clone() }, &Silent).unwrap_err();
    let expected = format!(
        "what is in {} was prepared with other settings: channels 2, not channels 1",
        staging_of(&output).display()
    );
    assert_eq!(error.to_string(), expected);
    assert!(hint(&error).starts_with("use the settings of then, or delete "));
    // A part that was cut short does not count as whole.
    let part = fs::read_dir(staging_of(&output)).unwrap().map(|entry| entry.unwrap().path());
    let part = part
        .filter(|path| path.extension().is_some_and(|it| it == "i16"))
        .find(|path| path.with_extension("json").exists());
    let file = fs::OpenOptions::new().write(true).open(part.unwrap()).unwrap();
    file.set_len(1_000).unwrap();
    let report = prepare(&resuming, &Silent).unwrap();
    assert_eq!(report.resumed, whole_parts().max(1));
    Dataset::open(&output).unwrap().verify().unwrap();

    let again = prepare(&resuming, &Silent).unwrap();
    assert_eq!((again.resumed, again.manifest), (4, report.manifest), "resumed when all is done, it says so");
    fs::remove_file(folder.join("02.wav")).unwrap();
    assert!(matches!(prepare(&resuming, &Silent), Err(DatasetError::OutputExists { .. })), "other inputs");
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    struct Nested<'a>(&'a PrepareSettings, Mutex<Option<String>>);
    impl Observer for Nested<'_> {
        fn begin(&self, stage: &str, _total: Option<u64>) {
            if stage == "slicing" {
                let error = prepare(self.0, &Silent).unwrap_err();
                *self.1.lock().unwrap() = Some(error.to_string());
            }
        }
        fn advance(&self, _amount: u64) {}
        fn status(&self, _text: &str) {}
        fn end(&self) {}
        fn warn(&self, _text: &str) {}
    }
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 1), dir.path().join("out"));
    let settings = PrepareSettings { resume: true, ..on_the_beat(&[folder], &output) };
    let observer = Nested(&settings, Mutex::new(None));
    prepare(&settings, &observer).unwrap();
    let expected = format!("another process is preparing into {}", staging_of(&output).display());
    assert_eq!(observer.1.into_inner().unwrap(), Some(expected));
}

#[test]
fn progress_ends_where_it_was_announced() {
    /// Stages with their totals and what was done of them, and the last status.
    type Told = (Vec<(String, Option<u64>, u64)>, String);
    #[derive(Default)]
    struct Log(Mutex<Told>);
    impl Observer for Log {
        fn begin(&self, stage: &str, total: Option<u64>) {
            self.0.lock().unwrap().0.push((stage.to_owned(), total, 0));
        }
        fn advance(&self, amount: u64) {
            self.0.lock().unwrap().0.last_mut().unwrap().2 += amount;
        }
        fn status(&self, text: &str) {
            self.0.lock().unwrap().1 = text.to_owned();
        }
        fn end(&self) {}
        fn warn(&self, _text: &str) {}
    }
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 2), dir.path().join("out"));
    let log = Log::default();
    prepare(&PrepareSettings { slicing: windows(0.5, 0.5), ..on_the_beat(&[folder], &output) }, &log).unwrap();
    let (stages, status) = log.0.into_inner().unwrap();
    assert_eq!(stages.iter().map(|stage| stage.0.as_str()).collect::<Vec<_>>(), ["reading", "slicing", "writing"]);
    assert_eq!(stages[1].1, Some(stages[1].2), "seconds announced and done");
    assert_eq!(stages[2].1, Some(stages[2].2), "slices announced and done");
    assert_eq!(status, format!("{} kept", stages[2].2));
}

#[test]
fn inputs_may_be_named_twice_and_relative() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 2), dir.path().join("out"));
    let inputs: Vec<PathBuf> = vec![folder.join("01.wav"), folder.clone(), folder.join("../records/00.wav")];
    let report = prepare(&on_the_beat(&inputs, &output), &Silent).unwrap();
    let names: Vec<_> = report.manifest.recordings.iter().map(|row| row.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["01.wav", "00.wav"], "in the order given");
    assert_eq!(report.manifest.duplicates.len(), 2);
}

#[test]
fn the_same_sound_in_other_bytes_is_a_duplicate_too() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, output) = (crate_of_records(dir.path(), 2), dir.path().join("out"));
    let mut bytes = fs::read(folder.join("00.wav")).unwrap();
    bytes.extend(b"LIST\x04\0\0\0abcd");
    let riff = (bytes.len() as u32 - 8).to_le_bytes();
    bytes[4..8].copy_from_slice(&riff);
    fs::write(folder.join("00b.wav"), bytes).unwrap();
    let settings = on_the_beat(&[folder], &output);
    let report = prepare(&settings, &Silent).unwrap();
    assert_eq!((report.manifest.recordings.len(), report.manifest.duplicates.len()), (2, 1));
    assert!(report.manifest.duplicates[0].path.ends_with("00b.wav"));
    let again = prepare(&PrepareSettings { resume: true, ..settings }, &Silent).unwrap();
    assert_eq!(again.manifest, report.manifest, "a finished preparation is recognised");
}

//! Slices out as files, and tensors from elsewhere in.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::{Bpm, Hint, Silent};
use adm_dataset::exchange::{ExportFormat, ExportSettings, ImportSettings, SIDECAR_FILE, Sidecar, export, import};
use adm_dataset::npy::{read_tensor, write_tensor};
use adm_dataset::{Dataset, DatasetError, PrepareSettings, Slicing, Split, prepare};
use adm_spectral::{RepresentationConfig, StereoComplexConfig};
use common::{music, on_the_beat, rate, windows, write_wav};
use std::fs;
use std::path::{Path, PathBuf};

fn dataset(dir: &Path, beats: usize, channels: usize) -> Dataset {
    let (path, output) = (dir.join("set.wav"), dir.join("dataset"));
    write_wav(&path, 44_100, 2, &music(1, beats));
    prepare(&PrepareSettings { channels, ..on_the_beat(&[path], &output) }, &Silent).unwrap();
    Dataset::open(&output).unwrap()
}

fn settings(output: PathBuf, format: ExportFormat) -> ExportSettings {
    ExportSettings { output, format, split: None, jobs: 2 }
}

fn npy() -> ExportFormat {
    ExportFormat::Npy(RepresentationConfig::default())
}

#[test]
fn tensors_go_out_and_come_back_as_the_same_bytes() {
    for channels in [1, 2] {
        let dir = tempfile::tempdir().unwrap();
        let original = dataset(dir.path(), 40, channels);
        let tensors = dir.path().join("tensors");
        assert_eq!(export(&original, &settings(tensors.clone(), npy()), &Silent).unwrap().files, 40);
        assert_eq!(fs::read_dir(&tensors).unwrap().count(), 41);
        let back = ImportSettings { jobs: 3, ..ImportSettings::new(tensors, dir.path().join("back")) };
        let report = import(&back, &Silent).unwrap();
        assert!(report.failed.is_empty());
        let imported = Dataset::open(&back.output).unwrap();
        imported.verify().unwrap();
        for index in 0..40 {
            assert_eq!(imported.slice(index).unwrap(), original.slice(index).unwrap(), "slice {index}");
        }
        assert_eq!(imported.manifest().slicing.bpm(), Some(Bpm::FOUNDING));
        assert!(!imported.indices(Split::Validation).is_empty());
    }
}

#[test]
fn an_exported_tensor_has_the_founding_form() {
    let dir = tempfile::tempdir().unwrap();
    let original = dataset(dir.path(), 12, 2);
    let tensors = dir.path().join("tensors");
    export(&original, &settings(tensors.clone(), npy()), &Silent).unwrap();
    let values = read_tensor(&tensors.join("000003.npy"), &[256, 256, 4]).unwrap();
    let representation = RepresentationConfig::default().build(20_354, rate(44_100), 2).unwrap();
    let mut slice = vec![0.0; 40_708];
    original.read_f32(3, &mut slice).unwrap();
    let tensor = representation.tensor_of(&slice).unwrap();
    let transform = Sidecar::load(&tensors).unwrap().unwrap().transform.unwrap();
    assert_eq!((transform.n_fft, transform.hop_length, transform.samples), (512, 80, 80 * 255));
    for (bin, frame, depth) in [(0, 0, 0), (5, 100, 1), (255, 255, 3), (17, 200, 2)] {
        assert_eq!(values[(bin * 256 + frame) * 4 + depth], tensor.data()[(depth * 256 + bin) * 256 + frame]);
    }
}

#[test]
fn wav_slices_hold_the_stored_samples() {
    let dir = tempfile::tempdir().unwrap();
    let original = dataset(dir.path(), 12, 2);
    let output = dir.path().join("wav");
    let only_test = ExportSettings { split: Some(Split::Test), ..settings(output.clone(), ExportFormat::Wav) };
    let report = export(&original, &only_test, &Silent).unwrap();
    let indices = original.indices(Split::Test);
    assert_eq!(report.files, indices.len());
    for index in indices {
        let mut reader = hound::WavReader::open(output.join(format!("{index:06}.wav"))).unwrap();
        assert_eq!((reader.spec().sample_rate, reader.spec().channels, reader.spec().bits_per_sample), (44_100, 2, 16));
        let samples: Vec<i16> = reader.samples().map(Result::unwrap).collect();
        assert_eq!(samples, original.slice(index).unwrap());
    }
    assert!(output.join(SIDECAR_FILE).is_file());
    assert!(matches!(export(&original, &only_test, &Silent), Err(DatasetError::OutputExists { .. })));
}

#[test]
fn windows_keep_their_distance_in_time_when_they_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("dataset"));
    write_wav(&path, 44_100, 2, &music(1, 60));
    let slicing = windows(0.5, 0.05);
    prepare(&PrepareSettings { slicing, ..on_the_beat(&[path], &output) }, &Silent).unwrap();
    let original = Dataset::open(&output).unwrap();
    let tensors = dir.path().join("tensors");
    export(&original, &settings(tensors.clone(), npy()), &Silent).unwrap();
    let report = import(&ImportSettings::new(tensors, dir.path().join("back")), &Silent).unwrap();
    assert_eq!((report.manifest.slicing, report.manifest.slices), (slicing, original.len()));
    assert_eq!(report.manifest.splits, original.manifest().splits, "overlapping windows stay apart");
}

#[test]
fn bad_tensors_are_named_and_the_others_come_in() {
    let dir = tempfile::tempdir().unwrap();
    let original = dataset(dir.path(), 30, 2);
    let tensors = dir.path().join("tensors");
    export(&original, &settings(tensors.clone(), npy()), &Silent).unwrap();
    let file = |index: usize| tensors.join(format!("{index:06}.npy"));
    let edit = |index: usize, from: &[u8], to: &[u8]| {
        let mut bytes = fs::read(file(index)).unwrap();
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
        fs::write(file(index), bytes).unwrap();
    };
    edit(2, b"<f4", b"<f8");
    edit(4, b"False", b"True ");
    edit(6, b"(256, 256, 4)", b"(256, 128, 8)");
    let mut bytes = fs::read(file(8)).unwrap();
    bytes[1_000..1_004].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(file(8), bytes).unwrap();
    fs::write(file(9), b"not at all").unwrap();
    let report = import(&ImportSettings::new(tensors, dir.path().join("back")), &Silent).unwrap();
    let reasons: Vec<_> = report.failed.iter().map(|it| it.error.to_string()).collect();
    let ends = [
        "000002.npy holds elements of type <f8, expected <f4",
        "000004.npy is in Fortran order, expected C order",
        "000006.npy has the shape (256, 128, 8), expected (256, 256, 4)",
        "000008.npy holds NaN at element 218",
        "000009.npy is not a .npy file: it does not start with the magic number of .npy files",
    ];
    assert_eq!(reasons.len(), ends.len());
    assert!(reasons.iter().zip(ends).all(|(reason, end)| reason.ends_with(end)), "{reasons:#?}");
    let row = &report.manifest.recordings[0];
    assert_eq!((row.kept, row.left_out["rejected"], row.passages.len()), (25, 5, 5));
    let imported = Dataset::open(&dir.path().join("back")).unwrap();
    assert_eq!(imported.slice(2).unwrap(), original.slice(3).unwrap());
}

#[test]
fn nothing_usable_and_nothing_known_are_errors_that_leave_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (input, output) = (dir.path().join("in"), dir.path().join("out"));
    fs::create_dir(&input).unwrap();
    let bare = ImportSettings::new(input.clone(), output.clone());
    let error = import(&bare, &Silent).unwrap_err();
    assert!(error.to_string().starts_with("the sample rate of the tensors in "), "{error}");
    assert_eq!(error.hint().unwrap(), "give both with --bpm 130 and --sample-rate 44100");
    let told = ImportSettings { bpm: Some(Bpm::FOUNDING), rate: Some(rate(44_100)), ..bare };
    let error = import(&told, &Silent).unwrap_err();
    assert_eq!(error.to_string(), format!("{} holds no .npy file", input.display()));
    write_tensor(&input.join("a.npy"), &[2, 2], &[0.0; 4]).unwrap();
    let error = import(&told, &Silent).unwrap_err();
    assert_eq!(error.to_string(), "none of the 1 inputs can be used; the first one:");
    fs::write(input.join(SIDECAR_FILE), b"{}").unwrap();
    assert!(
        import(&told, &Silent).unwrap_err().to_string().contains("is not a usable export's sidecar: missing field")
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn tensors_of_a_stranger_come_in_by_the_settings_alone() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let config =
        RepresentationConfig::StereoComplex(StereoComplexConfig { bins: 128, frames: 128, ..Default::default() });
    let representation = config.build(10_177, rate(22_050), 2).unwrap();
    let loud: Vec<f32> = (0..20_354).map(|at| 1.5 * (at as f32 * 0.05).sin()).collect();
    let tensor = representation.tensor_of(&loud).unwrap();
    write_tensor(&input.join("beat.npy"), &[128, 128, 4], &tensor.to_depth_last()).unwrap();
    let told = ImportSettings {
        representation: Some(config),
        bpm: Some(Bpm::FOUNDING),
        rate: Some(rate(22_050)),
        ..ImportSettings::new(input, dir.path().join("out"))
    };
    let report = import(&told, &Silent).unwrap();
    assert!(matches!(report.manifest.slicing, Slicing::Beats { beats_per_slice: 1, .. }));
    assert_eq!(report.manifest.recordings[0].warnings, ["1 slices exceeded full scale and were clipped"]);
    let imported = Dataset::open(&told.output).unwrap();
    let expected: Vec<i16> = loud.iter().map(|sample| (sample * 32_768.0).round() as i16).collect();
    let apart = |(a, b): (&i16, &i16)| (i32::from(*a) - i32::from(*b)).abs();
    assert!(imported.slice(0).unwrap().iter().zip(&expected).map(apart).max() <= Some(1));
}

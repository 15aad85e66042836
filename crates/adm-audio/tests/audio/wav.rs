//! WAV files written here.

use crate::support::{chirp, snr};
use adm_audio::{AudioError, Decoder, WavFormat, WavWriter, read_all};
use adm_core::{Frames, SampleRate, Seeds};
use std::path::Path;

fn write(path: &Path, format: WavFormat, samples: &[f32]) -> Result<Frames, AudioError> {
    let mut writer = WavWriter::create(path, SampleRate::CD, 2, format)?;
    samples.chunks(2 * 777).try_for_each(|block| writer.write(block))?;
    writer.finish()
}

fn read(path: &Path) -> Vec<f32> {
    read_all(&mut Decoder::open(path).unwrap()).unwrap()
}

#[test]
fn what_is_written_reads_back_to_the_formats_precision() {
    let folder = tempfile::tempdir().unwrap();
    let chirp = chirp(10_000);
    for (format, steps) in
        [(WavFormat::Pcm16, 32_768.0), (WavFormat::Pcm24, 8_388_608.0), (WavFormat::Float32, f32::MAX)]
    {
        let path = folder.path().join("made/on/the/way").join(format!("{format:?}.wav"));
        assert_eq!(write(&path, format, &chirp).unwrap(), Frames(10_000));
        let worst = chirp.iter().zip(read(&path)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= 0.5 / steps, "{format:?}: off by {worst}");
    }
}

#[test]
fn integers_clamp_and_floats_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let samples = [1.5, -1.5, 1.0, -1.0];
    for (format, expected) in [
        (WavFormat::Pcm16, [32_767.0 / 32_768.0, -1.0, 32_767.0 / 32_768.0, -1.0]),
        (WavFormat::Pcm24, [8_388_607.0 / 8_388_608.0, -1.0, 8_388_607.0 / 8_388_608.0, -1.0]),
        (WavFormat::Float32, samples),
    ] {
        write(&path, format, &samples).unwrap();
        assert_eq!(read(&path), expected, "{format:?}");
    }
}

#[test]
fn dither_is_seeded_and_frees_a_quiet_tone_from_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    // A third of a step: plain rounding makes silence of it.
    let quiet: Vec<f32> = chirp(22_050).iter().map(|sample| sample / 0.5 / 32_768.0 / 3.0).collect();
    let dithered = |name: &str, seed: u64| {
        let path = folder.path().join(name);
        let mut writer =
            WavWriter::create(&path, SampleRate::CD, 2, WavFormat::Pcm16).unwrap().with_dither(Seeds::new(seed));
        writer.write(&quiet).unwrap();
        writer.finish().unwrap();
        read(&path)
    };
    let plain = folder.path().join("plain.wav");
    write(&plain, WavFormat::Pcm16, &quiet).unwrap();
    assert!(read(&plain).iter().all(|&sample| sample == 0.0));
    let (a, b, other) = (dithered("a.wav", 1), dithered("b.wav", 1), dithered("c.wav", 2));
    assert_eq!(a, b);
    assert_ne!(a, other);
    assert!(a.iter().all(|sample| sample.abs() <= 2.0 / 32_768.0));
    let projection: f64 = quiet.iter().zip(&a).map(|(q, d)| f64::from(*q) * f64::from(*d)).sum();
    let energy: f64 = quiet.iter().map(|q| f64::from(*q).powi(2)).sum();
    assert!((projection / energy - 1.0).abs() < 0.1, "the tone is in the noise at {}", projection / energy);
    assert!(snr(&quiet, &a) < 0.0, "and below it");
}

#[test]
fn nothing_half_written_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let names = || std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    let mut writer = WavWriter::create(&path, SampleRate::CD, 2, WavFormat::Pcm16).unwrap();
    writer.write(&[0.5; 2000]).unwrap();
    assert!(!path.exists() && names().len() == 1, "{:?}", names());
    drop(writer);
    assert!(names().is_empty(), "{:?}", names());
    write(&path, WavFormat::Pcm16, &[0.5; 20]).unwrap();
    drop(WavWriter::create(&path, SampleRate::CD, 2, WavFormat::Pcm16).unwrap());
    assert_eq!((read(&path).len(), names().len()), (20, 1), "the old file stays until the new one is whole");
}

#[test]
fn bad_samples_are_refused_by_time_and_shape() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let mut writer = WavWriter::create(&path, SampleRate::CD, 2, WavFormat::Float32).unwrap();
    writer.write(&[0.0; 2 * 44_100]).unwrap();
    let mut bad = [0.0; 200];
    bad[101] = f32::NAN;
    let error = writer.write(&bad).unwrap_err().to_string();
    assert_eq!(error, format!("{} holds a sample that is not a finite number at 0:01.001", path.display()));
    let error = writer.write(&[0.0; 3]).unwrap_err().to_string();
    assert_eq!(error, "the number of samples must be a multiple of 2, got 3");
    assert_eq!(writer.finish().unwrap(), Frames(44_100), "refused blocks leave nothing");
    let error = WavWriter::create(&path, SampleRate::CD, 3, WavFormat::Pcm16).err().unwrap().to_string();
    assert_eq!(error, "the number of channels must be 1 or 2, got 3");
}

#[cfg(unix)]
#[test]
fn a_place_that_takes_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, b"x").unwrap();
    let path = in_the_way.join("a.wav");
    let error = WavWriter::create(&path, SampleRate::CD, 1, WavFormat::Pcm16).err().unwrap();
    assert_eq!(error.to_string(), format!("cannot write {}", path.display()));
    use std::os::unix::fs::PermissionsExt;
    let path = folder.path().join("a.wav");
    write(&path, WavFormat::Pcm16, &[0.5; 20]).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o444, 0o444, "as readable as any other file");
}

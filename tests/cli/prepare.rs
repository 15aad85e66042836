//! `adm prepare`: what it makes, and what it says of recordings that it cannot use.

use crate::support::{Samples, Sandbox, blurred, music};
use std::fs;

#[test]
fn recordings_become_a_dataset_with_a_summary() {
    let sandbox = Sandbox::new();
    sandbox.recording("sets/a.wav", 60.0, 0);
    sandbox.recording("sets/b.wav", 30.2, 1);
    fs::copy(sandbox.path("sets/a.wav"), sandbox.path("sets/c.wav")).unwrap();
    let ran = sandbox.adm("prepare sets -o d --bpm 120 --offset 0.5");
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.stderr, "warning: sets/c.wav is left out: it is the same as sets/a.wav\n");
    assert_eq!(
        blurred(&ran.stdout),
        "dataset     d\n\
         slices      178 of 1 beat at 130 BPM: 20,354 frames, stereo, 44100 Hz\n\
         left out    1 too short\n\
         splits      142 train, 14 validation, 14 test, 8 between them\n\
         recordings  sets/a.wav: 1:00, 120.00 BPM from 0.500 s (confidence 1.00), 119 slices\n            \
                     sets/b.wav: 30.2 s, 120.00 BPM from 0.500 s (confidence 1.00), 59 slices\n\
         duplicates  1 recording\n\
         size        14.5 MB\n\
         time  …\n"
    );
    assert_eq!(sandbox.read("d/slices.npy").len(), 128 + 178 * 20_354 * 4);
    assert_eq!(sandbox.names(), ["d", "sets"]);
}

#[test]
fn the_result_is_one_json_document_on_request() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    let json = sandbox.adm("prepare a.wav -o d --window 2 --hop 0.5 --sample-rate 22050 --mono --json").json();
    assert_eq!(json["slices"], 37);
    assert_eq!(json["slice_frames"], 44_100);
    assert_eq!((&json["channels"], &json["sample_rate"]), (&1.into(), &22_050.into()));
    assert_eq!((json["failed"].as_array().unwrap().len(), &json["resumed"]), (0, &0.into()));
    assert!(json["times_real_time"].as_f64().unwrap() > 1.0);
}

#[test]
fn a_tempo_is_found_where_none_is_given() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 40.0, 0);
    let json = sandbox.adm("prepare a.wav -o d --json").json();
    let bpm = json["recordings"][0]["grid"]["bpm"].as_f64().unwrap();
    assert!((bpm - 120.0).abs() < 0.05, "{bpm}");
    assert!(json["slices"].as_u64().unwrap() >= 78, "{json}");
}

#[test]
fn the_bytes_depend_on_the_seed_and_on_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 40.0, 0);
    sandbox.recording("b.wav", 40.0, 1);
    for (output, flags) in [("one", "--jobs 1"), ("two", "--jobs 2 --threads 3"), ("seeded", "--seed 5")] {
        sandbox.adm(&format!("prepare a.wav b.wav -o {output} --bpm 120 {flags}")).done();
    }
    for file in ["slices.npy", "dataset.json"] {
        assert!(sandbox.read(&format!("one/{file}")) == sandbox.read(&format!("two/{file}")), "{file}");
    }
    assert_ne!(sandbox.read("one/dataset.json"), sandbox.read("seeded/dataset.json"), "the splits are drawn anew");
}

#[test]
fn beats_of_another_tempo_are_fitted_as_wanted() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    for fit in ["place", "resample", "stretch"] {
        sandbox.adm(&format!("prepare a.wav -o {fit} --bpm 120 --fit {fit}")).done();
        let manifest: serde_json::Value =
            serde_json::from_slice(&sandbox.read(&format!("{fit}/dataset.json"))).unwrap();
        assert_eq!((&manifest["slicing"]["fit"], &manifest["slice_frames"]), (&fit.into(), &20_354.into()));
    }
    sandbox.adm("prepare a.wav -o default --bpm 120").done();
    let slices = |output: &str| sandbox.read(&format!("{output}/slices.npy"));
    assert!(slices("default") == slices("place"));
    assert!(slices("place") != slices("resample") && slices("resample") != slices("stretch"));
    let ran = sandbox.adm("prepare a.wav -o windows --window 2 --hop 1 --fit stretch");
    assert_eq!(ran.code, Some(2), "windows have no tempo");
}

/// A name, and what is said of it in the end.
fn bad_recordings(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let with = |value: f32| {
        let mut samples = music(2.0, 0);
        samples[44_100] = value;
        samples
    };
    sandbox.write("empty.wav", b"");
    sandbox.write("text.wav", "what a tune\n".repeat(100).as_bytes());
    sandbox.wav("silent-header.wav", 2, &[], Samples::Pcm16);
    sandbox.wav("three.wav", 3, &music(2.0, 0), Samples::Pcm16);
    sandbox.wav("nan.wav", 2, &with(f32::NAN), Samples::Float);
    sandbox.wav("infinite.wav", 1, &with(f32::INFINITY), Samples::Float);
    sandbox.wav("silence.wav", 2, &[0.0; 88_200], Samples::Pcm16);
    sandbox.recording("short.wav", 0.2, 0);
    let whole = sandbox.read("short.wav");
    sandbox.write("cut.wav", &whole[..30]);
    fs::create_dir(sandbox.path("folder.wav")).unwrap();
    let unusable = |name: &str, reason: &str| format!("error: cannot use {name}\n  Caused by: {name} {reason}\n");
    let formats = "\nhint: WAV, AIFF, FLAC, MP3, Ogg Vorbis and AAC-LC in M4A are decoded; \
                   if it is sound, convert it, for example with: ffmpeg -i cut.wav sound.flac\n";
    let write_again = "\nhint: write it again with samples from -1 to 1\n";
    let nothing_left = "\nhint: check --bpm, --offset, --beats-per-slice or --window\n";
    vec![
        ("missing.wav", unusable("missing.wav", "does not exist")),
        ("empty.wav", unusable("empty.wav", "is empty")),
        ("silent-header.wav", unusable("silent-header.wav", "holds no audio")),
        ("nan.wav", unusable("nan.wav", "holds a sample that is not a finite number at 0:01.000") + write_again),
        (
            "infinite.wav",
            unusable("infinite.wav", "holds a sample that is not a finite number at 0:01.000") + write_again,
        ),
        (
            "three.wav",
            unusable("three.wav", "has 3 channels, expected 1 or 2")
                + "\nhint: mix it down first, for example with: ffmpeg -i three.wav -ac 2 stereo.wav\n",
        ),
        ("cut.wav", unusable("cut.wav", "is not a recording in a known format: it ends in its header") + formats),
        ("folder.wav", "error: folder.wav holds no recording\n".to_owned()),
        (
            "short.wav",
            "error: short.wav gives no slice: in its 0:00.200 all slices were left out (1 too-short)\n".to_owned()
                + nothing_left,
        ),
        (
            "silence.wav",
            "error: silence.wav gives no slice: in its 0:02.000 all slices were left out (4 silent)\n".to_owned()
                + nothing_left,
        ),
    ]
}

#[test]
fn each_useless_recording_is_named_with_its_reason_and_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let cases = bad_recordings(&sandbox);
    let before = sandbox.names();
    for (name, stderr) in cases {
        sandbox.adm(&format!("prepare {name} -o d --bpm 120")).failed(1, &stderr);
        assert_eq!(sandbox.names(), before, "{name}");
    }
    let ran = sandbox.adm("prepare text.wav -o d --bpm 120");
    assert_eq!(ran.code, Some(1));
    let known = "error: cannot use text.wav\n  Caused by: text.wav is not a recording in a known format: ";
    assert!(ran.stderr.starts_with(known), "{}", ran.stderr);
}

#[test]
fn one_bad_file_among_good_ones_is_skipped_and_named() {
    let sandbox = Sandbox::new();
    sandbox.recording("sets/good.wav", 20.0, 0);
    sandbox.wav("sets/three.wav", 3, &music(2.0, 0), Samples::Pcm16);
    sandbox.write("sets/notes.txt", b"not looked at in a folder");
    let ran = sandbox.adm("prepare sets gone.wav -o d --bpm 120");
    assert_eq!(ran.code, Some(3));
    assert_eq!(
        ran.stderr,
        "warning: left out: gone.wav does not exist\n\
         warning: left out: sets/three.wav has 3 channels, expected 1 or 2\n\
         hint: mix it down first, for example with: ffmpeg -i sets/three.wav -ac 2 stereo.wav\n"
    );
    let named = "not used    gone.wav does not exist\n            sets/three.wav has 3 channels, expected 1 or 2\n";
    assert!(ran.stdout.contains(named), "{}", ran.stdout);
    let manifest: serde_json::Value = serde_json::from_slice(&sandbox.read("d/dataset.json")).unwrap();
    assert_eq!(manifest["slices"], 40);
    assert_eq!(manifest["failed"][1]["path"], "sets/three.wav");
}

#[test]
fn several_useless_inputs_are_counted() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.wav", b"");
    sandbox.adm("prepare empty.wav gone.wav -o d").failed(
        1,
        "error: none of the 2 inputs can be used; the first one:\n  \
         Caused by: cannot use empty.wav\n  Caused by: empty.wav is empty\n",
    );
    assert_eq!(sandbox.names(), ["empty.wav"]);
}

#[test]
fn a_truncated_recording_gives_what_is_there() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 10.0, 0);
    let whole = sandbox.read("a.wav");
    sandbox.write("a.wav", &whole[..44 + 44_100 * 4 * 6 + 2]);
    let ran = sandbox.adm("prepare a.wav -o d --bpm 120");
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.stderr, "warning: a.wav is cut off: 705598 bytes are missing at its end\n");
    assert!(ran.stdout.contains("slices      12 of 1 beat"), "{}", ran.stdout);
}

#[test]
#[cfg(unix)]
fn unreadable_files_are_told_from_useless_ones() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new();
    symlink("loop.wav", sandbox.path("loop.wav")).unwrap();
    sandbox
        .adm("prepare loop.wav -o d")
        .failed(1, "error: cannot read loop.wav\n  Caused by: Too many levels of symbolic links (os error 40)\n");
    sandbox.recording("locked.wav", 2.0, 0);
    fs::set_permissions(sandbox.path("locked.wav"), fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything.
    if fs::File::open(sandbox.path("locked.wav")).is_err() {
        sandbox
            .adm("prepare locked.wav -o d")
            .failed(1, "error: cannot read locked.wav\n  Caused by: Permission denied (os error 13)\n");
    }
    sandbox.adm("prepare /dev/zero -o d").failed(
        1,
        "error: cannot use /dev/zero\n  \
         Caused by: /dev/zero is not a recording in a known format: it is no regular file\n\n\
         hint: WAV, AIFF, FLAC, MP3, Ogg Vorbis and AAC-LC in M4A are decoded; \
         if it is sound, convert it, for example with: ffmpeg -i /dev/zero sound.flac\n",
    );
}

#[test]
fn an_output_that_exists_stays_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 5.0, 0);
    sandbox.write("file", b"precious");
    sandbox.write("folder/file", b"precious");
    sandbox.adm("prepare a.wav -o d --bpm 120").done();
    let before = sandbox.read("d/dataset.json");
    for output in ["file", "folder", "d"] {
        let expected = format!("error: {output} exists\n\nhint: choose another place with -o, or delete it first\n");
        sandbox.adm(&format!("prepare a.wav -o {output} --bpm 125")).failed(1, &expected);
    }
    assert_eq!(sandbox.read("file"), b"precious");
    assert_eq!(sandbox.read("folder/file"), b"precious");
    assert_eq!(sandbox.read("d/dataset.json"), before);
    assert_eq!(sandbox.names(), ["a.wav", "d", "file", "folder"]);
}

#[test]
fn an_output_that_cannot_be_made_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 5.0, 0);
    sandbox
        .adm("prepare a.wav -o a.wav/d --bpm 120")
        .failed(1, "error: cannot write a.wav/.d.partial\n  Caused by: Not a directory (os error 20)\n");
}

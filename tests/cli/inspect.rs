//! `adm inspect`: what things are.

use crate::support::{Sandbox, blurred};
use std::fs;

#[test]
#[cfg(unix)]
fn a_pipe_keeps_nobody_waiting() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("d")).unwrap();
    for (name, command) in [("x.npy", "render x.npy -o y.wav"), ("y", "inspect y"), ("d/dataset.json", "inspect d")] {
        assert!(std::process::Command::new("mkfifo").arg(sandbox.path(name)).status().unwrap().success());
        let ran = sandbox.adm(command);
        assert_eq!(ran.code, Some(1), "{command}");
        assert!(ran.stderr.contains("it is not a regular file"), "{command}: {}", ran.stderr);
    }
}

#[test]
fn recordings_without_a_beat_say_what_to_do() {
    let sandbox = Sandbox::new();
    sandbox.recording("short.wav", 1.0, 0);
    let ran = sandbox.adm("grid short.wav -o g.json");
    assert_eq!(ran.code, Some(1));
    let first = "error: cannot find the beats of short.wav\n  Caused by: a beat grid needs at least ";
    assert!(ran.stderr.starts_with(first), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("\n\nhint: give the tempo with --bpm N and the first beat with --offset SECONDS\n"));
    sandbox
        .adm("grid gone.wav -o g.json")
        .failed(1, "error: cannot find the beats of gone.wav\n  Caused by: gone.wav does not exist\n");
    assert_eq!(sandbox.names(), ["short.wav"]);
}

#[test]
fn everything_we_make_is_recognised() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120").done();
    sandbox.adm("export d -o e").done();
    let dataset = "slices       40 of 1 beat at 130 BPM: 20,354 frames, stereo, 44100 Hz\n";
    let fingerprint = "fingerprint  HASH\n";
    for (path, lines) in [
        ("d", &["dataset      d\n", dataset, "size         3.3 MB\n", fingerprint][..]),
        ("d/dataset.json", &["dataset      d/dataset.json\n", dataset, fingerprint]),
        (
            "e",
            &[
                "export      e\n",
                "files       40: stereo-complex tensors of 256 bins and 256 frames\n",
                "holds       right real, right imaginary, left real, left imaginary\n",
                "size        6.44 numbers a sample\n",
                "comes back  exactly, ",
            ],
        ),
        ("e/export.json", &["export      e\n", "of dataset  HASH\n"]),
        (
            "e/000000.npy",
            &["holds  a stereo tensor of 256 bins and 256 frames\n", "shape  (256, 256, 4) <f4, C order\n"],
        ),
        ("d/slices.npy", &["holds  the slices of a dataset: 40 of 20354 frames; inspect its folder for more\n"]),
        ("a.wav", &["length     20.0 s (882,000 frames), stereo, 44100 Hz\n", "loudness   -", "peak       -"]),
    ] {
        let text = blurred(&sandbox.adm(&format!("inspect {path}")).done());
        lines.iter().for_each(|line| assert!(text.contains(line), "{path}: {line} is not in\n{text}"));
        assert!(sandbox.adm(&format!("inspect {path} --json")).json().is_object(), "{path}");
    }
}

#[test]
fn runs_and_checkpoints_are_recognised() {
    let sandbox = Sandbox::new();
    sandbox.write("run/config.toml", b"[gan]\nfamily = \"gan\"\nabout = \"tiny\"\n[slice]\nframes = 9\n");
    sandbox.write("run/dataset.json", b"{}");
    sandbox.write("run/metrics.jsonl", b"{\"step\":10,\"seconds\":61.0,\"generator_loss\":0.5}\n{\"step\":20,\"sec");
    sandbox.write("run/latest", b"step-00000010");
    sandbox.write("run/samples/step-00000010.wav", b"");
    let checkpoint = "run/checkpoints/step-00000010";
    sandbox.write(&format!("{checkpoint}/weights.safetensors"), &[0; 2_000]);
    let manifest =
        r#"{"format":1,"step":10,"seconds":61.0,"best":0.25,"files":{"gone":"x","weights.safetensors":"y"}}"#;
    sandbox.write(&format!("{checkpoint}/checkpoint.json"), manifest.as_bytes());
    assert_eq!(
        sandbox.adm("inspect run").done(),
        "run          run\n\
         model        gan: tiny (documents 000, 002 and 003)\n\
         progress     step 10 after 1:01 of training\n\
         metrics      generator_loss 0.5000\n\
         checkpoints  step-00000010\n\
         latest       step-00000010\n\
         previews     1\n"
    );
    assert_eq!(
        sandbox.adm(&format!("inspect {checkpoint}")).done(),
        format!(
            "checkpoint  {checkpoint}\n\
             step        10 after 1:01 of training\n\
             best        0.2500\n\
             files       gone, missing\n            weights.safetensors, 2.0 kB, changed since it was saved\n"
        )
    );
    sandbox.adm(&format!("inspect {checkpoint} --plot x.png")).failed(
        1,
        &format!(
            "error: there is nothing to draw in {checkpoint}\n\n\
             hint: --plot draws recordings, datasets, runs of generators, tensors, token books, grids and a dataset's \
             dataset.json; a sequencer's run has its token book in RUN/book\n"
        ),
    );
}

#[test]
fn spectrograms_are_drawn_of_what_sounds() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120").done();
    sandbox.adm("analyze a.wav -o t.npy").done();
    let mut sizes = Vec::new();
    for (path, said) in [
        ("a.wav", "drew its first 20 s into "),
        ("d", "drew 16 slices from its start to its end into "),
        ("t.npy", "drew its sound into "),
    ] {
        let picture = format!("{}.png", path.trim_end_matches(".wav"));
        let ran = sandbox.adm(&format!("inspect {path} --plot {picture}"));
        assert_eq!((ran.code, ran.stderr), (Some(0), format!("{said}{picture}\n")));
        let png = sandbox.read(&picture);
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{picture}");
        sizes.push(png.len());
    }
    assert!(sizes.iter().all(|size| *size > 5_000), "{sizes:?}");
    sandbox.adm("inspect a.wav -q --plot quiet.png").done();
    assert_eq!(sandbox.read("quiet.png"), sandbox.read("a.png"));
}

#[test]
fn what_is_not_ours_is_said_to_be_so() {
    let sandbox = Sandbox::new();
    sandbox.write("music/readme.txt", b"");
    sandbox.write("odd.json", b"{\"odd\": 1}");
    sandbox.write("cut.json", b"{\"odd\": ");
    sandbox.write("notes.txt", b"nothing to hear");
    sandbox.write("short.npy", b"\x93NUMPY\x01");
    sandbox
        .adm("inspect gone")
        .failed(1, "error: cannot read gone\n  Caused by: No such file or directory (os error 2)\n");
    sandbox.adm("inspect music").failed(
        1,
        "error: music is a folder, but no dataset, token book, run, checkpoint, export or bundle\n\n\
         hint: to make a dataset of the recordings in a folder: adm prepare FOLDER -o DATASET\n",
    );
    sandbox.adm("inspect odd.json").failed(
        1,
        "error: odd.json is JSON, but no manifest, grid, checkpoint, export, key or answers\n\n\
         hint: adm made dataset.json, export.json, checkpoint.json and what adm grid writes\n",
    );
    sandbox
        .adm("inspect cut.json")
        .failed(1, "error: cut.json is damaged JSON\n  Caused by: EOF while parsing a value at line 1 column 8\n");
    sandbox
        .adm("inspect short.npy")
        .failed(1, "error: short.npy is not a .npy file: the file ends inside its header\n");
    let ran = sandbox.adm("inspect notes.txt");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: cannot tell what notes.txt is\n  Caused by: notes.txt is not a recording"));
}

#[test]
fn damaged_datasets_are_told_from_whole_ones() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 5.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120").done();
    let whole = sandbox.read("d/slices.npy");
    sandbox.write("d/slices.npy", &whole[..1_000]);
    sandbox.adm("inspect d").failed(1, "error: d/slices.npy has 1000 bytes, expected 814288\n");
    fs::remove_file(sandbox.path("d/slices.npy")).unwrap();
    sandbox
        .adm("inspect d")
        .failed(1, "error: cannot read d/slices.npy\n  Caused by: No such file or directory (os error 2)\n");
    let manifest = String::from_utf8(sandbox.read("d/dataset.json")).unwrap();
    sandbox.write("d/dataset.json", manifest.replace("\"version\": 1", "\"version\": 9").as_bytes());
    sandbox.adm("inspect d/dataset.json").failed(
        1,
        "error: d/dataset.json is not a usable dataset manifest: its format version is 9, expected 1\n\n\
         hint: make the dataset again with adm prepare\n",
    );
}

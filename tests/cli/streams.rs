//! What goes to stdout and stderr, in which colours, and what happens when nobody reads it.

use crate::support::{Ran, Sandbox};
use std::fs::File;
use std::process::Stdio;

#[test]
fn a_reader_who_has_seen_enough_ends_nothing_badly() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 3.0, 0);
    sandbox.adm("grid a.wav -o g.json --bpm 120").done();
    for words in ["--help", "inspect g.json", "inspect g.json --json", "prepare a.wav -o d --bpm 120"] {
        let mut command = sandbox.command();
        let mut child = command.args(words.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{words}");
    }
    assert!(sandbox.path("d/dataset.json").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 3.0, 0);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = sandbox.command().args(["inspect", "a.wav"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    Ran::from(output)
        .failed(1, "error: cannot write the result to stdout\n  Caused by: No space left on device (os error 28)\n");
}

#[test]
fn colours_come_when_wanted_and_never_alone() {
    let sandbox = Sandbox::new();
    let red = "\x1b[1;31merror:\x1b[0m \"tpu\" is not a device\n";
    let plain = "error: \"tpu\" is not a device\n";
    assert!(sandbox.adm("devices --device tpu").stderr.starts_with(plain));
    assert!(sandbox.adm("devices --device tpu --color always").stderr.starts_with(red));
    assert!(sandbox.adm("devices --device tpu --color never").stderr.starts_with(plain));
    for (words, coloured) in [("prepare --color always", true), ("prepare --color=never", false), ("prepare", false)] {
        assert_eq!(sandbox.adm(words).stderr.contains('\x1b'), coloured, "{words}");
    }
}

#[test]
fn verbosity_changes_stderr_and_not_the_result() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 3.0, 0);
    sandbox.write("bad.wav", b"no music");
    let prepare =
        |flags: &str, output: &str| sandbox.adm(&format!("prepare a.wav bad.wav -o {output} --bpm 120 {flags}"));
    let (quiet, normal, verbose) = (prepare("-q", "q"), prepare("", "n"), prepare("-v", "v"));
    assert!(quiet.stderr.starts_with("warning: left out: bad.wav is not a recording"), "{}", quiet.stderr);
    assert_eq!(quiet.stderr, normal.stderr);
    for stage in ["reading: done in ", "slicing: done in ", "writing: done in "] {
        assert!(verbose.stderr.contains(stage) && !normal.stderr.contains(stage), "{stage}");
    }
    let lines = |ran: &super::support::Ran| ran.stdout.lines().skip(1).take(3).map(str::to_owned).collect::<Vec<_>>();
    assert!(lines(&quiet) == lines(&normal) && lines(&normal) == lines(&verbose));
}

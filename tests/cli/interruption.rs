//! Preparations that are killed, interrupted or run out of disk, and go on as if nothing had been.
#![cfg(unix)]

use crate::support::{Ran, Sandbox, blurred};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Recordings that together take a while.
const RECORDINGS: u32 = 24;

fn sets(sandbox: &Sandbox) {
    (0..RECORDINGS).for_each(|number| sandbox.recording(&format!("sets/{number:02}.wav"), 20.0, number));
}

fn begin(sandbox: &Sandbox, output: &str, flags: &str) -> Child {
    let words = format!("prepare sets -o {output} --bpm 120 --jobs 1 {flags}");
    let mut command = sandbox.command();
    command.args(words.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until the staging folder of `output` holds so many whole parts.
fn wait_for_parts(sandbox: &Sandbox, output: &str, parts: usize) {
    let staging = sandbox.path(&format!(".{output}.partial"));
    let whole = || {
        let entries = fs::read_dir(&staging).into_iter().flatten().flatten();
        entries.filter(|entry| entry.path().extension().is_some_and(|it| it == "json")).count()
    };
    let began = Instant::now();
    while whole() < parts {
        assert!(began.elapsed() < Duration::from_secs(60), "no {parts} parts of {output} within a minute");
        sleep(Duration::from_millis(1));
    }
}

#[track_caller]
fn assert_same(sandbox: &Sandbox, output: &str) {
    for file in ["slices.npy", "dataset.json"] {
        let (got, expected) = (sandbox.read(&format!("{output}/{file}")), sandbox.read(&format!("whole/{file}")));
        assert!(got == expected, "{output}/{file} differs from an undisturbed one");
    }
    assert!(!sandbox.path(&format!(".{output}.partial")).exists());
}

#[test]
fn a_killed_preparation_resumes_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    sets(&sandbox);
    Ran::from(begin(&sandbox, "whole", "").wait_with_output().unwrap()).done();
    for parts in [1, 5] {
        let output = format!("killed{parts}");
        let mut child = begin(&sandbox, &output, "");
        wait_for_parts(&sandbox, &output, parts);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!sandbox.path(&output).exists(), "it was killed before it was done");
        let again = Ran::from(begin(&sandbox, &output, "").wait_with_output().unwrap());
        again.failed(
            1,
            &format!(
                "error: an earlier preparation of this dataset was interrupted; what it did is in .{output}.partial\n\n\
                 hint: go on with --resume, or delete .{output}.partial to start afresh\n"
            ),
        );
        let resumed = Ran::from(begin(&sandbox, &output, "--resume --json").wait_with_output().unwrap()).json();
        assert!(resumed["resumed"].as_u64().unwrap() >= parts as u64, "{}", resumed["resumed"]);
        assert_same(&sandbox, &output);
    }
}

#[test]
fn ctrl_c_stops_with_130_and_says_how_to_go_on() {
    let sandbox = Sandbox::new();
    sets(&sandbox);
    let child = begin(&sandbox, "stopped", "");
    wait_for_parts(&sandbox, "stopped", 2);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    ran.failed(130, "interrupted\n\nhint: go on with the same command and --resume\n");
    assert!(!sandbox.path("stopped").exists());
    Ran::from(begin(&sandbox, "stopped", "--resume").wait_with_output().unwrap()).done();
    Ran::from(begin(&sandbox, "whole", "").wait_with_output().unwrap()).done();
    assert_same(&sandbox, "stopped");
}

#[test]
fn other_settings_cannot_resume() {
    let sandbox = Sandbox::new();
    sets(&sandbox);
    let mut child = begin(&sandbox, "d", "");
    wait_for_parts(&sandbox, "d", 1);
    child.kill().unwrap();
    child.wait().unwrap();
    Ran::from(begin(&sandbox, "d", "--resume --mono").wait_with_output().unwrap()).failed(
        1,
        "error: what is in .d.partial was prepared with other settings: channels 2, not channels 1\n\n\
         hint: use the settings of then, or delete .d.partial to start afresh\n",
    );
}

/// A limit on the size of files stands in for a full disk: the same calls fail, and nobody needs to be root.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let sandbox = Sandbox::new();
    sandbox.recording("sets/a.wav", 5.0, 0);
    sandbox.recording("sets/b.wav", 40.0, 1);
    let words = "prepare sets -o d --bpm 120 --jobs 1";
    let limited = |blocks: u32, words: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {words}");
        let mut command = sandbox.in_folder(Command::new("sh"));
        Ran::from(command.args(["-c", &script, env!("CARGO_BIN_EXE_adm")]).output().unwrap())
    };
    let ran = limited(2_000, words);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        blurred(&ran.stderr),
        "error: cannot write .d.partial/HASH.i16\n  Caused by: File too large (os error 27)\n\n\
         hint: free some space, or choose a place with more of it with -o\n"
    );
    assert_eq!(sandbox.names(), [".d.partial", "sets"]);
    let resumed = sandbox.adm(&format!("{words} --resume --json")).json();
    assert_eq!(resumed["resumed"], 1);
    sandbox.adm("prepare sets -o whole --bpm 120").done();
    assert_same(&sandbox, "d");
}

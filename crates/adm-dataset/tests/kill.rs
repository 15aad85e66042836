//! A preparation that is killed at any instant and resumed ends with the bytes of an undisturbed one.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::Silent;
use adm_dataset::{PrepareSettings, prepare};
use common::{contents, crate_of_records, on_the_beat, staging_of};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Instant;

const INPUT: &str = "ADM_TEST_INPUT";
const OUTPUT: &str = "ADM_TEST_OUTPUT";

/// Not a test by itself: what the test below starts in a process of its own.
#[test]
#[ignore = "run by the test that kills it"]
fn victim() {
    let (Some(input), Some(output)) = (env::var_os(INPUT), env::var_os(OUTPUT)) else { return };
    let settings = on_the_beat(&[PathBuf::from(input)], Path::new(&output));
    prepare(&PrepareSettings { resume: true, jobs: 2, ..settings }, &Silent).unwrap();
}

fn start(input: &Path, output: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "victim"])
        .env(INPUT, input)
        .env(OUTPUT, output)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_at_any_instant_and_resumed_it_ends_with_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let folder = crate_of_records(dir.path(), 8);
    let undisturbed = dir.path().join("undisturbed");
    let began = Instant::now();
    assert!(start(&folder, &undisturbed).wait().unwrap().success());
    let lasts = began.elapsed();
    let expected = contents(&undisturbed);
    let (mut killed, rounds) = (0, 12);
    for round in 0..rounds {
        let output = dir.path().join(format!("out{round}"));
        // Killed twice, the second time a little later in its life, then left to end.
        for later in 0..2 {
            let mut child = start(&folder, &output);
            sleep(lasts * (round + 4 * later) / rounds);
            child.kill().unwrap();
            killed += u32::from(!child.wait().unwrap().success());
            assert!(!output.exists() || contents(&output) == expected, "half a dataset is in place");
        }
        assert!(start(&folder, &output).wait().unwrap().success(), "round {round}");
        assert!(contents(&output) == expected, "round {round}");
        assert!(!staging_of(&output).exists(), "round {round}");
    }
    // How many depends on what else the machine does; with fewer nothing would have been tried.
    assert!(killed >= 3, "only {killed} were killed before they were done");
}

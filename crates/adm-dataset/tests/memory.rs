//! Reading a dataset does not make it part of the process's memory.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_core::Silent;
use adm_dataset::{Dataset, prepare};
use common::{music, on_the_beat, write_wav};
use std::fs;

/// Memory of mapped files that this process is charged with, in KiB.
fn mapped_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssFile:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn slices_that_were_copied_out_are_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let (path, output) = (dir.path().join("set.wav"), dir.path().join("dataset"));
    write_wav(&path, 44_100, 2, &music(1, 20).repeat(30));
    prepare(&on_the_beat(&[&path], &output), &Silent).unwrap();
    let dataset = Dataset::open(&output).unwrap();
    let size_kib = (dataset.len() * dataset.slice_samples() * 2 / 1024) as u64;
    assert!(size_kib > 45_000);
    let mut slice = vec![0.0; dataset.slice_samples()];
    let before = mapped_kib();
    for index in 0..dataset.len() {
        dataset.read_f32(index, &mut slice).unwrap();
    }
    let copied = mapped_kib() - before;
    assert!(copied < size_kib / 10, "{copied} KiB of {size_kib} stayed");
    // The measure itself: borrowed slices do stay.
    let sum: i64 = (0..dataset.len()).flat_map(|index| dataset.slice(index).unwrap()).map(|it| i64::from(*it)).sum();
    let borrowed = mapped_kib() - before;
    assert!(borrowed > size_kib / 2, "{borrowed} KiB of {size_kib}, sum {sum}");
}

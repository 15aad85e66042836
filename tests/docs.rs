//! The commands of the user's book run, in order, in one folder with a short set.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Half a minute of pulses at 130 BPM over a moving tone.
fn write_set(path: &Path) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for frame in 0..44_100 * 60 {
        let time = frame as f32 / 44_100.0;
        let pulse = (-30.0 * (time * 130.0 / 60.0).fract()).exp() * (time * 400.0).sin();
        let tone = 0.2 * (time * (900.0 + 20.0 * time)).sin();
        for sample in [pulse + tone, pulse - tone] {
            writer.write_sample((sample * 12_000.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

/// The lines of a page's `sh` blocks.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter(|line| line.starts_with("adm ")).map(str::to_owned).collect()
}

#[test]
fn the_commands_of_your_own_music_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sets")).unwrap();
    write_set(&folder.path().join("sets/set.wav"));
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/your-own-music.md")).unwrap();
    let commands = commands(&page);
    assert!(commands.len() >= 12, "{commands:?}");
    for (number, command) in commands.iter().enumerate() {
        // What takes minutes there takes steps here; a second sitting needs more of them than the first.
        let short = command.replace("--minutes 4", &format!("--steps {}", 2 * (number + 1)));
        let words: Vec<&str> = short.split_whitespace().skip(1).collect();
        let run = Command::new(env!("CARGO_BIN_EXE_adm"))
            .current_dir(folder.path())
            .args(["--device", "cpu"])
            .args(&words)
            .output();
        let run = run.unwrap();
        assert!(run.status.success(), "{short}\n{}", String::from_utf8_lossy(&run.stderr));
    }
    let music = hound::WavReader::open(folder.path().join("music.wav")).unwrap();
    assert_eq!((music.duration(), music.spec().sample_rate), (1_302_646, 44_100));
}

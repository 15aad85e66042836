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

/// Runs a page's commands in a folder with a set, each changed by `shorten` from its number.
fn run_page(page: &str, least: usize, shorten: impl Fn(usize, &str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sets")).unwrap();
    write_set(&folder.path().join("sets/set.wav"));
    run_page_in(&folder, page, least, shorten);
    folder
}

/// Runs a page's commands in a folder that has what they need.
fn run_page_in(folder: &tempfile::TempDir, page: &str, least: usize, shorten: impl Fn(usize, &str) -> String) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page)).unwrap();
    let commands = commands(&page);
    assert!(commands.len() >= least, "{commands:?}");
    for (number, command) in commands.iter().enumerate() {
        let short = shorten(number, command);
        let words: Vec<&str> = short.split_whitespace().skip(1).collect();
        let mut adm = Command::new(env!("CARGO_BIN_EXE_adm"));
        let run = adm.current_dir(folder.path()).args(["--device", "cpu"]).args(&words).output().unwrap();
        assert!(run.status.success(), "{short}\n{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn the_commands_of_your_own_music_run() {
    // What takes minutes there takes steps here; a second sitting needs more of them than the first.
    // A plan does not wait for steps.
    let short = |number, command: &str| match command.starts_with("adm plan") {
        true => format!("{command} --patience 0.01"),
        false => command.replace("--minutes 4", &format!("--steps {}", 2 * (number + 1))),
    };
    let folder = run_page("your-own-music.md", 15, short);
    let music = hound::WavReader::open(folder.path().join("music.wav")).unwrap();
    assert_eq!((music.duration(), music.spec().sample_rate), (1_302_646, 44_100));
}

#[test]
fn the_commands_of_training_run() {
    let folder = run_page("training.md", 6, |_, command| command.replace("--minutes 4", "--steps 2"));
    for name in ["run/report", "other/report", "comparison"] {
        assert!(folder.path().join(name).join("index.html").is_file(), "{name}");
    }
}

#[test]
fn the_commands_of_beat_grids_run() {
    let folder = run_page("beat-grids.md", 9, |_, command| command.to_owned());
    let read = |name: &str| adm_audio::Grid::from_json(&fs::read(folder.path().join(name)).unwrap()).unwrap();
    let (found, known) = (read("grid.json"), read("known.json"));
    assert!((found.bpm - 130.0).abs() < 0.02, "{}", found.bpm);
    assert!((read("double.json").bpm - 2.0 * found.bpm).abs() < 0.001 && known.bpm == 130.0);
    // The page's example is a grid file, too.
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/beat-grids.md")).unwrap();
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(adm_audio::Grid::from_json(example.as_bytes()).unwrap().beats.len(), 3);
}

#[test]
fn the_commands_of_phases_run() {
    let folder = run_page("phases.md", 5, |_, command| command.to_owned());
    assert!(folder.path().join("more.wav").is_file());
}

#[test]
fn the_commands_of_composer_and_of_live_run() {
    let short = |_: usize, command: &str| {
        let command = command.replace("--minutes 4", "--steps 2");
        if command.ends_with("--run sequencer") && command.contains("train") { command + " --steps 4" } else { command }
    };
    let folder = run_page("composer.md", 18, short);
    let music = hound::WavReader::open(folder.path().join("music.wav")).unwrap();
    // 128 beats at the dataset's 130 BPM.
    assert_eq!((music.duration(), music.spec().sample_rate), (2_605_292, 44_100));
    // What plays without an end ends here; a port that is free, and nobody to pipe to.
    let heard = |_: usize, command: &str| {
        let words =
            command.split(['|', '#']).next().unwrap_or_default().trim().replace("127.0.0.1:8420", "127.0.0.1:0");
        format!("{words} --seconds 1 --budget 32")
    };
    run_page_in(&folder, "live.md", 3, heard);
    let record = hound::WavReader::open(folder.path().join("set.wav")).unwrap();
    assert_eq!(record.duration(), 44_100);
}

#[test]
fn the_commands_of_listening_tests_run() {
    // What waits for participants is tried with a server of its own; a demo that hardly trains is enough to be asked about.
    let short = |_: usize, command: &str| match command {
        "adm demo" => "adm demo --config complex --steps 2 --set-minutes 2 --bars 2".to_owned(),
        command if command.contains("survey-serve") => "adm survey-order study --sheet 0".to_owned(),
        command => command.to_owned(),
    };
    let folder = run_page("listening-tests.md", 9, short);
    for name in ["study/index.html", "study.key.json", "rehearsal/report.html"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn the_commands_of_document_000_run() {
    let short = |_: usize, command: &str| match command {
        command if command.starts_with("adm plan") => format!("{command} --patience 0.01"),
        command if command.starts_with("adm train gan") => {
            format!(
                "{command} --steps 1 --set training.batch=2 --set generator.widths=[8,8,4,4] --set discriminator.widths=[4,4]"
            )
        }
        command if command.starts_with("adm train sequencer") => {
            format!("{command} --steps 4 --set network.hidden=8 --set input.width=8")
        }
        command => command.replace("--bars 32", "--bars 2").replace("--bars 16", "--bars 2 --budget 4"),
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sets")).unwrap();
    write_set(&folder.path().join("sets/set.wav"));
    // The survey asks about what a demo made; one that hardly trains is enough.
    let mut demo = Command::new(env!("CARGO_BIN_EXE_adm"));
    let words = ["--device", "cpu", "demo", "--config", "complex", "--steps", "2", "--set-minutes", "2", "--bars", "2"];
    assert!(demo.current_dir(folder.path()).args(words).output().unwrap().status.success());
    run_page_in(&folder, "document-000.md", 15, short);
    for name in ["music", "first-model", "second-model", "beat"] {
        assert!(hound::WavReader::open(folder.path().join(name).with_extension("wav")).is_ok(), "{name}");
    }
    assert!(folder.path().join("rehearsal/report.html").is_file());
}

#[test]
fn the_commands_of_document_001_run() {
    // Three scales of two steps; the set's pulses are short, and quiet in the mean.
    let small = "--set pyramid.rates=[320,1280,2000] --set pyramid.first_energy=0 --set network.first_channels=4 --set network.channels=4 \
                 --set training.steps=2 --set training.schedule.judge_every=0 --set training.schedule.preview_every=0";
    let folder = run_page("document-001.md", 8, |_, command| command.replace("--minutes 60", small));
    for (name, seconds) in [("new", 25), ("varied", 25), ("filled", 25), ("clean", 25)] {
        let made = hound::WavReader::open(folder.path().join(format!("{name}.wav"))).unwrap();
        assert_eq!((made.duration(), made.spec().sample_rate), (seconds * 44_100, 44_100), "{name}");
    }
}

#[test]
fn the_commands_of_document_002_run() {
    // Days of training become two steps of a narrow generator.
    let short = |_: usize, command: &str| match command {
        command if command.starts_with("adm plan") => format!("{command} --patience 0.01"),
        command if command.starts_with("adm train") => {
            format!("{command} --steps 2 --set training.batch=4 --set generator.widths=[32,16,8,4,2]")
        }
        command => command.to_owned(),
    };
    let folder = run_page("document-002.md", 8, short);
    assert!(folder.path().join("djset-3/report/index.html").is_file());
    // Eight windows of 4.05 s, and one.
    for (name, rate, frames) in
        [("generated", 44_100, 1_428_840), ("random", 44_100, 1_428_840), ("recorded", 8_000, 32_400)]
    {
        let sound = hound::WavReader::open(folder.path().join(format!("{name}.wav"))).unwrap();
        assert_eq!((sound.spec().sample_rate, sound.spec().channels, sound.duration()), (rate, 1, frames), "{name}");
    }
}

#[test]
fn the_commands_of_document_004_run() {
    let short = |_: usize, command: &str| match command {
        command if command.starts_with("adm train") => {
            format!("{} --steps 2 --set network.hidden=8 --set training.batch=4", command.replace(" --minutes 2", ""))
        }
        command => command.replace("--rows 1000", "--rows 20"),
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sets")).unwrap();
    write_set(&folder.path().join("sets/set.wav"));
    let one = |at: usize| if at % 16 < 8 { at % 16 } else { 15 - at % 16 };
    let row = |at: usize| (0..8).map(|column| if column == one(at) { "1" } else { "0" }).collect::<Vec<_>>().join(",");
    fs::write(folder.path().join("rows.csv"), (0..400).map(|at| row(at) + "\n").collect::<String>()).unwrap();
    run_page_in(&folder, "document-004.md", 10, short);
    for name in ["greedy", "exact", "tempered", "drawn"] {
        let rows = fs::read_to_string(folder.path().join(name).with_extension("csv")).unwrap();
        assert_eq!(rows.lines().count(), 20, "{name}");
    }
    assert!(folder.path().join("music/report/index.html").is_file());
}

#[test]
fn the_commands_of_document_003_run() {
    let small = "--steps 2 --set network.dense=[16]";
    let short = |_: usize, command: &str| match command {
        command if command.starts_with("adm train gan") => {
            format!(
                "{command} --steps 2 --set generator.widths=[8,8] --set discriminator.widths=[8,8] --set training.batch=4"
            )
        }
        command if command.contains("--run vae") && command.starts_with("adm train") => {
            format!("{command} {small} --set network.widths=[4,4] --set training.batch=4")
        }
        command if command.starts_with("adm train") => format!("{command} {small} --set training.batch=4"),
        command if command.starts_with("adm evaluate") => format!("{command} --beats 24"),
        command => command.to_owned(),
    };
    let folder = run_page("document-003.md", 13, short);
    for (name, beats) in [("new", 32), ("between", 8)] {
        let sound = hound::WavReader::open(folder.path().join(format!("{name}.wav"))).unwrap();
        // At 130 BPM.
        let seconds = f64::from(sound.duration()) / 44_100.0;
        assert!((seconds - f64::from(beats) * 60.0 / 130.0).abs() < 1e-3, "{name}: {seconds}");
    }
}

#[test]
fn the_commands_of_diffusion_run() {
    // Two steps make noise, which is no copy of anything; few beats are enough to say so.
    let short = |_: usize, command: &str| match command {
        command if command.starts_with("adm train diffusion") => format!(
            "{command} --steps 2 --set network.widths=[8,8] --set network.patch=8 --set network.embedding=16 \
             --set training.batch=4 --set sampling.steps=4"
        ),
        command if command.starts_with("adm train") => {
            format!(
                "{command} --steps 2 --set network.beat=12 --set network.bar=8 --set network.phrase=8 --set input.width=8"
            )
        }
        command if command.starts_with("adm plan") => format!("{command} --patience 0.01"),
        command if command.starts_with("adm evaluate") => format!("{command} --beats 24"),
        command => command
            .replace("--bars 8", "--bars 1")
            .replace("--sampling-steps 100", "--sampling-steps 2")
            .replace("BEAT.wav", "slices/000000.wav"),
    };
    let folder = run_page("diffusion.md", 12, short);
    for name in ["music", "finer", "ordered", "anew"] {
        assert!(folder.path().join(name).with_extension("wav").is_file(), "{name}");
    }
}

#[test]
fn the_commands_of_judging_run() {
    // Two steps make noise, which is no copy of anything; few beats are enough to say so.
    let short = |_: usize, command: &str| {
        let command = command.replace("--minutes 4", "--steps 2");
        if command.contains("evaluate") && !command.contains("--beats") { command + " --beats 24" } else { command }
    };
    let folder = run_page("judging.md", 5, short);
    assert!(folder.path().join("judged/index.html").is_file());
}

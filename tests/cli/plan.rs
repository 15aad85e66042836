//! `adm plan`: what a training would take. Networks are so small that a step takes milliseconds.

use crate::support::{Ran, Sandbox};
use crate::trained::{SMALL_GAN, SMALL_SEQUENCER, tokenized};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// `cpu` shrunk to beats of 10,177 frames that a few thousand weights look at.
const TINY: &str = "--device cpu --set representation.bins=64 --set representation.frames=256 \
                    --set generator.widths=[8,4] --set generator.latent=4 --set discriminator.widths=[4,8] \
                    --set training.batch=4";

/// `adm` with a folder for temporary files of its own, which must be empty afterwards.
fn plan(sandbox: &Sandbox, words: &str) -> Ran {
    fs::create_dir_all(sandbox.path("temporary")).unwrap();
    let mut command = sandbox.command();
    command.env("TMPDIR", sandbox.path("temporary")).args(["--quiet", "plan"]).args(words.split_whitespace());
    let ran = Ran::from(command.output().unwrap());
    let left = fs::read_dir(sandbox.path("temporary")).unwrap().count();
    assert_eq!(left, 0, "nothing is left on disk");
    ran
}

/// The figures of the only row.
fn figures(json: &Value) -> Value {
    assert_eq!(json["rows"].as_array().unwrap().len(), 1, "{json}");
    json["rows"][0]["figures"].clone()
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let bytes = |entry: fs::DirEntry| match entry.path().is_dir() {
        true => bytes_in(&entry.path()),
        false => entry.metadata().unwrap().len(),
    };
    entries.map(bytes).sum()
}

/// The first words of the lines of a table, and every number blurred.
fn blurred(text: &str) -> Vec<String> {
    let digit = |c: char| if c.is_ascii_digit() { '9' } else { c };
    text.lines().map(|line| line.chars().map(digit).collect()).collect()
}

#[test]
fn without_a_dataset_beats_are_made_up() {
    let sandbox = Sandbox::new();
    let text = plan(&sandbox, &format!("gan --config cpu --steps 60 {TINY}")).done();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("device  CPU, "), "{text}");
    let data = "data    made-up beats at 130 BPM, as if there were 7,000 slices to learn from; --data takes yours";
    assert_eq!((lines[1], lines[2]), (data, ""));
    let titles: Vec<&str> = lines[3].split("  ").map(str::trim).filter(|title| !title.is_empty()).collect();
    let expected = [
        "preset",
        "weights",
        "a step",
        "a minute",
        "budget",
        "steps",
        "epochs",
        "takes",
        "memory",
        "checkpoint of run",
    ];
    assert_eq!(titles, expected);
    let row: Vec<&str> = lines[4].split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!((row.len(), row[0], row[4], row[5], row[6]), (10, "cpu", "60 steps", "60", "0.0"), "{text}");
    assert_eq!(lines.len(), 5, "{text}");
    assert_eq!(sandbox.names(), ["temporary"]);
}

#[test]
fn json_has_every_figure() {
    let json =
        plan(&Sandbox::new(), &format!("gan --config conditional --epochs 2 --patience 600 --json {TINY}")).json();
    assert_eq!((&json["family"], &json["data"], &json["items"]), (&"gan".into(), &Value::Null, &7_000.into()));
    let figures = figures(&json);
    // 7,000 slices twice, four a step; the preset has four minutes.
    assert_eq!((&figures["budget"]["steps"], &figures["budget"]["epochs"]), (&3_500.into(), &2.0.into()));
    assert!(figures["own"]["seconds"].as_f64().unwrap() >= 240.0, "{json}");
    let timed = &figures["measured"]["found"]["timed"];
    assert_eq!((&figures["at_least"], &timed["steps"]), (&false.into(), &20.into()));
    let each = figures["seconds_a_step"].as_f64().unwrap();
    assert!((figures["steps_a_minute"].as_f64().unwrap() * each - 60.0).abs() < 1e-6, "{json}");
    assert!(figures["budget"]["seconds"].as_f64().unwrap() > 3_500.0 * each, "{json}");
    assert_eq!(figures["measured"]["weights"].as_array().unwrap().len(), 2);
    let memory = &figures["measured"]["peak_memory"];
    assert_eq!(memory.as_u64().is_some_and(|bytes| bytes > 10_000_000), cfg!(target_os = "linux"), "{json}");
}

#[test]
fn what_a_plan_says_of_disk_is_what_a_run_is() {
    let sandbox = tokenized();
    let json = plan(&sandbox, &format!("gan --data d --steps 8 --json {SMALL_GAN}")).json();
    sandbox.adm(&format!("train gan --data d --run run --steps 8 {SMALL_GAN}")).done();
    let figures = figures(&json);
    assert_eq!((&json["data"], &figures["budget"]["steps"]), (&"d".into(), &8.into()));
    // The step and the time stand in it in other digits.
    let checkpoint = figures["measured"]["found"]["timed"]["checkpoint"]["bytes"].as_u64().unwrap();
    let real = bytes_in(&sandbox.path("run/checkpoints/step-00000008"));
    assert!(checkpoint.abs_diff(real) < 64, "{checkpoint} instead of {real}");
    // What says what a run is, and the last preview, which the schedule of this one does not have, are not counted, nor the page
    // that shows it.
    let (foretold, real) = (figures["budget"]["run_bytes"].as_u64().unwrap(), bytes_in(&sandbox.path("run")));
    let preview = bytes_in(&sandbox.path("run/samples")) + bytes_in(&sandbox.path("run/report"));
    assert!((real - preview).abs_diff(foretold) < 20_000, "{foretold} instead of {}", real - preview);
    assert_eq!(figures["measured"]["items"].as_u64().unwrap(), json["items"].as_u64().unwrap());
}

#[test]
fn a_sequencer_is_planned_with_and_without_tokens() {
    let sandbox = tokenized();
    let words = format!("sequencer --json {SMALL_SEQUENCER}");
    let made_up = plan(&sandbox, &words).json();
    assert_eq!((&made_up["items"], &figures(&made_up)["budget"]["steps"]), (&3_584.into(), &2_000.into()));
    let own = plan(&sandbox, &format!("{words} --data d --epochs 3")).json();
    let (beats, figures) = (own["items"].as_u64().unwrap(), figures(&own));
    assert_eq!(figures["budget"]["steps"].as_u64().unwrap(), (3 * beats).div_ceil(4 * 16));
    assert!(figures["measured"]["beside"].as_u64().unwrap() > 1_000, "the token book is in the run: {own}");
    let text = plan(&sandbox, &format!("sequencer {SMALL_SEQUENCER}")).done();
    assert!(
        text.contains(
            "\ndata    a made-up transcript, as if there were 3,584 beats to learn from; --data takes yours\n"
        ),
        "{text}"
    );
}

#[test]
fn what_does_not_fit_is_a_row_that_says_why() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 40.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120 --target-bpm 120 --sample-rate 22050").done();
    let ran = plan(&sandbox, &format!("gan --config cpu --config conditional --data d --minutes 3 {TINY}"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(3), ""), "{}", ran.stdout);
    let end = "conditional is skipped: the configuration is conditional, but the slices of d have no tokens\n  \
               hint: make tokens with adm tokenize d, or give a --config that is told no tokens\n\n\
               nothing gets through its own budget in 3:00; cpu gets furthest, through 75 %\n";
    assert!(ran.stdout.ends_with(end), "{}", ran.stdout);
    let ran = plan(&sandbox, &format!("gan --config conditional --data d --minutes 3 {TINY}"));
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("\nconditional is skipped: "), "{}", ran.stdout);
    let hint = "hint: make tokens with adm tokenize d, or give a --config that is told no tokens";
    assert_eq!(ran.stderr, format!("error: none of these configurations can be trained here\n\n{hint}\n"));
    let ran = plan(&sandbox, &format!("gan --config cpu --data d {TINY} --set sample_rate=44100"));
    assert_eq!(ran.code, Some(1));
    let reason = "cpu is skipped: the dataset is sampled at 22050 Hz, but this configuration is made for 44100 Hz\n";
    assert!(ran.stdout.contains(reason), "{}", ran.stdout);
}

#[test]
fn several_are_compared_in_one_table() {
    let sandbox = Sandbox::new();
    sandbox.write("quick.toml", b"family = 'gan'\nabout = 'quick'\n[training]\nepochs = 0\nminutes = 0.5\n");
    let both = "gan --config cpu --config quick.toml";
    let text = plan(&sandbox, &format!("{both} {TINY}")).done();
    assert!(text.ends_with("\nquick.toml is done first, after 30.0 s; --minutes N says what fits the time there is\n"));
    for (minutes, end) in [
        ("0.25", "nothing gets through its own budget in 15.0 s; quick.toml gets furthest, through 50 %"),
        ("1", "quick.toml gets through its own budget in 1:00"),
        ("4", "cpu and quick.toml get through their own budgets in 4:00"),
    ] {
        let text = plan(&sandbox, &format!("{both} {TINY} --minutes {minutes}")).done();
        assert_eq!(text.lines().last().unwrap(), end);
        let rows =
            blurred(&text).into_iter().filter(|line| line.starts_with("cpu ") || line.starts_with("quick.toml "));
        assert!(rows.count() >= 2, "{text}");
    }
    let without = "family = 'gan'\nabout = 'endless'\n[training]\nepochs = 0\nminutes = 0.0\n";
    sandbox.write("endless.toml", without.as_bytes());
    let ran = plan(&sandbox, &format!("gan --config endless.toml {TINY}"));
    assert!(ran.stdout.contains("\nendless.toml is skipped: it goes on until it is stopped\n"), "{ran:?}");
    plan(&sandbox, &format!("gan --config endless.toml --steps 5 {TINY}")).done();
}

#[test]
fn a_step_that_takes_too_long_is_at_least_that_long() {
    let sandbox = Sandbox::new();
    let json = plan(&sandbox, "gan --config training-5 --steps 1000 --patience 0.01 --device cpu --json").json();
    let figures = figures(&json);
    assert_eq!((&figures["at_least"], &figures["seconds_a_step"]), (&true.into(), &0.02.into()));
    assert_eq!((&figures["budget"]["seconds"], &figures["budget"]["run_bytes"]), (&20.0.into(), &Value::Null));
    let text = plan(&sandbox, "gan --config training-5 --patience 0.01 --minutes 1 --device cpu").done();
    let row = text.lines().find(|line| line.starts_with("training-5 ")).unwrap();
    for cell in ["  ≥ 0.020 s  ", "  ≤ 3,000  ", "  1 minute  ", "  ? of ?"] {
        assert!(row.contains(cell), "{row}");
    }
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let sandbox = Sandbox::new();
    plan(&sandbox, "gan --config training4").failed(
        2,
        "error: there is no preset \"training4\" of the family gan\n\n\
         hint: use --config training-4 (there are adm, cpu, complex, conditional, training-1, training-2, training-3, training-4, training-5, \
         djset-1, djset-2, djset-3, djset-4, djset-4-uniform, document-003)\n",
    );
    let more = "\n\nFor more information, try '--help'.\n";
    plan(&sandbox, "gan --patience 0").failed(
        2,
        &format!(
            "error: invalid value '0' for '--patience <SECONDS>': it must be a number above 0 and up to 1000000{more}"
        ),
    );
    let ran = plan(&sandbox, "gan --steps 3 --epochs 1");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: the argument '--steps <N>' cannot be used with '--epochs <N>'\n"));
    for family in ["gan", "sequencer"] {
        let ran = plan(&sandbox, &format!("{family} --data gone --device cpu"));
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.starts_with("error: cannot read gone/dataset.json\n  Caused by: "), "{}", ran.stderr);
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_it_at_once_and_leaves_nothing() {
    use std::process::{Command, Stdio};
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("temporary")).unwrap();
    let mut command = sandbox.command();
    command.env("TMPDIR", sandbox.path("temporary")).args(["plan", "gan", "--config", "training-5", "--device", "cpu"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = || {
        let folders = fs::read_dir(sandbox.path("temporary")).unwrap().map(|entry| entry.unwrap().path());
        folders.into_iter().any(|folder| folder.join("0/config.toml").exists())
    };
    while !begun() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(130), "", ""));
    assert_eq!(fs::read_dir(sandbox.path("temporary")).unwrap().count(), 0);
}

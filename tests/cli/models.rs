//! `adm train` and `adm generate`, on networks so small that a step takes milliseconds.

use crate::support::{Ran, Sandbox};
use std::fs;
use std::path::Path;

/// A preset shrunk to slices of 0.2 s at 8 kHz.
const SMALL: &str = "--device cpu --set sample_rate=0 --set representation.bins=32 --set representation.frames=32 \
                     --set generator.widths=[16,8] --set generator.latent=8 --set discriminator.widths=[8,16] \
                     --set training.batch=4 --set training.schedule.checkpoint_every=4 \
                     --set training.schedule.preview_every=0 --set training.schedule.judge_every=0";

/// A sandbox with the dataset `d` of 80 slices.
fn with_dataset() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 40.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120 --target-bpm 300 --sample-rate 8000").done();
    sandbox
}

/// A sandbox with the run `run` of eight steps on `d`, with checkpoints at four and eight.
fn with_run() -> Sandbox {
    let sandbox = with_dataset();
    sandbox.adm(&format!("train gan --data d --run run --steps 8 {SMALL}")).done();
    sandbox
}

/// Every file of a checkpoint but the one that tells the time.
fn weights(checkpoint: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(checkpoint).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        name.ends_with(".safetensors").then(|| (name, fs::read(path).unwrap()))
    };
    let mut files: Vec<_> = entries.filter_map(named).collect();
    files.sort();
    files
}

#[test]
fn a_run_trains_generates_and_is_recognised() {
    let sandbox = with_run();
    let inspected = sandbox.adm("inspect run --json").json();
    assert_eq!(inspected["kind"], "run");
    assert_eq!(inspected["checkpoints"], serde_json::json!(["step-00000004", "step-00000008"]));
    assert_eq!(inspected["last_metrics"]["step"], 8);
    assert!(sandbox.adm("inspect run").done().contains("\nmodel        gan: "));
    sandbox.adm("inspect run --plot run.png -q").done();
    let made = sandbox.adm("generate --run run -o g.wav --bars 16 --bpm 260 --device cpu --json").json();
    assert_eq!((&made["beats"], &made["frames"]), (&64.into(), &651_323.into()));
    let heard = sandbox.adm("inspect g.wav --json").json();
    assert_eq!((&heard["frames"], &heard["channels"]), (&651_323.into(), &2.into()));
    assert!(heard["true_peak_dbtp"].as_f64().unwrap() <= -0.9, "{heard}");
}

#[test]
fn a_resumed_training_is_bit_identical_to_an_undisturbed_one() {
    let sandbox = with_run();
    sandbox.adm(&format!("train gan --data d --run halves --steps 4 {SMALL}")).done();
    sandbox.adm("train gan --run halves --resume --steps 8 --device cpu").done();
    let (halves, whole) = (
        weights(&sandbox.path("halves/checkpoints/step-00000008")),
        weights(&sandbox.path("run/checkpoints/step-00000008")),
    );
    assert_eq!(halves.len(), 5);
    assert!(halves == whole);
    sandbox.adm(&format!("train gan --data d --run seeded --steps 8 --seed 1 {SMALL}")).done();
    assert!(weights(&sandbox.path("seeded/checkpoints/step-00000008")) != whole, "another seed is another run");
}

#[test]
fn the_same_seed_gives_the_same_music() {
    let sandbox = with_run();
    for (output, flags) in [("one", ""), ("two", "--threads 1"), ("seeded", "--seed 7"), ("tame", "--truncation 0.5")] {
        sandbox.adm(&format!("generate --run run -o {output}.wav --beats 6 --format 16 --device cpu {flags}")).done();
    }
    let read = |name: &str| sandbox.read(&format!("{name}.wav"));
    assert!(read("one") == read("two") && read("one") != read("seeded") && read("one") != read("tame"));
}

#[test]
fn windows_are_played_to_their_end() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 40.0, 0);
    sandbox.adm("prepare a.wav -o w --window 2 --hop 0.25 --sample-rate 8000 --mono").done();
    sandbox.adm(&format!("train gan --data w --run run --config djset-3 --steps 2 {SMALL}")).done();
    let made = sandbox.adm("generate --run run -o g.wav --seconds 8 --device cpu --json").json();
    // Four beats at 120 BPM last as long as a window.
    assert_eq!((&made["beats"], &made["bpm"], &made["frames"]), (&16.into(), &120.0.into(), &352_800.into()));
    let heard = sandbox.adm("inspect g.wav --json").json();
    assert_eq!((&heard["frames"], &heard["channels"]), (&352_800.into(), &1.into()));
}

#[test]
fn configurations_that_make_no_sense_name_the_nearest_that_does() {
    let sandbox = with_dataset();
    let train = |flags: &str| sandbox.adm(&format!("train gan --data d --run run --device cpu {flags}"));
    train("--config training4").failed(
        2,
        "error: there is no preset \"training4\" of the family gan\n\n\
         hint: use --config training-4 (there are adm, cpu, complex, conditional, training-1, training-2, training-3, training-4, training-5, \
         djset-1, djset-2, djset-3, djset-4, djset-4-uniform, document-003)\n",
    );
    let ran = train("--set trainig.batch=3");
    assert_eq!(ran.code, Some(2));
    let unknown = "error: the configuration cpu cannot be used\n  Caused by: unknown field `trainig`, expected one of ";
    assert!(ran.stderr.starts_with(unknown), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("\n\nhint: did you mean training?\n"), "{}", ran.stderr);
    let ran = train("--set training.batch=many");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("\n  Caused by: invalid type: string \"many\", expected usize\n"), "{}", ran.stderr);
    let ran = train("--set training.batch=0");
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(2), "error: training.batch must be 1 to 4096, got 0\n\nhint: change it with --set training.batch=…\n")
    );
    train("--set training").failed(
        2,
        "error: \"training\" is not a setting of the form key=value\n\n\
         hint: write --set optimizer.generator_rate=0.0001, for example\n",
    );
    sandbox.write("own.toml", b"family = 'gan'\nabout = \n");
    let ran = train("--config own.toml");
    assert_eq!(ran.code, Some(2));
    let place =
        "error: the configuration own.toml cannot be used\n  Caused by: TOML parse error at line 2, column 9\n    ";
    assert!(ran.stderr.starts_with(place), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["a.wav", "d", "own.toml"]);
}

#[test]
fn datasets_that_do_not_fit_say_what_would() {
    let sandbox = with_dataset();
    let train = |flags: &str| sandbox.adm(&format!("train gan --run run --steps 1 {flags}"));
    train("--data d --device cpu").failed(
        1,
        "error: the dataset is sampled at 8000 Hz, but this configuration is made for 22050 Hz\n\n\
         hint: prepare the recordings again with --sample-rate 22050, or train with --set sample_rate=0 to take the \
         dataset as it is\n",
    );
    train(&format!("--data d {SMALL} --set training.batch=500")).failed(
        1,
        "error: the dataset has 62 training slices, fewer than a batch of 500\n\n\
         hint: prepare more recordings, or lower it with --set training.batch=…\n",
    );
    train(&format!("--data d --config conditional {SMALL}")).failed(
        1,
        "error: the configuration is conditional, but the slices of d have no tokens\n\n\
         hint: make tokens with adm tokenize d, or give a --config that is told no tokens\n",
    );
    let ran = train("--data gone --device cpu");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: cannot read gone/dataset.json\n  Caused by: "), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["a.wav", "d"]);
}

#[test]
fn runs_are_neither_overwritten_nor_mixed() {
    let sandbox = with_run();
    let before = weights(&sandbox.path("run/checkpoints/step-00000008"));
    sandbox.adm(&format!("train gan --data d --run run --steps 1 {SMALL}")).failed(
        1,
        "error: run already holds a run\n\nhint: use --resume to continue it, or give --run another directory\n",
    );
    sandbox
        .adm("train gan --run gone --resume --device cpu")
        .failed(1, "error: gone holds no run\n\nhint: give --run a directory that `adm train` made\n");
    sandbox.adm("train gan --run run --resume --set training.batch=2").failed(
        2,
        "error: a run keeps the configuration that it began with\n\n\
         hint: leave out --config, --set and --seed, or start a new --run\n",
    );
    sandbox.adm("prepare a.wav -o other --bpm 120 --target-bpm 300 --sample-rate 8000 --seed 3").done();
    let ran = sandbox.adm("train gan --run run --resume --data other --device cpu --steps 9");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: this run was trained on another dataset (fingerprint "), "{}", ran.stderr);
    assert!(weights(&sandbox.path("run/checkpoints/step-00000008")) == before);
}

#[test]
fn what_is_no_run_is_never_made_one() {
    let sandbox = with_dataset();
    let before = sandbox.read("d/dataset.json");
    sandbox
        .adm(&format!("train gan --data d --run d --steps 1 {SMALL}"))
        .failed(1, "error: d is not empty and holds no run\n\nhint: give --run a new or empty directory\n");
    assert_eq!(sandbox.read("d/dataset.json"), before);
    sandbox.adm("inspect d").done();
}

#[test]
fn a_run_that_is_being_trained_is_left_alone() {
    let sandbox = with_run();
    let lock = fs::File::create(sandbox.path("run/lock")).unwrap();
    lock.lock().unwrap();
    sandbox.adm("train gan --run run --resume --steps 9 --device cpu").failed(
        1,
        "error: another process is training run\n\nhint: wait until it is done, or give --run another directory\n",
    );
    drop(lock);
    sandbox.adm("train gan --run run --resume --steps 9 --device cpu").done();
}

#[test]
fn training_past_a_damaged_checkpoint_keeps_what_it_saves() {
    let sandbox = with_run();
    sandbox.write("run/checkpoints/step-00000008/generator.safetensors", b"gone");
    assert_eq!(sandbox.adm("train gan --run run --resume --steps 5 --device cpu").code, Some(0));
    assert!(!sandbox.path("run/checkpoints/step-00000008").exists());
    let again = sandbox.adm("train gan --run run --resume --steps 6 --device cpu");
    assert_eq!((again.code, again.stderr.contains("passed over")), (Some(0), false), "{}", again.stderr);
}

#[test]
fn a_run_that_lost_its_checkpoints_is_not_begun_again() {
    let sandbox = with_run();
    let metrics = sandbox.read("run/metrics.jsonl");
    fs::remove_dir_all(sandbox.path("run/checkpoints")).unwrap();
    sandbox.adm("train gan --run run --resume --steps 9 --device cpu").failed(
        1,
        "error: run holds no usable checkpoint\n\nhint: wait for its first checkpoint, or go on with it: \
         adm train FAMILY --run RUN --resume\n",
    );
    assert_eq!(sandbox.read("run/metrics.jsonl"), metrics);
}

#[test]
fn a_seed_may_stand_in_the_configuration() {
    let sandbox = with_dataset();
    let first_seed = |run: &str, flags: &str| {
        sandbox.adm(&format!("train gan --data d --run {run} --steps 1 {SMALL} {flags}")).done();
        let config = String::from_utf8(sandbox.read(&format!("{run}/config.toml"))).unwrap();
        config.lines().find(|line| line.starts_with("seed")).unwrap().to_owned()
    };
    assert_eq!(first_seed("a", "--set seed=7"), "seed = 7");
    assert_eq!(first_seed("b", "--set seed=7 --seed 3"), "seed = 3");
    assert_eq!(first_seed("c", "--config a/config.toml"), "seed = 7");
}

#[test]
fn a_damaged_checkpoint_is_passed_over_with_a_warning() {
    let sandbox = with_run();
    let damage = |step: &str| {
        let path = format!("run/checkpoints/step-{step}/generator-average.safetensors");
        let mut bytes = sandbox.read(&path);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        sandbox.write(&path, &bytes);
    };
    damage("00000008");
    let ran = sandbox.adm("generate --run run -o g.wav --beats 2 --device cpu --json");
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stderr,
        "warning: passed over a checkpoint: run/checkpoints/step-00000008/generator-average.safetensors is damaged: \
         its content has changed; using that of step 4\n"
    );
    assert!(ran.stdout.contains("\"checkpoint_step\": 4"), "{}", ran.stdout);
    let ran = sandbox.adm("train gan --run run --resume --steps 6 --device cpu");
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.ends_with("its content has changed; continuing from step 4\n"), "{}", ran.stderr);
    ["00000004", "00000006"]
        .into_iter()
        .filter(|step| sandbox.path(&format!("run/checkpoints/step-{step}")).exists())
        .for_each(damage);
    let ran = sandbox.adm("generate --run run -o h.wav --beats 2 --device cpu");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: run holds no usable checkpoint\n"), "{}", ran.stderr);
    assert!(!sandbox.path("h.wav").exists());
}

#[test]
fn generation_refuses_what_it_cannot_do() {
    let sandbox = with_run();
    sandbox.write("x.wav", b"precious");
    sandbox
        .adm("generate --run run -o x.wav --device cpu")
        .failed(1, "error: x.wav exists\n\nhint: choose another place, or delete it first\n");
    assert_eq!(sandbox.read("x.wav"), b"precious");
    for value in ["0", "1.5", "NaN"] {
        sandbox.adm(&format!("generate --run run -o g.wav --truncation {value}")).failed(
            2,
            &format!(
                "error: the truncation must be from 0.01 to 1, got {value}\n\n\
                 hint: give --truncation a value that is from 0.01 to 1\n"
            ),
        );
    }
    sandbox
        .adm("generate --run d -o g.wav --device cpu")
        .failed(1, "error: d holds no run\n\nhint: give --run a directory that `adm train` made\n");
    let ran = sandbox.adm("generate --run run -o g.wav --device gpu:99");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: there is no gpu:99 on this machine"), "{}", ran.stderr);
    assert!(!sandbox.path("g.wav").exists());
}

#[test]
#[cfg(unix)]
fn ctrl_c_saves_a_checkpoint_and_a_kill_loses_nothing_before_the_last() {
    use std::process::{Command, Stdio};
    let sandbox = with_dataset();
    let begin = |run: &str| {
        let words = format!("train gan --data d --run {run} {SMALL} --steps 1000000");
        let mut command = sandbox.command();
        command.args(words.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let child = begin("stopped");
    sandbox.wait_for("stopped/checkpoints/step-00000008/checkpoint.json");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(130), ""));
    assert!(ran.stdout.ends_with("stopped  everything is saved; go on with --resume\n"), "{}", ran.stdout);
    let resumed = |run: &str| -> serde_json::Value {
        let ran = sandbox.adm(&format!("train gan --run {run} --resume --steps 1 --device cpu --json"));
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let nothing = format!("warning: nothing is left to do: the run has {} steps already\n", json["steps"]);
        assert_eq!((ran.code, ran.stderr), (Some(0), nothing));
        json
    };
    assert_eq!(resumed("stopped")["interrupted"], false);

    let mut child = begin("killed");
    sandbox.wait_for("killed/checkpoints/step-00000008/checkpoint.json");
    child.kill().unwrap();
    child.wait().unwrap();
    let json = resumed("killed");
    assert!(json["steps"].as_u64().unwrap() >= 8, "{json}");
}

#[test]
fn the_demo_goes_the_whole_way() {
    let sandbox = Sandbox::new();
    let json = sandbox.adm("--quiet demo here --steps 3 --set-minutes 0.6 --bars 2 --device cpu --json").json();
    assert_eq!(json["trained"]["steps"], 3);
    assert_eq!((&json["generated"]["beats"], &json["generated"]["frames"]), (&8.into(), &162_831.into()));
    assert!(json["prepared_slices"].as_u64().unwrap() > 70, "{json}");
    let page = String::from_utf8(sandbox.read("here/report/index.html")).unwrap();
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs no network");
    for (start, _) in page.match_indices("src=\"") {
        let name = page[start + 5..].split('"').next().unwrap();
        assert!(name.starts_with("data:") || sandbox.path(&format!("here/report/{name}")).is_file(), "{name}");
    }
    assert!(page.matches("<audio").count() >= 4, "the set, a preview, the result and the song");
    assert_eq!((&json["song"]["sequencer"]["steps"], &json["song"]["generated"]["beats"]), (&3.into(), &128.into()));
    assert!(sandbox.path("here/beats/tokens/book.json").is_file() && sandbox.path("here/song.wav").is_file());
    sandbox
        .adm("demo here --device cpu")
        .failed(1, "error: here exists\n\nhint: choose another place, or delete it first\n");
}

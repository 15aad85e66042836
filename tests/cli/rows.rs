//! `adm train mdn` and `adm generate` with it: rows of a CSV and frames of sound.

use crate::support::Sandbox;
use std::fs;

/// A one that goes round in three columns.
fn rounds(rows: usize) -> String {
    let row = |at: usize| ["1,0,0\n", "0,1,0\n", "0,0,1\n"][at % 3];
    (0..rows).map(row).collect()
}

const SMALL: &str = "--set network.hidden=12 --set network.layers=2 --set mixture.components=3 --set training.batch=6 \
                     --set training.time_steps=8 --set training.warm_up=4 --set optimizer.rate=0.02 --device cpu";

fn with_run(steps: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", rounds(200).as_bytes());
    sandbox.adm(&format!("train mdn --csv rows.csv --run run --steps {steps} {SMALL}")).done();
    sandbox
}

fn numbers(text: &[u8]) -> Vec<Vec<f32>> {
    let row = |line: &str| line.split(',').map(|field| field.parse().unwrap()).collect();
    String::from_utf8(text.to_vec()).unwrap().lines().map(row).collect()
}

#[test]
fn rows_go_on_as_they_were_learned() {
    let sandbox = with_run(200);
    let said = sandbox.adm("generate --run run -o own.csv --rows 60 --sampling greedy --device cpu").done();
    assert!(said.contains("rows    60 of 3 columns\n") && said.contains("taken   greedy\n"), "{said}");
    // The run's primer is the 180 rows that were learned from: the next one is as the first.
    let own = numbers(&sandbox.read("own.csv"));
    assert_eq!(own.len(), 60);
    for (at, row) in own.iter().enumerate() {
        for (column, value) in row.iter().enumerate() {
            let expected = f32::from(u8::from(at % 3 == column));
            assert!((value - expected).abs() < 0.1, "row {at}: {row:?}");
        }
    }
    // Another primer: on from the second.
    sandbox.write("primer.csv", b"1,0,0\n0,1,0\n0,0,1\n1,0,0\n0,1,0\n0,0,1\n1,0,0\n");
    sandbox.adm("generate --run run -o on.csv --rows 1 --sampling exact --primer primer.csv --device cpu").done();
    assert!(numbers(&sandbox.read("on.csv"))[0][1] > 0.9);
    let report = fs::read_to_string(sandbox.path("run/report/index.html")).unwrap();
    assert!(report.contains("Doubt about held-out rows") && report.contains("mixture density network"));
    let inspected = sandbox.adm("inspect run").done();
    assert!(inspected.contains("mdn: document 004's network"), "{inspected}");
    assert!(fs::read_dir(sandbox.path("run/samples")).unwrap().count() > 0);
}

#[test]
fn a_run_stopped_and_gone_on_with_is_the_run_undisturbed() {
    let sandbox = with_run(6);
    sandbox.adm(&format!("train mdn --csv rows.csv --run halves --steps 3 {SMALL}")).done();
    sandbox.adm("train mdn --run halves --resume --steps 6 --device cpu").done();
    let weights = |run: &str| sandbox.read(&format!("{run}/checkpoints/step-00000006/mdn.safetensors"));
    assert!(weights("run") == weights("halves"));
    for (output, flags) in [("one", ""), ("two", "--threads 1"), ("seeded", "--seed 7")] {
        sandbox
            .adm(&format!("generate --run run -o {output}.csv --rows 20 --sampling drawn --device cpu {flags}"))
            .done();
    }
    assert!(
        sandbox.read("one.csv") == sandbox.read("two.csv") && sandbox.read("one.csv") != sandbox.read("seeded.csv")
    );
    // Its rows have moved, then changed.
    fs::rename(sandbox.path("rows.csv"), sandbox.path("moved.csv")).unwrap();
    let gone = sandbox.adm("train mdn --run halves --resume --steps 7 --device cpu");
    assert!(
        gone.code == Some(1) && gone.stderr.contains("hint: if they have moved, give their place with --data"),
        "{}",
        gone.stderr
    );
    sandbox.adm("train mdn --run halves --resume --data moved.csv --steps 7 --device cpu").done();
    sandbox.write("moved.csv", rounds(150).as_bytes());
    let other = sandbox.adm("train mdn --run halves --resume --data moved.csv --steps 8 --device cpu");
    assert!(other.stderr.starts_with("error: this run was trained on another dataset"), "{}", other.stderr);
}

#[test]
fn files_that_are_no_rows_are_refused_with_their_line() {
    let sandbox = Sandbox::new();
    let hint =
        "hint: write the same number of finite numbers into every line, parted by commas: one line for each moment\n";
    for (text, said) in [
        ("", "rows.csv, line 1: has no row of numbers"),
        ("1,2\n3\n", "rows.csv, line 2: has 1 values, the lines before have 2"),
        ("1,2\n3,x\n", "rows.csv, line 2: has no finite number in column 2"),
        ("1,2\n3,nan\n", "rows.csv, line 2: has no finite number in column 2"),
    ] {
        sandbox.write("rows.csv", text.as_bytes());
        sandbox
            .adm(&format!("train mdn --csv rows.csv --run run {SMALL}"))
            .failed(1, &format!("error: {said}\n\n{hint}"));
    }
    sandbox.write("rows.csv", "1,2\n".repeat(50).as_bytes());
    sandbox.adm(&format!("train mdn --csv rows.csv --run run {SMALL}")).failed(
        1,
        "error: there is nothing to foretell: the rows never change\n\nhint: give rows of which at least one column changes, by more than a 10,000,000th of its values: subtract what all share\n",
    );
    sandbox.write("rows.csv", b"1,2\n");
    let ran = sandbox.adm(&format!("train mdn --csv rows.csv --run run {SMALL}"));
    assert!(ran.stderr.starts_with("error: nothing follows on anything"), "{}", ran.stderr);
    let ran = sandbox.adm(&format!("train mdn --csv none.csv --run run {SMALL}"));
    assert!(ran.stderr.starts_with("error: cannot read none.csv\n"), "{}", ran.stderr);
    assert!(!sandbox.path("run").exists());
}

#[test]
fn columns_that_never_change_are_named_and_stay() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", rounds(200).replace('\n', ",5\n").as_bytes());
    let ran = sandbox.adm(&format!("train mdn --csv rows.csv --run run --steps 40 {SMALL}"));
    assert_eq!(ran.stderr, "nothing is learned of columns that never change: 4\n");
    sandbox.adm("generate --run run -o own.csv --rows 9 --device cpu").done();
    assert!(numbers(&sandbox.read("own.csv")).iter().all(|row| (row[3] - 5.0).abs() < 0.3));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = with_run(2);
    for (words, code, said) in [
        (
            "train gan --csv rows.csv --run other",
            2,
            "error: only the family mdn learns from --csv\n\nhint: give a dataset with --data\n",
        ),
        (
            "train sequencer --data d --run other --augment pitch",
            2,
            "error: a sequencer's tokens have no pitch to be changed\n\nhint: leave out --augment\n",
        ),
        (
            "train mdn --csv rows.csv --run other --set representation={name=\"log-mel\"}",
            2,
            "error: representation.name must be log-band for this family, got log-mel\n\nhint: change it with --set representation.name=…\n",
        ),
        (
            "train mdn --csv rows.csv --run other --augment pitch",
            2,
            "error: rows of a file have no pitch to be changed\n\nhint: leave out --augment\n",
        ),
        (
            "train mdn --run run --resume --augment pitch",
            2,
            "error: a run keeps the configuration that it began with\n\nhint: leave out --augment, or start a new --run\n",
        ),
        (
            "train mdn --csv run --run other",
            2,
            "error: --csv takes a file, and run is a folder\n\nhint: if it is a dataset: --data run\n",
        ),
        (
            "generate --run run -o own.wav --device cpu",
            1,
            "error: this run makes rows of numbers, and own.wav does not end in .csv\n\nhint: name it -o own.csv\n",
        ),
        (
            "generate --run run -o own.csv --sample-rate 8000 --device cpu",
            1,
            "error: this run makes rows of numbers: it cannot heed --sample-rate\n\nhint: leave out --sample-rate\n",
        ),
        (
            "generate --run run -o own.csv --format float --device cpu",
            1,
            "error: this run makes rows of numbers: it cannot heed --format\n\nhint: leave out --format\n",
        ),
        (
            "generate --run run -o own.csv --bars 4",
            2,
            "error: an mdn makes rows and no beats: it cannot heed --bars\n\nhint: leave out --bars\n",
        ),
        (
            "generate --run run -o own.csv --sampling tempered:2",
            2,
            "error: --sampling must be greedy, exact, tempered:SHARE or drawn, got tempered:2\n\n\
             hint: give --sampling a value that is greedy, exact, tempered:SHARE or drawn\n",
        ),
        (
            "generate --run run -o own.csv --seconds 4 --device cpu",
            1,
            "error: these rows have no place in time that --seconds could mean\n\nhint: use --rows\n",
        ),
        (
            "live --run run --out - --device cpu",
            1,
            "error: run is a run of the family mdn, which has no beats\n\nhint: adm generate --run RUN plays it alone\n",
        ),
        (
            "train gan --run run --resume --device cpu",
            1,
            "error: run is a run of the family mdn, where one of the family gan is needed\n\n\
             hint: name a run that adm train gan made; adm train mdn --run run --resume goes on with this one\n",
        ),
    ] {
        sandbox.adm(words).failed(code, said);
    }
    let regression = "--config regression --set network.hidden=8 --set network.layers=1 --set training.batch=2 --set training.time_steps=8";
    sandbox.adm(&format!("train mdn --csv rows.csv --run line --steps 1 {regression} --device cpu")).done();
    sandbox.adm("generate --run line -o own.csv --sampling drawn --device cpu").failed(
        1,
        "error: this run foretells one row and no distribution: there is nothing that --sampling drawn could take\n\n\
         hint: leave it out, or train a mixture: adm train mdn --config lstm\n",
    );
    sandbox.adm("generate --run line -o line.csv --rows 2 --device cpu").done();
    sandbox.write("primer.csv", b"1,2\n");
    let ran = sandbox.adm("generate --run run -o own.csv --primer primer.csv --device cpu");
    assert!(ran.stderr.starts_with("error: a row has 2 columns where 3 were expected\n"), "{}", ran.stderr);
    assert!(!sandbox.path("own.csv").exists() && !sandbox.path("other").exists());
}

#[test]
fn frames_of_a_dataset_become_sound() {
    let sandbox = Sandbox::new();
    sandbox.recording("set.wav", 30.0, 1);
    sandbox.adm("prepare set.wav -o d --sample-rate 8000 --mono").done();
    let small = "--set network.hidden=8 --set network.layers=2 --set mixture.components=2 --set training.batch=4 \
                 --set training.time_steps=8 --set representation.bins=20";
    sandbox.adm(&format!("train mdn --data d --run run --steps 4 --augment pitch {small} --device cpu")).done();
    sandbox.adm("generate --run run -o own.wav --seconds 3 --device cpu").done();
    let own = hound::WavReader::open(sandbox.path("own.wav")).unwrap();
    assert_eq!((own.spec().sample_rate, own.spec().channels, own.duration()), (44_100, 1, 132_300));
    sandbox.adm("prepare set.wav -o overlapping --sample-rate 8000 --mono --window 2 --hop 1").done();
    sandbox.adm("train mdn --data overlapping --run other --device cpu").failed(
        1,
        "error: windows of 2 s every 1 s do not follow on one another\n\n\
         hint: prepare the recordings again, as beats or with --window 2 --hop 2\n",
    );
}

#[test]
fn all_that_can_be_trained_is_listed() {
    let sandbox = Sandbox::new();
    let listed = sandbox.adm("train --list").done();
    for line in [
        "gan          documents 000, 002 and 003",
        "             djset-1 ",
        "sequencer    document 000",
        "             lstm ",
    ] {
        assert!(listed.contains(line), "{line}: {listed}");
    }
    let json: serde_json::Value = serde_json::from_str(&sandbox.adm("train --list --json").done()).unwrap();
    assert_eq!(json["families"][2]["presets"][1]["preset"], "regression");
}

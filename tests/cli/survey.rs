//! Listening tests from a study to a report: what is packed, what is refused, and that nothing is dropped silently.

use crate::support::{Samples, Sandbox, music};
use crate::trained::{number, trained};
use std::fs;

/// Four recorded and four "generated" sounds of two seconds, told apart in pairs.
pub const STUDY: &str = r#"
title = "Which is which?"
participants = 12

[sound]
seconds = 2.0
sample_rate = 22050
channels = 1

[[stimuli]]
id = "real"
truth = "human"
folder = { path = "real" }

[[stimuli]]
id = "fake"
truth = "ai"
folder = { path = "fake" }

[[questions]]
id = "machine"
text = "Which one was made by a machine?"
kind = "samples"
scoring = { target = { truth = "ai" } }

[[questions]]
id = "years"
text = "For how many years have you made music?"
kind = "choice"
options = ["none", "some", "many"]

[[blocks]]
id = "pairs"
questions = ["machine"]
draw = { ai = 1, human = 1 }

[[pages]]
kind = "consent"

[[pages]]
kind = "questions"
questions = ["years"]

[[pages]]
kind = "block"
block = "pairs"

[[pages]]
kind = "closing"
"#;

/// A sandbox with the study and its sounds.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("study.toml", STUDY.as_bytes());
    for number in 0..4 {
        sandbox.recording(&format!("real/{number}.wav"), 2.5, number);
        sandbox.recording(&format!("fake/{number}.wav"), 2.5, 10 + number);
    }
    sandbox
}

/// A packed study with the answers of ten rehearsed participants.
fn rehearsed() -> Sandbox {
    let sandbox = sandbox();
    sandbox.adm("survey-pack study.toml -o study -q").done();
    sandbox.adm("survey-rehearse study -o answers --people 10 --right 0.8").done();
    sandbox
}

/// The file of one participant's answers.
fn one_file(sandbox: &Sandbox) -> String {
    let mut names: Vec<_> =
        fs::read_dir(sandbox.path("answers")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    format!("answers/{}", names[0].to_str().unwrap())
}

/// Packing the study, changed so, fails with exactly this, and leaves nothing behind.
#[track_caller]
fn refused(from: &str, to: &str, stderr: &str) {
    let sandbox = sandbox();
    refused_in(&sandbox, from, to, stderr);
}

#[track_caller]
fn refused_in(sandbox: &Sandbox, from: &str, to: &str, stderr: &str) {
    let text = STUDY.replacen(from, to, 1);
    assert_ne!(text, STUDY, "{from} is not in the study");
    sandbox.write("study.toml", text.as_bytes());
    sandbox.adm("survey-pack study.toml -o study -q").failed(1, stderr);
    assert_eq!(sandbox.names(), ["fake", "real", "study.toml"]);
}

#[test]
fn a_study_goes_from_its_file_to_a_report() {
    let sandbox = sandbox();
    let packed = sandbox.adm("survey-pack study.toml -o study --json -q").json();
    assert_eq!((number(&packed["stimuli"]), number(&packed["trials"]), number(&packed["sheets"])), (8, 4, 12));
    assert!(sandbox.path("study/index.html").is_file() && sandbox.path("study.key.json").is_file());
    let rehearsed = sandbox.adm("survey-rehearse study -o answers --people 24 --right 0.9 --json").json();
    assert_eq!(number(&rehearsed["people"]), 24);
    let report = sandbox.adm("survey-report study answers -o report --json").json();
    assert_eq!((number(&report["participants"]), number(&report["found"])), (24, 24));
    let share = report["findings"]["everybody"]["shares"][0]["right"].as_f64().unwrap() / 96.0;
    assert!((0.75..1.0).contains(&share), "{share}");
    for name in ["report.html", "report.json", "scored.csv", "answers.json"] {
        assert!(sandbox.path(&format!("report/{name}")).is_file(), "{name}");
    }
    // The report's own answers can be read again, and say the same.
    let again = sandbox.adm("survey-report study report/answers.json -o again --json").json();
    assert_eq!(again["findings"], report["findings"]);
}

#[test]
fn the_same_salt_gives_the_same_bundle_and_the_same_sheets() {
    let sandbox = sandbox();
    sandbox.adm("survey-pack study.toml -o one --seed 5 -q").done();
    sandbox.adm("survey-pack study.toml -o two --like one.key.json --threads 1 -q").done();
    sandbox.adm("survey-pack study.toml -o three --seed 5 -q").done();
    assert_eq!(sandbox.read("one.key.json"), sandbox.read("two.key.json"));
    assert_eq!(sandbox.read("one/study.js"), sandbox.read("two/study.js"));
    assert_ne!(sandbox.read("one/study.js"), sandbox.read("three/study.js"), "another salt has other names");
    let orders = sandbox.adm("survey-order one --json").json();
    assert_eq!((number(&orders["sheets"]), orders["rows"].as_array().unwrap().len()), (12, 48));
    let one = sandbox.adm("survey-order one --sheet 3").done();
    assert_eq!(one.lines().count(), 5);
    assert!(one.starts_with("seed 5, 12 sheets\nsheet 3 · 1 · pairs-"), "{one}");
    sandbox
        .adm("survey-order one --sheet 12")
        .failed(1, "error: there is no sheet 12\n\nhint: sheets go from 0 to 11\n");
}

#[test]
fn runs_and_datasets_are_sources() {
    let sandbox = trained();
    let text = STUDY
        .replace("folder = { path = \"real\" }", "count = 3\ndataset = { path = \"d\", split = \"any\" }")
        .replace("folder = { path = \"fake\" }", "count = 3\nrun = { paths = [\"gan\", \"seq\"], seed = 4 }")
        .replace("sample_rate = 22050", "sample_rate = 8000\nround_trip = { truths = [\"human\"], bpm = 120 }");
    sandbox.write("study.toml", text.as_bytes());
    let packed = sandbox.adm("survey-pack study.toml -o study --json -q --device cpu").json();
    assert_eq!((number(&packed["sounds"]["ai"]), number(&packed["sounds"]["human"])), (3, 3));
    let key: serde_json::Value = serde_json::from_slice(&sandbox.read("study.key.json")).unwrap();
    let sources: Vec<&str> =
        key["stimuli"].as_array().unwrap().iter().map(|one| one["source"].as_str().unwrap()).collect();
    assert!(sources.contains(&"gan, seq, seed 6"), "{sources:?}");
}

#[test]
fn studies_that_make_no_sense_name_where_and_why() {
    refused(
        "participants = 12",
        "participnts = 12",
        "error: study.toml is no study\n  Caused by: TOML parse error at line 3, column 1\n      |\n    3 | participnts = 12\n      \
         | ^^^^^^^^^^^\n    unknown field `participnts`, expected one of `title`, `language`, `texts`, `participants`, `sound`, \
         `stimuli`, `questions`, `blocks`, `pages`, `analysis`\n\nhint: did you mean participants?\n",
    );
    refused(
        "draw = { ai = 1, human = 1 }",
        "draw = { ai = 1, human = 1 }\ncount = 5",
        "error: blocks.pairs: needs 5 sounds of the truth \"ai\", and there are 4\n\nhint: raise count of the stimuli, or lower \
         count of block pairs\n",
    );
    refused("id = \"fake\"", "id = \"real\"", "error: stimuli.real: there are two of this id\n");
    let given: String =
        (1..=3).map(|pair| format!("[[blocks.trials]]\nsamples = [\"fake-{pair}\", \"real-{pair}\"]\n")).collect();
    refused(
        "draw = { ai = 1, human = 1 }\n",
        &format!("order = \"as-given\"\n{given}"),
        "error: blocks.pairs: with order = \"as-given\", place 1 is \"ai\" in every trial\n\nhint: leave order out, so that it is \
         balanced at random\n",
    );
    Sandbox::new().adm("survey-pack study-35 -o study").failed(
        1,
        "error: there is no preset \"study-35\", and no file of that name; the presets are study-53, study-137, per-sample, \
         indistinguishable, mushra, paired\n\nhint: did you mean study-53?\n",
    );
}

#[test]
fn sounds_that_cannot_be_used_are_named() {
    refused(
        "seconds = 2.0",
        "seconds = 3.0",
        "error: stimulus \"real\" is too short: real/0.wav gives 2.50 s, and 3.00 s are needed\n\nhint: take \
         shorter stimuli with sound.seconds, an earlier file.start or a lower count, or give a longer recording\n",
    );
    let sandbox = sandbox();
    sandbox.wav("fake/0.wav", 2, &[0.0; 110_250], Samples::Pcm16);
    let ran = sandbox.adm("survey-pack study.toml -o study -q");
    assert!(ran.stderr.starts_with("error: stimulus \"fake-1\" is silent: "), "{}", ran.stderr);
    let clipped: Vec<f32> = music(2.5, 3).iter().map(|sample| (8.0 * sample).clamp(-1.0, 1.0)).collect();
    sandbox.wav("fake/0.wav", 2, &clipped, Samples::Float);
    let ran = sandbox.adm("survey-pack study.toml -o study -q");
    assert!(ran.stderr.starts_with("error: stimulus \"fake-1\" is clipped: "), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["fake", "real", "study.toml"]);
    fs::remove_dir_all(sandbox.path("real")).unwrap();
    let ran = sandbox.adm("survey-pack study.toml -o study -q");
    assert!(ran.code == Some(1) && ran.stderr.contains("real"), "{}", ran.stderr);
}

#[test]
fn a_key_stays_out_of_the_bundle_and_answers_out_of_what_is_served() {
    let sandbox = sandbox();
    sandbox.adm("survey-pack study.toml -o study --key study/key.json").failed(
        2,
        "error: the key would lie within the bundle: study/key.json\n\nhint: put it elsewhere with --key KEY.json\n",
    );
    sandbox.adm("survey-serve study -o study/answers").failed(
        2,
        "error: the folder of answers would lie within the bundle: study/answers\n\nhint: collect them elsewhere with -o ANSWERS\n",
    );
    sandbox.adm("survey-report study answers -o ./study/report").failed(
        2,
        "error: the report would lie within the bundle: ./study/report\n\nhint: write it elsewhere with -o DIR\n",
    );
    assert_eq!(sandbox.names(), ["fake", "real", "study.toml"]);
}

#[test]
fn another_key_and_a_missing_one_are_told_apart() {
    let sandbox = rehearsed();
    sandbox.adm("survey-pack study.toml -o other -q").done();
    let ran = sandbox.adm("survey-report study answers -o report --key other.key.json");
    assert!(ran.code == Some(1) && ran.stderr.contains("other.key.json"), "{}", ran.stderr);
    let ran = sandbox.adm("survey-report study answers -o report --key none.json");
    assert!(ran.code == Some(1) && ran.stderr.contains("none.json"), "{}", ran.stderr);
    assert!(!sandbox.path("report").exists());
}

#[test]
fn no_answer_is_dropped_without_being_listed() {
    let sandbox = rehearsed();
    let file = one_file(&sandbox);
    let text = String::from_utf8(sandbox.read(&file)).unwrap();
    sandbox.write("answers/truncated.json", &text.as_bytes()[..text.len() / 2]);
    sandbox.write("answers/tampered.json", text.replacen("\"ms\":", "\"ms\":1", 1).as_bytes());
    sandbox.write("answers/more.json", text.replacen("\"sheet\":", "\"extra\":1,\"sheet\":", 1).as_bytes());
    sandbox.write("answers/less.json", text.replacen("\"device_rate\":48000,", "", 1).as_bytes());
    sandbox.write("answers/twice.json", text.as_bytes());
    sandbox.write("answers/empty.csv", b"");
    let ran = sandbox.adm("survey-report study answers -o report --json");
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let listed = report["listed"].as_array().unwrap();
    assert_eq!((number(&report["participants"]), listed.len(), number(&report["found"])), (10, 6, 16));
    let mut reasons: Vec<&str> = listed.iter().map(|one| one["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["damaged", "duplicate", "fields", "fields", "not-answers", "tampered"]);
    assert_eq!(ran.stderr.matches("warning: ").count(), 6, "{}", ran.stderr);
}

#[test]
fn who_asks_to_be_forgotten_is() {
    let sandbox = rehearsed();
    let file = one_file(&sandbox);
    let uuid = file.trim_start_matches("answers/").trim_end_matches(".json");
    let ran = sandbox.adm(&format!("survey-report study answers -o report --json --without {uuid}"));
    assert_eq!(ran.code, Some(3));
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((number(&report["participants"]), &report["listed"][0]["reason"]), (9, &"excluded".into()));
    assert!(!String::from_utf8(sandbox.read("report/scored.csv")).unwrap().contains(uuid));
}

#[test]
fn plans_say_how_many_answers_it_takes() {
    let sandbox = Sandbox::new();
    let plan = |flags: &str| sandbox.adm(&format!("survey-plan --json {flags}")).json();
    for (right, answers) in [(0.55, 654), (0.6, 169), (0.65, 76), (0.7, 42)] {
        assert_eq!(number(&plan(&format!("--right {right} --sides greater"))["answers"]), answers);
    }
    for (margin, fewest) in [(0.05, 861), (0.1, 214), (0.15, 96)] {
        assert_eq!(number(&plan(&format!("--margin {margin}"))["fewest"]), fewest);
    }
    let clustered = plan("--right 0.6 --sides greater --per-participant 20 --icc 0.1");
    // 169 answers, each worth 1 / (1 + 19 · 0.1) of an independent one, from 20 at a time.
    assert_eq!((number(&clustered["participants"]), number(&clustered["answers_in_all"])), (25, 500));
    sandbox.adm("survey-plan --right 0.4 --sides greater").failed(
        2,
        "error: 0.4 right answers are no more than guessing gives, which is 0.5\n\nhint: give a larger --right, a smaller \
         --chance, or --sides both\n",
    );
}

#[test]
fn inspect_says_what_the_files_of_a_test_are() {
    let sandbox = rehearsed();
    let bundle = sandbox.adm("inspect study --json").json();
    assert_eq!((&bundle["kind"], number(&bundle["trials"])), (&"bundle".into(), 4));
    let key = sandbox.adm("inspect study.key.json --json").json();
    assert_eq!((&key["kind"], number(&key["sounds"]["ai"])), (&"key".into(), 4));
    let file = one_file(&sandbox);
    let answers = sandbox.adm(&format!("inspect {file} --json")).json();
    assert_eq!(
        (&answers["kind"], &answers["bundle"], &answers["intact"]),
        (&"answers".into(), &bundle["id"], &true.into())
    );
    let script = String::from_utf8(sandbox.read("study/study.js")).unwrap();
    sandbox.write("study/study.js", script.replacen("Which", "Witch", 1).as_bytes());
    sandbox.adm("inspect study").failed(
        1,
        "error: study/study.js was changed or is damaged: its text does not have the SHA-256 that it says\n\nhint: pack the study \
         again, or take the bundle from where it was copied\n",
    );
}

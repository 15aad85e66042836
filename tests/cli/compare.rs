//! What a training leaves behind beside its networks: sittings, a report, and how it compares.

use crate::support::{Ran, Sandbox};
use crate::trained::{SMALL_GAN, trained};
use serde_json::Value;
use std::process::Stdio;

/// The lines of a run's `sittings.jsonl`.
fn sittings(sandbox: &Sandbox, run: &str) -> Vec<Value> {
    let text = String::from_utf8(sandbox.read(&format!("{run}/sittings.jsonl"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn page(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(&format!("{name}/index.html"))).unwrap()
}

/// Rows of `metrics.jsonl`: a judgement every ten steps, half a second apart.
fn metrics(judge: &[f64], figures: &str) -> Vec<u8> {
    let row = |(at, judge): (usize, &f64)| {
        let (step, seconds) = (10 * (at + 1), 0.5 * (at + 1) as f64);
        format!("{{\"step\":{step},\"seconds\":{seconds},\"judge\":{judge}{figures}}}\n")
    };
    judge.iter().enumerate().map(row).collect::<String>().into_bytes()
}

#[test]
fn a_training_notes_its_sittings_and_writes_its_report() {
    let sandbox = trained();
    let [only] = &sittings(&sandbox, "gan")[..] else { panic!("{:?}", sittings(&sandbox, "gan")) };
    assert_eq!((&only["from_step"], &only["to_step"], &only["ended"]), (&0.into(), &4.into(), &"done".into()));
    assert!(only["started"].as_u64().unwrap() > 1_700_000_000 && only["seconds"].as_f64().unwrap() > 0.0);
    assert!(only["cores"].as_u64().unwrap() >= 1 && only["device"].as_str().unwrap().starts_with("CPU, "));
    assert_eq!(only["version"], env!("CARGO_PKG_VERSION"));
    sandbox.adm("train gan --run gan --resume --steps 6 --threads 1 --device cpu").done();
    let both = sittings(&sandbox, "gan");
    assert_eq!((both.len(), &both[0], &both[1]["from_step"], &both[1]["to_step"]), (2, only, &4.into(), &6.into()));
    assert_eq!(both[1]["threads"], 1);
    // A sitting that does nothing is none.
    let ran = sandbox.adm("train gan --run gan --resume --steps 6 --device cpu");
    assert_eq!((ran.code, sittings(&sandbox, "gan").len()), (Some(0), 2));
    for (run, words) in
        [("gan", "A generator of beats that learned from the dataset d."), ("seq", "that learned from the dataset d.")]
    {
        let html = page(&sandbox, &format!("{run}/report"));
        let said = [words, "Gradient norms", "Settings, as --set takes them", "The last sitting ended at step"];
        said.iter().for_each(|said| assert!(html.contains(said), "{run}: {said}"));
        assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("<script"));
        assert_eq!(html.contains("<audio"), run == "gan");
    }
    let html = page(&sandbox, "gan/report");
    assert!(html.contains(">Not judged</h2>") && html.contains(">training.batch</td>"));
    assert!(!sandbox.path("gan/report/assets").exists(), "it is one file");
}

#[test]
fn a_killed_training_has_a_sitting_without_an_end() {
    let sandbox = trained();
    let words = format!("train gan --data d --run killed --steps 100000 {SMALL_GAN}");
    let words = words.replace("preview_every=0", "preview_every=1");
    let mut command = sandbox.command();
    let mut child =
        command.args(words.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sandbox.wait_for("killed/report/index.html");
    assert!(page(&sandbox, "killed/report").contains("It is being trained: step "));
    sandbox.adm("compare killed").done();
    assert!(page(&sandbox, "killed/report").contains("is going on"));
    child.kill().unwrap();
    child.wait().unwrap();
    let found = sittings(&sandbox, "killed");
    assert_eq!((found.len(), &found[0]["to_step"], &found[0]["ended"]), (1, &Value::Null, &Value::Null));
    sandbox.adm("compare killed").done();
    let html = page(&sandbox, "killed/report");
    assert!(html.contains("The last sitting was cut off around step ") && html.contains("<td>was cut off</td>"));
}

#[test]
fn a_report_that_cannot_be_written_stops_nothing() {
    let sandbox = trained();
    std::fs::remove_dir_all(sandbox.path("gan/report")).unwrap();
    sandbox.write("gan/report", b"in the way");
    let ran = sandbox.adm("train gan --run gan --resume --steps 6 --device cpu");
    assert_eq!(ran.code, Some(0));
    let warned = "warning: the run's report is not up to date: cannot write gan/report: ";
    assert!(ran.stderr.starts_with(warned), "{}", ran.stderr);
    assert_eq!(sittings(&sandbox, "gan").len(), 2);
}

#[test]
fn a_training_that_failed_says_so_in_its_sitting() {
    let sandbox = trained();
    std::fs::remove_dir_all(sandbox.path("gan/samples")).unwrap();
    sandbox.write("gan/samples", b"in the way of the last preview");
    let ran = sandbox.adm("train gan --run gan --resume --steps 6 --device cpu");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let last = &sittings(&sandbox, "gan")[1];
    assert_eq!((&last["from_step"], &last["to_step"]), (&4.into(), &6.into()));
    assert!(last["ended"].as_str().unwrap().starts_with("failed: writing a preview"), "{}", last["ended"]);
    assert!(page(&sandbox, "gan/report").contains("The last sitting ended at step 6: failed: writing a preview"));
}

#[test]
fn runs_stand_side_by_side() {
    let sandbox = trained();
    let other = SMALL_GAN.replace("training.batch=4", "training.batch=8") + " --set optimizer.beta_1=0.5";
    sandbox.adm(&format!("train gan --data d --run other --steps 2 {other}")).done();
    let falling: Vec<f64> = (0..20).map(|at| 200.0 - 5.0 * f64::from(at)).collect();
    sandbox.write("gan/metrics.jsonl", &metrics(&falling, ",\"coverage\":0.4,\"density\":0.9,\"diversity\":0.8"));
    sandbox.write("other/metrics.jsonl", &metrics(&[60.0; 20], ""));
    let fingerprint = sandbox.adm("inspect d --json").json()["fingerprint"].as_str().unwrap()[..12].to_owned();
    let cores = std::thread::available_parallelism().unwrap();
    let device = format!("CPU, {cores} cores (flex)");
    let [preset_a, preset_b] = [8, 9].map(|changed| format!("complex, {changed} settings changed"));
    let rows = [
        ("run", "gan", "other"),
        ("verdict", "still improving", "plateaued since step 10"),
        ("best", "distance 105.0 at step 200", "distance 60.0 at step 10"),
        ("coverage", "0.40", "–"),
        ("diversity", "0.80", "–"),
        ("steps", "200", "200"),
        ("time", "10.0 s", "10.0 s"),
        ("steps/s", "20.00", "20.00"),
        ("preset", &*preset_a, &*preset_b),
        ("dataset", &*format!("d ({fingerprint})"), &*format!("d ({fingerprint})")),
        ("device", &*device, &*device),
        ("report", "gan/report/index.html", "other/report/index.html"),
        ("optimizer.beta_1", "0.0", "0.5"),
        ("training.batch", "4", "8"),
    ];
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    let expected: String = rows.iter().map(|(label, a, b)| format!("{label} {a} {b}\n")).collect();
    let said = sandbox.adm("compare gan other -o page").done();
    assert_eq!(words(&said), words(&(expected + "page: page/index.html")));
    // Columns stand under one another.
    let place = |line: usize, word: &str| said.lines().nth(line).unwrap().find(word).unwrap();
    assert_eq!([place(0, "gan"), place(0, "other")], [place(1, "still"), place(1, "plateaued")]);
    let html = page(&sandbox, "page");
    for words in [
        "held-out beats, × 1,000, by step",
        "held-out beats, × 1,000, by time",
        "<td>training.batch</td>",
        "still improving",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let json = sandbox.adm("compare gan other --json").json();
    assert_eq!((&json["runs"][0]["course"], &json["runs"][1]["since"]), (&"improving".into(), &10.into()));
    assert_eq!(json["runs"][0]["best"]["density"], 0.9);
    assert_eq!(json["differing"]["training.batch"], serde_json::json!(["4", "8"]));
    assert_eq!((&json["notes"], &json["page"]), (&serde_json::json!([]), &Value::Null));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let sandbox = trained();
    let notes = |words: &str| -> Vec<String> {
        let said = sandbox.adm(words).done();
        said.lines().filter_map(|line| line.strip_prefix("note: ")).map(str::to_owned).collect()
    };
    let judged = metrics(&[9.0; 3], "");
    sandbox.write("seq/metrics.jsonl", &judged);
    assert_eq!(
        notes("compare gan seq"),
        [
            "the runs are of different families: what their judges measure is not comparable, nor are their settings",
            "gan was not judged: training.schedule.judge_every was 0, or too few beats were held out",
        ]
    );
    sandbox.write("gan/metrics.jsonl", &[&judged[..], b"{\"step\":\n\xff\xfe\n{\"step\":40,\"seco"].concat());
    assert_eq!(notes("compare gan"), ["2 lines of gan/metrics.jsonl could not be read"]);
    assert!(page(&sandbox, "gan/report").contains("2 lines of metrics.jsonl could not be read."));
    let provenance = String::from_utf8(sandbox.read("gan/dataset.json")).unwrap();
    sandbox.adm(&format!("train gan --data d --run elsewhere --steps 1 {SMALL_GAN}")).done();
    sandbox.write("elsewhere/metrics.jsonl", &judged);
    let fingerprint = provenance.split("\"fingerprint\": \"").nth(1).unwrap()[..64].to_owned();
    sandbox.write("elsewhere/dataset.json", provenance.replace(&fingerprint, &"0".repeat(64)).as_bytes());
    let different = "the runs learned from different datasets: what their judges say is not comparable";
    assert_eq!(notes("compare gan elsewhere")[0], different);
    assert!(page(&sandbox, "elsewhere/report").contains("another dataset is there now"));
}

#[test]
fn what_is_no_run_is_refused_before_anything_is_written() {
    let sandbox = trained();
    let refused = |words: &str, code: i32, said: &str| sandbox.adm(words).failed(code, said);
    let hint = "hint: give directories that `adm train` made\n";
    refused("compare gan d", 1, &format!("error: d holds no run\n\n{hint}"));
    refused("compare gone", 1, &format!("error: gone holds no run\n\n{hint}"));
    refused("compare gan seq ./gan", 2, "error: the run ./gan is given twice\n\nhint: give every run once\n");
    refused("compare gan -o d", 1, "error: d exists\n\nhint: choose another place, or delete it first\n");
    sandbox.write("gan/config.toml", b"[gan]\nwidths = [\n");
    let ran: Ran = sandbox.adm("compare gan -o page");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.starts_with("error: gan/config.toml is not a usable configuration\n  Caused by: "),
        "{}",
        ran.stderr
    );
    assert!(!sandbox.path("page").exists());
    assert_eq!(sandbox.adm("compare").code, Some(2));
}

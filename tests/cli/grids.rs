//! Grids: found, put right, edited, obeyed, heard and drawn.

use crate::support::Sandbox;
use serde_json::Value;

fn parsed(sandbox: &Sandbox, name: &str) -> Value {
    serde_json::from_slice(&sandbox.read(name)).unwrap()
}

fn beats(grid: &Value) -> Vec<f64> {
    grid["beats"].as_array().unwrap().iter().map(|beat| beat.as_f64().unwrap()).collect()
}

#[test]
fn a_grid_is_found_written_and_recognised() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 30.0, 0);
    let fixed = "grid     fixed.json\n\
                 tempo    120.00 BPM (confidence 1.00)\n\
                 beats    59 from 0.500 s to 29.500 s, 15 bars\n\
                 regions  0.50 s to 30.0 s: 120.00 BPM, confidence 1.00\n";
    assert_eq!(sandbox.adm("grid a.wav -o fixed.json --bpm 120 --offset 0.5").done(), fixed);
    assert_eq!(sandbox.adm("inspect fixed.json").done(), fixed);
    let found = sandbox.adm("grid a.wav -o found.json --json").json();
    assert!((found["bpm"].as_f64().unwrap() - 120.0).abs() < 0.02, "{found}");
    assert_eq!(found["method"], "tracked");
    assert!(found["confidence"].as_f64().unwrap() > 0.9, "{found}");
    let first = found["first_beat"].as_f64().unwrap();
    assert!(first < 0.003 || (0.497..0.503).contains(&first), "{found}");
}

#[test]
fn what_was_found_is_put_right_by_flags() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 30.0, 0);
    let grid = |flags: &str| {
        let name = format!("{}.json", flags.replace([' ', '-'], "_"));
        sandbox.adm(&format!("grid a.wav -o {name} {flags}")).done();
        let grid = parsed(&sandbox, &name);
        (grid["bpm"].as_f64().unwrap().round(), beats(&grid))
    };
    let (bpm, found) = grid("");
    let (double, twice) = grid("--double");
    let (half, every_other) = grid("--half");
    let (same, moved) = grid("--shift half-beat");
    assert_eq!([bpm, double, half, same], [120.0, 240.0, 60.0, 120.0]);
    assert!(twice.len() >= 2 * found.len() - 1 && every_other.len() <= found.len() / 2 + 1);
    assert!((moved[3] - found[3] - 0.25).abs() < 0.002, "{} and {}", moved[3], found[3]);
    assert_eq!(grid("--bpm-range 50-70").0, 60.0);
    sandbox.adm("grid a.wav -o x.json --bpm 120 --double").failed(
        2,
        "error: a tempo that is given is neither searched for nor changed\n\n\
         hint: leave out --bpm, or --bpm-range, --shift, --double and --half\n",
    );
    let ran = sandbox.adm("grid a.wav -o x.json --bpm-range 140-120");
    assert!(ran.code == Some(2) && ran.stderr.contains("the lower one first"), "{}", ran.stderr);
    let ran = sandbox.adm("grid a.wav -o x.json --double --half");
    assert!(ran.code == Some(2) && ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
}

#[test]
fn an_edited_grid_is_obeyed_and_never_overwritten() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 30.0, 0);
    let edited = r#"{"bpm": 120, "confidence": 1, "method": "tracked", "regions": [
        {"start": 1.25, "end": 6.25, "start_bpm": 120, "end_bpm": 120, "confidence": 1},
        {"start": 10, "end": 12, "start_bpm": 60, "end_bpm": 60, "confidence": 0.1}]}"#;
    sandbox.write("edited.json", edited.as_bytes());
    sandbox.adm("prepare a.wav -o d --grid edited.json").done();
    let manifest = parsed(&sandbox, "d/dataset.json");
    let row = &manifest["recordings"][0];
    assert_eq!((&row["grid"]["method"], &row["kept"]), (&"edited".into(), &10.into()));
    assert_eq!(row["left_out"]["uncertain"], 2, "{row}");
    assert_eq!(row["skipped"][0]["reason"], "uncertain");
    assert_eq!(row["passages"][0]["start"], 1.25);
    sandbox.adm("prepare a.wav -o all --grid edited.json --min-confidence 0").done();
    assert_eq!(parsed(&sandbox, "all/dataset.json")["recordings"][0]["kept"], 12);

    let refused = sandbox.adm("grid a.wav -o edited.json");
    assert_eq!(refused.code, Some(1));
    assert_eq!(sandbox.read("edited.json"), edited.as_bytes());

    sandbox.recording("b.wav", 20.0, 1);
    sandbox.adm("prepare a.wav b.wav -o two --grid edited.json").failed(
        1,
        "error: the recordings of one grid file must be one, got 2\n\n\
         hint: give a folder in which SET.json is the grid of SET.wav\n",
    );
    sandbox.write("grids/a.json", edited.as_bytes());
    sandbox.adm("prepare a.wav b.wav -o two --grid grids").done();
    let two = parsed(&sandbox, "two/dataset.json");
    let methods: Vec<&Value> = two["recordings"].as_array().unwrap().iter().map(|row| &row["grid"]["method"]).collect();
    assert_eq!(methods, ["edited", "tracked"]);

    sandbox.write("bad.json", edited.replace("10,", "5,").as_bytes());
    let ran = sandbox.adm("prepare a.wav -o bad --grid bad.json");
    assert!(ran.stderr.contains("begins before the one before it ends"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("or leave out --grid to have beats found\n"), "{}", ran.stderr);
    assert!(!sandbox.path("bad").exists() && !sandbox.path(".two.partial").exists());
}

#[test]
fn a_resumed_preparation_needs_the_same_grid() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("grid a.wav -o g.json --bpm 120").done();
    sandbox.adm("prepare a.wav -o d --grid g.json").done();
    assert_eq!(sandbox.adm("prepare a.wav -o d --grid g.json --resume").code, Some(0), "nothing is left to do");
    sandbox.adm("grid a.wav -o other.json --bpm 121").done();
    assert_eq!(sandbox.adm("prepare a.wav -o d --grid other.json --resume").code, Some(1));
}

#[test]
fn clicks_are_laid_over_the_music() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 12.0, 0);
    sandbox.adm("grid a.wav -o g.json --bpm 120 --offset 0.25 --click click.wav").done();
    let read = |name: &str| -> Vec<i16> {
        hound::WavReader::open(sandbox.path(name)).unwrap().samples().map(Result::unwrap).collect()
    };
    let (music, clicked) = (read("a.wav"), read("click.wav"));
    assert_eq!(music.len(), clicked.len());
    let apart = |frame: usize| (i32::from(clicked[2 * frame]) - i32::from(music[2 * frame]) / 2).abs();
    let loudest = |frames: std::ops::Range<usize>| frames.map(apart).max().unwrap();
    for beat in 0..20 {
        let start = 11_025 + 22_050 * beat;
        assert!(loudest(start - 500..start) <= 2, "before beat {beat}");
        assert!(loudest(start..start + 500) > 4_000, "beat {beat}");
    }
    assert_eq!(sandbox.adm("grid a.wav -o h.json --click click.wav").code, Some(1), "nothing is overwritten");
    sandbox
        .adm("grid a.wav -o same.wav --click same.wav")
        .failed(2, "error: the grid and the clicks cannot be one file\n\nhint: for example --click CLICK.wav\n");
}

#[test]
fn tempi_are_drawn() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("prepare a.wav -o d").done();
    sandbox.adm("grid a.wav -o g.json").done();
    for (path, picture) in [("g.json", "g.png"), ("d/dataset.json", "d.png")] {
        let ran = sandbox.adm(&format!("inspect {path} --plot {picture}"));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(sandbox.read(picture).starts_with(b"\x89PNG"), "{picture}");
        assert!(ran.stderr.contains("drew the tempo, the confidence and what"), "{}", ran.stderr);
    }
    sandbox.adm("prepare a.wav -o w --window 1 --hop 1").done();
    let ran = sandbox.adm("inspect w/dataset.json --plot w.png");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error: there is no tempo to draw in w/dataset.json\n"), "{}", ran.stderr);
}

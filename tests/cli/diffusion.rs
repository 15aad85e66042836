//! `adm train diffusion`, and what its runs are played, judged and changed by.

use crate::support::Sandbox;
use crate::trained::{CPU, tokenized};
use std::fs;

const SMALL: &str = "--set sample_rate=0 --set representation.bins=32 --set representation.frames=128 --set network.widths=[8,12] \
                     --set network.patch=4 --set network.groups=4 --set network.heads=1 --set network.embedding=16 \
                     --set training.batch=4 --set sampling.steps=4 --set training.judge_steps=2 --device cpu";

/// A sandbox with the tokenized dataset `d` and the run `run`.
fn with_run() -> Sandbox {
    let sandbox = tokenized();
    let schedule = "--set training.schedule.preview_every=2 --set training.schedule.judge_every=4";
    sandbox.adm(&format!("train diffusion --data d --run run --steps 4 {schedule} {SMALL}")).done();
    sandbox
}

#[test]
fn a_run_is_told_of_looked_at_judged_and_played() {
    let sandbox = with_run();
    let report = fs::read_to_string(sandbox.path("run/report/index.html")).unwrap();
    assert!(report.contains("diffusion model of beats") && report.contains("Mel kernel distance to held-out beats"));
    assert!(sandbox.adm("inspect run").done().contains("diffusion: ten minutes on two cores"));
    let compared = sandbox.adm("compare run --json").json().to_string();
    assert!(compared.contains("\"preset\":\"ddpm\""), "{compared}");
    let plan = sandbox.adm(&format!("plan diffusion --config ddpm --data d --steps 4 --quiet --json {SMALL}")).json();
    assert_eq!(plan["rows"][0]["preset"], "ddpm", "{plan}");
    let judged = sandbox.adm(&format!("evaluate --reference d --candidate run --beats 32 --json {CPU}"));
    let judged: serde_json::Value =
        serde_json::from_str(&judged.stdout).unwrap_or_else(|_| panic!("{}", judged.stderr));
    assert!(judged["candidates"][0]["distances"]["kad"]["value"].is_f64() && judged["candidates"][0]["step"] == 4);
    for (name, flags) in [("plain", ""), ("again", "--sampling-steps 4"), ("other", "--sampling-steps 2")] {
        sandbox.adm(&format!("generate --run run -o {name}.wav --beats 4 {flags} {CPU}")).done();
    }
    assert!(sandbox.read("plain.wav") == sandbox.read("again.wav"), "the configuration's own steps");
    assert!(sandbox.read("plain.wav") != sandbox.read("other.wav"));
    sandbox.adm(&format!("live --run run --record live.wav --seconds 1 --sampling-steps 2 {CPU}")).done();
    assert!(hound::WavReader::open(sandbox.path("live.wav")).unwrap().duration() >= 44_100);
}

#[test]
fn a_region_of_a_beat_is_made_anew() {
    let sandbox = with_run();
    sandbox.adm("export d -o beats --format wav").done();
    let beat = sandbox.names().into_iter().filter(|name| name == "beats").count();
    assert_eq!(beat, 1);
    let mut files: Vec<_> = fs::read_dir(sandbox.path("beats")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wav"));
    files.sort();
    fs::copy(&files[0], sandbox.path("beat.wav")).unwrap();
    let inpaint = "generate --run run --inpaint beat.wav --sample-rate 8000 --format float";
    for (name, flags) in [("one", ""), ("two", ""), ("seeded", "--seed 7")] {
        let said = sandbox.adm(&format!("{inpaint} --region 0.5-0.75 -o {name}.wav {flags} {CPU}")).done();
        assert!(said.contains("made anew  0.5 to 0.75 beats of beat.wav\n") && said.contains("4 steps"), "{said}");
    }
    assert!(
        sandbox.read("one.wav") == sandbox.read("two.wav") && sandbox.read("one.wav") != sandbox.read("seeded.wav")
    );
    let samples = |name: &str| -> Vec<f32> {
        let mut wav = hound::WavReader::open(sandbox.path(name)).unwrap();
        match wav.spec().sample_format {
            hound::SampleFormat::Float => wav.samples::<f32>().map(Result::unwrap).collect(),
            hound::SampleFormat::Int => {
                let full = f32::powi(2.0, i32::from(wav.spec().bits_per_sample) - 1);
                wav.samples::<i32>().map(|sample| sample.unwrap() as f32 / full).collect()
            }
        }
    };
    let (beat, one) = (samples("beat.wav"), samples("one.wav"));
    assert_eq!(beat.len(), one.len());
    let [start, end] = [beat.len() / 2, beat.len() * 3 / 4];
    let differs =
        |range: std::ops::Range<usize>| beat[range.clone()].iter().zip(&one[range]).any(|(a, b)| (a - b).abs() > 1e-6);
    assert!(
        !differs(0..start) && differs(start..end) && !differs(end..beat.len()),
        "outside the region nothing changes"
    );
    sandbox.adm(&format!("{inpaint} --region 0.5-0.50001 -o none.wav {CPU}")).failed(
        1,
        "error: --region must be a sample long, a 4000th of the slice, or longer, got 0.000010\n\n\
         hint: give --region a value that is a sample long, a 4000th of the slice, or longer\n",
    );
    let loud: Vec<f32> = (0..22_050).map(|at| 1.5 * (at as f32 * 0.01).sin()).collect();
    sandbox.wav("loud.wav", 2, &loud, crate::support::Samples::Float);
    let inpaint = "generate --run run --inpaint loud.wav --region 0-0.5 --sample-rate 8000";
    let ran = sandbox.adm(&format!("{inpaint} -o loud-out.wav {CPU}"));
    assert!(ran.stderr.starts_with("error: loud.wav is louder than full scale (its peak is 1.5"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("hint: store what is made with --format float\n"), "{}", ran.stderr);
    sandbox.adm(&format!("{inpaint} -o loud-out.wav --format float {CPU}")).done();
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = with_run();
    sandbox.adm(&format!("train gan --data d --run gan --steps 1 {}", crate::trained::SMALL_GAN)).done();
    sandbox.wav("long.wav", 2, &[0.0; 44_100], crate::support::Samples::Pcm16);
    for (words, code, said) in [
        (
            "train diffusion --data d --run other --augment pitch",
            2,
            "error: a diffusion model learns from no copies at other pitches\n\n\
             hint: leave out --augment, or learn from copies with adm train gan\n",
        ),
        (
            "train diffusion --data d --run other --set network.patch=3",
            2,
            "error: network.patch must be 1, 2, 4 or 8, got 3\n\nhint: change it with --set network.patch=…\n",
        ),
        (
            "train diffusion --run gan --resume --device cpu",
            1,
            "error: gan is a run of the family gan, where one of the family diffusion is needed\n\n\
             hint: name a run that adm train diffusion made; adm train gan --run gan --resume goes on with this one\n",
        ),
        (
            "generate --run gan -o out.wav --beats 4 --sampling-steps 4 --device cpu",
            1,
            "error: --sampling-steps means nothing without a diffusion model\n\n\
             hint: leave out --sampling-steps, or train one with adm train diffusion\n",
        ),
        (
            "generate --run run -o out.wav --beats 4 --guidance 101 --device cpu",
            2,
            "error: --guidance must be between 0 and 100, got 101\n\nhint: 1 is what was learned\n",
        ),
        (
            "generate --run run -o out.wav --beats 4 --guidance 2 --device cpu",
            1,
            "error: this run is told no tokens: there is nothing that --guidance could lead to\n\n\
             hint: leave it out, or train one that is with adm train diffusion --config conditional\n",
        ),
        (
            "generate --run run -o out.wav --beats 4 --sampling-steps 1001 --device cpu",
            1,
            "error: --sampling-steps must be at most the run's 1000 steps of noise, got 1001\n\n\
             hint: give --sampling-steps a value that is at most the run's 1000 steps of noise\n",
        ),
        (
            "generate --run run --inpaint long.wav --region 0-0.5 -o out.wav --device cpu",
            1,
            "error: long.wav lasts 1.000 s, and a slice of this run lasts 0.500 s\n\n\
             hint: adm export DATASET -o DIR --format wav writes slices\n",
        ),
        (
            "generate --run run --inpaint long.wav --region 0.5-2 -o out.wav --device cpu",
            1,
            "error: --region ends at 2, and a slice of this run has 1 beats\n\nhint: give one that ends at 1 or before\n",
        ),
        (
            "generate --run gan --inpaint long.wav --region 0-0.5 -o out.wav --device cpu",
            1,
            "error: gan is a run of the family gan, where one of the family diffusion is needed\n\n\
             hint: name a run that adm train diffusion made; adm train gan --run gan --resume goes on with this one\n",
        ),
        (
            "generate --run run --inpaint long.wav --region 0-0.5 -o out.wav --bars 4",
            2,
            "error: a region is made anew of nothing but a beat: it cannot heed --bars\n\nhint: leave out --bars\n",
        ),
    ] {
        sandbox.adm(words).failed(code, said);
    }
    assert!(!sandbox.path("out.wav").exists() && !sandbox.path("other").exists());
}

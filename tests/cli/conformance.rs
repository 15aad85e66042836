//! What every preset of every family does, from `adm train --list` on, so that a new one is in it by itself: trains on a toy, with a
//! loss that falls, goes on bit-exactly after a stop, and makes a sound of the length that was asked for, which is judged like any
//! other and packed into a listening test.

use crate::support::{Samples, Sandbox};
use crate::survey::STUDY;
use crate::trained::{CPU, pattern};
use serde_json::Value;
use std::fs;

/// How a family is made small, and what is known of it.
struct Toy {
    /// What makes every preset of it small.
    shrink: &'static str,
    /// The loss among its metrics.
    loss: &'static str,
    steps: u64,
    /// What asks `generate` for two seconds.
    two_seconds: &'static str,
    /// What it learns from.
    source: &'static str,
}

fn toy(family: &str) -> Toy {
    match family {
        // A discriminator before a generator that hardly moves has to tell the two apart.
        "gan" => Toy {
            shrink: "--set sample_rate=0 --set representation.bins=32 --set representation.frames=128 --set generator.widths=[16,8] \
                     --set generator.latent=8 --set discriminator.widths=[8,16] --set training.batch=4 \
                     --set optimizer.generator_rate=0.00001 --set optimizer.discriminator_rate=0.002",
            loss: "discriminator_loss",
            steps: 24,
            two_seconds: "--beats 4",
            source: "--data d",
        },
        "sequencer" => Toy {
            shrink: "--set input.width=8 --set training.batch=4 --set training.time_steps=16 --set training.stop_accuracy=0 \
                     --set input.forget=0.0",
            loss: "sequencer_loss",
            steps: 24,
            two_seconds: "--beats 4",
            source: "--data d",
        },
        "autoencoder" => Toy {
            shrink: "--set sample_rate=0 --set network.latent=8 --set training.batch=4 --set optimizer.rate=0.003",
            loss: "autoencoder_loss",
            steps: 24,
            two_seconds: "--beats 4",
            source: "--data d",
        },
        "diffusion" => Toy {
            shrink: "--set sample_rate=0 --set representation.bins=32 --set representation.frames=128 --set network.widths=[8,12] \
                     --set network.patch=4 --set network.blocks=1 --set network.groups=4 --set network.heads=1 \
                     --set network.embedding=16 --set training.batch=4 --set optimizer.rate=0.005 --set sampling.steps=4",
            loss: "diffusion_loss",
            steps: 24,
            two_seconds: "--beats 4",
            source: "--data d",
        },
        "mdn" => Toy {
            shrink: "--set network.hidden=12 --set network.layers=2 --set mixture.narrowest=0.1 --set training.batch=4 \
                     --set training.time_steps=8 --set training.warm_up=4 --set representation.bins=24",
            loss: "mdn_loss",
            steps: 24,
            two_seconds: "--seconds 2",
            source: "--data d",
        },
        // Two scales of twelve steps, in which no generator remembers much: what falls is what its critic makes of it.
        "caw" => Toy {
            shrink: "--set pyramid.rates=[250,400] --set network.first_channels=8 --set network.channels=8 --set network.layers=3 \
                     --set training.steps=12 --set optimizer.rate=0.02 --set loss.penalty=0.0001",
            loss: "critic_loss",
            steps: 24,
            two_seconds: "--seconds 2",
            source: "--recording loop.wav",
        },
        other => panic!("the suite does not know how to make a preset of {other} small"),
    }
}

/// What single presets need beside.
fn more(preset: &str) -> &'static str {
    match preset {
        // Plain descent at the document's rate takes epochs.
        name if name.starts_with("djset") => "--set optimizer.discriminator_rate=0.05",
        "vae" | "document-003-vae" => {
            "--set representation.bins=32 --set representation.frames=128 --set network.widths=[8,16]"
        }
        "simple" | "bpm-split" => "--set network.dense=[32]",
        "clockwork" => "--set network.beat=12 --set network.bar=8 --set network.phrase=8",
        "transformer" => "--set network.width=16 --set network.heads=2 --set network.layers=2",
        "one-level" | "two-level" => "--set network.hidden=12",
        _ => "",
    }
}

/// A tokenized dataset of both levels, and a recording of twenty seconds.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.wav("set.wav", 2, &pattern(40), Samples::Pcm16);
    sandbox.wav("loop.wav", 1, &pattern(10), Samples::Pcm16);
    sandbox.adm("prepare set.wav -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    sandbox.adm("tokenize d --levels 2").done();
    sandbox
}

/// The presets of a family, as the program lists them.
fn presets(sandbox: &Sandbox, family: &str) -> Vec<String> {
    let listed = sandbox.adm("train --list --json").json();
    let families = listed["families"].as_array().unwrap();
    let found = families.iter().find(|listed| listed["family"] == family).unwrap();
    found["presets"].as_array().unwrap().iter().map(|preset| preset["preset"].as_str().unwrap().to_owned()).collect()
}

/// All files of a checkpoint that hold what was learned, by name.
fn learned(sandbox: &Sandbox, run: &str, step: u64) -> Vec<(String, Vec<u8>)> {
    let folder = sandbox.path(&format!("{run}/checkpoints/step-{step:08}"));
    let names = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".safetensors")).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

/// The mean loss of the first third of a run's steps, and of the last.
fn losses(sandbox: &Sandbox, run: &str, loss: &str) -> [f64; 2] {
    let text = String::from_utf8(sandbox.read(&format!("{run}/metrics.jsonl"))).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let values: Vec<f64> = rows.filter_map(|row| row.get(loss)?.as_f64()).collect();
    let third = values.len() / 3;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    [mean(&values[..third]), mean(&values[values.len() - third..])]
}

fn conforms(family: &str) {
    let sandbox = sandbox();
    let Toy { shrink, loss, steps, two_seconds, source } = toy(family);
    let schedule = "--set training.schedule.log_every=1 --set training.schedule.preview_every=0 \
                    --set training.schedule.judge_every=0 --set training.schedule.patience=0";
    for preset in presets(&sandbox, family) {
        let settings = format!("--config {preset} {shrink} {} {schedule} --seed 5 {CPU} -q", more(&preset));
        let (whole, halves) = (format!("{preset}-whole"), format!("{preset}-halves"));
        sandbox.adm(&format!("train {family} {source} --run {whole} --steps {steps} {settings}")).done();
        sandbox.adm(&format!("train {family} {source} --run {halves} --steps {} {settings}", steps / 2)).done();
        sandbox.adm(&format!("train {family} --run {halves} --resume --steps {steps} {CPU} -q")).done();
        let at_once = learned(&sandbox, &whole, steps);
        assert!(!at_once.is_empty() && at_once == learned(&sandbox, &halves, steps), "{preset} resumes as another");
        let [early, late] = losses(&sandbox, &whole, loss);
        assert!(late < early, "{preset}: {loss} went from {early} to {late}");
        let about = sandbox.adm(&format!("inspect {whole}")).done();
        assert!(about.contains(&format!("{family}: ")), "{about}");
        sandbox.adm(&format!("generate --run {whole} -o {preset}.wav {two_seconds} {CPU}")).done();
        let made = hound::WavReader::open(sandbox.path(&format!("{preset}.wav"))).unwrap();
        assert_eq!((made.spec().sample_rate, made.duration()), (44_100, 88_200), "{preset}");
    }
    judged(&sandbox, family);
}

/// Sixteen seconds of a family's first preset, judged as any recording is.
fn judged(sandbox: &Sandbox, family: &str) {
    let preset = presets(sandbox, family).swap_remove(0);
    let length = if matches!(family, "mdn" | "caw") { "--seconds 16" } else { "--beats 32" };
    sandbox.adm(&format!("generate --run {preset}-whole -o long.wav {length} {CPU}")).done();
    let ran = sandbox.adm(&format!("evaluate --reference d --candidate long.wav --bpm 120 --json {CPU}"));
    // What plays recorded beats is told so, with another exit code.
    let judgement: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    assert!(judgement["candidates"][0]["distances"]["kad"]["value"].is_f64(), "{judgement}");
    asked(sandbox);
}

/// The same sound beside the recording in a listening test.
fn asked(sandbox: &Sandbox) {
    sandbox.write("study.toml", STUDY.as_bytes());
    for (from, to) in [("set.wav", "real/set.wav"), ("long.wav", "fake/long.wav")] {
        sandbox.write(to, &sandbox.read(from));
    }
    let packed = sandbox.adm("survey-pack study.toml -o study --json -q").json();
    assert_eq!(packed["stimuli"], 2, "{packed}");
}

#[test]
fn every_preset_of_gans_conforms() {
    conforms("gan");
}

#[test]
fn every_preset_of_sequencers_conforms() {
    conforms("sequencer");
}

#[test]
fn every_preset_of_mixture_density_networks_conforms() {
    conforms("mdn");
}

#[test]
fn every_preset_of_autoencoders_conforms() {
    conforms("autoencoder");
}

#[test]
fn every_preset_of_diffusion_models_conforms() {
    conforms("diffusion");
}

#[test]
fn every_preset_of_pyramids_of_waveforms_conforms() {
    conforms("caw");
}

#[test]
fn the_suite_knows_every_family() {
    let listed = Sandbox::new().adm("train --list --json").json();
    let names: Vec<&str> =
        listed["families"].as_array().unwrap().iter().map(|family| family["family"].as_str().unwrap()).collect();
    assert_eq!(names, ["gan", "sequencer", "mdn", "autoencoder", "diffusion", "caw"], "a test of this name for each");
}

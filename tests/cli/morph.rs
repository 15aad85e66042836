//! `adm morph`: recordings through the codes of an auto-encoder.

use crate::support::{Samples, Sandbox};
use crate::trained::{CPU, pattern};

const SMALL: &str = "--set sample_rate=0 --set representation.bins=32 --set representation.frames=64 --set network.widths=[8,16] \
                     --set network.latent=4 --set training.batch=4 --set optimizer.rate=0.003 \
                     --set training.schedule.judge_every=0 --set training.schedule.preview_every=0";

/// A run `ae` on a recording `set.wav`, and another recording.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.wav("set.wav", 2, &pattern(10), Samples::Pcm16);
    sandbox.recording("other.wav", 4.2, 3);
    sandbox.adm("prepare set.wav -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    sandbox.adm(&format!("train autoencoder --data d --run ae --steps 40 {SMALL} {CPU}")).done();
    sandbox
}

/// Sample rate and seconds of a WAV file.
fn length(sandbox: &Sandbox, name: &str) -> (u32, f64) {
    let wav = hound::WavReader::open(sandbox.path(name)).unwrap();
    (wav.spec().sample_rate, f64::from(wav.duration()) / f64::from(wav.spec().sample_rate))
}

/// Samples of a WAV file of 24 bits, within ±1.
fn samples_of(sandbox: &Sandbox, name: &str) -> Vec<f64> {
    let wav = hound::WavReader::open(sandbox.path(name)).unwrap();
    wav.into_samples::<i32>().map(|sample| f64::from(sample.unwrap()) / f64::from(1 << 23)).collect()
}

fn furthest(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

#[test]
fn recordings_are_made_again_turned_into_others_and_gone_between() {
    let sandbox = sandbox();
    let morph = |words: &str| {
        let made = sandbox.adm(&format!("morph {words} --run ae --bpm 120 --quiet --json {CPU}")).json();
        made["slices"].as_u64().unwrap()
    };
    let slices = morph("set.wav -o again.wav");
    assert!((38..=40).contains(&slices), "{slices}");
    assert_eq!(length(&sandbox, "again.wav"), (44_100, slices as f64 * 0.5));
    assert_eq!(morph("set.wav other.wav -o turning.wav --sample-rate 22050"), 8, "the shorter one says how long");
    assert_eq!(length(&sandbox, "turning.wav"), (22_050, 4.0));
    assert_eq!(morph("set.wav other.wav --between 3:5 --steps 4 -o between.wav"), 4);
    assert_eq!(length(&sandbox, "between.wav"), (44_100, 2.0));
    // All of the second is the second made again; half of it is not.
    morph("other.wav -o other-again.wav");
    morph("set.wav other.wav --share 1 -o all.wav");
    morph("set.wav other.wav --share 0.5 -o half.wav");
    let [other, all, half] = ["other-again.wav", "all.wav", "half.wav"].map(|name| samples_of(&sandbox, name));
    assert!(furthest(&other, &all) < 1e-3 && furthest(&other, &half) > 0.05);
}

#[test]
fn what_is_silent_stays_silent_and_in_its_place() {
    let sandbox = sandbox();
    let mut samples = pattern(3);
    samples[88_200..176_400].fill(0.0);
    sandbox.wav("gap.wav", 2, &samples, Samples::Pcm16);
    let ran = sandbox.adm(&format!("morph gap.wav --run ae -o gap-again.wav --bpm 120 {CPU}"));
    let (slices, said) = ("slices    12\n", "warning: silent in what is made of gap.wav: slices that are 4 silent\n");
    assert!(
        ran.code == Some(0) && ran.stdout.contains(slices) && ran.stderr.ends_with(said),
        "{} {}",
        ran.stdout,
        ran.stderr
    );
    let loudest = |from: f64, to: f64| {
        let samples = samples_of(&sandbox, "gap-again.wav");
        let place = |seconds: f64| (seconds * 44_100.0) as usize * 2;
        samples[place(from)..place(to)].iter().fold(0.0f64, |most, sample| sample.abs().max(most))
    };
    assert!(loudest(2.1, 3.9) < 1e-4 && loudest(0.1, 1.9) > 0.05 && loudest(4.1, 5.9) > 0.05);
    sandbox.adm(&format!("morph gap.wav --run ae -o no.wav --between 0:5 --bpm 120 {CPU}"));
    assert!(!sandbox.path("no.wav").exists(), "slice 5 is silent");
    sandbox.wav("silence.wav", 2, &[0.0; 88_200], Samples::Pcm16);
    sandbox.adm(&format!("morph silence.wav --run ae -o no.wav --bpm 120 {CPU}")).failed(
        1,
        "error: silence.wav gives no slice: in its 0:02.000 all slices were left out (4 silent)\n\n\
         hint: give a recording of which a slice sounds; --bpm and --offset say where beats are\n",
    );
}

#[test]
fn what_cannot_be_morphed_is_refused() {
    let sandbox = sandbox();
    sandbox.adm(&format!("morph set.wav --run ae --between 3:400 -o o.wav --bpm 120 {CPU}")).failed(
        1,
        "error: --between must be among the recording's 40 slices, counted from 0, got 400\n\n\
         hint: give --between a value that is among the recording's 40 slices, counted from 0\n",
    );
    sandbox
        .adm("morph set.wav --run ae --share 0.5 -o o.wav")
        .failed(2, "error: --share is of a second recording\n\nhint: name two recordings, or leave out --share\n");
    sandbox
        .adm("morph set.wav --run ae -o o.mp3")
        .failed(2, "error: -o writes a WAV file, and o.mp3 does not end in .wav\n\nhint: name it -o o.wav\n");
    sandbox.adm("tokenize d").done();
    let small = "--set network.hidden=8 --set input.width=8 --set training.stop_accuracy=0";
    sandbox.adm(&format!("train sequencer --data d --run s --config one-level --steps 2 {small} {CPU}")).done();
    sandbox.adm(&format!("morph set.wav --run s -o o.wav {CPU}")).failed(
        1,
        "error: s is a run of the family sequencer, where one of the family autoencoder is needed\n\n\
         hint: name a run that adm train autoencoder made; adm train sequencer --run s --resume goes on with this one\n",
    );
    sandbox.adm("prepare set.wav -o windows --window 0.5 --hop 0.5 --sample-rate 8000").done();
    sandbox.adm(&format!("train autoencoder --data windows --run aw --steps 2 {SMALL} {CPU}")).done();
    sandbox.adm(&format!("morph set.wav --run aw -o o.wav --bpm 120 {CPU}")).failed(
        1,
        "error: the run learned from windows, which stand on no beats: it cannot heed --bpm\n\n\
         hint: leave out --bpm and --offset\n",
    );
    assert!(!sandbox.path("o.wav").exists());
}

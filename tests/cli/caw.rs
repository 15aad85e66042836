//! `adm train caw` and `adm generate` with its runs: one recording, what is missing of it, and what is made of it.

use crate::support::{Ran, Samples, Sandbox};
use std::fs;

/// A bass drum twice a second over a note, as loud as this, at 2,000 Hz.
fn beat(seconds: f32, level: f32) -> Vec<f32> {
    let sample = |at: usize| {
        let time = at as f32 / 2_000.0;
        let drum = (-12.0 * (2.0 * time).fract()).exp() * (time * 350.0).sin();
        level * (0.7 * drum + 0.2 * (time * 700.0).sin())
    };
    (0..(seconds * 2_000.0) as usize).map(sample).collect()
}

const SMALL: &str = "--set pyramid.rates=[320,500,800] --set network.first_channels=4 --set network.channels=4 --set network.layers=3 \
                     --set training.steps=4 --set training.schedule.preview_every=0 --set training.schedule.judge_every=4 --device cpu";

fn with_recording() -> Sandbox {
    let sandbox = Sandbox::new();
    write(&sandbox, "loop.wav", &beat(20.0, 0.8));
    sandbox
}

fn write(sandbox: &Sandbox, name: &str, samples: &[f32]) {
    write_at(sandbox, name, 2_000, samples);
}

fn write_at(sandbox: &Sandbox, name: &str, sample_rate: u32, samples: &[f32]) {
    let spec =
        hound::WavSpec { channels: 1, sample_rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut wav = hound::WavWriter::create(sandbox.path(name), spec).unwrap();
    samples.iter().for_each(|sample| wav.write_sample((sample * 32_767.0).clamp(-32_768.0, 32_767.0) as i16).unwrap());
    wav.finalize().unwrap();
}

/// Seconds of a WAV file, and its rate.
fn length(sandbox: &Sandbox, name: &str) -> (f64, u32) {
    let wav = hound::WavReader::open(sandbox.path(name)).unwrap();
    (f64::from(wav.duration()) / f64::from(wav.spec().sample_rate), wav.spec().sample_rate)
}

#[test]
fn a_run_is_trained_gone_on_with_and_does_its_tasks() {
    let sandbox = with_recording();
    let said =
        sandbox.adm(&format!("train caw --recording loop.wav --run run --hole 3-3.5 --hole 5-5.2 {SMALL}")).done();
    assert!(said.contains("scale           3 of 3, 800 Hz\n") && said.contains("steps           12 ("), "{said}");
    sandbox
        .adm(&format!("train caw --recording loop.wav --run halves --hole 3-3.5 --hole 5-5.2 --steps 6 {SMALL}"))
        .done();
    // The run has its recording: where the file was does not matter.
    fs::rename(sandbox.path("loop.wav"), sandbox.path("moved.wav")).unwrap();
    sandbox.adm("train caw --run halves --resume --device cpu").done();
    let scale = |run: &str| sandbox.read(&format!("{run}/checkpoints/step-00000012/scale-02.safetensors"));
    assert!(scale("run") == scale("halves"));
    sandbox.adm("generate --run run -o new.wav --seconds 2.5 --device cpu").done();
    assert_eq!(length(&sandbox, "new.wav"), (2.5, 44_100));
    write_at(&sandbox, "high.wav", 1_000, &beat(4.0, 0.5));
    for (name, flags) in [("varied", "--vary 500"), ("filled", "--fill"), ("clean", "--denoise")] {
        let said =
            sandbox.adm(&format!("generate --run run -o {name}.wav {flags} --sample-rate 8000 --device cpu")).done();
        assert!(said.contains("learned up to  800 Hz\n"), "{said}");
        assert_eq!(length(&sandbox, &format!("{name}.wav")), (20.0, 8_000));
    }
    sandbox.adm("generate --run run -o high-out.wav --extend high.wav --device cpu").failed(
        1,
        "error: the sound to be extended is sampled at 1000 Hz, where this run adds what is between 320 and 800 Hz\n\n\
         hint: give a WAV file at a rate of the run below its highest\n",
    );
    // Less than a sample of the lowest scale, and a rate above those of most files.
    sandbox.adm("generate --run run -o short.wav --seconds 0.00001 --device cpu").done();
    sandbox.adm("generate --run run -o fine.wav --seconds 0.5 --sample-rate 384000 --device cpu").done();
    assert_eq!(length(&sandbox, "fine.wav"), (0.5, 384_000));
    assert!(said.contains("missing         3.000 to 3.500 s, 5.000 to 5.200 s\n"), "{said}");
    let about = sandbox.adm("inspect run").done();
    assert!(about.contains("caw: a pyramid up to 8 kHz"), "{about}");
    let report = fs::read_to_string(sandbox.path("run/report/index.html")).unwrap();
    assert!(report.contains("pyramid of waveforms") && report.contains("that the reconstruction lacks"));
    sandbox.adm("compare run halves").done();
    for (name, said) in [("one", "--seed 3"), ("same", "--seed 3 --threads 1"), ("other", "--seed 4")] {
        sandbox.adm(&format!("generate --run run -o {name}.wav --seconds 1 --device cpu {said}")).done();
    }
    assert!(
        sandbox.read("one.wav") == sandbox.read("same.wav") && sandbox.read("one.wav") != sandbox.read("other.wav")
    );
}

#[test]
fn recordings_that_teach_nothing_are_refused() {
    let sandbox = Sandbox::new();
    let clipped: Vec<f32> = beat(8.0, 8.0).into_iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
    for (samples, said) in [
        (
            beat(2.0, 0.8),
            "error: the recording lasts 0:02.000, and it takes at least 0:05.000\n\n\
             hint: give 20 to 100 s, or take it with --set recording.shortest=2.0\n",
        ),
        (
            beat(101.0, 0.8),
            "error: the recording lasts 1:41.000, and no more than 1:40.000 are learned from\n\n\
             hint: cut it to what is typical, or take it with --set recording.longest=101\n",
        ),
        (
            vec![0.0001; 16_000],
            "error: the recording is silent: no sample is above -60 dB\n\nhint: give a recording in which something sounds\n",
        ),
        (
            beat(8.0, 0.02),
            "error: the recording is too quiet: its mean square is 0.00001 at most, and the first scale needs 0.0025\n\n\
             hint: raise its level, learn both channels with --set recording.channels=2 if they cancel each other out, or begin \
             anywhere with --set pyramid.first_energy=0\n",
        ),
    ] {
        write(&sandbox, "r.wav", &samples);
        let ran = sandbox.adm(&format!("train caw --recording r.wav --run run {SMALL}"));
        let error = &ran.stderr[ran.stderr.find("error:").unwrap_or(0)..];
        assert_eq!((ran.code, error), (Some(1), said));
    }
    write(&sandbox, "r.wav", &clipped);
    let ran = sandbox.adm(&format!("train caw --recording r.wav --run run {SMALL}"));
    assert!(
        ran.stderr.contains("error: the recording is clipped: ")
            && ran.stderr.contains("% of its samples are flat tops at full scale\n")
    );
    assert!(
        ran.stderr.ends_with("hint: give an unclipped version, or take it as it is with --set recording.clipped=1\n")
    );
    let taken =
        sandbox.adm(&format!("train caw --recording r.wav --run taken --steps 1 --set recording.clipped=1 {SMALL}"));
    assert_eq!((taken.code, &*taken.stderr), (Some(0), "the recording lasts 0:08.000: 20 s and more vary more\n"));
    let ran = sandbox.adm(&format!("train caw --recording none.wav --run run {SMALL}"));
    assert!(ran.code == Some(1) && ran.stderr.starts_with("error: none.wav does not exist\n"), "{}", ran.stderr);
    write(&sandbox, "r.wav", &beat(8.0, 0.8));
    // Less than is usual is said and taken.
    sandbox.adm(&format!("train caw --recording r.wav --run run --set pyramid.rates=[4000] {SMALL} --set pyramid.rates=[4000]")).failed(
        1,
        "the recording lasts 0:08.000: 20 s and more vary more\nerror: the recording is sampled at 2000 Hz, below every rate of the pyramid\n\n\
         hint: give lower rates with --set pyramid.rates=[…]\n",
    );
    assert!(!sandbox.path("run").exists());
}

#[test]
fn holes_that_make_no_sense_are_refused() {
    let sandbox = with_recording();
    for (holes, said) in [
        (
            "--hole 19-21",
            "error: the hole 19-21 s does not lie within the recording's 20 s\n\n\
             hint: give --hole START-END in seconds from the recording's start\n",
        ),
        (
            "--hole 0-20",
            "error: holes cover 100 % of the recording: too little is left to learn from\n\nhint: give shorter --hole, or a longer recording\n",
        ),
        (
            "--hole 1-8 --hole 10-15",
            "error: holes cover 60 % of the recording: too little is left to learn from\n\nhint: give shorter --hole, or a longer recording\n",
        ),
        (
            "--hole 4-4.0001",
            "error: the hole 4-4.0001 s is shorter than a sample at 800 Hz\n\nhint: give a --hole of 0.0013 s or more\n",
        ),
        (
            "--hole 38b-42b --bpm 120",
            "error: the hole 19-21 s does not lie within the recording's 20 s\n\n\
             hint: give --hole START-END in seconds from the recording's start\n",
        ),
    ] {
        sandbox.adm(&format!("train caw --recording loop.wav --run run {holes} {SMALL}")).failed(1, said);
    }
    for hole in ["3", "4-3", "1b-2", "a-b", "-1-2"] {
        sandbox.adm(&format!("train caw --recording loop.wav --run run --hole {hole} {SMALL}")).failed(
            2,
            &format!(
                "error: --hole takes a start and a later end, got {hole:?}\n\n\
                 hint: write --hole 3.5-4 for seconds, or --hole 16b-18b for beats\n"
            ),
        );
    }
    sandbox.adm(&format!("train caw --recording loop.wav --run run --hole 1-2 --bpm 120 {SMALL}")).failed(
        2,
        "error: --bpm says when beats are, and no --hole counts by them\n\n\
         hint: leave out --bpm, or give holes in beats, as in --hole 16b-18b\n",
    );
    assert!(!sandbox.path("run").exists());
}

/// What is wrong with a recording is said, and so is what of the pyramid it has not.
#[test]
fn odd_recordings_are_told_of() {
    let sandbox = with_recording();
    let mut wild = beat(6.0, 0.8);
    wild[2_000] = 1e9;
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 2_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut wav = hound::WavWriter::create(sandbox.path("wild.wav"), spec).unwrap();
    wild.iter().for_each(|&sample| wav.write_sample(sample).unwrap());
    wav.finalize().unwrap();
    sandbox.adm(&format!("train caw --recording wild.wav --run run {SMALL}")).failed(
        1,
        "error: wild.wav is 180 dB louder than full scale at 0:01.000\n\n\
         hint: bring its samples to -1 to 1, for example with: ffmpeg -i wild.wav -af volume=-180dB sound.wav\n",
    );
    let whole = sandbox.read("loop.wav");
    sandbox.write("cut.wav", &whole[..60_044]);
    let flags = format!("--steps 1 {SMALL} --set pyramid.rates=[320,500,16000]");
    let ran = sandbox.adm(&format!("train caw --recording cut.wav --run run {flags}"));
    let said = "the recording lasts 0:15.000: 20 s and more vary more\n\
                warning: cut.wav is cut off: 20000 bytes are missing at its end\n\
                the recording is sampled at 2000 Hz: left out of the pyramid are 16000 Hz\n";
    assert_eq!((ran.code, &*ran.stderr), (Some(0), said));
    // The run's copy is not what was learned from any more.
    write(&sandbox, "run/recording.wav", &beat(15.0, 0.5));
    let ran = sandbox.adm("train caw --run run --resume --steps 2 --device cpu");
    let hint = "hint: put the run's own recording.wav back, or train another --run\n";
    assert!(ran.stderr.starts_with("error: run/recording.wav is not what the run learned\n"), "{}", ran.stderr);
    assert!(ran.code == Some(1) && ran.stderr.ends_with(hint), "{}", ran.stderr);
    fs::remove_file(sandbox.path("run/recording.wav")).unwrap();
    let ran = sandbox.adm("train caw --run run --resume --steps 2 --device cpu");
    assert!(ran.stderr.starts_with("error: cannot go on without run/recording.wav\n"), "{}", ran.stderr);
    assert!(ran.code == Some(1) && ran.stderr.ends_with(hint), "{}", ran.stderr);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = with_recording();
    sandbox.adm(&format!("train caw --recording loop.wav --run run --steps 6 {SMALL}")).done();
    write(&sandbox, "other.wav", &beat(20.0, 0.7));
    for (words, code, said) in [
        (
            "train caw --data d --run new",
            2,
            "error: a caw learns from one recording and cannot take --data\n\nhint: give a file of 20 to 100 seconds with --recording\n",
        ),
        (
            "train caw --csv d.csv --run new",
            2,
            "error: a caw learns from one recording and cannot take --csv\n\nhint: give a file of 20 to 100 seconds with --recording\n",
        ),
        ("train caw --run new", 2, "error: there is no recording to learn from\n\nhint: give one with --recording\n"),
        (
            "train gan --recording loop.wav --run new",
            2,
            "error: only the family caw learns from --recording\n\nhint: give a dataset with --data\n",
        ),
        ("train gan --run new", 2, "error: there is no dataset to learn from\n\nhint: give one with --data\n"),
        (
            "train mdn --data d --hole 1-2 --run new",
            2,
            "error: only the family caw heeds --hole\n\nhint: leave out --hole\n",
        ),
        (
            "train caw --recording loop.wav --run new --epochs 3",
            2,
            "error: an epoch of a caw is one step, of every scale in turn\n\n\
             hint: give steps a scale with --set training.steps=N, or --minutes for all of them\n",
        ),
        (
            "train caw --run run --resume --hole 1-2",
            2,
            "error: a run keeps the holes that it began with\n\nhint: leave out --hole, or start a new --run\n",
        ),
        (
            "generate --run run -o o.wav --bars 4",
            2,
            "error: a caw makes waveforms and no beats: it cannot heed --bars\n\nhint: leave out --bars\n",
        ),
        (
            "generate --run run -o o.wav --rows 4",
            2,
            "error: a caw makes waveforms and no beats: it cannot heed --rows\n\nhint: leave out --rows\n",
        ),
        (
            "generate --run run -o o.wav --denoise --seconds 4",
            2,
            "error: what --denoise makes is as long as what it is made of\n\nhint: leave out --seconds\n",
        ),
        (
            "generate --run run -o o.wav --fill",
            1,
            "only 2 of 3 scales are trained yet\nerror: this run was trained without a hole: there is nothing to fill\n\n\
             hint: train one with adm train caw --recording FILE --run DIR --hole START-END\n",
        ),
        (
            "generate --run run -o o.wav --vary 500",
            1,
            "only 2 of 3 scales are trained yet\nerror: 500 Hz is no rate of this run that a variation could begin at\n\n\
             hint: use --vary with one of 320\n",
        ),
        ("evaluate --reference run --candidate run", 1, "error: cannot open dataset run\n"),
    ] {
        let ran = sandbox.adm(&format!("{words} --device cpu"));
        match code {
            1 if words.starts_with("evaluate") => assert_eq!(ran.code, Some(1)),
            _ => assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), said), "{words}"),
        }
    }
    let ran = sandbox.adm("train caw --run run --resume --recording other.wav --device cpu");
    assert!(
        ran.code == Some(1) && ran.stderr.starts_with("error: this run was trained on another recording (fingerprint ")
    );
    assert!(ran.stderr.ends_with("hint: leave out --recording: a run keeps its own\n"), "{}", ran.stderr);
    let ran = sandbox.adm("train caw --recording loop.wav --run new --set representation.name=log-mel --device cpu");
    assert!(ran.code == Some(2) && ran.stderr.contains("unknown field `representation`"), "{}", ran.stderr);
    assert!(!sandbox.path("new").exists() && !sandbox.path("o.wav").exists());
}

/// What it asks of beats is answered by those that are found in the recording.
/// Nothing is written before all is made, so there is nothing to wait for.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_making_at_once() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let sandbox = with_recording();
    sandbox.adm(&format!("train caw --recording loop.wav --run run {SMALL}")).done();
    let words = "generate --run run -o long.wav --seconds 200000 --device cpu";
    let mut command = sandbox.command();
    command.args(words.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let began = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    Ran::from(child.wait_with_output().unwrap()).failed(130, "interrupted\n");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(!sandbox.path("long.wav").exists());
}

#[test]
fn holes_may_be_in_beats_that_are_found() {
    let sandbox = Sandbox::new();
    let pulses = |at: usize| {
        let time = at as f32 / 44_100.0;
        (-30.0 * (2.0 * time).fract()).exp() * (time * 400.0).sin() * 0.8
    };
    let samples: Vec<f32> = (0..44_100 * 20).map(pulses).collect();
    sandbox.wav("set.wav", 1, &samples, Samples::Pcm16);
    sandbox.adm(&format!("train caw --recording set.wav --run run --hole 8b-9b --steps 1 {SMALL}")).done();
    let config = String::from_utf8(sandbox.read("run/config.toml")).unwrap();
    let number = |key: &str| -> f64 {
        let line = config.lines().find(|line| line.starts_with(key)).unwrap();
        line.split('=').nth(1).unwrap().trim().parse().unwrap()
    };
    assert!((number("from =") - 4.0).abs() < 0.05 && (number("to =") - 4.5).abs() < 0.05, "{config}");
}

#[test]
fn a_plan_says_what_it_would_take() {
    let sandbox = with_recording();
    let said = sandbox.adm(&format!("plan caw --data loop.wav --config cpu --patience 0.01 {SMALL}")).done();
    assert!(said.contains("cpu"), "{said}");
}

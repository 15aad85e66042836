//! How long packing takes: forty stimuli of 10 s from two synthesised sets of 44,100 Hz, stereo.
//!
//! ```sh
//! cargo run --release -p adm-survey --example pack -- BUNDLE
//! python3 crates/adm-survey/tests/page/drive.py BUNDLE
//! ```
//!
//! Prints each stage, beside reading the recordings from disk and nothing else.
#![allow(clippy::print_stdout, reason = "figures are what it is for")]

use adm_audio::{Decoder, WavFormat, read_all};
use adm_core::{SampleRate, Seconds, Seeds, Silent};
use adm_survey::bundle::assemble;
use adm_survey::design::Salt;
use adm_survey::sources::{Loading, NoPlayer, load};
use adm_survey::study::Study;
use adm_synth::{DjSet, SetSettings, Style};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What packing should take at most, in seconds.
const WISHED: f64 = 10.0;

const STUDY: &str = r#"
title = "Forty stimuli"

[[stimuli]]
id = "house"
truth = "house"
count = 20
file = { path = "house.wav" }

[[stimuli]]
id = "techno"
truth = "techno"
count = 20
file = { path = "techno.wav" }

[[questions]]
id = "style"
text = "Which is it?"
kind = "choice"
options = ["house", "techno"]
each_sample = true
scoring = { truth = {} }

[[blocks]]
id = "pairs"
questions = ["style"]
draw = { house = 1, techno = 1 }

[[pages]]
kind = "consent"

[[pages]]
kind = "block"
block = "pairs"

[[pages]]
kind = "closing"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let bundle = PathBuf::from(std::env::args().nth(1).ok_or("name the bundle to write")?);
    let scratch = std::env::temp_dir().join(format!("adm-pack-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let packed = pack(&scratch, &bundle);
    std::fs::remove_dir_all(&scratch)?;
    packed
}

fn pack(scratch: &Path, bundle: &Path) -> Result<(), Box<dyn Error>> {
    for (name, style, seed) in [("house", Style::House, 1), ("techno", Style::Techno, 2)] {
        let settings = SetSettings { seed, style, duration: Seconds(205.0), break_beats: 0, ..SetSettings::default() };
        DjSet::new(settings)?.write_wav(&scratch.join(name).with_extension("wav"), WavFormat::Pcm16, &Silent)?;
    }
    let began = Instant::now();
    for name in ["house.wav", "techno.wav"] {
        read_all(&mut Decoder::open(&scratch.join(name))?)?;
    }
    let reading = began.elapsed().as_secs_f64();
    let stage = |name: &str, seconds: f64| {
        println!("{name:<10} {seconds:6.2} s  {:6.1} × reading the recordings alone", seconds / reading);
    };
    stage("reading", reading);
    let (study, begun) = (Study::parse(STUDY, "forty")?, Instant::now());
    let loading = Loading { base: scratch, seconds: 10.0, rate: SampleRate::CD, seeds: Seeds::new(0) };
    let sounds = load(&study.stimuli, &loading, &mut NoPlayer, &Silent)?;
    stage("loading", begun.elapsed().as_secs_f64());
    let making = Instant::now();
    let assembled = assemble(&study, &sounds, &Salt::new([1; 32]), 0)?;
    stage("making", making.elapsed().as_secs_f64());
    let writing = Instant::now();
    assembled.write(bundle, &bundle.with_extension("key.json"))?;
    stage("writing", writing.elapsed().as_secs_f64());
    let all = begun.elapsed().as_secs_f64();
    stage("packing", all);
    println!("{:.2} of the {WISHED:.0} s that are wished for", all / WISHED);
    Ok(())
}

//! Judges the beat tracker: agreement with known beats, speed and peak resident memory.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --example grid
//! cargo run --release --manifest-path benches/Cargo.toml --example grid -- rounds 1 5
//! cargo run --release --manifest-path benches/Cargo.toml --example grid -- SET.ogg SET.beats.json …
//! cargo run --release --manifest-path benches/Cargo.toml --example grid -- synth SET.wav 2
//! cargo run --release --manifest-path benches/Cargo.toml --example grid -- follow SET.wav
//! ```
//!
//! Without arguments it follows the sets of adm-synth's test `beat_grid`, each on a core of its own; `rounds` takes
//! further ones, with other seeds, from the first round named up to the second. Recordings come with the beats they have:
//! a JSON file with the lists `beats` and, where they are known, `downbeats`, in seconds. `synth` writes a set of so many
//! hours with its beats beside it, in `SET.beats.json`; `follow` only says how fast and how large the tracker is.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

#[path = "../../crates/adm-synth/tests/beat_grid/families.rs"]
mod families;
#[path = "../../crates/adm-synth/tests/beat_grid/outcome.rs"]
mod outcome;
#[path = "../../crates/adm-synth/tests/beat_grid/recording.rs"]
mod recording;
#[path = "../../crates/adm-synth/tests/beat_grid/score.rs"]
mod score;

use adm_audio::grid::{self, Search};
use adm_audio::{Decoder, Grid, GridRequest, WavFormat};
use adm_core::{Bpm, SampleRate, Seconds, Silent};
use adm_synth::{Annotations, DjSet, SetSettings, TempoPlan};
use score::Score;
use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => families(0..1),
        ["rounds", from, to] => families(from.parse()?..to.parse()?),
        ["synth", path, hours] => synth(Path::new(path), hours.parse()?)?,
        ["follow", path] => println!("{:.0} times real time", follow(Path::new(path))?.1),
        pairs if pairs.len().is_multiple_of(2) => recordings(pairs)?,
        _ => return Err("usage: [rounds FROM TO | synth SET.wav HOURS | follow SET.wav | SET BEATS.json …]".into()),
    }
    println!("peak resident memory: {}", peak_memory());
    Ok(())
}

fn families(rounds: Range<usize>) {
    println!("{:62}{}", "", Score::HEAD);
    outcome::follow_all(rounds.flat_map(families::round).collect())
        .iter()
        .for_each(|outcome| println!("{}", outcome.line()));
}

fn recordings(pairs: &[&str]) -> Result<(), Box<dyn Error>> {
    println!("{}", Score::HEAD);
    for pair in pairs.chunks_exact(2) {
        let truth = annotations(Path::new(pair[1]))?;
        let (found, speed) = follow(Path::new(pair[0]))?;
        let score = Score::of(&found, &truth).line();
        println!("{score}  {:10.2}  {speed:11.0}  {}", found.confidence, pair[0]);
    }
    Ok(())
}

/// The grid of a recording and how fast it was found, decoding included.
fn follow(path: &Path) -> Result<(Grid, f64), Box<dyn Error>> {
    let mut source = Decoder::open(path)?;
    let began = Instant::now();
    let found = grid::find(&mut source, &GridRequest::Auto(Search::default()), &Silent)?;
    let took = began.elapsed().as_secs_f64();
    let lasts = found.regions.last().map_or(0.0, |region| region.end);
    Ok((found, lasts / took))
}

/// Beats that were written down, with what is known beside them.
fn annotations(path: &Path) -> Result<Annotations, Box<dyn Error>> {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
    let times = |name: &str| -> Vec<f64> {
        json[name].as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
    };
    let tempo = serde_json::from_value(json["tempo"].clone()).unwrap_or_default();
    let (beats, downbeats) = (times("beats"), times("downbeats"));
    let template = DjSet::new(SetSettings::default())?.annotations();
    Ok(Annotations { beats, downbeats, tempo, ..template })
}

/// Eight tempi an hour, mixed and gliding.
fn synth(path: &Path, hours: f64) -> Result<(), Box<dyn Error>> {
    let tempi = (0..(8.0 * hours).ceil() as u32).map(|track| Bpm::new(122.0 + f64::from(track * 5 % 9)));
    let settings = SetSettings {
        rate: SampleRate::CD,
        duration: Seconds(3_600.0 * hours),
        tempo: TempoPlan::Gliding(tempi.collect::<Result<_, _>>()?),
        ..SetSettings::default()
    };
    let set = DjSet::new(settings)?;
    set.write_wav(path, WavFormat::Pcm16, &Silent)?;
    Ok(set.write_annotations(&path.with_extension("beats.json"))?)
}

/// As Linux counts it; elsewhere use the system's own tools.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

//! What the memorisation audit says of generators that copy, more or less distorted, and of some that do not.
//!
//! ```sh
//! cargo run --release -p adm-eval --example audit -- [SETS]
//! ```
//!
//! Each line sums up SETS (10) sets of songs: how similar the generated beats are to their nearest training beats (median), the
//! share of them that is flagged, the share whose nearest recorded beat was trained on, and the verdicts.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

mod band;
mod distort;

use adm_core::{SampleRate, Seeds};
use adm_eval::EvalError;
use adm_eval::audit::{Audit, AuditConfig, Fingerprint, Fingerprinter, Library, Verdict, audit};
use band::{FRAMES, PASSAGE, RATE};
use std::error::Error;

/// Songs of a set and passages of a song; of every five passages three are trained on, one is held out, one is new.
const SONGS: usize = 8;
const PASSAGES: usize = 10;

/// Training beats that a copying generator has learnt.
const COPIED: usize = 150;

struct Set {
    training: Vec<Vec<f32>>,
    held_out: Vec<Vec<f32>>,
    new: Vec<Vec<f32>>,
    others: Vec<Vec<f32>>,
}

type Generator = (&'static str, fn(&Set, Seeds) -> Vec<Vec<f32>>);

const GENERATORS: &[Generator] = &[
    ("new beats of the same songs", |set, _| set.new.clone()),
    ("beats of other songs", |set, _| set.others.clone()),
    ("copies", |set, _| copies(set, |_, beat| beat.to_vec())),
    ("copies, −10 dB, shifted", |set, _| copies(set, |n, beat| distort::moved(beat, 0.3, 37 * n))),
    ("copies, tilted by 10 dB", |set, _| copies(set, |_, beat| distort::tilted(beat, 0.5))),
    ("copies, tilted by 19 dB", |set, _| copies(set, |_, beat| distort::tilted(beat, 0.8))),
    ("copies under noise at −20 dB", |set, seeds| {
        copies(set, |n, beat| distort::noisy(beat, -20.0, seeds, n as u64))
    }),
    ("copies under noise at −10 dB", |set, seeds| {
        copies(set, |n, beat| distort::noisy(beat, -10.0, seeds, n as u64))
    }),
    ("copies under noise at 0 dB", |set, seeds| copies(set, |n, beat| distort::noisy(beat, 0.0, seeds, n as u64))),
    ("copies, phases lost", |set, seeds| copies(set, |n, beat| distort::without_phases(beat, seeds, n as u64))),
    ("75 % a copy, 25 % another", |set, _| copies(set, |n, beat| distort::mixed(beat, other(set, n), 0.75))),
    ("averages of two", |set, _| copies(set, |n, beat| distort::mixed(beat, other(set, n), 0.5))),
    ("3 % shifted copies among new beats", |set, _| few(set, 33)),
    ("10 % shifted copies among new beats", |set, _| few(set, 10)),
    ("one beat over and over", |set, seeds| {
        copies(set, |n, _| distort::noisy(&set.training[0], -60.0, seeds, n as u64))
    }),
];

fn copies(set: &Set, distort: impl Fn(usize, &[f32]) -> Vec<f32>) -> Vec<Vec<f32>> {
    // A stride that shares no factor with the number of beats takes them from all songs.
    (0..COPIED).map(|n| distort(n, &set.training[n * 7 % set.training.len()])).collect()
}

fn other(set: &Set, n: usize) -> &[f32] {
    &set.training[(n * 7 + 191) % set.training.len()]
}

/// New beats with a copy in the place of every `every`-th.
fn few(set: &Set, every: usize) -> Vec<Vec<f32>> {
    let mut beats = set.new.clone();
    for n in (0..beats.len()).step_by(every) {
        beats[n] = distort::moved(&set.training[n * 2], 0.5, 1_000);
    }
    beats
}

fn make(seed: u64) -> Set {
    let beats = band::set(seed, SONGS, PASSAGES);
    let part = |places: &[usize]| {
        let chosen = beats.chunks(PASSAGE).enumerate().filter(|(n, _)| places.contains(&(n % 5)));
        chosen.flat_map(|(_, passage)| passage.to_vec()).collect()
    };
    Set { training: part(&[0, 2, 4]), held_out: part(&[1]), new: part(&[3]), others: band::set(seed + 1_000, SONGS, 2) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let sets: u64 = std::env::args().nth(1).map_or(Ok(10), |sets| sets.parse())?;
    let printer = Fingerprinter::new(SampleRate::new(RATE)?, FRAMES)?;
    let mut found: Vec<Vec<Audit>> = vec![Vec::new(); GENERATORS.len()];
    for seed in 0..sets {
        let set = make(seed);
        let prints = |beats: &Vec<Vec<f32>>| printer.fingerprints(beats, 2);
        let (library, held_out) = (Library::new(prints(&set.training)?), prints(&set.held_out)?);
        for ((_, generate), found) in GENERATORS.iter().zip(&mut found) {
            found.push(heard(&library, &held_out, &prints(&generate(&set, Seeds::new(seed)))?)?);
        }
    }
    println!(
        "| generator | similarity | flagged | lean | clean | suspicious | copies | cannot tell |\n|---|---|---|---|---|---|---|---|"
    );
    GENERATORS.iter().zip(&found).for_each(|((name, _), found)| print(name, found));
    let held_out: Vec<f64> = found[0].iter().map(|audit| audit.held_out.median).collect();
    println!("held-out beats: {:.3}; expected to lean: {:.2}", mean(&held_out), found[0][0].leaning.expected);
    Ok(())
}

fn heard(library: &Library, held_out: &[Fingerprint], generated: &[Fingerprint]) -> Result<Audit, EvalError> {
    audit(library, held_out, generated, &AuditConfig::default())
}

fn print(name: &str, found: &[Audit]) {
    let average = |of: fn(&Audit) -> f64| mean(&found.iter().map(of).collect::<Vec<_>>());
    let count = |verdict| found.iter().filter(|audit| audit.verdict == verdict).count();
    let [similarity, flagged, lean] =
        [average(|a| a.generated.median), average(|a| a.share), average(|a| a.leaning.share)];
    let verdicts = [Verdict::Clean, Verdict::Suspicious, Verdict::Copies, Verdict::CannotTell].map(count);
    let verdicts: Vec<String> = verdicts.iter().map(usize::to_string).collect();
    println!("| {name} | {similarity:.3} | {flagged:.3} | {lean:.2} | {} |", verdicts.join(" | "));
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

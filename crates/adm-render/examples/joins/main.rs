//! How audible the joins between a recording's beats are in a new order.
//!
//! `cargo run --release -p adm-render --example joins [-- RECORDING BEATS.json [BPM]]`
//!
//! Without a recording, bass notes held under kicks are judged. The beats (a JSON file with their times in seconds under
//! `beats`) are cut plainly from the recording, shuffled, and
//! laid at a tempo (128 BPM) by joins that know nothing but the slices (`mirrored`), by joins that know as much of what was
//! before each as a crossfade takes (`short`), and by joins that know what was around it (`around`). Of each join, beside the
//! same places of the recording that its two sides were taken from:
//!
//! - above 5 kHz: the loudest millisecond of the last 12 before the grid point, in dB beside the louder side's;
//! - flux: how much of the spectrum is new from one window of 5.8 ms to the next, at its greatest in these 12 ms, beside the
//!   greater side's, and the same at places inside beats;
//! - dip: power below 150 Hz in the weakest 16 ms of the last 35, in dB beside the weaker side's there (0 or more: none);
//! - bump: the same in the strongest, beside the stronger side's (0 or less: none);
//! - kink: energy from 200 to 1,000 Hz in the last 35 ms, in dB beside the greater side's.
//!
//! And of all slots, how many have their first 100 ms changed in any bit.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod bass;
mod measure;

use adm_audio::{OpenSettings, open, read_all};
use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_render::{Crossfade, Material, Stitcher, Timeline};
use measure::{around_400, greatest_flux, loudest_above_5_khz, low_power};
use std::path::Path;

const RATE: SampleRate = SampleRate::CD;
const HZ: f64 = 44_100.0;
/// Frames known before a slice.
const AROUND: usize = 4_410;

struct Recording {
    samples: Vec<f32>,
    /// First frame of every beat.
    beats: Vec<usize>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let recording = match arguments.as_slice() {
        [recording, beats, ..] => Recording::open(Path::new(recording), Path::new(beats)),
        _ => bass::recording(),
    };
    let bpm = Bpm::new(arguments.get(2).map_or(128.0, |bpm| bpm.parse().unwrap())).unwrap();
    let order = recording.shuffled();
    println!(
        "joins    |  above 5 kHz 50%  90% |     flux 50%  90% (inside 50%  90%) | dip 1%   10%   50% | bump 90% 99% | kink 50%  90% | changed"
    );
    for (name, known) in [("mirrored", 0), ("short", 353), ("around", AROUND)] {
        judge(name, &recording, &order, bpm, known);
    }
    println!("in the recorded order, each beat in a slot of its own length:");
    let whole: Vec<usize> = (1..recording.beats.len() - 3).collect();
    for (name, known) in [("mirrored", 0), ("around", AROUND)] {
        println!("{name:8} | {:6.1} dB of the recording differ", recording.restored(&whole, known));
    }
}

fn judge(name: &str, recording: &Recording, order: &[usize], bpm: Bpm, known: usize) {
    let timeline = Timeline::new(bpm, RATE, order.len() as u64).unwrap();
    let mut stitcher = Stitcher::new(RATE, 2, Crossfade::default()).unwrap();
    let mut out = Vec::new();
    for (slot, &beat) in (0..).zip(order) {
        out.extend_from_slice(stitcher.push(&recording.material(beat, known), timeline.slot_frames(slot)).unwrap());
    }
    out.extend_from_slice(stitcher.finish());
    let (mut high, mut flux, mut inside, mut dip) = (vec![], vec![], vec![], vec![]);
    let (mut bump, mut kink, mut changed) = (vec![], vec![], 0);
    for slot in 1..order.len() {
        let grid = timeline.slot_start(slot as u64) as usize;
        let before = recording.beats[order[slot - 1]] + timeline.slot_frames(slot as u64 - 1);
        let own = recording.beats[order[slot]];
        let sides = [(&recording.samples, before), (&recording.samples, own)];
        high.push(beside_louder((&out, grid), sides, loudest_above_5_khz));
        flux.push(ratio((&out, grid), sides, greatest_flux));
        let middle = timeline.slot_frames(slot as u64) / 2 - 700;
        let places = [grid + middle, grid + middle / 2, grid + middle * 3 / 2].map(|at| greatest_flux(&out, at));
        inside.push(places[0].max(1e-9) / places[1].max(places[2]).max(1e-9));
        let [joined, a, b] = [(&out, grid), sides[0], sides[1]].map(|(samples, at)| low_power(samples, at));
        // Nobody hears a bass of -60 dB come and go.
        let beside = |side: fn(f64, f64) -> f64| {
            let sides = a.iter().zip(&b).map(move |(a, b)| side(*a, *b));
            joined
                .iter()
                .zip(sides)
                .map(|(joined, side)| 10.0 * ((joined + 1e-6) / (side + 1e-6)).log10())
                .collect::<Vec<_>>()
        };
        dip.push(beside(f64::min).into_iter().fold(f64::MAX, f64::min));
        bump.push(beside(f64::max).into_iter().fold(f64::MIN, f64::max));
        kink.push(beside_louder((&out, grid), sides, around_400));
        changed += usize::from(out[2 * grid..2 * grid + 8_820] != recording.samples[2 * own..2 * own + 8_820]);
    }
    let at = |values: &mut Vec<f64>, percent: usize| {
        values.sort_by(f64::total_cmp);
        values[(values.len() * percent / 100).min(values.len() - 1)]
    };
    println!(
        "{name:8} | {:13.1} {:5.1} dB | {:8.2} {:5.2} ({:10.2} {:5.2}) | {:5.1} {:5.1} {:5.1} | {:5.1} {:5.1} | {:6.1} {:5.1} | {changed}",
        at(&mut high, 50),
        at(&mut high, 90),
        at(&mut flux, 50),
        at(&mut flux, 90),
        at(&mut inside, 50),
        at(&mut inside, 90),
        at(&mut dip, 1),
        at(&mut dip, 10),
        at(&mut dip, 50),
        at(&mut bump, 90),
        at(&mut bump, 99),
        at(&mut kink, 50),
        at(&mut kink, 90),
    );
}

type At<'a> = (&'a Vec<f32>, usize);

fn beside_louder((out, grid): At<'_>, sides: [At<'_>; 2], measure: fn(&[f32], usize) -> f64) -> f64 {
    let [a, b] = sides.map(|(samples, at)| measure(samples, at));
    10.0 * ((measure(out, grid) + 1e-9) / (a.max(b) + 1e-9)).log10()
}

fn ratio((out, grid): At<'_>, sides: [At<'_>; 2], measure: fn(&[f32], usize) -> f64) -> f64 {
    let [a, b] = sides.map(|(samples, at)| measure(samples, at));
    measure(out, grid).max(1e-9) / a.max(b).max(1e-9)
}

impl Recording {
    fn open(path: &Path, beats: &Path) -> Self {
        let samples = read_all(&mut open(path, OpenSettings { rate: RATE, channels: Some(2) }).unwrap()).unwrap();
        let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(beats).unwrap()).unwrap();
        let times = file["beats"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap());
        Self { samples, beats: times.map(|time| (time * HZ).round() as usize).collect() }
    }

    /// Beats with others around them and sound in them, in a new order.
    fn shuffled(&self) -> Vec<usize> {
        let loud = |beat: &usize| {
            let samples = &self.samples[2 * self.beats[*beat]..2 * self.beats[beat + 1]];
            samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32 > 1e-6
        };
        let mut order: Vec<usize> = (1..self.beats.len() - 3).filter(loud).collect();
        let mut random = Seeds::new(0).stream("joins", 0);
        (1..order.len()).rev().for_each(|last| order.swap(last, random.random_range(0..=last)));
        order
    }

    fn material(&self, beat: usize, known: usize) -> Material {
        let (start, end) = (self.beats[beat], self.beats[beat + 1]);
        let piece = |from: usize, to: usize| self.samples[2 * from..(2 * to).min(self.samples.len())].to_vec();
        Material { slice: piece(start, end), before: piece(start - known.min(start), start), class: 0 }
    }

    /// Power of the difference to the recording in its own order, in dB.
    fn restored(&self, order: &[usize], known: usize) -> f64 {
        let mut stitcher = Stitcher::new(RATE, 2, Crossfade::default()).unwrap();
        let mut out = Vec::new();
        for &beat in order {
            let frames = self.beats[beat + 1] - self.beats[beat];
            out.extend_from_slice(stitcher.push(&self.material(beat, known), frames).unwrap());
        }
        let recording = &self.samples[2 * self.beats[order[0]]..];
        let (mut error, mut power) = (0.0, 0.0);
        for (a, b) in out.iter().zip(recording).map(|(a, b)| (f64::from(*a), f64::from(*b))) {
            error += (a - b) * (a - b);
            power += b * b;
        }
        10.0 * (error / power + 1e-20).log10()
    }
}

//! What becomes of beats of 130 BPM at other tempi.
//!
//! `cargo run --release -p adm-render --example tempo [-- long]`
//!
//! Beats of clicks (one on the beat, one on the off-beat, each gone after 40 ms), whose recording is known before each:
//!
//! - early: the loudest sample between the end of a click and the next one on the new grid, in dB beside the click;
//! - late: frames by which the worst beat misses the grid;
//! - off-beat: by how many ms the worst off-beat click misses the middle of its beat;
//! - copied: the least time that the sound is a recorded beat's, bit for bit, from its grid point on, in ms.
//!
//! And of beats of a held bass, a pad and both, cut from one sound, with what sounded before each known or not (`generated`):
//!
//! - dip: the level of the quietest 20 ms within beats (their last 60 ms left out) and anywhere, beside that of the sound's own
//!   quietest 20 ms, in dB. The worst of all notes, and the median over notes of the worst of each;
//! - click: the loudest millisecond above 5 kHz, in dB beside the whole sound.
//!
//! At last, how many times faster than real time one thread stitches stereo beats of noise and of bass.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod measure;

use adm_core::{Bpm, SampleRate};
use adm_render::{Crossfade, Material, Stitcher, Timeline};
use measure::{above_5_khz, decibels, quietest};
use std::f64::consts::TAU;
use std::time::Instant;

const RATE: SampleRate = SampleRate::CD;
const HZ: f64 = 44_100.0;
const BEAT: usize = 20_354;
const BEATS: usize = 24;
const TEMPI: [f64; 9] = [65.0, 100.0, 120.0, 122.0, 128.0, 130.0, 140.0, 174.0, 260.0];

fn main() {
    println!("clicks: BPM | early dB  late  off-beat ms  copied ms");
    TEMPI.iter().for_each(|&bpm| clicks(bpm));
    let basses: Vec<Vec<f64>> = (0..12).map(|n| vec![38.0 * 2f64.powf(f64::from(n) / 12.0)]).collect();
    let pads: Vec<Vec<f64>> =
        (0..12).map(|n| [220.0, 277.2].iter().map(|hz| hz * 2f64.powf(f64::from(n) / 12.0)).collect()).collect();
    let both: Vec<Vec<f64>> = basses.iter().zip(&pads).map(|(bass, pad)| [bass.as_slice(), pad].concat()).collect();
    for (name, notes) in [("bass", &basses), ("pad", &pads), ("both", &both)] {
        for known in [true, false] {
            let of = if known { "recorded" } else { "generated" };
            println!("{name}, {of}: BPM | dip inside: worst median | anywhere: worst median | click dB");
            TEMPI.iter().for_each(|&bpm| held(bpm, notes, known));
        }
    }
    println!("speed: BPM | noise  bass × real time");
    TEMPI.iter().for_each(|&bpm| println!("{bpm:11} | {:5.0} {:5.0}", speed(bpm, noise), speed(bpm, bass)));
}

/// The beats of a recording at a tempo, in their order; where each starts.
fn played(recording: &[f32], bpm: f64, known: bool) -> (Vec<f32>, Vec<usize>) {
    let beats = recording.len() / 2 / BEAT;
    let timeline = Timeline::new(Bpm::new(bpm).unwrap(), RATE, beats as u64).unwrap();
    let mut stitcher = Stitcher::new(RATE, 2, Crossfade::default()).unwrap();
    let mut out = Vec::new();
    for beat in 0..beats {
        let slice = recording[2 * beat * BEAT..2 * (beat + 1) * BEAT].to_vec();
        let from = if known { beat * BEAT - (beat * BEAT).min(2_500) } else { beat * BEAT };
        let before = recording[2 * from..2 * beat * BEAT].to_vec();
        let material = Material { slice, before, ..Material::default() };
        out.extend_from_slice(stitcher.push(&material, timeline.slot_frames(beat as u64)).unwrap());
    }
    out.extend_from_slice(stitcher.finish());
    (out, (0..=beats).map(|beat| timeline.slot_start(beat as u64) as usize).collect())
}

fn stereo(frames: usize, value: impl Fn(usize) -> f64) -> Vec<f32> {
    (0..frames).flat_map(|frame| [value(frame) as f32; 2]).collect()
}

fn clicks(bpm: f64) {
    // Frames of a click, which is 60 dB down at its end.
    const CLICK: usize = 1_764;
    let click = |n: usize| {
        if n < CLICK {
            0.9 * (TAU * 2_000.0 * n as f64 / HZ).cos() * (-7.0 * n as f64 / CLICK as f64).exp()
        } else {
            0.0
        }
    };
    let recording = stereo(BEATS * BEAT, |frame| click(frame % BEAT) + click((frame + BEAT / 2) % BEAT));
    let (out, starts) = played(&recording, bpm, true);
    let (mut early, mut late, mut off, mut copied) = (0.0f32, 0usize, 0.0f64, usize::MAX);
    for beat in 1..BEATS - 1 {
        let (start, end) = (starts[beat], starts[beat + 1]);
        let loud = |range: std::ops::Range<usize>| range.map(|frame| out[2 * frame].abs()).enumerate();
        let first = |range: std::ops::Range<usize>| loud(range).find(|(_, value)| *value > 0.45).map(|found| found.0);
        late = late.max(first(start.saturating_sub(100)..end).map_or(end, |found| found.abs_diff(100)));
        let middle = (start + end) / 2;
        let hat =
            first(start + CLICK..end).map_or(f64::INFINITY, |found| (start + CLICK + found) as f64 - middle as f64);
        off = off.max(hat.abs() * 1_000.0 / HZ);
        for range in [start + CLICK..middle, middle + CLICK..end] {
            early = loud(range).fold(early, |early, (_, value)| early.max(value));
        }
        let same = (0..end - start).find(|n| out[2 * (start + n)] != recording[2 * (beat * BEAT + n)]);
        copied = copied.min(same.unwrap_or(end - start));
    }
    println!(
        "{bpm:11} | {:8.1} {late:5} {off:12.2} {:10.1}",
        decibels(f64::from(early / 0.9).powi(2)),
        copied as f64 * 1_000.0 / HZ
    );
}

fn held(bpm: f64, notes: &[Vec<f64>], known: bool) {
    let (mut inside, mut anywhere, mut click) = (Vec::new(), Vec::new(), f64::MIN);
    for chord in notes {
        let value = |frame: usize| {
            chord.iter().enumerate().map(|(n, hz)| (TAU * hz * frame as f64 / HZ + n as f64).sin()).sum::<f64>()
        };
        let recording = stereo(BEATS * BEAT, |frame| 0.3 * value(frame));
        let (out, starts) = played(&recording, bpm, known);
        let own = quietest(&recording, 0, BEATS * BEAT);
        let beats = (1..BEATS - 1)
            .map(|beat| quietest(&out, starts[beat], starts[beat + 1].saturating_sub(2_646).max(starts[beat] + 1_000)));
        inside.push(decibels(beats.fold(f64::MAX, f64::min) / own));
        anywhere.push(decibels(quietest(&out, starts[1], starts[BEATS - 1]) / own));
        click = click.max(decibels(above_5_khz(&out, starts[1], starts[BEATS - 1])));
    }
    let worst = |dips: &mut Vec<f64>| {
        dips.sort_by(f64::total_cmp);
        (dips[0], dips[dips.len() / 2])
    };
    let ((a, b), (c, d)) = (worst(&mut inside), worst(&mut anywhere));
    println!("{bpm:17} | {a:17.1} {b:6.1} | {c:15.1} {d:6.1} | {click:8.1}");
}

fn noise(frame: usize) -> f64 {
    f64::from((frame as u32).wrapping_mul(2_654_435_761) >> 8) / 8_388_608.0 - 1.0
}

fn bass(frame: usize) -> f64 {
    0.5 * (TAU * 55.0 * frame as f64 / HZ).sin() + 0.1 * noise(frame)
}

fn speed(bpm: f64, value: fn(usize) -> f64) -> f64 {
    let recording = stereo(4 * BEATS * BEAT, value);
    let began = Instant::now();
    let (out, _) = played(&recording, bpm, true);
    out.len() as f64 / 2.0 / HZ / began.elapsed().as_secs_f64()
}

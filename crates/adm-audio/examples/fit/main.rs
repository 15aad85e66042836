//! Fits beats to other tempi and says what became of them.
//!
//! `cargo run --release -p adm-audio --example fit [RECORDING BEATS BPM]`
//!
//! Without a recording, a synthesised pattern of kicks and off-beat hats over bass and chords tells exactly:
//!
//! - kick: how far each is from where it should be (mean and standard deviation in ms), from the peak of its correlation
//!   with the kick that was synthesised, and that peak (1 is the same waveform);
//! - hat: how far the off-beat hats are from where they should be (root mean square in ms);
//! - in order, shuffled: what the seams add above 5 kHz with the slices in order and in a new one, in dB (90th percentile);
//! - speed: times real time of the recording on one thread.
//!
//! Resampled and stretched slices have four beats, of which the last three start inside. Of a recording, the
//! beats (a text file with a time in seconds a line) are brought to a tempo and judged by their seams alone, beside beats
//! that are cropped and nothing else (`cut`) and cropped with a faded end (`faded`).
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod pattern;
mod seams;

use adm_audio::{Fit, Grid, GridMethod, OpenSettings, Placement, Slicer, Verdict, open, read_all, spans_of_grid};
use adm_core::{Bpm, Frames, SampleRate, Seconds};
use pattern::{differences, hat, kick, locate, recording, spread};
use seams::{Seams, percentile};
use std::path::Path;
use std::time::Instant;

const RATE: SampleRate = SampleRate::CD;
const HZ: f64 = 44_100.0;
const SECONDS: f64 = 60.0;
const FITS: [Fit; 3] = [Fit::Place, Fit::Resample, Fit::Stretch];

/// Slices and where in the recording they start.
#[derive(Default)]
pub struct Cut {
    slices: Vec<Vec<f32>>,
    starts: Vec<usize>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [recording, beats, bpm] => {
            judge(Path::new(recording), Path::new(beats), Bpm::new(bpm.parse().unwrap()).unwrap())
        }
        _ => judge_pattern(),
    }
}

fn judge_pattern() {
    println!("tempi    fit       | kick ms mean    SD   corr | hat RMS | in order shuffled dB | speed");
    for (from, to) in [(126.0, 128.0), (120.0, 135.0), (128.0, 124.0), (130.0, 130.0)] {
        FITS.iter().for_each(|&fit| judge_tempi(from, to, fit));
    }
}

fn judge_tempi(from: f64, to: f64, fit: Fit) {
    let recording = recording(from);
    let grid = Grid::fixed(Bpm::new(from).unwrap(), Seconds(0.25), Seconds(SECONDS));
    // Placing is for beats: of four it would move the last three.
    let beats = if fit == Fit::Place { 1 } else { 4 };
    let length = (HZ * 60.0 * beats as f64 / to).round() as usize;
    let placement = Placement::new(length, RATE).with_fit(fit, beats);
    let (mut made, mut seconds) = (Cut::default(), f64::MAX);
    for _ in 0..3 {
        let clock = Instant::now();
        made = cut(&recording, &grid, placement);
        seconds = seconds.min(clock.elapsed().as_secs_f64());
    }
    // What was resampled is compared with what it should be: the kick at the slice's speed.
    let speed = if fit == Fit::Resample { to / from } else { 1.0 };
    let kick: Vec<f64> = (0..4410).map(|n| kick(n as f64 / HZ * speed)).collect();
    let hat: Vec<f64> = (0..882).map(|n| hat(n as f64 / HZ * speed)).collect();
    let sound: Vec<f64> = made.slices.concat().chunks(2).map(|frame| f64::from(frame[0] + frame[1]) / 2.0).collect();
    // Slices have whole lengths, so beats are counted from the start of their own.
    let place = |n: usize, part: f64| (n / beats * length) as f64 + ((n % beats) as f64 + part) * HZ * 60.0 / to;
    let count = (made.slices.len() - 1) * beats;
    let kicks: Vec<_> = (1..count).map(|n| locate(&sound, &kick, place(n, 0.0))).collect();
    let (bright, hat) = (differences(&differences(&sound)), differences(&differences(&hat)));
    let hats: Vec<_> = (1..count).map(|n| locate(&bright, &hat, place(n, 0.5))).collect();
    let (mean, deviation) = spread(kicks.iter().map(|kick| kick.0));
    let correlation = kicks.iter().map(|kick| kick.1).sum::<f64>() / kicks.len() as f64;
    let hat_error = (hats.iter().map(|hat| hat.0 * hat.0).sum::<f64>() / hats.len() as f64).sqrt();
    let [order, shuffled] = [Seams::in_order, Seams::shuffled].map(|of| percentile(&of(&made, &recording).excess, 90));
    println!(
        "{from:3}→{to:3}  {:9} |     {mean:6.3} {deviation:6.3}  {correlation:.3} | {hat_error:7.2} | {order:8.1} \
         {shuffled:8.1}    | {:5.0}",
        fit.name(),
        SECONDS / seconds
    );
}

/// The whole slices of a stereo recording, those that are no silence.
fn cut(recording: &[f32], grid: &Grid, placement: Placement) -> Cut {
    let mut made = Cut::default();
    let total = Frames(recording.len() as u64 / 2);
    let mut slicer = Slicer::new(spans_of_grid(grid, RATE, placement.beats, total), placement, 2);
    for block in recording.chunks(8192) {
        slicer.push(block, &mut |out| {
            if out.verdict == Verdict::Keep && out.span.start > 1_000 {
                made.slices.push(out.samples.to_vec());
                made.starts.push(out.span.start as usize);
            }
        });
    }
    made
}

fn judge(path: &Path, beats: &Path, bpm: Bpm) {
    let beats = std::fs::read_to_string(beats).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    let (regions, downbeats) = (Vec::new(), Vec::new());
    let grid = Grid { bpm: bpm.get(), confidence: 1.0, method: GridMethod::Edited, regions, downbeats, beats };
    let recording = read_all(&mut open(path, OpenSettings { rate: RATE, channels: Some(2) }).unwrap()).unwrap();
    let placement = Placement::new(bpm.beat_frames(RATE), RATE);
    println!("seams     | in order dB 50 %   90 % | shuffled dB 50 %   90 %   99 % | step 50 %   99 %");
    let cropped = |fade: usize| {
        let mut made = cut(&recording, &grid, placement);
        for (slice, start) in made.slices.iter_mut().zip(&made.starts) {
            let length = slice.len();
            slice.copy_from_slice(&recording[start * 2..start * 2 + length]);
            for (n, sample) in slice[length - 2 * fade..].iter_mut().enumerate() {
                *sample *= (0.5 * std::f32::consts::PI * (n / 2 + 1) as f32 / (fade + 1) as f32).cos().powi(2);
            }
        }
        made
    };
    let fitted = FITS.map(|fit| (fit.name(), cut(&recording, &grid, placement.with_fit(fit, 1))));
    for (name, made) in [("cut", cropped(0)), ("faded", cropped(220))].iter().chain(&fitted) {
        let (order, shuffled) = (Seams::in_order(made, &recording), Seams::shuffled(made, &recording));
        let [first, second] = [50, 90].map(|percent| percentile(&order.excess, percent));
        let [third, fourth, fifth] = [50, 90, 99].map(|percent| percentile(&shuffled.excess, percent));
        let [sixth, seventh] = [50, 99].map(|percent| percentile(&shuffled.step, percent));
        println!(
            "{name:9} |        {first:9.1} {second:6.1} |        {third:9.1} {fourth:6.1} {fifth:6.1} | {sixth:9.4} \
             {seventh:6.4}"
        );
    }
}

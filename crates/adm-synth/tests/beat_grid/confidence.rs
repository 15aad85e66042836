//! A grid says where it is not to be trusted.

use crate::recording::Recording;
use crate::score::{WIDE, f_measure};
use adm_audio::Grid;
use adm_core::seeds::{RngExt, StreamRng};
use adm_core::{Bpm, SampleRate, Seconds, Seeds};
use adm_synth::{SetSettings, Style, TempoPlan};
use std::f64::consts::TAU;

const HZ: u32 = 44_100;
/// Length of a set in seconds.
const SECONDS: f64 = 120.0;
/// Sets of each style.
const SEEDS: u64 = 3;
/// When the foreign stretch begins and how long it lasts, in seconds: no whole number of beats at any of the tempi below.
const SPLICE: (f64, f64) = (60.3, 30.2);
/// Seconds beside the splice that are not judged: a block of confidence is four bars.
const EDGE: f64 = 8.0;
/// A part that is right is at least as sure as this.
const SURE: f64 = 0.7;
/// One that is wrong or not heard is no surer than this.
const UNSURE: f64 = 0.6;

/// A set and its beats.
fn set(style: Style, bpm: f64, seed: u64) -> (Recording, Vec<f64>) {
    let settings = SetSettings {
        seed,
        style,
        rate: SampleRate::new(HZ).unwrap(),
        duration: Seconds(SECONDS),
        tempo: TempoPlan::Constant(Bpm::new(bpm).unwrap()),
        ..SetSettings::default()
    };
    let (recording, truth) = Recording::of(settings);
    (recording, truth.beats)
}

/// The two halves of a set with something else between them.
fn spliced(set: &Recording, foreign: &[f32]) -> Recording {
    let rate = SampleRate::new(HZ).unwrap();
    let (before, after) = set.samples.split_at(2 * Seconds(SPLICE.0).frames(rate).0 as usize);
    let foreign: Vec<f32> = foreign.iter().flat_map(|&sample| [sample; 2]).collect();
    Recording::new(rate, [before, &foreign, after].concat())
}

fn noise(random: &mut StreamRng) -> Vec<f32> {
    (0..(SPLICE.1 * f64::from(HZ)) as usize).map(|_| random.random_range(-0.3..0.3)).collect()
}

/// Kicks at any times, 0.2 to 0.9 s from one to the next.
fn arhythmic(random: &mut StreamRng) -> Vec<f32> {
    let mut samples = vec![0.0; (SPLICE.1 * f64::from(HZ)) as usize];
    let mut at = 0usize;
    while at < samples.len() {
        for (n, sample) in samples[at..].iter_mut().take(HZ as usize / 3).enumerate() {
            let t = n as f64 / f64::from(HZ);
            *sample += (0.8 * (TAU * (50.0 * t + 3.0 * (1.0 - (-t * 45.0).exp()))).sin() * (-t * 12.0).exp()) as f32;
        }
        at += (random.random_range(0.2..0.9) * f64::from(HZ)) as usize;
    }
    samples
}

/// Mean confidence between two times.
fn mean(grid: &Grid, from: f64, to: f64) -> f64 {
    (0..100).map(|n| grid.confidence_at(from + (to - from) * f64::from(n) / 99.0)).sum::<f64>() / 100.0
}

/// How well a grid agrees with beats between two times.
fn agreement(grid: &Grid, beats: &[f64], from: f64, to: f64) -> f64 {
    let within = |times: &[f64]| times.iter().copied().filter(|time| (from..to).contains(time)).collect::<Vec<f64>>();
    f_measure(&within(beats), &within(&grid.beats), WIDE)
}

#[test]
fn what_is_not_heard_is_less_sure_than_what_is_right() {
    let (resume, end) = (SPLICE.0 + SPLICE.1, SPLICE.1 + SECONDS);
    let styles = [(Style::House, 128.0), (Style::Techno, 136.0), (Style::Breaks, 130.0), (Style::DrumAndBass, 172.0)];
    for ((style, bpm), seed) in styles.into_iter().flat_map(|style| (0..SEEDS).map(move |seed| (style, seed))) {
        let (set, beats) = set(style, bpm, seed);
        let moved = |&beat: &f64| if beat < SPLICE.0 { beat } else { beat + SPLICE.1 };
        let beats: Vec<f64> = beats.iter().map(moved).collect();
        let mut random = Seeds::new(seed).stream("splice", 0);
        for (what, foreign) in [("noise", noise(&mut random)), ("kicks at any times", arhythmic(&mut random))] {
            let grid = spliced(&set, &foreign).grid().unwrap();
            let within = mean(&grid, SPLICE.0 + EDGE, resume - EDGE);
            println!("{style:?}, seed {seed}, {what}: confidence {within:.2} within");
            assert!(within <= UNSURE, "{style:?}, seed {seed}: {within} in {what}");
            for (from, to) in [(EDGE, SPLICE.0 - EDGE), (resume + EDGE, end - EDGE)] {
                let (right, sure) = (agreement(&grid, &beats, from, to), mean(&grid, from, to));
                println!("    F {right:.2}, confidence {sure:.2} from {from:.0} s to {to:.0} s");
                let told = if right > 0.99 { sure >= SURE } else { sure <= UNSURE };
                assert!(told, "{style:?}, seed {seed}, {what}: F {right}, confidence {sure} from {from} s to {to} s");
            }
        }
    }
}

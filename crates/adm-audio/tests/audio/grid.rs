//! Grids of synthesised sets whose beats are known.

use crate::support::Memory;
use adm_audio::grid::{Search, find};
use adm_audio::{AudioError, Grid, GridMethod, GridRequest};
use adm_core::seeds::{RngExt, StreamRng};
use adm_core::{Bpm, Hint, Observer, Seconds, Seeds, Silent};
use std::f64::consts::TAU;

const RATE: u32 = 44_100;
/// White noises of each length that must have no beat: of those of a minute, 40 % had one when one chain was enough.
const NOISES: u64 = 12;

/// A set that is put together voice by voice.
struct Set {
    samples: Vec<f32>,
    random: StreamRng,
}

impl Set {
    fn new(seconds: f64) -> Self {
        Self::seeded(seconds, 0)
    }

    fn seeded(seconds: f64, seed: u64) -> Self {
        Self { samples: vec![0.0; (seconds * f64::from(RATE)) as usize], random: Seeds::new(5).stream("set", seed) }
    }

    fn add(&mut self, at: f64, seconds: f64, voice: impl Fn(f64, &mut StreamRng) -> f64) {
        let (rate, first) = (f64::from(RATE), (at * f64::from(RATE)).ceil() as i64);
        for n in first.max(0)..first + (seconds * rate) as i64 {
            if let Some(sample) = usize::try_from(n).ok().and_then(|n| self.samples.get_mut(n)) {
                *sample += voice(n as f64 / rate - at, &mut self.random) as f32;
            }
        }
    }

    /// A kick whose pitch falls to 50 Hz; it starts at the zero of its sine, without a click.
    fn kick(&mut self, at: f64) {
        self.add(at, 0.3, |t, _| 0.8 * (TAU * (50.0 * t + 3.0 * (1.0 - (-t * 45.0).exp()))).sin() * (-t * 12.0).exp());
    }

    fn hat(&mut self, at: f64) {
        self.add(at, 0.05, |t, random| 0.3 * random.random_range(-1.0..1.0) * (-t * 80.0).exp());
    }

    fn bass(&mut self, at: f64, seconds: f64) {
        self.add(at, seconds, |t, _| {
            0.25 * (TAU * 82.4 * t).sin() * (t * 60.0).min(1.0) * ((seconds - t) * 60.0).min(1.0)
        });
    }

    fn pad(&mut self) {
        let seconds = self.samples.len() as f64 / f64::from(RATE);
        self.add(0.0, seconds, |t, _| [220.0, 261.6, 329.6].iter().map(|hz| 0.05 * (TAU * hz * t).sin()).sum());
    }

    /// Kicks on the beat, hats and a bass off it, a pad; from 40 % to 60 % of the set only hats and pad.
    fn house(bpm: f64, first: f64, seconds: f64) -> (Self, Vec<f64>) {
        let mut set = Self::new(seconds);
        let beat = 60.0 / bpm;
        let beats: Vec<f64> = (0..).map(|k| first + f64::from(k) * beat).take_while(|&time| time < seconds).collect();
        set.pad();
        for &time in &beats {
            let breakdown = (0.4..0.6).contains(&(time / seconds));
            set.hat(time + beat / 2.0);
            if !breakdown {
                set.kick(time);
                set.bass(time + beat / 2.0, beat * 0.4);
            }
        }
        (set, beats)
    }

    fn grid(self) -> Result<Grid, AudioError> {
        find(&mut Memory::new(RATE, 1, self.samples), &GridRequest::Auto(Search::default()), &Silent)
    }
}

/// Differences of each true beat to the nearest found one, in seconds.
fn errors(beats: &[f64], found: &Grid) -> Vec<f64> {
    let nearest = |time: f64| found.beats.iter().map(|beat| beat - time).min_by(|a, b| a.abs().total_cmp(&b.abs()));
    beats.iter().map(|&time| nearest(time).unwrap()).collect()
}

#[test]
fn steady_sets_are_fitted_through_their_breakdowns() {
    for (bpm, first) in
        [(124.0, 0.0), (128.0, 0.31), (133.37, 0.1), (100.0, 0.55), (172.0, 0.2), (140.003, 0.013), (92.5, 0.4)]
    {
        let (set, beats) = Set::house(bpm, first, 60.0);
        let grid = set.grid().unwrap();
        assert!((grid.bpm - bpm).abs() < 0.005, "{bpm} BPM found as {}", grid.bpm);
        let errors = errors(&beats, &grid);
        let bias = errors.iter().sum::<f64>() / errors.len() as f64;
        let worst = errors.iter().fold(0.0f64, |worst, error| worst.max(error.abs()));
        assert!(bias.abs() < 0.002, "{bpm} BPM: bias {:.2} ms", bias * 1e3);
        assert!(worst < 0.003, "{bpm} BPM: worst beat {:.2} ms off", worst * 1e3);
        assert!((grid.beats.len() as i64 - beats.len() as i64).abs() <= 1, "{bpm} BPM: {} beats", grid.beats.len());
        assert!(grid.confidence > 0.3 && grid.method == GridMethod::Tracked, "{bpm} BPM: {}", grid.confidence);
        grid.check().unwrap();
    }
}

#[test]
fn a_long_set_does_not_drift() {
    let (set, beats) = Set::house(127.9973, 0.2, 900.0);
    let grid = set.grid().unwrap();
    assert!((grid.bpm - 127.9973).abs() < 0.0002, "found {}", grid.bpm);
    let errors = errors(&beats, &grid);
    let (start, end) = (errors[0], errors[errors.len() - 1]);
    assert!((start - end).abs() < 0.001, "{:.2} ms at the start, {:.2} ms at the end", start * 1e3, end * 1e3);
}

#[test]
fn octaves_follow_the_kicks() {
    for bpm in [190.0, 185.0, 95.0, 66.0] {
        let mut set = Set::new(40.0);
        let beat = 60.0 / bpm;
        (0..).map(|k| f64::from(k) * beat).take_while(|&time| time < 40.0).for_each(|time| set.kick(time));
        let found = set.grid().unwrap().bpm;
        assert!((found - bpm).abs() < 0.01, "kicks at {bpm} BPM found as {found}");
    }
}

#[test]
fn where_nothing_repeats_there_is_no_beat() {
    for seconds in [8.0, 30.0, 60.0, 90.0, 120.0] {
        let noise = (0..NOISES).map(|seed| {
            let mut noise = Set::seeded(seconds, seed);
            noise.add(0.0, seconds, |_, random| random.random_range(-0.5..0.5));
            ("noise", noise)
        });
        let mut pad = Set::new(seconds);
        pad.pad();
        for (what, set) in noise.chain([("silence", Set::new(seconds)), ("a pad", pad)]) {
            let error = set.grid().map(|grid| grid.confidence);
            assert!(matches!(error, Err(AudioError::NoBeat)), "{seconds} s of {what}: {error:?}");
        }
    }
    let error = Set::new(2.0).grid().unwrap_err();
    assert_eq!(error.to_string(), "a beat grid needs at least 0:04.000 of sound, got 0:02.000");
    assert!(error.hint().unwrap().contains("--bpm"));
}

#[test]
fn a_fixed_grid_needs_no_listening() {
    let mut source = Memory::new(RATE, 2, vec![0.0; 2 * 44_100 * 3]);
    let request = GridRequest::Fixed { bpm: Bpm::new(120.0).unwrap(), offset: Seconds(0.25) };
    let grid = find(&mut source, &request, &Silent).unwrap();
    assert_eq!((grid.beats.len(), grid.beats[0], grid.confidence, source.at), (6, 0.25, 1.0, 0));
}

#[test]
fn a_wish_to_stop_is_heard() {
    struct Impatient;
    impl Observer for Impatient {
        fn begin(&self, _: &str, _: Option<u64>) {}
        fn advance(&self, _: u64) {}
        fn status(&self, _: &str) {}
        fn end(&self) {}
        fn warn(&self, _: &str) {}
        fn stop_requested(&self) -> bool {
            true
        }
    }
    let mut source = Memory::new(RATE, 1, vec![0.1; 44_100 * 10]);
    let stopped = find(&mut source, &GridRequest::Auto(Search::default()), &Impatient);
    assert!(matches!(stopped, Err(AudioError::Interrupted)), "{stopped:?}");
}

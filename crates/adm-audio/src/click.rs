//! Clicks on the beats of a recording, to hear whether a grid is right.

use crate::grid::Grid;
use adm_core::SampleRate;
use std::f64::consts::TAU;

/// Length of a click in seconds.
const LENGTH: f64 = 0.03;
/// How fast it dies away, in time constants a second.
const DECAY: f64 = 150.0;
/// Its pitch on a beat and where a bar begins, in Hz.
const PITCH: [f64; 2] = [1_000.0, 2_000.0];
/// Its peak.
const LEVEL: f32 = 0.5;
/// What is left of the music, so that both together stay below full scale.
const MUSIC: f32 = 0.5;
/// A downbeat is a beat this near, in seconds.
const SAME: f64 = 0.005;

/// Clicks laid over music as it streams by.
pub struct Clicks {
    /// First frame of each click and whether it begins a bar, ascending.
    starts: Vec<(u64, bool)>,
    sounds: [Vec<f32>; 2],
    channels: usize,
    /// Frames that have passed.
    passed: u64,
    /// The first click that is not over.
    next: usize,
}

impl Clicks {
    /// For a recording at `rate` with so many channels.
    pub fn new(grid: &Grid, rate: SampleRate, channels: usize) -> Self {
        let frame = |time: f64| (time * rate.as_f64()).round() as u64;
        let is_downbeat = |time: f64| {
            let after = grid.downbeats.partition_point(|&downbeat| downbeat < time - SAME);
            grid.downbeats.get(after).is_some_and(|&downbeat| downbeat <= time + SAME)
        };
        let starts = grid.beats.iter().map(|&time| (frame(time), is_downbeat(time))).collect();
        let sounds = PITCH.map(|pitch| {
            let sample = |n: usize| {
                let t = n as f64 / rate.as_f64();
                LEVEL * ((TAU * pitch * t).sin() * (-t * DECAY).exp()) as f32
            };
            (0..(LENGTH * rate.as_f64()) as usize).map(sample).collect()
        });
        Self { starts, sounds, channels, passed: 0, next: 0 }
    }

    /// Turns the next samples of the music down and adds the clicks that fall on them. Shape `[frames, channels]`.
    pub fn add(&mut self, samples: &mut [f32]) {
        samples.iter_mut().for_each(|sample| *sample = (MUSIC * *sample).clamp(-MUSIC, MUSIC));
        let end = self.passed + (samples.len() / self.channels) as u64;
        let mut at = self.next;
        while let Some(&(start, downbeat)) = self.starts.get(at).filter(|(start, _)| *start < end) {
            let sound = &self.sounds[usize::from(downbeat)];
            let (skipped, first) = (self.passed.saturating_sub(start), start.saturating_sub(self.passed));
            let frames = samples.chunks_exact_mut(self.channels).skip(first as usize);
            for (frame, click) in frames.zip(sound.iter().skip(skipped as usize)) {
                frame.iter_mut().for_each(|sample| *sample += click);
            }
            at += 1;
            if start + sound.len() as u64 <= end {
                self.next = at;
            }
        }
        self.passed = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::{Bpm, Seconds};

    fn clicked(block: usize) -> Vec<f32> {
        let grid = Grid::fixed(Bpm::new(120.0).unwrap(), Seconds(0.25), Seconds(3.0));
        let rate = SampleRate::new(8_000).unwrap();
        let mut clicks = Clicks::new(&grid, rate, 2);
        let mut samples = vec![0.0; 2 * 24_000];
        samples.chunks_mut(2 * block).for_each(|block| clicks.add(block));
        samples
    }

    #[test]
    fn clicks_start_on_their_beats_whatever_the_blocks_are() {
        let whole = clicked(24_000);
        let silent = |frame: usize| whole[2 * frame..2 * frame + 2] == [0.0, 0.0];
        for beat in 0..5 {
            let start = 2_000 + 4_000 * beat;
            assert!(silent(start - 1) && !silent(start + 1), "beat {beat}");
            assert_eq!(whole[2 * (start + 1)], whole[2 * (start + 1) + 1]);
        }
        let crossings = |start: usize| {
            let first: Vec<f32> = whole[2 * start..2 * (start + 160)].iter().copied().step_by(2).collect();
            first.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
        };
        assert!(crossings(2_000) > 3 * crossings(6_000) / 2, "a bar begins with a higher click");
        for block in [1, 7, 333, 4_000] {
            assert_eq!(clicked(block), whole, "blocks of {block}");
        }
    }

    #[test]
    fn the_music_stays_below_full_scale() {
        let grid = Grid::fixed(Bpm::new(120.0).unwrap(), Seconds(0.0), Seconds(1.0));
        let mut clicks = Clicks::new(&grid, SampleRate::CD, 1);
        let mut loud = vec![5.0; 44_100];
        clicks.add(&mut loud);
        assert!(loud.iter().all(|sample| sample.abs() <= 1.0));
    }
}

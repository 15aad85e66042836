//! Files whose end meets their start.

use crate::support::{beat, read};
use adm_audio::WavFormat;
use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds, Silent};
use adm_render::{MasterSettings, Material, RenderReport, RenderSettings, Timeline, render};
use std::convert::Infallible;
use std::f64::consts::TAU;

/// The left channel of a mastered loop of some beats, and the frames at which they start.
fn looped(bpm: f64, beats: u64, settings: RenderSettings, slice: impl Fn(u64) -> Material) -> (Vec<f64>, Vec<usize>) {
    let timeline = Timeline::new(Bpm::new(bpm).unwrap(), SampleRate::CD, beats).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loop.wav");
    let settings = RenderSettings { looped: true, ..settings };
    let slices = (0..).map(|slot| Ok::<_, Infallible>(slice(slot)));
    let report: RenderReport = render(&path, timeline, slices, &settings, &Silent).unwrap();
    let left: Vec<f64> = read(&path).1.into_iter().step_by(2).map(f64::from).collect();
    assert_eq!((left.len() as u64, report.frames.0), (timeline.frames().0, timeline.frames().0));
    (left, (0..beats).map(|slot| timeline.slot_start(slot) as usize).collect())
}

fn float() -> RenderSettings {
    RenderSettings { format: WavFormat::Float32, ..RenderSettings::default() }
}

/// A chord over a bass and an offset, of other notes for every slot: something that a wrong wrap would tear.
fn chord(slot: u64) -> Material {
    let mut random = Seeds::new(7).stream("test", slot);
    let notes: Vec<(f64, f64)> = [55.0, 220.0, 330.0, 440.0, 1_320.0]
        .map(|hz: f64| (hz * 2f64.powf(random.random_range(-4..4) as f64 / 12.0), random.random_range(0.0..TAU)))
        .into();
    let value = |frame: usize| {
        let time = frame as f64 / 44_100.0;
        let notes = notes.iter().map(|(hz, phase)| (TAU * hz * time + phase).sin());
        0.05 + 0.12 * notes.sum::<f64>() * (1.0 - 0.5 * time)
    };
    (0..22_000).flat_map(|frame| [value(frame) as f32; 2]).collect::<Vec<f32>>().into()
}

fn around(slot: u64) -> Material {
    let sound = chord(slot).slice;
    Material { before: sound[..2 * 3_000].to_vec(), slice: sound[2 * 3_000..].to_vec(), class: 0 }
}

/// Two turns of the same beats make a loop whose halves are one another, as they could not be if anything began or ended:
/// joins, DC filter, limiter. The halves of an even number of frames are alike to rounding.
#[test]
fn a_loop_has_no_first_turn() {
    let loud = MasterSettings { loudness: -8.0, ..MasterSettings::default() };
    for (name, slice) in [("plain", chord as fn(u64) -> Material), ("around", around), ("thumps", beat)] {
        // 120 BPM has 22,050 frames a beat.
        let (left, _) = looped(120.0, 8, RenderSettings { master: loud, ..float() }, |slot| slice(slot % 4));
        let (first, second) = left.split_at(left.len() / 2);
        let worst = first.iter().zip(second).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-6, "{name}: {worst}");
    }
}

/// Energy from some frequency on in 1.5 ms before and after a frame, by the second difference, which is steep.
fn seam_energy(turns: &[f64], at: usize) -> f64 {
    (at - 66..at + 66).map(|n| (turns[n + 1] - 2.0 * turns[n] + turns[n - 1]).powi(2)).sum()
}

/// What is new in the spectrum after a frame beside that before it, as a share.
fn flux(turns: &[f64], at: usize) -> f64 {
    const FRAMES: usize = 256;
    let spectrum = |from: usize| -> Vec<f64> {
        let line = |bin: usize| {
            let turn = TAU * bin as f64 / FRAMES as f64;
            let sound = turns[from..from + FRAMES].iter().enumerate();
            let (re, im) = sound.fold((0.0, 0.0), |(re, im), (n, x)| {
                let window = 0.5 - 0.5 * (TAU * n as f64 / FRAMES as f64).cos();
                (re + window * x * (turn * n as f64).cos(), im + window * x * (turn * n as f64).sin())
            });
            re.hypot(im)
        };
        (0..FRAMES / 2).map(line).collect()
    };
    let (before, after) = (spectrum(at - FRAMES), spectrum(at));
    let new: f64 = after.iter().zip(&before).map(|(after, before)| (after - before).max(0.0)).sum();
    new / before.iter().chain(&after).sum::<f64>()
}

/// Every pair of beats that meets at the wrap meets in the loop, too; so the wrap is held to the median of all joins.
#[test]
fn the_wrap_is_a_join_like_the_others() {
    for (name, slice) in [("plain", chord as fn(u64) -> Material), ("around", around), ("thumps", beat)] {
        for bpm in [120.0, 123.456, 174.0] {
            for settings in [float(), RenderSettings::default()] {
                // The same beat throughout: all joins are one, and the wrap may not stand out by more than the dither.
                let (left, starts) = looped(bpm, 8, settings.clone(), |_| slice(3));
                let turns = [left.as_slice(), &left, &left].concat();
                for (what, measure) in [("energy", seam_energy as fn(&[f64], usize) -> f64), ("flux", flux)] {
                    let mut inner: Vec<f64> = starts[1..].iter().map(|at| measure(&turns, left.len() + at)).collect();
                    inner.sort_by(f64::total_cmp);
                    let wrap = measure(&turns, left.len());
                    let limit = inner[inner.len() / 2] * 1.05;
                    assert!(wrap <= limit, "{name}, {bpm} BPM, {settings:?}: {what} {wrap}, inner joins {inner:?}");
                }
            }
        }
    }
}

/// The same without a loop: the test above would see a wrap that is none.
#[test]
fn an_end_is_no_wrap() {
    let timeline = Timeline::new(Bpm::new(120.0).unwrap(), SampleRate::CD, 8).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("end.wav");
    let slices = (0..).map(|_| Ok::<_, Infallible>(around(3)));
    render(&path, timeline, slices, &float(), &Silent).unwrap();
    let left: Vec<f64> = read(&path).1.into_iter().step_by(2).map(f64::from).collect();
    let turns = [left.as_slice(), &left].concat();
    let inner = seam_energy(&turns, timeline.slot_start(4) as usize);
    assert!(seam_energy(&turns, left.len()) > 2.0 * inner);
}

/// A loop of one beat, shorter than the second that passes before it, and one in 16 bits.
#[test]
fn the_shortest_loops_are_exact_too() {
    for (bpm, beats) in [(400.0, 1), (174.0, 1), (123.456, 3)] {
        for settings in [float(), RenderSettings::default()] {
            let (left, _) = looped(bpm, beats, settings, chord);
            assert!(left.iter().all(|sample| sample.is_finite() && sample.abs() < 1.0), "{bpm} BPM");
            assert!(left.iter().any(|sample| sample.abs() > 0.1), "{bpm} BPM");
        }
    }
}

//! From slices to a WAV on disk.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod loops;
mod stems;
mod support;

use adm_audio::WavFormat;
use adm_core::{Frames, Observer, Silent};
use adm_render::{Material, RenderError, RenderReport, RenderSettings, render};
use std::convert::Infallible;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use support::{beat, read, timeline};

fn render_beats(path: &Path, beats: u64, settings: &RenderSettings) -> Result<RenderReport, RenderError> {
    render(path, timeline(beats), (0..beats).map(|slot| Ok::<_, Infallible>(beat(slot))), settings, &Silent)
}

#[test]
fn the_file_is_exactly_as_long_as_the_timeline_and_at_the_right_level() {
    let folder = tempfile::tempdir().unwrap();
    for (format, bits) in [(WavFormat::Pcm16, 16), (WavFormat::Pcm24, 24), (WavFormat::Float32, 32)] {
        let path = folder.path().join(format!("{bits}.wav"));
        let report = render_beats(&path, 16, &RenderSettings { format, ..RenderSettings::default() }).unwrap();
        let (spec, samples) = read(&path);
        assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 44_100, bits));
        assert_eq!(samples.len() as u64, 2 * timeline(16).frames().0);
        assert_eq!(report.frames, timeline(16).frames());
        let mode = ebur128::Mode::I | ebur128::Mode::TRUE_PEAK;
        let mut judge = ebur128::EbuR128::new(2, 44_100, mode).unwrap();
        judge.add_frames_f32(&samples).unwrap();
        assert!((judge.loudness_global().unwrap() + 14.0).abs() < 0.2, "{bits} bits: {report:?}");
        let peak = judge.true_peak(0).unwrap().max(judge.true_peak(1).unwrap());
        assert!(20.0 * peak.log10() <= -1.0, "{bits} bits: {report:?}");
    }
}

#[test]
fn beats_sound_on_the_grid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.wav");
    let settings = RenderSettings { format: WavFormat::Float32, ..RenderSettings::default() };
    // Silence before each, or a start as sharp as these would be bent to.
    let beats = (0..12).map(|slot| Ok::<_, Infallible>(Material { before: vec![0.0; 6_000], ..beat(slot) }));
    render(&path, timeline(12), beats, &settings, &Silent).unwrap();
    let right: Vec<f32> = read(&path).1.into_iter().skip(1).step_by(2).collect();
    for beat in 1..12 {
        let start = timeline(12).slot_start(beat) as usize;
        let jump = |frame: usize| (right[frame] - right[frame - 1]).abs();
        let steepest = (start - 2_000..start + 2_000).max_by(|a, b| jump(*a).total_cmp(&jump(*b))).unwrap();
        assert_eq!(steepest, start, "the attack of beat {beat}");
    }
}

#[test]
fn the_same_slices_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["a.wav", "b.wav"].map(|name| folder.path().join(name));
    for path in &files {
        render_beats(path, 5, &RenderSettings::default()).unwrap();
    }
    let [a, b] = files.map(|path| std::fs::read(path).unwrap());
    assert!(a == b);
}

#[test]
fn a_failed_slice_is_named_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.wav");
    let slices = (0..8).map(|slot| if slot < 3 { Ok(beat(slot)) } else { Err("the model is gone") });
    let error = render(&path, timeline(8), slices, &RenderSettings::default(), &Silent).unwrap_err();
    assert_eq!(error.to_string(), "slice 3 could not be made");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the model is gone");
    let few = (0..3).map(|slot| Ok::<_, Infallible>(beat(slot)));
    let error = render(&path, timeline(8), few, &RenderSettings::default(), &Silent).unwrap_err();
    assert_eq!(error.to_string(), "the timeline takes 8 slices, got 3");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Counts slices and wants to stop after three.
struct Impatient(AtomicU64);

impl Observer for Impatient {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, _text: &str) {}
    fn stop_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= 3
    }
}

#[test]
fn a_wish_to_stop_is_granted_and_an_old_file_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.wav");
    render_beats(&path, 2, &RenderSettings::default()).unwrap();
    let old = std::fs::read(&path).unwrap();
    let observer = Impatient(AtomicU64::new(0));
    let endless = (0..).map(|slot| Ok::<_, Infallible>(beat(slot)));
    let error = render(&path, timeline(1_000), endless, &RenderSettings::default(), &observer).unwrap_err();
    assert!(matches!(error, RenderError::Interrupted), "{error}");
    assert_eq!(observer.0.load(Ordering::Relaxed), 3);
    assert!(std::fs::read(&path).unwrap() == old);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_endless_generator_is_asked_for_no_more_than_needed() {
    let folder = tempfile::tempdir().unwrap();
    let asked = AtomicU64::new(0);
    let endless = (0..).map(|slot| {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(beat(slot))
    });
    let path = folder.path().join("out.wav");
    let report = render(&path, timeline(6), endless, &RenderSettings::default(), &Silent).unwrap();
    assert_eq!(report.frames, Frames(timeline(6).frames().0));
    assert_eq!(asked.load(Ordering::Relaxed), 6);
}

//! A night's rendering: how much memory, how fast, and what the time is spent on.
//!
//! `cargo run --release -p adm-render --example long -- OUT.wav [HOURS [BPM [STEMS]]]`
//!
//! Renders a loop of synthetic slices (six hours at 123.456 BPM, no stems, where nothing else is said) in 16 bits and
//! prints, for each stage, its seconds, the shares of them that it worked, waited for a core that others had, and waited for
//! the disk (the rest), and what was read from and written to files; then
//! the peak of the resident memory, and whether the file is exact to the frame.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, Observer, SampleRate, Seconds, Seeds};
use adm_render::{Material, RenderSettings, Stems, Timeline, render};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

/// Slices that are played in turn.
const SLICES: u64 = 16;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, default: f64| arguments.get(n).map_or(default, |text| text.parse().unwrap());
    let (hours, bpm, stems) = (number(1, 6.0), Bpm::new(number(2, 123.456)).unwrap(), number(3, 0.0) as usize);
    let timeline = Timeline::lasting(bpm, SampleRate::CD, Seconds(hours * 3_600.0)).unwrap();
    let names = (0..stems).map(|n| format!("stem{n}")).collect();
    let stems = (stems > 0).then(|| Stems::new(names).unwrap());
    let classes = stems.as_ref().map_or(1, |stems| stems.files(Path::new("a")).len());
    let slices: Vec<Material> = (0..SLICES).map(|n| slice(n, n as usize % classes)).collect();
    let settings = RenderSettings { looped: true, stems, ..RenderSettings::default() };
    let played = (0..timeline.slots()).map(|slot| Ok::<_, Infallible>(&slices[(slot % SLICES) as usize]));
    println!("stage      seconds  worked  queued  disk   read MB  written MB");
    let (began, path) = (Instant::now(), Path::new(&arguments[0]));
    let report = render(path, timeline, played, &settings, &Stages::default()).unwrap();
    let (seconds, length) = (began.elapsed().as_secs_f64(), report.frames.seconds(SampleRate::CD).0);
    let exact = (timeline.beats() as f64 * 60.0 * 44_100.0 / bpm.get()).round() as u64;
    let bytes = std::fs::metadata(path).unwrap().len();
    println!("{} frames, {} by arithmetic, a file of {bytes} bytes", report.frames.0, exact);
    assert!(report.frames.0 == exact && bytes >= 4 * exact && bytes < 4 * exact + 200);
    println!("{length:.0} s of music in {seconds:.0} s: {:.0} times real time", length / seconds);
    println!("peak resident memory: {:.1} MiB", status("/proc/self/status", "VmHWM:") / 1_024.0);
    println!("{:.1} LUFS, {:.2} dBTP", report.master.after.integrated_lufs, report.master.after.true_peak_dbtp);
}

/// A thump over a hiss, with what was before it.
fn slice(n: u64, class: usize) -> Material {
    let mut random = Seeds::new(1).stream("long", n);
    let thump = |frame: usize| 0.8 * (frame as f32 * 0.007).cos() * (-(frame as f32) / 4_000.0).exp();
    let mut sound = |frames: usize, level: f32| -> Vec<f32> {
        (0..frames)
            .flat_map(|frame| [0; 2].map(|_| level * thump(frame) + random.random_range(-0.05f32..0.05)))
            .collect()
    };
    Material { slice: sound(20_354, 1.0), before: sound(3_000, 0.0), class }
}

/// A number after a word in one of the system's files.
fn status(file: &str, word: &str) -> f64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN)
}

/// Seconds that this thread, which does everything, has worked (0) or waited for a core (1).
fn worked(which: usize) -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().nth(which).and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// Says what each stage took.
#[derive(Default)]
struct Stages(Mutex<Option<(String, Instant, [f64; 4])>>);

fn used() -> [f64; 4] {
    [worked(0), worked(1), status("/proc/self/io", "rchar:"), status("/proc/self/io", "wchar:")]
}

impl Observer for Stages {
    fn begin(&self, stage: &str, _total: Option<u64>) {
        *self.0.lock().unwrap() = Some((stage.to_owned(), Instant::now(), used()));
    }
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {
        let Some((stage, began, before)) = self.0.lock().unwrap().take() else { return };
        let (now, seconds) = (used(), began.elapsed().as_secs_f64());
        let [worked, queued, read, written] = [0, 1, 2, 3].map(|n| now[n] - before[n]);
        let [worked, queued] = [worked, queued].map(|part| 100.0 * part / seconds);
        let (disk, read, written) = (100.0 - worked - queued, read / 1e6, written / 1e6);
        println!("{stage:8} {seconds:9.1} {worked:6.0}% {queued:6.0}% {disk:4.0}% {read:9.0} {written:11.0}");
    }
    fn warn(&self, _text: &str) {}
}

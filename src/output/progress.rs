//! How far things are: bars on a terminal, a line now and then elsewhere, both on stderr.

use super::Style;
use super::text;
use crate::interrupt;
use crate::settings::Verbosity;
use adm_core::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::{self, IsTerminal, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Time between two lines where there is no terminal: frequent at first, seldom once it is clear that it takes long.
const SOONEST: Duration = Duration::from_secs(10);
const LATEST: Duration = Duration::from_secs(60);

/// The observer of every verb.
pub struct Progress {
    verbosity: Verbosity,
    style: Style,
    bars: bool,
    stage: Mutex<Option<Stage>>,
}

/// What is going on.
struct Stage {
    name: String,
    total: Option<u64>,
    done: u64,
    text: String,
    began: Instant,
    next_line: Duration,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Says as much as `verbosity` allows.
    pub fn new(verbosity: Verbosity, style: Style) -> Self {
        let bars = verbosity > Verbosity::Quiet && io::stderr().is_terminal();
        Self { verbosity, style, bars, stage: Mutex::new(None) }
    }

    /// Takes away what is left of a stage that did not end, so that an error stands on a line of its own.
    pub fn clear(&self) {
        if let Some(bar) = self.stage().take().and_then(|stage| stage.bar) {
            bar.finish_and_clear();
        }
    }

    /// Something that the user may want to know, unless it is to be quiet.
    pub fn note(&self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(text);
        }
    }

    /// What can be done about a warning.
    pub fn hint(&self, text: &str) {
        self.line(&format!("{} {text}", self.style.hint("hint:")));
    }

    fn stage(&self) -> MutexGuard<'_, Option<Stage>> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One line on stderr, above the bar if there is one.
    fn line(&self, text: &str) {
        match self.stage().as_ref().and_then(|stage| stage.bar.as_ref()) {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    /// Does something to the stage and, without a bar, says so now and then.
    fn update(&self, change: impl FnOnce(&mut Stage)) {
        let mut guard = self.stage();
        let Some(stage) = guard.as_mut() else { return };
        change(stage);
        let elapsed = stage.began.elapsed();
        if stage.bar.is_none() && self.verbosity > Verbosity::Quiet && elapsed >= stage.next_line {
            stage.next_line = elapsed + elapsed.mul_f64(0.2).clamp(SOONEST, LATEST);
            say(&stage.line());
        }
    }
}

fn say(text: &str) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

impl Observer for Progress {
    fn begin(&self, name: &str, total: Option<u64>) {
        self.clear();
        let stage = Stage {
            bar: self.bars.then(|| bar(name, total)),
            name: name.to_owned(),
            total,
            done: 0,
            text: String::new(),
            began: Instant::now(),
            next_line: SOONEST,
        };
        *self.stage() = Some(stage);
    }

    fn advance(&self, amount: u64) {
        self.update(|stage| {
            stage.done = stage.done.saturating_add(amount);
            stage.bar.iter().for_each(|bar| bar.inc(amount));
        });
    }

    fn status(&self, text: &str) {
        self.update(|stage| {
            text.clone_into(&mut stage.text);
            stage.bar.iter().for_each(|bar| bar.set_message(text.to_owned()));
        });
    }

    fn end(&self) {
        let ended = self.stage().take();
        let Some(stage) = ended else { return };
        if let Some(bar) = &stage.bar {
            bar.finish_and_clear();
        }
        if self.verbosity == Verbosity::Verbose {
            say(&stage.summary());
        }
    }

    fn warn(&self, text: &str) {
        self.line(&format!("{} {text}", self.style.warning("warning:")));
    }

    fn stop_requested(&self) -> bool {
        interrupt::requested()
    }
}

impl Stage {
    /// Such as `slicing: 20 %, 5012 kept`.
    fn line(&self) -> String {
        let mut line = format!("{}: {}", self.name, position(&self.name, self.done, self.total));
        if !self.text.is_empty() {
            line.push_str(", ");
            line.push_str(&self.text);
        }
        line
    }

    /// Such as `slicing: done in 12.3 s, 5012 kept`.
    fn summary(&self) -> String {
        let mut line = format!("{}: done in {}", self.name, text::duration(self.began.elapsed().as_secs_f64()));
        if !self.text.is_empty() {
            line.push_str(", ");
            line.push_str(&self.text);
        }
        line
    }
}

/// How far a stage is, in its own unit.
fn position(stage: &str, done: u64, total: Option<u64>) -> String {
    // These count what is decoded, which may be every recording twice.
    if let ("finding beats" | "slicing", Some(total @ 1..)) = (stage, total) {
        return format!("{:.0} %", 100.0 * done.min(total) as f64 / total as f64);
    }
    let show = |value: u64| if is_time(stage) { text::duration(value as f64) } else { text::count(value) };
    let total = total.map(|total| format!(" of {}", show(total.max(done)))).unwrap_or_default();
    format!("{}{total}{}", show(done), unit(stage))
}

/// Whether a stage counts seconds of audio.
fn is_time(stage: &str) -> bool {
    matches!(stage, "listening" | "slicing")
}

/// What the libraries' stages count.
fn unit(stage: &str) -> &'static str {
    match stage {
        "reading" => " MiB",
        "writing" | "exporting" => " slices",
        "importing" => " files",
        "train" => " steps",
        _ => "",
    }
}

fn bar(name: &str, total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{prefix} {bar:24} {where}  {elapsed}, {eta} left  {wide_msg}",
        None => "{prefix} {spinner} {where}  {elapsed}  {wide_msg}",
    };
    let stage = name.to_owned();
    let shown = move |state: &ProgressState, to: &mut dyn std::fmt::Write| {
        let _ = to.write_str(&position(&stage, state.pos(), state.len()));
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("where", shown).progress_chars("━╸─"));
    }
    bar.set_prefix(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_counts_in_its_own_unit() {
        for (stage, done, total, expected) in [
            ("reading", 1_200, Some(2_400), "1,200 of 2,400 MiB"),
            ("slicing", 36, Some(144), "25 %"),
            ("slicing", 90, None, "1:30"),
            ("finding beats", 5, Some(4), "100 %"),
            ("listening", 90, Some(3_600), "1:30 of 1:00:00"),
            ("writing", 7, Some(5), "7 of 7 slices"),
            ("train", 40, None, "40 steps"),
            ("something new", 1, Some(2), "1 of 2"),
        ] {
            assert_eq!(position(stage, done, total), expected, "{stage}");
        }
    }

    #[test]
    fn a_stage_tells_where_it_stands_and_how_it_went() {
        let progress = Progress::new(Verbosity::Quiet, Style::for_stderr(super::super::ColourChoice::Never));
        progress.begin("slicing", Some(100));
        progress.advance(30);
        progress.status("5012 kept");
        assert_eq!(progress.stage().as_ref().map(Stage::line), Some("slicing: 30 %, 5012 kept".to_owned()));
        let summary = progress.stage().as_ref().map(Stage::summary).unwrap();
        assert!(summary.starts_with("slicing: done in 0.") && summary.ends_with(" s, 5012 kept"), "{summary}");
        progress.end();
        assert!(progress.stage().is_none());
    }
}

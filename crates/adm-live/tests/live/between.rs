//! What a source does between its bars.

use super::support::{Ear, FORMAT, Steps, board, step};
use adm_core::{Frames, Silent};
use adm_live::{Bar, BarSource, Controls, Engine, EngineSettings, LiveReport, Pace};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// A second.
const BAR: usize = 44_100;

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// Bars of which each says how often something was done before it.
struct Tidy<F> {
    steps: Steps,
    done: Arc<AtomicU64>,
    between: F,
}

impl<F: FnMut(u64) -> Done + Send> BarSource for Tidy<F> {
    fn next_bar(&mut self, controls: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
        let bar = self.steps.next_bar(controls)?;
        Ok(Bar { section: self.done.load(Ordering::SeqCst).to_string(), ..bar })
    }

    fn between_bars(&mut self) -> Done {
        (self.between)(self.done.fetch_add(1, Ordering::SeqCst))
    }
}

fn tidy<F: FnMut(u64) -> Done + Send>(frames: usize, between: F) -> (Arc<AtomicU64>, Box<Tidy<F>>) {
    let done = Arc::<AtomicU64>::default();
    (done.clone(), Box::new(Tidy { steps: Steps::new(frames), done, between }))
}

fn engine(seconds: u64) -> (Ear, Engine) {
    let settings = EngineSettings { stop_after: Some(Frames(seconds * 44_100)), ..EngineSettings::new(FORMAT) };
    let ear = Ear::default();
    (ear.clone(), Engine::new(settings, board()).unwrap().with_tap(ear))
}

fn sections(ear: &Ear) -> Vec<String> {
    let of = |event| match event {
        adm_live::Event::Bar(bar) => Some(bar.section.to_string()),
        _ => None,
    };
    ear.told().into_iter().filter_map(of).collect()
}

#[test]
fn in_simulated_time_it_is_done_after_every_bar() {
    let once = || {
        let (done, source) = tidy(BAR, |_| Ok(()));
        let (ear, engine) = engine(30);
        engine.simulate(source, |bar| Duration::from_millis(bar % 7 * 60), &Silent).unwrap();
        (done.load(Ordering::SeqCst), sections(&ear))
    };
    let (done, sections) = once();
    assert!(done >= 30 && sections[29] == "29", "{done}, {sections:?}");
    assert_eq!((done, sections), once(), "and always the same");
}

#[test]
fn into_a_pipe_at_full_speed_it_is_done_after_every_bar_too() {
    let nap = |_| {
        thread::sleep(Duration::from_millis(20));
        Ok(())
    };
    let (done, source) = tidy(BAR, nap);
    let (ear, engine) = engine(30);
    let report = engine.run(source, Pace::AsTaken, &Silent).unwrap();
    // What comes after the last bar may be cut off by the end.
    assert!(done.load(Ordering::SeqCst) >= 29 && sections(&ear)[29] == "29", "{:?}", sections(&ear));
    assert_eq!(report.repeats, 0);
}

#[test]
fn what_takes_too_long_does_not_make_bars_late() {
    // Bars of half a second; of its first half, and of the one before, 0.5 seconds are left for something that takes 0.4.
    let slow = |_| {
        thread::sleep(Duration::from_millis(400));
        Ok(())
    };
    let (done, source) = tidy(BAR / 2, slow);
    let report: LiveReport = engine(4).1.run(source, Pace::RealTime, &Silent).unwrap();
    assert_eq!((report.repeats, done.load(Ordering::SeqCst)), (0, 1));
    assert!(report.making_worst < 0.3, "{}", report.making_worst);
}

#[test]
fn an_error_of_it_is_one_of_the_next_bar() {
    let fails = |before| if before == 1 { Err("nothing is tidy".into()) } else { Ok(()) };
    let simulated = engine(9);
    let error = simulated.1.simulate(tidy(BAR, fails).1, |_| Duration::ZERO, &Silent).unwrap_err();
    let real = engine(9);
    let same = real.1.run(tidy(BAR, fails).1, Pace::AsTaken, &Silent).unwrap_err();
    for (ear, error) in [(simulated.0, error), (real.0, same)] {
        assert!(error.to_string().contains("bar 2 could not be made"), "{error}");
        assert_eq!(error.source().unwrap().to_string(), "nothing is tidy");
        let heard = ear.heard();
        assert!(heard.len() >= 2 * BAR && heard[BAR] == step(1), "what was made was heard");
    }
}

//! The beat grid through an engine, with a band that changes its tempo.

use super::band::Band;
use super::support::Ear;
use adm_core::{Frames, SampleRate, Silent};
use adm_live::{Board, Change, Chunk, Controls, Engine, EngineSettings, Event, Ranges, Tap};
use std::sync::Arc;
use std::time::Duration;

/// Rounding to whole frames, twice: of a bar's start and of a beat's.
const MOST_FRAMES: f64 = 1.0;

/// Turns the tempo up as music plays.
struct Faster(Arc<Board>);

impl Tap for Faster {
    fn chunk(&mut self, _: &Chunk<'_>) {}
    fn event(&mut self, event: &Event) {
        if let Event::Bar(bar) = event {
            let bpm = Some(100.0 + (bar.index % 40) as f64 * 1.7);
            self.0.change(&Change { bpm, ..Change::default() }).unwrap();
        }
    }
}

#[test]
fn beats_are_where_exact_arithmetic_puts_them_through_changes_and_late_bars() {
    let board = Arc::new(Board::new(Controls::default(), Ranges::default()).unwrap());
    let ear = Ear::default();
    let settings =
        EngineSettings { stop_after: Some(Frames(44_100 * 120)), ..EngineSettings::new(Band::format(SampleRate::CD)) };
    let engine = Engine::new(settings, board.clone()).unwrap().with_tap(Faster(board));
    let events = Events(ear.clone());
    let cost = |bar| Duration::from_millis(if bar % 10 == 9 { 4_000 } else { 50 });
    let report = engine.with_tap(events).simulate(Box::new(Band::new(SampleRate::CD)), cost, &Silent).unwrap();
    assert!(report.repeats > 5, "there are late bars to look at");
    let mut exact = 0.0;
    let mut repeated = 0.0;
    for event in ear.told() {
        let Event::Bar(bar) = event else { continue };
        // A repeat has its bar's own rounded length, all others the sum of what went before.
        let start = exact + repeated;
        assert!((bar.frame as f64 - start).abs() <= MOST_FRAMES, "bar {} at {} not {start}", bar.index, bar.frame);
        let beat = 60.0 * 44_100.0 / bar.bpm;
        for (k, note) in bar.beats.iter().enumerate() {
            let there = (bar.frame + note.frame) as f64;
            assert!((there - start - k as f64 * beat).abs() <= 2.0 * MOST_FRAMES, "bar {} beat {k}", bar.index);
        }
        if bar.repeat.is_some() {
            repeated += bar.frames as f64;
        } else {
            exact += 4.0 * beat;
        }
    }
}

/// The events alone: two minutes of samples are not needed.
struct Events(Ear);

impl Tap for Events {
    fn chunk(&mut self, _: &Chunk<'_>) {}
    fn event(&mut self, event: &Event) {
        self.0.event(event);
    }
}

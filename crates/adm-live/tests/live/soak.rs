//! Half an hour in simulated time.

use super::band::Band;
use adm_core::seeds::{RngExt, StreamRng};
use adm_core::{Frames, SampleRate, Seeds, Silent};
use adm_live::{Board, Change, Chunk, Controls, Engine, EngineSettings, Event, Ranges, Tap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SECONDS: u64 = 30 * 60;

/// A quarter of a CD's: the band has four times less to do, and the engine's affairs are the same.
const RATE: u64 = 11_025;

fn rate() -> SampleRate {
    SampleRate::new(RATE as u32).unwrap()
}

/// Changes something every half second on average, and hears whether all is as it should be.
struct Hands {
    board: Arc<Board>,
    chance: StreamRng,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    frames: u64,
    sum: f64,
    changes: u64,
    bars: u64,
    loudest: f32,
    next: u64,
}

impl Tap for Hands {
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        let mut seen = self.seen.lock().unwrap();
        assert_eq!(chunk.frame, seen.frames);
        seen.frames += chunk.samples.len() as u64 / 2;
        seen.sum += chunk.samples.iter().map(|&sample| f64::from(sample)).sum::<f64>();
        seen.loudest = chunk.samples.iter().fold(seen.loudest, |peak, sample| peak.max(sample.abs()));
        if self.chance.random_range(0..25) == 0 {
            seen.changes += 1;
            self.board.change(&random(&mut self.chance)).unwrap();
        }
    }

    fn event(&mut self, event: &Event) {
        let mut seen = self.seen.lock().unwrap();
        if let Event::Bar(bar) = event {
            assert!(bar.frame == seen.frames, "bars begin where the chunks are");
            assert!(bar.frame >= seen.next, "and only after the one before");
            (seen.next, seen.bars) = (bar.frame + bar.frames, seen.bars + 1);
        }
        assert!(!matches!(event, Event::Late { .. }), "an underrun: {event:?}");
    }
}

fn random(chance: &mut StreamRng) -> Change {
    let none = Change::default();
    match chance.random_range(0..10) {
        0 | 1 => Change { bpm: Some(chance.random_range(60.0..=200.0)), ..none },
        2 => Change { temperature: Some(chance.random_range(0.1..=2.0)), ..none },
        3 => Change { morph: Some(chance.random()), ..none },
        4 => Change { mix: Some(chance.random()), ..none },
        5 => Change { seed: Some(chance.random_range(0..1_000)), ..none },
        6 => Change { next_section: Some(true), ..none },
        7 => Change { hold: Some(chance.random_range(0..4) == 0), ..none },
        _ => Change { playing: Some(chance.random_range(0..8) > 0), ..none },
    }
}

/// A source at ten times real time, as the goal is, that now and then needs six times as long: bars last from 1.2 to 4
/// seconds, so that it takes from 0.12 to 0.24 seconds, and at times 0.7.
fn cost() -> impl FnMut(u64) -> Duration + Send {
    let mut chance = Seeds::new(3).stream("cost", 0);
    move |_| {
        let rare = chance.random_range(0..40) == 0;
        Duration::from_millis(if rare { chance.random_range(250..500) } else { chance.random_range(80..240) })
    }
}

fn soak(seed: u64) -> (adm_live::LiveReport, f64, f32, u64) {
    let board = Arc::new(Board::new(Controls::default(), Ranges::default()).unwrap());
    let seen = Arc::<Mutex<Seen>>::default();
    let hands = Hands { board: board.clone(), chance: Seeds::new(seed).stream("hands", 0), seen: seen.clone() };
    let settings =
        EngineSettings { stop_after: Some(Frames(RATE * SECONDS)), ..EngineSettings::new(Band::format(rate())) };
    let engine = Engine::new(settings, board).unwrap().with_tap(hands);
    let report = engine.simulate(Box::new(Band::new(rate())), cost(), &Silent).unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.bars, report.bars);
    (report, seen.sum, seen.loudest, seen.changes)
}

#[test]
fn half_an_hour_of_busy_hands_has_no_underrun() {
    let (report, _, loudest, changes) = soak(1);
    println!("{changes} changes: {report:?}");
    assert_eq!((report.frames, report.repeats), (RATE * SECONDS, 0));
    assert!(changes > 3_000 && report.held > 10 && report.bars > 300, "{report:?}");
    assert!(loudest <= 1.0 && loudest > 0.5);
    // At 60 beats a minute a bar lasts 4 seconds, and a change is heard after two at most.
    assert!(report.slowest_change <= 8.0, "{}", report.slowest_change);
}

#[test]
fn in_simulated_time_the_music_is_a_function_of_its_seeds() {
    let short = |seed| {
        let board = Arc::new(Board::new(Controls { seed, ..Controls::default() }, Ranges::default()).unwrap());
        let ear = super::support::Ear::default();
        let settings =
            EngineSettings { stop_after: Some(Frames(RATE * 20)), ..EngineSettings::new(Band::format(rate())) };
        let ears = Stereo(ear.clone());
        let engine = Engine::new(settings, board).unwrap().with_tap(ears);
        engine.simulate(Box::new(Band::new(rate())), |_| Duration::from_millis(200), &Silent).unwrap();
        ear.heard()
    };
    assert!(short(1) == short(1) && short(1) != short(2));
}

struct Stereo(super::support::Ear);

impl Tap for Stereo {
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        self.0.samples.lock().unwrap().extend_from_slice(chunk.samples);
    }
    fn event(&mut self, _: &Event) {}
}

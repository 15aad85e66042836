//! What is heard when.

use super::support::{Ear, FORMAT, Steps, Watcher, board, step};
use adm_core::{Frames, Silent};
use adm_live::{
    Bar, BarSource, Board, Change, Controls, Engine, EngineSettings, Event, LiveError, LiveReport, Pace, Repeat,
};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A second: eight bars of these are easy to count.
const BAR: usize = 44_100;

/// Frames of a repeat over which its seam is spread.
const SEAM: usize = 441;

fn settings(seconds: f64) -> EngineSettings {
    EngineSettings { stop_after: Some(Frames((seconds * 44_100.0) as u64)), ..EngineSettings::new(FORMAT) }
}

fn simulated(
    board: Arc<Board>,
    seconds: f64,
    source: impl BarSource + 'static,
    cost: impl FnMut(u64) -> Duration + Send + 'static,
) -> (Ear, LiveReport) {
    let ear = Ear::default();
    let engine = Engine::new(settings(seconds), board).unwrap().with_tap(ear.clone());
    let report = engine.simulate(Box::new(source), cost, &Silent).unwrap();
    (ear, report)
}

/// Which bar sounds in the middle of each second.
fn seconds_of(ear: &Ear) -> Vec<f32> {
    ear.heard().chunks(BAR).map(|second| second[second.len() / 2]).collect()
}

#[test]
fn bars_follow_each_other_as_they_were_made() {
    let (ear, report) = simulated(board(), 8.0, Steps::new(BAR), |_| Duration::from_millis(400));
    let expected = (0..8).flat_map(|bar| vec![step(bar); BAR]).collect::<Vec<_>>();
    assert!(ear.heard() == expected, "nothing is lost, moved or changed");
    assert_eq!((report.bars, report.repeats, report.held, report.first_sound), (8, 0, 0, 0.4));
}

#[test]
fn what_is_late_is_replaced_by_the_last_bar_in_time() {
    // Bars 3 and 6 take 2.3 seconds instead of none.
    let cost = |bar| Duration::from_millis(if bar % 3 == 0 && bar > 0 { 2_300 } else { 0 });
    let (ear, report) = simulated(board(), 12.0, Steps::new(BAR), cost);
    let order = [0, 1, 2, 2, 2, 3, 4, 5, 5, 5, 6, 7];
    assert_eq!(seconds_of(&ear), order.map(step));
    assert_eq!(report.repeats, 4);
    let late = ear.told().iter().filter(|event| matches!(event, Event::Late { .. })).count();
    assert_eq!(late, 4, "each is told");
    for event in ear.told() {
        if let Event::Bar(bar) = event {
            assert_eq!(bar.frame % BAR as u64, 0, "the beat's phase is exact");
            assert_eq!(bar.repeat.is_some(), [3, 4, 8, 9].contains(&bar.index));
        }
    }
    assert!(ear.heard().iter().all(|sample| *sample > 0.0), "never silence");
}

#[test]
fn a_repeat_begins_where_the_last_frame_ended() {
    struct Ramp;
    impl BarSource for Ramp {
        fn next_bar(&mut self, _: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
            let samples = (0..BAR).map(|frame| frame as f32 / BAR as f32).collect();
            Ok(Bar { samples, bpm: 120.0, ..Bar::default() })
        }
    }
    let (ear, _) = simulated(board(), 2.0, Ramp, |bar| Duration::from_secs(bar * 9));
    let heard = ear.heard();
    let worst = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(worst < 0.01, "a step of 1 is spread over {SEAM} frames, the steepest was {worst}");
    assert_eq!(heard[BAR + SEAM..], heard[SEAM..BAR], "the rest is as it was");
}

#[test]
fn bars_shorter_than_a_chunk_follow_each_other_too() {
    // 1, 10 and 20 milliseconds: each is sent in one chunk, so there is no moment within it to begin the next at.
    for frames in [44, 441, 882] {
        let (ear, report) = simulated(board(), 0.1, Steps::new(frames), |_| Duration::ZERO);
        let expected = (0..).flat_map(|bar| vec![step(bar); frames]).take(4_410);
        assert!(ear.heard().into_iter().eq(expected) && report.repeats == 0, "{frames}: {report:?}");
    }
}

/// Changes the board when bar `at` begins.
struct Hand {
    board: Arc<Board>,
    at: u64,
    change: Change,
    back: Option<(u64, Change)>,
}

impl adm_live::Tap for Hand {
    fn chunk(&mut self, chunk: &adm_live::Chunk<'_>) {
        if chunk.frame == self.at {
            self.board.change(&self.change).unwrap();
        }
        if let Some((at, change)) = &self.back
            && chunk.frame >= *at
        {
            self.board.change(change).unwrap();
            self.back = None;
        }
    }
    fn event(&mut self, _: &Event) {}
}

fn with_hand(seconds: f64, at: u64, change: Change, back: Option<(u64, Change)>) -> (Ear, LiveReport) {
    let (board, ear) = (board(), Ear::default());
    let hand = Hand { board: board.clone(), at, change, back };
    let engine = Engine::new(settings(seconds), board).unwrap().with_tap(ear.clone()).with_tap(hand);
    let report = engine.simulate(Box::new(Steps::new(BAR)), |_| Duration::from_millis(100), &Silent).unwrap();
    (ear, report)
}

#[test]
fn a_bar_is_held_as_long_as_asked() {
    let hold = |hold| Change { hold: Some(hold), ..Change::default() };
    let (ear, report) = with_hand(8.0, 2 * BAR as u64, hold(true), Some((5 * BAR as u64 + 100, hold(false))));
    assert_eq!(seconds_of(&ear), [0, 1, 2, 2, 2, 2, 3, 4].map(step));
    assert_eq!((report.held, report.repeats), (3, 0));
    let repeats = ear.told().into_iter().filter_map(|event| match event {
        Event::Bar(bar) => bar.repeat,
        _ => None,
    });
    assert_eq!(repeats.collect::<Vec<_>>(), [Repeat::Held; 3]);
}

#[test]
fn a_pause_is_silence_that_loses_no_music() {
    let playing = |playing| Change { playing: Some(playing), ..Change::default() };
    let (ear, report) = with_hand(8.0, 2 * BAR as u64, playing(false), Some((4 * BAR as u64, playing(true))));
    let heard = ear.heard();
    assert_eq!(report.frames as usize, heard.len(), "the stream goes on");
    // Where it was paused and went on there are two fades of 5 ms; between them there is nothing.
    assert!(heard[2 * BAR + 1_200..4 * BAR].iter().all(|sample| *sample == 0.0));
    assert!(heard[2 * BAR..2 * BAR + 882].iter().all(|sample| *sample == step(2)), "the chunk at hand is played");
    let silent = heard.iter().filter(|sample| **sample == 0.0).count();
    let of_bar = heard.iter().filter(|sample| **sample == step(2)).count();
    assert!(of_bar >= BAR - 2 * 221, "bar 2 is all there but for the fades: {of_bar}");
    assert!((silent as i64 - 2 * BAR as i64).abs() < 1_800, "{silent}");
}

#[test]
fn a_change_is_heard_from_the_next_bar_on_or_the_one_after() {
    // In the first half of a bar, and just after its middle, when the next one has been begun.
    for (at, bars) in [(3.0, 1.0), (3.4, 0.6), (3.52, 1.48), (3.9, 1.1)] {
        let bpm = Change { bpm: Some(90.0), ..Change::default() };
        let chunk = ((at * 50.0) as u64) * 882;
        let (ear, report) = with_hand(8.0, chunk, bpm, None);
        let first = ear.told().into_iter().find_map(|event| match event {
            Event::Bar(bar) if bar.bpm == 90.0 => Some(bar.frame),
            _ => None,
        });
        let waited = (first.unwrap() - chunk) as f64 / BAR as f64;
        assert!((waited - bars).abs() < 0.03, "asked at {at}: heard after {waited} bars");
        assert!((report.slowest_change - waited).abs() < 0.03, "and it is reported: {}", report.slowest_change);
    }
}

#[test]
fn more_bars_ahead_outlast_longer_stalls() {
    let cost = |bar| Duration::from_millis(if bar == 5 { 2_500 } else { 100 });
    let late = [1, 2, 3, 4].map(|ahead| {
        let settings = EngineSettings { ahead, ..settings(12.0) };
        let engine = Engine::new(settings, board()).unwrap().with_tap(Ear::default());
        engine.simulate(Box::new(Steps::new(BAR)), cost, &Silent).unwrap().repeats
    });
    assert_eq!(late, [2, 1, 0, 0]);
}

#[test]
fn sources_that_fail_say_which_bar() {
    type Fault = fn() -> Result<Bar, Box<dyn Error + Send + Sync>>;
    struct Bad(u64, Fault);
    impl BarSource for Bad {
        fn next_bar(&mut self, controls: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>> {
            self.0 += 1;
            if self.0 == 3 { (self.1)() } else { Steps::new(BAR).next_bar(controls) }
        }
    }
    let cases: [(Fault, &str); 4] = [
        (|| Err("out of tokens".into()), "bar 2 could not be made"),
        (|| Ok(Bar { samples: vec![f32::NAN; 9], ..Bar::default() }), "bar 2 is not usable: frame 0"),
        (|| Ok(Bar::default()), "bar 2 is not usable: 0 samples"),
        (|| panic!("as a test does"), "gave up without a word at bar 2"),
    ];
    for (fault, message) in cases {
        let ear = Ear::default();
        let engine = Engine::new(EngineSettings::new(FORMAT), board()).unwrap().with_tap(ear.clone());
        let error = engine.run(Box::new(Bad(0, fault)), Pace::AsTaken, &Silent).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(seconds_of(&ear)[..2], [step(0), step(0)], "what was made was heard");
        let (heard, last) = (ear.heard().len(), ear.heard().last().copied().unwrap_or(1.0));
        assert!(heard < 2 * BAR + 442 && last.abs() < 1e-4, "and dies away: {heard} frames, the last {last}");
        assert!(matches!(ear.told().last(), Some(Event::Ended { .. })));
    }
}

#[test]
fn settings_that_cannot_be_are_refused() {
    for (ahead, channels) in [(0, 1), (17, 1), (1, 0), (1, 3)] {
        let format = adm_live::Format { channels, ..FORMAT };
        let made = Engine::new(EngineSettings { ahead, ..EngineSettings::new(format) }, board());
        assert!(matches!(made.err(), Some(LiveError::Setting { .. })));
    }
    let mute = Engine::new(EngineSettings::new(FORMAT), board()).unwrap();
    assert!(matches!(mute.run(Box::new(Steps::new(9)), Pace::AsTaken, &Silent), Err(LiveError::NoOutput)));
}

#[test]
fn a_slow_source_in_real_time_repeats_too_and_a_stop_is_obeyed() {
    // Bars of a fifth of a second, of which each takes half a second.
    let slow = Steps { nap: Box::new(|_| Duration::from_millis(500)), ..Steps::new(BAR / 5) };
    let (ear, watcher) = (Ear::default(), Watcher::default());
    let engine = Engine::new(EngineSettings::new(FORMAT), board()).unwrap().with_tap(ear.clone());
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(2_000));
            watcher.stop.store(true, Ordering::SeqCst);
        });
        let begun = Instant::now();
        let report = engine.run(Box::new(slow), Pace::RealTime, &watcher).unwrap();
        assert!(begun.elapsed() < Duration::from_millis(3_500), "it stops at once: {:?}", begun.elapsed());
        report
    });
    assert!(report.first_sound > 0.49 && report.first_sound < 1.0, "{}", report.first_sound);
    assert!(report.repeats >= 3, "{report:?}");
    assert!(watcher.warnings.lock().unwrap()[0].contains("repeat"));
    let heard = ear.heard();
    let sound = heard.iter().take(heard.len() - 300).all(|sample| *sample > 0.0);
    assert!(sound && heard.last().is_some_and(|last| last.abs() < 1e-4), "no silence before the closing fade");
}

#[test]
fn where_the_sink_keeps_time_a_slow_source_still_flows_as_fast_as_music_sounds() {
    let slow = Steps { nap: Box::new(|_| Duration::from_millis(500)), ..Steps::new(BAR / 5) };
    let (ear, begun) = (Ear::default(), Instant::now());
    let engine = Engine::new(settings(1.6), board()).unwrap().with_tap(ear.clone());
    let report = engine.run(Box::new(slow), Pace::AsTaken, &Silent).unwrap();
    // Half a second until the first bar, then 1.6 seconds of music, of which the last bar need not be waited for.
    let took = begun.elapsed().as_secs_f64();
    assert!((1.6..4.0).contains(&took), "{took}");
    assert!(report.repeats >= 3 && ear.heard().iter().all(|sample| *sample > 0.0), "{report:?}");
}

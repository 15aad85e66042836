//! Pipes and recordings, and what becomes of the stream when they end.

use super::support::{Bucket, Ear, FORMAT, Steps, Watcher, board, step};
use adm_audio::WavFormat;
use adm_core::{Frames, Silent};
use adm_live::{
    Engine, EngineSettings, LiveError, LiveReport, Pace, Pipe, PipeFormat, Recording, Server, ServerSettings,
};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn engine(frames: u64) -> Engine {
    Engine::new(EngineSettings { stop_after: Some(Frames(frames)), ..EngineSettings::new(FORMAT) }, board()).unwrap()
}

#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn piped(format: PipeFormat) -> Vec<u8> {
    let bytes = Bytes::default();
    let pipe = Pipe::new(bytes.clone(), format, FORMAT);
    engine(10_000).with_sink(pipe).run(Box::new(Steps::new(4_000)), Pace::AsTaken, &Silent).unwrap();
    let bytes = bytes.0.lock().unwrap();
    bytes.clone()
}

#[test]
fn a_pipe_gets_what_it_asked_for() {
    let expected = [0, 1, 2].iter().flat_map(|&bar| vec![step(bar); 4_000]).take(10_000).collect::<Vec<_>>();
    let floats = piped(PipeFormat::F32le);
    assert!(floats.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).eq(expected.iter().copied()));
    let whole = |value: &f32| (value * 32_768.0).round() as i16;
    let integers = piped(PipeFormat::S16le);
    assert!(integers.chunks(2).map(|two| i16::from_le_bytes([two[0], two[1]])).eq(expected.iter().map(whole)));
    let wav = piped(PipeFormat::Wav);
    assert_eq!(wav[44..], integers, "a header, then the same");
    // The length is left open, which hound, strict as it is, must be told of.
    let mut closed = wav.clone();
    closed[4..8].copy_from_slice(&(wav.len() as u32 - 8).to_le_bytes());
    closed[40..44].copy_from_slice(&(wav.len() as u32 - 44).to_le_bytes());
    let reader = hound::WavReader::new(io::Cursor::new(closed)).unwrap();
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (1, 44_100, 16));
    assert_eq!(wav[4..8], [255; 4]);
}

/// A reader that leaves after so many bytes.
struct Closing(usize);

impl Write for Closing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader that reads nothing, and does not leave.
struct Stuck;

impl Write for Stuck {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        thread::sleep(Duration::from_secs(60));
        Ok(0)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_leaves_ends_the_stream_quietly() {
    let pipe = Pipe::new(Closing(50_000), PipeFormat::S16le, FORMAT);
    let engine = Engine::new(EngineSettings::new(FORMAT), board()).unwrap().with_sink(pipe);
    let report = engine.run(Box::new(Steps::new(4_000)), Pace::AsTaken, &Silent).unwrap();
    assert!(report.frames >= 25_000 && report.frames < 50_000, "{}", report.frames);
}

#[test]
fn the_slowest_sink_sets_the_pace_for_all() {
    // 20 ms of sound take 30.
    let slow = Bucket { nap: Duration::from_millis(30), ..Bucket::default() };
    let (fast, begun) = (Bucket::default(), Instant::now());
    let engine = engine(44_100).with_sink(fast.clone()).with_sink(slow.clone());
    engine.run(Box::new(Steps::new(4_410)), Pace::AsTaken, &Silent).unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(1_400), "{:?}", begun.elapsed());
    assert!(fast.samples.lock().unwrap().len() == 44_100 && slow.samples.lock().unwrap().len() == 44_100);
    assert!(fast.finished.load(Ordering::SeqCst) && slow.finished.load(Ordering::SeqCst));
}

#[test]
fn a_sink_that_fails_is_told_at_the_end_if_others_listen() {
    let bad = Bucket { most: Some(10_000), fails: true, ..Bucket::default() };
    let (good, watcher) = (Bucket::default(), Watcher::default());
    let both = engine(88_200).with_sink(bad.clone()).with_sink(good.clone());
    let error = both.run(Box::new(Steps::new(4_410)), Pace::AsTaken, &watcher).unwrap_err();
    assert!(matches!(error, LiveError::Write { .. }), "{error}");
    assert_eq!(good.samples.lock().unwrap().len(), 88_200, "the other plays to the end");
    assert!(watcher.warnings.lock().unwrap()[0].contains("the bucket takes no more"));
    let alone = Bucket { samples: Arc::default(), ..bad };
    assert!(engine(88_200).with_sink(alone).run(Box::new(Steps::new(4_410)), Pace::AsTaken, &Silent).is_err());
}

#[test]
fn a_page_plays_on_when_the_pipe_is_closed() {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = ServerSettings { address, ..ServerSettings::default() };
    let server = Server::start(settings, board(), FORMAT).unwrap();
    let (closing, watcher) = (Bucket { most: Some(5_000), ..Bucket::default() }, Watcher::default());
    let engine = engine(44_100).with_sink(closing).with_tap(server.hub());
    let report = engine.run(Box::new(Steps::new(4_410)), Pace::AsTaken, &watcher).unwrap();
    assert_eq!(report.frames, 44_100);
    assert!(watcher.warnings.lock().unwrap()[0].contains("plays on"));
}

#[test]
fn a_stop_is_obeyed_though_a_reader_is_stuck() {
    let (watcher, begun) = (Watcher::default(), Instant::now());
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(400));
            watcher.stop.store(true, Ordering::SeqCst);
        });
        let pipe = Pipe::new(Stuck, PipeFormat::Wav, FORMAT);
        engine(1 << 40).with_sink(pipe).run(Box::new(Steps::new(4_410)), Pace::AsTaken, &watcher).unwrap();
    });
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn a_recording_is_whole_however_the_stream_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/set.wav");
    let (watcher, ear) = (Watcher::default(), Ear::default());
    let recording = Recording::create(&path, WavFormat::Float32, FORMAT).unwrap();
    assert!(!path.exists(), "nothing half-written has its name");
    let engine = engine(1 << 40).with_sink(recording).with_tap(ear.clone());
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            watcher.stop.store(true, Ordering::SeqCst);
        });
        engine.run(Box::new(Steps::new(4_410)), Pace::RealTime, &watcher).unwrap();
    });
    let written = hound::WavReader::open(&path).unwrap().into_samples::<f32>().map(Result::unwrap);
    assert!(written.eq(ear.heard()), "all that was heard, to the last frame");
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "and nothing is left beside it");
}

/// What a recording beside `pipe` holds at the end of a stream, and what was heard of it. A stop is asked for after 400 ms.
fn recorded_beside(pipe: Pipe, before: bool, stops: bool) -> (Vec<f32>, Vec<f32>, LiveReport) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.wav");
    let (watcher, ear) = (Watcher::default(), Ear::default());
    let recording = Recording::create(&path, WavFormat::Float32, FORMAT).unwrap();
    let engine = engine(1 << 40).with_tap(ear.clone());
    let engine =
        if before { engine.with_sink(pipe).with_sink(recording) } else { engine.with_sink(recording).with_sink(pipe) };
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(400));
            watcher.stop.store(stops, Ordering::SeqCst);
        });
        engine.run(Box::new(Steps::new(4_410)), Pace::AsTaken, &watcher).unwrap()
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let written = hound::WavReader::open(&path).unwrap().into_samples::<f32>().map(Result::unwrap).collect();
    (written, ear.heard(), report)
}

#[test]
fn a_recording_is_whole_when_the_reader_of_a_pipe_beside_it_leaves() {
    for before in [true, false] {
        let pipe = Pipe::new(Closing(50_000), PipeFormat::S16le, FORMAT);
        let (written, heard, report) = recorded_beside(pipe, before, false);
        assert!(written.len() >= 25_000 && report.frames < 50_000, "the stream ends with what was heard: {report:?}");
        assert_eq!((written.len(), report.frames as usize), (heard.len(), heard.len()), "{before}");
        assert!(written == heard, "all that was sent, to the last frame");
        assert!(heard.last().is_some_and(|last| last.abs() < 1e-4), "and it ends without a click");
    }
}

#[test]
fn a_recording_has_no_gap_where_a_pipe_beside_it_is_stuck() {
    for before in [true, false] {
        let (written, heard, _) = recorded_beside(Pipe::new(Stuck, PipeFormat::S16le, FORMAT), before, true);
        assert!(written.len() > 882 && written == heard, "{before}: {} of {}", written.len(), heard.len());
    }
}

#[test]
fn the_music_plays_on_for_those_who_hear_it_yet_but_not_for_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let closing = |most| Bucket { most: Some(most), ..Bucket::default() };
    for (others, frames) in [(1, 88_200), (0, 50_000)] {
        let recording = Recording::create(&folder.path().join("set.wav"), WavFormat::Pcm16, FORMAT).unwrap();
        let (watcher, mut engine) =
            (Watcher::default(), engine(88_200).with_sink(recording).with_sink(closing(20_000)));
        for _ in 0..others {
            engine = engine.with_sink(Bucket::default());
        }
        let report = engine.run(Box::new(Steps::new(4_410)), Pace::AsTaken, &watcher).unwrap();
        assert!(report.frames <= frames && (others == 0 || report.frames == frames), "{report:?}");
        assert_eq!(watcher.warnings.lock().unwrap().len(), others, "told where it plays on");
    }
    assert_eq!(hound::WavReader::open(folder.path().join("set.wav")).unwrap().duration(), 88_200);
}

#[test]
fn a_recording_that_cannot_begin_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = Recording::create(&file.join("set.wav"), WavFormat::Pcm16, FORMAT).err().unwrap();
    assert!(matches!(error, LiveError::Record(_)), "{error}");
}

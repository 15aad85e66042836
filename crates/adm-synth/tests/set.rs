//! Whole sets: what is promised of their bytes, loudness, stereo image and beats.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_core::{Bpm, Observer, SampleRate, Seconds, Silent};
use adm_synth::{Annotations, DjSet, SectionKind, SetSettings, Style, SynthError, TempoPlan};

const STYLES: [(Style, f64); 4] =
    [(Style::House, 128.0), (Style::Techno, 136.0), (Style::Breaks, 126.0), (Style::DrumAndBass, 172.0)];

fn bpm(value: f64) -> Bpm {
    Bpm::new(value).unwrap()
}

fn settings(style: Style, tempo: f64, seconds: f64) -> SetSettings {
    SetSettings {
        seed: 3,
        rate: SampleRate::new(22_050).unwrap(),
        duration: Seconds(seconds),
        tempo: TempoPlan::Constant(bpm(tempo)),
        style,
        ..SetSettings::default()
    }
}

fn samples(set: &DjSet) -> Vec<f32> {
    let (mut renderer, mut samples) = (set.render(), Vec::new());
    while let Some(block) = renderer.next_block().unwrap() {
        assert!(!block.is_empty());
        samples.extend_from_slice(block);
    }
    samples
}

fn rendered(settings: SetSettings) -> (Vec<f32>, Annotations) {
    let set = DjSet::new(settings).unwrap();
    (samples(&set), set.annotations())
}

/// The frames from `start` to `end`, as left and right.
fn span(samples: &[f32], rate: SampleRate, start: Seconds, end: Seconds) -> Vec<(f64, f64)> {
    let (start, end) = (start.frames(rate).0 as usize, end.frames(rate).0 as usize);
    samples[2 * start..2 * end].chunks_exact(2).map(|frame| (f64::from(frame[0]), f64::from(frame[1]))).collect()
}

/// Power of one signal below about 110 Hz: a moving average over a hundredth of a second, twice.
fn low_power(signal: impl Iterator<Item = f64>, rate: SampleRate) -> f64 {
    let width = (rate.as_f64() / 100.0) as usize;
    let smooth = |signal: Vec<f64>| -> Vec<f64> {
        let mut sum = 0.0;
        let mut out = Vec::with_capacity(signal.len());
        for (index, sample) in signal.iter().enumerate() {
            sum += sample - if index >= width { signal[index - width] } else { 0.0 };
            out.push(sum / width as f64);
        }
        out
    };
    let low = smooth(smooth(signal.collect()));
    low.iter().map(|sample| sample * sample).sum::<f64>() / low.len().max(1) as f64
}

#[test]
fn the_same_settings_give_the_same_samples_and_others_do_not() {
    let (first, annotations) = rendered(settings(Style::House, 128.0, 12.0));
    assert_eq!((first.clone(), annotations), rendered(settings(Style::House, 128.0, 12.0)));
    let (other, _) = rendered(SetSettings { seed: 4, ..settings(Style::House, 128.0, 12.0) });
    assert_ne!(first, other);
}

#[test]
fn blocks_are_the_beats_and_fill_the_duration_exactly() {
    let ramp = TempoPlan::Ramped { from: bpm(124.0), to: bpm(136.0) };
    let settings = SetSettings { tempo: ramp, lead_in: Seconds(0.7), ..settings(Style::House, 128.0, 31.3) };
    let rate = settings.rate;
    let set = DjSet::new(settings).unwrap();
    let (mut renderer, mut frame, mut starts) = (set.render(), 0, Vec::new());
    while let Some(block) = renderer.next_block().unwrap() {
        starts.push(frame);
        frame += (block.len() / 2) as u64;
    }
    assert_eq!(frame, set.frames().0);
    let beats: Vec<u64> = set.annotations().beats.iter().map(|&beat| Seconds(beat).frames(rate).0).collect();
    assert_eq!(starts[1..=beats.len()], beats);
}

#[test]
fn every_style_is_loud_unclipped_and_finite() {
    for (style, tempo) in STYLES {
        let settings = settings(style, tempo, 80.0);
        let rate = settings.rate;
        let (samples, _) = rendered(settings);
        assert!(samples.iter().all(|sample| sample.is_finite()));
        let peak = samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!(20.0 * peak.log10() <= -1.0, "{style:?}: peak {peak}");
        let loudness = adm_audio::loudness::measure(&samples, 2, rate).unwrap().integrated_lufs;
        assert!((-14.0..-10.5).contains(&loudness), "{style:?}: {loudness} LUFS");
    }
}

#[test]
fn sections_are_wide_above_and_mono_below() {
    for (style, tempo) in STYLES {
        let settings = settings(style, tempo, 90.0);
        let rate = settings.rate;
        let (samples, annotations) = rendered(settings);
        for section in annotations.sections {
            if !matches!(section.kind, SectionKind::Break | SectionKind::Drop) {
                continue;
            }
            let frames = span(&samples, rate, section.start, section.end);
            let sum = |f: fn(&(f64, f64)) -> f64| frames.iter().map(f).sum::<f64>();
            let correlation = sum(|f| f.0 * f.1) / (sum(|f| f.0 * f.0) * sum(|f| f.1 * f.1)).sqrt();
            assert!((0.1..0.985).contains(&correlation), "{style:?} {section:?}: {correlation}");
            if section.kind == SectionKind::Drop {
                let middle = low_power(frames.iter().map(|f| f.0 + f.1), rate);
                let side = low_power(frames.iter().map(|f| f.0 - f.1), rate);
                assert!(side < middle / 300.0, "{style:?}: lows {} dB wide", 10.0 * (side / middle).log10());
            }
        }
    }
}

#[test]
fn a_breakdown_lasts_as_asked_and_has_no_lows() {
    for (style, tempo) in [STYLES[0], STYLES[3]] {
        for beats in [32, 48] {
            let settings =
                SetSettings { break_beats: beats, track_bars: 80, ..settings(style, tempo, 240.0 * 32.0 / tempo) };
            let rate = settings.rate;
            let (samples, annotations) = rendered(settings);
            let section = |kind| *annotations.sections.iter().find(|section| section.kind == kind).unwrap();
            let (quiet, loud) = (section(SectionKind::Break), section(SectionKind::Drop));
            assert_eq!(quiet.beats, beats);
            let lows = |section: adm_synth::SectionSpan| {
                // What the last kick before it leaves behind dies away within its first beat.
                let start = Seconds(section.start.0 + 60.0 / tempo);
                low_power(span(&samples, rate, start, section.end).iter().map(|frame| frame.0 + frame.1), rate)
            };
            let fall = 10.0 * (lows(quiet) / lows(loud)).log10();
            assert!(fall < -8.0, "{style:?}, {beats} beats: {fall} dB");
        }
    }
}

/// In the intro a kick is struck on every beat with nothing else below 100 Hz, so its start can be found to the frame.
#[test]
fn kicks_start_on_the_frame_nearest_to_their_beat() {
    let plans = [
        TempoPlan::Constant(bpm(121.7)),
        TempoPlan::Stepped(vec![bpm(124.0), bpm(131.0)]),
        TempoPlan::Ramped { from: bpm(118.0), to: bpm(140.0) },
    ];
    for tempo in plans {
        let settings =
            SetSettings { tempo, lead_in: Seconds(0.4), rate: SampleRate::CD, ..settings(Style::House, 120.0, 60.0) };
        let (samples, annotations) = rendered(settings);
        let first = annotations.beats[0];
        let frame = (first * 44_100.0).round() as usize;
        assert!(samples[..2 * frame].iter().all(|&sample| sample == 0.0), "silence before the first beat");
        for &beat in &annotations.beats[..4] {
            let frame = (beat * 44_100.0).round() as usize;
            let energy = |from: usize| samples[2 * from..2 * (from + 44)].iter().map(|s| s * s).sum::<f32>();
            assert!(energy(frame) > 20.0 * energy(frame - 44), "a millisecond after {beat} is louder than one before");
        }
    }
}

#[test]
fn rates_from_telephone_to_studio_work() {
    for hz in [8_000, 22_050, 48_000, 96_000] {
        let settings = SetSettings { rate: SampleRate::new(hz).unwrap(), ..settings(Style::Techno, 140.0, 8.0) };
        let (samples, _) = rendered(settings);
        assert_eq!(samples.len(), 2 * 8 * hz as usize);
        let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
        assert!((0.005..0.5).contains(&power), "{hz} Hz: power {power}");
    }
}

#[test]
fn a_set_and_its_annotations_are_written_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (wav, json) = (dir.path().join("set.wav"), dir.path().join("set.json"));
    let set = DjSet::new(settings(Style::Breaks, 130.0, 10.0)).unwrap();
    set.write_wav(&wav, adm_audio::WavFormat::Pcm16, &Silent).unwrap();
    set.write_annotations(&json).unwrap();
    assert_eq!(std::fs::metadata(&wav).unwrap().len(), 44 + 4 * set.frames().0);
    let read: Annotations = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let written = set.annotations();
    // JSON numbers are read to within the last bit of an f64.
    assert!(read.beats.iter().zip(&written.beats).all(|(read, written)| (read - written).abs() < 1e-12));
    assert_eq!((read.beats.len(), read.sections.len()), (written.beats.len(), written.sections.len()));
    assert_eq!(read.tempo, written.tempo);
    assert_eq!(read.downbeats.len() * 4, read.beats.len());
}

#[test]
fn stopping_leaves_no_file() {
    struct Impatient;
    impl Observer for Impatient {
        fn begin(&self, _: &str, _: Option<u64>) {}
        fn advance(&self, _: u64) {}
        fn status(&self, _: &str) {}
        fn end(&self) {}
        fn warn(&self, _: &str) {}
        fn stop_requested(&self) -> bool {
            true
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let set = DjSet::new(settings(Style::House, 128.0, 10.0)).unwrap();
    let stopped = set.write_wav(&dir.path().join("set.wav"), adm_audio::WavFormat::Float32, &Impatient);
    assert!(matches!(stopped, Err(SynthError::Stopped)));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

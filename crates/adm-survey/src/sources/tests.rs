use super::*;
use crate::study::Place;
use adm_audio::{WavFormat, WavWriter};
use adm_core::{Bpm, Hint, Seconds, Silent};
use adm_dataset::{Dataset, GridChoice, PrepareSettings, Slicing, Split, SplitRule, prepare};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

const RATE: SampleRate = SampleRate::CD;

/// A ramp: every frame says where it is.
fn ramp(frames: usize, channels: usize) -> Vec<f32> {
    (0..frames).flat_map(|n| vec![n as f32 / 1_048_576.0; channels]).collect()
}

fn write(path: &Path, samples: &[f32], channels: usize) {
    let mut writer = WavWriter::create(path, RATE, channels, WavFormat::Float32).unwrap();
    writer.write(samples).unwrap();
    writer.finish().unwrap();
}

fn spec(id: &str, count: Option<usize>, place: Place) -> StimulusSpec {
    StimulusSpec {
        id: id.to_owned(),
        truth: "ai".to_owned(),
        item: Some("it".to_owned()),
        count,
        place,
        round_trip: None,
    }
}

fn file(path: &str, start: f64) -> Place {
    Place::File(FilePlace { path: path.into(), start })
}

fn folder(path: &str) -> Place {
    Place::Folder(FolderPlace { path: path.into() })
}

fn loaded(base: &Path, seconds: f64, stimuli: &[StimulusSpec]) -> Result<Vec<RawSound>, SurveyError> {
    let loading = Loading { base, seconds, rate: RATE, seeds: Seeds::new(7) };
    load(stimuli, &loading, &mut NoPlayer, &Silent)
}

/// An error with its causes, and its hint.
fn refusal(base: &Path, seconds: f64, stimulus: StimulusSpec) -> (String, String) {
    let error = loaded(base, seconds, &[stimulus]).unwrap_err();
    let causes = std::iter::successors(Error::source(&error), |error| (*error).source());
    (causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}")), error.hint().unwrap_or_default())
}

#[test]
fn passages_follow_one_another_from_the_start() {
    let dir = tempfile::tempdir().unwrap();
    for channels in [1, 2] {
        write(&dir.path().join("a.wav"), &ramp(200_000, channels), channels);
        let found = loaded(dir.path(), 0.5, &[spec("x", Some(3), file("a.wav", 1.25))]).unwrap();
        assert_eq!(found.iter().map(|raw| raw.id.as_str()).collect::<Vec<_>>(), ["x-1", "x-2", "x-3"]);
        assert_eq!(found[2].item.as_deref(), Some("it-3"));
        for (at, raw) in found.iter().enumerate() {
            let first = ((1.25 + 0.5 * at as f64) * 44_100.0).round() as usize;
            assert_eq!((raw.samples.len(), raw.channels, raw.rate), (22_050 * channels, channels, RATE));
            assert_eq!(raw.samples, ramp(200_000, channels)[first * channels..(first + 22_050) * channels]);
        }
        assert!(found[1].source.ends_with("a.wav at 0:01.750"), "{}", found[1].source);
    }
    let one = loaded(dir.path(), 0.5, &[spec("x", None, file("a.wav", 0.0)), spec("y", Some(1), file("a.wav", 0.0))]);
    let names: Vec<_> = one.unwrap().into_iter().map(|raw| (raw.id, raw.item.unwrap())).collect();
    assert_eq!(names, [("x".to_owned(), "it".to_owned()), ("y".to_owned(), "it".to_owned())]);
}

#[test]
fn a_folder_gives_its_recordings_in_order_of_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let loops = dir.path().join("loops");
    fs::create_dir_all(loops.join("more.wav")).unwrap();
    for (name, frames) in [("b.wav", 30_000), ("a.WAV", 40_000), ("c.wav", 50_000), (".hidden.wav", 60_000)] {
        write(&loops.join(name), &ramp(frames, 1), 1);
    }
    fs::write(loops.join("notes.txt"), "none").unwrap();
    let names = |count| {
        let found = loaded(dir.path(), 0.5, &[spec("l", count, folder("loops"))]).unwrap();
        found
            .into_iter()
            .map(|raw| (raw.id, raw.source.rsplit('/').next().unwrap()[..5].to_owned()))
            .collect::<Vec<_>>()
    };
    let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    assert_eq!(names(None), [pair("l-1", "a.WAV"), pair("l-2", "b.wav"), pair("l-3", "c.wav")]);
    assert_eq!(names(Some(2)), [pair("l-1", "a.WAV"), pair("l-2", "b.wav")]);
}

#[test]
fn what_is_wrong_with_a_source_is_said_by_id() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("a.wav"), &ramp(44_100, 1), 1);
    fs::create_dir(dir.path().join("empty")).unwrap();
    fs::write(dir.path().join("text.wav"), "no sound at all").unwrap();
    let dataset = |split: &str| Place::Dataset(DatasetPlace { path: "empty".into(), split: split.to_owned() });
    let run = || Place::Run(RunPlace { paths: vec!["run".into()], seed: None });
    let cases: [(Option<usize>, Place, &str, &str); 12] = [
        (None, file("b.wav", 0.0), "the sound of stimulus \"x\" cannot be used: ", ""),
        (None, file("b.wav", 0.0), "b.wav does not exist", ""),
        (None, file("text.wav", 0.0), "text.wav is not a recording in a known format", "ffmpeg"),
        (None, file("empty", 0.0), "empty is a folder, expected a recording", ""),
        (None, file("a.wav", 0.6), "stimulus \"x\" is too short: ", "sound.seconds"),
        (None, file("a.wav", 0.6), "a.wav gives 1.00 s, and 1.10 s are needed", "file.start"),
        (Some(3), file("a.wav", 0.0), "gives 1.00 s, and 1.50 s are needed", "count"),
        (None, folder("empty"), "stimulus \"x\" asks for recordings, but ", "count"),
        (Some(2), folder("empty"), "asks for 2 recordings, but", "count"),
        (None, folder("nowhere"), "the sound of stimulus \"x\" cannot be used: cannot read", ""),
        (None, dataset("test"), "the dataset of stimulus \"x\" cannot be used: ", ""),
        (None, run(), "the run of stimulus \"x\" made no music: nothing here can play a run", ""),
    ];
    for (count, place, message, advice) in cases {
        let (text, hint) = refusal(dir.path(), 0.5, spec("x", count, place));
        assert!(text.contains(message), "{text}, expected {message}");
        assert!(hint.contains(advice), "{hint}, expected {advice}");
    }
}

/// Studies are checked when they are read; what was never read as one is an error or little music, not a panic.
#[test]
fn what_no_study_may_ask_for_ends_in_an_error_or_in_little_music() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("a.wav"), &ramp(44_100, 1), 1);
    for seconds in [f64::INFINITY, 1e300] {
        let (text, _) = refusal(dir.path(), seconds, spec("x", None, file("a.wav", 0.0)));
        assert!(text.contains("is too short"), "{text}");
    }
    for seconds in [0.0, -1.0, f64::NAN] {
        assert!(loaded(dir.path(), seconds, &[spec("x", None, file("a.wav", 0.0))]).unwrap()[0].frames() < 1_000);
    }
    for (count, start) in [(Some(0), -1.0), (None, f64::NAN), (Some(0), f64::NEG_INFINITY)] {
        assert!(loaded(dir.path(), 0.5, &[spec("x", count, file("a.wav", start))]).is_ok());
    }
    for (count, start) in [(Some(usize::MAX), 0.0), (None, f64::INFINITY), (Some(usize::MAX), 1e300)] {
        let (text, _) = refusal(dir.path(), 0.5, spec("x", count, file("a.wav", start)));
        assert!(text.contains("is too short"), "{text}");
    }
}

struct Tones {
    asked: Vec<(Vec<PathBuf>, u64)>,
    frames: usize,
    channels: usize,
}

impl Player for Tones {
    fn play(
        &mut self,
        paths: &[PathBuf],
        seed: u64,
        _: f64,
        rate: SampleRate,
    ) -> Result<Played, Box<dyn Error + Send + Sync>> {
        self.asked.push((paths.to_vec(), seed));
        Ok(Played { samples: vec![0.1; self.frames], channels: self.channels, rate })
    }
}

#[test]
fn a_run_plays_with_one_seed_after_another() {
    let loading = Loading { base: Path::new("base"), seconds: 0.5, rate: RATE, seeds: Seeds::new(7) };
    let play = |seed, frames, channels| {
        let mut player = Tones { asked: Vec::new(), frames, channels };
        let place = Place::Run(RunPlace { paths: vec!["a".into(), "b".into()], seed });
        let found = load(&[spec("r", Some(2), place)], &loading, &mut player, &Silent);
        (player.asked, found)
    };
    let (asked, found) = play(Some(u64::MAX), 44_100, 2);
    let paths: Vec<PathBuf> = vec!["base/a".into(), "base/b".into()];
    assert_eq!(asked, [(paths.clone(), u64::MAX), (paths.clone(), 0)]);
    assert_eq!(found.unwrap()[1].source, "base/a, base/b, seed 0");
    assert_eq!(play(None, 44_100, 2).0, [(paths.clone(), 7), (paths, 8)]);
    let text = |(_, found): (_, Result<Vec<RawSound>, SurveyError>)| found.unwrap_err().to_string();
    assert_eq!(
        text(play(None, 22_050, 2)),
        "stimulus \"r-1\" is too short: base/a, base/b, seed 7 gives 0.25 s, and 0.50 s are needed"
    );
    assert_eq!(text(play(None, 44_101, 2)), "the run of stimulus \"r\" made no music");
    assert_eq!(text(play(None, 44_101, 3)), "the run of stimulus \"r\" made no music");
}

const RATE_OF_BEATS: u32 = 8_000;

/// A dataset of two recordings of 60 s at 120 BPM, mono at 8,000 Hz, in which every beat is another tone.
fn dataset(dir: &Path, slicing: Slicing) -> PathBuf {
    let rate = SampleRate::new(RATE_OF_BEATS).unwrap();
    for (name, offset) in [("one.wav", 0), ("two.wav", 1_000)] {
        let wave = |n: usize| (0.4 * (n as f64 * (0.05 + 0.001 * ((n / 4_000 + offset) % 997) as f64)).sin()) as f32;
        let mut writer = WavWriter::create(&dir.join("music").join(name), rate, 1, WavFormat::Pcm16).unwrap();
        writer.write(&(0..480_000).map(wave).collect::<Vec<_>>()).unwrap();
        writer.finish().unwrap();
    }
    let output = dir.join("beats");
    let mut settings = PrepareSettings::new(vec![dir.join("music")], output.clone());
    settings.slicing = slicing;
    settings.rate = rate;
    settings.channels = 1;
    settings.split_rule = SplitRule { fractions: [0.4, 0.0, 0.6], seed: 1 };
    prepare(&settings, &Silent).unwrap();
    output
}

fn beats(beats_per_slice: usize) -> Slicing {
    let bpm = Bpm::new(120.0).unwrap();
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    Slicing::Beats { bpm, beats_per_slice, fit: adm_audio::Fit::Place, grid }
}

fn place(path: &Path, split: &str) -> Place {
    Place::Dataset(DatasetPlace { path: path.to_owned(), split: split.to_owned() })
}

/// First and last slice of each passage, as its source says.
fn ranges(found: &[RawSound]) -> Vec<(usize, usize)> {
    let number = |text: &str| text.split([' ', ',']).next().unwrap().parse().unwrap();
    let ends = |source: &str| {
        let (_, slices) = source.split_once(", slices ").unwrap();
        let (first, last) = slices.split_once(" to ").unwrap();
        (number(first), number(last))
    };
    found.iter().map(|raw| ends(&raw.source)).collect()
}

#[test]
fn passages_of_a_dataset_are_neighbours_of_one_split_that_nothing_else_has() {
    let dir = tempfile::tempdir().unwrap();
    let path = dataset(dir.path(), beats(1));
    let dataset = Dataset::open(&path).unwrap();
    let stimuli = [spec("a", Some(4), place(&path, "test")), spec("b", Some(3), place(&path, "test"))];
    let found = loaded(dir.path(), 2.2, &stimuli).unwrap();
    assert_eq!(found, loaded(dir.path(), 2.2, &stimuli).unwrap(), "the seed decides");
    let test = dataset.indices(Split::Test);
    let mut seen = BTreeMap::new();
    let mut recordings = BTreeMap::<_, usize>::new();
    for (raw, (first, last)) in found.iter().zip(ranges(&found)) {
        // 2.2 s are 4.4 beats.
        assert_eq!((last - first, raw.slices.unwrap()), (4, Slices { frames: 4_000, every: 4_000.0, beats: 1 }));
        let origin = dataset.origin(first).unwrap();
        *recordings.entry(origin.recording.path.clone()).or_default() += 1;
        for (at, slice) in (first..=last).enumerate() {
            assert!(test.contains(&slice), "{slice} is in another split");
            assert_eq!(seen.insert(slice, &raw.id), None, "{slice} is heard twice");
            assert_eq!(dataset.origin(slice).unwrap().position, origin.position + at as u64, "{slice}");
            let mut samples = vec![0.0; 4_000];
            dataset.read_f32(slice, &mut samples).unwrap();
            assert_eq!(raw.samples[at * 4_000..(at + 1) * 4_000], samples);
        }
    }
    assert!(recordings.values().all(|&count| count >= 2), "{recordings:?}");
    let other = Loading { base: dir.path(), seconds: 2.2, rate: RATE, seeds: Seeds::new(8) };
    let other = load(&stimuli, &other, &mut NoPlayer, &Silent).unwrap();
    assert_ne!(ranges(&found), ranges(&other), "another seed chooses others");
}

#[test]
fn too_small_a_dataset_says_what_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let path = dataset(dir.path(), beats(1));
    let (text, hint) = refusal(dir.path(), 2.2, spec("x", Some(500), place(&path, "test")));
    assert!(
        text.starts_with("stimulus \"x\" asks for 500 passages of 5 neighbouring slices from the test split of "),
        "{text}"
    );
    assert!(hint.ends_with("or take dataset.split = \"any\""), "{hint}");
    let (text, hint) = refusal(dir.path(), 2.2, spec("x", Some(500), place(&path, "any")));
    assert!(text.contains("500 passages") && !hint.contains("dataset.split"), "nothing has more than any: {hint}");
    let (text, _) = refusal(dir.path(), 100.0, spec("x", None, place(&path, "test")));
    assert!(text.contains("1 passages of 200 neighbouring slices") && text.contains("it has 0"), "{text}");
    let (text, _) = refusal(dir.path(), 2.2, spec("x", None, place(&path, "tests")));
    assert_eq!(
        text,
        "dataset.split of stimulus \"x\" must be \"train\", \"validation\", \"test\" or \"any\", got \"tests\""
    );
    let gaps = Slicing::Windows { window: Seconds(0.5), hop: Seconds(0.75) };
    let path = dataset(&dir.path().join("gaps"), gaps);
    let (text, _) = refusal(dir.path(), 2.2, spec("x", None, place(&path, "test")));
    assert!(
        text.contains("must be a dataset whose windows touch, got windows of 4000 frames that start every 6000"),
        "{text}"
    );
}

/// From the recording to the stimulus and back: what is heard is what was recorded.
#[test]
fn joined_slices_of_a_dataset_are_its_recording() {
    let dir = tempfile::tempdir().unwrap();
    let windows = Slicing::Windows { window: Seconds(0.5), hop: Seconds(0.125) };
    for (name, slicing) in [("one", beats(1)), ("four", beats(4)), ("windows", windows)] {
        let path = dataset(&dir.path().join(name), slicing);
        let found = loaded(dir.path(), 2.0, &[spec("x", None, place(&path, "train"))]).unwrap().remove(0);
        let layout = found.slices.unwrap();
        assert_eq!(found.frames(), layout.start(found.samples.len() / layout.frames));
        assert!(found.frames() >= 16_000 && found.frames() < 16_000 + layout.every as usize);
        let settings = crate::study::SoundSpec {
            seconds: 2.0,
            sample_rate: 8_000,
            channels: 1,
            bandwidth: crate::study::Bandwidth::AsItIs,
            ..Default::default()
        };
        let name = crate::sound::Wanted { name: "n".to_owned(), id: "x".to_owned(), role: crate::key::Role::Sample };
        let prepared = crate::sound::prepare(std::slice::from_ref(&found), &[name], &settings, "salt").unwrap();
        let heard = crate::sound::tests::decoded(&prepared.stimuli[0].wav);
        let dataset = Dataset::open(&path).unwrap();
        let origin = dataset.origin(ranges(&[found])[0].0).unwrap();
        let recording =
            adm_audio::source::read_all(&mut adm_audio::Decoder::open(Path::new(&origin.recording.path)).unwrap())
                .unwrap();
        // Positions count beats or windows.
        let first = origin.position as usize * if layout.beats > 0 { 4_000 } else { 1_000 };
        let gain = 10f64.powf(prepared.stimuli[0].measured.gain / 20.0) as f32;
        // Stimuli are half a frame late.
        let recording = crate::sound::tests::as_it_is(&recording, RATE_OF_BEATS);
        let differences = (400..15_600).map(|frame| heard[frame] - recording[first + frame] * gain);
        let constant = differences.sum::<f32>() / 15_200.0;
        // 16 bits twice; edges are faded over 80 frames, filters know of nothing before and after, and the passage's mean is taken out.
        for frame in 400..15_600 {
            let expected = recording[first + frame] * gain + constant;
            let found = heard[frame];
            assert!((found - expected).abs() < 4.0 / 32_768.0, "{slicing:?}, frame {frame}: {found} and {expected}");
        }
    }
}

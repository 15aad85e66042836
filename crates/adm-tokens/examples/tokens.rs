//! Tokenizes a recording or a dataset, and says how long what took and which beats are the same.
//!
//! ```sh
//! cargo run --release -p adm-tokens --example tokens -- SET.ogg [--rate 22050] [--levels 1] [--threshold 0.3]
//!     [--timeline] [--distances] [--sections] [--recognise] [-o FOLDER]
//! ```
//!
//! Instead of `SET.ogg` there may be a dataset, or `synth:SEED:SECONDS`, a set that is synthesised at 128 BPM.
//! `--timeline` prints the tokens, a line four bars; `--distances` how far slices of one token, neighbours and strangers
//! are apart in each measure; `-o` writes a WAV a token: its exemplar, then up to seven of the slices that have it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use adm_audio::{WavFormat, WavWriter};
use adm_core::{Bpm, Observer, SampleRate, Seconds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use adm_synth::{DjSet, SetSettings};
use adm_tokens::sections::Section;
use adm_tokens::{
    Book, Detail, Levels, Measure, Recognizer, Sections, Thresholds, Token, Transcript, VoteSettings, tokenize,
};
use rayon::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What was typed.
struct Arguments {
    input: PathBuf,
    rate: u32,
    settings: VoteSettings,
    flags: Vec<String>,
    output: Option<PathBuf>,
}

fn main() -> Outcome<()> {
    let arguments = arguments()?;
    let folder = tempfile::tempdir()?;
    let dataset = open(&arguments, folder.path())?;
    let stages = Stages::default();
    let begun = Instant::now();
    let (book, transcript) = tokenize(&dataset, &arguments.settings, None, &stages)?;
    println!("{} slices of {} frames, {} threads", dataset.len(), dataset.slice_frames(), rayon::current_num_threads());
    println!("{} tokens in {} classes, {:.2} s", book.len(), book.classes(), begun.elapsed().as_secs_f64());
    for (stage, seconds) in stages.0.into_inner().unwrap_or_default() {
        println!("  {stage} {seconds:.2} s");
    }
    counts(&book);
    let asked = |flag: &str| arguments.flags.iter().any(|given| given == flag);
    if asked("--timeline") {
        timeline(&transcript);
    }
    if asked("--distances") {
        distances(&dataset, &book, &transcript)?;
    }
    if asked("--sections") {
        sections(&book, &transcript)?;
    }
    if asked("--recognise") {
        recognise(&dataset, &book, &transcript)?;
    }
    arguments.output.map_or(Ok(()), |folder| write(&dataset, &book, &transcript, &folder))
}

fn arguments() -> Outcome<Arguments> {
    let mut arguments = Arguments {
        input: PathBuf::new(),
        rate: 44_100,
        settings: VoteSettings::default(),
        flags: Vec::new(),
        output: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or("a flag lacks its value");
        match word.as_str() {
            "--rate" => arguments.rate = value()?.parse()?,
            "--levels" => arguments.settings.levels = Levels::try_from(value()?.parse::<u8>()?)?,
            "--threshold" => arguments.settings.thresholds = Thresholds::uniform(value()?.parse()?),
            "-o" => arguments.output = Some(value()?.into()),
            flag if flag.starts_with('-') => arguments.flags.push(word),
            _ => arguments.input = word.into(),
        }
    }
    Ok(arguments)
}

/// The dataset that was given, or one made of the recording.
fn open(arguments: &Arguments, folder: &Path) -> Outcome<Dataset> {
    if arguments.input.join("dataset.json").is_file() {
        return Ok(Dataset::open(&arguments.input)?);
    }
    let path = folder.join("dataset");
    let (recording, slicing) = recording(&arguments.input, folder)?;
    let rate = SampleRate::new(arguments.rate)?;
    let settings = PrepareSettings { rate, slicing, ..PrepareSettings::new(vec![recording], path.clone()) };
    prepare(&settings, &Silent)?;
    Ok(Dataset::open(&path)?)
}

/// The recording and how to cut it.
fn recording(input: &Path, folder: &Path) -> Outcome<(PathBuf, Slicing)> {
    let words: Vec<&str> = input.to_str().unwrap_or_default().split(':').collect();
    let ["synth", seed, seconds] = words[..] else { return Ok((input.to_owned(), Slicing::FOUNDING)) };
    let settings = SetSettings { seed: seed.parse()?, duration: Seconds(seconds.parse()?), ..SetSettings::default() };
    let path = folder.join("synth.wav");
    let set = DjSet::new(settings)?;
    for section in set.annotations().sections {
        eprintln!(
            "track {} {:?} from beat {}, {} beats",
            section.track, section.kind, section.first_beat, section.beats
        );
    }
    set.write_wav(&path, WavFormat::Pcm16, &Silent)?;
    let bpm = Bpm::new(128.0)?;
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    Ok((path, Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid }))
}

/// Notes how long each stage takes.
#[derive(Default)]
struct Stages(Mutex<Vec<(String, f64)>>, Mutex<Option<Instant>>);

impl Observer for Stages {
    fn begin(&self, stage: &str, _total: Option<u64>) {
        if let (Ok(mut stages), Ok(mut begun)) = (self.0.lock(), self.1.lock()) {
            stages.push((stage.to_owned(), 0.0));
            *begun = Some(Instant::now());
        }
    }
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {
        if let (Ok(mut stages), Ok(begun)) = (self.0.lock(), self.1.lock())
            && let (Some(stage), Some(begun)) = (stages.last_mut(), *begun)
        {
            stage.1 = begun.elapsed().as_secs_f64();
        }
    }
    fn warn(&self, text: &str) {
        eprintln!("{text}");
    }
}

fn counts(book: &Book) {
    let mut counts: Vec<u64> = book.rows().iter().map(|row| row.count).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let once = counts.iter().filter(|&&count| count == 1).count();
    println!("most frequent {:?}, {once} tokens occur once", &counts[..counts.len().min(20)]);
}

fn timeline(transcript: &Transcript) {
    for stretch in transcript.stretches() {
        println!("from beat {} (beat {} of its bar)", stretch.position, stretch.bar_beat);
        for tokens in transcript.tokens()[stretch.slices.clone()].chunks(16) {
            let words: Vec<String> = tokens.iter().map(|token| format!("{token:4}")).collect();
            println!("{}", words.join(""));
        }
    }
}

/// Quartiles of the distances of pairs of one token, of the beat before, of the bar before, and of anything.
fn distances(dataset: &Dataset, book: &Book, transcript: &Transcript) -> Outcome<()> {
    let table = adm_tokens::measures::measure_all(dataset, &Silent)?;
    let tokens = transcript.tokens();
    let count = tokens.len();
    let all: Vec<(usize, usize)> = (0..count * 4).map(|n| (n * 7_919 % count, n * 104_729 % count)).collect();
    let same: Vec<(usize, usize)> = (0..count)
        .flat_map(|a| (a + 1..count).filter(move |&b| tokens[a] == tokens[b]).take(5).map(move |b| (a, b)))
        .collect();
    let shifted = |by: usize| (by..count).map(|n| (n - by, n)).collect::<Vec<_>>();
    println!("{} tokens; distances at 10, 25, 50, 75, 90 %", book.len());
    for detail in [Detail::Coarse, Detail::Fine] {
        for measure in Measure::ALL {
            println!("{detail:?} {measure}");
            for (name, pairs) in [("same", &same), ("beat", &shifted(1)), ("bar", &shifted(4)), ("any", &all)] {
                let mut distances: Vec<f32> =
                    pairs.iter().map(|&(a, b)| measure.distance(detail, table.row(a), table.row(b))).collect();
                distances.sort_unstable_by(f32::total_cmp);
                let at = |part: usize| distances.get(distances.len() * part / 100).copied().unwrap_or(0.0);
                println!("  {name:5} {:.3} {:.3} {:.3} {:.3} {:.3}", at(10), at(25), at(50), at(75), at(90));
            }
        }
    }
    Ok(())
}

fn sections(book: &Book, transcript: &Transcript) -> Outcome<()> {
    let sections = Sections::learn(transcript, book)?;
    for section in sections.all() {
        let Section { name, bars, level, lows, onsets, borrowed_from, .. } = section;
        let borrowed = borrowed_from.map_or_else(String::new, |from| format!(", borrowed from {from}"));
        println!("{name:6} {bars:4} bars, {level:6.1} dBFS, lows {lows:.2}, onsets {onsets:.2}{borrowed}");
    }
    for span in sections.spans() {
        println!("  slices {:5} to {:5} {}", span.slices.start, span.slices.end, span.name);
    }
    Ok(())
}

/// How often the book gives the slices that it was made of the token that they have, and how fast.
fn recognise(dataset: &Dataset, book: &Book, transcript: &Transcript) -> Outcome<()> {
    let recognizer = Recognizer::new(book);
    let begun = Instant::now();
    let right: Vec<(bool, bool)> = (0..dataset.len())
        .into_par_iter()
        .map_init(
            || (vec![0.0; dataset.slice_samples()], recognizer.scratch()),
            |(samples, scratch), slice| {
                let read = dataset.read_f32(slice, samples).is_ok();
                let Ok(found) = recognizer.recognise(samples, scratch) else { return (false, false) };
                let token = transcript.tokens()[slice];
                (read && found.token == Some(token), found.nearest == token)
            },
        )
        .collect();
    let by_vote = right.iter().filter(|right| right.0).count();
    let nearest = right.iter().filter(|right| right.1).count();
    println!(
        "recognised {by_vote} by vote, {nearest} by nearest of {}, {:.2} s",
        dataset.len(),
        begun.elapsed().as_secs_f64()
    );
    survey(dataset, &recognizer)
}

/// How fast one thread recognises slices, and surveys them.
fn survey(dataset: &Dataset, recognizer: &Recognizer) -> Outcome<()> {
    let (mut samples, mut scratch) = (vec![0.0; dataset.slice_samples()], recognizer.scratch());
    let mut seconds = [0.0; 2];
    let slices = dataset.len().min(500);
    for slice in 0..slices {
        dataset.read_f32(slice, &mut samples)?;
        let begun = Instant::now();
        recognizer.recognise(&samples, &mut scratch)?;
        seconds[0] += begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        recognizer.survey(&samples, &mut scratch)?;
        seconds[1] += begun.elapsed().as_secs_f64();
    }
    let [recognise, survey] = seconds.map(|seconds| 1e3 * seconds / slices as f64);
    println!("a slice, on one thread: recognise {recognise:.3} ms, survey {survey:.3} ms");
    Ok(())
}

fn write(dataset: &Dataset, book: &Book, transcript: &Transcript, folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let mut samples = vec![0.0; dataset.slice_samples()];
    for token in 0..book.len() as Token {
        let path = folder.join(format!("{token:04}.wav"));
        let mut wav = WavWriter::create(&path, dataset.rate(), dataset.channels(), WavFormat::Pcm16)?;
        wav.write(&book.exemplar(token).unwrap_or_default())?;
        let others = (0..dataset.len()).filter(|&slice| transcript.tokens()[slice] == token).skip(1);
        for slice in others.take(7) {
            dataset.read_f32(slice, &mut samples)?;
            wav.write(&samples)?;
        }
        wav.finish()?;
    }
    Ok(())
}

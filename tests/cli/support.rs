//! A private folder, the program in it, and data to feed it.

use std::f32::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder that is gone when the test is over.
pub struct Sandbox(TempDir);

impl Sandbox {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Everything in it, hidden or not, by name.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The program, to be run in the folder with nothing of the caller's taste in colours.
    pub fn command(&self) -> Command {
        self.in_folder(Command::new(env!("CARGO_BIN_EXE_adm")))
    }

    /// Any command, to be run in the folder.
    pub fn in_folder(&self, mut command: Command) -> Command {
        command.current_dir(self.root()).env_remove("NO_COLOR").env("TERM", "xterm");
        // As in a container or a job at night: nothing is set up for a graphical session.
        command.env_remove("XDG_RUNTIME_DIR").stdin(Stdio::null());
        command
    }

    /// Waits until there is something at `name`.
    pub fn wait_for(&self, name: &str) {
        let began = Instant::now();
        while !self.path(name).exists() {
            assert!(began.elapsed() < Duration::from_secs(60), "no {name} within a minute");
            sleep(Duration::from_millis(1));
        }
    }

    /// Runs `adm` with these words.
    pub fn adm(&self, words: &str) -> Ran {
        Ran::from(self.command().args(words.split_whitespace()).output().unwrap())
    }

    /// A recording of `seconds` at 120 BPM, 16 bits, stereo; different numbers make different music.
    pub fn recording(&self, name: &str, seconds: f64, number: u32) {
        self.wav(name, 2, &music(seconds, number), Samples::Pcm16);
    }

    /// A WAV file at 44,100 Hz of mono samples that all channels share.
    pub fn wav(&self, name: &str, channels: u16, samples: &[f32], kind: Samples) {
        let (bits_per_sample, sample_format) = match kind {
            Samples::Pcm16 => (16, hound::SampleFormat::Int),
            Samples::Float => (32, hound::SampleFormat::Float),
        };
        let spec = hound::WavSpec { channels, sample_rate: 44_100, bits_per_sample, sample_format };
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        let mut writer = hound::WavWriter::create(self.path(name), spec).unwrap();
        for (sample, _) in samples.iter().flat_map(|sample| (0..channels).map(move |channel| (sample, channel))) {
            match kind {
                Samples::Pcm16 => writer.write_sample((sample * 32_000.0) as i16).unwrap(),
                Samples::Float => writer.write_sample(*sample).unwrap(),
            }
        }
        writer.finalize().unwrap();
    }
}

/// How a WAV file stores its samples.
#[derive(Clone, Copy)]
pub enum Samples {
    Pcm16,
    Float,
}

/// A kick on every beat at 120 BPM over a chord that moves with `number`.
pub fn music(seconds: f64, number: u32) -> Vec<f32> {
    let frames = (seconds * 44_100.0).round() as usize;
    let root = 110.0 * 2f32.powf(number as f32 / 24.0);
    let at = |frame: usize| {
        let (t, since) = (frame as f32 / 44_100.0, (frame % 22_050) as f32 / 44_100.0);
        let kick = (TAU * (50.0 * since - 3.0 * (-since * 40.0).exp())).sin() * (-since * 9.0).exp();
        let chord: f32 = [1.0, 1.26, 1.5].iter().map(|ratio| (TAU * root * ratio * t).sin()).sum();
        0.6 * kick + 0.08 * chord
    };
    (0..frames).map(at).collect()
}

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// It succeeded and had nothing to say but its result, which is returned.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "stdout: {}", self.stdout);
        self.stdout
    }

    /// It succeeded, and its result as JSON.
    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.done()).unwrap()
    }

    /// It failed with this code, said exactly this on stderr, and had no result.
    #[track_caller]
    pub fn failed(self, code: i32, stderr: &str) {
        assert_eq!(self.stderr, stderr);
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""));
    }
}

/// Replaces the hashes in file names and the time it took, which no test can know.
pub fn blurred(text: &str) -> String {
    let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let word = |word: &str| if is_hash(word) { "HASH".to_owned() } else { word.to_owned() };
    let line = |line: &str| if line.starts_with("time ") { "time  …".to_owned() } else { line.to_owned() };
    let text: String = text.lines().map(|text| line(text) + "\n").collect();
    text.split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .map(|piece| {
            let body = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            word(body) + &piece[body.len()..]
        })
        .collect()
}

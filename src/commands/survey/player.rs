//! Stimuli that runs make.

use crate::commands::generate::generate_on;
use crate::output::Output;
use crate::settings::{GenerateSettings, Length, OrderSettings};
use adm_audio::{Decoder, Source, WavFormat, read_all};
use adm_core::{SampleRate, Seconds, Seeds};
use adm_models::diffusion::SamplingWish;
use adm_render::WalkSettings;
use adm_survey::sources::{Played, Player};
use adm_train::DeviceChoice;
use adm_train::device::{self, Picked};
use std::error::Error;
use std::path::PathBuf;

/// Music ends with a whole beat or slice: so much more is made, of which the beginning is taken.
const SPARE: f64 = 4.0;

/// Plays runs as `adm generate` does, each sound into a file of its own that is read again.
pub(super) struct Runs<'a> {
    device: DeviceChoice,
    /// The device, once something was played.
    picked: Option<Picked>,
    output: &'a Output,
}

impl<'a> Runs<'a> {
    pub(super) fn new(device: DeviceChoice, output: &'a Output) -> Self {
        Self { device, picked: None, output }
    }

    /// The device, which is picked and talked about once.
    fn device(&mut self) -> anyhow::Result<&Picked> {
        let picked = match self.picked.take() {
            Some(picked) => picked,
            None => {
                let picked = device::pick(self.device)?;
                picked.note.iter().for_each(|note| self.output.progress.note(note));
                picked
            }
        };
        Ok(self.picked.insert(picked))
    }

    fn settings(&self, paths: &[PathBuf], seed: u64, seconds: f64, rate: SampleRate) -> GenerateSettings {
        GenerateSettings {
            runs: paths.to_vec(),
            output: PathBuf::new(),
            length: Length::Lasting(Seconds(seconds + SPARE)),
            bpm: None,
            rate,
            walk: WalkSettings::default(),
            format: WavFormat::Float32,
            looped: false,
            stems: false,
            midi: None,
            cue: None,
            order: OrderSettings::default(),
            wish: SamplingWish::default(),
            morph: None,
            seeds: Seeds::new(seed),
            device: self.device,
        }
    }
}

impl Player for Runs<'_> {
    fn play(
        &mut self,
        paths: &[PathBuf],
        seed: u64,
        seconds: f64,
        rate: SampleRate,
    ) -> Result<Played, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let output = folder.path().join("stimulus.wav");
        let settings = GenerateSettings { output: output.clone(), ..self.settings(paths, seed, seconds, rate) };
        let told = self.output;
        generate_on(self.device()?, &settings, told)?;
        let mut decoder = Decoder::open(&output)?;
        let (channels, rate) = (decoder.channels(), decoder.rate());
        Ok(Played { samples: read_all(&mut decoder)?, channels, rate })
    }
}

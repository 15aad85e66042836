//! The spectrograms of what has a sound.

use super::{Kind, npy, run};
use crate::output::Hinted;
use crate::settings;
use adm_audio::{Decoder, Source};
use adm_core::{SampleRate, Seconds, persist};
use adm_dataset::{Dataset, npy as arrays};
use adm_spectral::Tensor;
use adm_spectral::picture::{self, PictureConfig, Sound};
use adm_train::RunDir;
use anyhow::Context;
use std::path::Path;

/// As much of a recording as a picture can show.
const LONGEST: Seconds = Seconds(60.0);
/// Slices of a dataset that are shown, from its start to its end.
const SLICES: usize = 16;
/// Slices side by side.
const COLUMNS: usize = 4;

/// What is drawn.
pub struct Sounds {
    /// In words.
    pub what: String,
    samples: Vec<Vec<f32>>,
    channels: usize,
    rate: SampleRate,
}

impl Sounds {
    /// Draws them into a PNG.
    ///
    /// # Errors
    /// Nothing to draw, or a file that cannot be written.
    pub fn draw(&self, path: &Path) -> anyhow::Result<()> {
        let (channels, rate) = (self.channels, self.rate);
        let sounds: Vec<Sound<'_>> = self.samples.iter().map(|samples| Sound { samples, channels, rate }).collect();
        let several = PictureConfig { width: 256, height: 256, ..PictureConfig::default() };
        let config = if sounds.len() == 1 { PictureConfig::default() } else { several };
        let png = picture::grid(&sounds, COLUMNS.min(sounds.len()), &config)?;
        persist::write_bytes(path, &png).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The sound of a path.
///
/// # Errors
/// One that has none, or that cannot be read.
pub fn sounds(kind: Kind, path: &Path) -> anyhow::Result<Sounds> {
    match kind {
        Kind::Recording => of_recording(path),
        Kind::Dataset => of_dataset(path),
        Kind::Npy => of_tensor(path),
        Kind::Run => of_run(path),
        Kind::Book | Kind::Checkpoint | Kind::Export | Kind::Bundle | Kind::Json => Err(nothing(path)),
    }
}

/// There is no picture of it.
pub fn nothing(path: &Path) -> anyhow::Error {
    let message = format!("there is nothing to draw in {}", path.display());
    Hinted::new(
        message,
        "--plot draws recordings, datasets, runs of generators, tensors, token books, grids and a dataset's dataset.json; a \
         sequencer's run has its token book in RUN/book",
    )
    .into()
}

fn of_recording(path: &Path) -> anyhow::Result<Sounds> {
    let cannot = || format!("cannot draw {}", path.display());
    let mut source = Decoder::open(path).with_context(cannot)?;
    let (channels, rate) = (source.channels(), source.rate());
    let (most, mut samples) = (LONGEST.frames(rate).0 as usize * channels, Vec::new());
    while samples.len() < most && source.read(&mut samples).with_context(cannot)? > 0 {}
    samples.truncate(most);
    let what = format!("its first {} s", (samples.len() / channels) as f64 / rate.as_f64());
    Ok(Sounds { what, samples: vec![samples], channels, rate })
}

fn of_dataset(path: &Path) -> anyhow::Result<Sounds> {
    let dataset = Dataset::open(path)?;
    let shown = SLICES.min(dataset.len());
    let slice = |nth: usize| {
        let mut samples = vec![0.0; dataset.slice_samples()];
        dataset.read_f32(nth * dataset.len() / shown, &mut samples).map(|()| samples)
    };
    let samples: Result<Vec<_>, _> = (0..shown).map(slice).collect();
    let what = format!("{shown} slices from its start to its end");
    Ok(Sounds { what, samples: samples?, channels: dataset.channels(), rate: dataset.rate() })
}

fn of_tensor(path: &Path) -> anyhow::Result<Sounds> {
    let shape = npy::tensor_shape(&npy::header(path)?).ok_or_else(|| nothing(path))?;
    let (representation, rate) = settings::representation_beside(path, shape)?;
    let values = arrays::read_tensor(path, &shape)?;
    let tensor = Tensor::from_depth_last(representation.shape(), &values)?;
    let what = "its sound".to_owned();
    let channels = representation.slice_channels();
    Ok(Sounds { what, samples: vec![representation.slice_of(&tensor)?], channels, rate })
}

fn of_run(path: &Path) -> anyhow::Result<Sounds> {
    let newest = run::wavs(&RunDir::open(path)?).pop().ok_or_else(|| nothing(path))?;
    let sounds = of_recording(&newest)?;
    Ok(Sounds { what: format!("its newest preview, {}", newest.display()), ..sounds })
}

//! A generator alone: a walk through its noise.

use super::{AnyError, Played};
use crate::output::Output;
use crate::settings::GenerateSettings;
use adm_audio::{Memory, Resampler, read_all};
use adm_core::Observer;
use adm_models::gan::Sampler;
use adm_models::provenance::Provenance;
use adm_render::{Material, RenderSettings, Walk, render};
use adm_train::RunDir;
use adm_train::device::Picked;
use anyhow::Result;
use std::path::Path;

/// Slices generated at once.
const BATCH: u64 = 16;

/// Plays the generator of a run.
pub fn play(run: &Path, settings: &GenerateSettings, picked: &Picked, output: &Output) -> Result<Played> {
    let run = RunDir::open(run)?;
    let provenance = Provenance::load(&run.dataset())?;
    let sampler = Sampler::open(&run, &picked.device)?;
    for skipped in &sampler.skipped {
        output.progress.warn(&format!("passed over a checkpoint: {skipped}; using that of step {}", sampler.step));
    }
    let timeline = settings.timeline(provenance.bpm, provenance.beats_per_slice)?;
    let walk = Walk::new(sampler.latent_length(), settings.walk, settings.seeds)?;
    let slices = (0..timeline.slots()).step_by(BATCH as usize).flat_map(|first| {
        let last = (first + BATCH).min(timeline.slots());
        generated(&sampler, &walk, first..last, settings)
    });
    let rendering = RenderSettings { channels: sampler.channels(), ..settings.rendering() };
    let report = render(&settings.output, timeline, slices, &rendering, &output.progress)?;
    Ok(Played { timeline, report, generator_step: Some(sampler.step), order: None })
}

/// Slices of some beats at the rate of the output; one error in their place if there is one.
fn generated(
    sampler: &Sampler,
    walk: &Walk,
    beats: std::ops::Range<u64>,
    settings: &GenerateSettings,
) -> Vec<Result<Material, AnyError>> {
    let kind = sampler.noise();
    let of_normal = |vector: Vec<f32>| vector.into_iter().map(|value| kind.of_normal(value)).collect();
    let noise: Vec<Vec<f32>> = beats.map(|beat| of_normal(walk.latent(beat))).collect();
    match sampler.slices(&noise) {
        Ok(slices) => slices.into_iter().map(|slice| resampled(slice, sampler, settings)).collect(),
        Err(error) => vec![Err(error.into())],
    }
}

fn resampled(slice: Vec<f32>, sampler: &Sampler, settings: &GenerateSettings) -> Result<Material, AnyError> {
    if sampler.rate() == settings.rate {
        return Ok(slice.into());
    }
    let source = Memory::new(slice, sampler.channels(), sampler.rate());
    Ok(read_all(&mut Resampler::new(source, settings.rate)?)?.into())
}

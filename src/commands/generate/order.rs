//! A sequencer, and what plays its tokens.

use super::{AnyError, Ordered, Played};
use crate::output::Output;
use crate::settings::GenerateSettings;
use adm_compose::arranger::check_tempo;
use adm_compose::{Arranger, Ensemble, EnsembleSettings, Fill, Wishes};
use adm_core::{Observer, Seeds};
use adm_render::{Material, RenderSettings, render};
use adm_train::device::Picked;
use anyhow::Result;
use std::cell::RefCell;
use std::path::PathBuf;

/// Slices arranged at once.
const BATCH: u64 = 16;

/// Plays the tokens of a sequencer's run.
pub fn play(
    (generator, sequencer): (Option<PathBuf>, PathBuf),
    settings: &GenerateSettings,
    picked: &Picked,
    output: &Output,
) -> Result<Played> {
    let ensemble = open(generator, sequencer, settings, picked, output)?;
    if let (Some(asked), Some(of_beats)) = (settings.bpm, ensemble.bpm) {
        check_tempo(asked, of_beats)?;
    }
    let timeline = settings.timeline(ensemble.bpm, ensemble.beats_per_slice)?;
    let (arranger, wishes) = (RefCell::new(ensemble.arranger), settings.order.wishes);
    let slices = (0..timeline.slots()).step_by(BATCH as usize).flat_map(|first| {
        let count = BATCH.min(timeline.slots() - first);
        arranged(&mut arranger.borrow_mut(), count, &wishes)
    });
    let rendering = RenderSettings { channels: ensemble.channels, ..settings.rendering() };
    let report = render(&settings.output, timeline, slices, &rendering, &output.progress)?;
    let counts = arranger.borrow().counts();
    let order = Some(Ordered { sequencer_step: ensemble.steps.0, bank: ensemble.bank, counts });
    Ok(Played { timeline, report, generator_step: ensemble.steps.1, order })
}

fn open(
    generator: Option<PathBuf>,
    sequencer: PathBuf,
    settings: &GenerateSettings,
    picked: &Picked,
    output: &Output,
) -> Result<Ensemble> {
    let order = &settings.order;
    let ensemble = EnsembleSettings {
        generator,
        sequencer,
        source: order.source,
        sampling: order.sampling,
        form: order.form.clone(),
        from: order.from.clone(),
        data: order.data.clone(),
        bank: order.bank,
        seeds: [settings.seeds, order.morph_to.map_or(settings.seeds, Seeds::new)],
        rate: settings.rate,
    };
    let ensemble = Ensemble::open(&ensemble, &picked.device, Fill::Whole(&output.progress))?;
    for skipped in &ensemble.skipped {
        output.progress.warn(&format!("passed over a checkpoint: {skipped}"));
    }
    Ok(ensemble)
}

/// Sounds of the next beats; one error in their place if there is one.
fn arranged(arranger: &mut Arranger, count: u64, wishes: &Wishes) -> Vec<Result<Material, AnyError>> {
    match arranger.play(count, wishes) {
        Ok(played) => played.into_iter().map(|(_, sound)| Ok(sound.material)).collect(),
        Err(error) => vec![Err(error.into())],
    }
}

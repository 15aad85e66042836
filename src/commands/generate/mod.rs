//! `adm generate`: runs to music.

mod report;

pub use report::{Generated, Ordered};

use super::{Outcome, refuse_existing};
use crate::cli::GenerateArgs;
use crate::output::{Hinted, Output};
use crate::settings::{self, GenerateSettings, Session};
use adm_compose::arranger::{check_tempo, slices_per_bar};
use adm_compose::{Arranger, Ensemble, Fill, Wishes};
use adm_core::Observer;
use adm_render::{Material, RenderReport, RenderSettings, Timeline, render};
use adm_train::TrainError;
use adm_train::device::{self, Picked};
use anyhow::Result;
use std::cell::RefCell;
use std::time::Instant;

/// Bars that are arranged at once, where nothing changes meanwhile.
const BARS_AT_ONCE: u64 = 4;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Generates music and says what came out.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: GenerateArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::generate(args, session)?;
    refuse_existing(&settings.output)?;
    output.printer.print(&generate(&settings, output)?)?;
    Ok(Outcome::Done)
}

/// Generates music as the settings say.
pub fn generate(settings: &GenerateSettings, output: &Output) -> Result<Generated> {
    let began = Instant::now();
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    let played = picked.watch(|| play(settings, &picked, output)).map_err(without_gpu)??;
    Ok(Generated::new(settings, played, began.elapsed().as_secs_f64()))
}

/// A GPU that failed at what a CPU does in no time.
fn without_gpu(error: TrainError) -> anyhow::Error {
    anyhow::Error::new(error).context(Hinted::new("cannot generate there", "use --device cpu"))
}

/// What was played, and by whom.
struct Played {
    timeline: Timeline,
    report: RenderReport,
    generator_step: Option<u64>,
    order: Option<Ordered>,
}

/// Plays on a device that is open.
fn play(settings: &GenerateSettings, picked: &Picked, output: &Output) -> Result<Played> {
    let ensemble = Ensemble::open(&settings.ensemble()?, &picked.device, Fill::Whole(&output.progress))?;
    for skipped in &ensemble.skipped {
        output.progress.warn(&format!("passed over a checkpoint: {skipped}"));
    }
    if let (Some(asked), Some(of_beats), Some(_)) = (settings.bpm, ensemble.bpm, ensemble.sequencer_step) {
        check_tempo(asked, of_beats)?;
    }
    let timeline = settings.timeline(ensemble.bpm, ensemble.beats_per_slice)?;
    let at_once = slices_per_bar(ensemble.beats_per_slice) * settings.morph.map_or(BARS_AT_ONCE, |_| 1);
    let arranger = RefCell::new(ensemble.arranger);
    let slices = (0..timeline.slots()).step_by(at_once as usize).flat_map(|first| {
        let count = at_once.min(timeline.slots() - first);
        arranged(&mut arranger.borrow_mut(), count, &settings.wishes(first, &timeline))
    });
    let rendering = RenderSettings { channels: ensemble.channels, ..settings.rendering() };
    let report = render(&settings.output, timeline, slices, &rendering, &output.progress)?;
    let (counts, bank) = (arranger.borrow().counts(), ensemble.bank);
    let order = ensemble.sequencer_step.map(|sequencer_step| Ordered { sequencer_step, bank, counts });
    Ok(Played { timeline, report, generator_step: ensemble.generator_step, order })
}

/// Sounds of the next beats; one error in their place if there is one.
fn arranged(arranger: &mut Arranger, count: u64, wishes: &Wishes) -> Vec<Result<Material, AnyError>> {
    match arranger.play(count, wishes) {
        Ok(played) => played.into_iter().map(|(_, sound)| Ok(sound.material)).collect(),
        Err(error) => vec![Err(error.into())],
    }
}

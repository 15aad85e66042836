//! `adm generate`: runs to music.

mod inpaint;
mod report;
mod rows;
mod score;
mod waves;

pub use report::{Generated, Ordered};

use super::{Outcome, refuse_existing};
use crate::cli::GenerateArgs;
use crate::output::{Hinted, Output};
use crate::settings::{self, GenerateSettings, Session};
use adm_compose::arranger::{check_tempo, slices_per_bar};
use adm_compose::{Arranger, Beat, Ensemble, Sound, Wishes};
use adm_core::Observer;
use adm_render::{Material, RenderReport, RenderSettings, Timeline, render};
use adm_train::TrainError;
use adm_train::device::{self, Picked};
use anyhow::Result;
use score::{Desk, Log};
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
    if rows::plays(&args.runs) {
        let settings = settings::rows(args, session)?;
        output.printer.print(&rows::generate(&settings, output)?)?;
        return Ok(Outcome::Done);
    }
    if args.inpaint.inpaint.is_some() {
        let settings = settings::inpaint(args, session)?;
        output.printer.print(&inpaint::inpaint(&settings, output)?)?;
        return Ok(Outcome::Done);
    }
    if waves::plays(&args.runs) {
        let settings = settings::waves(args, session)?;
        output.printer.print(&waves::generate(&settings, output)?)?;
        return Ok(Outcome::Done);
    }
    let settings = settings::generate(args, session)?;
    refuse_existing(&settings.output)?;
    output.printer.print(&generate(&settings, output)?)?;
    Ok(Outcome::Done)
}

/// Generates music as the settings say.
pub fn generate(settings: &GenerateSettings, output: &Output) -> Result<Generated> {
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    generate_on(&picked, settings, output)
}

/// The same on a device that is open.
pub fn generate_on(picked: &Picked, settings: &GenerateSettings, output: &Output) -> Result<Generated> {
    let began = Instant::now();
    let played = picked.watch(|| play(settings, picked, output)).map_err(without_gpu)??;
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

/// Plays on a device that is open. What can be refused is, before the bank is filled.
fn play(settings: &GenerateSettings, picked: &Picked, output: &Output) -> Result<Played> {
    let mut ensemble = Ensemble::open(&settings.ensemble()?, &picked.device)?;
    ensemble.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    if let (Some(asked), Some(of_beats)) = (settings.bpm, ensemble.bpm) {
        check_tempo(asked, of_beats)?;
    }
    let timeline = settings.timeline(ensemble.pace, ensemble.beats_per_slice)?;
    settings.cut_form(&timeline).iter().for_each(|note| output.progress.note(note));
    let desk = Desk::new(&ensemble.classes);
    let stems = settings.stems.then(|| desk.stems()).transpose()?;
    score::check(settings, stems.as_ref(), timeline)?;
    settings.format.check_length(&settings.output, ensemble.channels, timeline.frames().0)?;
    let morph = settings.morph(&timeline)?;
    ensemble.arranger.prepare_all(&output.progress)?;
    let stage = RefCell::new(Stage { arranger: ensemble.arranger, log: Log::default(), desk: &desk });
    let at_once = slices_per_bar(ensemble.beats_per_slice) * morph.map_or(BARS_AT_ONCE, |_| 1);
    let slices = (0..timeline.slots()).step_by(at_once as usize).flat_map(|first| {
        let wishes = settings.wishes(first * timeline.beats_per_slice(), morph.as_ref());
        stage.borrow_mut().play(at_once.min(timeline.slots() - first), &wishes, timeline.beats_per_slice())
    });
    let elastic = ensemble.bpm.is_some();
    let rendering = RenderSettings { channels: ensemble.channels, elastic, stems, ..settings.rendering() };
    let report = render(&settings.output, timeline, slices, &rendering, &output.progress)?;
    let Stage { arranger, log, .. } = stage.into_inner();
    log.write(settings, timeline)?;
    let (counts, bank) = (arranger.counts(), arranger.bank());
    let order = ensemble.sequencer_step.map(|sequencer_step| Ordered { sequencer_step, bank, counts });
    Ok(Played { timeline, report, generator_step: ensemble.generator_step, order })
}

/// What plays, and what is written down of it.
struct Stage<'a> {
    arranger: Arranger,
    log: Log,
    desk: &'a Desk,
}

impl Stage<'_> {
    /// Sounds of the next beats; one error in their place if there is one.
    fn play(&mut self, count: u64, wishes: &Wishes, beats_per_slice: u64) -> Vec<Result<Material, AnyError>> {
        let played = match self.arranger.play(count, wishes) {
            Ok(played) => played,
            Err(error) => return vec![Err(error.into())],
        };
        let material = |(beat, sound): (Beat, Sound)| {
            let place = self.desk.place(beat.class);
            self.log.note(&beat, place, beats_per_slice);
            Ok(Material { class: place, ..sound.material })
        };
        played.into_iter().map(material).collect()
    }
}

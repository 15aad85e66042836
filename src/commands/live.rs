//! `adm live`: runs to music without an end.

use super::{Outcome, refuse_existing};
use crate::cli::LiveArgs;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{self, LiveSettings, Session};
use adm_audio::WavFormat;
use adm_compose::arranger::check_tempo;
use adm_compose::live::ranges;
use adm_compose::{Band, Ensemble};
use adm_core::units::OutOfRange;
use adm_core::{Bpm, Observer, Seeds};
use adm_live::{
    Board, Controls, Engine, EngineSettings, Format, LiveReport, Pace, Pipe, Recording, Server, ServerSettings,
};
use adm_train::device;
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// Rounds of candidates for the bank before the first sound; the rest is tried while music plays.
const ROUNDS: usize = 4;

/// Plays until it is stopped.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: LiveArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let began = Instant::now();
    let settings = settings::live(args, session)?;
    settings.record.as_deref().map_or(Ok(()), refuse_existing)?;
    let report = play(&settings, began, output)?;
    // The music may have gone to standard output, where nothing else belongs then.
    if settings.out.is_none() {
        output.printer.print(&report)?;
    }
    Ok(Outcome::Done)
}

fn play(settings: &LiveSettings, began: Instant, output: &Output) -> Result<Played> {
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    let mut ensemble = Ensemble::open(&settings.ensemble()?, &picked.device)?;
    ensemble.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    if let (Some(asked), Some(of_beats)) = (settings.bpm, ensemble.bpm) {
        check_tempo(asked, of_beats)?;
    }
    (0..ROUNDS).try_for_each(|_| ensemble.arranger.prepare().map(|_| ()))?;
    let board = Arc::new(board(settings, &ensemble)?);
    let band = Band::new(ensemble, settings.rate, Seeds::new(settings.seeds[1]))?;
    let server = settings.serve.map(|serve| open(serve, &board, &band, output)).transpose()?;
    let engine = engine(settings, board, band.format(), server.as_ref())?;
    // A pipe or a card takes bars in its own time; a page and a recording have none.
    let taken = settings.out.is_some() || settings.card;
    let pace = if taken && server.is_none() { Pace::AsTaken } else { Pace::RealTime };
    let opened = began.elapsed().as_secs_f64();
    let report = engine.run(Box::new(band), pace, &output.progress)?;
    Ok(Played { seconds_to_first_sound: opened + report.first_sound, sample_rate: settings.rate.hz(), report })
}

/// The controls at first, and what may be asked of this ensemble.
fn board(settings: &LiveSettings, ensemble: &Ensemble) -> Result<Board> {
    let ranges = ranges(ensemble);
    let controls = Controls {
        bpm: settings.bpm.or(ensemble.pace).unwrap_or(Bpm::FOUNDING).get(),
        temperature: settings.order.sampling.temperature,
        mix: settings.order.mix.clamp(ranges.mix[0], ranges.mix[1]),
        seed: settings.seeds[0],
        ..Controls::default()
    };
    let out_of_range =
        |error: OutOfRange| Hinted::new(error.to_string(), "choose another value for --seed, --morph or --bpm");
    Ok(Board::new(controls, ranges).map_err(out_of_range)?)
}

/// An engine that plays to all that was asked for.
fn engine(settings: &LiveSettings, board: Arc<Board>, format: Format, server: Option<&Server>) -> Result<Engine> {
    let stop_after = settings.lasting.map(|seconds| seconds.frames(settings.rate));
    let mut engine = Engine::new(EngineSettings { stop_after, ..EngineSettings::new(format) }, board)?;
    if let Some(server) = server {
        engine = engine.with_tap(server.hub());
    }
    if let Some(pipe) = settings.out {
        engine = engine.with_sink(Pipe::new(std::io::stdout(), pipe, format));
    }
    if let Some(record) = &settings.record {
        engine = engine.with_sink(Recording::create(record, WavFormat::Pcm16, format)?);
    }
    #[cfg(feature = "playback")]
    if settings.card {
        engine = engine.with_sink(adm_live::Playback::open(format)?);
    }
    Ok(engine)
}

/// Opens the page, and says where.
fn open(serve: ServerSettings, board: &Arc<Board>, band: &Band, output: &Output) -> Result<Server> {
    let server = Server::start(serve, board.clone(), band.format())?;
    output.progress.note(&format!("listen and steer at {}", server.url()));
    Ok(server)
}

/// How it went.
#[derive(Debug, Serialize)]
struct Played {
    seconds_to_first_sound: f64,
    sample_rate: u32,
    #[serde(flatten)]
    report: LiveReport,
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &self.report;
        let length = report.frames as f64 / f64::from(self.sample_rate);
        let making = (report.making_mean, report.making_worst);
        let rows = Rows::default()
            .row("played", format!("{} bars, {}", count(report.bars), duration(length)))
            .row("first sound", format!("{} after the start", duration(self.seconds_to_first_sound)))
            .row("a bar takes", format!("{} on average, {} at most", duration(making.0), duration(making.1)))
            .row("late bars", format!("{}, each replaced by the one before it", count(report.repeats)));
        write!(f, "{rows}")
    }
}

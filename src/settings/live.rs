//! `adm live`.

use super::generate::{first, music_rate, order, walk, wav_name};
use super::inpaint::{of_diffusion, sampling};
use super::{OrderSettings, Session, Usage};
use crate::cli::{LiveArgs, PipeName};
use adm_compose::{EnsembleSettings, Players, SourceChoice};
use adm_core::{Bpm, SampleRate, Seconds, Seeds};
use adm_live::{HIGHEST_SEED, PipeFormat, ServerSettings, parse_address};
use adm_models::diffusion::SamplingWish;
use adm_render::WalkSettings;
use adm_tokens::Form;
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// The form where none is asked for, so that there is a next section to go to.
const FORM: &str = "intro:8,build:8,drop:16,break:8,build:8,drop:16,outro:8";

/// What to play, and where it is to be heard.
#[derive(Debug, Clone)]
pub struct LiveSettings {
    pub runs: Vec<PathBuf>,
    pub serve: Option<ServerSettings>,
    pub out: Option<PipeFormat>,
    pub record: Option<PathBuf>,
    /// Whether the sound card plays.
    pub card: bool,
    pub bpm: Option<Bpm>,
    /// The seed at first, and the one that is morphed to.
    pub seeds: [u64; 2],
    pub lasting: Option<Seconds>,
    pub rate: SampleRate,
    pub walk: WalkSettings,
    pub order: OrderSettings,
    /// How a diffusion model samples.
    pub wish: SamplingWish,
    pub device: DeviceChoice,
}

impl LiveSettings {
    /// Who plays, and how.
    pub fn ensemble(&self) -> Result<EnsembleSettings, adm_compose::ComposeError> {
        let order = &self.order;
        let players = Players::of(&self.runs)?;
        // Where both could play, the page can move between them.
        let both = players.generator.is_some() && players.sequencer.is_some();
        Ok(EnsembleSettings {
            given: order.given,
            source: order.source.or((both && self.data_is_there(&players)).then_some(SourceChoice::Mixed)),
            players,
            walk: self.walk,
            sampling: order.sampling,
            form: order.form.clone(),
            from: order.from.clone(),
            data: order.data.clone(),
            bank: order.bank,
            wish: self.wish,
            seeds: self.seeds.map(Seeds::new),
            rate: self.rate,
        })
    }

    /// Whether the dataset that the sequencer learned from can be opened. One that was named is taken at its word, so that it
    /// is said what is wrong with it.
    fn data_is_there(&self, players: &Players) -> bool {
        self.order.data.is_some()
            || players.sequencer.as_deref().is_some_and(|run| adm_compose::has_dataset(run, self.order.data.as_deref()))
    }
}

/// What to play, and where it is to be heard.
pub fn live(args: LiveArgs, session: &Session) -> Result<LiveSettings, Usage> {
    #[cfg(feature = "playback")]
    let card = args.play;
    #[cfg(not(feature = "playback"))]
    let card = false;
    if args.serve.is_none() && args.out.is_none() && args.record.is_none() && !card {
        return Err(Usage::new("there is nowhere to play to", "give --serve, --out - or --record FILE.wav"));
    }
    music_rate(args.sample_rate)?;
    args.record.as_deref().map_or(Ok(()), |path| wav_name("--record", path))?;
    let serve = args.serve.as_deref().map(parse_address).transpose()?;
    let walk = walk(args.truncation)?;
    let of_generator = first([("--morph", args.morph.is_some()), ("--truncation", args.truncation.is_some())]);
    let mut order = order(args.order, walk.truncation, of_generator)?;
    order.given.of_diffusion = of_diffusion(args.diffusion);
    if order.form.is_none() {
        order.form = Some(Form::parse(FORM)?);
    }
    let seed = session.seeds.root();
    let (from, to) = args.morph.unwrap_or((seed, seed.wrapping_add(1)));
    if from > HIGHEST_SEED {
        let message = format!("a live stream begins with a seed of at most {HIGHEST_SEED}, got {from}");
        return Err(Usage::new(message, "choose a smaller one with --seed or --morph: browsers count no further"));
    }
    Ok(LiveSettings {
        runs: args.runs,
        serve: serve.map(|address| ServerSettings { address, allow_remote: args.allow_remote }),
        out: args.out.map(|_| pipe(args.pipe)),
        record: args.record,
        card,
        bpm: args.bpm,
        seeds: [from, to],
        lasting: args.seconds.map(Seconds),
        rate: args.sample_rate,
        walk,
        order,
        wish: sampling(args.diffusion)?,
        device: session.device,
    })
}

fn pipe(name: PipeName) -> PipeFormat {
    match name {
        PipeName::Wav => PipeFormat::Wav,
        PipeName::S16le => PipeFormat::S16le,
        PipeName::F32le => PipeFormat::F32le,
    }
}

//! The demo's second half: the order of the set's beats, learned and played.

use super::Places;
use crate::commands::generate::{Generated, generate};
use crate::commands::inspect::book::Opened;
use crate::commands::train::sequencer;
use crate::output::Output;
use crate::settings::{DemoSettings, GenerateSettings, Length, OrderSettings, Start, TOKENS, TrainSettings, Until};
use adm_dataset::Dataset;
use adm_tokens::{Form, VoteSettings};
use anyhow::Result;
use serde::Serialize;

/// Steps after which a set of five minutes is learned as well as it will be: from then on it is learned by heart.
const STEPS: u64 = 150;

/// Sections of the song: a track in short.
const FORM: &str = "intro:4,build:4,drop:8,break:4,drop:8,outro:4";

/// What the order of beats came to.
#[derive(Debug, Serialize)]
pub struct Song {
    pub tokens: usize,
    pub classes: usize,
    pub sequencer: sequencer::Trained,
    pub generated: Generated,
    /// All tokens of the set in order, as a picture.
    #[serde(skip)]
    pub picture: Option<Vec<u8>>,
}

/// Tokenizes the demo's beats, learns their order, and plays generated beats in such an order.
pub fn song(settings: &DemoSettings, places: &Places<'_>, output: &Output) -> Result<Song> {
    let dataset = Dataset::open(&places.dataset())?;
    let folder = places.dataset().join(TOKENS);
    let (book, transcript) = adm_tokens::tokenize(&dataset, &VoteSettings::default(), None, &output.progress)?;
    book.save_with(&transcript, &folder)?;
    let sequencer = sequencer::train(&training(settings, places)?, output)?;
    let generated = generate(&generation(settings, places)?, output)?;
    let picture = Opened::open(&folder)?.picture();
    Ok(Song { tokens: book.len(), classes: book.classes(), sequencer, generated, picture })
}

fn training(
    settings: &DemoSettings,
    places: &Places<'_>,
) -> Result<TrainSettings<adm_models::sequencer::SequencerConfig>> {
    let mut config = adm_models::sequencer::load("transformer", &[])?;
    config.seed = settings.config.seed;
    // A demo of a few steps is one that is tested.
    let steps = settings.until.steps.unwrap_or(STEPS).min(STEPS);
    Ok(TrainSettings {
        run: places.sequencer(),
        start: Start::New { config: Box::new(config), data: places.dataset() },
        until: Until { steps: Some(steps), ..Until::default() },
        device: settings.device,
    })
}

fn generation(settings: &DemoSettings, places: &Places<'_>) -> Result<GenerateSettings> {
    let form = Form::parse(FORM)?;
    Ok(GenerateSettings {
        runs: vec![places.run(), places.sequencer()],
        output: places.song(),
        length: Length::Beats(4 * form.bars()),
        order: OrderSettings { form: Some(form), ..OrderSettings::default() },
        ..super::generation(settings, places)
    })
}

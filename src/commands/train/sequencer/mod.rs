//! `adm train sequencer`: a tokenized dataset to a run that orders tokens.

use super::moved;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{Start, TOKENS, TrainSettings, Until};
use adm_compose::{BOOK, RunKind, corpus::corpus};
use adm_core::Seeds;
use adm_dataset::{Dataset, Split};
use adm_models::ModelError;
use adm_models::provenance::Provenance;
use adm_models::sequencer::ngram::NGram;
use adm_models::sequencer::{
    Balance, Composer, Corpus, Counting, Foretold, Resolved, SamplingSettings, SequencerConfig, SequencerTrainee,
    Shares, TokenStream,
};
use adm_tokens::{Book, Transcript};
use adm_train::device::{self, Picked};
use adm_train::{Budget, Ended, RunDir, Summary};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// The longest n-gram beside which a sequencer is shown.
const LONGEST_NGRAM: usize = 9;

/// What a training did.
#[derive(Debug, Serialize)]
pub struct Trained {
    pub run: PathBuf,
    pub device: String,
    pub weights: usize,
    pub tokens: usize,
    pub learned_beats: usize,
    pub held_out: Option<HeldOut>,
    /// How much a sequence of its own repeats and invents, and the recorded ones that it learned from.
    pub balance: Option<[Balance; 2]>,
    pub seconds: f64,
    #[serde(flatten, serialize_with = "summary_as_json")]
    pub summary: Summary,
}

/// How well held-out beats are foretold: by what plays, by the network alone, and by counting alone.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct HeldOut {
    pub beats: usize,
    pub accuracy: f64,
    pub perplexity: f64,
    /// Parts of what plays, where counting is mixed with the network.
    pub shares: Option<Shares>,
    pub network_accuracy: f64,
    pub network_perplexity: f64,
    /// Tokens in the n-gram that foretells them best.
    pub ngram: usize,
    pub ngram_accuracy: f64,
    pub ngram_perplexity: f64,
}

fn summary_as_json<S: serde::Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::json!({
        "interrupted": summary.ended == Ended::Interrupted,
        "ended": summary.ended.to_string(),
        "steps": summary.step,
        "steps_per_second": summary.steps_per_second,
        "best_perplexity": summary.best,
    })
    .serialize(serializer)
}

/// A tokenized dataset.
struct Tokenized {
    book: Book,
    transcript: Transcript,
    dataset: Dataset,
}

impl Tokenized {
    /// The book and the dataset of a path that names either.
    fn open(path: &Path) -> Result<Self> {
        let folder = if path.join(TOKENS).is_dir() { path.join(TOKENS) } else { path.to_owned() };
        let is_book = folder.join(adm_tokens::book::BOOK_FILE).is_file();
        if !is_book {
            let hint = format!("make its tokens first: adm tokenize {}", path.display());
            anyhow::bail!(Hinted::new(format!("{} has no tokens to learn from", path.display()), hint));
        }
        let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
        let place = if folder == path { transcript.dataset_path() } else { path };
        let gone = |error| match folder == path {
            false => moved(error, place),
            true => anyhow::Error::new(error).context(Hinted::new(
                format!("cannot open the dataset {} that the book was made of", place.display()),
                "put it back, or tokenize it where it is: adm tokenize DATASET",
            )),
        };
        let dataset = Dataset::open(place).map_err(gone)?;
        Self { book, transcript, dataset }.checked()
    }

    /// Those of a run, whose dataset may have moved.
    fn of_run(run: &Path, data: Option<&Path>) -> Result<Self> {
        let folder = run.join(BOOK);
        let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
        let place = data.unwrap_or_else(|| transcript.dataset_path()).to_owned();
        let dataset = Dataset::open(&place).map_err(|error| moved(error, &place))?;
        Self { book, transcript, dataset }.checked()
    }

    fn checked(self) -> Result<Self> {
        self.transcript.check(&self.book)?;
        let (expected, got) = (self.transcript.dataset_fingerprint(), &self.dataset.manifest().fingerprint);
        if expected != got {
            let (path, expected, got) = (self.dataset.dir().to_owned(), expected.to_owned(), got.clone());
            return Err(adm_compose::ComposeError::OtherDataset { path, expected, got }.into());
        }
        Ok(self)
    }

    fn corpus(&self) -> Result<Corpus, ModelError> {
        corpus(&self.book, &self.transcript, &self.dataset.manifest().splits)
    }
}

/// Trains as the settings say.
pub fn train(settings: &TrainSettings<SequencerConfig>, output: &Output) -> Result<Trained> {
    let (config, tokenized) = match &settings.start {
        Start::New { config, data } => {
            RunDir::refuse_existing(&settings.run)?;
            ((**config).clone(), Tokenized::open(data)?)
        }
        Start::Resume { data } => {
            RunKind::Sequencer.expect(&settings.run)?;
            let config = Resolved::load(&RunDir::open(&settings.run)?.config())?.sequencer;
            (config, Tokenized::of_run(&settings.run, data.as_deref())?)
        }
    };
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| learn(settings, &config, &tokenized, &picked, output))?
}

/// Trains on a device that is open.
fn learn(
    settings: &TrainSettings<SequencerConfig>,
    config: &SequencerConfig,
    tokenized: &Tokenized,
    picked: &Picked,
    output: &Output,
) -> Result<Trained> {
    let corpus = tokenized.corpus()?;
    let book = tokenized.book.fingerprint();
    let mut trainee = SequencerTrainee::new(config.clone(), corpus.clone(), book, &picked.device)?;
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => create(settings, &trainee, tokenized)?,
    };
    let budget = budget(settings.until, config, &corpus);
    let (began, windows) = (Instant::now(), trainee.windows());
    let open = |first| Ok(windows.starting_at(first));
    let schedule = &config.training.schedule;
    let summary = adm_train::train(&mut trainee, open, &run, schedule, budget, &output.progress)?;
    // Whoever stops it does not want to wait for what could be said of it.
    let composer = match summary.ended {
        Ended::Interrupted => None,
        _ => Some(Arc::new(Composer::open(&run, &picked.device)?)),
    };
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        weights: trainee.parameter_count(),
        tokens: corpus.vocabulary(),
        learned_beats: corpus.count(Split::Train),
        held_out: composer.as_ref().and_then(|composer| HeldOut::of(composer, &corpus, picked)),
        balance: composer.as_ref().map(|composer| balance(composer, &corpus, Seeds::new(config.seed))),
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// A run's folder with the token book in it.
fn create(
    settings: &TrainSettings<SequencerConfig>,
    trainee: &SequencerTrainee,
    tokenized: &Tokenized,
) -> Result<RunDir> {
    let config = trainee.resolved_config().context("cannot write the configuration")?;
    let provenance = Provenance::of(&tokenized.dataset).to_json();
    let Tokenized { book, transcript, .. } = tokenized;
    let keep = |root: &Path| book.save_with(transcript, &root.join(BOOK)).map_err(anyhow::Error::from);
    RunDir::create_with(&settings.run, &config, &provenance, keep)
}

fn budget(until: Until, config: &SequencerConfig, corpus: &Corpus) -> Budget {
    let training = &config.training;
    let each = (training.batch * training.time_steps) as f64;
    let steps_of = |epochs: f64| (epochs * corpus.count(Split::Train) as f64 / each).ceil() as u64;
    let steps = until.steps.or(until.epochs.map(steps_of));
    Budget { steps: steps.or(until.is_open().then_some(training.steps)), minutes: until.minutes }
}

/// Of so many beats of its own, and of the recorded ones.
fn balance(composer: &Arc<Composer>, corpus: &Corpus, seeds: Seeds) -> [Balance; 2] {
    const BEATS: usize = 512;
    let mut stream = TokenStream::new(composer.clone(), seeds);
    let own: Vec<u32> = (0..BEATS).map(|_| stream.next(&SamplingSettings::default(), None)).collect();
    let recorded = corpus.passages().iter().max_by_key(|passage| passage.tokens.len());
    [Balance::of(&own, corpus), recorded.map_or(Balance::default(), |passage| Balance::of(&passage.tokens, corpus))]
}

impl HeldOut {
    /// Of the best checkpoint, on the test split; none where that is empty.
    fn of(composer: &Composer, corpus: &Corpus, picked: &Picked) -> Option<Self> {
        if corpus.count(Split::Test) == 0 {
            return None;
        }
        let foretold = Foretold::of_split(composer.network(), corpus, Split::Test, &picked.device);
        let (played, alone) = (foretold.scores(composer.counting()), foretold.scores(None));
        let (ngram, counted) = NGram::learn(corpus, LONGEST_NGRAM).best(corpus, Split::Test);
        Some(Self {
            beats: played.beats,
            accuracy: played.accuracy,
            perplexity: played.perplexity,
            shares: composer.counting().map(Counting::shares),
            network_accuracy: alone.accuracy,
            network_perplexity: alone.perplexity,
            ngram,
            ngram_accuracy: counted.accuracy,
            ngram_perplexity: counted.perplexity,
        })
    }

    /// A line each for what plays, for the network alone where something is mixed with it, and for counting alone.
    fn lines(&self) -> [Option<String>; 3] {
        let line = |accuracy: f64, perplexity: f64, what: &str| {
            Some(format!("{:.0} % {what}, perplexity {perplexity:.1}", 100.0 * accuracy))
        };
        let parts = |shares: Shares| {
            let parts = [shares.network, shares.counted, shares.all_echoes()];
            let [network, counted, echoed] = parts.map(|share| 100.0 * share);
            format!(": {network:.0} % network, {counted:.0} % counted, {echoed:.0} % echoed")
        };
        let beats = format!("of {} held-out beats", self.beats);
        let parts = self.shares.map_or(String::new(), parts);
        let alone = || line(self.network_accuracy, self.network_perplexity, "by the network alone");
        [
            line(self.accuracy, self.perplexity, &beats).map(|line| line + &parts),
            self.shares.and_then(|_| alone()),
            line(self.ngram_accuracy, self.ngram_perplexity, &format!("by counting {}-grams alone", self.ngram)),
        ]
    }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, .. } = &self.summary;
        let learned = format!("{} beats of {} tokens", count(self.learned_beats as u64), count(self.tokens as u64));
        let [foretells, network, counted] = self.held_out.map_or([const { None }; 3], |held| held.lines());
        let share = |of: fn(&Balance) -> f64, what: &str| {
            let [own, recorded] = self.balance.as_ref()?.each_ref().map(|balance| 100.0 * of(balance));
            Some(format!("{own:.0} % {what} (recorded {recorded:.0} %)"))
        };
        let rows = Rows::default()
            .row("run", self.run.display().to_string())
            .row("device", &self.device)
            .row("weights", count(self.weights as u64))
            .row("learned from", learned)
            .row("steps", format!("{} ({steps_per_second:.1} a second)", count(*step)))
            .row("time", duration(self.seconds))
            .maybe("foretells", foretells)
            .maybe("", network)
            .maybe("", counted)
            .maybe("repeats", share(|balance| balance.repeated, "of beats were heard in the four bars before"))
            .maybe("invents", share(|balance| balance.new, "of bars were never learned"));
        match ended {
            Ended::Done => write!(f, "{rows}"),
            Ended::Early(reason) => write!(f, "{}", rows.row("ended early", reason)),
            Ended::Interrupted => write!(f, "{}", rows.row("stopped", "everything is saved; go on with --resume")),
        }
    }
}

//! How far back each sequencer preset remembers: accuracy on sequences whose order is known, beside counting n-grams.
//!
//! `cargo run --release --example sequences -- [PRESET…] [KEY=VALUE…] [SEQUENCE]`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example's purpose is to print")]

use std::error::Error;
use std::time::Instant;

use adm_core::{Seeds, Silent};
use adm_dataset::Split;
use adm_models::sequencer::ngram::NGram;
use adm_models::sequencer::synthetic::{self, Synthetic};
use adm_models::sequencer::{Foretold, PRESETS, Passage, Scores, SequencerTrainee, load};
use adm_train::{Budget, RunDir, train};
use burn::tensor::Device;

/// The longest n-gram that is tried: twenty beats and the one after them.
const LONGEST: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let (settings, words): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.contains('='));
    let is_preset = |word: &String| PRESETS.iter().any(|(name, _)| name == word);
    let (wanted, names): (Vec<String>, Vec<String>) = words.into_iter().partition(is_preset);
    let mut sets = synthetic::all(Seeds::new(0))?;
    sets.retain(|set| names.is_empty() || names.iter().any(|name| name == set.name));
    println!("| sequencer | sequence | test accuracy | of the decided beats | ceiling | steps | time |");
    println!("|---|---|---|---|---|---|---|");
    for set in &sets {
        let ngram = NGram::learn(&set.corpus, LONGEST);
        let (order, _) = ngram.best(&set.corpus, Split::Validation);
        let [all, decided] = both(set, |counts| ngram.foretell(&set.corpus, order, counts));
        row(&format!("{order}-gram"), set, all, decided, "", "");
    }
    for (preset, _) in PRESETS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|one| one == name)) {
        for set in &sets {
            measure(preset, set, &settings)?;
        }
    }
    Ok(())
}

fn measure(preset: &str, set: &Synthetic, settings: &[String]) -> Result<(), Box<dyn Error>> {
    // Accuracy has a ceiling here that real music has not, so nothing stops at a wished one.
    let settings = [&["training.stop_accuracy=0".to_owned()], settings].concat();
    let config = load(preset, &settings)?;
    let device = Device::flex();
    let mut trainee = SequencerTrainee::new(config.clone(), set.corpus.clone(), "synthetic", &device)?;
    let folder = tempfile::tempdir()?;
    let run = RunDir::create(&folder.path().join("run"), &trainee.resolved_config()?, "{}")?;
    let windows = trainee.windows();
    let budget = Budget { steps: Some(config.training.steps), minutes: None };
    let began = Instant::now();
    let schedule = config.training.schedule;
    let summary = train(&mut trainee, |first| Ok(windows.starting_at(first)), &run, &schedule, budget, &Silent)?;
    let composer = adm_models::sequencer::Composer::open(&run, &device)?;
    let [all, decided] =
        both(set, |counts| Foretold::of(composer.network(), &set.corpus, &device, counts).scores(composer.counting()));
    let time = format!("{:.0} s", began.elapsed().as_secs_f64());
    row(preset, set, all, decided, &summary.step.to_string(), &time);
    Ok(())
}

/// Scores over all test beats, and over those that were decided long before.
fn both(set: &Synthetic, score: impl Fn(&dyn Fn(&Passage, usize) -> bool) -> Scores) -> [Scores; 2] {
    let of_test = |passage: &Passage, at: usize| passage.splits[at] == Some(Split::Test);
    [score(&of_test), score(&|passage, at| of_test(passage, at) && set.decided[at])]
}

fn row(name: &str, set: &Synthetic, all: Scores, decided: Scores, steps: &str, time: &str) {
    println!(
        "| {name} | {} | {:.3} | {:.3} | {:.3} | {steps} | {time} |",
        set.name, all.accuracy, decided.accuracy, set.ceiling
    );
}

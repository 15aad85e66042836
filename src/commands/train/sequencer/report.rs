//! What a training did, in words.

use crate::commands::train::{report_of, summary_json};
use crate::output::text::{Rows, count, duration};
use adm_models::sequencer::{Balance, HeldOut, Shares};
use adm_train::{Ended, Summary};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

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

fn summary_as_json<S: serde::Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    summary_json(summary, "best_perplexity").serialize(serializer)
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, .. } = &self.summary;
        let learned = format!("{} beats of {} tokens", count(self.learned_beats as u64), count(self.tokens as u64));
        let [foretells, network, counted] = self.held_out.as_ref().map_or([const { None }; 3], lines);
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
            .row("report", report_of(&self.run))
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

/// A line each for what plays, for the network alone where something is mixed with it, and for counting alone.
fn lines(held: &HeldOut) -> [Option<String>; 3] {
    let line = |accuracy: f64, perplexity: f64, what: &str| {
        Some(format!("{:.0} % {what}, perplexity {perplexity:.1}", 100.0 * accuracy))
    };
    let beats = format!("of {} held-out beats", held.beats);
    let mixed = held.shares.map_or(String::new(), parts);
    let alone = || line(held.network_accuracy, held.network_perplexity, "by the network alone");
    [
        line(held.accuracy, held.perplexity, &beats).map(|line| line + &mixed),
        held.shares.and_then(|_| alone()),
        line(held.ngram_accuracy, held.ngram_perplexity, &format!("by counting {}-grams alone", held.ngram)),
    ]
}

/// Who has which part of what plays.
fn parts(shares: Shares) -> String {
    let [network, counted, echoed] = [shares.network, shares.counted, shares.all_echoes()].map(|share| 100.0 * share);
    format!(": {network:.0} % network, {counted:.0} % counted, {echoed:.0} % echoed")
}

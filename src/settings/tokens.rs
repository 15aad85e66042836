//! `adm tokenize`.

use super::Usage;
use crate::cli::TokenizeArgs;
use adm_tokens::{Levels, Measure, Thresholds, Unknown, VoteSettings};
use std::path::PathBuf;

/// Folder of a dataset's token book within it, where no other place was named.
pub const TOKENS: &str = "tokens";

/// What to tokenize, how, and where to.
#[derive(Debug, Clone)]
pub struct TokenizeSettings {
    pub dataset: PathBuf,
    pub output: PathBuf,
    pub vote: VoteSettings,
    /// The book to start from; its own levels and thresholds hold.
    pub book: Option<PathBuf>,
}

/// What to tokenize, how, and where to.
pub fn tokenize(args: TokenizeArgs) -> Result<TokenizeSettings, Usage> {
    let levels = if args.levels == Some(1) { Levels::One } else { Levels::Two };
    let mut thresholds = Thresholds::default();
    for text in &args.thresholds {
        set_threshold(&mut thresholds, text)?;
    }
    let unknown = if args.nearest { Unknown::Nearest } else { Unknown::Born };
    let vote = VoteSettings { levels, thresholds, unknown };
    vote.validate()?;
    let output = args.output.unwrap_or_else(|| args.dataset.join(TOKENS));
    Ok(TokenizeSettings { dataset: args.dataset, output, vote, book: args.book })
}

/// `0.3` for all measures, `fft=0.2` for one.
fn set_threshold(thresholds: &mut Thresholds, text: &str) -> Result<(), Usage> {
    let (name, value) = text.split_once('=').map_or((None, text), |(name, value)| (Some(name), value));
    let value = value.parse().map_err(|_| {
        Usage::new(
            format!("--threshold takes a number, got \"{text}\""),
            "write --threshold 0.3, or --threshold fft=0.2",
        )
    })?;
    let Some(name) = name else {
        *thresholds = Thresholds::uniform(value);
        return Ok(());
    };
    let known = Measure::ALL.map(Measure::name);
    let measure = Measure::ALL.into_iter().find(|measure| measure.name() == name).ok_or_else(|| {
        Usage::new(format!("there is no measure \"{name}\""), format!("the measures are {}", known.join(", ")))
    })?;
    thresholds.set(measure, value);
    Ok(())
}

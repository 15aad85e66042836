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
    let thresholds = thresholds(&args.thresholds, levels)?;
    let unknown = if args.nearest { Unknown::Nearest } else { Unknown::Born };
    let vote = VoteSettings { levels, thresholds, unknown };
    vote.validate()?;
    let output = args.output.unwrap_or_else(|| args.dataset.join(TOKENS));
    Ok(TokenizeSettings { dataset: args.dataset, output, vote, book: args.book })
}

/// `0.3` for all measures, `fft=0.2` for one, whatever their order on the command line.
fn thresholds(given: &[String], levels: Levels) -> Result<Thresholds, Usage> {
    let parsed = given.iter().map(|text| threshold(text, levels)).collect::<Result<Vec<_>, _>>()?;
    let named = |measure: &Option<Measure>| measure.map_or("all measures", Measure::name);
    for (index, (measure, _)) in parsed.iter().enumerate() {
        if parsed[..index].iter().any(|(other, _)| other == measure) {
            let message = format!("--threshold is given twice for {}", named(measure));
            return Err(Usage::new(message, "leave one of them out"));
        }
    }
    let of_all = parsed.iter().find(|(measure, _)| measure.is_none());
    let mut thresholds = of_all.map_or_else(Thresholds::default, |(_, value)| Thresholds::uniform(*value));
    for (measure, value) in &parsed {
        measure.iter().for_each(|measure| thresholds.set(*measure, *value));
    }
    Ok(thresholds)
}

/// One threshold, and its measure where it names one.
fn threshold(text: &str, levels: Levels) -> Result<(Option<Measure>, f32), Usage> {
    let (name, value) = text.split_once('=').map_or((None, text), |(name, value)| (Some(name), value));
    let value = value.parse().map_err(|_| {
        Usage::new(
            format!("--threshold takes a number, got \"{text}\""),
            "write --threshold 0.3, or --threshold fft=0.2",
        )
    })?;
    let Some(name) = name else { return Ok((None, value)) };
    let known = Measure::ALL.map(Measure::name);
    let measure = Measure::ALL.into_iter().find(|measure| measure.name() == name).ok_or_else(|| {
        Usage::new(format!("there is no measure \"{name}\""), format!("the measures are {}", known.join(", ")))
    })?;
    if levels == Levels::One && measure != Measure::Fft {
        let message = format!("--threshold {text} means nothing with --levels 1, which compares by fft alone");
        return Err(Usage::new(message, "leave it out, or use --levels 2"));
    }
    Ok((Some(measure), value))
}

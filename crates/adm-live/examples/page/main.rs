//! The page with a synthesised band instead of a model.
//!
//! ```text
//! cargo run --release -p adm-live --example page -- [ADDRESS] [--allow-remote] [--stall BARS]
//! ```
//!
//! `0.0.0.0:8420 --allow-remote` lets a phone in the same network try it, with the token of the printed address.
//! With `--stall 12`, making every twelfth bar takes three seconds, so that the last one repeats.

#[path = "../band/mod.rs"]
mod band;

use adm_core::{Hint, Observer, SampleRate};
use adm_live::{
    Board, Controls, Engine, EngineSettings, LiveError, Pace, Ranges, Server, ServerSettings, parse_address,
};
use band::Band;
use std::sync::Arc;
use std::time::Duration;

struct Plain;

#[expect(clippy::print_stderr, reason = "an example speaks to a terminal")]
impl Observer for Plain {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, text: &str) {
        eprintln!("warning: {text}");
    }
}

#[expect(clippy::print_stderr, clippy::print_stdout, reason = "an example speaks to a terminal")]
fn main() -> std::process::ExitCode {
    let words = std::env::args().skip(1).collect::<Vec<_>>();
    let stall = words.iter().skip_while(|word| *word != "--stall").nth(1).and_then(|bars| bars.parse().ok());
    let address = words.first().filter(|word| !word.starts_with("--")).map_or("127.0.0.1:8420", String::as_str);
    match play(address, words.iter().any(|word| word == "--allow-remote"), stall) {
        Ok(report) => println!("{report}"),
        Err(error) => {
            eprintln!("error: {error}");
            error.hint().inspect(|hint| eprintln!("hint: {hint}"));
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "an example speaks to a terminal")]
fn play(address: &str, allow_remote: bool, stall: Option<u64>) -> Result<String, LiveError> {
    let controls = Controls { bpm: 126.0, ..Controls::default() };
    let expected = |_| LiveError::Setting { what: "bpm", expected: "in its range", actual: 126 };
    let board = Arc::new(Board::new(controls, Ranges::default()).map_err(expected)?);
    let format = Band::format(SampleRate::CD);
    let settings = ServerSettings { address: parse_address(address)?, allow_remote };
    let server = Server::start(settings, board.clone(), format)?;
    println!("{}", server.url());
    let band = stall
        .map_or_else(|| Band::new(SampleRate::CD), |every| Band::slowed(SampleRate::CD, move |bar| nap(bar, every)));
    let engine = Engine::new(EngineSettings::new(format), board)?.with_tap(server.hub());
    let report = engine.run(Box::new(band), Pace::RealTime, &Plain)?;
    Ok(format!("{report:?}"))
}

/// How long the making of bar `bar` is held up, where every `every`th is.
fn nap(bar: u64, every: u64) -> Duration {
    let stalls = bar > 0 && bar.checked_rem(every) == Some(0);
    Duration::from_secs(if stalls { 3 } else { 0 })
}

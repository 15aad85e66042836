//! Errors as the user reads them: what failed, the chain of causes, and what to do.
//!
//! ```text
//! error: cannot use set.wav
//!   Caused by: set.wav has 6 channels, expected 1 or 2
//!
//! hint: mix it down first, for example with: ffmpeg -i set.wav -ac 2 stereo.wav
//! ```

use super::{Hinted, Style};
use crate::interrupt;
use crate::settings::Usage;
use adm_audio::AudioError;
use adm_compose::ComposeError;
use adm_core::Hint;
use adm_dataset::DatasetError;
use adm_live::LiveError;
use adm_models::ModelError;
use adm_render::RenderError;
use adm_spectral::SpectralError;
use adm_stats::StatsError;
use adm_survey::SurveyError;
use adm_tokens::TokenError;
use adm_train::TrainError;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// Says on stderr why nothing came of it, and returns the exit code that tells the same.
pub fn report(error: &anyhow::Error, style: Style) -> ExitCode {
    let text = if is_interruption(error) { interruption(error, style) } else { describe(error, style) };
    // A closed stderr leaves nobody to tell.
    let _ = std::io::stderr().write_all(text.as_bytes());
    exit_code(error)
}

fn exit_code(error: &anyhow::Error) -> ExitCode {
    if is_interruption(error) {
        ExitCode::from(interrupt::EXIT_CODE)
    } else if error.downcast_ref::<Usage>().is_some() {
        ExitCode::from(2)
    } else {
        ExitCode::from(1)
    }
}

fn describe(error: &anyhow::Error, style: Style) -> String {
    let mut text = format!("{} {error}\n", style.error("error:"));
    for cause in error.chain().skip(1) {
        // Parsers show the place in lines of their own.
        text.push_str(&format!("  Caused by: {}\n", cause.to_string().trim_end().replace('\n', "\n    ")));
    }
    text + &hint_lines(error, style)
}

fn interruption(error: &anyhow::Error, style: Style) -> String {
    format!("{}\n{}", style.warning("interrupted"), hint_lines(error, style))
}

fn hint_lines(error: &anyhow::Error, style: Style) -> String {
    // Context is found from the outside alone.
    let own = error.downcast_ref::<Hinted>().and_then(Hinted::hint).map(str::to_owned);
    own.or_else(|| error.chain().find_map(hint))
        .map(|hint| format!("\n{} {hint}\n", style.hint("hint:")))
        .unwrap_or_default()
}

fn is_interruption(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(cause.downcast_ref(), Some(AudioError::Interrupted))
            || matches!(cause.downcast_ref(), Some(DatasetError::Interrupted { .. }))
            || matches!(cause.downcast_ref(), Some(RenderError::Interrupted))
            || matches!(cause.downcast_ref(), Some(TokenError::Interrupted))
            || matches!(cause.downcast_ref(), Some(ComposeError::Interrupted))
            || matches!(cause.downcast_ref(), Some(adm_synth::SynthError::Stopped))
    })
}

/// What one link of a chain knows to be done.
pub fn hint(error: &(dyn Error + 'static)) -> Option<String> {
    fn of<E: Hint + 'static>(error: &(dyn Error + 'static)) -> Option<String> {
        error.downcast_ref::<E>()?.hint()
    }
    let own = error.downcast_ref::<Hinted>().and_then(Hinted::hint);
    let own = own.or_else(|| error.downcast_ref::<Usage>()?.hint());
    own.map(str::to_owned)
        .or_else(|| of::<AudioError>(error))
        .or_else(|| of::<SpectralError>(error))
        .or_else(|| of::<DatasetError>(error))
        .or_else(|| of::<TrainError>(error))
        .or_else(|| of::<ModelError>(error))
        .or_else(|| of::<RenderError>(error))
        .or_else(|| of::<TokenError>(error))
        .or_else(|| of::<ComposeError>(error))
        .or_else(|| of::<LiveError>(error))
        .or_else(|| of::<SurveyError>(error))
        .or_else(|| of::<StatsError>(error))
}

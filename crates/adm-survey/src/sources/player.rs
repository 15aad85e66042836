//! Music that a run makes.

use super::Loading;
use super::raw::Found;
use crate::SurveyError;
use adm_core::SampleRate;
use std::error::Error;
use std::path::PathBuf;

/// Makes music from runs. The binary implements it.
pub trait Player {
    /// Music of at least `seconds`, best at `rate`.
    ///
    /// # Errors
    /// Whatever keeps it from playing.
    fn play(
        &mut self,
        paths: &[PathBuf],
        seed: u64,
        seconds: f64,
        rate: SampleRate,
    ) -> Result<Played, Box<dyn Error + Send + Sync>>;
}

/// What a run made.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// Interleaved, shape `[frames, channels]`.
    pub samples: Vec<f32>,
    /// 1 or 2.
    pub channels: usize,
    /// Frames a second.
    pub rate: SampleRate,
}

/// For tests and examples, whose studies have no runs: every run fails.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlayer;

impl Player for NoPlayer {
    fn play(&mut self, _: &[PathBuf], _: u64, _: f64, _: SampleRate) -> Result<Played, Box<dyn Error + Send + Sync>> {
        Err("nothing here can play a run".into())
    }
}

/// `count` sounds of a run, each with the next seed.
pub(super) fn performances(
    id: &str,
    paths: &[PathBuf],
    seed: u64,
    count: usize,
    loading: &Loading<'_>,
    player: &mut dyn Player,
) -> Result<Vec<Found>, SurveyError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| loading.base.join(path)).collect();
    let name = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let mut play = |index: usize| {
        let seed = seed.wrapping_add(index as u64);
        let failed = |source| SurveyError::Player { id: id.to_owned(), source };
        let played = player.play(&paths, seed, loading.seconds, loading.rate).map_err(failed)?;
        let Played { samples, channels, rate } = played;
        if !matches!(channels, 1 | 2) || !samples.len().is_multiple_of(channels) {
            return Err(failed(format!("it gave {} samples in {channels} channels", samples.len()).into()));
        }
        Ok(Found { source: format!("{name}, seed {seed}"), samples, channels, rate, slices: None })
    };
    (0..count).map(&mut play).collect()
}

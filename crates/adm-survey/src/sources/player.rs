//! Music that a run makes.

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

/// For studies without runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlayer;

impl Player for NoPlayer {
    fn play(&mut self, _: &[PathBuf], _: u64, _: f64, _: SampleRate) -> Result<Played, Box<dyn Error + Send + Sync>> {
        Err("nothing here can play a run".into())
    }
}

//! Which method inverts magnitudes, and its settings.

use crate::error::{SpectralError, check_range, check_setting};
use serde::{Deserialize, Serialize};

/// How the phases of magnitudes are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PhaseMethod {
    /// [`Self::Pghi`], then a few iterations of [`Self::FastGriffinLim`] (8 by default): better than either alone.
    #[default]
    Auto,
    /// Phase gradient heap integration: phases follow from the shape of the magnitudes, without iterations.
    Pghi,
    /// Griffin and Lim's iteration from random phases (32 by default).
    GriffinLim,
    /// Griffin and Lim's iteration with momentum from random phases (32 by default), as `librosa.griffinlim` does it.
    FastGriffinLim,
    /// Random phases and one inversion (document 002).
    Random,
    /// Frames shifted to the delay at which they fit the frames before, then iterations on the phase (8 by default), as
    /// document 004 inverted its spectrograms.
    Slaney,
}

impl std::fmt::Display for PhaseMethod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Pghi => "pghi",
            Self::GriffinLim => "griffin-lim",
            Self::FastGriffinLim => "fast-griffin-lim",
            Self::Random => "random",
            Self::Slaney => "slaney",
        })
    }
}

impl PhaseMethod {
    /// All methods.
    pub const ALL: [Self; 6] =
        [Self::Auto, Self::Pghi, Self::GriffinLim, Self::FastGriffinLim, Self::Random, Self::Slaney];

    /// Iterations where the settings name no number.
    pub fn default_iterations(self) -> usize {
        match self {
            Self::Auto | Self::Slaney => 8,
            Self::Pghi | Self::Random => 0,
            Self::GriffinLim | Self::FastGriffinLim => 32,
        }
    }
}

/// How the phases of two channels hang together. [`super`] says which keeps how much of the stereo image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StereoPhase {
    /// One phase for both channels in every estimate; mid and side a quarter turn apart.
    Shared,
    /// One phase for both channels at the start; each iterates on its own.
    SharedStart,
    /// Each channel on its own.
    Apart,
}

/// Settings of the inversion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InversionConfig {
    /// `auto` (the default), `pghi`, `griffin-lim`, `fast-griffin-lim`, `random` or `slaney`.
    pub method: PhaseMethod,
    /// Iterations after the first phases, 0 to 100,000. Each takes as long as an analysis and a synthesis, and brings
    /// less than the one before. Left out, it is the method's own: see [`PhaseMethod::default_iterations`].
    pub iterations: Option<usize>,
    /// How far `auto` and `fast-griffin-lim` step beyond the last estimate, 0 to 1; 0.99 by default, as in librosa. A
    /// larger one converges faster; above 1 the iteration may diverge.
    pub momentum: f32,
    /// `shared`, `shared-start` or `apart`. Left out, it is `shared-start` for left and right and `shared` for mid and
    /// side, which keep the stereo image best.
    pub stereo: Option<StereoPhase>,
    /// Where random phases come from. The same seed gives the same signal on every run and thread.
    pub seed: u64,
}

impl Default for InversionConfig {
    fn default() -> Self {
        Self { method: PhaseMethod::Auto, iterations: None, momentum: 0.99, stereo: None, seed: 0 }
    }
}

impl InversionConfig {
    /// Checks the settings' ranges.
    ///
    /// # Errors
    /// A setting out of range.
    pub fn validate(&self) -> Result<(), SpectralError> {
        check_range("the iterations of an inversion", 0, 100_000, self.iterations())?;
        check_setting("the momentum of an inversion", 0.0, 1.0, self.momentum.into())
    }

    /// Iterations after the first phases.
    pub fn iterations(&self) -> usize {
        self.iterations.unwrap_or(self.method.default_iterations())
    }

    /// The momentum of this method's iterations.
    pub(super) fn momentum(&self) -> f32 {
        match self.method {
            PhaseMethod::GriffinLim | PhaseMethod::Slaney => 0.0,
            _ => self.momentum,
        }
    }
}

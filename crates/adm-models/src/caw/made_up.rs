//! A recording for nothing but the time that a step on it takes.

use adm_core::{SampleRate, Seeds};

use super::noise::gaussian;
use super::{CawConfig, Recording};

/// As long as is usual (document 001, section 3.6).
const SECONDS: usize = 25;

/// Level of its noise: loud enough for any first scale.
const LEVEL: f32 = 0.5;

/// Noise at the rate of a CD.
pub fn made_up(config: &CawConfig) -> Recording {
    let rate = SampleRate::CD;
    let shape = [config.recording.channels, SECONDS * rate.hz() as usize];
    let mut signal = gaussian(Seeds::new(config.seed), "made up", 0, shape);
    signal.values.iter_mut().for_each(|value| *value *= LEVEL);
    Recording { signal, rate, warnings: Vec::new() }
}

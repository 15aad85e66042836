//! The mixer: where each part stands, what ducks under the kick, echoes, reverberation, the change from track to track,
//! and the master.

pub mod delay;
pub mod duck;
pub mod master;
pub mod reverb;
pub mod strip;
pub mod transition;

use crate::dsp::Frame;

/// Adds `source` times `gain` to `target`, frame by frame.
pub fn add_scaled(target: &mut [Frame], source: &[Frame], gain: f32) {
    for (out, input) in target.iter_mut().zip(source) {
        out[0] += input[0] * gain;
        out[1] += input[1] * gain;
    }
}
